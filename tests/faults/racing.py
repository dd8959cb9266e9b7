"""Two processes that do the same thing at the same instant, again and again."""

from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from pathlib import Path

from tests.faults.forked import LONGEST_SECONDS, server
from workbench.config.run_config import RunConfig
from workbench.errors import RunError
from workbench.jobs import supervisor
from workbench.jobs.files import append_json, read_lines
from workbench.jobs.folder import JobFolder
from workbench.runs.run_dir import RunDir

Turn = Callable[[int, int], str]
"""What a racer does: told its own number and that of the round, it says what came of it."""


def race(turn: Turn, rounds: int, folder: Path) -> list[list[str]]:
    """What came of it for the two, round by round."""
    context = server()
    barrier = context.Barrier(2, timeout=LONGEST_SECONDS)
    racers = [context.Process(target=_run, args=(turn, me, rounds, barrier, folder), daemon=True) for me in (0, 1)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
        assert racer.exitcode == 0
    told = [read_lines(folder / f"racer-{me}.jsonl")[0] for me in (0, 1)]
    return [[row["told"] for row in pair] for pair in zip(*told, strict=True)]


def _run(turn: Turn, me: int, rounds: int, barrier: Barrier, folder: Path) -> None:
    for number in range(rounds):
        barrier.wait()
        append_json(folder / f"racer-{me}.jsonl", {"told": turn(me, number)})


def start_one_job(folder: Path, me: int, number: int) -> str:
    """Both start the same job, whose worker waits until both have tried."""
    job = JobFolder(folder / f"job-{number}")
    told = _start(job, folder / f"{number}.lock", "tests.jobs.waiting_worker")
    (folder / f"tried-{number}-{me}").touch()
    while not (folder / f"tried-{number}-{1 - me}").exists():
        pass
    if told == "started":
        job.request_stop()
        job.wait()
    return told


def start_a_job_each(folder: Path, me: int, number: int) -> str:
    """Each starts a job of its own, for one slot."""
    job = JobFolder(folder / f"job-{number}-{me}")
    told = _start(job, folder / "slot.lock", "tests.faults.brief_worker")
    job.wait()
    return told


def create_run(root: Path, config: RunConfig, me: int, number: int) -> str:
    """Both make a run of the same name."""
    return RunDir.create(root, f"race-{number}", config, {}).id


def _start(job: JobFolder, slot_path: Path, worker_module: str) -> str:
    try:
        supervisor.start(job, slot_path, worker_module)
    except RunError as error:
        return error.message
    return "started"
