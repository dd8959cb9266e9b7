"""Long runs: read in a memory that does not grow with them, at once where their worker thinned them."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from workbench.jobs.files import append_json
from workbench.runs.metrics import Metrics, RowReader
from workbench.runs.stretch import read_stretch
from workbench.runs.thinned import Thinner, fold, mean_loss, read_blocks, thinned_path


def row(step: int, loss: float | None = 2.0, attempt: int = 1) -> dict[str, Any]:
    return {"attempt": attempt, "step": step, "loss": loss, "grad_norm": 1.0}


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def write_long(path: Path, last: int) -> list[float]:
    """Its losses: noise, with a spike at step 7777."""
    noise = random.Random(0)
    losses = [99.0 if step == 7777 else round(noise.uniform(1.0, 2.0), 3) for step in range(1, last + 1)]
    write(path, [row(step, loss) for step, loss in enumerate(losses, 1)])
    return losses


def check(step: int, loss: float) -> dict[str, Any]:
    return {"attempt": 1, "step": step, "eval_loss": loss, "seconds": 1.0}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "metrics.jsonl"


def test_a_long_run_keeps_its_ends_whole_and_its_spikes(path: Path) -> None:
    losses = write_long(path, 30_000)
    steps = Metrics(path).poll().steps
    assert len(steps) < 9000
    assert [row["loss"] for row in steps[:500]] == losses[:500]
    assert [row["loss"] for row in steps[-2000:]] == losses[-2000:]
    assert {"step": 7777, "loss": 99.0}.items() <= max(steps, key=lambda row: row["loss"]).items()
    assert mean_loss(steps) == pytest.approx(sum(losses) / len(losses), rel=1e-4)
    assert [row["step"] for row in steps] == sorted({row["step"] for row in steps})


def test_what_the_worker_thinned_is_read_instead_of_all_between(path: Path) -> None:
    losses = write_long(path, 20_000)
    Thinner(path)
    whole = path.read_bytes()
    blocks = read_blocks(path)
    assert len(blocks) == 200
    hidden = slice(blocks[10].start, blocks[100].end)
    path.write_bytes(whole[: hidden.start] + b"#" * (hidden.stop - hidden.start) + whole[hidden.stop :])
    steps = Metrics(path).poll().steps
    assert mean_loss(steps) == pytest.approx(sum(losses) / len(losses), rel=1e-4)
    assert [row["loss"] for row in steps[-2000:]] == losses[-2000:]


def test_a_thinner_that_was_killed_goes_on_where_it_was(path: Path) -> None:
    write(path, [row(step) for step in range(1, 251)])
    Thinner(path)
    with thinned_path(path).open("ab") as file:
        file.write(b'{"start": 1, "e')
    thinner = Thinner(path)
    for step in range(251, 301):
        append_json(path, row(step))
        thinner.add(row(step))
    blocks = read_blocks(path)
    assert [block.rows[-1]["step"] // 100 for block in blocks] == [0, 1, 2]
    assert blocks[-1].end == path.stat().st_size


def test_after_a_resume_the_later_attempt_wins_in_a_thinned_run_too(path: Path) -> None:
    write(path, [row(step, 1.0) for step in range(1, 8_051)])
    Thinner(path)
    write(path, [row(step, 3.0, attempt=2) for step in range(4_041, 12_001)])
    Thinner(path)
    metrics = Metrics(path).poll()
    assert metrics.generation == 1
    assert {row["loss"] for row in metrics.steps if row["step"] < 4_041} == {1.0}
    assert {row["loss"] for row in metrics.steps if row["step"] >= 4_041} == {3.0}


def test_checks_are_kept_whole_in_a_thinned_run(path: Path) -> None:
    for start in range(0, 6000, 250):
        write(path, [*(row(step) for step in range(start + 1, start + 251)), check(start + 250, 2.5)])
    Thinner(path)
    metrics = Metrics(path).poll()
    assert [check["step"] for check in metrics.evaluations] == list(range(250, 6001, 250))


def test_a_damaged_thinned_series_is_left_for_the_whole_one(path: Path) -> None:
    losses = write_long(path, 6000)
    thinned_path(path).write_text(
        '{"start": 0, "end": 99999999, "rows": []}\n{"start": 0, "end": 9, "rows": [{"step": 1}]}\nno json\n[]\n{}\n',
        encoding="utf-8",
    )
    assert mean_loss(Metrics(path).poll().steps) == pytest.approx(sum(losses) / len(losses), rel=1e-4)


def test_a_reading_that_takes_too_long_goes_on_at_the_next_call(path: Path) -> None:
    write_long(path, 5000)
    reader, steps, shares = RowReader(path), [], []
    while not steps or reader.is_behind:
        steps += [row["step"] for row in reader.read(most_seconds=0.0)]
        shares.append(reader.share)
    assert steps == list(range(1, 5001))
    assert 0 < shares[0] < 0.5 and shares == sorted(shares) and shares[-1] == 1.0


def test_folding_keeps_the_extremes_and_tells_the_mean() -> None:
    low, high = fold([row(1, 4.0), row(2, 1.0), row(3, 9.0), row(4, None)])
    assert (low["step"], low["loss"], high["step"], high["loss"]) == (2, 1.0, 3, 9.0)
    assert (low["mean"], low["updates"]) == (high["mean"], high["updates"]) == (pytest.approx(14 / 3, rel=1e-5), 1.5)
    assert [row["step"] for row in fold([row(1, None), row(2, None)])] == [2]


def test_a_stretch_of_a_long_run_is_read_whole_where_it_is_short(path: Path) -> None:
    losses = write_long(path, 20_050)
    Thinner(path)
    rows = read_stretch(path, 9_950, 12_049)
    assert [row["step"] for row in rows] == list(range(9_950, 12_050))
    assert [row["loss"] for row in rows] == losses[9_949:12_049]
    assert [row["step"] for row in read_stretch(path, 20_040, 30_000)] == list(range(20_040, 20_051))
    wide = read_stretch(path, 1_000, 19_000)
    assert 300 < len(wide) < 500
    assert max(row["loss"] for row in wide) == 99.0


def test_a_stretch_holds_nothing_that_a_later_attempt_did_over_again(path: Path) -> None:
    write(path, [row(step, 1.0) for step in range(1, 8_051)])
    write(path, [row(step, 3.0, attempt=2) for step in range(4_041, 9_001)])
    Thinner(path)
    rows = read_stretch(path, 4_000, 5_500)
    assert [row["step"] for row in rows] == list(range(4_000, 5_501))
    assert {row["loss"] for row in rows if row["step"] > 4_040} == {3.0}
    assert read_stretch(path.with_name("nothing.jsonl"), 1, 10) == []
