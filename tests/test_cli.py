"""The command line: what it prints, how it ends, and what it leaves behind."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.recorded_run import RecordedRun
from tests.training.in_process import create
from tests.training.in_process import train as carry_out
from workbench.cli import main
from workbench.config.build import build
from workbench.config.fields import leaves
from workbench.config.run_config import RunConfig
from workbench.jobs.folder import Status
from workbench.runs.run_dir import RunDir
from workbench.training import lineage

EAGER = ["--hardware.priority", "normal"]
"""A run that does not stand back for the other programs of a busy machine."""


@pytest.fixture(autouse=True)
def _reading_here(reading_here: None) -> None:
    """Commands that are called in the test's own process read the data there, too."""


def refused(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    """Run a command that cannot be; returns the last line of stderr."""
    assert main(list(argv)) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    return captured.err.strip().splitlines()[-1]


def test_every_setting_is_a_flag(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    text = capsys.readouterr().out
    for leaf in leaves(RunConfig):
        assert f"--{leaf.path} " in text


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--method.rank", "0"], "method.rank: 0 is outside 1 to 256"),
        (["--method.rnk", "8"], "Unrecognized arguments: --method.rnk"),
        (["--preset", "fast"], "There is no preset fast."),
        (["--config", "nowhere.yaml"], "nowhere.yaml cannot be read"),
        (["--data.path", "nowhere.csv"], "nowhere.csv"),
        (["--model.path", "nowhere"], "There is no model “nowhere”"),
        (["--method.target_modules", "q_prj"], "This model has no layer called q_prj. It has q_proj"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_made(
    capsys: pytest.CaptureFixture[str], root: Path, tiny_model: Path, flags: list[str], said: str
) -> None:
    given = ["train", "--root", str(root), "--model.path", str(tiny_model), "--data.path", "pirate", *flags]
    line = refused(capsys, *given)
    assert said in line
    assert not (root / "runs").exists()


def test_what_is_refused_is_told_once(capsys: pytest.CaptureFixture[str], root: Path, tiny_model: Path) -> None:
    given = ["--root", str(root), "--model.path", str(tiny_model), "--data.path", "pirate", "--method.layers", "9-3"]
    assert main(["train", *given]) == 2
    assert capsys.readouterr().err.count("This model has no layers 9-3") == 1


@pytest.mark.parametrize("command", ["stop", "resume", "show"])
def test_a_run_that_does_not_exist(capsys: pytest.CaptureFixture[str], root: Path, command: str) -> None:
    assert "There is no run ghost." in refused(capsys, command, "ghost", "--root", str(root))
    assert "cannot be used as a run" in refused(capsys, command, "../../etc", "--root", str(root))


def test_no_runs_yet_says_what_to_do(capsys: pytest.CaptureFixture[str], root: Path) -> None:
    assert main(["runs", "--root", str(root)]) == 0
    assert "workbench train" in capsys.readouterr().out
    assert main(["runs", "--json", "--root", str(root)]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_inspect_tells_what_it_makes_of_a_file_and_a_model(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, tiny_model: Path
) -> None:
    file = tmp_path / "mixed.jsonl"
    file.write_text('{"question": "a?", "answer": "b"}\n{broken\n{"question": "c?", "answer": "d"}\n')
    assert main(["inspect", "data", str(file), "--model", str(tiny_model), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["tokens"]["rows"] == 2
    assert (found["accepted"], found["rejected"], found["problems"][0]["line"]) == (2, 1, 2)
    assert main(["inspect", "model", str(tiny_model)]) == 0
    assert "names_by_role: attention k_proj, o_proj, q_proj, v_proj; mlp down_proj" in capsys.readouterr().out
    assert main(["inspect", "model", str(tiny_model), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["tunable"] is True
    assert "q_proj" in found["linear_names"]


def test_inspect_refuses_what_is_no_dataset(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, tiny_model: Path
) -> None:
    file = tmp_path / "photo.jsonl"
    file.write_bytes(bytes(range(256)))
    assert "photo.jsonl" in refused(capsys, "inspect", "data", str(file), "--model", str(tiny_model), "--json")


def test_train_wait_show_stop_and_compare(
    capsys: pytest.CaptureFixture[str], root: Path, tmp_path: Path, tiny_model: Path
) -> None:
    """The whole line with real processes, as a person would type it."""
    file = tmp_path / "twelve.csv"
    file.write_text("question,answer\n" + "".join(f"Who is {n}?,It is {n}.\n" for n in range(12)))
    train = ["train", "--root", str(root), "--model.path", str(tiny_model), "--data.path", str(file), *EAGER]
    assert main([*train, "--name", "My run", "--training.epochs", "12", "--wait"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(root / "runs" / "my-run")
    assert main(["show", "my-run", "--json", "--root", str(root)]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["phase"], shown["config"]["training"]["epochs"]) == ("finished", 12)
    assert shown["best"]["before"] > 0
    assert "There is nothing to stop." in refused(capsys, "stop", "my-run", "--root", str(root))
    page = tmp_path / "shown.html"
    both = ["--run", "my-run", "--run", "my-run", "--strength", "0.5", "--strength", "1"]
    ask = ["compare", *both, "--prompt", "Who is <4>?", "--html", str(page), "--json", "--root", str(root)]
    assert main(ask) == 0
    compared = json.loads(capsys.readouterr().out)
    assert [answer["model"] for answer in compared["answers"]] == [str(tiny_model), "my-run", "my-run"]
    assert "Who is &lt;4&gt;?" in page.read_text(encoding="utf-8")
    assert "My run at 50 %" in page.read_text(encoding="utf-8")
    assert str(tiny_model.parent) not in page.read_text(encoding="utf-8")


@pytest.fixture
def learned(root: Path, tmp_path: Path, tiny_model: Path) -> RunDir:
    """A run that has learned a little."""
    file = tmp_path / "twelve.csv"
    file.write_text("question,answer\n" + "".join(f"Who is {n}?,It is {n}.\n" for n in range(12)))
    asked = {"model.path": str(tiny_model), "data.path": str(file), "training.max_steps": 4, "hardware.threads": 1}
    return carry_out(create(build(asked | {"hardware.priority": "normal"}), root, "first"))


@pytest.mark.slow
def test_a_file_of_questions_is_asked_line_by_line(
    capsys: pytest.CaptureFixture[str], root: Path, tmp_path: Path, learned: RunDir
) -> None:
    prompts = tmp_path / "prompts.txt"
    prompts.write_text("\ufeffWho is 3?\n\nWho is <4>?\r\n", encoding="utf-8")
    ask = ["compare", "--run", "first", "--strength", "0.5", "--prompts", str(prompts), "--root", str(root)]
    assert main(ask) == 0
    told = capsys.readouterr().out.splitlines()
    assert [line for line in told if line.startswith("> ")] == ["> Who is 3?", "> Who is <4>?"]
    assert len([line for line in told if line.startswith("first at 50 %: ")]) == 2
    assert main([*ask, "--json"]) == 0
    assert [row["prompt"] for row in json.loads(capsys.readouterr().out)] == ["Who is 3?", "Who is <4>?"]


@pytest.mark.slow
def test_what_is_no_character_is_asked_as_its_replacement(
    capsys: pytest.CaptureFixture[str], root: Path, learned: RunDir
) -> None:
    assert main(["compare", "--run", "first", "--prompt", "Who is \udcff?", "--json", "--root", str(root)]) == 0
    assert json.loads(capsys.readouterr().out)["prompt"] == "Who is \N{REPLACEMENT CHARACTER}?"


@pytest.mark.parametrize(
    ("flags", "problem"),
    [
        (["--run", "ghost", "--prompt", "Who?"], "There is no run ghost."),
        (["--run", "first"], "There is nothing to ask."),
        (["--run", "first", "--prompts", "nowhere.txt"], "“nowhere.txt” cannot be read: No such file or directory."),
        (["--run", "first", "--prompt", "Who?", "--strength", "1", "--strength", "2"], "2 strengths for 1 run."),
        (["--run", "first", "--prompt", "Who?", "--strength", "nan"], "There is no strength of nan."),
        (["--run", "first", "--prompt", "Who?", "--strength", "9"], "There is no strength of 9."),
        (["--run", "first", "--prompt", "Who?"], "first has no result yet."),
    ],
)
def test_what_cannot_be_compared_is_refused(
    capsys: pytest.CaptureFixture[str], root: Path, flags: list[str], problem: str
) -> None:
    RecordedRun(root, "first")
    assert problem in refused(capsys, "compare", *flags, "--root", str(root))


def test_a_run_is_extended_only_as_it_is(capsys: pytest.CaptureFixture[str], root: Path, learned: RunDir) -> None:
    assert "There is no run ghost." in refused(capsys, "extend", "ghost", "--root", str(root))
    line = refused(capsys, "extend", "first", "--root", str(root), "--method.rank", "4")
    assert "the adapter of first has 8, not 4. Take 8, or begin a new adapter" in line
    assert [run.name for run in (root / "runs").iterdir()] == ["first"]


def test_a_resume_that_is_refused_says_what_changed_and_the_way_on(
    capsys: pytest.CaptureFixture[str], root: Path, learned: RunDir
) -> None:
    learned.write_status(Status("stopped", 4, 4))
    text = learned.config_path.read_text(encoding="utf-8")
    learned.config_path.write_text(text.replace("max_steps: 4", "max_steps: 9"), encoding="utf-8")
    line = refused(capsys, "resume", "first", "--root", str(root))
    assert "(max steps): 4 → 9." in line
    assert line.endswith("train it further in a new run. That is `python -m workbench extend first`.")
    learned.config_path.write_text(text, encoding="utf-8")
    (learned.data_dir / "tokens.arrow").unlink()
    assert "began (tokens.arrow)" in (line := refused(capsys, "resume", "first", "--root", str(root)))
    assert "python -m workbench extend first" in line


def test_show_says_what_came_of_a_run_and_what_it_began_with(
    capsys: pytest.CaptureFixture[str], root: Path, learned: RunDir
) -> None:
    assert main(["show", "first", "--root", str(root)]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"^result: [a-z ]+, error on held-out examples \d\.\d+ → \d\.\d+$", shown, re.MULTILINE)
    create(lineage.extend(learned), root, "second")
    assert main(["runs", "--json", "--root", str(root)]) == 0
    assert {run["id"]: run["parent"] for run in json.loads(capsys.readouterr().out)} == {"first": "", "second": "first"}


@pytest.mark.slow
def test_extend_trains_on_in_a_run_of_its_own(capsys: pytest.CaptureFixture[str], root: Path, learned: RunDir) -> None:
    """With real processes; the settings are those of the first run, but for the flags."""
    assert (
        main(["extend", "first", "--root", str(root), "--name", "second", "--training.max_steps", "2", "--wait"]) == 0
    )
    captured = capsys.readouterr()
    assert "note: Goes on from the adapter of first (step 4). The learning rate schedule and the" in captured.err
    assert captured.out.splitlines()[-1] == str(root / "runs" / "second")
    second = RunDir.open(root, "second")
    assert (second.asked().training.max_steps, second.asked().model.adapter) == (2, "first")
    assert (second.status().phase, second.status().step) == ("finished", 2)


@pytest.mark.slow
def test_stop_ends_a_run_in_order_with_an_adapter(
    capsys: pytest.CaptureFixture[str], root: Path, tmp_path: Path, tiny_model: Path
) -> None:
    file = tmp_path / "some.csv"
    file.write_text("question,answer\n" + "".join(f"Who is {n}?,It is {n}.\n" for n in range(40)))
    train = ["train", "--root", str(root), "--model.path", str(tiny_model), "--data.path", str(file), *EAGER]
    assert main([*train, "--name", "long", "--training.epochs", "1000"]) == 0
    run = RunDir.open(root, "long")
    reached = _Reached()
    with pytest.raises(_Reached):
        run.wait(lambda status: reached.when(status.phase == "training" and status.step > 2))
    assert main(["stop", "long", "--root", str(root)]) == 0
    assert "stopped" in capsys.readouterr().out
    assert run.has_adapter()
    assert run.status().step > 2


@pytest.mark.slow
def test_a_relative_root_works_from_any_folder(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    train = ["train", "--root", "here", "--model.path", str(tiny_model), "--data.path", "pirate", "--name", "r", *EAGER]
    assert main([*train, "--training.max_steps", "2", "--wait"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(tmp_path / "here" / "runs" / "r")


def test_loads_neither_torch_nor_transformers() -> None:
    code = (
        "import sys, workbench.cli; sys.exit(any(name in sys.modules for name in ('torch', 'transformers', 'gradio')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


class _Reached(Exception):
    """Raised when what is waited for has come."""

    def when(self, true: bool) -> None:
        if true:
            raise self
