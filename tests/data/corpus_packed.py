"""Odd and malformed Parquet files, workbooks, zip files, and files of kinds that are not read."""

import datetime
import stat

import pyarrow as pa

from tests.data.corpus import ROW, TABLE, TWO, Case, accept, refuse
from tests.data.packed import HEADER, archive, lying, parquet, repeated, row, special, text_cell, workbook
from workbench.data.reading.kinds import INSTEAD

PAIR = {"question": ["Hello", "Bye"], "answer": ["Ahoy", "Fair winds"]}
TURNS = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Ahoy"}]
GOOD = parquet(PAIR)
BOOK = workbook(HEADER + row(2, "Hello", "Ahoy"))
LAUGHS = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]>'


def _cell(cell: str) -> bytes:
    """A workbook with a good row, and a row that has `cell` as its B3."""
    return workbook(HEADER + row(2, "Hello", "Ahoy") + f'<row r="3">{text_cell("A3", "a")}{cell}</row>')


PARQUET = [
    accept("plain.parquet", GOOD, 2),
    accept("messages.parquet", parquet({"messages": [TURNS, TURNS]}), 2),
    accept("groups.parquet", parquet({name: cells * 50 for name, cells in PAIR.items()}, row_group_size=7), 100),
    accept("null.parquet", parquet({**PAIR, "answer": ["a", None]}), 1, (2, "answer")),
    accept("nul.parquet", parquet({**PAIR, "answer": ["a", "b\0c"]}), 1, (2, "broken character U+0000")),
    accept("missing-words.parquet", parquet({**PAIR, "answer": ["NA", "null"]}), 2),
    accept("large-strings.parquet", parquet({**PAIR, "answer": pa.array(["a", "b"], pa.large_string())}), 2),
    accept("dictionary.parquet", parquet({**PAIR, "answer": pa.array(["a", "b"]).dictionary_encode()}), 2),
    accept("more-columns.parquet", parquet({**PAIR, "score": [float("nan"), 1.5], "day": [datetime.date.min] * 2}), 2),
    accept("packed.parquet", parquet(PAIR, compression="zstd"), 2),
    accept("repeated.parquet", parquet({"question": repeated("a", 50), "answer": repeated("b" * 100_000, 50)}), 50),
    accept("delta.parquet", parquet(PAIR, use_dictionary=False, column_encoding="DELTA_BYTE_ARRAY"), 2),
    refuse("numbers.parquet", parquet({**PAIR, "answer": [1, 2]}), "row 1: answer is a number, not text"),
    refuse(
        "bytes.parquet", parquet({**PAIR, "image": [b"a", b"b"]}), "The column “image” of “bytes.parquet” holds bytes"
    ),
    refuse("map.parquet", parquet({"a": pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64()))}), "holds map<"),
    refuse("bomb.parquet", parquet({"text": repeated("a" * 3_000_000, 2000)}), "unpacks to more than 4 GB"),
    refuse("no-rows.parquet", parquet({"question": pa.array([], pa.string())}), "holds no rows"),
    refuse("no-columns.parquet", parquet({}), "has no columns"),
    refuse("wide.parquet", parquet({f"c{n}": ["a"] for n in range(201)}), "201 columns; the limit is 200"),
    refuse("cut-off.parquet", GOOD[:-20], "is damaged"),
    refuse("cut-short.parquet", GOOD[:40], "is damaged"),
    refuse("bad-footer.parquet", GOOD[:-60] + b"\xff" * 40 + GOOD[-20:], "is damaged"),
    refuse("text.parquet", TWO, "is no .parquet file"),
    refuse("encrypted.parquet", b"PARE" + GOOD[4:], "an encrypted Parquet file"),
    refuse("parquet.jsonl", GOOD, "is a Parquet file, not text"),
]

