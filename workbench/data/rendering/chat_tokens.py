"""A conversation as the model reads it before it answers: the same tokens in training, watched answers and chat."""

from typing import TYPE_CHECKING

from workbench.data.examples import Message
from workbench.data.rendering.writing import ConversationWriter

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


def prompt_ids(
    messages: tuple[Message, ...], tokenizer: "PreTrainedTokenizerBase", system_prompt: str = ""
) -> list[int]:
    """Written with the tokenizer's chat template; `system_prompt` is for a conversation that has none of its own.

    Raises SettingError if there is no template, Unfit if it refuses the conversation.
    """
    text = ConversationWriter(tokenizer, system_prompt=system_prompt).ask(messages)
    return list(tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])
