"""The figures of a data file, and that reading one needs neither torch nor transformers."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.data.files import read
from tests.tiny import make_tokenizer
from workbench.data.rendering.render import render_all
from workbench.data.rendering.rows import Row
from workbench.data.report import count_tokens, inspect
from workbench.errors import DataError

ROWS = (
    '{"text": "Hello there, matey"}\n'
    '{"text": 7}\n'
    '{"text": "x"}\n'
    '{"text": "The cow says moo, and the cat says meow."}\n'
)  # fmt: skip


def test_report_without_a_tokenizer(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(ROWS)
    report = inspect(path, None, 512)
    assert json.loads(json.dumps(report)) == {
        "format": "text",
        "mapping": {"text": "text"},
        "accepted": 3,
        "rejected": 1,
        "problems": [{"line": 2, "reason": "text is a number, not text", "excerpt": "text: 7"}],
    }


def test_report_counts_what_is_trained(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(ROWS)
    tokenizer = make_tokenizer()
    tokenizer.eos_token = None
    report = inspect(path, tokenizer, 512)
    rows = render_all(read(path).examples, tokenizer, 512).rows
    assert (report["accepted"], report["rejected"]) == (2, 2)
    assert [problem["line"] for problem in report["problems"]] == [2, 3]
    assert report["tokens"]["rows"] == 2
    assert report["tokens"]["total"] == sum(len(row.input_ids) for row in rows)
    assert report["tokens"]["learned"] == report["tokens"]["total"] - 2


@pytest.mark.parametrize("max_length", [-1, 0, 1])
def test_a_length_that_holds_nothing_is_refused(tmp_path: Path, max_length: int) -> None:
    path = tmp_path / "a.txt"
    path.write_text("The cow says moo.")
    with pytest.raises(DataError, match=f"of {max_length} tokens leaves nothing to learn"):
        inspect(path, make_tokenizer(), max_length)


def test_percentiles_are_lengths_that_occur() -> None:
    rows = [Row([1] * length, [1] * length, 1) for length in range(1, 11)]
    assert count_tokens(rows) == {"rows": 10, "total": 55, "learned": 45, "p50": 5, "p90": 9, "max": 10}
    assert count_tokens([])["max"] == 0


def test_importing_the_layer_loads_no_model_library() -> None:
    code = (
        "import sys, workbench.data.sets.sources, workbench.data.sets.typed, "
        "workbench.data.split, workbench.data.report\n"
        "print([name for name in ('torch', 'transformers', 'gradio') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
