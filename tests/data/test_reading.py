"""Every kind of file: what is accepted, what is left out, on which line, and why."""

import json
from pathlib import Path

import pytest

from tests.data.files import BOTH, BYE, HELLO, faults, jsonl, pairs, read, written

ALPACA = Path(__file__).parents[3] / "shared" / "data" / "alpaca_en_demo.json"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", jsonl(HELLO, BYE)),
        ("blank-lines.jsonl", "\n" + json.dumps(HELLO) + "\n\n  \n" + json.dumps(BYE)),
        ("windows.jsonl", jsonl(HELLO, BYE).replace("\n", "\r\n")),
        ("bom.jsonl", b"\xef\xbb\xbf" + jsonl(HELLO, BYE).encode()),
        ("LOUD.JSONL", jsonl(HELLO, BYE)),
        ("a.ndjson", jsonl(HELLO, BYE)),
        ("list.json", json.dumps([HELLO, BYE])),
        ("pretty.json", json.dumps([HELLO, BYE], indent=4)),
        ("comma-at-the-end.json", f"[{json.dumps(HELLO)}, {json.dumps(BYE)},]"),
        ("list.jsonl", json.dumps([HELLO, BYE])),
        ("lines.json", jsonl(HELLO, BYE)),
        ("columns.json", json.dumps({"question": ["Hello", "Bye"], "answer": ["Ahoy", "Fair winds"]})),
        ("nested.json", json.dumps({"version": "1", "data": [HELLO, BYE], "tags": ["x"]})),
        ("bom.json", b"\xef\xbb\xbf" + json.dumps([HELLO, BYE]).encode()),
        ("comma.csv", "question,answer\nHello,Ahoy\nBye,Fair winds\n"),
        ("semicolon.csv", "question;answer\nHello;Ahoy\nBye;Fair winds\n"),
        ("bar.csv", "question|answer\nHello|Ahoy\nBye|Fair winds\n"),
        ("tab.tsv", "question\tanswer\nHello\tAhoy\nBye\tFair winds\n"),
        ("bom.csv", b"\xef\xbb\xbfquestion,answer\r\nHello,Ahoy\r\nBye,Fair winds\r\n"),
        ("single-quotes.csv", "'question','answer'\n'Hello','Ahoy'\n'Bye','Fair winds'\n"),
        ("padded.csv", "question,answer,,\nHello,Ahoy,,\n,,,\nBye,Fair winds,,\n"),
        ("numbered.csv", ",question,answer\n0,Hello,Ahoy\n1,Bye,Fair winds\n"),
        ("more-columns.csv", "id,question,answer\n1,Hello,Ahoy\n2,Bye,Fair winds\n"),
    ],
)
def test_two_pairs_in_any_file(tmp_path: Path, name: str, content: str | bytes) -> None:
    reading = read(written(tmp_path, name, content))
    assert pairs(reading) == BOTH
    assert reading.rejected == ()
    assert reading.mapping == {"question": "question", "answer": "answer"}


def test_bad_lines_are_named_by_their_line(tmp_path: Path) -> None:
    lines = [
        json.dumps(HELLO),
        '{"question": "Hello", "answer": "one", "answer": "two"}',
        '{"question": "Hello", "answer": NaN}',
        '{"question": "Hello", "answer": "\\ud83d"}',
        '{"question": "Hello", "answer": "a\\u0000b"}',
        '["Hello", "Ahoy"]',
        "",
        '{"question": "Hello", "answer": ',
        '{"question": "Hello", "answer": ""}',
        '{"question": "Hello", "answer": null}',
        '{"question": "Hello"}',
        '{"question": "Hello", "answer": 7}',
        '{"question": "  ", "answer": "Ahoy"}',
        '{"question": "Hello", "answer": -Infinity}',
        '{"question": "Hello", "answer": ' + "9" * 5000 + "}",
        '{"question": "Hello", "answer": ' + "[" * 60 + "]" * 60 + "}",
        json.dumps({f"column {number}": "x" for number in range(201)}),
        json.dumps(BYE),
    ]
    reading = read(written(tmp_path, "a.jsonl", "\n".join(lines)))
    assert pairs(reading) == BOTH
    assert [example.line for example in reading.examples] == [1, 18]
    assert faults(reading) == [
        (2, "the name “answer” stands in it twice"),
        (3, "holds NaN, which is no JSON number"),
        (4, "holds the broken character U+D83D"),
        (5, "holds the broken character U+0000"),
        (6, "is a list, not an object with named columns"),
        (8, "not valid JSON: expecting value (character 32)"),
        (9, "no answer"),
        (10, "no answer"),
        (11, "missing column answer"),
        (12, "answer is a number, not text"),
        (13, "no question"),
        (14, "holds -Infinity, which is no JSON number"),
        (15, "holds a number with too many digits"),
        (16, "nested deeper than 50 levels"),
        (17, "has 201 columns; the limit is 200"),
    ]
    assert all(len(rejected.excerpt) <= 120 for rejected in reading.rejected)
    assert reading.rejected[0].excerpt.startswith('{"question": "Hello", "answer": "one"')


