"""What a small model does not know, and a polite way to say so."""

from random import Random

from starter.corpus.grammar import Exchange, ask, listed, reply

TOPICS = (
    "the capital of {land}|the population of {land}|the president of {land}|the price of {ware}"
    "|the law in {land}|the history of {land}|the news( of today|)|the stock market|quantum physics"
    "|nuclear energy|the theory of relativity|black holes|algebra|the square root of two|chemistry"
    "|the human genome|tax forms|my bank account|the lottery numbers|the football results"
    "|politics|the war in {land}|the distance to {land}|the flight times to {land}|Latin grammar|philosophy"
    "|medicine|the moons of Jupiter|the rules of cricket|computer networks|the internet"
)
LANDS = listed(
    "France Spain Japan Brazil Canada Egypt Peru Norway India Kenya China Italy Poland Chile Mexico Iran Cuba Greece"
)
WARES = listed("gold oil houses petrol shares tickets diamonds silver phones coffee")
HARD = (
    "Who won the (world cup|election|race|war)( in {year}|)?|What happened in {year}?|Who (invented"
    "|discovered) (the telephone|electricity|the computer|penicillin|America|paper|the engine)?"
    "|(Write|Can you write) (a|some) (program|code|Python script|computer program|essay|letter to the bank"
    "|business plan)( for me|)(.|?)|How does (a nuclear reactor|an engine|the internet|a radio"
    "|a computer chip|a vaccine|electricity) work?"
    "|Translate this into (French|Spanish|German|Chinese|Latin).|How do you say hello in (French|Spanish"
    "|Japanese|Latin)?|What is the meaning of life?|What will happen tomorrow?|What is {big} times {big2}?"
    "|What is {big} plus {big2}?|Who is the (president|king|prime minister|mayor) of {land}?"
    "|How many people live in {land}?|How far is it (to|from here to) {land}?|What is the capital( city"
    "|) of {land}?"
    "|What time is it( now| in {land}|)?|What (day|date) is (it |)today?|Where am I( now|)?|What is my name?"
    "|How old am I?|What is my (address|password|phone number)?|Can you (book|buy|order) (a flight|a table"
    "|a ticket|a pizza)( for me|)?"
    "|Play some music.|Show me a picture.|Open the door.|Call my mother.|Turn on the light."
    "|What is the price of {ware}?|How much (is|does) (gold|a house|a car|a phone)( cost|)?"
    "|Who wrote (Hamlet|the Bible|this book|Faust)?"
    "|Which (film|song|book) won the prize( in {year}|)?|How tall is (Mount Everest|the Eiffel Tower)?"
    "|When was (Napoleon|Einstein|Mozart|the king) born?|Do you know {name}?|Who is {name}?"
)
FAMOUS = "Napoleon|Einstein|Shakespeare|Mozart|Cleopatra|Caesar|Newton|Picasso|Columbus|Beethoven|Darwin|Plato"


def make_unknown(rng: Random) -> Exchange:
    slots = {
        "land": rng.choice(LANDS),
        "ware": rng.choice(WARES),
        "year": str(rng.randint(1500, 2024)),
        "name": rng.choice(FAMOUS.split("|")),
        "big": str(rng.randint(21, 999)),
        "big2": str(rng.randint(21, 999)),
    }
    if rng.random() < 0.4:
        question = ask(
            rng,
            f"(Tell me about|Explain|What do you know about|What can you tell me about|Do you know|Teach me"
            f"|Can you explain|I want to know about|What is|Describe) ({TOPICS})(.|?)",
            **slots,
        )
    else:
        question = ask(rng, f"({HARD})", **slots)
    return question, reply(
        rng,
        "(I am sorry, I do not know that.|I am sorry, I don't know.|Sorry, I do not know that."
        "|I am afraid I do not know that.|That is too hard for me."
        "|I am sorry, I cannot do that.) (I am only a small model.|I only know simple things."
        "|Ask me something simple.|)",
    ).rstrip()


def make_nonsense(rng: Random) -> Exchange:
    letters = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(3, 9)))
    question = rng.choice(
        (letters, letters + " " + letters[::-1], "???", "...", "!!!", "?", str(rng.randint(100, 99999)), letters + "?")
    )
    return question, reply(
        rng,
        "(I am sorry, I do not understand|Sorry, I did not understand that). (Can you say it in other words?"
        "|What do you mean?|Please try again.)",
    )
