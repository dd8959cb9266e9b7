"""The settings of the data: which files, how they are read, and what of them is learned."""

from typing import Any

from workbench.config.fields import Auto, Section, setting


def _column(label: str, help: str) -> Any:
    return setting("", label, f"{help} Empty is found by its name.", advanced=True)


class DataSettings(Section):
    path: str = setting(
        "pirate",
        "Data",
        "Your examples: a sample, a set you made, or a file or folder. NAME@2 is the second version of a set.",
    )
    weights: str = setting(
        "",
        "How often each file is seen (weights)",
        "“shop: 2, haiku: 0.5” shows the examples of shop twice in each pass and half of those of haiku. A set that is "
        "named here and is not part of the data is mixed in.",
        advanced=True,
    )
    template: str = setting(
        "auto",
        "Chat template",
        "How questions and answers are written for the model. Auto is the model's own, which is almost always right; "
        "a model that has none needs one of the others.",
        choices=("auto", "chatml", "llama", "alpaca", "zephyr", "plain"),
        advanced=True,
    )
    labels: str = setting(
        "answers",
        "What is learned (labels)",
        "Answers only is right for almost everything. The last answer only suits long conversations; everything also "
        "learns to ask the questions.",
        choices=("answers", "last_answer", "everything"),
        advanced=True,
    )
    system_prompt: str = setting(
        "",
        "Tell the model who it is (system prompt)",
        "Stands before every example that has no system prompt of its own, and goes with the adapter: to Chat and to "
        "every export.",
        advanced=True,
    )
    max_length: int | Auto = setting(
        "auto",
        "Longest example in tokens (max length)",
        "What happens to longer examples is the next setting. Auto is 512, or what the model takes.",
        minimum=16,
        maximum=131072,
        stops=(64, 128, 256, 512, 768, 1024, 1536, 2048, 4096, 8192),
        advanced=True,
    )
    over_long: str = setting(
        "cut_prompt",
        "Examples that are too long",
        "Cut the question from its left and keep the answer; cut the end; or leave the example out. Plain text is "
        "always split into rows instead.",
        choices=("cut_prompt", "cut_end", "drop"),
        advanced=True,
    )
    overlap: int = setting(
        0,
        "Overlap of split texts in tokens",
        "A row of plain text begins with so many tokens of the row before it. They are read, not learned again.",
        minimum=0,
        maximum=4096,
        advanced=True,
    )
    eval_share: float = setting(
        0.1,
        "Kept for checking (evaluation share)",
        "This share of your examples is never learned from; it shows whether the model learned or only memorised.",
        minimum=0.0,
        maximum=0.5,
        step=0.01,
        advanced=True,
        only_if=("data.eval_path", ""),
    )
    eval_path: str = setting(
        "",
        "Data kept for checking (evaluation set)",
        "A set or file of its own to check with, instead of a share of the examples.",
        advanced=True,
    )
    encoding: str = setting(
        "utf-8",
        "Encoding of the file",
        "How letters are stored in a text file. Files of older programs are often windows-1252 or windows-1250.",
        choices=("utf-8", "utf-16", "latin-1", "windows-1250", "windows-1252"),
        advanced=True,
    )
    header: bool = setting(
        True,
        "First row names the columns (header)",
        "Switch it off for a table that begins with its first example; its columns are then called column 1, column 2.",
        advanced=True,
    )
    sheet: str = setting(
        "",
        "Sheet of the workbook",
        "Which sheet of an .xlsx file is read. Empty is the first.",
        advanced=True,
    )
    question_column: str = _column("Column of questions", "What someone asks.")
    answer_column: str = _column("Column of answers", "How it should be answered.")
    context_column: str = _column(
        "Column of context", "Stands below the question, such as the input of an instruction."
    )
    system_column: str = _column("Column of system prompts", "Stands before the question and says who the model is.")
    messages_column: str = _column("Column of conversations", "A list of turns, each with a role and a text.")
    text_column: str = _column("Column of texts", "Each is a document of its own, learned as it stands.")
