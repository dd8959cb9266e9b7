"""Decoding: the same tokens as the library, the same answer for the same seed, a stop when asked."""

import itertools
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import LoraConfig, PrefixTuningConfig, PromptEncoderConfig, PromptTuningConfig, TaskType, get_peft_model
from transformers import AutoModelForCausalLM, MambaConfig

from tests.tiny import ARCHITECTURES, make_model, make_tokenizer
from workbench.config.sampling import Sampling
from workbench.models import decode as decoding
from workbench.models import ends
from workbench.models.load import load_model
from workbench.models.network_reader import decode, end_ids
from workbench.models.text_stream import TextStream
from workbench.models.tokenizer import load_tokenizer

PROMPT = list(range(40, 61))
CAUSAL = TaskType.CAUSAL_LM
ADAPTERS: dict[str, Any] = {
    "lora": LoraConfig(task_type=CAUSAL, r=4, target_modules=["q_proj", "v_proj"], init_lora_weights=False),
    "prompt tuning": PromptTuningConfig(task_type=CAUSAL, num_virtual_tokens=5),
    "p-tuning": PromptEncoderConfig(task_type=CAUSAL, num_virtual_tokens=5, encoder_hidden_size=32),
    "prefix tuning": PrefixTuningConfig(task_type=CAUSAL, num_virtual_tokens=5),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Untied, because a tied random model does little but repeat its last token."""
    return make_model(tmp_path_factory.mktemp("untied"), tied=False)


@pytest.fixture(scope="module")
def model(folder: Path) -> Any:
    return load_model(folder, "fp32", "cpu")


def generated(model: Any, new_tokens: int, **options: Any) -> list[int]:
    """What the library's own greedy decoding gives."""
    ids = torch.tensor([PROMPT])
    options = {"eos_token_id": None, "pad_token_id": 0, "do_sample": False, **options}
    answer = model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=new_tokens, **options)
    return [int(token) for token in answer[0][-new_tokens:]]


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_greedy_is_the_librarys_greedy(architecture: str, tmp_path: Path) -> None:
    model = load_model(make_model(tmp_path / "model", architecture, tied=False), "fp32", "cpu")
    tokens = list(decode(model, PROMPT, Sampling(max_new_tokens=60), []))
    assert tokens == generated(model, 60)
    assert len(set(tokens)) > 5


def test_the_repetition_penalty_is_the_librarys(model: Any) -> None:
    ours = list(decode(model, PROMPT, Sampling(max_new_tokens=40, repetition_penalty=1.3), []))
    assert ours == generated(model, 40, repetition_penalty=1.3)


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_adapters_answer_as_in_the_library(adapter: str, folder: Path) -> None:
    base = load_model(folder, "fp32", "cpu")
    plain = list(decode(base, PROMPT, Sampling(max_new_tokens=30), []))
    torch.manual_seed(0)
    model: Any = get_peft_model(base, ADAPTERS[adapter]).eval()
    tuned = list(decode(model, PROMPT, Sampling(max_new_tokens=30), []))
    assert tuned == generated(model, 30)
    assert tuned != plain


def test_a_model_without_a_key_value_cache_answers_too() -> None:
    torch.manual_seed(0)
    config = MambaConfig(vocab_size=400, hidden_size=32, num_hidden_layers=1, state_size=4)
    model = AutoModelForCausalLM.from_config(config).eval()
    assert list(decode(model, PROMPT, Sampling(max_new_tokens=5), [])) == generated(model, 5)


