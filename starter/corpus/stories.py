"""Tiny stories of two to five sentences about one or two things that were asked for."""

from random import Random

from starter.corpus.animals import PLACES_AND_FOOD
from starter.corpus.grammar import Exchange, ask, capitalise, expand, mend_articles, with_article
from starter.corpus.words import ADJECTIVES, GIRLS, NAMES, NATURE, PEOPLE, PLACES, RARE_WORDS, TOYS_AND_TOOLS, VEHICLES

ANIMAL_NAMES = [name for name, _, _, _ in PLACES_AND_FOOD]
SUBJECTS = (ANIMAL_NAMES, ANIMAL_NAMES, PEOPLE, TOYS_AND_TOOLS, VEHICLES, NATURE, RARE_WORDS, PLACES)

OPENINGS = (
    "Once (upon a time |)there was a {adjective} {hero}.",
    "(One day|One morning|Long ago|One summer|Last night), a {adjective} {hero} (went to|came to|was in"
    "|stood in|looked at) the {place}.",
    "In (the|a) {place} there (lived|was) a {adjective} {hero}.",
    "A {adjective} {hero} (lived|sat|rested) (near|by|in) the {place}.",
    "There once was a {adjective} {hero} in the {place}.",
)
LONE_MIDDLES = (
    "The {hero} (wanted|wished) to (see|find|visit) the {place2}.",
    "The {hero} (had no friends|felt alone|was sad) (at first|all day|for a long time).",
    "It (found|saw|dreamed of) a {adjective2} {thing} (on the way|in the {place2}|under a tree).",
    "(A storm came|It rained|The wind blew), and the {hero} (hid|waited|shook) (in|by) the {place2}.",
    "Every (day|night|morning) the {hero} (looked at|thought of|sang to) the {thing}.",
    "The {hero} (lost|broke|hid) (a|its) {thing}.",
    "A {adjective2} {friend} (came|walked by|stopped) and (helped|smiled|said hello).",
)
PAIR_MIDDLES = (
    "The {hero} (met|saw|found) a {adjective2} {other}.",
    "(One day|There|Then) the {hero} (met|found|saw) the {other} (in|near|by) the {place2}.",
    "It (wanted|wished for|looked for|dreamed of) a {other}.",
    "(Near it was|Beside it stood|Not far away was) a {adjective2} {other}.",
    "A {other} (came by|was there too|waited there).",
    "The {hero} and the {other} (were friends|went to the {place2}|played all day|looked for a {thing}).",
)
TURNS = (
    "(Together they|They) (played|danced|sang|laughed|walked|sailed away|ran) (all day|in the sun"
    "|until night|to the {place2}).",
    "(Then|Suddenly|After that), (they heard a noise|it began to rain|the sun came out|they found a {thing}"
    "|a star fell).",
    '"(Hello|Good day|Come with me|Do not be afraid|What a day)!" said the {hero}.',
    "The {hero} was (not|never) (afraid|sad|alone) (any more|again).",
    "They (shared|hid|found|carried) a {thing}.",
)
ENDINGS = (
    "(In the end,|At last,|That night,) (they went home|everyone was happy|they were best friends"
    "|the {hero} slept well|all was well).",
    "(They|And they) (lived happily|stayed friends|were happy) (ever after|for a long time|from then on).",
    "(Since then|From that day on), the {hero} was (happy|proud|brave|never alone).",
    "(It was|What) a (good|happy|wonderful|long) day(.|!)",
)
PERSON_STORY = (
    "(One day|One morning|Last week), {name} (went to|walked to|played in|was in) the {place}.",
    "{pronoun} (found|saw|met|lost) a {adjective} {thing}.",
    '("(Wow|Oh|Look|How nice)!" said {name}.|{name} (took|kept|liked) the {thing}.|The {thing} was {adjective2}.)',
    "(In the end|At last|That evening), {name} (went home|was happy|told everyone about the {thing}"
    "|gave it to a friend).",
)
REQUESTS = (
    "((Tell|Give|Write) me a (short |little |tiny |nice |new |)(story|tale) about {x}(.| please.)|(Can|Could"
    "|Will|Would) you (please |)(tell|write|make up|invent) (me |)a (short |little |)(story|tale) about {x}?"
    "|(I want|I would like|I'd like) (to hear |to read |)a (short |little |)(story|tale) (about|with) {x}."
    "|A (short |little |)(story|tale) (about|with) {x}, please.|(Make up|Invent|Write|Tell) a (short "
    "|)(story|tale) (about|with) {x}."
    "|Story about {x}|(Tell|Write) (something|a few sentences|some lines) about {x}."
    "|Once upon a time there was {x}. Go on.|Do you know a (story|tale) about {x}?|Let {x} be in a story."
    "|Please tell a (story|bedtime story) (about|with) {x}.|(My child|My daughter"
    "|My son) wants a story about {x}.|What story can you tell about {x}?|Do you have a story about {x}?"
    "|How about a story (about|with) {x}?)"
)


