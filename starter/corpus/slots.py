"""What can stand in the slots of the freer phrasings, made from the rows of the plain corpus."""

from starter.corpus.animals import ANIMALS, PLACES_AND_FOOD
from starter.corpus.grammar import plural, with_article
from starter.corpus.phrasing import Slots
from starter.corpus.sums import NUMBERS
from starter.corpus.things import KINDS_OF, SIZES


def number_slots() -> tuple[tuple[Slots, ...], tuple[Slots, ...]]:
    """Sums and differences up to twenty, once in digits and once in words."""
    digits = [str(number) for number in range(21)]
    sums, differences = [], []
    for write in (digits, NUMBERS):
        for total in range(21):
            for first in range(total + 1):
                sums.append({"a": write[first], "b": write[total - first], "c": write[total]})
                differences.append({"a": write[total], "b": write[first], "c": write[total - first]})
    return tuple(sums), tuple(differences)


def step_slots(names: tuple[str, ...]) -> tuple[Slots, ...]:
    return tuple({"x": name, "y": names[(index + 1) % len(names)]} for index, name in enumerate(names))


def pair_slots(pairs: tuple[tuple[str, ...], ...]) -> tuple[Slots, ...]:
    """Both directions of pairs that mean the same both ways."""
    return tuple({"x": one, "y": two} for pair in pairs for one, two in (pair, pair[::-1]))


SUMS, DIFFERENCES = number_slots()
ANIMAL_SLOTS = tuple(animal._asdict() | {"a": with_article(animal.name)} for animal in ANIMALS)
LIFE_SLOTS = tuple(
    {"name": name, "a": with_article(name), "home": home, "food": food} for name, home, food, _ in PLACES_AND_FOOD
)
SIZE_SLOTS = tuple(
    {
        "x": with_article(SIZES[pair[0]]),
        "y": with_article(SIZES[pair[1]]),
        "big": with_article(big),
        "small": with_article(small),
    }
    for first, small in enumerate(SIZES)
    for second, big in enumerate(SIZES[first + 1 :], start=first + 1)
    for pair in ((first, second), (second, first))
)
KIND_SLOTS = tuple(
    {"many": plural(kind), "x": names[place], "y": names[place - 1], "z": names[place - 2]}
    for kind, members in KINDS_OF
    for names in [members.split(", ")]
    for place in range(len(names))
)
