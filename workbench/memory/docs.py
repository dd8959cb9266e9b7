"""How needs are foretold. `python -m workbench.memory.docs > docs/memory.md` writes it anew."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from workbench.memory.example import Example
from workbench.memory.terms import TERMS

_HEAD = """# Memory, and room on the disk

What a run needs is worked out before it starts, by arithmetic: `python -m workbench plan`, and the bar beside the form.
`workbench/memory/` does it, without torch, in milliseconds. This page is written by it
(`python -m workbench.memory.docs`).

What is foretold is the most **anonymous memory** that the run's own process ever holds. Files that are only mapped are
not in it, since the system takes their pages back when it needs them. A run has moments, and each has its sum: the
model is loaded, then trained. The largest is what has to be free.

## What memory goes to

| Term | What it is | Formula | Source |
|---|---|---|---|
"""

_MEASURED = """
`benchmarks/estimates.py` trains models of 10 to 500 million weights in every way, under each plan's own settings, and
compares. On two cores 37 runs of 12, 135 and 494 million weights were planned between 7 % too low and 11 % too high,
half of them within 4 %. Where earlier runs on a computer took more or less than was foretold, later plans there follow
them.

## On a GPU

The standard path computes there what it computes on a processor, and the same terms count, but for these:

- CUDA itself holds some memory that `torch.cuda.max_memory_allocated` does not count. It is a term of its own.
- The allocator keeps what it once had from the driver, in pieces of 2 and 20 MB (PyTorch, “CUDA semantics: Memory
  management”). A tenth of what comes and goes is counted for that. It is not in `max_memory_allocated` either.
- A paged optimizer's moments move to the computer's own memory when the GPU is full, and are counted there.
- AdamW updates all tensors at a time, and holds one number more of each meanwhile (PyTorch, `torch.optim.AdamW`,
  `foreach`).
- Of the computer's memory the process takes what Python and its libraries do, and for a moment one tensor on its way
  from the file.

These figures have not been compared with a GPU yet; `tests/memory/test_device_gpu.py` does it where there is one. Free
memory is what `nvidia-smi` tells of the first card that CUDA sees.

## An example

SmolLM2-135M, LoRA of rank 8 beside all linear layers, bf16, AdamW, four examples of 512 tokens computed at once, on two
threads. In MB:

| Term | Fast path | Standard path | On a GPU |
|---|---|---|---|
"""

_DISK = """
## On the disk

| What | Formula | In the example |
|---|---|---|
"""

_DISK_NOTE = """
Moments are counted as each optimizer keeps them: two of 4 bytes (AdamW), one (Lion, SGD), two of one byte with a
constant for each 256 and a table for each tensor (8-bit; a tensor of fewer than 4,096 numbers is kept in full), one for
each row and column (Adafactor). What the model's own weights learn is kept once, since the result has all of it.
AdaLoRA remembers two numbers more for each that it trains, PiSSA and OLoRA what they began with.

While a run goes on, it holds one checkpoint more than it keeps, since the oldest goes only when the newest is whole,
and the states that were the best at a check since the last checkpoint. Its rows are links to what stands in the cache.

## Rules of thumb

| What people say | SmolLM2-135M by the rule | By the terms above |
|---|---|---|
"""

_RULES_NOTE = """
The rules count weights and what goes with each. They leave out what every process holds, and what examples leave behind
in the layers, which grows with their length. For a small model these are most of it, for a large one a small part.

## What is not counted

- The page, and a model in Chat: they are seen in what is free. Starting can close Chat.
- Other programs that begin meanwhile, and swap: what has to be swapped is as good as not there.
- Pages of files in memory. They make a run faster, and go when they are needed.
- Trackers, and what a tracker's own process takes.
- Several GPUs: the first one counts.
- On the disk: the cache of prepared rows, the log of a run that fails again and again, and what the file system adds.
"""


def page() -> str:
    """As it stands in docs/memory.md."""
    with TemporaryDirectory() as folder:
        example = Example.make(Path(folder))
        parts = (_terms(), _MEASURED, _sums(example), _DISK, _files(example), _DISK_NOTE, _rules(example), _RULES_NOTE)
    return _HEAD + "".join(parts)


def _terms() -> str:
    rows = (f"| {term.label} | {term.meaning} | {term.formula} | {term.source} |\n" for term in TERMS.values())
    return "".join(rows)


def _sums(example: Example) -> str:
    columns = [estimate.terms for estimate in example.estimates]
    rows = [
        _row(term.label, *(_megabytes(column[name]) if column.get(name) else "" for column in columns))
        for name, term in TERMS.items()
        if any(column.get(name) for column in columns)
    ]
    sums = _row("**at most**", *(f"**{_megabytes(sum(column.values()))}**" for column in columns))
    return "".join(rows) + sums


def _files(example: Example) -> str:
    saved = example.saved
    adapter = "4 bytes × numbers in it; names of tensors; small files"
    checkpoint = "the result, the trained numbers in full precision, and what the optimizer remembers of each"
    rows = [
        _row("result", adapter, f"{_megabytes(saved.result_bytes)} MB"),
        _row("checkpoint", checkpoint, f"{_megabytes(saved.checkpoint_bytes)} MB"),
    ]
    formulas = {
        "adapter": "as the result",
        "merged, fp32": "4 bytes × parameters; the tokenizer",
        "merged, bf16": "2 bytes × parameters; the tokenizer",
        "merged, fp16": "2 bytes × parameters; the tokenizer",
        "GGUF, F16": "2 bytes × numbers in matrices, 4 in vectors; the tokenizer",
        "GGUF, Q8_0": "34 bytes for each 32 numbers in matrices, 4 for each in vectors; the tokenizer",
    }
    exports = example.exports
    return "".join([*rows, *(_row(form, formulas[form], f"{_megabytes(exports[form])} MB") for form in formulas)])


def _rules(example: Example) -> str:
    billions = example.facts.parameters / 1e9
    weights, full = (_megabytes(example.ask_bytes), _megabytes(1e9 * example.full.gb))
    low, high = (_megabytes(share * 2e9 * billions) for share in (5, 7))
    return _row(
        "2 GB for each billion parameters, to ask it in 16 bits", f"{_megabytes(2e9 * billions)} MB", f"{weights} MB"
    ) + _row("5 to 7 times the model, to tune all of it", f"{low} to {high} MB", f"{full} MB")


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |\n"


def _megabytes(size: float) -> str:
    return f"{size / 1e6:,.1f}" if size < 10e6 else f"{size / 1e6:,.0f}"


if __name__ == "__main__":
    sys.stdout.write(page())
