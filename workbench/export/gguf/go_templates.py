"""The built-in chat templates in the form that Ollama reads, and which of them a tokenizer's own is."""

from typing import Any

from workbench.models.templates import BUILT_IN, REFUSALS, choose_template

_GO = {
    "chatml": ("{{ range .Messages }}<|im_start|>{{ .Role }}\n{{ .Content }}END\n{{ end }}<|im_start|>assistant\n"),
    "llama": (
        "{{ range .Messages }}<|start_header_id|>{{ .Role }}<|end_header_id|>\n\n{{ .Content }}END{{ end }}"
        "<|start_header_id|>assistant<|end_header_id|>\n\n"
    ),
    "alpaca": (
        "{{ if not .System }}"
        "Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n"
        "{{ end }}"
        "{{ range .Messages }}"
        '{{ if eq .Role "system" }}{{ .Content }}\n\n'
        '{{ else if eq .Role "user" }}### Instruction:\n{{ .Content }}\n\n'
        "{{ else }}### Response:\n{{ .Content }}END\n\n"
        "{{ end }}{{ end }}"
        "### Response:\n"
    ),
    "zephyr": "{{ range .Messages }}<|{{ .Role }}|>\n{{ .Content }}END\n{{ end }}<|assistant|>\n",
    "plain": (
        "{{ range .Messages }}"
        '{{ if eq .Role "system" }}{{ .Content }}\n\n'
        '{{ else if eq .Role "user" }}### Question:\n{{ .Content }}\n\n'
        "{{ else }}### Answer:\n{{ .Content }}END\n\n"
        "{{ end }}{{ end }}"
        "### Answer:\n"
    ),
}
"""END stands for the end of a turn. A mark at the beginning of a text is put there by whoever reads the GGUF file."""

HEADS = {"alpaca": "### Instruction:", "plain": "### Question:"}
"""What a model writes when it goes on with a question of its own."""

_TALK = [
    {"role": "user", "content": "First?"},
    {"role": "assistant", "content": "One."},
    {"role": "user", "content": "Second?"},
]
_SYSTEM = {"role": "system", "content": "Be brief."}


def go_template(name: str, end: str) -> str:
    return _GO[name].replace("END", end)


def known_as(tokenizer: Any) -> str:
    """The built-in template that writes conversations as the tokenizer's own does, "" where none does."""
    due = _written(tokenizer, tokenizer.chat_template) if tokenizer.chat_template else None
    if due is None:
        return ""
    return next((name for name in BUILT_IN if _written(tokenizer, choose_template(name, tokenizer)) == due), "")


def _written(tokenizer: Any, template: str | None) -> list[str] | None:
    """Conversations with and without a system text; None for a template that does not take them."""
    talks = ([_SYSTEM, *_TALK], _TALK)
    try:
        return [
            tokenizer.apply_chat_template(talk, chat_template=template, tokenize=False, add_generation_prompt=True)
            for talk in talks
        ]
    except REFUSALS:
        return None
