"""Answers through OpenAI's own client, from a real server and its worker."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from openai import BadRequestError

from tests.server.asked_server import HELLO, MODEL, AskedServer, fill, serve
from tests.server.wire import ask

pytestmark = pytest.mark.slow

CALMLY: dict[str, Any] = {"temperature": 0, "max_tokens": 12}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Iterator[AskedServer]:
    root = tmp_path_factory.mktemp("asked")
    fill(root, tiny_model)
    with serve(root) as running:
        yield running


def say(server: AskedServer, model: str = "pirate", **settings: Any) -> str:
    asked = CALMLY | {"messages": HELLO} | settings
    return str(server.client.chat.completions.create(model=model, **asked).choices[0].message.content)


def pieces(server: AskedServer, **settings: Any) -> list[Any]:
    asked = {"model": "pirate", "messages": HELLO, **CALMLY} | settings
    return list(server.client.chat.completions.create(stream=True, **asked))


def test_the_list_names_the_bases_and_the_results(server: AskedServer) -> None:
    listed = {model.id: model for model in server.client.models.list()}
    assert {"pirate", "parrot", MODEL, "starter"} <= listed.keys()
    assert (listed["pirate"].parent, listed[MODEL].parent) == (MODEL, None)  # type: ignore[attr-defined]
    assert server.client.models.retrieve("pirate").id == "pirate"


def test_each_model_answers_for_itself_also_when_they_are_asked_at_once(server: AskedServer) -> None:
    models = [MODEL, "pirate", "parrot", "pirate@0.5"]
    alone = [say(server, model) for model in models]
    assert len(set(alone)) == len(models)
    with ThreadPoolExecutor(len(models)) as pool:
        assert list(pool.map(lambda model: say(server, model), models * 3)) == alone * 3


def test_at_no_strength_a_result_is_its_base(server: AskedServer) -> None:
    assert say(server, "pirate@0") == say(server, MODEL) != say(server, "pirate@1.5")
    with pytest.raises(BadRequestError, match=r"may be 0 to 1\.5"):
        say(server, "pirate@1.6")


def test_a_stream_brings_the_same_text_piece_by_piece(server: AskedServer) -> None:
    found = pieces(server, stream_options={"include_usage": True})
    *rest, usage = found
    assert rest[0].choices[0].delta.role == "assistant"
    assert "".join(piece.choices[0].delta.content or "" for piece in rest) == say(server)
    assert len(rest) > 4 and rest[-1].choices[0].finish_reason == "length"
    assert usage.choices == [] and usage.usage.completion_tokens == 12
    assert all(piece.usage is None for piece in rest)


def test_tokens_are_counted_as_the_model_reads_them(server: AskedServer, tiny_model: Path) -> None:
    from transformers import AutoTokenizer

    tokenizer: Any = AutoTokenizer.from_pretrained(tiny_model)
    chat = tokenizer.apply_chat_template(HELLO, add_generation_prompt=True)["input_ids"]
    answer = server.client.chat.completions.create(model="pirate", messages=HELLO, **CALMLY)
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (len(chat), 12)
    text = server.client.completions.create(model="pirate", prompt="The cow", temperature=0)
    assert text.usage.prompt_tokens == len(tokenizer("The cow")["input_ids"])
    assert (text.usage.completion_tokens, text.choices[0].finish_reason) == (16, "length")


def test_several_choices_have_seeds_of_their_own(server: AskedServer) -> None:
    asked: dict[str, Any] = {"model": MODEL, "messages": HELLO, "max_tokens": 12, "temperature": 1.5}
    three = server.client.chat.completions.create(n=3, seed=7, **asked)
    texts = [choice.message.content for choice in three.choices]
    alone = [server.client.chat.completions.create(seed=7 + number, **asked) for number in range(3)]
    assert len(set(texts)) == 3
    assert texts == [one.choices[0].message.content for one in alone]
    assert three.usage.completion_tokens == sum(one.usage.completion_tokens for one in alone)
    assert three.usage.prompt_tokens == alone[0].usage.prompt_tokens


def test_without_a_seed_answers_differ(server: AskedServer) -> None:
    assert len({say(server, temperature=1.5, max_tokens=20) for _ in range(3)}) > 1


def test_several_texts_are_gone_on_with_at_once(server: AskedServer) -> None:
    prompts = ["The cow says", "Seven plus"]
    both = server.client.completions.create(model="parrot", prompt=prompts, **CALMLY)
    alone = [server.client.completions.create(model="parrot", prompt=prompt, **CALMLY) for prompt in prompts]
    assert [choice.text for choice in both.choices] == [one.choices[0].text for one in alone]


def test_a_stop_ends_an_answer_before_it_also_across_tokens(server: AskedServer) -> None:
    whole = say(server, max_tokens=40)
    for begin in (3, 8, len(whole) // 2):
        stop = whole[begin : begin + 5]
        expected = whole[: whole.index(stop)]
        assert say(server, max_tokens=40, stop=stop) == expected
        found = pieces(server, max_tokens=40, stop=["never said", stop])
        assert "".join(piece.choices[0].delta.content or "" for piece in found) == expected
        assert found[-1].choices[0].finish_reason == "stop"


def test_what_only_began_like_a_stop_is_shown(server: AskedServer) -> None:
    whole = say(server)
    assert say(server, stop=whole[-3:] + "never") == whole


def test_the_page_has_the_same_model_in_memory(server: AskedServer) -> None:
    member = [("Host", "localhost"), ("Authorization", f"Bearer {server.page.token}")]
    say(server)
    assert float(ask(server.page.port, "/held", member).body) > 50e6


def test_an_answer_can_be_sent_back_as_it_came(server: AskedServer) -> None:
    first = server.client.chat.completions.create(model="pirate", messages=HELLO, **CALMLY).choices[0].message
    parts = [{"type": "text", "text": "And"}, {"type": "text", "text": "now?"}]
    again = [*HELLO, first, {"role": "user", "content": parts}]
    joined = [*HELLO, json.loads(first.model_dump_json(exclude_none=True)), {"role": "user", "content": "And\nnow?"}]
    assert say(server, messages=again) == say(server, messages=joined)