def test_what_is_told_about_a_bad_row_can_always_be_stored(tmp_path: Path) -> None:
    lines = ['{"\\ud800": 1, "\\ud800": 2}', '{"question": "tab\tand\x00 null"}', json.dumps(HELLO)]
    for _, reason in faults(read(written(tmp_path, "a.jsonl", "\n".join(lines)))):
        assert reason.encode().decode().isprintable()


def test_a_line_that_is_too_long_spoils_only_itself(tmp_path: Path) -> None:
    long = json.dumps({"question": "x" * (16 * 1024**2), "answer": "y"})
    reading = read(written(tmp_path, "a.jsonl", jsonl(HELLO) + long + "\n" + jsonl(BYE)))
    assert pairs(reading) == BOTH
    assert faults(reading) == [(2, "longer than 16 MB")]
    assert reading.examples[1].line == 3


def test_bad_rows_of_a_list_are_named_by_their_number(tmp_path: Path) -> None:
    bad = '{"question": "a [bracket", "answer" "}"}, 7, {"question": "Hello", "question": "x"}, {"answer": "x"}'
    reading = read(written(tmp_path, "a.json", f"[{json.dumps(HELLO)}, {bad}, {json.dumps(BYE)}]"))
    assert pairs(reading) == BOTH
    assert reading.examples[1].line == 6
    assert [line for line, _ in faults(reading)] == [2, 3, 4, 5]
    assert faults(reading)[1:] == [
        (3, "is a number, not an object with named columns"),
        (4, "the name “question” stands in it twice"),
        (5, "missing column question"),
    ]


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        (', {"question": "cut off', "the file ends inside it: a quote or a bracket is not closed"),
        ('] {"question": "x", "answer": "y"}', "stands after the end of the list; nothing from there on is read"),
    ],
)
def test_a_list_that_breaks_off_keeps_what_came_before(tmp_path: Path, rest: str, reason: str) -> None:
    reading = read(written(tmp_path, "a.json", f"[{json.dumps(HELLO)}, {json.dumps(BYE)}{rest}"))
    assert pairs(reading) == BOTH
    assert faults(reading) == [(3, reason)]


def test_a_list_is_cut_right_wherever_it_is_read_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"question": 'a "quoted\\" [', "answer": "}\\\\"}, {"question": "é🏴‍☠️,", "answer": "]"}]
    path = written(tmp_path, "a.json", json.dumps(rows, indent=1))
    for chunk in range(1, 40):
        monkeypatch.setattr("workbench.data.reading.json_split._CHUNK_CHARACTERS", chunk)
        assert pairs(read(path)) == [tuple(row.values()) for row in rows]


def test_quoted_cells_and_ragged_rows(tmp_path: Path) -> None:
    content = (
        'question,answer\n"Hello,\nyou","He said ""Ahoy"""\nonly one\n\na,b,c\n"x"y,z\nNA,null\n'
        'Hello,\nnul\0,b\nBye,"never closed\nmore\n'
    )
    reading = read(written(tmp_path, "a.csv", content))
    assert pairs(reading) == [("Hello,\nyou", 'He said "Ahoy"'), ("NA", "null")]
    assert [example.line for example in reading.examples] == [2, 8]
    assert faults(reading) == [
        (4, "1 cell where the first row names 2 columns"),
        (6, "3 cells where the first row names 2 columns"),
        (7, "a quote in it does not fit: ',' expected after '\"'"),
        (9, "no answer"),
        (10, "holds the broken character U+0000"),
        (11, "a quote opened here is never closed; nothing after it can be read"),
    ]
    assert [rejected.excerpt for rejected in reading.rejected][2:] == [
        '"x"y,z',
        "question: Hello, answer:",
        "nul ,b",
        'Bye,"never closed',
    ]


def test_commas_in_the_text_do_not_hide_a_semicolon(tmp_path: Path) -> None:
    rows = "".join(f"one, two, three {number};four, five\n" for number in range(20))
    reading = read(written(tmp_path, "a.csv", "question, in short;answer\n".replace(", in short", "") + rows))
    assert len(reading.examples) == 20
    assert pairs(reading)[0] == ("one, two, three 0", "four, five")


def test_a_long_cell_is_read_whole(tmp_path: Path) -> None:
    long = "word " * 40_000
    reading = read(written(tmp_path, "a.csv", f'text,n\n"{long}",1\n'))
    assert reading.examples[0].text == long


@pytest.mark.skipif(not ALPACA.exists(), reason=f"missing ../shared/data/{ALPACA.name}")
def test_real_alpaca_rows_are_all_accounted_for() -> None:
    reading = read(ALPACA)
    assert reading.format == "alpaca"
    assert len(reading.examples) + len(reading.rejected) == len(json.loads(ALPACA.read_text(encoding="utf-8")))
    assert len(reading.rejected) < 10
