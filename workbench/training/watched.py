"""Watched answers: a few held-out questions, answered as the model learns."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.config.sampling import Sampling
from workbench.data.examples import Example
from workbench.data.rendering.chat_tokens import prompt_ids
from workbench.models.decode import decode, end_ids

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedTokenizerBase


@dataclass(frozen=True)
class Question:
    """A held-out question as text and as the model reads it, and the answer in the data."""

    prompt: str
    expected: str
    ids: list[int]


@dataclass(frozen=True)
class Answerer:
    """A model that answers greedily: no randomness is used, so that training is not disturbed."""

    model: "PeftModel"
    tokenizer: "PreTrainedTokenizerBase"
    most_tokens: int
    system_prompt: str = ""

    def questions(self, examples: list[Example], count: int) -> list[Question]:
        """The first `count` of the examples that are conversations."""
        chats = [example for example in examples if example.messages][:count]
        return [self._question(example) for example in chats]

    def answer(self, question: Question) -> str:
        """The likeliest answer."""
        self.model.eval()
        sampling = Sampling(temperature=0.0, max_new_tokens=self.most_tokens)
        ids = list(decode(self.model, question.ids, sampling, end_ids(self.model, self.tokenizer)))
        self.model.train()
        return str(self.tokenizer.decode(ids, skip_special_tokens=True)).strip()

    def _question(self, example: Example) -> Question:
        last = max(index for index, turn in enumerate(example.messages) if turn.role == "assistant")
        asked = example.messages[:last]
        ids = prompt_ids(asked, self.tokenizer, self.system_prompt)
        return Question(asked[-1].content, example.messages[last].content, ids)
