"""Blending the adapters of several runs into a new one."""

import argparse
import sys

from workbench.cli.following import follow
from workbench.cli.output import print_json
from workbench.errors import RunError
from workbench.runs.listing import summarise
from workbench.runs.run_dir import RunDir
from workbench.training.blending import job as blending
from workbench.training.blending.recipe import check
from workbench.training.blending.request import BlendRequest, Share
from workbench.training.blending.ways import WAYS

_WRITE_IT = "Write each as RUN=WEIGHT, such as pirate-1=0.5."


def blend(arguments: argparse.Namespace) -> int:
    """Blend the adapters of several runs of one model into a new one; it is then listed among the runs."""
    request = BlendRequest(
        shares=tuple(_share(words) for words in arguments.parts),
        way=arguments.way,
        density=arguments.density,
        rank=arguments.rank,
        seed=arguments.seed,
        name=arguments.name,
    )
    for note in check(request, arguments.root).notes:
        print(note, file=sys.stderr)
    job = blending.start(arguments.root, request)
    status = follow(job)
    if status.phase != "finished":
        raise RunError(status.message, status.hint)
    run = RunDir.open(arguments.root, job.result)
    if arguments.json:
        return print_json(summarise(run).to_json())
    print(run.status().message, file=sys.stderr)
    print(run.path)
    return 0


def _share(words: str) -> Share:
    run, _, weight = words.partition("=")
    try:
        return Share(run, float(weight))
    except ValueError:
        raise RunError(f"“{words[:80]}” is not a run and its weight.", _WRITE_IT) from None


def add_blend_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("parts", nargs="+", metavar="RUN=WEIGHT", help="a run and how much of it, such as pirate-1=0.5")
    ways = " ".join(f"{name}: {way.says}" for name, way in WAYS.items())
    parser.add_argument("--way", default="cat", metavar="WAY", help=f"how (default: cat). {ways}".replace("%", "%%"))
    parser.add_argument("--name", default="", help="what to call it (default: blend-1, blend-2 …)")
    parser.add_argument("--density", type=float, default=0.5, help="the share of numbers that ties and dare keep")
    parser.add_argument("--rank", type=int, help="the rank that svd keeps (default: the largest of the parts)")
    parser.add_argument("--seed", type=int, default=0, help="which numbers dare drops (default: 0)")
