"""Which well-known sizes of models fit into this machine, as a table for a terminal."""

import argparse
from collections.abc import Iterator

from workbench.cli.output import print_json
from workbench.memory.verdict import Verdict
from workbench.training import rules
from workbench.training.rules import Rule
from workbench.training.sizes import LENGTH_TOKENS, READ_TOKENS, WAYS, Memory, Need, Row, describe, weigh_all

_MARKS: dict[Verdict, str] = {"fits": "●", "tight": "◐", "will not fit": "○"}
_NOT_NOW = "◌"


def sizes(arguments: argparse.Namespace) -> int:
    """Which well-known sizes of models this machine can tune and ask, and what rules of thumb say of that."""
    memory = Memory.now()
    rows = weigh_all(memory)
    if arguments.json:
        return print_json(describe(memory, rows) | {"rules": rules.describe(memory)})
    print("\n".join((*_table(memory, rows), *_rules(memory))))
    return 0


def _table(memory: Memory, rows: list[Row]) -> Iterator[str]:
    yield f"{memory.free_gb:.1f} GB of memory are free, of {memory.total_gb:.1f}. All in GB."
    yield f"● fits   ◐ tight   {_NOT_NOW} not now: it would, if nothing else ran   ○ will not fit"
    yield ""
    yield _line(f"To tune, one example of {LENGTH_TOKENS} tokens at a time", "download", list(WAYS))
    yield from (_line(_name(row), f"{row.download_gb:.1f}", list(map(_cell, row.training.values()))) for row in rows)
    yield ""
    yield _line(f"To ask, looking back at {READ_TOKENS} tokens", "", list(WAYS))
    yield from (_line(_name(row), "", list(map(_cell, row.answering.values()))) for row in rows)


def _rules(memory: Memory) -> Iterator[str]:
    yield f"\nRules of thumb, for {rules.EXAMPLE}"
    for rule in rules.rules(memory):
        yield f"\n  {rule.says}: {_said(rule)} GB. Here: {rule.our_gb:.1f} GB ({_parts(rule)})."
        yield f"  {rule.why}"
        yield f"  Source: {rule.source}"


def _name(row: Row) -> str:
    return f"  {row.parameters / 1e9:4.1f} B  {row.model}"


def _line(first: str, second: str, cells: list[str]) -> str:
    return f"{first:<48}{second:>8}" + "".join(f"{words:>14}" for words in cells)


def _cell(need: Need) -> str:
    return f"{need.gb:.1f} {_NOT_NOW if need.is_not_now else _MARKS[need.verdict]}"


def _said(rule: Rule) -> str:
    return f"{rule.low_gb:.1f}" if rule.low_gb == rule.high_gb else f"{rule.low_gb:.1f} to {rule.high_gb:.1f}"


def _parts(rule: Rule) -> str:
    return ", ".join(f"{name} {gb:.1f}" for name, gb in rule.parts_gb.items())
