"""NEFTune: as much noise as the paper says, on what is read in training and nowhere else."""

from pathlib import Path
from typing import Any

import pytest
import torch

from tests.training.in_process import create, losses, train
from workbench.config.run_config import RunConfig
from workbench.data.rendering.rows import Row
from workbench.methods.regimen import Regimen
from workbench.models.load import load_model
from workbench.training.batches import Batch, Batching, Packed, Padded, collate, join
from workbench.training.noise import Noise
from workbench.training.stepper import StandardStepper

_ALPHA, _WIDTH = 5.0, 64
_ROWS = [Row([*range(3, 3 + length)], [*range(3, 3 + length)], place) for place, length in enumerate((4, 25, 9))]


class Bare(torch.nn.Module):
    """A model that is nothing but its embeddings."""

    def __init__(self) -> None:
        super().__init__()
        self.embeddings = torch.nn.Embedding(400, _WIDTH)

    def get_input_embeddings(self) -> torch.nn.Embedding:
        return self.embeddings

    def read(self, batch: Batch) -> torch.Tensor:
        answer: torch.Tensor = self.embeddings(batch.input_ids)
        return answer


def added(batch: Batch, alpha: float) -> torch.Tensor:
    bare: Any = Bare()
    with Noise(bare, alpha).over(batch):
        blurred = bare.read(batch)
    return (blurred - bare.read(batch)).detach()


def check_strength(noise: torch.Tensor, length: int) -> None:
    """Uniform between the limits: close to them at most, a third of their square on average."""
    most = _ALPHA / (length * _WIDTH) ** 0.5
    assert noise.abs().max() <= most * 1.001
    assert noise.abs().max() > 0.95 * most
    torch.testing.assert_close(noise.square().mean(), torch.tensor(most**2 / 3), rtol=0.2, atol=0)


def test_padding_is_not_counted_among_the_tokens_of_an_example() -> None:
    noise = added(collate(_ROWS, 0, "cpu"), _ALPHA)
    for place, row in enumerate(_ROWS):
        check_strength(noise[place, : len(row.input_ids)], len(row.input_ids))


def test_packed_examples_have_each_their_own_length() -> None:
    noise = added(join(_ROWS, "cpu"), _ALPHA)[0]
    for part, row in zip(noise.split([len(row.input_ids) for row in _ROWS]), _ROWS, strict=True):
        check_strength(part, len(row.input_ids))


def test_without_it_no_random_number_is_drawn() -> None:
    bare: Any = Bare()
    batch, before = collate(_ROWS, 0, "cpu"), torch.get_rng_state()
    with Noise(bare, 0.0).over(batch):
        bare.read(batch)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("batching", [Padded(3, 0, "cpu"), Packed(3, "cpu")], ids=["padded", "packed"])
def test_it_changes_what_is_learned_from_and_not_what_is_checked(batching: Batching, tiny_model: Path) -> None:
    model: Any = load_model(tiny_model, "fp32", "cpu").train()
    plain, blurred = (
        StandardStepper(model, batching, "fp32", Regimen(), Noise(model, alpha)) for alpha in (0.0, _ALPHA)
    )
    assert plain.evaluate(_ROWS) == blurred.evaluate(_ROWS)
    assert plain.accumulate(_ROWS).loss != blurred.accumulate(_ROWS).loss
    assert plain.accumulate(_ROWS).loss == plain.accumulate(_ROWS).loss


def test_a_run_learns_through_it(config: RunConfig, root: Path) -> None:
    run = train(create(config.changed("training.neftune_noise_alpha", _ALPHA), root))
    assert losses(run)[-1] < losses(run)[0]
