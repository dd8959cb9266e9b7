"""An honest guess at the language of a text, from its letters and its commonest words; good for a sentence to the user.

One short sentence is often unsure: join a sample of examples first.
"""

import re
from collections import Counter
from collections.abc import Container, Mapping
from operator import itemgetter

from workbench.data.meaning.language_words import COMMON_WORDS, LETTERS, SCRIPTS

LANGUAGES = {
    "en": "English", "de": "German", "pl": "Polish", "nb": "Norwegian", "da": "Danish", "sv": "Swedish",
    "fr": "French", "ro": "Romanian", "es": "Spanish", "it": "Italian", "pt": "Portuguese", "nl": "Dutch",
    "cs": "Czech or Slovak", "el": "Greek", "he": "Hebrew", "ar": "Arabic or another language in its letters",
    "ru": "Russian or another language in its letters", "uk": "Ukrainian", "zh": "Chinese", "ja": "Japanese",
    "ko": "Korean", "th": "Thai", "hi": "Hindi or another language in its letters",
}  # fmt: skip
"""What the languages that can be told are called in English."""

_MOST_CHARACTERS = 20_000
_FEWEST_WORDS = 4
_SCRIPT_SHARE = 0.3
_COMMON_SHARE = 0.12
_LEAD = 1.15
_LETTER_WORTH = 0.5
_LAST_LATIN = "\u024f"
_FEW_LETTERS = 0.01
_WORD = re.compile(r"[^\W\d_]+")


def language_of(text: str) -> str:
    """One of LANGUAGES, or nothing where that is unsure."""
    sample = text[:_MOST_CHARACTERS].lower()
    letters = Counter(filter(str.isalpha, sample))
    if foreign := _language_of_script(letters):
        return foreign
    words = Counter(_WORD.findall(sample))
    return _likeliest(words, letters) if words.total() >= _FEWEST_WORDS else ""


def _language_of_script(letters: Counter[str]) -> str:
    counts: Counter[str] = Counter()
    for letter, count in letters.items():
        for language, first, last in SCRIPTS:
            if first <= letter <= last:
                counts[language] += count
    if not counts or counts.total() < _SCRIPT_SHARE * letters.total():
        return ""
    # Japanese is mostly written in Chinese signs; the others in between are its own.
    if counts["ja"] > 0.1 * counts["zh"]:
        return "ja"
    language = counts.most_common(1)[0][0]
    return "uk" if language == "ru" and any(letter in letters for letter in "іїєґ") else language


def _likeliest(words: Counter[str], letters: Counter[str]) -> str:
    """The language with the most evidence, if it leads."""
    beyond = Counter({letter: count for letter, count in letters.items() if "\x7f" < letter <= _LAST_LATIN})
    common = {language: frozenset(known.split()) for language, known in COMMON_WORDS.items()}
    evidence = _shares(words, common)
    for language, count in _shares(beyond, LETTERS, most=1).items():
        evidence[language] += _LETTER_WORTH * count
    total = words.total()
    scores = {language: count / total * _fit(beyond, letters, language) for language, count in evidence.items()}
    (language, best), (_, second) = sorted(scores.items(), key=itemgetter(1), reverse=True)[:2]
    return language if best >= _COMMON_SHARE and best >= _LEAD * second else ""


def _shares(found: Counter[str], known: Mapping[str, Container[str]], most: int = len(LANGUAGES)) -> dict[str, float]:
    """How much of what was found each language knows; what several know counts in part, and of more than `most` not."""
    shares = dict.fromkeys(known, 0.0)
    for sign, count in found.items():
        languages = [language for language, signs in known.items() if sign in signs]
        if len(languages) <= most:
            for language in languages:
                shares[language] += count / len(languages)
    return shares


def _fit(beyond: Counter[str], letters: Counter[str], language: str) -> float:
    """The share of the letters beyond a to z that this language has."""
    if beyond.total() < _FEW_LETTERS * letters.total():
        return 1.0
    return sum(count for letter, count in beyond.items() if letter in LETTERS[language]) / beyond.total()
