"""What `auto` becomes under given circumstances, and what is said of choices that this machine does not have."""

from pathlib import Path

import pytest

from workbench.config.build import build
from workbench.config.run_config import RunConfig
from workbench.hardware.devices import machine
from workbench.models.facts import ModelFacts, facts
from workbench.training import plan
from workbench.training.auto import Circumstances, resolve
from workbench.training.checks import find_problems


@pytest.fixture
def known(tiny_model: Path) -> ModelFacts:
    return facts(tiny_model)


@pytest.mark.parametrize(
    ("method", "free_gb", "becomes", "because"),
    [
        ("lora", 20.0, "none", "with its weights whole it takes 0.4 GB, and may take 14.0"),
        ("lora", 0.5, "nf4", "with its weights whole it would take 0.4 GB, and may take 0.3"),
        ("loha", 0.5, "none", "what is trained here needs the frozen weights whole"),
    ],
)
def test_weights_are_compressed_where_they_do_not_fit(
    method: str, free_gb: float, becomes: str, because: str, config: RunConfig, known: ModelFacts
) -> None:
    asked = build({"method.name": method, "model.quantization": "auto", "hardware.engine": "standard"}, config)
    resolved, became = resolve(asked, Circumstances(known, machine(), free_gb, examples=20, longest_tokens=40))
    assert resolved.model.quantization == becomes
    assert (became["model.quantization"].value, became["model.quantization"].why) == (becomes, because)


def test_weights_stay_whole_unless_it_is_asked(config: RunConfig, known: ModelFacts) -> None:
    resolved, became = resolve(config, Circumstances(known, machine(), 0.1, examples=20, longest_tokens=40))
    assert resolved.model.quantization == "none"
    assert "model.quantization" not in became


@pytest.mark.skipif(machine().gpu is not None, reason="this machine has a GPU, which computes in fp16")
def test_fp16_on_a_processor_is_warned_of_and_done(config: RunConfig, root: Path) -> None:
    planned = plan.make(config.changed("model.precision", "fp16"), root)
    (told,) = [problem for problem in find_problems(planned) if problem.setting == "model.precision"]
    assert (told.level, planned.config.model.precision) == ("warning", "fp16")
    assert told.sentence.startswith("A processor computes fp16 no faster than fp32.")


@pytest.mark.skipif(machine().gpu is not None, reason="this machine has a GPU, which pages")
@pytest.mark.parametrize(
    ("optimizer", "sentence"),
    [
        ("paged_adamw", "it works, and does what adamw does. To save memory here, choose adamw_8bit."),
        ("paged_adamw_8bit", "it works, and does what adamw_8bit does."),
    ],
)
def test_paging_without_a_gpu_explains_itself(optimizer: str, sentence: str, config: RunConfig, root: Path) -> None:
    planned = plan.make(config.changed("training.optimizer", optimizer), root)
    (told,) = [problem for problem in find_problems(planned) if problem.setting == "training.optimizer"]
    assert told.level == "warning"
    assert told.sentence.endswith(f"there is nowhere to move {optimizer} from: {sentence}")


@pytest.mark.skipif(machine().gpu is not None, reason="this machine has a GPU, which is used")
def test_the_path_is_chosen_before_the_run_and_explained(config: RunConfig, root: Path) -> None:
    assert plan.make(config, root).config.hardware.engine == "fast"
    planned = plan.make(config.changed("training.neftune_noise_alpha", 5.0), root)
    assert planned.config.hardware.engine == "standard"
    assert planned.auto["hardware.engine"].why == "The fast path adds no noise to what is read (NEFTune)."


@pytest.mark.skipif(machine().gpu is not None, reason="this machine has a GPU, which is used")
def test_memory_and_time_are_those_of_the_path_that_is_taken(config: RunConfig, root: Path) -> None:
    fast, standard = (plan.make(config.changed("hardware.engine", name), root) for name in ("fast", "standard"))
    assert fast.ram_gb < standard.ram_gb
    assert fast.time.seconds < standard.time.seconds


@pytest.mark.skipif(machine().gpu is not None, reason="this machine has a GPU, which is used")
def test_the_fast_path_is_refused_where_it_does_not_cover_what_is_asked(config: RunConfig, root: Path) -> None:
    asked = build({"hardware.engine": "fast", "method.name": "loha"}, config)
    (told,) = [problem for problem in find_problems(plan.make(asked, root)) if problem.setting == "hardware.engine"]
    assert told.level == "error"
    assert told.sentence == "The fast path trains LoRA, not loha. Choose auto or standard."
