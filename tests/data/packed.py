"""Workbooks, Parquet files and zip files for tests, made by hand so that they can be wrong in any way."""

import io
import struct
import zipfile
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>question</t></is></c><c r="B1" t="s"><v>0</v></c></row>'


def row(number: int, first: str, second: str) -> str:
    """Two texts, written into their cells."""
    cells = zip("AB", (first, second), strict=True)
    return f'<row r="{number}">' + "".join(text_cell(f"{column}{number}", text) for column, text in cells) + "</row>"


def text_cell(name: str, text: str) -> str:
    return f'<c r="{name}" t="inlineStr"><is><t>{text}</t></is></c>'


def workbook(*sheets: str, names: tuple[str, ...] = ("Data", "Other"), **parts: str) -> bytes:
    """A workbook whose sheets hold these rows; `parts` are written instead of what would be, None leaves one out."""
    used = names[: len(sheets)]
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(used, 1))
    written = {
        "_rels/.rels": _relations(("main", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{_NAMESPACE}" xmlns:r="{_LINKS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(
            ("s", "sharedStrings", "sharedStrings.xml"),
            ("t", "styles", "/xl/styles.xml"),
            *((f"r{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(used) + 1)),
        ),
        "xl/sharedStrings.xml": (
            f'<sst xmlns="{_NAMESPACE}"><si><t>answer</t></si>'
            "<si><r><t>rich </t></r><r><t>text</t></r><rPh><t>hint</t></rPh></si><si><t>a_x0021_ _x0000_</t></si></sst>"
        ),
        "xl/styles.xml": (
            f'<styleSheet xmlns="{_NAMESPACE}"><numFmts><numFmt numFmtId="164" formatCode="00\\-000"/>'
            '<numFmt numFmtId="165" formatCode="[$-409]d. mmm yy"/><numFmt numFmtId="166" formatCode="00000"/>'
            '</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/>'
            '<xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="22"/></cellXfs></styleSheet>'
        ),
    }
    for number, rows in enumerate(sheets, 1):
        data = rows if "<" not in rows[:1] or "sheetData" in rows else f"<sheetData>{rows}</sheetData>"
        written[f"xl/worksheets/sheet{number}.xml"] = f'<worksheet xmlns="{_NAMESPACE}">{data}</worksheet>'
    return archive({**written, **{name.replace("__", "/") + ".xml": part for name, part in parts.items()}})


def archive(members: dict[str, str | bytes]) -> bytes:
    """A zip file of these files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return stream.getvalue()


def special(name: str, content: str, *, mode: int = 0, is_locked: bool = False) -> bytes:
    """A zip file of one file with the mode of a link, or locked with a password."""
    stream = io.BytesIO()
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    with zipfile.ZipFile(stream, "w") as file:
        file.writestr(info, content)
    packed = bytearray(stream.getvalue())
    if is_locked:
        packed[6] |= 1
        packed[packed.index(b"PK\x01\x02") + 8] |= 1
    return bytes(packed)


def lying(members: dict[str, str | bytes], size: int) -> bytes:
    """A zip file that says of its first file that it has another size."""
    packed = bytearray(archive(members))
    struct.pack_into("<L", packed, packed.index(b"PK\x01\x02") + 24, size)
    return bytes(packed)


def parquet(columns: dict[str, Any], **options: Any) -> bytes:
    """A Parquet file of these columns."""
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream, **options)
    return stream.getvalue()


def repeated(text: str, rows: int) -> pa.DictionaryArray:
    """A column in which one text, stored once, stands in each row."""
    return pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([text]))


def _relations(*links: tuple[str, str, str]) -> str:
    listed = "".join(f'<Relationship Id="{name}" Type="{_LINKS}/{kind}" Target="{to}"/>' for name, kind, to in links)
    return f'<Relationships xmlns="{_PACKAGE}">{listed}</Relationships>'
