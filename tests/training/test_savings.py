"""What would save memory: ranked by its cost, true in its figures, and enough where there is a way."""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from tests.sparse_model import make_sparse_model
from workbench.config.build import build
from workbench.hardware.devices import machine
from workbench.models.catalog import STARTER_FOLDER
from workbench.training import plan
from workbench.training.checks import find_errors, find_problems
from workbench.training.largest import largest_batch, largest_length
from workbench.training.savings import Saving, find_savings

pytestmark = pytest.mark.skipif(machine().gpu is not None, reason="these figures are a processor's")

STANDARD = {
    "hardware.engine": "standard",
    "training.batching": "grouped",
    "model.precision": "fp32",
    "training.micro_batch_size": 8,
}


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_sparse_model(tmp_path_factory.mktemp("models") / "large", STARTER_FOLDER)


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    """A hundred answers, of which four are several times as long as the others."""
    words = random.Random(0)
    lengths = [30] * 96 + [200] * 4
    rows = [
        {"question": f"Story {n}?", "answer": " ".join(words.choices(["the", "ship", "sailed", "on"], k=length))}
        for n, length in enumerate(lengths)
    ]
    path = tmp_path / "stories.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def planned(large: Path, stories: Path, root: Path) -> plan.Plan:
    asked = {"model.path": str(large), "data.path": str(stories), "data.eval_share": 0.0}
    return plan.make(build(asked | STANDARD), root)


def with_free(planned: plan.Plan, share: float) -> plan.Plan:
    """Where only a share of what it needs is free."""
    return replace(planned, ram_free_gb=share * planned.ram_gb)


def of(savings: list[Saving], setting: str) -> Saving:
    return next(saving for saving in savings if list(saving.settings) == [setting])


def test_every_saving_is_what_the_changed_plan_says(planned: plan.Plan) -> None:
    found = find_savings(with_free(planned, 0.5))
    assert len(found) >= 5
    for saving in found:
        changed = with_free(planned, 0.5).changed(saving.settings)
        assert (saving.ram_gb, saving.verdict) == (changed.ram_gb, changed.verdict)
        assert saving.ram_gb <= 0.95 * planned.ram_gb
        assert not find_errors(changed)
        assert f"{planned.ram_gb - saving.ram_gb:.1f} GB" in saving.sentence or planned.ram_gb - saving.ram_gb < 1


def test_what_costs_least_comes_first(planned: plan.Plan) -> None:
    settings = [next(iter(saving.settings)) for saving in find_savings(with_free(planned, 9.0))]
    order = ["hardware.engine", "training.micro_batch_size", "model.precision", "data.max_length"]
    assert [setting for setting in dict.fromkeys(settings) if setting in order] == order


def test_what_fits_comes_before_what_does_not(planned: plan.Plan) -> None:
    *verdicts, _ = [saving.verdict for saving in find_savings(with_free(planned, 0.5))]
    assert verdicts[0] == "fits"
    assert "will not fit" in verdicts
    assert verdicts == sorted(verdicts, key=("fits", "tight", "will not fit").index)


def test_a_shorter_length_says_how_many_rows_it_cuts(planned: plan.Plan) -> None:
    length = of(find_savings(planned), "data.max_length")
    cut = planned.changed(length.settings).rows.cut
    assert cut == 4
    assert length.sentence.startswith(f"Length {length.settings['data.max_length']} instead of ")
    assert length.sentence.endswith("cuts 4 % of your rows.")


def test_where_nothing_is_enough_alone_the_smallest_set_is_told(planned: plan.Plan) -> None:
    settled = planned.changed({"training.micro_batch_size": 1, "data.max_length": 32})
    alone = [saving.ram_gb for saving in find_savings(settled) if "model.path" not in saving.settings]
    first, *others = find_savings(replace(settled, ram_free_gb=0.97 * min(alone)))
    assert len(first.settings) >= 2
    assert first.verdict in ("fits", "tight")
    assert " together save " in first.sentence
    assert {saving.verdict for saving in others if "model.path" not in saving.settings} == {"will not fit"}


def test_full_fine_tuning_is_told_of_lora_and_qlora(planned: plan.Plan) -> None:
    short = {"training.micro_batch_size": 1, "data.max_length": 32}
    full = with_free(planned.changed({"method.name": "full"} | short), 0.5)
    sentences = " ".join(saving.sentence for saving in find_savings(full))
    assert "LoRA instead of full fine-tuning saves" in sentences
    assert "QLoRA (LoRA with NF4) instead of full fine-tuning saves" in sentences
    assert "The optimizer adamw_8bit saves" in sentences


def test_what_the_method_refuses_is_not_advised(planned: plan.Plan) -> None:
    refused = with_free(planned.changed({"method.name": "loha"}), 0.9)
    assert not [saving for saving in find_savings(refused) if "model.quantization" in saving.settings]


def test_a_smaller_model_that_is_here_is_the_last_resort(planned: plan.Plan) -> None:
    tiny = planned.changed({"model.path": "starter"})
    scarce = replace(planned, ram_free_gb=1.3 * tiny.ram_gb)
    last = find_savings(scarce)[-1]
    assert (last.settings, last.verdict) == ({"model.path": "starter"}, "fits")
    assert last.sentence.endswith("5 M parameters instead of 420 M.")


def test_the_largest_that_fits_is_the_largest(planned: plan.Plan) -> None:
    roomy = with_free(planned, 3.0)
    batch, length = largest_batch(roomy), largest_length(roomy)
    assert 8 < batch < 100
    assert roomy.changed({"training.micro_batch_size": batch}).verdict == "fits"
    assert roomy.changed({"training.micro_batch_size": batch + 1}).verdict != "fits"
    assert roomy.counted.longest_tokens < length < 4096
    assert largest_length(roomy.changed({"training.micro_batch_size": 4})) > 1.5 * length


def test_where_nothing_fits_the_largest_is_none(planned: plan.Plan) -> None:
    nothing = with_free(planned, 0.01)
    assert (largest_batch(nothing), largest_length(nothing)) == (0, 0)


def test_what_does_not_fit_is_warned_of_with_what_would_help(planned: plan.Plan) -> None:
    scarce = with_free(planned, 0.5)
    (told,) = [problem for problem in find_problems(scarce) if problem.setting == "training.micro_batch_size"]
    assert told.level == "warning"
    assert f"needs about {scarce.ram_gb:.1f} GB of memory, and {scarce.ram_free_gb:.1f} GB are free." in told.sentence
    ways = "Shorter examples, a smaller micro-batch or weights in 4 bits (quantization) would need less."
    assert told.sentence.endswith(ways)
    least = scarce.changed({"training.micro_batch_size": 1, "model.quantization": "nf4"})
    (told,) = [problem for problem in find_problems(with_free(least, 0.5)) if "GB are free" in problem.sentence]
    assert told.sentence.endswith("GB are free. Shorter examples would need less.")
