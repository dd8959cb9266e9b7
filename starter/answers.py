"""Greedy answers of a chat model to many prompts at once."""

from collections.abc import Sequence

import torch
from transformers import LlamaForCausalLM, PreTrainedTokenizerBase

BATCH_PROMPTS = 32
ANSWER_TOKENS = 80


def answer_all(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerBase, prompts: Sequence[str]) -> list[str]:
    """One answer a prompt, without randomness, of at most `ANSWER_TOKENS` new tokens."""
    tokenizer.padding_side = "left"
    answers: list[str] = []
    for start in range(0, len(prompts), BATCH_PROMPTS):
        answers += answer_batch(model, tokenizer, prompts[start : start + BATCH_PROMPTS])
    return answers


def answer_batch(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerBase, prompts: Sequence[str]) -> list[str]:
    texts = [
        tokenizer.apply_chat_template([{"role": "user", "content": prompt}], add_generation_prompt=True, tokenize=False)
        for prompt in prompts
    ]
    inputs = tokenizer(texts, return_tensors="pt", padding=True, add_special_tokens=False)
    with torch.inference_mode():
        output = model.generate(  # type: ignore[misc]
            input_ids=inputs["input_ids"],
            attention_mask=inputs["attention_mask"],
            do_sample=False,
            max_new_tokens=ANSWER_TOKENS,
        )
    return tokenizer.batch_decode(output[:, inputs["input_ids"].shape[1] :], skip_special_tokens=True)
