"""What the plan says of an adapter that is possible, and still worth a word."""

from pathlib import Path
from typing import Any

import pytest

from workbench.config.build import build
from workbench.models.facts import facts
from workbench.training.adapter_checks import find_remarks


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"method.rank": 32}, ""),
        ({"method.rank": 40}, "Rank 40 is more than k_proj can use, which is 32 wide."),
        ({"method.rank": 40, "method.target_modules": "q_proj, mlp"}, ""),
        ({"method.rank_pattern": "mlp 80"}, "Rank 80 is more than down_proj can use, which is 64 wide."),
        ({"method.name": "loha", "method.rank": 40}, "Rank 40 is more than k_proj can use, which is 32 wide."),
        ({"method.name": "ia3"}, ""),
        ({"method.name": "prompt_tuning"}, ""),
    ],
)
def test_a_rank_above_the_width_of_a_chosen_layer_is_warned_of(
    settings: dict[str, Any], told: str, tiny_model: Path
) -> None:
    remarks = list(find_remarks(build(settings).method, facts(tiny_model)))
    assert [remark.sentence for remark in remarks] == ([told] if told else [])
    assert all((remark.level, remark.setting) == ("warning", "method.rank") for remark in remarks)


def test_a_tied_output_layer_is_explained(tiny_model: Path) -> None:
    (remark,) = find_remarks(build({"method.modules_to_save": "lm_head"}).method, facts(tiny_model))
    assert (remark.level, "is its embedding" in remark.sentence) == ("note", True)
