"""What a run learned, in the form that stock PEFT reads, or as the tensors of its model that were changed."""

import shutil
from pathlib import Path

from workbench.export.record.base_facts import gather_base
from workbench.export.record.usage import BENEATH
from workbench.export.run_folder import name_base
from workbench.export.tokenizer_folder import write_tokenizer
from workbench.jobs.files import write_json
from workbench.jobs.transfer import Teller
from workbench.methods import bottleneck_tuner
from workbench.methods.changed_weights import ABOUT
from workbench.methods.table import METHODS
from workbench.models.base_of import base_of
from workbench.runs.run_dir import RunDir

CONFIG = "adapter_config.json"

_BESIDE = "workbench.json"


class AdapterFolder:
    """Of a run with a result. Raises ModelError or RunError where its model is gone: beside that it is checked."""

    def __init__(self, run: RunDir) -> None:
        self.run = run
        self.config = run.config()
        self.base = base_of(run)
        known = gather_base(run)
        self._base_name = known.hub_id or known.name

    @property
    def total_bytes(self) -> int:
        return sum(file.stat().st_size for file, _ in self._files())

    def write(self, folder: Path, teller: Teller) -> None:
        """Fill a folder; the teller hears of each file."""
        for file, name in self._files():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
            teller.add(file.stat().st_size)
        for path in (*folder.rglob(CONFIG), *folder.rglob(ABOUT)):
            name_base(path, self._base_name)
        if self.config.method.name == "bottleneck":
            shutil.copyfile(bottleneck_tuner.__file__, folder / "bottleneck_tuner.py")
        about = {"template": self.config.data.template, "system_prompt": self.config.data.system_prompt}
        write_json(folder / _BESIDE, about | ({"merged": BENEATH} if self.config.model.merged else {}))
        write_tokenizer(self.run, self.base, folder)

    def _files(self) -> list[tuple[Path, str]]:
        """Each with its name in the export; what is merged beneath has a folder of its own."""
        own = METHODS[self.config.method.name].saved_as.files
        found = [(self.run.adapter_dir / name, name) for name in own]
        if self.config.model.merged:
            found += [(path, f"{BENEATH}/{path.name}") for path in _peft_files(self.run.merged_dir)]
        return [(file, name) for file, name in found if file.is_file()]


def _peft_files(folder: Path) -> list[Path]:
    return [folder / name for name in (CONFIG, "adapter_model.safetensors")]
