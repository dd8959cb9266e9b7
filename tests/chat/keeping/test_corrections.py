"""Better answers become a set, or part of one, and a run can learn them beside what it learned from."""

import threading
from pathlib import Path

import pytest

from tests.chat.keeping.kept import HOSTILE, tuned
from tests.data.files import read, turns
from workbench.chat.keeping.corrections import (
    FILE,
    Correction,
    add_correction,
    count_corrections,
    settings_with,
    usual_set,
)
from workbench.chat.protocol import Turn
from workbench.config.build import build
from workbench.data.examples import Example
from workbench.data.sets import sources, weights
from workbench.data.sets.changes import Change, load
from workbench.data.sets.edits import save_changes
from workbench.data.sets.versions import Made, save_version, versions
from workbench.errors import DataError, WorkbenchError
from workbench.jobs.files import write_json

NAME = "corrections-pirate-1"


def asked(*contents: str) -> tuple[Turn, ...]:
    """A conversation that ends in a question."""
    roles = ("user", "assistant")
    return tuple({"role": roles[place % 2], "content": content} for place, content in enumerate(contents))


def correct(root: Path, question: str, answer: str, name: str = NAME) -> int:
    return add_correction(root, name, Correction(asked(question), answer))


def learned(root: Path, name: str) -> dict[str, list[str]]:
    """The answers that a run would learn from each file of a set, after what was changed by hand."""
    found = sources.find(name, root)
    changes = load(found.changes)
    files = {path.name: changes.applied(read(path).examples, place) for place, path in enumerate(found.files)}
    return {name: [turns(row)[-1][1] for row in rows if isinstance(row, Example)] for name, rows in files.items()}


def test_each_correction_is_a_new_version_and_counted(root: Path) -> None:
    assert usual_set(tuned(root)) == NAME
    assert count_corrections(root, NAME) == 0
    assert [correct(root, f"Question {number}?", "Aye!") for number in range(3)] == [1, 2, 3]
    assert [version.made.how for version in versions(root, NAME)] == ["corrected"] * 3
    assert count_corrections(root, NAME) == 3


def test_the_same_question_corrected_twice_replaces_but_not_in_another_conversation(root: Path) -> None:
    correct(root, "Hello!", "Ahoy!")
    correct(root, "Bye.", "Fair winds!")
    assert correct(root, "Hello!", "Ahoy, matey!") == 2
    assert learned(root, NAME) == {FILE: ["Ahoy, matey!", "Fair winds!"]}
    assert add_correction(root, NAME, Correction(asked("Hi.", "Aye.", "Hello!"), "Again?")) == 3


def test_the_conversation_before_and_the_system_prompt_are_learned_with_it(root: Path) -> None:
    system: Turn = {"role": "system", "content": "Be brief."}
    add_correction(root, NAME, Correction((system, *asked("Hi.", "Aye.", "Who?")), "A pirate."))
    (example,) = read(versions(root, NAME)[0].files[0]).examples
    told = [
        ("system", "Be brief."),
        ("user", "Hi."),
        ("assistant", "Aye."),
        ("user", "Who?"),
        ("assistant", "A pirate."),
    ]
    assert turns(example) == told


@pytest.mark.parametrize("text", [*(text for text in HOSTILE if text), "Grüße \u2028 🏴‍☠️", "x" * 1_000_000])
def test_whatever_is_written_is_learned_to_the_letter(root: Path, text: str) -> None:
    correct(root, text, text)
    assert correct(root, text, text) == 1
    sound = text.replace("\0", "\ufffd").replace("\ud800", "\ufffd")
    assert learned(root, NAME) == {FILE: [sound]}


def test_what_is_no_correction_is_refused(root: Path) -> None:
    for turns_read, answer in ((asked("Hello!"), " \n"), (asked("Hello!", "Ahoy"), "Ahoy!"), ((), "Ahoy!")):
        with pytest.raises(DataError):
            add_correction(root, NAME, Correction(turns_read, answer))
    for name in ("pirate", "../pirate", ""):
        with pytest.raises(WorkbenchError):
            correct(root, "Hello!", "Ahoy!", name)
    assert versions(root, NAME) == []


def test_a_set_of_ones_own_keeps_its_files_and_what_was_changed_in_them(root: Path) -> None:
    table = b"question,answer\nHello,Hi\nBye,Goodbye\n"
    save_version(root, "store", {"a.csv": table, "z.csv": table}, Made("uploaded"))
    save_changes(root, "store", [Change(1, 2, excluded=True), Change(0, 3, excluded=True)])
    correct(root, "Open?", "Till six.", "store")
    assert learned(root, "store") == {"a.csv": ["Hi"], FILE: ["Till six."], "z.csv": ["Goodbye"]}


def test_a_correction_that_was_left_out_comes_back_when_it_is_written_anew(root: Path) -> None:
    correct(root, "Hello!", "Ahoy!")
    correct(root, "Bye.", "Fair winds!")
    save_changes(root, NAME, [Change(0, 1, excluded=True), Change(0, 2, excluded=True)])
    assert count_corrections(root, NAME) == 0
    assert correct(root, "Hello!", "Avast!") == 1
    assert learned(root, NAME) == {FILE: ["Avast!"]}


def test_of_two_who_correct_at_once_both_are_kept(root: Path) -> None:
    writers = [threading.Thread(target=correct, args=(root, f"Question {number}?", "Aye!")) for number in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert count_corrections(root, NAME) == 6


def test_a_run_learns_them_beside_its_own_data(root: Path) -> None:
    correct(root, "Hello!", "Ahoy!")
    run = tuned(root, data__weights="pirate: 2")
    settings = settings_with(run, NAME)
    assert settings == {"data.weights": f"pirate: 2, {NAME}: 1"}
    data = build(settings, run.asked()).data
    parts = weights.parts(sources.find(data.path, root), weights.parse(data.weights), root)
    assert [(part.name, part.weight) for part in parts] == [("pirate.jsonl", 2.0), (FILE, 1.0)]
    again = tuned(root, "pirate-2", data__weights=f"{NAME}@1: 3")
    assert settings_with(again, NAME) == {"data.weights": f"{NAME}: 3"}


def test_a_run_on_the_corrected_set_takes_its_latest_version(root: Path) -> None:
    correct(root, "Hello!", "Ahoy!", "store")
    assert settings_with(tuned(root, data__path="store@1"), "store") == {"data.path": "store"}


def test_of_an_adapter_from_elsewhere_the_corrections_are_all_there_is(root: Path) -> None:
    run = tuned(root)
    write_json(run.imported_path, {})
    assert settings_with(run, NAME) == {"data.path": NAME, "data.weights": ""}
