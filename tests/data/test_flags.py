"""What is noteworthy in an example is found, and what only resembles it is not."""

import time

import pytest

from workbench.data.examples import Example, Message
from workbench.data.meaning.flags import FLAG_WORDS, Flags, flags_of


def flags_of_answer(answer: str) -> Flags:
    return flags_of(Example(1, (Message("user", "Can you help me?"), Message("assistant", answer))))


@pytest.mark.parametrize("answer", ["-", "N/A", "7", "ok", "(none)", "...", "null"])
def test_almost_empty_answers(answer: str) -> None:
    assert flags_of_answer(answer) == Flags.SHORT_ANSWER


@pytest.mark.parametrize("answer", ["Yes.", "No, none of them is.", "42 km", "是", "Oslo"])
def test_short_answers_that_say_something(answer: str) -> None:
    assert flags_of_answer(answer) == Flags.NONE


def test_only_answers_can_be_almost_empty() -> None:
    assert flags_of(Example(1, (Message("user", "?"), Message("assistant", "Ask me anything.")))) == Flags.NONE
    assert flags_of(Example(1, text="-")) == Flags.NONE


@pytest.mark.parametrize(
    "text",
    [
        "<p>We are open from nine.</p>",
        'See <a href="/shop">our shop</a>.',
        "One<br>two<br/>three",
        "Fish &amp; chips&nbsp;for two",
        "<DIV CLASS='x'>Hello</DIV>",
        "Use `ls`. <b>Then</b> stop.",
    ],
)
def test_html_that_was_left_over(text: str) -> None:
    assert flags_of_answer(text) == Flags.HTML
    assert flags_of(Example(1, text=text)) == Flags.HTML


@pytest.mark.parametrize(
    "text",
    [
        "If a < b and c > d, then a<b is true.",
        "How do I close a <div> tag?",
        "Write &amp; for an ampersand.",
        "A list<int> or vector<string> holds values; i<p && p>q.",
        "Like this:\n```html\n<p>Hello</p>\n```",
        "Write `<b>bold</b>` for that.",
        "<!DOCTYPE html>\n<html><body><p>Hello</p></body></html>",
        "I <3 you, Tom & Anna; R&D; AT&T",
    ],
)
def test_what_is_no_left_over_html(text: str) -> None:
    assert flags_of_answer(text) == Flags.NONE


@pytest.mark.parametrize(
    "text",
    [
        "We will send it.\n\nBest regards,\nAnna Berg",
        "Gerne.\n\nMit freundlichen Grüßen\nJan Weber\nKundendienst",
        "Oczywiście.\r\nPozdrawiam,\r\nAnna",
        "Sure.\n-- \nAnna",
        "Ok then.\n\nSent from my iPhone",
        "Ja.\nMed vennlig hilsen\nKari",
    ],
)
def test_signatures(text: str) -> None:
    assert flags_of_answer(text) == Flags.EMAIL_SIGNATURE
    question = (Message("user", text), Message("assistant", "Thank you."))
    assert flags_of(Example(1, question)) == Flags.EMAIL_SIGNATURE


@pytest.mark.parametrize(
    "text",
    [
        "Give her my best regards, and tell her that I am fine.",
        "Dear Sir,\nI am leaving.\n\nSincerely,\n[Your Name]",
        "Sincerely,\nYour name",
        "In regards to that:\nRegards are due.",
        "a list\n- one\n-- two",
        "Best regards,\nAnna" + "\nThe story goes on and on." * 40,
    ],
)
def test_what_is_no_signature(text: str) -> None:
    assert flags_of_answer(text) == Flags.NONE


@pytest.mark.parametrize("text", ["Write to anna.berg@posten.no!", "jörg@firma.de", "<a+b@mail.co.uk>"])
def test_email_addresses(text: str) -> None:
    assert flags_of_answer(text) == Flags.EMAIL_ADDRESS


@pytest.mark.parametrize(
    "text",
    ["name@example.com", "Meet @anna at 5 @ the pub.", "git@github.com:org/name", "@decorator\ndef f(): ...",
     "pkg@1.2.3", "user@localhost", "a @ b.com", "root@example.org"],
)  # fmt: skip
def test_what_is_no_email_address(text: str) -> None:
    assert flags_of_answer(text) == Flags.NONE


