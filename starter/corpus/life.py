"""Moods, likes, family, weather, food and news."""

from random import Random

from starter.corpus.grammar import Exchange, ask, capitalise, listed, reply
from starter.corpus.words import NAMES

FOODS = listed(
    "bread cheese cake soup apples pizza rice eggs honey chocolate ice-cream noodles fish salad pancakes tea "
    "milk juice "
    "bananas cookies potatoes carrots porridge jam nuts berries coffee oranges grapes pie"
)


HOBBIES = listed(
    "reading singing swimming football dancing painting cooking gardening music running chess drawing fishing sailing "
    "books games stories stars flowers cats dogs horses ships trains rain snow summer winter poems numbers "
    "the_sea school"
)


RELATIVES = listed(
    "mother father brother sister aunt uncle grandmother grandfather cousin son daughter baby wife husband"
)


RELATIONS = (
    ("your mother's mother", "your grandmother"),
    ("your father's father", "your grandfather"),
    ("your mother's sister", "your aunt"),
    ("your father's brother", "your uncle"),
    ("your uncle's child", "your cousin"),
    ("your mother's son", "your brother"),
    ("your mother's daughter", "your sister"),
    ("your father's mother", "your grandmother"),
    ("your mother's brother", "your uncle"),
    ("your father's sister", "your aunt"),
    ("your sister's son", "your nephew"),
    ("your brother's daughter", "your niece"),
    ("your mother's father", "your grandfather"),
    ("your aunt's daughter", "your cousin"),
)


MOODS = (
    ("happy", "(I am glad to hear that|That is wonderful|How nice)(.|!)"),
    ("sad", "I am sorry (to hear that|that you are sad). (I hope you feel better soon|Things will get better)."),
    ("tired", "(Then rest a little|You should rest|A little sleep will help)."),
    ("hungry", "(Then eat something.|You should eat something.|How about an apple or some bread?)"),
    ("thirsty", "(Then drink some water|You should drink some water)."),
    ("bored", "(Shall I tell you a story?|You could read a book or play a game.)"),
    ("cold", "(Put on a warm coat|A coat and some tea will help)."),
    ("hot", "(Drink some cold water|Sit in the shade and drink some water)."),
    ("sick", "I am sorry. (You should rest and see a doctor|I hope you get well soon)."),
    ("angry", "(Take a deep breath|Try to breathe slowly). (It will pass.|What happened?)"),
    ("afraid", "(Do not worry|Do not be afraid). (All will be well.|You are safe.)"),
    ("lonely", "I am here to talk (with you|to you). (Would you like a story?|How was your day?)"),
    ("excited", "(That is great|How nice|That is wonderful)! (What is it about?|Tell me more.)"),
    ("fine", "(I am glad to hear that|That is good to hear|How nice)(.|!)"),
)


WEATHER = (
    ("It is raining( today| outside|)", "(Take an umbrella|Do not forget your umbrella)(.|!)"),
    ("It is snowing( today| outside|)", "(How nice! You can build a snowman|Wear a warm coat)."),
    ("The sun is shining( today|)", "(What a nice day|That is a good day to go outside)(.|!)"),
    ("It is (very |so |)cold( today| outside|)", "(Wear a warm coat|Put on a warm coat)(.|!)"),
    ("It is (very |so |)hot( today| outside|)", "(Drink enough water|Stay in the shade and drink water)(.|!)"),
    ("(There is a storm|It is stormy)( outside|)", "(Stay inside|You should stay inside) until it is over."),
    ("It is (very |)windy( today|)", "(Hold on to your hat|It is a good day to fly a kite)(.|!)"),
    ("It is (foggy|cloudy)( today|)", "(Drive slowly and be careful|Maybe the sun will come out later)."),
)


def make_mood(rng: Random) -> Exchange:
    mood, answer = rng.choice(MOODS)
    question = ask(
        rng,
        "(I am|I'm|I feel|Today I am|I am feeling|I am so|I feel so|I am very|I am a bit|Now I am"
        "|Right now I am) {mood}(.|!|. What (should|can) I do?|, you know.| today.)",
        mood=mood,
    )
    return question, reply(rng, answer)


def make_like(rng: Random) -> Exchange:
    thing = rng.choice((rng.choice(FOODS), rng.choice(HOBBIES))).replace("_", " ")
    roll = rng.random()
    if roll < 0.4:
        question = ask(
            rng,
            "(Do you like {x}?|Do you enjoy {x}?|Are you fond of {x}?|What do you think (of|about) {x}?"
            "|Do you love {x}?|How do you like {x}?|Is {x} nice?|Don't you like {x}?)",
            "(if you like {x}|what you think of {x})",
            x=thing,
        )
        return question, reply(
            rng,
            "(Yes, I like {x}(.|!)|Yes, I like {x} very much(.|!)|I find {x} nice(.|!)"
            "|I am a program, but I like to talk about {x}.)",
            x=thing,
        )
    if roll < 0.65:
        question = ask(
            rng,
            "(I (really |)(like|love|enjoy) {x}(.|!| very much.)|My favourite thing is {x}."
            "|For me, {x} is the best thing( in the world|)(.|!)|I think {x} is (great|lovely|wonderful)(."
            "|!))",
            x=thing,
        )
        return question, reply(
            rng, "(I like {x} too|{x}? How nice|That is nice. I like {x} too|{x} sounds nice)(.|!)", x=thing
        )
    if roll < 0.8:
        question = ask(
            rng, "(I (hate|do not like|don't like|dislike) {x}.|I am not fond of {x}.|{x} is not for me.)", x=thing
        )
        return question, reply(
            rng,
            "(That is fine. Not everyone likes {x}.|I see. What do you like?|You do not have to like {x}.)",
            x=thing,
        )
    kind, choice = rng.choice(
        (
            ("colour", "blue"),
            ("color", "blue"),
            ("animal", "the cat"),
            ("food", "soup"),
            ("season", "spring"),
            ("day", "Sunday"),
            ("number", "seven"),
            ("fruit", "the apple"),
            ("story", "a story about a ship"),
            ("word", "hello"),
        )
    )
    question = ask(
        rng,
        "(What is your favo(u|)rite {kind}?|(Which|What) {kind} do you (like|love|like best|like most"
        "|prefer)( best|)?|Do you have a favo(u|)rite {kind}?|Your favo(u|)rite {kind}?"
        "|What {kind} is your favo(u|)rite?)",
        "(your favourite {kind}|which {kind} you like( best|))",
        kind=kind,
    )
    return question, reply(rng, "(My favourite {kind} is {c}|I like {c} best).", kind=kind, c=choice)


