"""Exports that are ready to be pushed: small ones, with a record as short as it can be."""

import json
from hashlib import sha256
from pathlib import Path

FILES = {"adapter_model.safetensors": b"what was learned" * 1000, "beneath/adapter_config.json": b'{"r": 8}'}


def made_export(folder: Path, licence_confirmed: str = "yes") -> Path:
    """As an export leaves it, as far as a push looks at it."""
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    files = [{"name": name, "sha256": sha256(content).hexdigest()} for name, content in FILES.items()]
    told = {"format": 1, "statement": {"licence_confirmed": licence_confirmed}, "files": files}
    (folder / "provenance.json").write_text(json.dumps(told), encoding="utf-8")
    (folder / "README.md").write_text("---\nlicense: mit\n---\n\n# mine\n", encoding="utf-8")
    (folder / "training-content-summary.md").write_text("# 1\n", encoding="utf-8")
    (folder / "notes.txt").write_text("No file of the export.", encoding="utf-8")
    return folder