WORKBOOKS = [
    accept("plain.xlsx", BOOK, 1),
    accept("two-sheets.xlsx", workbook(HEADER + row(2, "a", "b"), HEADER + row(2, "c", "d") * 3), 1),
    accept("other-sheet.xlsx", workbook("", HEADER + row(2, "c", "d") + row(3, "e", "f")), 2, sheet="other"),
    accept("rich-text.xlsx", _cell('<c r="B3" t="s"><v>1</v></c>'), 2),
    accept("number.xlsx", _cell('<c r="B3"><v>7</v></c>'), 2),
    accept("no-cell-names.xlsx", _cell("<c t='s'><v>2</v></c>"), 2),
    accept("formula.xlsx", _cell('<c r="B3" t="str"><f>A1</f><v>b</v></c>'), 2),
    accept("empty-formula.xlsx", _cell('<c r="B3" t="str"><f>A1</f><v></v></c>'), 1, (3, "answer")),
    accept("formula-only.xlsx", _cell('<c r="B3"><f>A1</f></c>'), 1, (3, "B3: holds a formula whose result is not")),
    accept("error.xlsx", _cell('<c r="B3" t="e"><v>#REF!</v></c>'), 1, (3, "B3: holds the error #REF!")),
    accept("outside.xlsx", _cell(text_cell("D3", "b")), 1, (3, "D3: stands in a column that the first row")),
    accept("no-number.xlsx", _cell('<c r="B3"><v>seven</v></c>'), 1, (3, "B3: “seven” is no number")),
    accept("nan.xlsx", _cell('<c r="B3"><v>nan</v></c>'), 1, (3, "is no number")),
    accept("begins-lower.xlsx", workbook("<row r='4'>" + HEADER[11:].replace("1", "4") + row(6, "a", "b")), 1),
    refuse("no-such-sheet.xlsx", BOOK, "has no sheet “Mine”", sheet="Mine"),
    refuse("empty-sheet.xlsx", workbook("<row/>"), "holds no rows"),
    refuse("no-sheets.xlsx", workbook(), "has no sheet with cells"),
    refuse("same-column-twice.xlsx", workbook(HEADER.replace("question", "answer")), "two columns called “answer”"),
    refuse("error-in-header.xlsx", workbook('<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row>'), "A1: holds the error"),
    refuse("no-string.xlsx", _cell('<c r="B3" t="s"><v>99</v></c>'), "cannot be read as a workbook"),
    refuse("no-style.xlsx", _cell('<c r="B3" s="99"><v>1</v></c>'), "cannot be read as a workbook"),
    refuse("no-column.xlsx", _cell('<c r="ÄÖ3"><v>1</v></c>'), "holds no column"),
    refuse("no-row.xlsx", workbook('<row r="one"></row>'), "cannot be read as a workbook"),
    refuse("broken-xml.xlsx", workbook("<row><c></row>"), "it holds broken XML"),
    refuse("laughs.xlsx", workbook("", xl__sharedStrings=LAUGHS + "<sst>&c;</sst>"), "declares types of its own"),
    refuse("bomb.xlsx", workbook("", xl__sharedStrings="<si/>" * 500_000), "times its size, as no real file does"),
    refuse("no-workbook.xlsx", archive({"word/document.xml": "<a/>"}), "it has no part _rels/.rels"),
    refuse("cut-off.xlsx", BOOK[:-30], "is damaged"),
    refuse(
        "damaged.xlsx", BOOK.replace(b"\x00\x00\x00!\x00", b"\x00\x00\x00!\x01")[:200] + b"\0" * 60 + BOOK[260:], ""
    ),
    refuse("locked.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "an old or locked office document"),
    refuse("table.xlsx", TABLE, "is no .xlsx file"),
    refuse("workbook.csv", BOOK, "is a zip archive or an office document, not text"),
]

ZIPS = [
    accept("two.zip", archive({"a.jsonl": TWO, "b/c.csv": TABLE}), 4),
    accept("with-more.zip", archive({"a.jsonl": TWO, "b.png": "x", "__MACOSX/a.jsonl": "x", ".b.csv": "x"}), 2),
    accept("windows-names.zip", archive({"b\\c.csv": TABLE}), 2),
    accept("workbook.zip", archive({"a.xlsx": BOOK, "b.parquet": GOOD}), 3),
    refuse("dots.zip", archive({"../a.jsonl": TWO}), "leads out of the archive"),
    refuse("windows-dots.zip", archive({"b\\..\\..\\a.jsonl": TWO}), "leads out of the archive"),
    refuse("absolute.zip", archive({"/tmp/a.jsonl": TWO}), "leads out of the archive"),
    refuse("drive.zip", archive({"C:/a.jsonl": TWO}), "leads out of the archive"),
    refuse("link.zip", special("a.jsonl", "/etc/passwd", mode=stat.S_IFLNK | 0o777), "is a link or a device"),
    refuse("device.zip", special("a.jsonl", "", mode=stat.S_IFCHR), "is a link or a device"),
    refuse("locked.zip", special("a.jsonl", TWO, is_locked=True), "is locked with a password"),
    refuse("twice.zip", archive({"a.jsonl": TWO, "./a.jsonl": TWO}), "stands twice"),
    refuse("file-in-file.zip", archive({"a.csv": TABLE, "a.csv/b.csv": TABLE}), "lies in a file"),
    refuse("zip-in-zip.zip", archive({"a.jsonl": TWO, "b.zip": archive({"c.csv": TABLE})}), "an archive in an archive"),
    refuse("strange-name.zip", archive({"a\n.csv": TABLE}), "has a name that no file may have"),
    refuse("long-name.zip", archive({"a" * 300 + ".csv": TABLE}), "has a name that no file may have"),
    refuse("bomb.zip", archive({"a.csv": b"\0" * 3_000_000}), "times its size, as no real file does"),
    refuse("many.zip", archive({f"{n}.csv": "" for n in range(1001)}), "holds more than 1,000 files"),
    refuse("says-too-much.zip", lying({"a.jsonl": TWO}, 2**32 - 2), "unpacks to"),
    refuse("says-too-little.zip", lying({"a.jsonl": TWO * 9}, 7), "is damaged"),
    refuse("says-more.zip", lying({"a.jsonl": TWO}, 100_000), "is damaged"),
    refuse("nothing-to-read.zip", archive({"a.pdf": "x", "b.png": "x"}), "holds no file that can be read as data"),
    refuse("empty.zip", archive({}), "holds no file that can be read as data"),
    refuse("cut-off.zip", archive({"a.jsonl": TWO})[:-30], "is damaged"),
    refuse("text.zip", TWO, "is damaged"),
]

OTHER_KINDS: list[Case] = [
    *(
        refuse(f"file{suffix}", "x", f"is {INSTEAD[suffix][0]}, which cannot be read")
        for suffix in INSTEAD
        if suffix != ".zip"
    ),
    refuse("no-ending", ROW, "is a file without an ending"),
    refuse("unknown.xyz", ROW, "is a .xyz file"),
    refuse("zip.jsonl", archive({"a.jsonl": TWO}), "is a zip archive or an office document, not text"),
    refuse("gzip.jsonl", b"\x1f\x8b\x08\0rest", "is a gzip archive, not text"),
    refuse("pdf.txt", "%PDF-1.7 rest", "is a PDF, not text"),
    refuse("image.txt", b"\x89PNG\r\n\x1a\n\0\0", "is an image, not text"),
    refuse("database.csv", b"SQLite format 3\0rest", "is an SQLite database, not text"),
    refuse("random.csv", bytes(range(256)) * 20, "is not a text file"),
]

PACKED_CASES = [*PARQUET, *WORKBOOKS, *ZIPS, *OTHER_KINDS]