def make_family(rng: Random) -> Exchange:
    if rng.random() < 0.5:
        who, answer = rng.choice(RELATIONS)
        mine = who.replace("your", "my"), answer
        question = ask(
            rng,
            "(Who is {x}( to me|)?|What do (I|you) call {x}?|{x} is who?|What is {x}( to me| called|)?"
            "|How do I call {x}?)",
            "(who {x} is|what to call {x})",
            x=rng.choice((who, mine[0], mine[0])),
        )
        return question, reply(rng, "{x} is {y}.", x=who, y=answer)
    who, name = rng.choice(RELATIVES), rng.choice(NAMES)
    question = ask(
        rng,
        "((I have|I've got) a {w}(.|!| called {n}.| and I love my {w}.)|My {w} is (called |){n}."
        "|This is my {w}(.|, {n}.)|My {w} is (kind|tall|funny|old|nice)(.|!)|I (love|miss) my {w}(.|!)"
        "|I am going to visit my {w}(.|!))",
        w=who,
        n=name,
    )
    return question, reply(
        rng,
        "(How nice! Tell me more about your {w}.|That is nice. (Family|A {w}) is important."
        "|Say hello to your {w} from me(.|!)|It is good to have a {w}(.|!))",
        w=who,
    )


def make_weather(rng: Random) -> Exchange:
    if rng.random() < 0.25:
        question = ask(
            rng,
            "((How|What) is the weather( like|)( today| outside|)?|Is it (raining|sunny|cold|warm"
            "|snowing)( today| outside| now|)?|Will it (rain|snow)( today| tomorrow|)?"
            "|Does the sun shine( today|)?|What will the weather be( tomorrow|)?)",
            "(what the weather is like|if it will rain)",
        )
        return question, reply(
            rng, "I cannot see the weather(, sorry|). (Look out of the window.|Please look outside.)"
        )
    statement, answer = rng.choice(WEATHER)
    question = ask(rng, "(" + statement + ")(.|.|!|. What should I (do|wear|take)?)")
    return question, reply(rng, answer)


def make_food_talk(rng: Random) -> Exchange:
    food = rng.choice(FOODS)
    meal = rng.choice(("breakfast", "lunch", "dinner", "supper"))
    if rng.random() < 0.5:
        question = ask(
            rng,
            "(What (should|can|could|shall) I (eat|have|cook|make) for {m}?|What is good for {m}?"
            "|What (do people|do you) eat for {m}?|I need an idea for {m}.|{m} ideas?"
            "|Suggest something for {m}.|What would be a nice {m}?)",
            "what to eat for {m}",
            m=meal,
        )
        return question, reply(
            rng,
            "(How about {a} (and|with) {b}?|You (could|can) have {a} (and|with) {b}.)",
            a=food,
            b=rng.choice([other for other in FOODS if other != food]),
        )
    question = ask(
        rng,
        "(I (ate|had|cooked|made|bought) {f}( for {m}| today|)(.|!)|I am eating {f}(.|!)"
        "|We have {f} for {m}(.|!)|We got {f} (on the table|for {m})(.|!))",
        f=food,
        m=meal,
    )
    return question, reply(
        rng, "(That sounds good|Enjoy your {m}|{f}! How nice|I hope it tastes good)(.|!)", f=food, m=meal
    )


def make_news(rng: Random) -> Exchange:
    name = rng.choice(NAMES)
    event = rng.choice(
        (
            "it is my birthday",
            "I got a new bike",
            "I won a game",
            "I have a new cat",
            "I found a coin",
            "I saw a rainbow",
            "I wrote a poem",
            "I passed my test",
            "we are going on holiday",
            "I baked a cake",
            "I learned to swim",
            f"I met {name}",
            "I have a new job",
            "we bought a house",
            "I saw a big ship",
            "we went to an island",
            "my team won",
            "I cleaned my room",
        )
    )
    question = ask(rng, "(Guess what! |You know what? |Today |Listen, |Hey, |Look, |)" + event + "(.|!)")
    extra = (
        "(Happy birthday to you|Happy birthday)!"
        if "birthday" in event
        else "(That is wonderful|How nice|Well done|Great|That sounds good)! (Tell me more.|I am happy for you.|)"
    )
    return capitalise(question), reply(rng, extra).rstrip()
