"""The menu of methods: what an entry brings along, and what it takes back."""

import pytest

from workbench.config.build import build
from workbench.config.methods import ALIASES, method_of
from workbench.config.presets import differing
from workbench.config.run_config import RunConfig
from workbench.methods.table import METHODS
from workbench.models.facts import facts
from workbench.training.command import command_for
from workbench.ui.method_choice import describe, entries, entry_of, implied_by, table


def test_the_menu_holds_every_method_and_alias() -> None:
    assert set(entries()) == {*METHODS, *ALIASES}
    assert list(entries())[:3] == ["lora", "dora", "qlora"]


@pytest.mark.parametrize("entry", entries())
def test_what_is_picked_is_what_stands_in_the_menu(entry: str) -> None:
    for before in entries():
        then = build({"method.name": before})
        assert entry_of(then) == before
        shown = build({"method.name": method_of(entry)}, then)
        now = build(implied_by(entry, then), shown)
        assert entry_of(now) == entry
        assert now == build({"method.name": entry})


def test_what_was_chosen_by_hand_stays() -> None:
    by_hand = build({"model.quantization": "int8", "method.rank": 32})
    now = build(implied_by("oft", by_hand), build({"method.name": "oft"}, by_hand))
    assert (now.model.quantization, entry_of(by_hand)) == ("int8", "lora")


def test_the_command_names_only_settings_that_the_method_has() -> None:
    config = build({"method.name": "ia3"})
    assert differing(config) == {"method.name": "ia3"}
    assert command_for(config).endswith("--method.name ia3")


def test_the_table_tells_cost_and_refusal(tiny_model, tmp_path) -> None:
    known = facts(tiny_model)
    shown = table(RunConfig(), known)
    assert shown.count("<tr>") == len(METHODS) + 1
    assert "IA³" in shown
    quantised = build({"model.quantization": "nf4", "method.name": "loha"})
    assert "LoHa needs the frozen weights whole" in describe(quantised, known)
    assert table(quantised, known).count("not for this model") == 4
