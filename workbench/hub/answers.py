"""What goes wrong between here and the hub, in words. Only a process that asks the hub loads this."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from json import JSONDecodeError

import httpx2
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from workbench.errors import WorkbenchError
from workbench.hub.token import VARIABLE
from workbench.hub.way import endpoint, proxy, proxy_variable


@dataclass(frozen=True)
class Asked:
    """What is asked for: `kind` is what a person calls it, `error` is raised for what cannot be."""

    kind: str
    id: str
    revision: str
    error: type[WorkbenchError]


@contextmanager
def told(asked: Asked) -> Iterator[None]:
    """Raises `asked.error` for what the hub or the way to it answers, with what to do."""
    try:
        yield
    except GatedRepoError:
        raise asked.error(
            f"“{asked.id}” is given only to those who asked for it.",
            f"Accept its terms on its page, and start the workbench with your token in {VARIABLE}.",
        ) from None
    except RepositoryNotFoundError:
        hint = f"Check how it is written. A private one needs your token in {VARIABLE}."
        raise asked.error(f"The hub has no public {asked.kind} “{asked.id}”.", hint) from None
    except RevisionNotFoundError:
        message = f"“{asked.id}” has no revision “{asked.revision}”."
        raise asked.error(message, "Leave it empty for main.") from None
    except OfflineModeIsEnabled:
        message = "The workbench was told to stay offline by HF_HUB_OFFLINE."
        raise asked.error(message, "Start it without that.") from None
    except HfHubHTTPError as error:
        raise _refusal(asked, error.response.status_code if error.response is not None else 0) from error
    except (httpx2.RequestError, httpx2.InvalidURL, ConnectionError, LocalEntryNotFoundError) as error:
        raise asked.error(f"The hub at {endpoint()} cannot be reached{_through()}.", _way()) from error
    except JSONDecodeError as error:
        message = f"What answers at {endpoint()} is no hub."
        raise asked.error(message, "Check HF_ENDPOINT, or whether this network wants you to sign in first.") from error


def _refusal(asked: Asked, status: int) -> WorkbenchError:
    if status == 401:
        return asked.error(f"The hub at {endpoint()} does not accept the token in {VARIABLE}.", "Check the token.")
    if status == 407:
        return asked.error(f"The proxy {proxy()} wants to know who asks (407).", "Put name and password into its URL.")
    reason = f"with an error ({status})" if status else "with an error"
    return asked.error(f"The hub at {endpoint()} answered {reason}{_through()}.", "Try again later.")


def _through() -> str:
    return f" through the proxy {proxy()}" if proxy() else ""


def _way() -> str:
    """What to check, by the names of what was set."""
    also = []
    if proxy():
        also.append(f"{proxy_variable()}, which names the proxy")
    if os.environ.get("HF_ENDPOINT"):
        also.append("HF_ENDPOINT, which names this hub")
    return f"Check {', and '.join(['the connection to the internet', *also])}."
