"""Nothing of the computer that an export was made on stands in any byte of any of its files."""

import platform
import shutil
from pathlib import Path

import pytest

from tests.export.made import retold, run_of, written
from workbench.export.placing import pack
from workbench.export.request import ExportRequest
from workbench.export.targets import TARGETS
from workbench.jobs.files import write_json
from workbench.runs.run_dir import RunDir

_USER, _TOKEN = "zoe-strange-7731", "hf_abcdefghijklmnopqrstuvwxyz012345"


@pytest.fixture
def run(tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunDir:
    """Made below a home of a strange name, on a model whose files name it, too."""
    home = tmp_path / "home" / _USER
    for name, value in {"HOME": str(home), "USER": _USER, "LOGNAME": _USER, "HF_TOKEN": _TOKEN}.items():
        monkeypatch.setenv(name, value)
    model = home / "models" / "little"
    shutil.copytree(tiny_model, model)
    retold(model / "config.json", _name_or_path=str(model))
    retold(model / "tokenizer_config.json", name_or_path=str(model))
    (model / "LICENSE").write_text("Apache License, Version 2.0", encoding="utf-8")
    made = run_of("lora", home / "workspace", model)
    files = [{"name": "shop.csv", "reference": str(home / "shop.csv"), "accepted": 3}]
    write_json(made.data_dir / "summary.json", {"rows": 3, "files": files})
    retold(made.adapter_dir / "adapter_config.json", base_model_name_or_path=str(model))
    return made


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_no_place_no_name_and_no_token_of_this_computer_is_told(target: str, run: RunDir, tmp_path: Path) -> None:
    numbers = next(iter(TARGETS[target].numbers), "")
    out = written(ExportRequest(run.id, target, numbers, tmp_path / "out", {"contact": "me@example.org"}), run)
    pack(out, tmp_path / "out.zip", "out")
    strange = [_USER, _TOKEN, str(tmp_path), str(run.root), str(Path(__file__).parents[2]), "/home/"]
    node = platform.node()
    strange += [node] if len(node) > 5 else []
    for path in (*out.rglob("*"), tmp_path / "out.zip"):
        found = [word for word in strange if path.is_file() and word.encode() in path.read_bytes()]
        assert not found, f"{path.name} tells {found}"
    card = (out / "README.md").read_text(encoding="utf-8")
    assert "little" in card and "compliant" not in card.lower()
    assert (out / "LICENSE").exists() == (target in ("merged", "gguf"))
