"""Simple knowledge of the world: colours, opposites, uses, jobs, places, reasons, comparisons, meanings."""

from random import Random

from starter.corpus.grammar import Exchange, ask, plural, reply, with_article
from starter.corpus.people import JOBS, OPPOSITES, REASONS, WHERE
from starter.corpus.things import COLOURS, KINDS_OF, MEANINGS, SIZES, USES


def make_colour(rng: Random) -> Exchange:
    thing, colour = rng.choice(COLOURS)
    verb = "are" if thing.endswith("s") and not thing.endswith("ss") else "is"
    slots = {"thing": thing, "colour": colour, "verb": verb}
    question = ask(
        rng,
        "((What|Which) (colour|color) {verb} {thing}?|{thing} {verb} (what|which) (colour|color)?"
        "|The (colour|color) of {thing}?"
        "|What is the (colour|color) of {thing}?|(What|Which) (colour|color) (do|does) {thing} have?"
        "|Name the (colour|color) of {thing}."
        "|If I paint {thing}, (what|which) (colour|color) do I need?|(What|Which) (colour"
        "|color) should I (use|take) for {thing}?"
        "|I want to (paint|draw|colour) {thing}. (What|Which) (colour|color) do I (need|take)?"
        "|Describe the (colour|color) of {thing}.)",
        "((what|which) (colour|color) {thing} {verb}|the (colour|color) of {thing}|what (colour|color) {thing} {verb})",
        **slots,
    )
    return question, reply(rng, "{thing} {verb} {colour}.", **slots)


def make_colour_check(rng: Random) -> Exchange:
    thing, colour = rng.choice(COLOURS)
    verb = "are" if thing.endswith("s") and not thing.endswith("ss") else "is"
    asked = rng.choice(COLOURS)[1] if rng.random() < 0.5 else colour
    question = ask(
        rng,
        "({verb} {thing} {asked}?|{thing} {verb} {asked}, right?)",
        "(if|whether) {thing} {verb} {asked}",
        thing=thing,
        verb=verb,
        asked=asked,
    )
    pattern = "Yes, {thing} {verb} {colour}." if asked == colour else "No, {thing} {verb} {colour}."
    return question, reply(rng, pattern, thing=thing, verb=verb, colour=colour)


def make_opposite(rng: Random) -> Exchange:
    pair = list(rng.choice(OPPOSITES))
    rng.shuffle(pair)
    word, other = pair
    question = ask(
        rng,
        "(What is the opposite of {word}?|The opposite of {word}?|What is the opposite (word |)(for"
        "|to) {word}?|{word}: opposite?"
        "|Which word (is|means) the opposite of {word}?|(Give|Name|Tell) me the opposite of {word}."
        "|Opposite of {word}, please."
        "|If it is not {word}, (what is it|then what)?|What is not {word}?|What word is the (opposite"
        "|contrary) of {word}?"
        "|{word} is the opposite of (what|which word)?|(Find|Say|Name) the opposite of {word}."
        "|What would be the opposite of {word}?)",
        "(the opposite of {word}|what the opposite of {word} is|what is the opposite of {word}"
        "|which word is the opposite of {word})",
        word=word,
    )
    return question, reply(rng, "The opposite of {word} is {other}.", word=word, other=other)


def make_use(rng: Random) -> Exchange:
    thing, use = rng.choice(USES)
    slots = {"a": thing, "thing": thing.removeprefix("a ").removeprefix("an "), "use": use}
    question = ask(
        rng,
        "(What (do you|do we|do people|does one|can you|can I|can we|would you|should I) do with {a}?"
        "|What (is|do we use|do you use|do I use) {a}( used|) for?"
        "|What do (you|we|I|people) need {a} for?|Why do (you|we|I|people) (need|have|want|use) {a}?"
        "|What (good|use) is {a}?|How (do|can) I use {a}?"
        "|What is the (use|purpose|point) of {a}?|I have {a}. What can I do with it?"
        "|I found {a}. What is it for?|What does {a} do?"
        "|When do (you|we|I) use {a}?|{a}: what is it for?|What could I do with {a}?)",
        "(what {a} is (used |)for|what to do with {a}|what you do with {a}|what we do with {a}"
        "|how to use {a}|the use of {a})",
        **slots,
    )
    return question, reply(rng, "You use {a} to {use}.", **slots)


def make_tool_for(rng: Random) -> Exchange:
    thing, use = rng.choice(USES)
    question = ask(
        rng,
        "(What do (I|you|we) (need|use) to {use}?|I want to {use}. What do I (need|use|take)?|(Which"
        "|What) thing helps (me|you) to {use}?|With what do (I|you|we) {use}?)",
        "(what I need to {use}|what to use to {use})",
        use=use,
    )
    return question, reply(rng, "You (need|can use|use) {a} to {use}.", a=thing, use=use)