def make_story(rng: Random) -> Exchange:
    if rng.random() < 0.15:
        return make_person_story(rng)
    hero, other, friend, thing = (rng.choice(rng.choice(SUBJECTS)) for _ in range(4))
    paired = rng.random() < 0.5 and other != hero
    slots = {"hero": hero, "other": other, "friend": friend, "thing": thing} | pick_scene(rng)
    asked = [with_article(hero), with_article(other)] if paired else [with_article(hero)]
    if rng.random() < 0.2:
        asked = [rng.choice(("the ", "my ", "a little ", "a brave ", "")) + name.split(" ", 1)[1] for name in asked]
    question = ask(rng, REQUESTS, x=" and ".join(asked))
    middle = rng.choice(PAIR_MIDDLES if paired else LONE_MIDDLES)
    plot = [rng.choice(OPENINGS), middle, *(rng.sample(TURNS, rng.randint(0, 1) if paired else 0)), rng.choice(ENDINGS)]
    if not paired and rng.random() < 0.5:
        plot.insert(2, rng.choice([line for line in LONE_MIDDLES if line != middle]))
    if rng.random() < 0.15:
        plot.pop()
    return question, tell(rng, plot, slots)


def make_person_story(rng: Random) -> Exchange:
    name, friend = rng.sample(NAMES, 2)
    slots = {
        "name": name,
        "thing": rng.choice(rng.choice(SUBJECTS)),
        "pronoun": "She" if name in GIRLS else "He",
    } | pick_scene(rng)
    if rng.random() < 0.4:
        slots |= {"friend": friend}
        plot = [
            "{name} and {friend} (went to|played in|met in) the {place}.",
            "They (found|saw|looked for) a {adjective} {thing}.",
            '{friend} (said: "(Look|Wow|Come here)!"|laughed|was {adjective2}).',
            "(In the end|At last), they (went home|were best friends|were happy).",
        ]
        return ask(rng, REQUESTS, x=f"{name} and {friend}"), tell(rng, plot, slots)
    thing = with_article(slots["thing"])
    asked = (
        f"{name} and {thing}"
        if rng.random() < 0.5
        else rng.choice((name, name, "a girl named " + name if name in GIRLS else "a boy named " + name))
    )
    return ask(rng, REQUESTS, x=asked), tell(rng, list(PERSON_STORY), slots)


def make_any_story(rng: Random) -> Exchange:
    question = ask(
        rng,
        "((Tell|Give|Write) me a (short |little |nice |bedtime |)(story|tale)(.| please.)|(Can"
        "|Could) you tell (me |)a (story|tale)?|I want (to hear |)a (story|tale).|(Story|A story), please."
        "|Do you know (a|any) (story|stories)?|Please tell a story.)",
    )
    _, story = make_story(rng)
    return question, story


def pick_scene(rng: Random) -> dict[str, str]:
    place, place2 = rng.sample(PLACES, 2)
    adjective, adjective2 = rng.sample(ADJECTIVES, 2)
    return {"place": place, "place2": place2, "adjective": adjective, "adjective2": adjective2}


def tell(rng: Random, plot: list[str], slots: dict[str, str]) -> str:
    sentences = [capitalise(expand(rng, sentence, **slots)) for sentence in plot]
    return mend_articles(" ".join(sentences))
