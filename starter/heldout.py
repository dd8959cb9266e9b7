"""The examination: prompts in wordings that the corpus cannot produce, each with a mechanical check of its answer.

The checks read words, not meaning: an answer passes if it says the word that the right answer needs.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

Check = Callable[[str], bool]
Row = tuple[str, ...]


class HeldOut(NamedTuple):
    kind: str
    prompt: str
    check: Check


class Topic(NamedTuple):
    """Wordings and rows of one kind: each wording is asked with each row, whose first field fills `{}`."""

    kind: str
    wordings: Row
    rows: tuple[Row, ...]
    make_check: Callable[[Row], Check]


def build_prompts() -> list[HeldOut]:
    """All prompts, in a fixed order."""
    return [prompt for topic in TOPICS for prompt in ask_topic(topic)]


def ask_topic(topic: Topic) -> Iterator[HeldOut]:
    for wording in topic.wordings:
        for row in topic.rows:
            yield HeldOut(topic.kind, wording.format(*row), topic.make_check(row[wording.count("{}") :] or row))


def says(row: Row) -> Check:
    """One of the row's words stands in the answer."""
    pattern = re.compile(r"\b(" + "|".join(re.escape(word) for word in row) + r")\b", re.IGNORECASE)
    return lambda answer: bool(pattern.search(answer))


def ends(row: Row) -> Check:
    """The answer's last word is one of the row's: the result of a sum stands at its end."""
    return lambda answer: (re.findall(r"[\w-]+", answer.lower()) or [""])[-1] in row


def tells(row: Row) -> Check:
    """A story of two to six sentences that names every thing of the row."""
    return lambda answer: (
        2 <= len(re.findall(r"[.!?](?:\s|\"|$)", answer)) <= 6
        and all(re.search(rf"\b{thing}s?\b", answer, re.IGNORECASE) for thing in row)
    )


def counts(row: Row) -> Check:
    """The row's numbers, in order and nothing else."""
    return lambda answer: re.findall(r"\w+", answer.lower()) == row[-1].split()


GREETING = ("hello", "hi", "hey", "good morning", "good evening", "nice to meet you", "welcome")
HELPING = ("of course", "sure", "yes", "gladly", "what do you need", "how can I help", "ask")
WELCOME = ("welcome", "pleasure", "glad", "any time")
FAREWELL = ("goodbye", "bye", "see you", "good night", "take care")
UNSURE = ("sorry", "do not know", "don't know", "too hard", "cannot", "only a small model", "only know simple")
SELF = ("model", "starter", "program")

