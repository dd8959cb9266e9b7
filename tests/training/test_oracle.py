"""The stock Trainer as oracle: the same rows in the same order give the same losses."""

from pathlib import Path

import pytest
import torch
from transformers import Trainer, TrainingArguments

from tests.training.in_process import create, losses, train
from workbench.config.run_config import RunConfig
from workbench.data.rendering.rows import Row
from workbench.methods.table import METHODS
from workbench.models.facts import facts
from workbench.models.load import load_model
from workbench.training.batches import collate
from workbench.training.dataset import load
from workbench.training.order import DataOrder


class _InOurOrder(Trainer):
    """Takes the rows as they come, instead of shuffling them itself."""

    def _get_train_sampler(self, *_: object) -> torch.utils.data.Sampler:
        return torch.utils.data.SequentialSampler(self.train_dataset)  # type: ignore[arg-type]


def _stock_losses(config: RunConfig, rows: list[Row], tiny_model: Path, out: Path) -> list[float]:
    torch.manual_seed(config.training.seed)
    base = load_model(tiny_model, "fp32", "cpu")
    torch.manual_seed(config.training.seed)
    method = config.method.model_copy(update={"alpha": 16.0})
    model = METHODS["lora"].apply(base, method, facts(tiny_model))

    def batched(features: list[dict]) -> dict[str, torch.Tensor]:
        batch = collate([Row(f["input_ids"], f["labels"], 0) for f in features], 0, "cpu")
        return {"input_ids": batch.input_ids, "attention_mask": batch.attention_mask, "labels": batch.labels}

    arguments = TrainingArguments(
        output_dir=str(out),
        num_train_epochs=1,
        per_device_train_batch_size=2,
        gradient_accumulation_steps=2,
        learning_rate=5e-3,
        lr_scheduler_type="cosine",
        warmup_steps=round(config.training.warmup_ratio * len(rows) / 4),
        weight_decay=0.0,
        logging_steps=1,
        save_strategy="no",
        report_to="none",
        use_cpu=True,
        disable_tqdm=True,
    )
    dataset = [{"input_ids": row.input_ids, "labels": row.labels} for row in rows]
    trainer = _InOurOrder(model, arguments, data_collator=batched, train_dataset=dataset)  # type: ignore[arg-type]
    trainer.train()
    return [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]


@pytest.mark.parametrize("batching", ["padded", "packed"])
def test_losses_are_those_of_the_stock_trainer(
    config: RunConfig, root: Path, tiny_model: Path, tmp_path: Path, batching: str
) -> None:
    config = config.changed("data.eval_share", 0.0).changed("training.micro_batch_size", 2)
    config = config.changed("training.batching", batching)
    run = train(create(config, root))
    rows = load(run, run.config()).training
    order = DataOrder(len(rows), 4, config.training.seed)
    in_order = [rows[index] for step in range(12) for index in order.batch(step)]
    stock = _stock_losses(config, in_order, tiny_model, tmp_path / "stock")
    assert losses(run) == pytest.approx(stock, abs=2e-4)
