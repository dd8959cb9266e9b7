"""Kinds of files that hold no rows for us, told by their beginning or their name, and what to save instead."""

import codecs
import re

MAGIC = {
    b"PK\x03\x04": "a zip archive or an office document",
    b"\xd0\xcf\x11\xe0": "an old or locked office document",
    b"%PDF-": "a PDF",
    b"PAR1": "a Parquet file",
    b"PARE": "an encrypted Parquet file",
    b"ARROW1": "an Arrow file",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"BZh91AY&SY": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"SQLite format 3\0": "an SQLite database",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF87a": "an image",
    b"GIF89a": "an image",
    b"{\\rtf": "an RTF document",
    codecs.BOM_UTF32_LE: "text stored as UTF-32",
    codecs.BOM_UTF32_BE: "text stored as UTF-32",
}
"""First bytes to what the file is."""

_SHEET = "Open it in a spreadsheet program and save it as .xlsx, or as CSV UTF-8."
_DOCUMENT = "Open it in a word processor and save it as plain text (.txt, UTF-8)."
_UNPACK = "Unpack it, and take the files in it, or pack them as .zip."
_IMAGE = "Only text can be learned: type out what it shows, in a .txt or .csv file."
_PAGE = "Open it in a browser, copy the text, and save it as .txt."
_CODE = "It can run code when it is opened, so it is never read: save the data as JSONL or Parquet."

INSTEAD = {
    ".xls": ("an old Excel workbook", _SHEET),
    ".xlsm": ("a workbook with macros", _SHEET),
    ".xlsb": ("a binary Excel workbook", _SHEET),
    ".ods": ("an OpenDocument spreadsheet", _SHEET),
    ".numbers": ("a Numbers spreadsheet", _SHEET),
    ".docx": ("a Word document", _DOCUMENT),
    ".doc": ("an old Word document", _DOCUMENT),
    ".odt": ("an OpenDocument text", _DOCUMENT),
    ".rtf": ("an RTF document", _DOCUMENT),
    ".pages": ("a Pages document", _DOCUMENT),
    ".epub": ("an e-book", _DOCUMENT),
    ".pdf": ("a PDF", "Open it, copy its text, and save it as .txt; check that line breaks and columns are right."),
    ".arrow": ("an Arrow file", "Save it as .parquet with the program that wrote it."),
    ".feather": ("a Feather file", "Save it as .parquet with the program that wrote it."),
    ".html": ("a web page", _PAGE),
    ".htm": ("a web page", _PAGE),
    ".xml": ("an XML file", "Save its rows as JSONL or CSV."),
    ".yaml": ("a YAML file", "Save its rows as JSON."),
    ".yml": ("a YAML file", "Save its rows as JSON."),
    ".db": ("a database", "Export the table as CSV UTF-8."),
    ".sqlite": ("a database", "Export the table as CSV UTF-8."),
    ".pkl": ("a Python pickle", _CODE),
    ".pickle": ("a Python pickle", _CODE),
    ".pt": ("a PyTorch file", _CODE),
    ".zip": ("a zip archive", "Unpack it, and take the files in it."),
    **{suffix: ("a packed file", _UNPACK) for suffix in (".gz", ".tgz", ".tar", ".7z", ".rar", ".bz2", ".xz", ".zst")},
    **{suffix: ("an image", _IMAGE) for suffix in (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff")},
}
"""Ending to what the file is, and what to save instead."""


# How lists and lines of JSON begin, and how nobody begins a table or a text.
_JSON = re.compile(r'\s*(?:\{\s*"|\[\s*\{\s*")')
_MARKUP = re.compile(r"\s*<(?:!doctype|html|\?xml)\b", re.IGNORECASE)


def disguise_of(text: str) -> str:
    """What a file that should be a table or a text really is, by its first characters; nothing if it may be that."""
    if _JSON.match(text):
        return "JSON"
    return "a web page or XML" if _MARKUP.match(text) else ""


def kind_of(head: bytes) -> str:
    """What a file is by its first bytes; nothing if it may be text."""
    return next((kind for magic, kind in MAGIC.items() if head.startswith(magic)), "")
