"""A served workspace with a small model and results of runs on it, and OpenAI's own client for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from openai import OpenAI

from tests.conftest import share_kernels
from tests.recorded_run import RecordedRun
from tests.server.conftest import RunningPage, start_page
from workbench.runs.keys import api_key
from workbench.runs.run_dir import RunDir

HELLO = [{"role": "user", "content": "Hello!"}]
MODEL = "tiny"


@dataclass(frozen=True)
class AskedServer:
    page: RunningPage
    client: OpenAI

    @property
    def root(self) -> Path:
        return self.page.root

    @property
    def key(self) -> str:
        return api_key(self.root)


@contextmanager
def serve(root: Path, *flags: str) -> Iterator[AskedServer]:
    share_kernels(root)
    with start_page(root, *flags) as page:
        address = f"http://127.0.0.1:{page.port}/v1"
        with OpenAI(base_url=address, api_key=api_key(root), max_retries=0) as client:
            yield AskedServer(page, client)


def fill(root: Path, model: Path) -> None:
    """A model called `tiny`, and two results on it that answer each in its own way."""
    (root / "models").mkdir()
    (root / "models" / MODEL).symlink_to(model)
    for seed, name in enumerate(("pirate", "parrot")):
        write_adapter(finished_run(root, name), model, seed)


def finished_run(root: Path, name: str) -> RunDir:
    chosen = {"model__path": MODEL, "model__precision": "fp32", "data__template": "auto"}
    return RecordedRun(root, name, **chosen).phase("finished").dir


def write_adapter(run: RunDir, model: Path, seed: int) -> None:
    """An adapter with weights of its own, so that its answers differ."""
    import torch
    from peft import LoraConfig, get_peft_model

    from workbench.models.load import load_model

    torch.manual_seed(seed)
    settings = LoraConfig(r=4, target_modules=["q_proj", "down_proj"], init_lora_weights=False, task_type="CAUSAL_LM")
    adapted = get_peft_model(load_model(model, "fp32", "cpu"), settings)
    for parameter in adapted.parameters():
        if parameter.requires_grad:
            parameter.data.mul_(20)
    adapted.save_pretrained(str(run.adapter_dir), save_embedding_layers=False)
