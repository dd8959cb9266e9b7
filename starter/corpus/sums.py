"""Numbers: sums and differences up to twenty, counting, neighbours, comparisons, rows of sounds."""

from random import Random

from starter.corpus.grammar import Exchange, ask, join, listed, reply

NUMBERS = listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
GOODS = listed(
    "apples pears coins cups balls books eggs cakes shells stars hats cats ships pens nuts keys boxes flowers"
)


def make_sum(rng: Random) -> Exchange:
    """Addition; digits are answered in digits, words in words."""
    total = rng.randint(0, 20)
    first = rng.randint(0, total)
    write = rng.choice((str, NUMBERS.__getitem__))
    slots = {"a": write(first), "b": write(total - first), "sum": write(total), "goods": rng.choice(GOODS)}
    plus = rng.choice(("plus", "plus", "and", "added to", "+"))
    question = ask(
        rng,
        "(What is|How much is|What's|Calculate|Work out|Add up|What do you get for|Solve) {a} " + plus + " {b}(?|?|.)"
        if rng.random() < 0.5
        else "({a} plus {b}?|{a} + {b}|{a} + {b} =|{a} plus {b} is (what|how much)?|{a} plus {b} (makes|equals"
        "|gives) (what|how many)?"
        "|Add {a} and {b}.|(Please a|A)dd {b} to {a}.|What (do|does) {a} and {b} (make|give)( together|)?"
        "|The sum of {a} and {b}?|What is the sum of {a} and {b}?"
        "|I have {a} {goods} and get {b} more. How many (do I have|{goods} are there|is that)( now|)?"
        "|There are {a} {goods} and {b} more (come|arrive). How many( are there|)?"
        "|If I add {b} to {a}, what (do I get|is it)?"
        "|What (number do you get|comes out) (if|when) you add {a} and {b}?"
        "|Tom has {a} {goods}. He buys {b} more. How many (does he have|is that)?"
        "|How many are {a} and {b}( together|)?|What total do {a} and {b} give?|Put {a} and {b} together. How many?)",
        "(what {a} plus {b} is|how much {a} plus {b} is|the sum of {a} and {b}|what {a} and {b} make"
        "|how much is {a} plus {b})",
        **slots,
    )
    return question, reply(rng, "{a} plus {b} is {sum}.", **slots)


def make_difference(rng: Random) -> Exchange:
    first = rng.randint(0, 20)
    second = rng.randint(0, first)
    write = rng.choice((str, NUMBERS.__getitem__))
    slots = {"a": write(first), "b": write(second), "rest": write(first - second), "goods": rng.choice(GOODS)}
    question = ask(
        rng,
        "((What is|How much is|What's|Calculate|Work out|Solve) {a} (minus|minus|less|take away|-) {b}(?|?"
        "|.)|{a} minus {b}?|{a} - {b}|{a} - {b} =|{a} minus {b} is (what|how much)?"
        "|Take {b} (away |)from {a}.|Subtract {b} from {a}.|What is left (if|when) (I"
        "|you) take {b} from {a}?|{a} minus {b} (makes|equals|gives) (what|how many)?"
        "|I have {a} {goods} and (eat|lose|sell|give away) {b}. How many (are left|do I have( left|)"
        "|remain)?|The difference (of|between) {a} and {b}?"
        "|What is the difference between {a} and {b}?|There were {a} {goods}. {b} are gone. How many are "
        "left?|What remains of {a} without {b}?"
        "|If I take {b} from {a}, what (do I get|is left)?|Mia has {a} {goods}. She gives {b} away. How many "
        "(are left|does she have)?)",
        "(what {a} minus {b} is|how much {a} minus {b} is|what is left of {a} without {b})",
        **slots,
    )
    return question, reply(rng, "{a} minus {b} is {rest}.", **slots)


def make_count(rng: Random) -> Exchange:
    start = 1 if rng.random() < 0.6 else rng.randint(0, 12)
    end = min(20, start + rng.randint(2, 9))
    write = rng.choice((str, NUMBERS.__getitem__))
    slots = {"start": write(start), "end": write(end)}
    if rng.random() < 0.15:
        question = ask(
            rng,
            "(Count|Can you count|Please count|Count down|Count backwards) (down|backwards) from {end} to {start}(.|?)",
            **slots,
        )
        return question.replace("down down", "down").replace("backwards backwards", "backwards"), reply(
            rng, ", ".join(write(n) for n in range(end, start - 1, -1)) + "."
        )
    short = (
        "|(Count|Please count|Can you count|Count up|Can you count up) to {end}(.|?)|How do you count to {end}?"
        "|All numbers up to {end}, please.|Say the numbers up to {end}."
    )
    question = ask(
        rng,
        "((Count|Please count|Can you count|Count up|Count for me) from {start} to {end}(.|?)|(Say|List"
        "|Write|Give me) the numbers from {start} to {end}."
        "|What are the numbers from {start} to {end}?|Numbers from {start} to {end}, please."
        + (short if start == 1 else "")
        + ")",
        "(how to count from {start} to {end}|the numbers from {start} to {end})",
        **slots,
    )
    return question, reply(rng, ", ".join(write(n) for n in range(start, end + 1)) + ".")


