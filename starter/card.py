"""The model card: figures of the training, the model and its examination, put into `card.md`.

Run as:
python -m starter.card --model presets/model
"""

import argparse
import json
from pathlib import Path
from typing import NamedTuple

from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

from starter.evaluation import Result, count_late, evaluate
from starter.heldout import build_prompts

TEMPLATE = Path(__file__).with_name("card.md")
RECORD = "training.json"


class Record(NamedTuple):
    """What the training leaves beside the weights, so that the card can be written again."""

    seed: int
    conversations: int
    corpus_sha256: str
    row_tokens: int
    processes: int
    steps: int
    tokens: int
    minutes: float
    loss: float


def write_record(record: Record, folder: Path) -> None:
    (folder / RECORD).write_text(json.dumps(record._asdict(), indent=2) + "\n", encoding="utf-8")


def write_card(folder: Path) -> None:
    """Examine the model in `folder` and write its README."""
    record = Record(**json.loads((folder / RECORD).read_text(encoding="utf-8")))
    figures = record._asdict() | describe_model(folder) | describe_result(evaluate(folder))
    (folder / "README.md").write_text(TEMPLATE.read_text(encoding="utf-8").format(**figures), encoding="utf-8")


def describe_model(folder: Path) -> dict[str, object]:
    config = AutoConfig.from_pretrained(folder)
    parameters = AutoModelForCausalLM.from_pretrained(folder).num_parameters()
    return {
        "parameters": f"{parameters / 1e6:.1f} million",
        "hidden": config.hidden_size,
        "layers": config.num_hidden_layers,
        "heads": config.num_attention_heads,
        "head": config.head_dim,
        "mlp": config.intermediate_size,
        "context": config.max_position_embeddings,
        "pieces": len(AutoTokenizer.from_pretrained(folder)),
    }


def describe_result(result: Result) -> dict[str, object]:
    return {
        "prompts": len(result.answers),
        "acceptable": result.acceptable,
        "shuffled": result.shuffled,
        "late": result.late,
        "late_prompts": count_late(build_prompts()),
        "kinds": "\n".join(f"| {kind} | {share:.0%} |" for kind, share in result.by_kind.items()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Examine a starter model and write its card.")
    parser.add_argument("--model", type=Path, default=Path("presets/model"))
    write_card(parser.parse_args().model)


if __name__ == "__main__":
    main()
