"""Who can answer: the runs that have a result, and which of them can stand beside the one that a chat is about."""

from pathlib import Path
from typing import Any

from workbench.chat.questions import answering_runs, suggested_prompts
from workbench.errors import ModelError
from workbench.methods.strength import strength_reason
from workbench.models import catalog
from workbench.runs.listing import Facts, facts
from workbench.runs.run_dir import RunDir
from workbench.ui import text_chat as text

_SUGGESTIONS = 3
_MOST_LISTED = 200


class Company:
    """The runs of one workspace. What a run was made of never changes, and is read once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._facts: dict[tuple[str, int], Facts] = {}

    def tell(self, lead_id: str) -> dict[str, Any]:
        """What the page shows of those that can answer beside a run, or beside the newest where that one is gone.

        `lead` is empty where there is none at all.
        """
        runs = {run.id: run for run in answering_runs(self.root)}
        lead = runs.get(lead_id) or next(iter(runs.values()), None)
        if lead is None:
            return {"lead": "", "runs": []}
        listed = {lead.id: lead} | dict(list(runs.items())[:_MOST_LISTED])
        ours = self._read(lead).model
        models = _Models(self.root)
        return {
            "lead": lead.id,
            "base": Path(ours).name,
            "runs": [self._describe(run, models.why_apart(self._read(run), ours)) for run in listed.values()],
            "suggestions": suggested_prompts(lead, _SUGGESTIONS),
        }

    def _describe(self, run: RunDir, apart: str) -> dict[str, str]:
        method = self._read(run).method
        no_strength = strength_reason(method)
        return {"id": run.id, "name": run.name, "method": method, "apart": apart, "no_strength": no_strength}

    def _read(self, run: RunDir) -> Facts:
        key = run.id, run.config_path.stat().st_mtime_ns
        if key not in self._facts:
            self._facts[key] = facts(run)
        return self._facts[key]


class _Models:
    """Where models lie; each is looked for once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._found: dict[str, Path | None] = {}

    def why_apart(self, theirs: Facts, ours: str) -> str:
        """Why a run cannot answer beside one on the model `ours`, in a few words; "" if it can."""
        if theirs.problem:
            return text.UNREADABLE
        name = Path(theirs.model).name
        folder = self._find(theirs.model)
        if folder is None:
            return text.MODEL_GONE.format(name)
        return "" if folder == self._find(ours) else text.OTHER_MODEL.format(name)

    def _find(self, name: str) -> Path | None:
        """None for one that is gone."""
        if name not in self._found:
            try:
                self._found[name] = catalog.find(name, self._root)
            except ModelError:
                self._found[name] = None
        return self._found[name]
