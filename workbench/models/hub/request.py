"""A model of the hub, as it is asked for."""

from dataclasses import dataclass

from workbench.errors import ModelError
from workbench.hub.names import ID, MAX_CHARACTERS, REVISION, fits

USUAL_REVISION = "main"


@dataclass(frozen=True)
class ModelRequest:
    """Which model, and which state of it: a branch, a tag or a commit. What is empty is `main`."""

    id: str
    revision: str = ""

    @property
    def asked_revision(self) -> str:
        return self.revision or USUAL_REVISION

    @property
    def name(self) -> str:
        """What the list of models calls it once it is here."""
        return self.id if self.asked_revision == USUAL_REVISION else f"{self.id}@{self.revision}"

    def check(self) -> None:
        """Raises ModelError for what can be the name of nothing there."""
        if not fits(ID, self.id):
            raise ModelError(
                f"“{self.id[:MAX_CHARACTERS]}” is not the name of a model of the hub.",
                "It looks like “org/name”; an address or a path is none.",
            )
        if self.revision and not fits(REVISION, self.revision):
            raise ModelError(
                f"“{self.revision[:MAX_CHARACTERS]}” is not the name of a revision.",
                "It is a branch, a tag or a commit, such as main.",
            )
