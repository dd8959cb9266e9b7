"""What the page shows of the GGUF files that can answer beside results of runs."""

from pathlib import Path, PurePosixPath

from workbench.chat.gguf.files import FileChoice, is_installed, list_choices, not_installed
from workbench.ui import text_chat as text
from workbench.ui.drawn import Answer

_MOST_LISTED = 100


def tell_files(root: Path) -> Answer:
    """The files, or what to do before there are any."""
    if not is_installed():
        missing = not_installed()
        return {"files": [], "no_files": {"message": missing.message, "hint": missing.hint}}
    files = [_describe(choice) for choice in list_choices(root)[:_MOST_LISTED]]
    return {"files": files, "no_files": {"message": text.NO_FILES, "hint": text.HOW_FILES_COME}}


def _describe(choice: FileChoice) -> Answer:
    file, lora = PurePosixPath(choice.file).stem, PurePosixPath(choice.lora).stem
    return {
        "id": choice.name,
        "file": choice.file,
        "lora": choice.lora,
        "title": lora or file,
        "about": text.ON_FILE.format(file) if lora else text.A_FILE,
        "apart": choice.problem,
    }
