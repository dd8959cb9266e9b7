"""What a model would learn along with the text: marks of web pages, ends of e-mails, damaged letters, empty answers."""

import re


def is_almost_empty(answer: str) -> bool:
    """At most two letters or digits, or a word that stands for a missing answer. One Chinese sign may say it all."""
    bare = answer.strip(_AROUND)
    return len(bare.encode()) < 3 or (len(bare) < 8 and bare.casefold() in _MISSING)


def has_html(text: str) -> bool:
    """Left-overs of a web page: an element that is closed, or several lone marks.

    Code between backticks and pages that are whole are meant, and a tag that is only mentioned is not closed.
    """
    if "<" not in text and "&" not in text:
        return False
    lowered = text.lower()
    if "<!doctype" in lowered or "<html" in lowered:
        return False
    if "`" in lowered:
        lowered = _CODE.sub(" ", lowered)
    if any(f"<{tag}" in lowered for tag in set(_CLOSING_TAG.findall(lowered))):
        return True
    return len(_LINE_BREAK.findall(lowered)) + len(_ENTITY.findall(lowered)) > 1


def has_signature(text: str) -> bool:
    """The end of an e-mail: a greeting with a name below it, the line “-- ”, or the telephone it was sent from."""
    return _SIGNATURE.search(text, max(0, len(text) - _SIGNATURE_CHARACTERS)) is not None


def has_damaged_letters(text: str) -> bool:
    """Letters that a program could not read, or read in the wrong encoding: “Ã¼” for “ü”."""
    if text.isascii():
        return False
    return "\ufffd" in text or (any(sign in text for sign in _MISREAD_SIGNS) and _MISREAD.search(text) is not None)


_AROUND = " \t\r\n.,;:!?-–—_*#\"'()[]<>/"
_MISSING = frozenset({"n/a", "none", "null", "nan", "nil", "tbd", "todo", "empty", "missing", "unknown"})

_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_TAGS = "p|div|span|a|b|i|u|em|strong|font|li|ul|ol|table|tr|td|th|h[1-6]|blockquote"
_CLOSING_TAG = re.compile(rf"</({_TAGS})\s*>")
_LINE_BREAK = re.compile(r"<br\s*/?>")
_ENTITY = re.compile(r"&(?:nbsp|amp|quot|lt|gt|apos|#\d{1,5});")

_SIGNATURE_CHARACTERS = 500
_GREETINGS = (
    "(?:best|kind|warm) (?:regards|wishes)", "regards", "sincerely", "yours (?:sincerely|faithfully|truly)", "cheers",
    "(?:mit )?(?:freundliche[nm]?|beste[nm]?|liebe|viele|herzliche) gr(?:ü|ue)(?:ß|ss)en?", "mfg",
    "pozdrawiam", "z poważaniem", "(?:med )?(?:vennlig|vänlig|venlig) (?:hilsen|hälsning)", "mvh",
    "cordialement", "bien à vous", "cu (?:stimă|respect)", "(?:un )?saludos?(?: cordial(?:es)?)?", "atentamente",
    "(?:cordiali|distinti) saluti", "atenciosamente", "met vriendelijke groet(?:en)?", "s pozdravem",
)  # fmt: skip
_SIGNATURE = re.compile(
    rf"\n(?:-- ?\r?\n|(?i:sent from my |von meinem [\w ]+ gesendet|wysłane z |(?:{'|'.join(_GREETINGS)})[ ,.!]*\r?\n"
    r"\s*(?!your\b)[^\W\d][^\n\[\]{}<>]{1,60}(?:\r?\n|\Z)))"
)

_MISREAD_SIGNS = ("Ã", "Â", "â€", "Ä", "Å")
# Quotation marks and dashes may follow a capital letter that is meant.
_MISREAD = re.compile("[ÃÂÄÅ][\u0080-\u00aa\u00ac-\u00ba\u00bc-\u00bf]|â€|[ÃÄÅ][€‚ƒ…†‡ˆ‰Š‹Œ˜™š›œžŸ]")
