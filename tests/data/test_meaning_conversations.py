"""Conversations: chat messages, ShareGPT, turns of tools, and answers that stand in a column of their own."""

import json
from typing import Any

import pytest

from tests.data.meanings import meant

SYSTEM = {"role": "system", "content": "Be a pirate."}
USER = {"role": "user", "content": "Hello"}
ANSWER = {"role": "assistant", "content": "Ahoy"}
TALK = [("user", "Hello"), ("assistant", "Ahoy")]


def tool(role: str, content: Any, **more: Any) -> dict[str, Any]:
    return {"role": role, "content": content, **more}


def test_chat_messages() -> None:
    found = meant({"messages": [SYSTEM, USER, ANSWER, USER, ANSWER]}, {"messages": [USER, ANSWER], "id": 7})
    assert (found.layout, found.mapping) == ("messages", {"messages": "messages"})
    assert found.turns == [[("system", "Be a pirate."), *TALK, *TALK], TALK]
    assert found.notes == ["Columns that are not used: “id”."]


@pytest.mark.parametrize(
    ("messages", "reason"),
    [
        ([USER], "no answer"),
        ([], "no answer"),
        ([SYSTEM], "no answer"),
        ([USER, SYSTEM, ANSWER], "message 2 has the role “system” after the first message, which is not supported"),
        ([USER, {"role": "assistant", "content": " "}], "no answer"),
        ([USER, tool("narrator", "x"), ANSWER], "message 2 has the role “narrator”, which is not supported"),
        ([USER, {"role": None, "content": "x"}], "message 2 has the role “None”, which is not supported"),
        ([USER, {"role": "assistant"}], "message 2 has no role and content"),
        ([USER, {"role": "assistant", "content": None}], "message 2 is null, not text"),
        ([USER, {"role": "assistant", "content": ["Ahoy"]}], "message 2 is a list, not text"),
        ([tool("user", [{"type": "image"}]), ANSWER], "message 1 holds something other than text: image"),
        ([USER, "Ahoy"], "message 2 has no role and content"),
        ([{"role": "user", "content": ""}, ANSWER], "message 1 is empty"),
        ([ANSWER, USER, ANSWER], "begins with an answer"),
        ([SYSTEM, ANSWER], "begins with an answer"),
        ([USER, tool("function_call", "")], "message 2 is empty"),
        ("Hello", "messages is a text, not a list"),
        (None, "missing column messages"),
    ],
)  # fmt: skip
def test_conversations_that_do_not_fit(messages: Any, reason: str) -> None:
    good = {"messages": [USER, ANSWER]}
    assert meant(good, {"messages": messages}).rejected == [(2, reason)]


def test_sharegpt_conversations() -> None:
    spoken = [("system", "Be a pirate."), ("human", "Hello"), ("gpt", "Ahoy"), ("user", "Hello"), ("ChatGPT", "Ahoy")]
    found = meant({"conversations": [{"from": role, "value": text} for role, text in spoken], "id": 3})
    assert found.layout == "sharegpt"
    assert found.turns == [[("system", "Be a pirate."), *TALK, *TALK]]


@pytest.mark.parametrize("turn", ["Hello", {"speaker": "Anna", "text": "Hello"}])
def test_turns_of_an_unknown_kind_are_named_in_each_row(turn: Any) -> None:
    found = meant({"id": 1, "messages": [turn, turn]}, {"id": 2, "messages": [turn]})
    assert found.rejected == [(1, "message 1 has no role and content"), (2, "message 1 has no role and content")]


@pytest.mark.parametrize("column", ["conversations", "conversation", "dialog", "chat"])
def test_other_columns_with_roles_are_chat(column: str) -> None:
    found = meant({column: [USER, ANSWER]})
    assert (found.layout, found.turns) == ("messages", [TALK])


def test_messages_as_json_in_a_cell() -> None:
    rows = [{"messages": json.dumps([USER, ANSWER])}, {"messages": '[{"role": "user"'}]
    found = meant(*rows)
    assert found.turns == [TALK]
    assert [line for line, _ in found.rejected] == [2]


def test_a_system_column_goes_before_a_conversation_without_one() -> None:
    found = meant(
        {"conversations": [USER, ANSWER], "system": "Be kind."},
        {"conversations": [SYSTEM, USER, ANSWER], "system": "Be kind."},
        {"conversations": [USER, ANSWER], "system": ""},
    )
    assert [row[0] for row in found.turns] == [("system", "Be kind."), ("system", "Be a pirate."), ("user", "Hello")]


def test_an_empty_system_prompt_is_none() -> None:
    empty = {"role": "system", "content": " "}
    assert meant({"messages": [empty, USER, ANSWER]}).turns == [TALK]
    beside = meant({"messages": [empty, USER, ANSWER], "system": "Be kind."})
    assert beside.turns == [[("system", "Be kind."), *TALK]]


