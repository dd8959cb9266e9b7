"""How a conversation is written for a model: its own chat template, or one of a few built-in ones.

A built-in template can be used with any tokenizer. Marks that the tokenizer does not know, such as <|im_start|>, are
then ordinary text to the model, which learns them like any other. Only the end of a turn must be a mark that it knows,
for generation stops there: where the template's own is unknown, the tokenizer's end-of-text mark takes its place.
"""

from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError
from transformers.utils.chat_template_utils import render_jinja_template

from workbench.errors import SettingError

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

BUILT_IN = {
    "chatml": (
        "{% for message in messages %}"
        "<|im_start|>{{ message['role'] }}\n{{ message['content'] }}END\n"
        "{% endfor %}"
        "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
    ),
    "llama": (
        "{% for message in messages %}"
        "<|start_header_id|>{{ message['role'] }}<|end_header_id|>\n\n{{ message['content'] }}END"
        "{% endfor %}"
        "{% if add_generation_prompt %}<|start_header_id|>assistant<|end_header_id|>\n\n{% endif %}"
    ),
    "alpaca": (
        "{% if messages[0]['role'] != 'system' %}"
        "Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n"
        "{% endif %}"
        "{% for message in messages %}"
        "{% if message['role'] == 'system' %}{{ message['content'] }}\n\n"
        "{% elif message['role'] == 'user' %}### Instruction:\n{{ message['content'] }}\n\n"
        "{% else %}### Response:\n{{ message['content'] }}END\n\n"
        "{% endif %}"
        "{% endfor %}"
        "{% if add_generation_prompt %}### Response:\n{% endif %}"
    ),
    "zephyr": (
        "{% for message in messages %}"
        "<|{{ message['role'] }}|>\n{{ message['content'] }}END\n"
        "{% endfor %}"
        "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
    ),
    "plain": (
        "{% for message in messages %}"
        "{% if message['role'] == 'system' %}{{ message['content'] }}\n\n"
        "{% elif message['role'] == 'user' %}### Question:\n{{ message['content'] }}\n\n"
        "{% else %}### Answer:\n{{ message['content'] }}END\n\n"
        "{% endif %}"
        "{% endfor %}"
        "{% if add_generation_prompt %}### Answer:\n{% endif %}"
    ),
}
"""END stands for the end of a turn."""

SETTING = "data.template"

REFUSALS = (TemplateError, ValueError, LookupError, TypeError, ArithmeticError, AttributeError)
"""What a template raises, on purpose or because a conversation is not what it expects, such as one without turns."""

_ENDS = {"chatml": "<|im_end|>", "llama": "<|eot_id|>"}
_KNOWN_ENDS = (*_ENDS.values(), "<end_of_turn>")
"""Ends of turns that some tokenizers hold without calling them special."""

_ASKED, _ANSWERED = "Zq0qZ", "Zq1qZ"


def choose_template(name: str, tokenizer: "PreTrainedTokenizerBase") -> str | None:
    """The text of the template called `name`; for `auto` the model's own, or None where it has none.

    Raises SettingError where the model knows no mark that could end an answer.
    """
    if name == "auto":
        own = tokenizer.chat_template
        return own.get("default") if isinstance(own, dict) else own
    end = _ENDS.get(name, "")
    if end not in tokenizer.get_added_vocab():
        if not tokenizer.eos_token:
            message = f"This model has no end-of-text mark, which the {name} template ends an answer with."
            raise SettingError(SETTING, message, "Set data.template to auto, or choose another model.")
        end = "{{ eos_token }}"
    beginning = "{{ bos_token }}" if beginning_ids(tokenizer) else ""
    return beginning + BUILT_IN[name].replace("END", end)


def missing_template() -> SettingError:
    """What to say of a model without a template of its own, where none was chosen."""
    return SettingError(
        SETTING,
        "This model has no chat template of its own, and questions and answers cannot be written without one.",
        f"Set data.template to one of {', '.join(BUILT_IN)}; plain suits most models that continue text.",
    )


def beginning_ids(tokenizer: "PreTrainedTokenizerBase") -> list[int]:
    """The mark that the model expects before every text: what its tokenizer puts there unasked, if anything."""
    first = list(tokenizer("a")["input_ids"][:1])
    return first if first == [tokenizer.bos_token_id] else []


def special_marks(tokenizer: "PreTrainedTokenizerBase") -> frozenset[str]:
    """The control tokens as they are written, also those that the tokenizer names nowhere: Llama 3 does not list its
    end of a turn."""
    added = tokenizer.added_tokens_decoder.values()
    special = {token.content for token in added if token.special or token.content in _KNOWN_ENDS}
    return frozenset(special | set(tokenizer.all_special_tokens)) - {""}


def end_of_turn(tokenizer: "PreTrainedTokenizerBase") -> str:
    """The first control token that the chat template writes after an answer, "" where it writes none."""
    if not tokenizer.chat_template:
        return ""
    turns = [{"role": "user", "content": _ASKED}, {"role": "assistant", "content": _ANSWERED}]
    try:
        after = TurnWriter(tokenizer).write(turns).rpartition(_ANSWERED)[2]
    except REFUSALS:
        return ""
    found = [(after.find(mark), -len(mark), mark) for mark in special_marks(tokenizer) if mark in after]
    return min(found)[2] if found else ""


def end_of_turn_ids(tokenizer: "PreTrainedTokenizerBase") -> frozenset[int]:
    """The tokens that end an answer: the end of text, and the end of a turn in the chat template."""
    mark = end_of_turn(tokenizer)
    ids = [tokenizer.convert_tokens_to_ids(mark) if mark else None, tokenizer.eos_token_id]
    return frozenset(token for token in ids if token is not None)


class TurnWriter:
    """The chat template of one tokenizer, ready to write many conversations; in transformers' own sandbox."""

    def __init__(self, tokenizer: "PreTrainedTokenizerBase") -> None:
        self._template: Any = tokenizer.get_chat_template()
        self._marks: dict[str, Any] = dict(tokenizer.special_tokens_map)

    def write(self, turns: list[dict[str, str]], *, asking: bool = False) -> str:
        """Raises what the template raises, see REFUSALS."""
        written: Any = render_jinja_template(
            [turns], chat_template=self._template, add_generation_prompt=asking, **self._marks
        )
        return str(written[0][0])
