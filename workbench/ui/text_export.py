"""The words of the Export tab that come from the server; those of its view stand with what draws it."""

from dataclasses import dataclass

PURPOSES = {"keep": "Keep or move", "programs": "Ollama or LM Studio", "python": "Python"}
"""What somebody wants to do with it, in the order in which the page shows them."""


@dataclass(frozen=True)
class TargetWords:
    purpose: str
    """One of PURPOSES."""
    use: str
    """What it is for, in one line."""
    checked: str
    """What was found true of it before it got its name."""
    in_place: bool = True
    """Whether what its card says to do next is done in its folder."""


TARGETS = {
    "run": TargetWords(
        "keep",
        "The result with its settings and its course, for another workbench. The examples stay here.",
        "Each file was read again and is what the run holds.",
        in_place=False,
    ),
    "adapter": TargetWords(
        "keep",
        "Only what was learned: a small folder that PEFT reads, beside the original model.",
        "Loaded again beside the original, it answers as the run does, splits text into the same tokens, and renders "
        "conversations alike.",
    ),
    "gguf": TargetWords(
        "programs",
        "The tuned model in one file, with its Modelfile. Runs in Ollama, LM Studio and llama.cpp.",
        "The file was read again: each tensor is as near to the tuned model's as its number format allows, and "
        "tokenizer and template are as they should be.",
    ),
    "gguf-lora": TargetWords(
        "programs",
        "Only what was learned, for an Ollama or llama.cpp that has the original model already.",
        "The file was read again, and each of its tensors is what the run learned.",
    ),
    "merged": TargetWords(
        "python",
        "A model of its own, with what was learned inside. Transformers loads it like any other.",
        "Loaded again, it answers as the original with the adapter does, splits text into the same tokens, and "
        "renders conversations alike.",
    ),
}
"""By the names of the targets of `export.targets`."""

NUMBERS = {
    "fp32": "every digit that was computed, four bytes a number",
    "bf16": "half the size of fp32, hardly worse",
    "fp16": "half the size of fp32, hardly worse, for older GPUs",
    "F32": "every digit that was computed, four bytes a number",
    "F16": "half the size of F32, hardly worse",
    "BF16": "half the size of F32, hardly worse, slow on older processors",
    "Q8_0": "half the size of F16, hardly worse",
    "Q6_K": "two fifths of F16, a little worse",
    "Q5_K_M": "a third of F16, a little worse",
    "Q5_1": "three eighths of F16, a little worse",
    "Q5_0": "a third of F16, a little worse, Q5_K_M is better",
    "Q4_K_M": "three tenths of F16, noticeably worse, what most people run",
    "Q4_1": "three tenths of F16, noticeably worse",
    "Q4_0": "the smallest, noticeably worse, Q4_K_M is better",
}
"""A short word on each number format that a target has."""

LICENCE = "The original, {}, is given under: {}."
NO_LICENCE = "The files of the original, {}, name no licence. Ask its makers before you pass the result on."
TICKS = {"licence_confirmed": "I have read its licence, and pass the result on under its terms."}
"""Questions of `export.record.statement` whose answer is a tick, and what the tick says."""

NO_ANSWERS = "These are no answers to the questions about a run."
MORE_FILES = "{} more"
GO_THERE = "Go to its folder first:"
RUN = "{method} on {model}, {age}"
ABOUT = "about {}"
TITLE = "{label} of {run}"
NO_RUN = "There is no run to export."
CHOOSE_RUN = "Choose one that has a result."
NO_FORM = "This result cannot be taken home in any form."
SEE_REASONS = "The reason stands with each of them."
NO_TARGET = "The page asked for a form that does not exist."
RELOAD = "Load the page anew, then choose again."
NO_EXPORT = "There is no export {}."
CHOOSE_EXPORT = "Choose one from the list."
NOT_UNDER_WAY = "This export is not under way."
NOTHING_TO_CANCEL = "There is nothing to cancel."
STILL_WRITTEN = "This export is still being written."
CANCEL_FIRST = "Cancel it first."
NAME_TAKEN = "There is an export {} already."
OTHER_NAME = "Choose another name, or delete that one below."
CANNOT_COME_BACK = "{} cannot be brought back."
KEPT_A_WEEK = "Deleted exports are kept for a week."
PUSH_TITLE = "{} to “{}”, {}"
NO_PUSH = "There is no upload {}."
NOT_BEING_PUSHED = "This upload is not under way."
