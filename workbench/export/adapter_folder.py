"""What a run learned, as its method saves it: for most methods the folder that PEFT reads."""

import shutil
from pathlib import Path

from workbench.errors import RunError
from workbench.jobs.transfer import Teller
from workbench.methods.table import METHODS
from workbench.runs.run_dir import RunDir

_BESIDE = ("chat_template.jinja",)
_AGAIN = "Nothing was kept. Export it again; if it fails again, train anew."


class AdapterFolder:
    """Of a run with a result. It is stored in the form in which it is taken away."""

    def __init__(self, run: RunDir) -> None:
        names = (*METHODS[run.config().method.name].saved_as.files, *_BESIDE)
        self._files = [run.adapter_dir / name for name in names if (run.adapter_dir / name).is_file()]

    @property
    def total_bytes(self) -> int:
        return sum(file.stat().st_size for file in self._files)

    def write(self, folder: Path, teller: Teller) -> None:
        """Fill a folder; the teller hears of each file."""
        for file in self._files:
            shutil.copyfile(file, folder / file.name)
            teller.add(file.stat().st_size)

    def verify(self, folder: Path) -> None:
        """Raises RunError if a file is not what is in the run."""
        for file in self._files:
            if (folder / file.name).read_bytes() != file.read_bytes():
                raise RunError(f"Read again, {file.name} is not what the run holds.", _AGAIN)