def test_a_long_prompt_is_read_in_pieces(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(decode(model, PROMPT, Sampling(max_new_tokens=20), []))
    monkeypatch.setattr(decoding, "PIECE_TOKENS", 4)
    assert list(decode(model, PROMPT, Sampling(max_new_tokens=20), [])) == whole


@pytest.mark.parametrize("temperature", [0.7, 2.0])
def test_the_same_seed_is_the_same_answer(model: Any, temperature: float) -> None:
    def answer(seed: int) -> list[int]:
        return list(
            decode(model, PROMPT, Sampling(temperature=temperature, seed=seed, max_new_tokens=30, top_p=0.9), [])
        )

    assert answer(1) == answer(1)
    assert answer(1) != answer(2)


def test_the_global_random_state_is_left_alone(model: Any) -> None:
    before = torch.random.get_rng_state()
    list(decode(model, PROMPT, Sampling(temperature=1.0, max_new_tokens=10), []))
    assert torch.equal(torch.random.get_rng_state(), before)


def test_what_was_decoded_with_can_still_be_trained(model: Any) -> None:
    list(decode(model, PROMPT, Sampling(max_new_tokens=3), []))
    model(input_ids=torch.tensor([PROMPT])).logits.sum().backward()
    assert model.model.norm.weight.grad is not None


def test_the_end_token_ends_the_answer_and_is_not_part_of_it(model: Any) -> None:
    tokens = list(decode(model, PROMPT, Sampling(max_new_tokens=20), []))
    end = tokens[7]
    answer = decode(model, PROMPT, Sampling(max_new_tokens=20), {end})
    assert list(answer) == tokens[: tokens.index(end)]
    assert answer.stop_reason == "end"


def test_the_longest_answer_is_kept_to(model: Any) -> None:
    answer = decode(model, PROMPT, Sampling(max_new_tokens=5), [])
    assert len(list(answer)) == 5
    assert answer.stop_reason == "length"


@pytest.mark.parametrize("length", [250, 256, 300])
def test_the_context_is_kept_to(model: Any, length: int) -> None:
    answer = decode(model, [50] * length, Sampling(max_new_tokens=100), [])
    assert len(list(answer)) == max(0, 256 - length)
    assert answer.stop_reason == "context"


def test_closing_stops_before_the_next_token(model: Any) -> None:
    answer = decode(model, PROMPT, Sampling(max_new_tokens=100), [])
    first = list(itertools.islice(answer, 3))
    answer.close()
    assert (len(first), list(answer), answer.stop_reason) == (3, [], "stopped")


def test_closing_stops_between_the_pieces_of_a_prompt(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "PIECE_TOKENS", 4)
    answer = decode(model, PROMPT, Sampling(), [])
    pieces = []

    def close_after_two(module: Any, arguments: Any, options: dict[str, Any]) -> None:
        pieces.append(options["input_ids"].shape[1])
        if len(pieces) == 2:
            answer.close()

    hook = model.register_forward_pre_hook(close_after_two, with_kwargs=True)
    assert list(answer) == []
    hook.remove()
    assert pieces == [4, 4]


def test_the_ends_are_those_of_model_tokenizer_and_template(model: Any, folder: Path) -> None:
    tokenizer = load_tokenizer(folder)
    assert end_ids(model, tokenizer) == ends.end_ids(folder, tokenizer) == {tokenizer.eos_token_id}
    vocabulary = tokenizer.get_vocab()
    tokenizer.eos_token = "<|im_start|>"
    assert end_ids(model, tokenizer) == {vocabulary["<|im_start|>"], vocabulary["<|im_end|>"]}


@pytest.mark.parametrize("text", ["Ahoy, matey!", "naïve 日本語 🦜👩‍👩‍👧", " leading and trailing ", "🦜", ""])
def test_streamed_text_is_whole_characters_and_nothing_is_lost(text: str) -> None:
    tokenizer = make_tokenizer()
    stream = TextStream(tokenizer)
    pieces = [stream.push(token) for token in tokenizer.encode(text)]
    assert all("\ufffd" not in piece for piece in pieces)
    assert "".join(pieces) + stream.finish() == text


def test_an_unfinished_character_is_shown_only_at_the_end() -> None:
    tokenizer = make_tokenizer()
    stream = TextStream(tokenizer)
    parrot = tokenizer.encode("🦜")
    assert [stream.push(token) for token in parrot[:-1]] == [""] * (len(parrot) - 1)
    assert stream.finish() == "\ufffd"


def test_broken_text_does_not_hold_the_stream_up() -> None:
    tokenizer = make_tokenizer()
    stream = TextStream(tokenizer)
    (half,) = tokenizer.encode("🦜")[:1]
    pieces = [stream.push(token) for token in [half] * 8 + tokenizer.encode("ok")]
    assert "".join(pieces).endswith("ok")


def test_special_tokens_are_not_shown() -> None:
    tokenizer = make_tokenizer()
    stream = TextStream(tokenizer)
    assert "".join(stream.push(token) for token in tokenizer.encode("Hi<|im_end|>there")) == "Hithere"
