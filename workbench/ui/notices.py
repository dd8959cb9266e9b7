"""The one place of the page that catches: the user's mistakes become notices, ours a line in the log."""

import contextlib
import functools
import html
import inspect
import logging
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import gradio as gr

from workbench.errors import WorkbenchError
from workbench.ui import text

T = TypeVar("T")

_log = logging.getLogger(__name__)


def shown(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Let a handler raise: the person sees what is wrong and what to do. Works for generators too."""
    if inspect.isgeneratorfunction(handler):

        @functools.wraps(handler)
        def stream(*args: Any, **kwargs: Any) -> Iterator[Any]:
            with _as_notice():
                yield from handler(*args, **kwargs)

        return stream

    @functools.wraps(handler)
    def call(*args: Any, **kwargs: Any) -> Any:
        with _as_notice():
            return handler(*args, **kwargs)

    return call


def outcome(action: Callable[[], T]) -> T | WorkbenchError:
    """What an action gives, or what is wrong, where that is shown in the page instead of as a notice."""
    try:
        return action()
    except WorkbenchError as error:
        return error


@contextlib.contextmanager
def _as_notice() -> Iterator[None]:
    try:
        yield
    except WorkbenchError as error:
        raise gr.Error(_notice(error), print_exception=False) from error
    except gr.Error:
        raise
    except Exception as error:
        _log.exception("A handler of the page failed")
        raise gr.Error(text.UNEXPECTED, print_exception=False) from error


def _notice(error: WorkbenchError) -> str:
    # Gradio shows notices as HTML, and the message holds what the user typed.
    return f"{html.escape(error.message)}<br>{html.escape(error.hint)}"
