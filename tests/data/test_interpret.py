"""What is guessed and told, what the user's own choice of columns does, and what is refused instead of guessed."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from tests.data.meanings import meant
from workbench.errors import DataError

PAIR = {"question": "q", "answer": "a"}
WORDS = ["the sea", "a cat", "the moon", "an old boat", "some rain", "snow", "a red door", "my brother"]


def rows(**columns: str) -> list[dict[str, str]]:
    """Eight rows; `{}` in a value stands for other words in each."""
    return [{name: value.format(word) for name, value in columns.items()} for word in WORDS]


@pytest.mark.parametrize(
    ("columns", "pair"),
    [
        ({"column 1": "What is {}?", "column 2": "It is {}."}, ("column 1", "column 2")),
        ({"ask": "{}", "tell": "A long answer that says a great deal about {}, and more."}, ("ask", "tell")),
        ({"id": "7", "ask": "What is {}?", "day": "2024-05-01", "tell": "It is {}."}, ("ask", "tell")),
        ({"ask": "What is {}?", "link": "https://example.org/x", "tell": "It is {}."}, ("ask", "tell")),
        ({"topic": "nature", "ask": "What is {}?", "tell": "It is {}."}, ("ask", "tell")),
        ({"review": "I like {}.", "mood": "happy"}, ("review", "mood")),
        ({"question": "What is {}?", "solution": "It is {}."}, ("question", "solution")),
        ({"solution": "It is {}.", "answer": "What is {}?"}, ("solution", "answer")),
        ({"a": "What is {}?", "b": "It is {}."}, ("a", "b")),
    ],
)
def test_two_columns_of_unknown_names_are_taken_and_told(columns: dict[str, str], pair: tuple[str, str]) -> None:
    found = meant(*rows(**columns))
    assert (found.mapping["question"], found.mapping["answer"]) == pair
    told = f"Took “{pair[0]}” for the questions and “{pair[1]}” for the answers; correct this if it is wrong."
    assert found.unsure == told
    assert len(found.examples) == len(WORDS)
    assert found.turns[0][0] == ("user", columns[pair[0]].format(WORDS[0]))


def test_numbers_are_answers_only_where_nothing_else_is() -> None:
    sums = [{"sum": f"What is {number} plus {number}?", "total": str(2 * number)} for number in (3, 1, 4, 1, 5)]
    assert meant(*sums).mapping == {"question": "sum", "answer": "total"}
    counted = [
        {"": str(number), "a thing": f"Thing {word}", "its use": f"For {word}"} for number, word in enumerate(WORDS)
    ]
    assert meant(*counted).mapping == {"question": "a thing", "answer": "its use"}


def test_an_example_in_the_place_of_the_header_is_suspected() -> None:
    found = meant(*rows(**{"What is red?": "What is {}?", "A colour.": "It is {}."}))
    assert found.unsure.endswith(
        "If “What is red?” is an example and no name of a column, switch off “First row names the columns”."
    )


def test_a_single_column_is_text() -> None:
    found = meant(*rows(notes="We saw {}."))
    assert (found.layout, found.mapping) == ("text", {"text": "notes"})
    assert found.unsure == "Took “notes” for the texts; correct this if it is wrong."
    long = rows(id="7", body="It was a long day, and in the end, when all was done, we saw {} again.")
    assert meant(*long).mapping == {"text": "body"}


def test_the_only_column_of_turns_is_a_conversation() -> None:
    talk = [{"from": "human", "value": "Hello"}, {"from": "gpt", "value": "Ahoy"}]
    found = meant({"id": 1, "thread": talk})
    assert (found.layout, found.mapping) == ("sharegpt", {"messages": "thread"})
    assert found.unsure == "Took “thread” for the conversations; correct this if it is wrong."
    assert found.turns == [[("user", "Hello"), ("assistant", "Ahoy")]]


@pytest.mark.parametrize(
    "columns",
    [
        {"ask": "What is {}?", "tell": "It is {}.", "note": "I saw {}."},
        {"question": "What is {}?", "first": "It is {}.", "second": "I saw {}."},
        {"name": "{}", "size": "7", "colour": "red"},
        {"id": "7", "name": "{}"},
        {"link": "https://example.org"},
    ],
)
def test_nothing_is_guessed_among_many(columns: dict[str, str]) -> None:
    with pytest.raises(DataError) as refused:
        meant(*rows(**columns))
    names = ", ".join(f"“{name}”" for name in columns)
    assert refused.value.message == f"The columns of “a.jsonl” are not known here: {names}."
    assert "data.question_column, data.answer_column" in refused.value.hint


def test_several_columns_of_one_meaning_are_told() -> None:
    found = meant({"prompt": "Hello", "question": "Bye", "answer": "Ahoy", "output": "x", "id": "1"})
    assert found.mapping == {"question": "prompt", "answer": "answer"}
    assert found.unsure == (
        "Took “prompt” for the questions, not “question”; correct this if it is wrong. "
        "Took “answer” for the answers, not “output”; correct this if it is wrong."
    )
    chosen = meant({"prompt": "Hello", "question": "Bye", "answer": "Ahoy"}, question="question")
    assert chosen.turns == [[("user", "Bye"), ("assistant", "Ahoy")]]
    assert chosen.unsure == ""


def test_chosen_columns_go_before_found_ones() -> None:
    row = {
        "question": "Hello",
        "answer": "Ahoy",
        "reply": "Arr",
        "about": "the sea",
        "who": "Be a pirate.",
        "text": "Once",
    }
    assert meant(row, answer="reply").turns == [[("user", "Hello"), ("assistant", "Arr")]]
    assert meant(row, context="about", system="who").turns == [
        [("system", "Be a pirate."), ("user", "Hello\n\nthe sea"), ("assistant", "Ahoy")]
    ]
    assert meant(row, text="about").examples[0].text == "the sea"
    swapped = meant(row, question="Answer", answer="question")
    assert swapped.turns == [[("user", "Ahoy"), ("assistant", "Hello")]]
    assert swapped.mapping == {"question": "answer", "answer": "question"}


def test_chosen_columns_settle_what_could_not_be_guessed() -> None:
    many = rows(ask="What is {}?", tell="It is {}.", note="I saw {}.")
    both = meant(*many, question="note", answer="ask")
    assert both.turns[0] == [("user", "I saw the sea."), ("assistant", "What is the sea?")]
    assert both.unsure == ""
    one = meant(*rows(ask="What is {}?", tell="It is {}."), question="tell")
    assert one.mapping == {"question": "tell", "answer": "ask"}
    assert "“ask” for the answers" in one.unsure
    with pytest.raises(DataError, match="are not known here"):
        meant(*many, question="note")


def test_chosen_conversations() -> None:
    talk = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Ahoy"}]
    row = {"question": "x", "answer": "y", "thread": talk, "who": "Be kind."}
    found = meant(row, messages="thread", system="who")
    assert found.turns == [[("system", "Be kind."), ("user", "Hello"), ("assistant", "Ahoy")]]
    assert meant(row, question="question", answer="answer").layout == "question and answer"
    assert meant(row, messages="answer").rejected == [(1, "answer is a text, not a list")]


def test_the_rejected_answer_can_be_chosen_too() -> None:
    found = meant({"prompt": "Hello", "chosen": "Ahoy", "rejected": "Hi"}, answer="rejected")
    assert (found.layout, found.turns) == ("question and answer", [[("user", "Hello"), ("assistant", "Hi")]])


def test_a_chosen_column_that_is_not_there() -> None:
    with pytest.raises(DataError) as refused:
        meant(PAIR, question="ask")
    assert refused.value.message == "“a.jsonl” has no column “ask”, which was chosen for the questions."
    assert refused.value.hint == "It has “question”, “answer”. Change data.question_column."


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"question": "question", "answer": "question"}, "“question” was chosen for two things."),
        ({"text": "answer", "question": "question"}, "cannot be used together with one for the questions."),
        ({"messages": "answer", "context": "question"}, "cannot be used together with one for the context"),
    ],
)
def test_choices_that_contradict_each_other(columns: dict[str, str], message: str) -> None:
    with pytest.raises(DataError) as refused:
        meant(PAIR, **columns)
    assert message in refused.value.message


def test_a_text_has_no_columns_to_choose() -> None:
    with pytest.raises(DataError, match="is a text and has no columns"):
        meant({"raw text": "Once", "is last piece": True}, text="raw text")


def test_columns_that_are_not_used_are_told_briefly() -> None:
    found = meant({**PAIR, **{f"column {number}": "x" for number in range(20)}})
    assert found.columns[:3] == ("question", "answer", "column 0")
    (note,) = found.notes
    assert note.endswith("“column 7” and 12 more.")


def test_columns_that_come_late_are_used_and_told_once() -> None:
    late = {**PAIR, "context": "At sea."}
    found = meant(*[PAIR] * 70, late, late)
    assert found.turns[70] == [("user", "q\n\nAt sea."), ("assistant", "a")]
    assert found.notes == ["“context”, which first stands in row 71, is used for the context of the questions."]
    assert meant(*[PAIR] * 70, {**PAIR, "prompt": "x", "other": "y"}).notes == []


def test_most_rows_decide_which_column_is_which() -> None:
    found = meant({"prompt": "Hello", "completion": "Ahoy"}, *[PAIR] * 5)
    assert found.mapping == {"question": "question", "answer": "answer"}
    assert found.rejected == [(1, "missing column question")]


def test_each_row_of_whatever_is_in_a_file_is_an_example_or_rejected() -> None:
    outcomes = {"refused": 0, "accepted": 0, "rejected": 0}
    for seed in range(1500):
        some = random.Random(seed)
        names = some.sample(_NAMES, k=some.randint(1, 4))
        wild = [{name: _wild(some) for name in names if some.random() < 0.9} for _ in range(some.randint(1, 5))]
        chosen = {some.choice(_CHOICES): some.choice(names)} if some.random() < 0.3 else {}
        try:
            found = meant(*wild, **chosen)
        except DataError:
            outcomes["refused"] += 1
            continue
        assert len(found.examples) + len(found.rejected) == len(wild)
        assert all(example.text or example.messages[-1].content for example in found.examples)
        outcomes["accepted"] += len(found.examples)
        outcomes["rejected"] += len(found.rejected)
    assert min(outcomes.values()) > 100


_CHOICES = ("question", "answer", "context", "system", "messages", "text")
_NAMES = [
    "question", "answer", "instruction", "input", "output", "messages", "conversations", "prompt", "completion",
    "chosen", "rejected", "label", "history", "system", "context", "text", "", "id", "a thing", "another thing",
]  # fmt: skip


def _wild(some: random.Random) -> Any:
    """A value of any kind, most often one that some layout expects."""
    kinds: list[Callable[[], Any]] = [
        lambda: f"Some words {some.random()}",
        lambda: f"Some words {some.random()}",
        lambda: some.choice(["", " ", "[", "[]", '[{"role": "user", "content": "x"}]', "7", "true"]),
        lambda: some.choice([None, True, False, 7, 0.5, {}, []]),
        lambda: [_wild_turn(some) for _ in range(some.randint(0, 4))],
        lambda: _wild_turn(some),
        lambda: [["Hello", "Ahoy"]],
    ]
    return some.choice(kinds)()


def _wild_turn(some: random.Random) -> Any:
    keys = some.choice([("role", "content"), ("from", "value"), ("role", "text")])
    role = some.choice(
        ["system", "user", "assistant", "user", "assistant", "tool", "gpt", "human", "narrator", None, 7]
    )
    content = some.choice(
        ["Hello", "Ahoy", "", None, 7, [{"type": "text", "text": "Hi"}], [{"type": "image"}], {"a": 1}]
    )
    more = some.choice([{}, {}, {"tool_calls": [{"name": "x"}]}, {"weight": 0}, {"tool_calls": None}])
    return some.choice([{keys[0]: role, keys[1]: content, **more}] * 6 + [{}, "Hello", 7, None])
