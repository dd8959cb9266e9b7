"""Files that are no dataset: each is refused with a sentence that says why."""

from pathlib import Path

import pytest

from tests.data.files import read, written
from workbench.errors import DataError

REFUSED: list[tuple[str, bytes, str]] = [
    ("empty.jsonl", b"", "“empty.jsonl” is empty."),
    ("blank.jsonl", b" \n\n", "“blank.jsonl” holds no rows."),
    ("blank.json", b" \n\n", "“blank.json” holds nothing, not rows."),
    ("blank.csv", b"\n\n", "“blank.csv” holds no rows."),
    ("blank.txt", b"\n\n", "“blank.txt” holds no rows."),
    ("header.csv", b"question,answer\n", "“header.csv” holds no rows."),
    ("none.json", b"[]", "“none.json” holds no rows."),
    ("null.json", b"null", "“null.json” holds null, not rows."),
    ("number.json", b"7", "“number.json” holds a number, not rows."),
    ("words.json", b"Hello there", "“words.json” holds no JSON, not rows."),
    ("null.jsonl", b"null\n", "row 1: is null, not an object"),
    ("object.json", b'{"question": "Hello", "answer": "Ahoy"}', "holds one object, not rows."),
    ("object.json", b'{"question": ["Hello"], "answer": "Ahoy"}', "holds one object, not rows."),
    ("uneven.json", b'{"question": ["a", "b"], "answer": ["c"]}', "lists of different lengths: question 2, answer 1."),
    ("two.json", b'{"train": [{"a": 1}], "test": [{"a": 1}]}', "several lists of rows: train, test."),
    ("twice.json", b'{"data": [], "data": []}', "the name “data” stands in it twice."),
    ("open.json", b'{"data": [{"question": "x"', "a quote or a bracket is not closed."),
    ("strange.json", b'{[1], "data": []}', "“[1]” is no name with a value."),
    ("deep.json", b"[" * 100_000 + b"]" * 100_000, "row 1: nested deeper than 50 levels"),
    ("deep-open.json", b"[" * 100_000, "row 1: the file ends inside it"),
    ("deep-object.json", b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "holds one object, not rows."),
    ("deep-names.json", b"{" + b"[" * 100_000 + b"]" * 100_000 + b"}", "is no name with a value."),
    ("deep.jsonl", b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "row 1: nested deeper than 50 levels"),
    ("utf16.csv", "question,answer\nHello,Ahoy\n".encode("utf-16"), "is stored as UTF-16, not UTF-8."),
    ("utf16-no-mark.csv", "question,answer\nHello,Ahoy\n".encode("utf-16-le"), "is stored as UTF-16"),
    (
        "latin.csv",
        "question,answer\nHello,Ahoy\nGrüße,x\n".encode("latin-1"),
        "is not stored as UTF-8 (line 3), but probably as latin-1.",
    ),
    ("cut.txt", "Grüße é".encode()[:-1], "is not stored as UTF-8 (line 1): a letter is damaged."),
    ("a.jsonl", b"PK\x03\x04rest", "is a zip archive or an office document, not text."),
    ("a.txt", b"%PDF-1.7 rest", "is a PDF, not text."),
    ("a.csv", bytes(range(32)) * 20, "is not a text file."),
    ("a.xyz", b"Hello", "is a .xyz file, which cannot be read as data."),
    ("noending", b"Hello", "is a file without an ending"),
    ("unknown.csv", b"id,name\n1,x\n", "The columns of “unknown.csv” are not known here: “id”, “name”."),
    ("nameless.csv", b"question,,,answer\na,b,c,d\n", "columns without a name."),
    ("same.csv", b"question,Answer,Answer\na,b,c\n", "two columns called “Answer”."),
    ("wide.csv", b",".join(b"c%d" % number for number in range(201)) + b"\n1\n", "has 201 columns; the limit is 200."),
    ("header.csv", b'"question"x,answer\na,b\n', "The first row of “header.csv” cannot be read"),
    (
        "all-bad.jsonl",
        b'{"question": "a"\n{"question": "b", "answer": ""}\n',
        "No row of “all-bad.jsonl” can be used (row 1",
    ),
]


@pytest.mark.parametrize(
    ("name", "content", "message"), REFUSED, ids=[f"{case[0]}-{at}" for at, case in enumerate(REFUSED)]
)
def test_refused_files_say_why(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    with pytest.raises(DataError) as refused:
        read(written(tmp_path, name, content))
    assert message in refused.value.message
    assert refused.value.hint.endswith((".", ")"))


def test_places_that_are_no_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is a folder"):
        read(tmp_path)
    with pytest.raises(DataError, match="There is no file"):
        read(tmp_path / "gone.csv")


def test_a_file_above_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big.jsonl"
    with path.open("wb") as file:
        file.truncate(2 * 1024**3 + 1)
    with pytest.raises(DataError, match="the limit is 2 GB"):
        read(path)
