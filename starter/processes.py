"""The processes that train together: started, introduced to each other, waited for."""

from pathlib import Path

import torch
from torch import distributed, multiprocessing
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

from starter.training import Clock, Lessons, Plan, build_model, load_checkpoint, train


def train_together(tokenizer: PreTrainedTokenizerFast, lessons: Lessons, plan: Plan, folder: Path) -> Clock:
    """Train in `plan.processes` processes; the result is the checkpoint in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    meeting = (folder / "meeting").resolve()
    meeting.unlink(missing_ok=True)
    multiprocessing.spawn(run_process, args=(meeting, tokenizer, lessons, plan), nprocs=plan.processes)
    return Clock(*load_checkpoint(folder)["clock"])


def load_trained(tokenizer: PreTrainedTokenizerFast, plan: Plan, folder: Path) -> LlamaForCausalLM:
    model = build_model(tokenizer, plan.seed)
    model.load_state_dict(load_checkpoint(folder)["model"])
    return model


def run_process(rank: int, meeting: Path, tokenizer: PreTrainedTokenizerFast, lessons: Lessons, plan: Plan) -> None:
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", f"file://{meeting}", rank=rank, world_size=plan.processes)
    train(build_model(tokenizer, plan.seed), lessons, plan, meeting.parent)
    distributed.destroy_process_group()