TOPICS = (
    Topic(
        "greeting",
        ("{}",),
        (
            ("Hello my dear machine!",),
            ("Hey you, good to be here!",),
            ("A very good morning to you!",),
            ("Hi, it's me again!",),
            ("Hello from the kitchen!",),
            ("I just came in to say hello.",),
        ),
        lambda row: says(GREETING),
    ),
    Topic(
        "greeting by name",
        ("Hello, the name is {}.", "Good day, {} is my name."),
        (("Anna", "Anna"), ("Oscar", "Oscar"), ("Priya", "Priya")),
        says,
    ),
    Topic(
        "identity",
        ("{}",),
        (
            ("With whom do I have the pleasure?",),
            ("Are you a living person or a computer?",),
            ("So what exactly are you supposed to be?",),
            ("Would you mind saying who you are?",),
            ("Is a human writing these answers?",),
            ("Give me a short description of yourself.",),
        ),
        lambda row: says(SELF),
    ),
    Topic(
        "mood question",
        ("{}",),
        (
            ("I hope you are well?",),
            ("And how are you feeling this morning?",),
            ("Did you have a good day?",),
            ("So how are you today, my friend?",),
        ),
        lambda row: says(("fine", "well", "good", "thank you")),
    ),
    Topic(
        "help",
        ("{}",),
        (
            ("Hi, can you help me?",),
            ("I could really use your help now.",),
            ("Would you have a minute to help?",),
            ("Is it all right if I ask you something?",),
            ("I am stuck and need help.",),
        ),
        lambda row: says(HELPING),
    ),
    Topic(
        "thanks",
        ("{}",),
        (
            ("Wonderful, thanks for everything!",),
            ("Thanks, you did that well.",),
            ("A big thank you from me!",),
            ("I want to thank you for that.",),
        ),
        lambda row: says(WELCOME),
    ),
    Topic(
        "goodbye",
        ("{}",),
        (
            ("I am going home now, bye!",),
            ("Okay, see you next week!",),
            ("Well, goodbye then.",),
            ("It is late, good night to you!",),
        ),
        lambda row: says(FAREWELL),
    ),
    Topic(
        "like",
        ("Would you say that you like {}?", "Are you a friend of {}?", "{} are lovely, don't you think?"),
        (("apples", "apples"), ("horses", "horses"), ("stories", "stories")),
        says,
    ),
    Topic(
        "mood",
        ("{}",),
        (
            ("I am so sad these days.", "sorry", "better"),
            ("My stomach is empty, I am hungry.", "eat", "bread"),
            ("I am really very tired this evening.", "rest", "sleep"),
            ("There is nothing to do, I am bored.", "story", "read", "game", "book"),
            ("I am freezing, it is so cold in here.", "coat", "tea", "warm"),
        ),
        says,
    ),
    Topic(
        "animal sound",
        (
            "Imagine a {}. What sound does it make?",
            "Which noise would a {} make?",
            "What would a {} say to me?",
            "I met a {}. What did it say?",
        ),
        (("cow", "moo"), ("duck", "quack"), ("cat", "meow"), ("sheep", "baa"), ("owl", "hoot")),
        says,
    ),
    Topic(
        "who says",
        ("Listen: {}! Which animal might that be?", "Name the animal that says {}."),
        (("oink", "pig"), ("woof", "dog"), ("neigh", "horse")),
        says,
    ),
    Topic(
        "animal home",
        ("In what place would a {} live?", "If I want to see a {}, where do I look?"),
        (("frog", "pond"), ("whale", "sea"), ("squirrel", "tree"), ("horse", "stable")),
        says,
    ),
    Topic(
        "animal food",
        ("What would a {} like for dinner?", "Which meal makes a {} happy?"),
        (("rabbit", "carrots"), ("panda", "bamboo"), ("cow", "grass"), ("mouse", "cheese", "seeds")),
        says,
    ),
    Topic(
        "animal young",
        ("How is a very young {} called?", "What name does the child of a {} have?"),
        (("dog", "puppy"), ("sheep", "lamb"), ("cat", "kitten")),
        says,
    ),
    Topic(
        "colour",
        (
            "Say, which colour does {} usually have?",
            "I am painting {}. Which colour shall I take?",
            "What would be the right colour for {}?",
        ),
        (("the sky", "blue"), ("a banana", "yellow"), ("grass", "green"), ("snow", "white"), ("a tomato", "red")),
        says,
    ),
    Topic(
        "opposite",
        (
            "What do you call the opposite of {}?",
            "Please turn {} into its opposite.",
            "Not {} but ... what is the opposite?",
        ),
        (("hot", "cold"), ("big", "small"), ("day", "night"), ("fast", "slow"), ("empty", "full")),
        says,
    ),
    Topic(
        "use",
        (
            "What might somebody do with {}?",
            "Somebody gave me {}. What do I use it for?",
            "What are people using {} for?",
        ),
        (
            ("a knife", "cut"),
            ("an umbrella", "dry"),
            ("a broom", "sweep"),
            ("a clock", "time"),
        ),
        says,
    ),
    Topic(
        "job",
        ("What would {} do at work?", "How does {} spend the day?"),
        (("a baker", "bakes"), ("a teacher", "teaches"), ("a sailor", "ship"), ("a farmer", "food")),
        says,
    ),
    Topic(
        "where",
        ("Which place should I visit to {}?", "Where in town would I {}?"),
        (
            ("buy bread", "bakery"),
            ("borrow books", "library"),
            ("see wild animals", "zoo"),
            ("catch a train", "station"),
        ),
        says,
    ),
    Topic(
        "reason",
        ("What makes people {}?", "Is there a reason why people {}?"),
        (("sleep", "rest"), ("laugh", "funny"), ("wear coats", "warm"), ("drink water", "needs")),
        says,
    ),
    Topic(
        "meaning",
        ("What might {} be?", "How would you explain {} to a child?"),
        (
            ("an island", "water"),
            ("a castle", "house", "stone"),
            ("a rainbow", "colours"),
            ("an anchor", "hook", "ship"),
        ),
        says,
    ),
    Topic(
        "comparison",
        ("Between {} and {}, which one is bigger?", "Take {} and {}. Which is the bigger one?"),
        (
            ("a mouse", "a horse", "a horse is bigger"),
            ("an elephant", "a cat", "an elephant is bigger"),
            ("an ant", "a dog", "a dog is bigger"),
        ),
        says,
    ),
    Topic(
        "sum",
        (
            "Tell me the result of {} plus {}.",
            "{} plus {} would be what?",
            "Suppose I add {} and {}. What is the result?",
            "How many do I get from {} and {}?",
        ),
        (
            ("seven", "five", "twelve", "12"),
            ("two", "three", "five", "5"),
            ("9", "4", "13", "thirteen"),
            ("6", "6", "12", "twelve"),
            ("eleven", "eight", "nineteen", "19"),
        ),
        ends,
    ),
    Topic(
        "difference",
        (
            "Tell me the result of {} minus {}.",
            "{} minus {} would be what?",
            "Start at {} and take away {}. What is left?",
        ),
        (
            ("nine", "four", "five", "5"),
            ("ten", "three", "seven", "7"),
            ("8", "2", "6", "six"),
            ("15", "5", "10", "ten"),
            ("twelve", "six", "six", "6"),
        ),
        ends,
    ),
    Topic(
        "count",
        ("Let me hear you count from {} to {}.", "Begin at {} and count up to {}."),
        (
            ("one", "four", "one two three four"),
            ("three", "seven", "three four five six seven"),
            ("1", "5", "1 2 3 4 5"),
        ),
        counts,
    ),
    Topic(
        "neighbour",
        ("When I count, which number follows right after {}?", "{}, and then which number?"),
        (("six", "seven"), ("12", "13"), ("nine", "ten")),
        ends,
    ),
    Topic(
        "next day",
        (
            "Which one comes right behind {}?",
            "It was {} and a day has passed. Which day is it?",
            "{} is over. Which day comes now?",
        ),
        (("Monday", "Tuesday"), ("Friday", "Saturday"), ("Wednesday", "Thursday")),
        says,
    ),
    Topic(
        "month",
        ("{} is over. Which month comes now?", "Which month do we have when {} is over?"),
        (("March", "April"), ("July", "August"), ("November", "December")),
        says,
    ),
    Topic(
        "family",
        ("Who in my family is {}?", "Tell me, {} is my what?"),
        (
            ("my mother's mother", "grandmother"),
            ("my father's brother", "uncle"),
            ("my mother's sister", "aunt"),
        ),
        says,
    ),
    Topic(
        "weather",
        ("{}",),
        (
            ("Look, it is raining outside again.", "umbrella"),
            ("It has begun to snow, how lovely!", "snowman", "coat"),
            ("Today the wind is so windy and strong!", "hat", "kite"),
        ),
        says,
    ),
    Topic(
        "kind of",
        ("Please make a list of three {}.", "Which three {} come to your mind?"),
        (
            ("fruits", "apple", "banana", "cherry", "pear", "plum", "grape", "lemon", "peach"),
            ("colours", "red", "blue", "green", "yellow", "black", "white", "orange", "pink", "brown", "purple"),
        ),
        says,
    ),
    Topic(
        "rhyme",
        ("Please find me something that rhymes with {}.", "Which word sounds like {}?"),
        (("cat", "hat"), ("moon", "spoon"), ("mouse", "house")),
        says,
    ),
    Topic(
        "story",
        (
            "Would you write me a little story with {} in it?",
            "Please tell me the story of {}.",
            "Write a tiny tale that has {} in it.",
        ),
        (
            ("a fox", "fox"),
            ("a ship", "ship"),
            ("a king", "king"),
            ("a lamp", "lamp"),
        ),
        tells,
    ),
    Topic(
        "story of two",
        (
            "Would you write me a little story with {} in it?",
            "Please tell me the story of {}.",
            "A short story, please, in which {} meet.",
        ),
        (
            ("a dog and a star", "dog", "star"),
            ("a sailor and a parrot", "sailor", "parrot"),
            ("a queen and a bell", "queen", "bell"),
        ),
        tells,
    ),
    Topic(
        "unknown",
        ("{}",),
        (
            ("What is the main city of France?",),
            ("Please write me a computer game in Java.",),
            ("Who was the first man on the moon?",),
            ("How many people live on Earth?",),
            ("What does the law say about taxes?",),
            ("Can you send an email to my boss?",),
            ("What is 345 divided by 15?",),
            ("Which team won the match yesterday?",),
            ("What is the weight of Mount Everest?",),
            ("Prove that there are many primes.",),
        ),
        lambda row: says(UNSURE),
    ),
)
