"""Adapters of each row of the matrix, with numbers that make a difference."""

from pathlib import Path
from typing import Any

import torch

from tests.methods.rows import ROWS
from workbench.config.build import build
from workbench.errors import SettingError
from workbench.methods.base import Base
from workbench.methods.table import METHODS
from workbench.models.facts import ModelFacts
from workbench.models.load import load_model
from workbench.models.quantization import WHOLE

_IDS = torch.arange(3, 35).view(2, 16)


def logits(model: Any) -> torch.Tensor:
    with torch.no_grad():
        found: torch.Tensor = model.eval()(_IDS).logits
    return found


def make_adapter(case: str, known: ModelFacts, folder: Path) -> torch.Tensor | None:
    """Save one that makes a difference; what the model says with it, None where they do not go together."""
    row = ROWS[case]
    settings = build({"method.name": row.name} | {f"method.{key}": value for key, value in row.settings.items()}).method
    method = METHODS[settings.name]
    try:
        if method.refuses(settings, known, WHOLE) or not method.trainable(settings, known):
            return None
    except SettingError:
        return None
    torch.manual_seed(0)
    model = method.apply(load_model(known.path, "fp32", "cpu"), settings, known)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.add_(0.1 * torch.randn_like(parameter))
    method.saved_as.write(model, Base(known.name, ""), folder)
    return logits(model)