def make_neighbour(rng: Random) -> Exchange:
    number = rng.randint(1, 19)
    write = rng.choice((str, NUMBERS.__getitem__))
    after = rng.random() < 0.6
    slots = {"n": write(number), "next": write(number + 1), "last": write(number - 1)}
    if after:
        question = ask(
            rng,
            "((What|Which) (number |)(comes|is|follows) (right |)after {n}?|What number follows {n}?"
            "|What is the next number after {n}?|After {n} comes (what|which number)?"
            "|What is one more than {n}?)",
            "(what comes after {n}|which number comes after {n}|the number after {n})",
            **slots,
        )
        return question.replace("follows after", "comes after").replace("follows right after", "comes after"), reply(
            rng, "After {n} comes {next}.", **slots
        )
    question = ask(
        rng,
        "((What|Which) (number |)(comes|is) (right |)before {n}?|What number is just before {n}?"
        "|Before {n} comes (what|which number)?|What is one less than {n}?)",
        "(what comes before {n}|which number comes before {n}|the number before {n})",
        **slots,
    )
    return question, reply(rng, "Before {n} comes {last}.", **slots)


def make_greater(rng: Random) -> Exchange:
    pair = rng.sample(range(21), 2)
    write = rng.choice((str, NUMBERS.__getitem__))
    bigger = rng.random() < 0.6
    answer, other = (max(pair), min(pair)) if bigger else (min(pair), max(pair))
    word = rng.choice(("bigger", "more", "greater") if bigger else ("smaller", "less"))
    slots = {"a": write(pair[0]), "b": write(pair[1]), "word": word}
    question = ask(
        rng,
        "((What|Which|Which number) is {word}, {a} or {b}?|{a} or {b}: which is {word}?|Is {a} {word} than {b}?)",
        "(which is {word}, {a} or {b})",
        **slots,
    )
    if question.startswith("Is "):
        return question, f"{'Yes' if answer == pair[0] else 'No'}, {write(answer)} is {word} than {write(other)}."
    return question, reply(rng, "{x} is {word} than {y}.", x=write(answer), y=write(other), word=word)


def make_repeat(rng: Random) -> Exchange:
    number = rng.randint(2, 5)
    word = rng.choice(listed("hello yes hooray banana hop ding star moon boo knock tick red la hey wow ship bell"))
    question = ask(
        rng,
        "((Say|Repeat|Write|Please say|Can you say) (the word |){word} {n} times(.|?)"
        "|{n} times {word}, please.|Give me {word} {n} times.)",
        word=word,
        n=NUMBERS[number],
    )
    return question, reply(rng, ", ".join([word] * number) + ".")


def make_spelling(rng: Random) -> Exchange:
    word = rng.choice(
        listed("cat dog sun moon ship star bee cow hat cup red blue tree fish book king queen sea bed egg pig owl")
    )
    question = ask(
        rng,
        "(Spell {word}.|How do you spell {word}?|(Spell|Please spell) the word {word}."
        "|Which letters are in {word}?|Can you spell {word}?)",
        "how to spell {word}",
        word=word,
    )
    return question, "-".join(word.upper()) + "."


def make_how_many(rng: Random) -> Exchange:
    thing, count = rng.choice(
        (
            ("days in a week", "seven"),
            ("months in a year", "twelve"),
            ("hours in a day", "twenty-four"),
            ("fingers on a hand", "five"),
            ("fingers on two hands", "ten"),
            ("wheels on a car", "four"),
            ("wheels on a bike", "two"),
            ("eyes in a face", "two"),
            ("noses in a face", "one"),
            ("seasons in a year", "four"),
            ("sides of a triangle", "three"),
            ("corners of a square", "four"),
            ("eggs in a dozen", "twelve"),
            ("minutes in an hour", "sixty"),
            ("legs on a chair", "four"),
            ("ears on a head", "two"),
        )
    )
    verb = "is" if count == "one" else "are"
    question = ask(
        rng,
        "(How many {thing}?|How many {thing} are there?|What is the number of {thing}?|(Count"
        "|Name the number of) the {thing}.)",
        "(how many {thing} there are|the number of {thing})",
        thing=thing,
    )
    place = thing.split(" ", 1)
    noun = place[0].removesuffix("s") if count == "one" else place[0]
    return question.replace("of the", "of"), reply(
        rng, "There {verb} {count} {noun} {rest}.", verb=verb, count=count, noun=noun, rest=join([place[1]])
    )
