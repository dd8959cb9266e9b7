"""How a conversation is written for a model: its own chat template, or one of two built-in ones."""

from typing import TYPE_CHECKING

from workbench.errors import SettingError

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

CHATML = (
    "{% for message in messages %}"
    "<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n"
    "{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
PLAIN = (
    "{% for message in messages %}"
    "{% if message['role'] == 'system' %}{{ message['content'] }}\n\n"
    "{% elif message['role'] == 'user' %}### Question:\n{{ message['content'] }}\n\n"
    "{% else %}### Answer:\n{{ message['content'] }}{{ eos_token }}\n\n"
    "{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}### Answer:\n{% endif %}"
)

_SETTING = "data.template"


def choose_template(name: str, tokenizer: "PreTrainedTokenizerBase") -> str | None:
    """The text of the template called `name`; for `auto` the model's own, or None where it has none.

    Raises SettingError where the model lacks the marks that a built-in template needs.
    """
    if name == "auto":
        own = tokenizer.chat_template
        return own.get("default") if isinstance(own, dict) else own
    if name == "chatml":
        if "<|im_end|>" not in tokenizer.get_vocab():
            message = "This model does not know the marks of the chatml template, such as <|im_end|>."
            raise SettingError(_SETTING, message, "Set data.template to plain.")
        return CHATML
    if not tokenizer.eos_token:
        message = "This model has no end-of-text mark, which the plain template ends an answer with."
        raise SettingError(_SETTING, message, "Set data.template to auto.")
    return f"{{{{ bos_token }}}}{PLAIN}" if beginning_ids(tokenizer) else PLAIN


def beginning_ids(tokenizer: "PreTrainedTokenizerBase") -> list[int]:
    """The mark that the model expects before every text: what its tokenizer puts there unasked, if anything."""
    first = list(tokenizer("a")["input_ids"][:1])
    return first if first == [tokenizer.bos_token_id] else []
