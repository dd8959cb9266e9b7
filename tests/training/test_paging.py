"""A paged optimizer: what it keeps can leave the GPU, and comes back for an update; without a GPU nothing is paged."""

import pytest
import torch

from workbench.config.build import build
from workbench.training.optimizers import make_optimizer

_WIDE = ("cuda", 4096)
"""64 MiB of fp32, so that twice as much of moments stands out from what else is in memory."""

_NARROW = ("cpu", 400)
"""Just enough that it would be paged."""


@pytest.fixture
def parameter(request: pytest.FixtureRequest) -> torch.nn.Parameter:
    device, width = request.param
    return torch.nn.Parameter(torch.ones(width, width, device=device))


def stepper(parameter: torch.nn.Parameter) -> torch.optim.Optimizer:
    """A paged optimizer after its first update."""
    config = build({"training.optimizer": "paged_adamw", "training.learning_rate": 1e-3})
    optimizer = make_optimizer({"weight": parameter}, config)
    parameter.grad = torch.ones_like(parameter)
    optimizer.step()
    return optimizer


def paged(optimizer: torch.optim.Optimizer) -> list[torch.Tensor]:
    (kept,) = optimizer.state.values()
    return [value for value in kept.values() if getattr(value, "is_paged", False)]


def free_bytes() -> int:
    torch.cuda.synchronize()
    return torch.cuda.mem_get_info()[0]


@pytest.mark.gpu
@pytest.mark.parametrize("parameter", [_WIDE], indirect=True)
def test_moments_leave_the_gpu_and_come_back_for_an_update(parameter: torch.nn.Parameter) -> None:
    from bitsandbytes.functional import prefetch_tensor

    optimizer = stepper(parameter)
    moments = paged(optimizer)
    most = 0.9 * sum(moment.nbytes for moment in moments)
    assert len(moments) == 2
    held = free_bytes()
    for moment in moments:
        prefetch_tensor(moment, to_cpu=True)
    left = free_bytes()
    assert left - held > most
    optimizer.step()
    assert left - free_bytes() > most


@pytest.mark.slow
@pytest.mark.parametrize("parameter", [_NARROW], indirect=True)
def test_on_a_processor_it_is_taken_and_pages_nothing(parameter: torch.nn.Parameter) -> None:
    with pytest.warns(UserWarning, match="not supported on CPU"):
        optimizer = stepper(parameter)
    assert paged(optimizer) == []
    assert bool((parameter < 1).all())
