"""One side of a pair: LLaMA-Factory, through its own `run_exp`.  Its settings as JSON are the one argument."""

import json
import sys
from pathlib import Path
from typing import Any

from llamafactory.train.tuner import run_exp
from transformers import AutoTokenizer

from benchmarks.sides.pace import Pace
from benchmarks.sides.pacing import Pacer

EXAMPLES = "examples"


class WatchingPace(Pace):
    """Finds the model when the training begins."""

    def on_train_begin(self, *args: Any, **kwargs: Any) -> None:
        self.watch(kwargs["model"])


def main() -> None:
    settings = json.loads(sys.argv[1])
    pacer = Pacer()
    pad_id = AutoTokenizer.from_pretrained(settings["model"]).pad_token_id
    folder = Path(settings["out"]) / "llamafactory"
    register(Path(settings["rows"]), folder)
    run_exp(arguments(settings, folder), callbacks=[WatchingPace(pacer, pad_id)])


def register(rows: Path, folder: Path) -> None:
    """The examples as a data set of its own kind; it makes the same tokens of them."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = [json.loads(line) for line in rows.read_text(encoding="utf-8").splitlines()]
    columns = ("instruction", "input", "output")
    (folder / "rows.json").write_text(json.dumps([{name: text[name] for name in columns} for text in texts]))
    (folder / "dataset_info.json").write_text(json.dumps({EXAMPLES: {"file_name": "rows.json"}}))


def arguments(settings: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Its own defaults for all that is not named; with `packing`, examples back to back and kept apart."""
    given: dict[str, Any] = {
        "stage": "sft",
        "do_train": True,
        "model_name_or_path": settings["model"],
        "finetuning_type": "lora",
        "lora_target": "all",
        "lora_rank": settings["rank"],
        "dataset_dir": str(folder),
        "dataset": EXAMPLES,
        "template": "chatml",
        "cutoff_len": settings["longest_tokens"],
        "per_device_train_batch_size": settings["batch"],
        "learning_rate": settings["learning_rate"],
        "lr_scheduler_type": "constant",
        "max_steps": 100_000,
        "output_dir": str(folder / "out"),
        "overwrite_cache": True,
        "disable_shuffling": True,
        "bf16": settings["precision"] == "bf16",
        "use_cpu": True,
        "save_strategy": "no",
        "report_to": "none",
        "logging_steps": 1_000_000,
    }
    return given | ({"packing": True, "neat_packing": True} if settings["packing"] else {})


if __name__ == "__main__":
    main()
