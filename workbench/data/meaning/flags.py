"""What is noteworthy in one example, for the owner of the data to look at; nothing is left out because of it."""

from dataclasses import dataclass
from enum import IntFlag

from workbench.data.examples import Example
from workbench.data.meaning.blemishes import has_damaged_letters, has_html, has_signature, is_almost_empty
from workbench.data.meaning.personal import has_email_address, has_iban, has_long_number, has_phone


class Flags(IntFlag):
    """One bit each; stored with the example, so a number never changes its meaning."""

    NONE = 0
    SHORT_ANSWER = 1
    HTML = 2
    EMAIL_SIGNATURE = 4
    EMAIL_ADDRESS = 8
    PHONE = 16
    IBAN = 32
    DAMAGED_LETTERS = 64


@dataclass(frozen=True)
class FlagWords:
    """What a flag is called where examples are filtered by it, and why it matters."""

    label: str
    warning: str


FLAG_WORDS: dict[Flags, FlagWords] = {
    Flags.SHORT_ANSWER: FlagWords("almost empty answer", "The model learns to say next to nothing."),
    Flags.HTML: FlagWords("HTML", "Marks of a web page are in the text, and the model learns to write them."),
    Flags.EMAIL_SIGNATURE: FlagWords("e-mail signature", "The model learns to sign its answers like that."),
    Flags.EMAIL_ADDRESS: FlagWords("e-mail address", "This may be personal, and the model may repeat it to anyone."),
    Flags.PHONE: FlagWords("phone number", "This may be personal, and the model may repeat it to anyone."),
    Flags.IBAN: FlagWords("bank account (IBAN)", "This is personal, and the model may repeat it to anyone."),
    Flags.DAMAGED_LETTERS: FlagWords(
        "damaged letters", "The file was saved or read in the wrong encoding: “Ã¼” or “�” stand where letters were."
    ),
}


def flags_of(example: Example) -> Flags:
    """All that is noteworthy in an example."""
    whole = example.text or "\n\n".join([message.content for message in example.messages])
    found = sum(flag for flag, is_in in _IN_TEXT if is_in(whole))
    if has_long_number(whole):
        found += sum(flag for flag, is_in in _IN_NUMBERS if is_in(whole))
    for message in example.messages:
        if message.role == "assistant" and is_almost_empty(message.content):
            found |= _SHORT_ANSWER
        if "\n" in message.content and has_signature(message.content):
            found |= _EMAIL_SIGNATURE
    return Flags(found)


# Plain numbers: the arithmetic of enums would take longer than the search for what they stand for.
_SHORT_ANSWER, _EMAIL_SIGNATURE = int(Flags.SHORT_ANSWER), int(Flags.EMAIL_SIGNATURE)
_IN_TEXT = (
    (int(Flags.HTML), has_html),
    (int(Flags.EMAIL_ADDRESS), has_email_address),
    (int(Flags.DAMAGED_LETTERS), has_damaged_letters),
)
_IN_NUMBERS = ((int(Flags.PHONE), has_phone), (int(Flags.IBAN), has_iban))
