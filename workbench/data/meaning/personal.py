"""What looks like the data of a person: e-mail addresses, telephone numbers, bank accounts.

Made-up ones, such as those at example.com or with 555, do not count. Years, dates, prices and codes are no telephone
numbers: one must have the sign of a country, an area code written as such, or a word before it.
"""

import re


def has_email_address(text: str) -> bool:
    return "@" in text and _EMAIL.search(text) is not None


def has_long_number(text: str) -> bool:
    """Whether so many digits follow each other that a telephone number or an account could be among them."""
    return _RUN in text.encode().translate(_DIGITS_ALIKE, _SEPARATORS)


def has_phone(text: str) -> bool:
    # Two more characters show whether the number goes on in another way.
    windows = ((max(0, match.start() - _WORD_CHARACTERS), match.end() + 2) for match in _NUMBER.finditer(text))
    return any(_is_phone(match[0]) for window in windows for match in _PHONE.finditer(text, *window))


def has_iban(text: str) -> bool:
    """Of the length that its country uses, and with the right check digits."""
    return any(_is_iban(match[0]) for match in _IBAN.finditer(text))


def _is_phone(found: str) -> bool:
    digits = "".join(filter(str.isdigit, found))
    fewest = 10 if found[0] == "+" else 7 if found[0].isalpha() else 9
    if not fewest <= len(digits) <= 15 or len(set(digits)) < 4:
        return False
    return not _DATE.search(found) and not _MADE_UP.search(digits)


def _is_iban(found: str) -> bool:
    number = found.replace(" ", "")
    length = _IBAN_LENGTHS.get(number[:2])
    if length is None or len(number) < length:
        return False
    number = number[4:length] + number[:4]
    return int("".join(str(int(sign, 36)) for sign in number)) % 97 == 1


_EMAIL = re.compile(
    r"(?<=[\w%+-])(?<!\bgit)@(?!(?:example|domain|yourdomain|yourcompany)\.)(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}\b"
)

_RUN = b"0000000"
_SEPARATORS = b" ()-./"
_DIGITS_ALIKE = bytes(ord("0") if chr(byte).isdigit() and byte < 128 else byte for byte in range(256))

_NUMBER = re.compile(r"\d[\d ()./-]{5,}\d")
_WORD_CHARACTERS = 24
"""As much as the longest word for a telephone number takes."""
_PHONE = re.compile(
    r"""
      (?<![\w+]) \+[1-9]\d{0,2} [ ./-]? \(? \d [\d ()./-]{5,16} \d
    | (?<![\w.-]) (?: \([2-9]\d\d\)[ ]? | [2-9]\d\d[.-] ) \d{3} [ .-] \d{4} (?![\w-])
    | (?<![\w.,/+-]) \(? 0[1-9]\d{0,3} \)? [ /-] \d{3,8} (?:[ -]\d{2,5}){0,3} (?![\w/-])
    | (?<![\w.,/+-]) 0[1-9] (?:[ .-]\d\d){4} (?![\w/.-]*\d)
    | \b (?i: tel(?:efon|ephone|\.)? | phone | mob(?:ile?)? | handy | fax | tlf | kom | cell | whatsapp ) \b
      (?i: [ ]? (?:nr|no|number|nummer|numer) \b )? \.? (?: [ ]is | : )? [ ]? [(+]? \d [\d ()./-]{5,16} \d
    """,
    re.VERBOSE,
)
_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d(?:[-/. ](?:0?[1-9]|1[0-2])(?!\d)| ?[-/] ?(?:19|20)\d\d(?!\d))")
_MADE_UP = re.compile(r"^1?555|555\d{4}$|1234567|9876543|0000000")

_IBAN = re.compile(r"[A-Z](?<![A-Za-z0-9]{2})[A-Z]\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
_IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "BA": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22,
    "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28,
    "IE": 22, "IL": 23, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24, "ME": 22,
    "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SA": 24, "SE": 24, "SI": 19,
    "SK": 24, "SM": 27, "TR": 26, "UA": 29, "XK": 20,
}  # fmt: skip