def make_job(rng: Random) -> Exchange:
    person, work = rng.choice(JOBS)
    slots = {"person": person, "many": plural(person), "a": with_article(person), "work": work}
    if rng.random() < 0.3:
        question = ask(
            rng,
            "(Who {work}?|Which person {work}?|What do you call (someone|a person) who {work}?)",
            "who {work}",
            **slots,
        )
        return question, reply(rng, "{a} {work}.", **slots)
    question = ask(
        rng,
        "(What does {a} do( all day|)?|What do {many} do?|What is the (job|work) of {a}?|What is {a}?"
        "|Who is {a}?|What (job|work) does {a} (do|have)?"
        "|(My|Her|His) (father|mother|friend|sister) is {a}. What does (she|he) do?|What is {a}'s job?)",
        "(what {a} does|what the (job|work) of {a} is|what {many} do)",
        **slots,
    )
    return question, reply(rng, "{a} {work}.", **slots)


def make_where(rng: Random) -> Exchange:
    doing, place = rng.choice(WHERE)
    question = ask(
        rng,
        "(Where (do|can|should|would|could) (you|I|we|people) {doing}?|Where do I (go"
        "|have to go) to {doing}?|(Which|What) place is good to {doing}?"
        "|I want to {doing}. Where (do I go|should I go|can I do that)?|In (which|what) place can (I|you"
        "|we) {doing}?|Where is a good place to {doing}?)",
        "(where (I|you|we|people) can {doing}|where to {doing}|where (people|you|we) {doing})",
        doing=doing,
    )
    return question, reply(rng, "(You can|You can|People) {doing} {place}.", doing=doing, place=place)


def make_reason(rng: Random) -> Exchange:
    action, reason = rng.choice(REASONS)
    question = ask(
        rng,
        "(Why do (we|people|you) {action}?|Why (should|must) (we|I|people) {action}?|Why would (anyone"
        "|somebody|people) {action}?|Why is it good to {action}?"
        "|What is the reason (that people|to) {action}?|For what reason do (we|people) {action}?"
        "|How come (we|people) {action}?|Do I need to {action}? Why?)",
        "(why (we|people|you) {action}|the reason (we|people) {action})",
        action=action,
    )
    return question, reply(rng, "(We|People) {action} because {reason}.", action=action, reason=reason)


def make_comparison(rng: Random) -> Exchange:
    small, big = sorted(rng.sample(range(len(SIZES)), 2))
    pair = [SIZES[small], SIZES[big]]
    asks_big = rng.random() < 0.6
    answer, other = (SIZES[big], SIZES[small]) if asks_big else (SIZES[small], SIZES[big])
    rng.shuffle(pair)
    word = rng.choice(("bigger", "larger") if asks_big else ("smaller",))
    slots = {"one": with_article(pair[0]), "two": with_article(pair[1]), "word": word}
    question = ask(
        rng,
        "((What|Which|Which one) is {word}, {one} or {two}?|(What|Which) is {word}: {one} or {two}?"
        "|{one} or {two}: (which|what) is {word}?|Is {one} {word} than {two}?)",
        "(which is {word}, {one} or {two}|what is {word}, {one} or {two})",
        **slots,
    )
    answer_slots = {"answer": with_article(answer), "other": with_article(other), "word": word}
    if question.startswith("Is "):
        start = "Yes" if pair[0] == answer else "No"
        return question, f"{start}, {answer_slots['answer']} is {word} than {answer_slots['other']}."
    return question, reply(rng, "{answer} is {word} than {other}.", **answer_slots)


def make_meaning(rng: Random) -> Exchange:
    thing, meaning = rng.choice(MEANINGS)
    question = ask(
        rng,
        "(What (is|exactly is) {thing}?|What does the word {bare} mean?|What do you (know"
        "|say) about {thing}?|(Describe|Explain) {thing}( to me|)."
        "|Tell me (something |)about {thing}.|What is meant by {thing}?|{thing}: what is (that|it)?"
        "|I saw {thing}. What is (that|it)?)",
        "(what {thing} is|what the word {bare} means|something about {thing})",
        thing=thing,
        bare=thing.removeprefix("a ").removeprefix("an ").removeprefix("the "),
    )
    return question, reply(rng, "{thing} is {meaning}.", thing=thing, meaning=meaning)


def make_kind_of(rng: Random) -> Exchange:
    kind, members = rng.choice(KINDS_OF)
    words = members.split(", ")
    if rng.random() < 0.5:
        number, count = rng.choice((("two", 2), ("three", 3), ("three", 3), ("some", 3)))
        question = ask(
            rng,
            "((Name|List|Tell me|Give me|Say) {number} {many}( please|).|Can you (name|list"
            "|tell me) {number} {many}?|What are {number} {many}?|(Which|What) {many} do you know?)",
            number=number,
            many=plural(kind),
        )
        chosen = rng.sample(words, count)
        return question, reply(rng, ", ".join(chosen[:-1]) + " and " + chosen[-1] + ".")
    word = rng.choice(words)
    asked, asked_members = rng.choice(KINDS_OF) if rng.random() < 0.4 else (kind, members)
    question = ask(
        rng,
        "(Is {word} {a}?|What (is|kind of thing is) {word}, {a} or {b}?|Would you call {word} {a}?)",
        "(if|whether) {word} is {a}",
        word=word,
        a=with_article(asked),
        b=with_article(rng.choice(KINDS_OF)[0]),
    )
    if "What" in question or word in asked_members.split(", "):
        return question, reply(
            rng, "{word} is {a}.", word=word, a=with_article(kind)
        ) if "What" in question else f"Yes, {word} is {with_article(asked)}."
    return question, f"No, {word} is {with_article(kind)}."
