"""A run folder as a worker writes it, grown by a test: the files are real, only the training is not."""

import math
import time
from pathlib import Path
from typing import Any

from workbench.config.build import build
from workbench.jobs.files import append_json, write_json
from workbench.jobs.folder import Status
from workbench.jobs.process import ProcessId
from workbench.runs.run_dir import Resolved, RunDir

AUTO = {
    "training.epochs": Resolved(6, "about 100 updates"),
    "training.learning_rate": Resolved(0.004, "LoRA, 5 M"),
    "data.max_length": Resolved(512, "enough for most questions and answers"),
    "hardware.threads": Resolved(2, "all physical cores"),
}


class RecordedRun:
    """Grows a run below `root`. The living process of a live run is the test itself."""

    def __init__(self, root: Path, name: str = "pirate-1", steps: int = 480, **asked: Any) -> None:
        settings = {path.replace("__", "."): value for path, value in asked.items()}
        self.dir = RunDir.create(root, name, build(settings), AUTO)
        self.steps = steps
        self.attempt = 1
        me = ProcessId.current()
        self.dir.write_process(time.time(), supervisor=me, worker=me)
        machine = {"cpu": "Test CPU", "cores": 2, "ram_gb": 21.0}
        write_json(self.dir.environment_path, machine)

    def phase(self, phase: str, step: int = 0, message: str = "", hint: str = "") -> "RecordedRun":
        self.dir.write_status(Status(phase, step, self.steps, message, hint))
        return self

    def step(self, step: int, **changed: Any) -> None:
        """One update on a curve that falls and trembles, but for what is `changed`."""
        row = {
            "attempt": self.attempt,
            "step": step,
            "loss": curve(step),
            "learning_rate": 0.004 * (1 + math.cos(math.pi * step / self.steps)) / 2,
            "grad_norm": 0.9 + 0.3 * math.sin(step),
            "tokens": 800 * step,
            "learned_tokens": 300 * step,
            "tokens_per_second": 1043.0 + step % 7,
            "epoch": 6 * step / self.steps,
            "seconds": 0.1 * step,
        }
        append_json(self.dir.metrics_path, row | changed)

    def train(self, first: int, last: int) -> "RecordedRun":
        for step in range(first, last + 1):
            self.step(step)
        return self.phase("training", last)

    def check(self, step: int, loss: float | None) -> None:
        row = {"attempt": self.attempt, "step": step, "eval_loss": loss, "seconds": 0.1 * step}
        append_json(self.dir.metrics_path, row)

    def answer(self, step: int, prompt: str, answer: str, expected: str = "Ahoy!") -> None:
        row = {"attempt": self.attempt, "step": step, "prompt": prompt, "expected": expected, "answer": answer}
        append_json(self.dir.samples_path, row)

    def machine(self, **changed: float) -> None:
        row = {
            "time": time.time(),
            "ram_gb": 1.1,
            "cpu_percent": 197.0,
            "machine_ram_used_gb": 6.2,
            "machine_ram_total_gb": 21.0,
            "machine_cpu_percent": 99.0,
            "swap_gb": 0.0,
            "disk_free_gb": 61.0,
        }
        append_json(self.dir.system_path, row | changed)

    def log(self, text: str) -> None:
        with self.dir.log_path.open("a", encoding="utf-8") as file:
            file.write(text)

    def finish(self, phase: str = "finished", step: int | None = None) -> "RecordedRun":
        """The adapter stands, then the last word is written."""
        self.dir.adapter_dir.mkdir()
        (self.dir.adapter_dir / "adapter_config.json").write_text("{}", encoding="utf-8")
        (self.dir.adapter_dir / "adapter_model.safetensors").write_bytes(bytes(range(256)) * 4096)
        return self.phase(phase, self.steps if step is None else step)

    def keep_ranks(self, ranks: dict[str, int], most: int = 12) -> None:
        """The adapter that was left is one of AdaLoRA's."""
        kept = {f"{layer}.lora_E": [place < rank for place in range(most)] for layer, rank in ranks.items()}
        write_json(self.dir.adapter_dir / "adapter_config.json", {"peft_type": "ADALORA", "rank_pattern": kept})


def curve(step: int) -> float:
    """Falls from about 3.9 to about 1.2, trembling as small batches do."""
    return 1.2 + 2.7 * math.exp(-step / 90) + 0.18 * math.sin(step * 1.7) * math.cos(step * 0.31)
