"""Token rows written to disk and made to fit, for tests."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from workbench.data.rendering.fit import FitSettings, FittedRows, fit
from workbench.data.tokens_file import TokenRow, TokensFile, TokensWriter


def tokens_file(folder: Path, rows: Sequence[TokenRow]) -> TokensFile:
    path = folder / "tokens.arrow"
    path.unlink(missing_ok=True)
    with TokensWriter(path) as writer:
        # Two batches, so that places in the file are not places in a batch.
        writer.add(rows[: len(rows) // 2])
        writer.add(rows[len(rows) // 2 :])
    return TokensFile(path)


def fitted(folder: Path, rows: Sequence[TokenRow], settings: FitSettings) -> FittedRows:
    """Every example once, in the order of the file."""
    tokens = tokens_file(folder, rows)
    return fit(tokens, np.unique(tokens.examples), settings)
