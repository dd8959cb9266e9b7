"""What well-known models take here, and what rules of thumb say of that."""

import json

import pytest

from workbench.cli import main
from workbench.memory.well_known import well_known
from workbench.training.rules import rules
from workbench.training.sizes import WAYS, Memory, Use

MISTRAL = next(facts for facts in well_known() if facts.name.startswith("Mistral"))


def test_the_table_and_the_rules_are_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sizes", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["model"] for row in told["models"]] == [facts.name for facts in well_known()]
    for row in told["models"]:
        full, lora, int8, qlora = (row["training"][way]["gb"] for way in WAYS)
        assert full > lora > int8 > qlora > row["answering"]["QLoRA"]["gb"]
    assert len(told["rules"]) == 4


def test_a_need_is_judged_by_what_is_free_and_by_what_there_is() -> None:
    memory = Memory(free_gb=10.0, total_gb=20.0)
    needs = [memory.need(gb) for gb in (7.9, 9.0, 15.0, 21.0)]
    assert [(need.verdict, need.ever) for need in needs] == [
        ("fits", True),
        ("tight", True),
        ("will not fit", True),
        ("will not fit", False),
    ]


def test_to_ask_takes_the_weights_and_what_is_looked_back_at() -> None:
    answering = Use.of(MISTRAL, "QLoRA", 16.0).answering
    plain = Use.of(MISTRAL, "full", 16.0).answering
    assert 0.5 * MISTRAL.parameters < answering["weights"] < 0.7 * MISTRAL.parameters
    number_bytes = plain["weights"] / MISTRAL.parameters
    assert plain["keys and values"] == 2 * 32 * 1024 * 2048 * number_bytes
    assert plain["adapter"] == 0 < answering["adapter"]


def test_rules_are_worked_out_for_one_model_and_taken_apart() -> None:
    told = rules(Memory(16.0, 24.0))
    assert [round(rule.low_gb, 1) for rule in told] == [14.5, 3.6, 116.0, 72.5]
    for rule in told:
        assert sum(rule.parts_gb.values()) == pytest.approx(rule.our_gb, rel=0.05)
        assert rule.our_gb > rule.low_gb and rule.source
