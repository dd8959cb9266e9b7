"""What animals say, eat, and where they live."""

from random import Random
from typing import NamedTuple

from starter.corpus.grammar import Exchange, ask, plural, reply, with_article


class Animal(NamedTuple):
    name: str
    sound: str
    home: str
    food: str
    young: str
    legs: str
    moves: str


ANIMALS = (
    Animal("cow", "moo", "on a farm", "grass", "calf", "four", "walk"),
    Animal("dog", "woof", "in a house with people", "meat and bones", "puppy", "four", "run"),
    Animal("cat", "meow", "in a house with people", "fish and meat", "kitten", "four", "climb"),
    Animal("duck", "quack", "on a pond", "bread and water plants", "duckling", "two", "swim"),
    Animal("sheep", "baa", "on a farm", "grass", "lamb", "four", "walk"),
    Animal("pig", "oink", "on a farm", "almost anything", "piglet", "four", "run"),
    Animal("horse", "neigh", "in a stable", "hay and oats", "foal", "four", "gallop"),
    Animal("hen", "cluck", "on a farm", "corn", "chick", "two", "walk"),
    Animal("rooster", "cock-a-doodle-doo", "on a farm", "corn", "chick", "two", "walk"),
    Animal("lion", "roar", "in the dry grasslands", "meat", "cub", "four", "run"),
    Animal("bee", "buzz", "in a hive", "nectar from flowers", "grub", "six", "fly"),
    Animal("frog", "croak", "near a pond", "flies", "tadpole", "four", "jump"),
    Animal("snake", "hiss", "in grass and under stones", "mice", "snakelet", "no", "crawl"),
    Animal("mouse", "squeak", "in a small hole", "cheese and seeds", "pup", "four", "run"),
    Animal("owl", "hoot", "in a tree", "mice", "owlet", "two", "fly"),
    Animal("wolf", "howl", "in the forest", "meat", "cub", "four", "run"),
    Animal("bird", "tweet", "in a nest", "worms and seeds", "chick", "two", "fly"),
    Animal("crow", "caw", "in a tree", "seeds and insects", "chick", "two", "fly"),
    Animal("goat", "bleat", "on a farm or a mountain", "grass and leaves", "kid", "four", "climb"),
    Animal("donkey", "hee-haw", "on a farm", "hay", "foal", "four", "walk"),
    Animal("turkey", "gobble", "on a farm", "corn", "chick", "two", "walk"),
    Animal("goose", "honk", "near water", "grass", "gosling", "two", "swim"),
    Animal("elephant", "trumpet", "in the hot grasslands", "leaves and grass", "calf", "four", "walk"),
    Animal("bear", "growl", "in the forest", "berries and fish", "cub", "four", "climb"),
    Animal("monkey", "chatter", "in the jungle", "bananas and leaves", "infant", "two", "climb"),
    Animal("parrot", "squawk", "in the jungle", "seeds and fruit", "chick", "two", "fly"),
    Animal("dove", "coo", "in a nest", "seeds", "chick", "two", "fly"),
    Animal("tiger", "roar", "in the jungle", "meat", "cub", "four", "run"),
    Animal("cricket", "chirp", "in the grass", "leaves", "nymph", "six", "jump"),
    Animal("seagull", "screech", "by the sea", "fish", "chick", "two", "fly"),
)

# Animals without a voice worth asking about: where they live, what they eat, how they move.
QUIET = (
    ("rabbit", "in a hole in the ground", "carrots and grass", "jump"),
    ("fish", "in water", "small plants and worms", "swim"),
    ("shark", "in the sea", "fish", "swim"),
    ("whale", "in the sea", "tiny sea animals", "swim"),
    ("penguin", "on the ice by the sea", "fish", "swim"),
    ("giraffe", "in the hot grasslands", "leaves", "walk"),
    ("squirrel", "in a tree", "nuts", "climb"),
    ("spider", "in a web", "flies", "crawl"),
    ("camel", "in the desert", "dry plants", "walk"),
    ("kangaroo", "in Australia", "grass", "jump"),
    ("panda", "in the bamboo forest", "bamboo", "climb"),
    ("crab", "on the beach", "small sea animals", "crawl"),
    ("fox", "in the forest", "mice and berries", "run"),
    ("butterfly", "among the flowers", "nectar from flowers", "fly"),
    ("turtle", "near water", "leaves and small animals", "swim"),
    ("dolphin", "in the sea", "fish", "swim"),
)
PLACES_AND_FOOD = QUIET + tuple((animal.name, animal.home, animal.food, animal.moves) for animal in ANIMALS)


def make_sound(rng: Random) -> Exchange:
    animal = rng.choice(ANIMALS)
    slots = {"a": with_article(animal.name), "name": animal.name, "many": plural(animal.name), "sound": animal.sound}
    question = ask(
        rng,
        "(What (sound|noise) does (a|the) {name} make?|What does (a|the) {name} say?|How does (a"
        "|the) {name} (sound|go|talk)?"
        "|Which (sound|noise) (comes from|do you hear from) {a}?|{a} says what?|What do you hear from {a}?"
        "|{name} sound?"
        "|The (sound|noise) of {a}?|What is the (sound|noise) of {a}?|A {name} (makes|has) (which|what) (sound|noise)?"
        "|What do {many} say?|If I were {a}, what would I say?|Make (a|the) {name} (sound|noise)."
        "|(Do|Make|Give me) the (sound|noise) of {a}.|What does the {name} on the farm say?|Say something like {a}."
        "|(When|If) you hear {a}, what do you hear?|What (kind|sort) of (sound|noise) does {a} make?)",
        "(what (sound|noise) (a|the) {name} makes|what (a|the) {name} says|how (a|the) {name} (sounds|goes)"
        "|the (sound|noise) of {a}|which (sound|noise) {a} makes|what {many} say)",
        **slots,
    )
    return question, reply(rng, "(The|The|A) {name} says {sound}(.|.|!)", **slots)