@pytest.mark.parametrize(
    "text",
    [
        "+49 30 8823761", "+48 601 302 918", "+4791827364", "+1 (212) 664-7665", "+44 20 7946 0958",
        "030 8823761", "0171-8823761", "089/7382916", "020 7946 0958", "0722 391 846", "01 42 68 53 07",
        "(212) 664-7665", "212-664-7665", "212.664.7665",
        "Tel. 22 38 47 91", "Telefon: 601 302 918", "My phone number is 664 76 65", "mob 91 82 73 64", "tel: 8823761",
        "between 9 and 5 at 030 8823761 or later",
    ],
)  # fmt: skip
def test_telephone_numbers(text: str) -> None:
    assert flags_of_answer(text) == Flags.PHONE
    assert flags_of_answer(f"We were there in 2019. You reach us at {text}, if you like.") == Flags.PHONE


@pytest.mark.parametrize(
    "text",
    [
        "from 1999 to 2024", "1914-1918 and 1939-1945", "on 2024-05-17 at 10:30", "05.12.2023 - 17.12.2023",
        "phone 2008-2010",
        "It costs 1 299 000 kr, not 12 500.00.", "€ 1.234.567,89", "10 000 000 people", "+12 345 678 people",
        "version 10.0.19045.3930", "192.168.100.200", "ISBN 978-0-306-40615-7", "0.123456789", "3.14159265358979",
        "x = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", "1 2 3 4 5 6 7 8 9 10 11", "id 7f3a-0012345678", "2 + 3456789012",
        "0101 1100 1010 0011", "call 555-123-4567 now", "(555) 987-6543", "order 12345678", "iPhone 2022 1234 5678",
        "https://example.org/items/0171-8823761x", "1e10 + 20000000", "0000 0000 0000", "4111 1111 1111 1111",
    ],
)  # fmt: skip
def test_what_is_no_telephone_number(text: str) -> None:
    assert flags_of_answer(f"Here it is, {text}, and that is all.") == Flags.NONE


@pytest.mark.parametrize(
    "number",
    ["DE89 3704 0044 0532 0130 00", "DE89370400440532013000", "NO93 8601 1117 947", "PL61109010140000071219812874",
     "GB29 NWBK 6016 1331 9268 19", "NL91ABNA0417164300", "RO49 AAAA 1B31 0075 9384 0000"],
)  # fmt: skip
def test_bank_accounts(number: str) -> None:
    assert flags_of_answer(f"Pay to {number} BIC COBADEFF, please.") & Flags.IBAN
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert not flags_of_answer(f"Pay to {wrong}, please.") & Flags.IBAN
    assert not flags_of_answer(f"Part X{number}").value & Flags.IBAN


@pytest.mark.parametrize("text", ["GrÃ¼ÃŸe", "It\u00e2\u20ac\u2122s", "caf\ufffd", "Å¼aba Ä…", "10Â°"])
def test_damaged_letters(text: str) -> None:
    assert flags_of_answer(f"Well, {text} it is.") == Flags.DAMAGED_LETTERS


@pytest.mark.parametrize(
    "text", ["Grüße", "NÃO", "IRMÃ “x”", "„Ä“", "Änderung", "Åre – Ål", "10°", "Ça va", "Él dijo «Ä»"]
)
def test_letters_that_are_meant(text: str) -> None:
    assert flags_of_answer(f"Well, {text} it is.") == Flags.NONE


def test_several_flags_at_once() -> None:
    answer = "<p>Call +49 30 8823761</p>\nBest regards,\nanna@firma.de"
    assert flags_of_answer(answer) == Flags.HTML | Flags.PHONE | Flags.EMAIL_SIGNATURE | Flags.EMAIL_ADDRESS


def test_long_repetitions_are_looked_through_once() -> None:
    """A time that grows with the square of the length would be minutes here."""
    started = time.process_time()
    for piece in ("<p ", "a@", "1 ", "+1", "</p>", "DE89 ", "\nregards\n", "&amp", "`", "0", "Ã ", "a.b@c.d-"):
        flags_of_answer(piece * (400_000 // len(piece)))
    assert time.process_time() - started < 20


def test_each_flag_has_its_words_and_its_bit() -> None:
    assert set(FLAG_WORDS) == set(Flags)
    assert {flag.name: flag.value for flag in Flags} == {
        "SHORT_ANSWER": 1, "HTML": 2, "EMAIL_SIGNATURE": 4, "EMAIL_ADDRESS": 8, "PHONE": 16, "IBAN": 32,
        "DAMAGED_LETTERS": 64,
    }  # fmt: skip
    assert all(words.warning.endswith(".") for words in FLAG_WORDS.values())