def test_text_parts_are_joined() -> None:
    parts = [{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo"}]
    assert meant({"messages": [{"role": "user", "content": parts}, ANSWER]}).turns == [TALK]


def test_turns_of_tools_are_kept_as_text() -> None:
    call = {"name": "weather", "arguments": {"city": "Kraków"}}
    found = meant(
        {"messages": [
            USER,
            tool("assistant", None, tool_calls=[call]),
            tool("tool", '{"sky": "blue"}'),
            ANSWER,
        ]},
        {"messages": [
            USER,
            tool("assistant", "Let me look.", function_call=call),
            tool("function", {"sky": 1}),
            ANSWER,
        ]},
    )  # fmt: skip
    assert found.turns == [
        [
            ("user", "Hello"),
            ("assistant", '[{"name": "weather", "arguments": {"city": "Kraków"}}]'),
            ("user", 'tool: {"sky": "blue"}'),
            ("assistant", "Ahoy"),
        ],
        [
            ("user", "Hello"),
            ("assistant", 'Let me look.\n{"name": "weather", "arguments": {"city": "Kraków"}}'),
            ("user", 'function: {"sky": 1}'),
            ("assistant", "Ahoy"),
        ],
    ]
    assert found.notes == [
        "Turns of tools are kept as text: what a tool gives back with the questions, "
        "what it is asked with the answers (in 2 rows)."
    ]


def test_a_tool_may_give_nothing_back() -> None:
    found = meant({"messages": [USER, tool("function_call", {"name": "x"}), tool("tool", None), ANSWER]})
    assert found.turns[0][1:3] == [("assistant", '{"name": "x"}'), ("user", "tool: ")]


def test_sharegpt_tools_alternate_with_the_rest() -> None:
    spoken = [("human", "Hello"), ("function_call", '{"name": "look"}'), ("observation", "blue"), ("human", "So?"),
        ("gpt", "Ahoy")]  # fmt: skip
    found = meant({"conversations": [{"from": role, "value": text} for role, text in spoken]})
    told = [("assistant", '{"name": "look"}'), ("user", "observation: blue\n\nSo?")]
    assert found.turns == [[TALK[0], *told, TALK[1]]]


def test_turns_of_one_side_are_joined_and_told() -> None:
    found = meant({"messages": [SYSTEM, SYSTEM, USER, USER, ANSWER, ANSWER]}, {"messages": [USER, ANSWER]})
    joined = [("system", "Be a pirate.\n\nBe a pirate."), ("user", "Hello\n\nHello"), ("assistant", "Ahoy\n\nAhoy")]
    assert found.turns == [joined, TALK]
    assert found.notes == ["Turns of the same side that follow each other are joined into one (in 1 row)."]
    many = meant({"messages": [USER] * 200_000 + [ANSWER]})
    assert len(many.turns[0][0][1]) == 200_000 * len("Hello\n\n") - 2


def test_what_is_not_used_of_a_turn_is_told() -> None:
    found = meant(
        {"messages": [USER, ANSWER | {"weight": 0, "name": None}]}, {"messages": [USER, ANSWER | {"why": "x"}]}
    )
    assert found.turns == [TALK, TALK]
    assert found.notes == [
        "Answers that are marked not to be learned (weight 0) are learned all the same (in 1 row).",
        "Turns hold more than a speaker and a text, which is not used (in 1 row).",
    ]


@pytest.mark.parametrize(
    "row",
    [
        {"prompt": "Hello", "chosen": "Ahoy", "rejected": "Hi"},
        {"question": "Hello", "chosen": [ANSWER], "rejected": [ANSWER]},
        {"prompt": [USER], "chosen": [ANSWER], "rejected": [ANSWER]},
        {"chosen": [USER, ANSWER], "rejected": [USER, ANSWER]},
        {"prompt": "Hello", "chosen": [USER, ANSWER], "rejected": [USER, ANSWER]},
        {"conversations": [{"from": "human", "value": "Hello"}], "chosen": {"from": "gpt", "value": "Ahoy"},
         "rejected": {"from": "gpt", "value": "Hi"}},
    ],
)  # fmt: skip
def test_preference_pairs_learn_the_chosen_answer(row: dict[str, Any]) -> None:
    found = meant(row)
    assert found.layout == "preference pairs"
    assert found.turns == [TALK]
    assert found.notes == [
        "These are preference pairs. The chosen answers are learned; the rejected ones are kept for later and not used."
    ]


def test_preference_pairs_that_lack_something() -> None:
    good = {"prompt": "Hello", "chosen": "Ahoy", "rejected": "Hi"}
    found = meant(good | {"input": "you", "system": "Be kind."}, good | {"chosen": ""}, good | {"prompt": ""})
    assert found.turns == [[("system", "Be kind."), ("user", "Hello\n\nyou"), ("assistant", "Ahoy")]]
    assert found.rejected == [(2, "no answer"), (3, "no question")]


def test_prompt_and_completion_as_turns() -> None:
    found = meant({"prompt": [SYSTEM, USER], "completion": [ANSWER]}, {"prompt": "Hello", "completion": [ANSWER]})
    assert found.layout == "prompt and completion turns"
    assert found.turns == [[("system", "Be a pirate."), *TALK], TALK]


def test_answers_marked_as_bad_are_left_out() -> None:
    pair = {"prompt": "Hello", "completion": "Ahoy"}
    found = meant(pair | {"label": True}, pair | {"label": False}, pair | {"label": None})
    assert found.turns == [TALK]
    assert found.rejected == [(2, "label does not mark it as good"), (3, "label does not mark it as good")]
    assert found.notes == ["Each row is marked as good or bad. The good ones are learned; the bad ones are left out."]
    assert meant({"messages": [USER, ANSWER], "kto_tag": True}).layout == "messages, marked good or bad"
    assert len(meant(pair | {"label": "false"}).examples) == 1
