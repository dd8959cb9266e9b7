"""The adapters that can be blended, as the page lists them, and a wish for a blend as the browser sends it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.chat.questions import answering_runs
from workbench.errors import RunError, WorkbenchError
from workbench.runs.run_dir import RunDir
from workbench.training.blending.parts import Part, look_at
from workbench.training.blending.recipe import Recipe
from workbench.training.blending.request import BlendRequest, Share
from workbench.ui import text_blend as text

_MOST_LISTED = 200
_MOST_NAME = 80


class Ingredients:
    """The results of one workspace. What an adapter is does not change, and is read once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._read: dict[tuple[str, int], dict[str, str]] = {}

    def tell(self) -> list[dict[str, str]]:
        """Newest first; `reason` says why one cannot be blended, "" of one that can."""
        return [self._describe(run) for run in answering_runs(self._root)[:_MOST_LISTED]]

    def _describe(self, run: RunDir) -> dict[str, str]:
        key = run.id, run.adapter_dir.stat().st_mtime_ns
        if key not in self._read or self._read[key]["reason"]:
            self._read[key] = _look(run)
        return {"id": run.id, "name": run.name} | self._read[key]


def read_request(arg: Mapping[str, Any]) -> BlendRequest:
    """Raises RunError for what no page asks."""
    try:
        name = " ".join(_text(arg["name"]).split())
        shares = tuple(Share(_text(one["run"]), _number(one["weight"])) for one in arg["shares"])
        rank = None if arg["rank"] is None else _whole(arg["rank"])
        request = BlendRequest(shares, _text(arg["way"]), _number(arg["density"]), rank, _whole(arg["seed"]), name)
    except (KeyError, TypeError) as error:
        raise RunError(text.NO_BLEND, text.RELOAD) from error
    if len(name) > _MOST_NAME:
        raise RunError(text.NAME_TOO_LONG.format(_MOST_NAME), text.SHORTEN)
    return request


def describe_rank(recipe: Recipe) -> str:
    """The rank that the blend will have, in words."""
    return _ranks(recipe.ranks)


def _look(run: RunDir) -> dict[str, str]:
    try:
        part = look_at(run.root, run.id)
    except WorkbenchError as error:
        return {"model": "", "words": "", "reason": error.message}
    return {"model": Path(part.config.model.path).name, "words": _words(part), "reason": ""}


def _words(part: Part) -> str:
    return _ranks(list(part.ranks.values()))


def _ranks(ranks: list[int]) -> str:
    least, most = min(ranks), max(ranks)
    return text.RANK.format(most) if least == most else text.RANKS.format(least, most)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _number(value: Any) -> float:
    if type(value) not in (int, float):
        raise TypeError
    return float(value)


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError
    return value
