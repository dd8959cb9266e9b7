"""A pattern is a sentence with choices, `(Hi|Hello) there`, and slots, `{animal}`."""

import re
from collections.abc import Callable
from random import Random

Exchange = tuple[str, str]
Maker = Callable[[Random], Exchange]

INNERMOST_CHOICE = re.compile(r"\(([^()]*)\)")

IRREGULAR_PLURALS = {
    "mouse": "mice",
    "sheep": "sheep",
    "fish": "fish",
    "goose": "geese",
    "wolf": "wolves",
    "fisherman": "fishermen",
    "postman": "postmen",
    "policeman": "policemen",
}

# How people wrap the clause of a question: "what a cow says" becomes "Can you tell me what a cow says?".
FRAMES = (
    "(Can|Could|Will|Would) you (please |)tell me {clause}?",
    "(Do|Would) you (happen to |)know {clause}?",
    "(Please t|T|T|Just t|Now t)ell me {clause}(.| please.|, please.)",
    "(I want|I would like|I need|I wish|I'd like) to (know|learn|find out|hear) {clause}.",
    "(Can|Could) you (say|explain|help me find out) {clause}?",
    "(Say|Explain|Let me know) {clause}.",
    "(I wonder|I am wondering|I was wondering|I forgot|I do not know|I don't know|I am not sure) {clause}.",
    "(My friend|My son|My daughter|Someone|My teacher|A child) (asks|asked me|wants to know|wonders) {clause}.",
    "(Any idea|Do you have any idea|Are you able to tell me|Do you remember) {clause}?",
)

OPENERS = (
    "(Hey|Hi|Hello|So|OK|Okay|Well|Now|Um|Please|And|Oh|Right|Good), ",
    "(Quick question|One question|Question|Tell me|Next question|Another one|Here is one|Help me out): ",
    "(I have a question|Let me ask you something|Here is a question for you|Think about it|One more thing|Listen). ",
)

CLOSERS = (" (Please|Thanks|Thank you|Please tell me|Do you know|Go on).", " (Do you know|Can you tell me|Any idea)?")


def expand(rng: Random, pattern: str, **slots: str) -> str:
    """One sentence from a pattern: every choice taken, every slot filled."""
    while choice := INNERMOST_CHOICE.search(pattern):
        taken = rng.choice(choice[1].split("|"))
        pattern = pattern[: choice.start()] + taken + pattern[choice.end() :]
    return pattern.format(**slots)


def ask(rng: Random, direct: str, clause: str = "", **slots: str) -> str:
    """A question in one of its many wordings: bare, or with its clause in a frame."""
    if clause and rng.random() < 0.4:
        framed = rng.choice(FRAMES).replace("{clause}", clause)
        return capitalise(mend_articles(expand(rng, framed, **slots)))
    return capitalise(mend_articles(expand(rng, direct, **slots)))


def reply(rng: Random, pattern: str, **slots: str) -> str:
    return capitalise(mend_articles(expand(rng, pattern, **slots)))


def roughen(rng: Random, question: str) -> str:
    """The question as a person may type it: with a word before or after, without capitals or its last mark."""
    roll = rng.random()
    if roll < 0.10:
        question = expand(rng, rng.choice(OPENERS)) + uncapitalise(question)
    elif roll < 0.14:
        question += expand(rng, rng.choice(CLOSERS))
    roll = rng.random()
    if roll < 0.07:
        return question.lower()
    if roll < 0.12:
        return question.rstrip(".?!").lower()
    if roll < 0.16:
        return question.rstrip(".?!")
    if roll < 0.17:
        return question.upper()
    return question


def capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]


def uncapitalise(text: str) -> str:
    """Lower the first letter, but leave "I" and what is all capitals alone."""
    if text[:2] in ("I ", "I'") or text[:2].isupper():
        return text
    return text[:1].lower() + text[1:]


def with_article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def mend_articles(text: str) -> str:
    """ "a old owl" becomes "an old owl": patterns say "a" before a word they do not know."""
    words = text.split(" ")
    for index, word in enumerate(words[:-1]):
        if word in ("a", "A") and words[index + 1][:1] in tuple("aeiou"):
            words[index] = word + "n"
    return " ".join(words)


def plural(noun: str) -> str:
    if noun in IRREGULAR_PLURALS:
        return IRREGULAR_PLURALS[noun]
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("x", "s", "sh", "ch")) else "s")


def listed(words: str) -> tuple[str, ...]:
    """A word list as it is written: with spaces between."""
    return tuple(words.split())


def join(names: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
