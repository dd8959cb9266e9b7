"""The same knowledge asked in freer words; the second lesson mixes these in."""

from random import Random

from starter.corpus.freer_facts import FACT_PHRASINGS
from starter.corpus.freer_talk import TALK_PHRASINGS
from starter.corpus.grammar import Exchange, expand, mend_articles, reply

PHRASINGS = (*FACT_PHRASINGS, *TALK_PHRASINGS)
WEIGHTS = [phrasing.weight for phrasing in PHRASINGS]


def make_freer(rng: Random) -> Exchange:
    phrasing = rng.choices(PHRASINGS, weights=WEIGHTS)[0]
    slots = rng.choice(phrasing.slots)
    question = mend_articles(expand(rng, phrasing.question, **slots))
    return question, reply(rng, phrasing.answer, **slots)
