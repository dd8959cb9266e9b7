"""Watched answers: the user's own prompts and a few held-out questions, answered as the model learns."""

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from workbench.config.evaluation import EvaluationSettings
from workbench.config.sampling import Sampling
from workbench.data.examples import Example, Message
from workbench.data.rendering.chat_tokens import prompt_ids
from workbench.training.engines import Decode

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


@dataclass(frozen=True)
class Question:
    """A question as text and as the model reads it, and the answer in the data, "" for the user's own."""

    prompt: str
    expected: str
    ids: list[int]


@dataclass(frozen=True)
class Answerer:
    """A model that answers greedily: no randomness is used, so that training is not disturbed."""

    decode: Decode
    tokenizer: "PreTrainedTokenizerBase"
    context: int
    """How many tokens the model can read; 0 for any."""
    settings: EvaluationSettings
    system_prompt: str = ""

    def questions(self, held_out: list[Example]) -> list[Question]:
        """The user's own prompts, filled up with the first of the examples that are conversations."""
        own = [self._own(prompt) for prompt in self.settings.prompts]
        others = (self._held_out(example) for example in held_out if example.messages)
        fresh = (question for question in others if question.prompt not in self.settings.prompts)
        return own + list(islice(fresh, max(0, self.settings.watched_prompts - len(own))))

    def answer(self, question: Question) -> str:
        """The likeliest answer."""
        sampling = Sampling(temperature=0.0, max_new_tokens=self.settings.answer_tokens)
        ids = self.decode(question.ids, sampling)
        return str(self.tokenizer.decode(ids, skip_special_tokens=True)).strip()

    def _own(self, prompt: str) -> Question:
        """One that is too long for the model is asked without its end, and shown so."""
        ids = self._read(prompt)
        room = self.context - min(self.settings.answer_tokens, self.context // 2)
        if not self.context or len(ids) <= room:
            return Question(prompt, "", ids)
        words = list(self.tokenizer(prompt, add_special_tokens=False, verbose=False)["input_ids"])
        kept = max(0, len(words) - (len(ids) - room))
        shortened = str(self.tokenizer.decode(words[:kept]))
        told = f"{shortened} … (cut: this model reads {kept} of its {len(words)} tokens)"
        return Question(told, "", self._read(shortened)[:room])

    def _read(self, prompt: str) -> list[int]:
        """A model without a chat template goes on where the text ends."""
        if self.tokenizer.chat_template:
            return prompt_ids((Message("user", prompt),), self.tokenizer, self.system_prompt)
        return list(self.tokenizer(prompt, verbose=False)["input_ids"])

    def _held_out(self, example: Example) -> Question:
        last = max(index for index, turn in enumerate(example.messages) if turn.role == "assistant")
        asked = example.messages[:last]
        ids = prompt_ids(asked, self.tokenizer, self.system_prompt)
        return Question(asked[-1].content, example.messages[last].content, ids)
