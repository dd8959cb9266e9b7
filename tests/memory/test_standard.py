"""What training needs of memory on the standard path, term by term, by hand."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from workbench.config.build import build
from workbench.hardware.devices import machine
from workbench.memory.kept import Kept, Learning, widths
from workbench.memory.standard import Load, standard_estimate
from workbench.memory.terms import Terms
from workbench.models.facts import ModelFacts, facts
from workbench.models.quantization import WHOLE, Quantization
from workbench.training.auto import Circumstances, resolve
from workbench.training.learning import learning_of

_WORDS = 100_000
"""More than any layer is wide: the logits are most of what comes and goes."""


@pytest.fixture
def known(tiny_model: Path) -> ModelFacts:
    return replace(facts(tiny_model), vocabulary=_WORDS)


def _full(known: ModelFacts, tokens: int = 1) -> Load:
    every = known.parameters
    return Load("fp32", WHOLE, every, "adamw", 1, tokens, False, inside=every, learning=Learning("inside"))


def _beside(tokens: int, **changes: Any) -> Load:
    return replace(Load("fp32", WHOLE, 320, "adamw", 1, tokens, False), **changes)


def _training(known: ModelFacts, load: Load) -> Terms:
    return standard_estimate(known, load).moments["training"]


def test_what_is_trained_is_held_once_with_its_gradient_and_two_moments(tiny_model: Path) -> None:
    known = facts(tiny_model)
    every = known.parameters
    held = _training(known, _full(known))
    assert held["weights"] == 0
    assert (held["trained"], held["gradients"], held["optimizer"]) == (4 * every, 4 * every, 8 * every)
    beside = _training(known, _beside(8))
    assert beside["weights"] == 4 * every
    assert (beside["trained"], beside["gradients"], beside["optimizer"]) == (4 * 320, 4 * 320, 8 * 320)


def test_in_16_bits_a_trained_number_is_there_once_more_while_it_computes(known: ModelFacts) -> None:
    held = _training(known, _beside(512, precision="bf16"))
    assert (held["weights"], held["trained"]) == (2 * known.parameters, (4 + 2) * 320)


def test_logits_are_held_with_their_gradient(known: ModelFacts) -> None:
    assert _training(known, _beside(512))["logits"] == 2 * 4 * 512 * _WORDS
    assert _training(known, _beside(512, precision="bf16"))["logits"] == 2 * 2 * 512 * _WORDS


def test_each_layer_keeps_what_a_token_leaves_and_with_checkpointing_what_it_was_given(known: ModelFacts) -> None:
    of_layer = Kept(widths(known), "beside", 4, joined=False).bytes
    held = _training(known, _beside(512))
    assert held["activations"] == 512 * known.layers * of_layer
    spared = _training(known, _beside(512, gradient_checkpointing=True))
    assert spared["activations"] == 512 * known.layers * 4 * known.hidden_size


def test_int8_products_keep_their_inputs_even_with_checkpointing(known: ModelFacts) -> None:
    spared = _beside(512, gradient_checkpointing=True)
    int8 = replace(spared, quantization=Quantization("int8"))
    more = _training(known, int8)["activations"] - _training(known, spared)["activations"]
    own = 2 * known.hidden_size + widths(known).inner
    assert more == 512 * known.layers * 4 * own


def test_gradients_go_back_through_the_layers_that_learn_alone(known: ModelFacts) -> None:
    one = replace(_full(known, 512), inside=1000, trainable=1000, learning=Learning("inside", layers=1))
    of_layer = Kept(widths(known), "inside", 4, joined=False).bytes
    assert _training(known, one)["activations"] == 512 * (of_layer + 8 * known.hidden_size)


def test_what_an_optimizer_works_with_is_there_at_the_end(tiny_model: Path) -> None:
    known = facts(tiny_model)
    largest = known.vocabulary * known.hidden_size
    workspace = [
        _training(known, replace(_full(known), optimizer=name))["workspace"] for name in ("sgd", "adamw", "adamw_8bit")
    ]
    # The embedding is the output layer, too, and has a gradient of each.
    assert workspace == [4 * largest, 2 * 4 * largest, 4 * 4 * largest]


def test_a_model_is_loaded_as_it_is_computed_in_before_it_is_held_in_full(tiny_model: Path) -> None:
    known = facts(tiny_model)
    loading = standard_estimate(known, replace(_full(known), precision="bf16")).moments["loading"]
    assert loading["trained"] + loading["overhead"] == (4 + 2) * known.parameters
    packed = standard_estimate(known, _beside(8, quantization=Quantization("nf4"))).moments["loading"]
    assert packed["workspace"] == 4 * max(rows * columns for rows, columns in known.linear_shapes.values())


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ({}, "beside"),
        ({"method.name": "full"}, "inside"),
        ({"method.name": "norms"}, "around"),
        ({"method.name": "prompt_tuning"}, "around"),
    ],
)
def test_methods_differ_in_what_learns(settings: dict[str, object], place: str, tiny_model: Path) -> None:
    assert learning_of(build(settings).method, facts(tiny_model)).place == place


def test_dora_keeps_what_it_scales(tiny_model: Path) -> None:
    known = facts(tiny_model)
    plain, dora = (learning_of(build({"method.use_dora": on}).method, known) for on in (False, True))
    assert plain.ranks == dora.ranks == 8 * len(known.linear_shapes)
    assert dora.numbers - plain.numbers == 2 * sum(rows for rows, _ in known.linear_shapes.values())


def test_less_is_computed_at_once_where_every_weight_is_trained(tiny_model: Path) -> None:
    """The gradients and moments of a billion weights leave no room for more."""
    known = replace(facts(tiny_model), parameters=10**9, shapes={"every": (10**9,)}, layers=16, hidden_size=2048)
    around = Circumstances(known, machine(), 24.0, 100, 512)
    micro = {}
    for method in ("lora", "full"):
        config, _ = resolve(
            build({"method.name": method, "model.precision": "fp32", "training.batch_size": 16}), around
        )
        micro[method] = config.training.micro_batch_size
    assert micro["full"] == 1 < int(micro["lora"])
