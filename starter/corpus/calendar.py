"""Days, months and seasons: what comes before, what comes after, what happens when."""

from random import Random

from starter.corpus.grammar import Exchange, ask, listed, reply

DAYS = listed("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
MONTHS = listed("January February March April May June July August September October November December")
SEASONS = ("spring", "summer", "autumn", "winter")

SEASON_FACTS = {
    "winter": "It is cold in winter, and it may snow.",
    "spring": "In spring the flowers begin to grow.",
    "summer": "It is hot and sunny in summer.",
    "autumn": "In autumn the leaves turn red and fall.",
}
FACTS = (
    (
        "(Which|What) day is the first (day |)of the week?",
        "the first day of the week",
        "Monday is the first day of the week.",
    ),
    (
        "(Which|What) day is the last (day |)of the week?",
        "the last day of the week",
        "Sunday is the last day of the week.",
    ),
    ("(Which|What) is the first month (of the year|)?", "the first month of the year", "January is the first month."),
    ("(Which|What) is the last month (of the year|)?", "the last month of the year", "December is the last month."),
    ("(Which|What) days are (on |)the weekend?", "the days of the weekend", "Saturday and Sunday are the weekend."),
    (
        "(Name|List|Say|What are) (all |)the (days of the week|weekdays)(.|?)",
        "the days of the week",
        ", ".join(DAYS) + ".",
    ),
    (
        "(Name|List|Say|What are) (all |)the months( of the year|)(.|?)",
        "the months of the year",
        ", ".join(MONTHS) + ".",
    ),
    ("(Name|List|Say|What are) the (four |)seasons(.|?)", "the four seasons", "Spring, summer, autumn and winter."),
    ("(When|In which month) is Christmas?", "when Christmas is", "Christmas is in December."),
    ("(Which|What) month is the shortest?", "the shortest month", "February is the shortest month."),
    (
        "(When|At what time) do (you|people|we) (eat|have) breakfast?",
        "when people eat breakfast",
        "People eat breakfast in the morning.",
    ),
    ("(When|At what time) do (you|people|we) go to bed?", "when people go to bed", "People go to bed at night."),
    ("(When|At what time) does the sun (rise|come up)?", "when the sun comes up", "The sun rises in the morning."),
    ("(When|At what time) does the sun (set|go down)?", "when the sun goes down", "The sun sets in the evening."),
    ("(When|At what time) (do|can) (we|you) see the (stars|moon)?", "when we see the stars", "We see them at night."),
)


def make_next(rng: Random) -> Exchange:
    names = rng.choice((DAYS, DAYS, MONTHS, SEASONS))
    unit = {7: "day", 12: "month", 4: "season"}[len(names)]
    index = rng.randrange(len(names))
    after = rng.random() < 0.55
    other = names[(index + (1 if after else -1)) % len(names)]
    slots = {
        "word": "after" if after else "before",
        "x": names[index],
        "unit": unit,
        "other": other,
        "next": "next" if after else "last",
        "tomorrow": "tomorrow" if after else "yesterday",
        "is": "is" if after else "was",
    }
    relative = (
        "|If today is {x}, what {is} {tomorrow}?|Today is {x}. (What|Which day) {is} {tomorrow}?"
        if unit == "day"
        else ""
    )
    forward = (
        "|What (unit |)follows {x}?|{x} is followed by (what|which {unit})?".replace("unit ", "{unit} ")
        if after
        else "|What {unit} is just before {x}?"
    )
    question = ask(
        rng,
        "((What|Which) {unit} (comes|is) (right |){word} {x}?|What (comes|is) {word} {x}?"
        "|{word} {x} comes (what|which {unit})?|The {unit} {word} {x}?"
        "|Name the {unit} {word} {x}.|Tell me the {unit} that comes {word} {x}."
        "|What is the {unit} {word} {x}?|It is {x} now. What {unit} {is} {word} (it|that)?" + relative + forward + ")",
        "((what|which) {unit} comes {word} {x}|what comes {word} {x}|the {unit} {word} {x}|which {unit} is {word} {x})",
        **slots,
    )
    return question, reply(rng, "{word} {x} comes {other}.", **slots)


def make_season(rng: Random) -> Exchange:
    season = rng.choice(SEASONS)
    question = ask(
        rng,
        "(What is (it like in |){s} like?|How is the weather in {s}?|What happens in {s}?|Is it (cold|warm"
        "|hot) in {s}?|What is {s}?|Tell me about {s}.|What do you know about {s}?)",
        "(what {s} is like|what happens in {s})",
        s=season,
    )
    return question.replace("it like in " + season + " like", "it like in " + season), SEASON_FACTS[season]


def make_fact(rng: Random) -> Exchange:
    direct, clause, answer = rng.choice(FACTS)
    return ask(rng, direct, clause), answer
