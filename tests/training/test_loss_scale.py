"""Scaling the loss of a model that computes in fp16."""

import pytest
import torch

from workbench.training.loss_scale import LossScale

_SMALLER_THAN_FP16 = 1e-8


@pytest.fixture
def parameter() -> torch.nn.Parameter:
    return torch.nn.Parameter(torch.ones(3))


def backward(parameter: torch.nn.Parameter, slope: float, factor: float) -> None:
    """Through a number in fp16."""
    (factor * slope * parameter.half().float().sum()).backward()


def test_a_gradient_that_fp16_cannot_hold_is_kept(parameter: torch.nn.Parameter) -> None:
    scale = LossScale("fp16")
    backward(parameter, _SMALLER_THAN_FP16, scale.factor)
    assert scale.settle([parameter])
    assert parameter.grad is not None
    assert parameter.grad.tolist() == pytest.approx([_SMALLER_THAN_FP16] * 3, rel=1e-3)


def test_a_gradient_that_leaves_the_range_is_computed_anew_with_less(parameter: torch.nn.Parameter) -> None:
    scale, tries = LossScale("fp16"), 1
    backward(parameter, 100.0, scale.factor)
    while not scale.settle([parameter]):
        assert parameter.grad is None
        backward(parameter, 100.0, scale.factor)
        tries += 1
    assert tries > 1
    assert parameter.grad is not None
    assert parameter.grad.tolist() == [100.0] * 3


def test_what_is_no_number_at_any_factor_is_handed_on(parameter: torch.nn.Parameter) -> None:
    scale = LossScale("fp16")
    parameter.grad = torch.full((3,), torch.nan)
    while not scale.settle([parameter]):
        parameter.grad = torch.full((3,), torch.nan)
    assert parameter.grad.isnan().all()


def test_a_factor_that_was_halved_grows_again_and_outlives_a_resume(parameter: torch.nn.Parameter) -> None:
    scale, again = LossScale("fp16"), LossScale("fp16")
    first = scale.factor
    parameter.grad = torch.full((3,), torch.inf)
    scale.settle([parameter])
    again.restore(scale.state())
    assert again.factor == first / 2
    for _ in range(2000):
        assert again.settle([parameter])
    assert again.factor == first


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_other_formats_are_left_alone(precision: str, parameter: torch.nn.Parameter) -> None:
    scale = LossScale(precision)
    parameter.grad = torch.full((3,), torch.inf)
    assert scale.settle([parameter])
    assert scale.factor == 1.0
