"""One side of a pair: the Trainer of transformers with PEFT.  Its settings as JSON are the one argument."""

import json
import sys
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    BitsAndBytesConfig,
    DataCollatorForSeq2Seq,
    PreTrainedModel,
    Trainer,
    TrainingArguments,
)

from benchmarks.sides.pace import Pace
from benchmarks.sides.pacing import Pacer


def main() -> None:
    settings = json.loads(sys.argv[1])
    pacer = Pacer()
    tokenizer = AutoTokenizer.from_pretrained(settings["model"])
    pace = Pace(pacer, tokenizer.pad_token_id)
    model = adapt(load(settings), settings["rank"])
    pace.watch(model)
    rows = [json.loads(line) for line in Path(settings["rows"]).read_text(encoding="utf-8").splitlines()]
    trainer = Trainer(
        model=model,
        args=arguments(settings),
        train_dataset=[{name: row[name] for name in ("input_ids", "labels")} for row in rows],
        data_collator=DataCollatorForSeq2Seq(tokenizer),
        callbacks=[pace],
    )
    trainer.train()


def load(settings: dict[str, Any]) -> PreTrainedModel:
    if not settings["nf4"]:
        dtype = {"bf16": torch.bfloat16, "fp32": torch.float32}[settings["precision"]]
        return AutoModelForCausalLM.from_pretrained(settings["model"], dtype=dtype)
    coded = BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
    )
    model = AutoModelForCausalLM.from_pretrained(settings["model"], quantization_config=coded, dtype=torch.bfloat16)
    return prepare_model_for_kbit_training(model, use_gradient_checkpointing=False)


def adapt(model: PreTrainedModel, rank: int) -> torch.nn.Module:
    return get_peft_model(model, LoraConfig(r=rank, lora_alpha=2 * rank, target_modules="all-linear"))


def arguments(settings: dict[str, Any]) -> TrainingArguments:
    """The usual ones; examples come in the order of the file."""
    return TrainingArguments(
        output_dir=settings["out"],
        per_device_train_batch_size=settings["batch"],
        max_steps=1_000_000,
        learning_rate=settings["learning_rate"],
        lr_scheduler_type="constant",
        bf16=settings["precision"] == "bf16",
        train_sampling_strategy="sequential",
        save_strategy="no",
        report_to="none",
        logging_strategy="no",
        disable_tqdm=True,
        use_cpu=True,
    )


if __name__ == "__main__":
    main()