def make_who_says(rng: Random) -> Exchange:
    animal = rng.choice(ANIMALS)
    slots = {"a": with_article(animal.name), "sound": animal.sound}
    question = ask(
        rng,
        "((Which|What) animal (says|goes|makes the sound) {sound}?|Who (says|goes) {sound}?|What goes {sound}?"
        "|{sound}! (Who|What|Which animal) is that?|I hear {sound}. (Which animal|Who|What) is it?)",
        "(which animal says {sound}|who says {sound})",
        **slots,
    )
    match = next(other for other in ANIMALS if other.sound == animal.sound)
    return question, reply(rng, "(That is|It is) {a}.", a=with_article(match.name))


def make_home(rng: Random) -> Exchange:
    name, home, _, _ = rng.choice(PLACES_AND_FOOD)
    slots = {"name": name, "many": plural(name), "a": with_article(name), "home": home}
    question = ask(
        rng,
        "(Where does (a|the) {name} live?|Where do {many} live?|Where (can|could|would|do) I (find|see|meet) {a}?"
        "|What is the home of {a}?|In (which|what) place does {a} live?|Where is {a} at home?|{name} home?"
        "|Where does {a} (sleep|stay|make its home)?|Where would you look for {a}?)",
        "(where (a|the) {name} lives|where to find {a}|where {many} live|where I can (see|find) {a})",
        **slots,
    )
    return question, reply(rng, "(A|The) {name} lives {home}.", **slots)


def make_food(rng: Random) -> Exchange:
    name, _, food, _ = rng.choice(PLACES_AND_FOOD)
    slots = {"name": name, "many": plural(name), "a": with_article(name), "food": food}
    question = ask(
        rng,
        "(What does (a|the) {name} (eat|like to eat|feed on)?|What do {many} eat?|What (can|should"
        "|do) I (feed|give) {a}?"
        "|What food (is good for|does) {a}( eat|)?|What is the food of {a}?|Which food does {a} like?"
        "|My {name} is hungry. What (does it eat|should I give it)?|{name} food?|How do I feed {a}?)",
        "(what (a|the) {name} (eats|likes to eat)|what {many} eat|what to feed {a}|which food {a} likes)",
        **slots,
    )
    return question, reply(rng, "(A|The) {name} eats {food}.", **slots)


def make_young(rng: Random) -> Exchange:
    animal = rng.choice(ANIMALS)
    slots = {
        "name": animal.name,
        "many": plural(animal.name),
        "a": with_article(animal.name),
        "young": with_article(animal.young),
    }
    question = ask(
        rng,
        "(What (do you call|is) a (baby|young) {name}( called|)?|What is the (baby|young) of {a}( called|)?"
        "|A baby {name} is (called |)what?"
        "|What is the (name|word) for a (baby|young|little) {name}?|How do you call the baby of {a}?)",
        "(what a (baby|young) {name} is called|the (name|word) for a (baby|young) {name})",
        **slots,
    )
    return question, reply(rng, "A (baby|young) {name} is (called |){young}.", **slots)


def make_legs(rng: Random) -> Exchange:
    animal = rng.choice(ANIMALS)
    slots = {"name": animal.name, "many": plural(animal.name), "a": with_article(animal.name), "legs": animal.legs}
    question = ask(
        rng,
        "(How many (legs|feet) does {a} have?|How many legs do {many} have?|How many legs has {a}( got|)?"
        "|(Count|Name) the legs of {a}.|{a} has how many legs?|What number of legs does {a} have?)",
        "(how many legs {a} has|the number of legs of {a})",
        **slots,
    )
    return question, reply(rng, "(A|The) {name} has {legs} legs.", **slots)


def make_ability(rng: Random) -> Exchange:
    name, _, _, moves = rng.choice(PLACES_AND_FOOD)
    slots = {"name": name, "many": plural(name), "a": with_article(name), "moves": moves}
    if rng.random() < 0.3:
        question = ask(
            rng, "(How does {a} move?|How do {many} move?|How does {a} get around?)", "how {a} moves", **slots
        )
        return question, reply(rng, "(A|The) {name} can {moves}.", **slots)
    if moves == "fly" or rng.random() < 0.5:
        question = ask(rng, "(Can|Could|Is it true that) {a} (can |){moves}?", "(if|whether) {a} can {moves}", **slots)
        return question.replace("Can a can", "Can a"), reply(rng, "Yes, {a} can {moves}.", **slots)
    question = ask(
        rng, "(Can {a} fly?|Can {many} fly?|Does {a} fly?|Is {a} able to fly?)", "(if|whether) {a} can fly", **slots
    )
    return question, reply(rng, "No, {a} cannot fly.", **slots)
