"""The table of well-known sizes, and that of the rules of thumb, as HTML: cards on a narrow page."""

import html
from collections.abc import Iterator

from workbench.training import rules
from workbench.training.rules import Rule
from workbench.training.sizes import WAYS, Memory, Need, Row
from workbench.ui import text_machine as words
from workbench.ui.quantities import gigabytes


def summary(rows: list[Row], memory: Memory) -> str:
    """The gist in a sentence or two."""
    largest = list(_largest(rows))
    gist = words.LARGEST.format(", ".join(largest)) if largest else words.NONE_FITS
    free = words.FREE_NOW.format(gigabytes(memory.free_gb), gigabytes(memory.total_gb))
    return f'<p class="sizes-gist">{html.escape(free + gist)}</p>'


def sizes_table(rows: list[Row]) -> str:
    ways = "".join(f'<th scope="col">{way}</th>' for way in WAYS)
    groups = "".join(
        f'<th scope="colgroup" colspan="{len(WAYS)}">{name}</th>' for name in (words.TO_TUNE, words.TO_ASK)
    )
    head = f'<tr><th scope="col" rowspan="2">{words.MODEL}</th>{groups}</tr><tr>{ways}{ways}</tr>'
    body = "".join(map(_row, rows))
    table = f'<table class="sizes-table"><thead>{head}</thead><tbody>{body}</tbody></table>'
    return f'{table}<p class="sizes-note">{words.MEANINGS}</p>'


def rules_table(told: list[Rule]) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in words.RULE_COLUMNS)
    body = "".join(map(_rule, told))
    help_words = words.RULES_HELP.format(rules.EXAMPLE)
    return (
        f'<h4>{words.RULES}</h4><p class="sizes-note">{html.escape(help_words)}</p>'
        f'<table class="sizes-rules"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    )


def verdict_of(need: Need) -> str:
    """One of `text_machine.MARKS`."""
    return "not now" if need.is_not_now else need.verdict


def _largest(rows: list[Row]) -> Iterator[str]:
    """By each way, the largest model that can be tuned now."""
    for way in WAYS:
        fitting = [row for row in rows if row.training[way].verdict != "will not fit"]
        if fitting:
            yield words.LARGEST_OF_WAY.format(_size(fitting[-1].parameters), way)


def _row(row: Row) -> str:
    download = words.DOWNLOAD.format(gigabytes(row.download_gb))
    about = f"<small>{html.escape(row.model)}</small><small>{download}</small>"
    kinds = f'<span class="sizes-kinds" aria-hidden="true"><i>{words.TO_TUNE}</i><i>{words.TO_ASK}</i></span>'
    cells = "".join(_cell("tune", way, need) for way, need in row.training.items())
    cells += "".join(_cell("ask", way, need) for way, need in row.answering.items())
    return f'<tr><th scope="row"><b>{_size(row.parameters)}</b>{about}{kinds}</th>{cells}</tr>'


def _cell(kind: str, way: str, need: Need) -> str:
    verdict = verdict_of(need)
    mark = f'<span class="sizes-mark {verdict.replace(" ", "-")}">{words.MARKS[verdict]}</span>'
    return f'<td class="sizes-{kind}"><span class="sizes-way">{way}</span><b>{gigabytes(need.gb)}</b> {mark}</td>'


def _rule(rule: Rule) -> str:
    said = gigabytes(rule.low_gb)
    if rule.high_gb != rule.low_gb:
        said += f" – {gigabytes(rule.high_gb)}"
    parts = ", ".join(f"{name} {gigabytes(gb)}" for name, gb in rule.parts_gb.items())
    source = f"<small>{html.escape(words.SOURCE.format(rule.source))}</small>"
    ours = f"<b>{gigabytes(rule.our_gb)}</b> GB<small>{html.escape(parts)}</small>"
    _, says, here, _ = words.RULE_COLUMNS
    cells = (
        f'<td data-name="{says}"><b>{said}</b> GB</td><td data-name="{here}">{ours}</td>'
        f"<td>{html.escape(rule.why)}</td>"
    )
    return f'<tr><th scope="row">{html.escape(rule.says)}{source}</th>{cells}</tr>'


def _size(parameters: float) -> str:
    return f"{parameters / 1e9:.1f} B"
