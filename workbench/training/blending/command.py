"""The command that makes the same blend as the page."""

import shlex

from workbench.training.blending.request import BlendRequest
from workbench.training.blending.ways import WAYS


def command_for(request: BlendRequest) -> str:
    """`python -m workbench blend …` with what its way has."""
    way = WAYS[request.way]
    words = ["python", "-m", "workbench", "blend", *(f"{one.run}={one.weight:g}" for one in request.shares)]
    words += ["--way", request.way]
    words += ["--density", f"{request.density:g}"] if way.has_density else []
    words += ["--rank", str(request.rank)] if way.has_rank and request.rank else []
    words += ["--seed", str(request.seed)] if way.is_random else []
    words += ["--name", request.name] if request.name else []
    return shlex.join(words)
