"""Which letters the languages of an encoding write, to tell one encoding of a byte a letter from another."""

WESTERN = (
    "äöüß",
    "àâçéèêëîïôûùüœæ",
    "áéíóúñü¿¡ºª",
    "ãõáéíóúâêôàçºª",
    "àèéìíòóù",
    "åäöæøé",
    "áéíóúýþðæö",
    "éëïíóöúèêü",
)
"""German, French, Spanish, Portuguese, Italian, the Nordic languages, Icelandic, Dutch."""

CENTRAL = (
    "ąćęłńóśźż",
    "áčďéěíňóřšťúůýž",
    "áäčďéíľĺňóôŕšťúýž",
    "áéíóöőúüű",
    "ăâîşţ",
    "čćđšž",
    "äöüß",
    "ëç",
)
"""Polish, Czech, Slovak, Hungarian, Romanian, Croatian and Slovene, German, Albanian."""

# These say nothing about the language: quotes, dashes, signs, the hard space.
_SIGNS = frozenset("“”„‘’‚–—…«»‹›€§°©®™•·±µ\xa0")


def fitness(text: str, alphabets: tuple[str, ...]) -> float:
    """The share of the letters beyond ASCII that one language writes: 1 if there is a language that writes them all."""
    letters = [letter.lower() for letter in text if letter > "\x7f" and letter not in _SIGNS]
    if not letters:
        return 1.0
    return max(sum(letter in alphabet for letter in letters) / len(letters) for alphabet in alphabets)
