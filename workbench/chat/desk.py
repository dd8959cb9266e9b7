"""Whose question is answered now, and whose waits. All answers under way go on together, a token of each in turn.

Questions are taken in the order in which they came. One that needs another model than the one in memory waits until
the answers before it are done, and those behind it wait with it, so that nobody waits for ever.
"""

import queue
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from workbench.chat.answering import Round, go_on
from workbench.chat.models import LoadedModel
from workbench.chat.protocol import REFUSED, Event, Question, check_there, missing
from workbench.errors import WorkbenchError, lacks_memory

MOST_ANSWERS = 16
"""Under way at a time: each has keys and values of its own in memory."""

_DETAILS = "Try again; cache/chat.log in the workspace has the details."

Say = Callable[[Round, Event], None]
Load = Callable[[Question], tuple[LoadedModel, str]]


class Desk:
    """Takes questions in from any thread; one thread works."""

    def __init__(self, load: Load, say: Say) -> None:
        self._load = load
        self._say = say
        self._arrived: queue.Queue[Round | None] = queue.Queue()
        self._waiting: deque[Round] = deque()
        self._under_way: list[Round] = []
        self._model: LoadedModel | None = None
        self._is_open = True

    def put(self, asked: Round) -> None:
        """A question, to be answered when its turn comes."""
        self._arrived.put(asked)

    def close(self) -> None:
        """No more will come; `work` returns when what has come is answered or stopped."""
        self._arrived.put(None)

    def work(self) -> None:
        """Answer until the desk is closed."""
        while self._is_open or self._waiting or self._under_way:
            self._take_in()
            self._dismiss()
            self._admit()
            self._go_on()

    def _take_in(self) -> None:
        """All that has come; where there is nothing to do, wait for something."""
        is_idle = self._is_open and not (self._waiting or self._under_way)
        arrived = [self._arrived.get()] if is_idle else []
        while not self._arrived.empty():
            arrived.append(self._arrived.get())
        for asked in arrived:
            if asked is None:
                self._is_open = False
            else:
                self._waiting.append(asked)
                if self._under_way:
                    self._say(asked, Event("waiting"))

    def _dismiss(self) -> None:
        """Those who were stopped before their turn need not wait for it."""
        for asked in [asked for asked in self._waiting if asked.is_stopped]:
            self._waiting.remove(asked)
            self._say(asked, Event("end"))

    def _admit(self) -> None:
        while self._waiting and self._fits(self._waiting[0].question):
            asked = self._waiting.popleft()
            with self._told([asked]):
                self._begin(asked)
            if not asked.running:
                self._say(asked, Event("end"))

    def _fits(self, question: Question) -> bool:
        """Whether a question can be begun beside those under way, or be refused at once."""
        if not self._under_way or missing(question.targets):
            return True
        answers = sum(len(asked.running) for asked in self._under_way) + len(question.targets)
        return answers <= MOST_ANSWERS and self._model is not None and self._model.serves(question)

    def _begin(self, asked: Round) -> None:
        check_there(asked.question.targets)  # before a model is loaded for nothing
        for event in asked.begin(self._ready(asked)):
            self._say(asked, event)
        self._under_way.append(asked)

    def _ready(self, asked: Round) -> LoadedModel:
        """The question's base model; one at a time is in memory."""
        if self._model is None or not self._model.serves(asked.question):
            self._model = None
            self._say(asked, Event("loading"))
            self._model, reason = self._load(asked.question)
            self._say(asked, Event("loaded", reason=reason))
        return self._model

    def _go_on(self) -> None:
        if not self._under_way or self._model is None:
            return
        with self._told(self._under_way):
            for asked, event in go_on(self._under_way, self._model):
                self._say(asked, event)
        for asked in tuple(self._under_way):
            if not asked.running:
                self._under_way.remove(asked)
                self._say(asked, Event("end"))

    @contextmanager
    def _told(self, rounds: list[Round]) -> Iterator[None]:
        """What goes wrong is told to those whom it concerns, and ends their answers but not the desk."""
        try:
            yield
        except BrokenPipeError:
            raise  # nobody is there any more to be told
        except Exception as error:  # noqa: BLE001 - the edge of the process: a defect is told, and does not end it
            for asked in rounds:
                asked.running = []
                self._say(asked, _as_event(error))


def _as_event(error: Exception) -> Event:
    if lacks_memory(error):
        return Event("error", text="There is not enough memory for this answer.", hint="Choose a smaller model.")
    if isinstance(error, WorkbenchError):
        return Event("error", text=error.message, hint=error.hint, reason=REFUSED)
    traceback.print_exception(error)
    return Event("error", text=f"The answer failed: {error}", hint=_DETAILS)
