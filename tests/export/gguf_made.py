"""Tuned models of every family with numbers that make a difference, and what llama.cpp and transformers say of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM

from tests.tiny import SENTENCES, make_config, make_tokenizer
from workbench.export.job import ExportJob
from workbench.export.makings import MAKINGS
from workbench.jobs.files import write_json
from workbench.jobs.transfer import Teller
from workbench.models.base_of import base_of
from workbench.models.tokenizer import load_tokenizer, saved_template
from workbench.runs.run_dir import RunDir
from workbench.training.importing.keeping import import_adapter

PROMPTS = (
    *SENTENCES,
    *("Hello", "What is seven plus five?", "1, 2, 3, 42", "The cow", "A", "Who are you", "once upon a time", "sea"),
    *(
        "<|im_start|>user\nHello!<|im_end|>\n<|im_start|>assistant\n",
        "Ahoy,\n\n",
        "def add(a, b):",
        "Naïve café",
        "🙂 and",
    ),
)
ODD_TEXTS = (
    *PROMPTS,
    *("", " ", "  two  spaces ", "\n\n\n", "line\n  indented\r\n\tend", "12345 and 1,234.50", "don't, I'LL, we've"),
    *(
        "Ünïcödé ÀÉÎ ß œ",
        "東京とソウル 서울",
        "🙂👍🏽 👨‍👩‍👧",
        "Ω ≈ 3.14 — “quoted”…",
        "a<|im_start|> b <|im_end|>c<|pad|>",
    ),
)
"""What tokenizers are known to stumble over."""

_STEPS = 12
_ANSWER_TOKENS = 32
_SPARE_ROWS = 16
"""Models often have more than their tokenizers have tokens."""


def made_model(folder: Path, kind: str, tokenizer: Any = None, *, tied: bool = True, **changes: Any) -> Path:
    """A model whose answers differ much, so that none hangs on how a program rounds."""
    tokenizer = tokenizer or make_tokenizer()
    config = make_config(kind, tokenizer, tied=tied)
    config.vocab_size += _SPARE_ROWS
    for name, value in changes.items():
        setattr(config, name, value)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = AutoModelForCausalLM.from_config(config)
    _stir(model, 0.1)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def tuned_run(root: Path, model: Path, name: str, *, untouched: bool = False, **settings: Any) -> RunDir:
    """A run with a LoRA beside every layer, which has learned nothing if it is to leave the model untouched."""
    base = AutoModelForCausalLM.from_pretrained(model, dtype=torch.float32)
    chosen = {"r": 4, "lora_alpha": 8, "target_modules": "all-linear"} | settings
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        adapted = get_peft_model(base, LoraConfig(task_type="CAUSAL_LM", **chosen))
    _stir(adapted, 0.0 if untouched else 0.1)
    adapted.save_pretrained(root.parent / f"adapter-{name}")
    return import_adapter([root.parent / f"adapter-{name}"], str(model), root, name)


def write(run: RunDir, target: str, numbers: str, folder: Path) -> Path:
    """The GGUF file of a checked export."""
    job = ExportJob(folder.parent / f"job-{folder.name}")
    job.path.mkdir()
    write_json(job.path / "request.json", {})
    folder.mkdir()
    making = MAKINGS[target](run, numbers)
    making.write(folder, Teller(job, making.total_bytes, "Writing."))
    making.verify(folder)
    return next(folder.glob("*.gguf"))


class Transformers:
    """The model of a run with its adapter, as stock libraries put it there."""

    def __init__(self, run: RunDir) -> None:
        base = AutoModelForCausalLM.from_pretrained(base_of(run), dtype=torch.float32)
        self._model = PeftModel.from_pretrained(base, str(run.adapter_dir)).eval()
        self._tokenizer = load_tokenizer(base_of(run), run.config().data.template, saved_template(run.adapter_dir))

    def encode(self, text: str) -> list[int]:
        found: list[int] = self._tokenizer.encode(text)
        return found

    def logits(self, ids: Sequence[int]) -> torch.Tensor:
        with torch.inference_mode():
            found: torch.Tensor = self._model(torch.tensor([list(ids)])).logits[0]
        return found

    def go_on(self, ids: list[int]) -> list[int]:
        """With the likeliest token, again and again."""
        given = torch.tensor([ids])
        found: list[int] = self._model.generate(
            given, attention_mask=torch.ones_like(given), do_sample=False, max_new_tokens=_STEPS, eos_token_id=None
        )[0].tolist()
        return found


class Llama:
    """A GGUF file in llama.cpp, with the file of an adapter beside it or without."""

    def __init__(self, file: Path, adapter: Path | None = None) -> None:
        import llama_cpp

        alone = {"n_threads": 1, "n_threads_batch": 1}
        exact = {"type_k": llama_cpp.GGML_TYPE_F32, "type_v": llama_cpp.GGML_TYPE_F32}
        self._model = llama_cpp.Llama(
            str(file), lora_path=adapter and str(adapter), n_ctx=256, logits_all=True, verbose=False, **exact, **alone
        )

    def encode(self, text: str) -> list[int]:
        found: list[int] = self._model.tokenize(text.encode(), add_bos=True, special=True)
        return found

    def answer(self, text: str) -> str:
        """The likeliest."""
        found: str = self._model(text, max_tokens=_ANSWER_TOKENS, temperature=0.0)["choices"][0]["text"]
        return found

    def logits(self, ids: Sequence[int]) -> torch.Tensor:
        self._model.reset()
        self._model.eval(list(ids))
        return torch.tensor(self._model.scores[: len(ids)])


def parting(found: Llama, due: Transformers, text: str) -> float:
    """How far apart transformers has the two tokens at which the likeliest continuations part, as a share of the spread
    of all; 0 where they go on alike."""
    asked = due.encode(text)
    ids = due.go_on(asked)
    logits, theirs = due.logits(ids), found.logits(ids)
    for place in range(len(asked) - 1, len(ids) - 1):
        chosen, other = int(logits[place].argmax()), int(theirs[place].argmax())
        if chosen != other:
            return float((logits[place][chosen] - logits[place][other]) / logits[place].std())
    return 0.0


def _stir(model: Any, by: float) -> None:
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.add_(by * torch.randn(parameter.shape, generator=generator))
