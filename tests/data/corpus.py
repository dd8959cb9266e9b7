"""Odd and malformed files, and what should come of each: rows, rows and reasons, or a refusal."""

from dataclasses import dataclass, field
from typing import Any

from tests.data.files import BYE, HELLO, jsonl


@dataclass(frozen=True)
class Case:
    """One file, and its outcome: `accepted` rows and those `rejected` with line and reason, or the file `refused`."""

    name: str
    content: bytes
    accepted: int = 0
    rejected: tuple[tuple[int, str], ...] = ()
    refused: str = ""
    options: dict[str, Any] = field(default_factory=dict)


def accept(name: str, content: str | bytes, accepted: int, *rejected: tuple[int, str], **options: Any) -> Case:
    return Case(name, _bytes(content), accepted, rejected, options=options)


def refuse(name: str, content: str | bytes, message: str, **options: Any) -> Case:
    return Case(name, _bytes(content), refused=message, options=options)


def _bytes(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode()


ROW = '{"question": "Hello", "answer": "Ahoy"}'
TWO = jsonl(HELLO, BYE)
TABLE = "question,answer\nHello,Ahoy\nBye,Fair winds\n"
LETTERS = "question,answer\nHello,Grüße\n"
POLISH = "pytanie;odpowiedź\nJak się masz?;Zażółć gęślą jaźń\n"
DASHES = "question,answer\nHello,“Ahoy” – said he\n"


def _with(cell: str) -> str:
    """A good line, and one with `cell` as its answer."""
    return f'{ROW}\n{{"question": "Hello", "answer": {cell}}}\n'


JSON_LINES = [
    accept("plain.jsonl", TWO, 2),
    accept("blank-lines.jsonl", f"\n\n{ROW}\n  \n\n{ROW}\n\n", 2),
    accept("windows-breaks.jsonl", TWO.replace("\n", "\r\n"), 2),
    accept("old-mac-breaks.jsonl", TWO.replace("\n", "\r"), 2),
    accept("byte-order-mark.jsonl", b"\xef\xbb\xbf" + TWO.encode(), 2),
    accept("mark-in-the-middle.jsonl", b"\xef\xbb\xbf" + f"{ROW}\n\ufeff{ROW}\n".encode(), 2),
    accept("no-break-at-the-end.jsonl", TWO.rstrip(), 2),
    accept("indented.jsonl", f"  {ROW}  \n\t{ROW}\t\n", 2),
    accept("LOUD.JSONL", TWO, 2),
    accept("other-ending.ndjson", TWO, 2),
    accept("list-after-all.jsonl", f"[{ROW}, {ROW}]", 2),
    accept("line-separators.jsonl", _with('"a\u2028b\u2029c\u0085d"'), 2),
    accept("emoji.jsonl", _with('"🏴‍☠️ שלום"'), 2),
    accept("escaped-emoji.jsonl", _with('"\\ud83d\\ude00"'), 2),
    accept("half-a-pair.jsonl", _with('"\\ud83d"'), 1, (2, "broken character U+D83D")),
    accept("half-a-pair-in-a-name.jsonl", f'{ROW}\n{{"\\ud83d": 1}}\n', 1, (2, "broken character U+D83D")),
    accept("escaped-nul.jsonl", _with('"a\\u0000b"'), 1, (2, "broken character U+0000")),
    accept("raw-nul.jsonl", _with('"a\0b"'), 1, (2, "invalid control character")),
    accept("raw-tab.jsonl", _with('"a\tb"'), 1, (2, "invalid control character")),
    accept("nan.jsonl", _with("NaN"), 1, (2, "NaN, which is no JSON number")),
    accept("nan-elsewhere.jsonl", f'{ROW}\n{ROW[:-1]}, "score": NaN}}\n', 1, (2, "NaN")),
    accept("infinity.jsonl", _with("-Infinity"), 1, (2, "-Infinity")),
    accept("400-digits.jsonl", f'{ROW[:-1]}, "id": {"9" * 400}}}\n', 1),
    accept("5000-digits.jsonl", _with("9" * 5000), 1, (2, "too many digits")),
    accept("exponent.jsonl", f'{ROW}\n{ROW[:-1]}, "score": 1e400}}\n', 1, (2, "1e400, which is too large")),
    accept("same-name-twice.jsonl", f'{ROW}\n{ROW[:-1]}, "answer": "other"}}\n', 1, (2, "“answer” stands in it twice")),
    accept("python-quotes.jsonl", f"{ROW}\n{{'question': 'a', 'answer': 'b'}}\n", 1, (2, "not valid JSON")),
    accept("comma-in-row.jsonl", f"{ROW}\n{ROW[:-1]},}}\n", 1, (2, "not valid JSON")),
    accept("comma-after-row.jsonl", f"{ROW}\n{ROW},\n", 1, (2, "not valid JSON: extra data")),
    accept("two-in-a-line.jsonl", f"{ROW}\n{ROW}{ROW}\n", 1, (2, "extra data")),
    accept("comment.jsonl", f"// mine\n{ROW}\n# mine\n", 1, (1, "not valid JSON"), (3, "not valid JSON")),
    accept("cut-off.jsonl", f"{ROW}\n{ROW[:20]}", 1, (2, "not valid JSON")),
    accept("null-row.jsonl", f"{ROW}\nnull\n", 1, (2, "is null, not an object")),
    accept("list-row.jsonl", f'{ROW}\n["a", "b"]\n', 1, (2, "is a list, not an object")),
    accept("text-row.jsonl", f'{ROW}\n"a"\n', 1, (2, "is a text, not an object")),
    accept("number-row.jsonl", f"{ROW}\n7\n", 1, (2, "is a number, not an object")),
    accept("bool-row.jsonl", f"{ROW}\ntrue\n", 1, (2, "is true or false, not an object")),
    accept("empty-object.jsonl", f"{ROW}\n{{}}\n", 1, (2, "")),
    accept("deep.jsonl", _with("[" * 60 + "]" * 60), 1, (2, "nested deeper than 50 levels")),
    accept("very-deep.jsonl", _with("[" * 90_000 + "]" * 90_000), 1, (2, "nested deeper than 50 levels")),
    accept("many-brackets.jsonl", _with(f'"{"[{" * 90}"'), 2),
    accept("wide.jsonl", f"{ROW}\n{jsonl({f'c{n}': n for n in range(201)})}", 1, (2, "201 columns; the limit is 200")),
    accept("50000-names.jsonl", f"{ROW}\n{jsonl({f'c{n}': n for n in range(50_000)})}", 1, (2, "50,000 columns")),
    accept("null-cell.jsonl", _with("null"), 1, (2, "answer")),
    accept("number-cell.jsonl", _with("7"), 1, (2, "not text")),
    accept("bool-cell.jsonl", _with("true"), 1, (2, "not text")),
    accept("list-cell.jsonl", _with('["a"]'), 1, (2, "not text")),
    accept("other-names-later.jsonl", f'{ROW}\n{{"topic": "a", "body": "b"}}\n', 1, (2, "question")),
    accept("object-late.jsonl", '{"text":"a"}\n' * 200_000 + '{"text":{"a":1}}', 200_000, (200_001, "not text")),
    refuse("pretty-object.jsonl", '{\n "question": "a",\n "answer": "b"\n}\n', "No row of"),
    refuse("null.jsonl", "null\n", "row 1: is null, not an object"),
    refuse("empty.jsonl", "", "is empty"),
    refuse("blank.jsonl", " \n\r\n", "holds no rows"),
]

JSON_FILES = [
    accept("list.json", f"[{ROW}, {ROW}]", 2),
    accept("pretty.json", f"[\n  {ROW},\n  {ROW}\n]\n", 2),
    accept("lines.json", TWO, 2),
    accept("byte-order-mark.json", b"\xef\xbb\xbf" + f"[{ROW}]".encode(), 1),
    accept("columns.json", '{"question": ["a", "b", "c"], "answer": ["d", "e", "f"]}', 3),
    accept("under-a-name.json", f'{{"data": [{ROW}, {ROW}]}}', 2),
    accept("under-a-name-with-more.json", f'{{"version": 1, "data": [{ROW}], "tags": ["a"]}}', 1),
    accept("comma-at-the-end.json", f"[{ROW}, {ROW},]", 2),
    accept("comma-twice.json", f"[{ROW},, {ROW}]", 2, (2, "not valid JSON")),
    accept("bad-in-the-middle.json", f'[{ROW}, {{"question" "a"}}, {ROW}]', 2, (2, "not valid JSON")),
    accept("bad-quote-in-the-middle.json", f"[{ROW}, {{'question': 'a'}}, {ROW}]", 2, (2, "not valid JSON")),
    accept("nan.json", f'[{ROW}, {{"question": "a", "answer": NaN}}]', 1, (2, "NaN")),
    accept("mixed.json", f'[{ROW}, 7, null, ["a"]]', 1, (2, "a number"), (3, "null"), (4, "a list")),
    accept("cut-off.json", f"[{ROW}, {ROW[:20]}", 1, (2, "the file ends inside it")),
    accept("no-end.json", f"[{ROW}, {ROW}", 1, (2, "the file ends inside it")),
    accept("more-after-the-end.json", f"[{ROW}] [{ROW}]", 1, (2, "stands after the end of the list")),
    accept("brackets-crossed.json", f'[{ROW}, {{"question": "a"]}}', 1, (2, "")),
    accept("deep-element.json", f"[{ROW}, {'[' * 60}{']' * 60}]", 1, (2, "nested deeper")),
    refuse("several-lists.json", f'{{"train": [{ROW}], "test": [{ROW}]}}', "several lists of rows: train, test"),
    refuse("uneven-columns.json", '{"question": ["a", "b"], "answer": ["c"]}', "lists of different lengths"),
    refuse("one-row.json", ROW, "holds one object, not rows"),
    refuse("two-levels.json", f'{{"data": {{"rows": [{ROW}]}}}}', "holds one object, not rows"),
    refuse("no-members.json", "{}", "holds one object, not rows"),
    refuse("same-name-twice.json", f'{{"data": [{ROW}], "data": [{ROW}]}}', "“data” stands in it twice"),
    refuse("cut-off-under-a-name.json", f'{{"data": [{ROW}', "is not closed"),
    refuse("no-name.json", f"{{[{ROW}]}}", "is no name with a value"),
    refuse("null.json", "null", "holds null, not rows"),
    refuse("number.json", "7", "holds a number, not rows"),
    refuse("text.json", '"Hello"', "holds a text, not rows"),
    refuse("true.json", "true", "holds true or false, not rows"),
    refuse("words.json", "Hello there", "holds no JSON, not rows"),
    refuse("no-rows.json", "[]", "holds no rows"),
    refuse("lists-of-lists.json", '[["a", "b"]]', "row 1: is a list"),
    refuse("list-of-texts.json", '["a", "b"]', "row 1: is a text"),
    refuse("deep.json", "[" * 100_000, "row 1: the file ends inside it"),
    refuse("deep-object.json", '{"a":' * 100_000, "is not closed"),
]

TABLES = [
    accept("comma.csv", TABLE, 2),
    accept("semicolon.csv", TABLE.replace(",", ";"), 2),
    accept("bar.csv", TABLE.replace(",", "|"), 2),
    accept("tab.csv", TABLE.replace(",", "\t"), 2),
    accept("tab.tsv", TABLE.replace(",", "\t"), 2),
    accept("byte-order-mark.csv", b"\xef\xbb\xbf" + TABLE.encode(), 2),
    accept("names-its-separator.csv", "sep=;\nquestion;answer\na,b,c;d,e,f\n1;2;3\n", 1, (4, "3 cells")),
    accept("windows-breaks.csv", TABLE.replace("\n", "\r\n"), 2),
    accept("old-mac-breaks.csv", TABLE.replace("\n", "\r"), 2),
    accept("break-in-a-cell.csv", 'question,answer\r\n"a\r\nb","c"\r\nshort\r\n', 1, (4, "1 cell where")),
    accept("doubled-quotes.csv", 'question,answer\n"He said ""hi""",b\n', 1),
    accept("single-quotes.csv", "'question','answer'\n'a,b','c'\n", 1),
    accept("missing-words.csv", "question,answer\nNA,None\nnull,NaN\nN/A,#N/A\n", 3),
    accept("numbers.csv", "question,answer\n007,1e5\n1.0,TRUE\n", 2),
    accept("formula.csv", "question,answer\n=1+1,@SUM(A1)\n", 1),
    accept("too-few.csv", f"{TABLE}lonely\n", 2, (4, "1 cell where the first row names 2 columns")),
    accept("too-many.csv", f"{TABLE}a,b,c\n", 2, (4, "3 cells where the first row names 2 columns")),
    accept("padded.csv", "question,answer,,\na,b,,\n,,,\nc,d,,\n", 2),
    accept("numbered.csv", ",question,answer\n0,a,b\n", 1),
    accept("empty-cell.csv", f"{TABLE}a,\n", 2, (4, "answer")),
    accept("nul.csv", f"{TABLE}a\0b,c\n", 2, (4, "broken character U+0000")),
    accept("quote-inside.csv", f'{TABLE}"a"b,c\nd,e\n', 3, (4, "a quote in it does not fit")),
    accept("open-quote.csv", f'{TABLE}a,"b\nc,d\n', 2, (4, "never closed; nothing after it can be read")),
    accept("blank-lines.csv", f"\n\n{TABLE}\n\n", 2),
    accept("one-column.csv", "text\nHello, you\nBye; you\n", 2),
    accept("spaces-in-names.csv", " question , answer \na,b\n", 1),
    accept("long-cell.csv", f'question,answer\na,"{"word " * 40_000}"\n', 1),
    accept(
        "wide-but-not-too.csv", "question,answer," + ",".join(f"c{n}" for n in range(198)) + "\n" + "x," * 199 + "x", 1
    ),
    refuse("header-only.csv", "question,answer\n", "holds no rows"),
    refuse("blank.csv", "\n\n", "holds no rows"),
    refuse("commas.csv", ",,,\n,,,\n", "holds no rows"),
    refuse("same-column-twice.csv", "question,answer,answer\na,b,c\n", "two columns called “answer”"),
    refuse("columns-without-names.csv", "question,,,answer\na,b,c,d\n", "columns without a name"),
    refuse("nul-in-a-name.csv", "question,an\0swer\na,b\n", "broken character U+0000"),
    refuse("bad-first-row.csv", '"question"x,answer\na,b\n', "The first row of"),
    refuse("wide.csv", ",".join(f"c{n}" for n in range(201)) + "\nx\n", "201 columns; the limit is 200"),
    refuse("page.csv", "<!DOCTYPE html><html>,</html>", "looks like a web page or XML, not like a table"),
    refuse("lines-of-json.csv", TWO, "looks like JSON, not like a table"),
]

TEXTS = [
    accept("text.txt", "Once upon a time.\n\nThe end.\n", 1),
    accept("text.md", "# Title\n\nSome *text*.\n", 1),
    accept("byte-order-mark.txt", b"\xef\xbb\xbfHello", 1),
    accept("windows-breaks.txt", "a\r\n\r\nb\r\n", 1),
    accept("paragraphs.txt", ("word " * 400 + "\n\n") * 5, 3),
    accept("one-long-line.txt", "word " * 5000, 4),
    accept("one-long-word.txt", "x" * 20_000, 3),
    accept("nul.txt", f"{'word ' * 900}\n\na\0b\n", 1, (3, "broken character U+0000")),
    accept("json-in-a-text.txt", TWO, 1),
    refuse("blank.txt", "\n \n", "holds no rows"),
    refuse("nothing-but-breaks.txt", "\n" * 100_000, "holds no rows"),
]

ENCODED = [
    accept("utf-16.csv", TABLE.encode("utf-16"), 2, encoding="utf-16"),
    accept("utf-16-no-mark.csv", TABLE.encode("utf-16-be"), 2, encoding="utf-16"),
    accept("utf-16.jsonl", TWO.encode("utf-16"), 2, encoding="utf-16"),
    accept("utf-16.txt", LETTERS.encode("utf-16"), 1, encoding="utf-16"),
    accept("latin-1.csv", LETTERS.encode("latin-1"), 1, encoding="latin-1"),
    accept("latin-1-as-windows.csv", LETTERS.encode("latin-1"), 1, encoding="windows-1252"),
    accept("windows-1250.csv", POLISH.encode("windows-1250"), 1, encoding="windows-1250"),
    accept("windows-1252.csv", DASHES.encode("windows-1252"), 1, encoding="windows-1252"),
    accept("ascii-as-latin-1.csv", TABLE, 2, encoding="latin-1"),
    refuse("utf-16-unasked.csv", TABLE.encode("utf-16"), "is stored as UTF-16, not UTF-8"),
    refuse("utf-16-no-mark-unasked.csv", TABLE.encode("utf-16-le"), "is stored as UTF-16, not UTF-8"),
    refuse("utf-16-cut.csv", TABLE.encode("utf-16")[:-1], "is not stored as UTF-16 (line 3)", encoding="utf-16"),
    refuse("utf-16-asked-for.csv", TABLE, "is not stored as UTF-16, but as UTF-8", encoding="utf-16"),
    refuse("utf-32.csv", TABLE.encode("utf-32"), "text stored as UTF-32"),
    refuse("latin-1-unasked.csv", LETTERS.encode("latin-1"), "UTF-8 (line 2), but probably as latin-1"),
    refuse("windows-1252-unasked.csv", DASHES.encode("windows-1252"), "(line 2), but probably as windows-1252"),
    refuse("windows-1250-unasked.csv", POLISH.encode("windows-1250"), "(line 1), but probably as windows-1250"),
    refuse("windows-1252-as-latin.csv", DASHES.encode("windows-1252"), "0x93 (line 2), which", encoding="latin-1"),
    refuse("utf-8-as-latin.csv", LETTERS, "is not stored as Latin-1, but as UTF-8", encoding="latin-1"),
    refuse("marked-as-windows.csv", b"\xef\xbb\xbf" + LETTERS.encode(), "but as UTF-8", encoding="windows-1252"),
    refuse("no-letter.csv", b"question,answer\na,\x81\n", "windows-1252 (line 2)", encoding="windows-1252"),
    refuse("cut-letter.txt", "Grüße é".encode()[:-1], "(line 1): a letter is damaged"),
    refuse("one-bad-letter.jsonl", TWO.encode() * 50 + "Grüße\n".encode() * 9 + b"\xff\n", "(line 110): a letter"),
]

TEXT_CASES = [*JSON_LINES, *JSON_FILES, *TABLES, *TEXTS, *ENCODED]
