"""Interjections, rhymes, jokes and short poems: rarer words in small amounts."""

from random import Random

from starter.corpus.grammar import Exchange, ask, reply
from starter.corpus.words import INTERJECTIONS, RARE_WORDS

RHYMES = (
    "cat/hat dog/frog moon/spoon sun/fun tree/bee house/mouse star/car ship/trip sea/tea king/ring boat/goat "
    "light/night rain/train cake/lake ball/wall bed/red fish/dish snow/crow gold/cold sand/hand pie/sky "
    "book/cook day/play blue/shoe chair/bear"
)
JOKES = (
    "Why did the hen cross the road? To get to the other side!",
    "What do you call a sleeping cow? A bulldozer!",
    "Why is six afraid of seven? Because seven ate nine!",
    "What has hands but cannot clap? A clock!",
    "What has a face but no eyes? A clock!",
    "What is full of holes but holds water? A sponge!",
    "Why did the fish blush? It saw the sea's bottom!",
)
POEMS = (
    "The {a} is in the {b},\nthe wind is cold and wild,\nthe moon looks on the {c}\nand smiles just like a child.",
    "A {a} sat under a tree,\nas happy as a {b} can be.\nIt sang a song about a {c}\nand then it came to tea.",
    "Little {a}, where do you go?\nOver the hill and through the snow.\nLittle {b}, what did you see?\nA {c} "
    "as pretty as can be.",
)
TONGUE = (
    "Six slick snails slide slowly to the sea.",
    "Big brown bears bake bread by the bay.",
    "Four fine fresh fish for you.",
    "Ten tiny tigers take two taxis to town.",
    "Round and round the rugged rocks.",
)


def make_interjection(rng: Random) -> Exchange:
    word = rng.choice(INTERJECTIONS)
    if rng.random() < 0.4:
        question = ask(
            rng, "((Say|Shout|Call|Can you say) {w}(.|!|?)|What does {w} mean?|How do you say {w}?)", w=word.lower()
        )
        if "What does" in question:
            return question, f"{word}! is a word that people call out."
        return question, f"{word}!"
    question = ask(
        rng,
        "{w}(!|.|, {w2}!|! That is (nice|bad|strange|funny|big|too much).|, what a (day|surprise|mess)!"
        "|! I (forgot|found) it.)",
        w=word,
        w2=rng.choice(INTERJECTIONS).lower(),
    )
    return question, reply(
        rng,
        "({w}! |{w2}! |Oh! |)(What happened?|Tell me more.|Is everything all right?|What is it?"
        "|That sounds like something.)",
        w=word,
        w2=rng.choice(INTERJECTIONS),
    )


def make_rhyme(rng: Random) -> Exchange:
    pair = rng.choice(RHYMES.split()).split("/")
    rng.shuffle(pair)
    question = ask(
        rng,
        "(What rhymes (with|on) {w}?|(Name|Give me|Tell me|Find|Say) a (rhyme|word that rhymes) (with"
        "|for) {w}.|Which word (rhymes|goes) with {w}?|A rhyme (with|for) {w}?|I need a rhyme for {w}.)",
        "(what rhymes with {w}|a rhyme for {w})",
        w=pair[0],
    )
    return question, reply(rng, "{w} rhymes with {r}.", w=pair[0], r=pair[1])


def make_joke(rng: Random) -> Exchange:
    question = ask(
        rng,
        "((Tell|Give) me a joke(.| please.)|Do you know a (good |)joke?|Make me laugh(.|!)"
        "|Say something funny.|Can you (tell a joke|be funny|make me laugh)?|A joke, please."
        "|I want to laugh.|(One more|Another) joke.)",
    )
    return question, rng.choice(JOKES)


def make_poem(rng: Random) -> Exchange:
    a, b, c = rng.sample([word for word in RARE_WORDS if word[0] not in "aeiou"], 3)
    question = ask(
        rng,
        "((Write|Tell me|Say|Give me) a (short |little |)(poem|verse|rhyme) about a {a}.|Can you (write"
        "|say) a (poem|verse) about a {a}?|(Do you know|I want) a (poem|verse) about a {a}(?|.)|(Write|Say"
        "|Sing) (a poem|a verse|a song)(.|!|))",
        a=a,
    )
    return question, rng.choice(POEMS).format(a=a, b=b, c=c)


def make_tongue_twister(rng: Random) -> Exchange:
    question = ask(
        rng,
        "((Say|Tell me|Do you know) a tongue twister(.|?)|Something hard to say, please."
        "|Say something (quick|tricky).)",
    )
    return question, rng.choice(TONGUE)


def make_echo(rng: Random) -> Exchange:
    words = " ".join(rng.choice(rng.choice((RARE_WORDS, INTERJECTIONS))).lower() for _ in range(rng.randint(1, 3)))
    question = ask(
        rng,
        "((Repeat|Say|Write|Copy|Please say|Can you say)( this| after me|): {w}|(Repeat|Say|Echo) {w}(.|))",
        w=words,
    )
    return question, reply(rng, "{w}.", w=words)
