"""The figures of prepared data, and the rows behind each of them."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.data.prepared import Store, ask
from workbench.data.counting.filters import FILTERS, select
from workbench.data.counting.report import make_report
from workbench.data.counting.subject import Subject
from workbench.data.examples import Example


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def words(count: int) -> str:
    return " ".join(f"word{number}" for number in range(count))


PLAIN = [ask(f"What is number {number}?", f"It is number {number}, of course.") for number in range(20)]
WRONG = [{"part": 0, "line": 30, "reason": "no answer", "excerpt": "q: Hello"}]


def test_every_row_of_the_file_is_accepted_or_rejected(store: Store) -> None:
    figures = make_report(store.subject(PLAIN, rejected=WRONG, no_tokens=4)).to_json()
    assert (figures["accepted"], figures["rejected"]) == (19, 2)
    assert figures["problems"] == [
        {"part": 0, "line": 30, "reason": "no answer", "excerpt": "q: Hello"},
        {"part": 0, "line": 5, "reason": "nothing to learn in it", "excerpt": "x"},
    ]
    assert (figures["format"], figures["mapping"]) == ("pairs", {"question": "q", "answer": "a"})
    assert figures["warnings"] == {"rejected": 2}
    assert figures["notes"] == ["A column is not used."]


def test_tokens_are_counted_as_they_are_learned(store: Store) -> None:
    tokens = make_report(store.subject(PLAIN)).to_json()["tokens"]
    assert tokens == {"rows": 20, "total": 20 * 14, "learned": 20 * 7, "p50": 14, "p90": 14, "max": 14}


def test_percentiles_are_lengths_that_occur(store: Store) -> None:
    examples = [ask("Why?", words(count)) for count in range(1, 11)]
    tokens = make_report(store.subject(examples)).to_json()["tokens"]
    assert (tokens["p50"], tokens["p90"], tokens["max"]) == (10, 14, 15)


@pytest.mark.parametrize(
    ("over_long", "filter_id", "found", "rows"),
    [("cut_prompt", "cut", [1, 2], 3), ("drop", "dropped", [1, 2], 1), ("cut_end", "nothing", [2], 2)],
)
def test_long_rows_are_found_whatever_happens_to_them(
    store: Store, over_long: str, filter_id: str, found: list[int], rows: int
) -> None:
    examples = [ask("Short?", "Yes, it is."), ask("Long?", words(40)), ask(words(40), "Yes, it is.")]
    subject = store.subject(examples, 16, over_long)
    report = make_report(subject)
    assert select(subject, filter_id).tolist() == found
    assert {"cut": report.cut, "dropped": report.dropped, "nothing": report.nothing_to_learn}[filter_id] == len(found)
    assert report.lengths.rows == rows
    assert report.lengths.max <= 16


def test_a_long_text_is_split_and_not_called_cut(store: Store) -> None:
    subject = store.subject([Example(1, text=words(50))], 16)
    report = make_report(subject)
    assert (report.cut, report.lengths.rows > 3, select(subject, "cut").tolist()) == (0, True, [])
    assert report.guidance.startswith(f"{report.lengths.total} tokens of text")


def test_copies_and_contradictions(store: Store) -> None:
    examples = [*PLAIN, PLAIN[3], PLAIN[3], ask("What is number 5?", "I do not know that.")]
    subject = store.subject(examples)
    assert select(subject, "duplicates").tolist() == [20, 21]
    assert select(subject, "contradictions").tolist() == [5, 22]
    warnings = {warning.filter: warning for warning in make_report(subject).warnings}
    assert warnings["duplicates"].sentence == "Exact copies: 2 rows. What is there twice is learned twice."
    assert warnings["contradictions"].count == 2


def test_flags_of_the_text_are_filters(store: Store) -> None:
    subject = store.subject([*PLAIN, ask("How do I reach you?", "Write to jane.doe@posteo.net, please.")])
    assert select(subject, "email_address").tolist() == [20]
    assert "email_address" in {warning.filter for warning in make_report(subject).warnings}


@pytest.mark.parametrize("found", FILTERS, ids=lambda found: found.id)
def test_a_warning_counts_what_its_filter_finds(store: Store, found: Any) -> None:
    examples = [*PLAIN, PLAIN[0], ask("Long?", words(90)), ask("Mail?", "<p>a@example.org</p> <br> <b>hello</b> you")]
    subject = store.subject(examples, no_tokens=2)
    counts = {warning.filter: warning.count for warning in make_report(subject).warnings}
    assert counts.get(found.id, 0) == (len(select(subject, found.id)) if found.why else 0)


def test_what_is_kept_for_checking_can_be_listed(store: Store) -> None:
    subject = store.subject(PLAIN)
    assert select(subject, "held_out").tolist() == subject.split.held_out.tolist()
    assert make_report(subject).held_out == 2


def test_an_unknown_filter_is_an_error(store: Store) -> None:
    with pytest.raises(KeyError):
        select(store.subject(PLAIN), "no-such")


def test_words_are_found_with_their_quotes_and_line_breaks(store: Store) -> None:
    subject = store.subject([*PLAIN, ask('Say "hello".', "Hello!\nAnd bye."), Example(1, text="A “text”\nwith lines")])
    assert subject.words.find('"hello"').tolist() == [20]
    assert subject.words.find("hello!\nand").tolist() == [20]
    assert subject.words.find("NUMBER 7?").tolist() == [7]
    assert subject.words.find("text”\nwith").tolist() == [21]


def test_the_histogram_holds_every_row_and_a_giant_does_not_flatten_it(store: Store) -> None:
    subject = store.subject([*PLAIN * 10, ask("Long?", words(9000))], 32)
    histogram = make_report(subject).histogram
    assert sum(histogram.counts) == 201
    assert histogram.longest == 9005
    assert histogram.width * len(histogram.counts) < 100
    assert histogram.counts[-1] == 1


def test_a_foreign_language_is_named(store: Store) -> None:
    polish = [ask("Czy możesz mi w tym pomóc?", "Oczywiście, chętnie pomogę. Powiedz, czego potrzebujesz.")] * 9
    subject = store.subject(polish)
    assert make_report(subject).language == "Your data looks Polish."
    of_starter = Subject(subject.prepared, subject.split, subject.fitting, "starter")
    assert make_report(of_starter).language.startswith("The starter knows only English; your data looks Polish.")


@pytest.mark.parametrize(("count", "told"), [(5, "try it out"), (92, "not to teach facts"), (5000, "of its own")])
def test_guidance_follows_the_size(store: Store, count: int, told: str) -> None:
    subject = store.subject([PLAIN[number % 20] for number in range(count)])
    assert told in make_report(subject).guidance
    assert f"{count:,} examples: " in make_report(subject).guidance


def test_importing_the_layer_loads_no_model_library() -> None:
    code = (
        "import sys, workbench.data.counting.report, workbench.data.preparing.prepare\n"
        "print([name for name in ('torch', 'transformers', 'tokenizers', 'gradio') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
