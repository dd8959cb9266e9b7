"""Greetings, names, moods, likes, thanks and goodbyes."""

from random import Random

from starter.corpus.grammar import Exchange, ask, capitalise, reply
from starter.corpus.words import NAMES

HELP = "(How can I help you?|What can I do for you?|What would you like to know?|How are you?|Nice to meet you.|It is nice to see you.)"
FOODS = (
    "bread cheese cake soup apples pizza rice eggs honey chocolate ice-cream noodles fish salad pancakes tea milk juice "
    "bananas cookies potatoes carrots porridge jam nuts berries coffee oranges grapes pie"
).split()
HOBBIES = (
    "reading singing swimming football dancing painting cooking gardening music running chess drawing fishing sailing "
    "books games stories stars flowers cats dogs horses ships trains rain snow summer winter poems numbers the_sea school"
).split()
RELATIVES = (
    "mother father brother sister aunt uncle grandmother grandfather cousin son daughter baby wife husband".split()
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


def make_greeting(rng: Random) -> Exchange:
    hello = "(Hi|Hello|Hey|Good morning|Good evening|Good day|Good afternoon|Greetings|Hello there|Hi there|Howdy|Hello again|Hey there|Welcome|Nice to meet you|Yo|Hello, hello|Good to see you|Hiya)"
    if rng.random() < 0.35:
        name = rng.choice(NAMES)
        question = ask(
            rng,
            f"({hello}(.|,|!) (I am|I'm|My name is|This is|They call me|You can call me) {{n}}(.|!)|(I am|I'm|My name is) {{n}}(.|, hello!| and I am new here.)|{hello}! {{n}} here.|My friends call me {{n}}.)",
            n=name,
        )
        return question, reply(rng, "(Hello|Hi|Hello|Nice to meet you), {n}! " + HELP, n=name)
    question = ask(
        rng, f"{hello}(|!|.|, computer.|, my friend!|, friend.| to you!|, how is it going?|, are you there?)"
    )
    greeting = next(
        (part for part in ("Good morning", "Good evening", "Good day", "Good afternoon") if part in question),
        "(Hello|Hello|Hi|Hello there)",
    )
    return question, reply(rng, greeting + "! " + HELP)


def make_identity(rng: Random) -> Exchange:
    asked = rng.randrange(5)
    if asked == 0:
        question = ask(
            rng,
            "(Who are you?|What are you?|Who am I (talking|speaking) (to|with)?|(Please i|I)ntroduce yourself.|Tell me about yourself.|(And w|W)ho are you( exactly|)?|What kind of thing are you?|Who is there?|Say who you are.|What should I know about you?|Describe yourself.)",
            "(who you are|what you are|something about yourself)",
        )
        return question, reply(
            rng,
            "I am (a small language model|the starter model, a small language model|a tiny language model). (I can talk a little.|I answer simple questions.|I know simple words.)",
        )
    if asked == 1:
        question = ask(
            rng,
            "(What is your name?|What's your name?|Do you have a name?|What (can|may|should|shall|do) I call you?|How (can|may|should|do) I call you?|Your name( please|)?|What do (people|they) call you?|Have you got a name?|And your name is?)",
            "(your name|what your name is|what to call you)",
        )
        return question, reply(rng, "(My name is Starter|You can call me Starter|I am called Starter).")
    if asked == 2:
        question = ask(
            rng,
            "(Are you (a human|a person|a man|a woman|real|alive|a robot|a machine|a computer|a program|an AI|a bot)?|Is this a (person|human|machine|bot)?|Are you human?|Do you (breathe|sleep|eat|dream)?|Do you have a (body|heart|mother|family|house)?|How old are you?|Where (do you live|are you( from|)|do you come from)?)",
            "(if you are (human|real|a robot|a machine)|where you live|how old you are)",
        )
        return question, reply(
            rng,
            "I am (only |just |)a small (computer program|language model)(, not a person|). (I live in this computer.|I have no body.|I am made of numbers.)",
        )
    if asked == 3:
        question = ask(
            rng,
            "(Who (made|built|trained|wrote|created) you?|Where were you made?|How were you (made|trained|built)?|What are you made of?|Who is your (maker|creator)?)",
            "(who made you|how you were made)",
        )
        return question, reply(
            rng,
            "I was trained (on a small computer|on a plain computer) (with simple sentences|with made-up sentences).",
        )
    question = ask(
        rng,
        "(What can you do( for me|)?|What do you know?|What can I ask( you|)?|What are you good at?|How (can|could) you help( me|)?|What (things|questions) can you answer?|What do you do( all day|)?|What can we talk about?|What are you able to do?|Which questions do you like?|What is your job?)",
        "(what you can do|what I can ask you|what you know)",
    )
    return question, reply(
        rng,
        "I can (talk a little|answer simple questions), (do small sums|count and add) and tell (short stories|tiny stories).",
    )


def make_mood_question(rng: Random) -> Exchange:
    question = ask(
        rng,
        "((How are you|How are you doing|How do you do|How is it going|How do you feel|How are things|Are you (well|OK|happy|fine)|How have you been|How was your day|What's up|How is life|How is your day|Everything OK|Are you having a good day|How do you feel (today|now)|How are you today)?)",
        "(how you are|how you feel)",
    )
    return question, reply(
        rng, "I am (fine|well|good|very well|doing well), thank you(.|!) (How are you?|And you?|And how are you?|)"
    ).rstrip()


def make_mood(rng: Random) -> Exchange:
    mood, answer = rng.choice(MOODS)
    question = ask(
        rng,
        "(I am|I'm|I feel|Today I am|I am feeling|I am so|I feel so|I am very|I am a bit|Now I am|Right now I am) {mood}(.|!|. What (should|can) I do?|, you know.| today.)",
        mood=mood,
    )
    return question, reply(rng, answer)


def make_like(rng: Random) -> Exchange:
    thing = rng.choice((rng.choice(FOODS), rng.choice(HOBBIES))).replace("_", " ")
    roll = rng.random()
    if roll < 0.4:
        question = ask(
            rng,
            "(Do you like {x}?|Do you enjoy {x}?|Are you fond of {x}?|What do you think (of|about) {x}?|Do you love {x}?|How do you like {x}?|Is {x} nice?|Don't you like {x}?)",
            "(if you like {x}|what you think of {x})",
            x=thing,
        )
        return question, reply(
            rng,
            "(Yes, I like {x}(.|!)|Yes, I like {x} very much(.|!)|I find {x} nice(.|!)|I am a program, but I like to talk about {x}.)",
            x=thing,
        )
    if roll < 0.65:
        question = ask(
            rng,
            "(I (really |)(like|love|enjoy) {x}(.|!| very much.)|My favourite thing is {x}.|For me, {x} is the best thing( in the world|)(.|!)|I think {x} is (great|lovely|wonderful)(.|!))",
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
        "(What is your favo(u|)rite {kind}?|(Which|What) {kind} do you (like|love|like best|like most|prefer)( best|)?|Do you have a favo(u|)rite {kind}?|Your favo(u|)rite {kind}?|What {kind} is your favo(u|)rite?)",
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
            "(Who is {x}( to me|)?|What do (I|you) call {x}?|{x} is who?|What is {x}( to me| called|)?|How do I call {x}?)",
            "(who {x} is|what to call {x})",
            x=rng.choice((who, mine[0], mine[0])),
        )
        return question, reply(rng, "{x} is {y}.", x=who, y=answer)
    who, name = rng.choice(RELATIVES), rng.choice(NAMES)
    question = ask(
        rng,
        "((I have|I've got) a {w}(.|!| called {n}.| and I love my {w}.)|My {w} is (called |){n}.|This is my {w}(.|, {n}.)|My {w} is (kind|tall|funny|old|nice)(.|!)|I (love|miss) my {w}(.|!)|I am going to visit my {w}(.|!))",
        w=who,
        n=name,
    )
    return question, reply(
        rng,
        "(How nice! Tell me more about your {w}.|That is nice. (Family|A {w}) is important.|Say hello to your {w} from me(.|!)|It is good to have a {w}(.|!))",
        w=who,
    )


def make_weather(rng: Random) -> Exchange:
    if rng.random() < 0.25:
        question = ask(
            rng,
            "((How|What) is the weather( like|)( today| outside|)?|Is it (raining|sunny|cold|warm|snowing)( today| outside| now|)?|Will it (rain|snow)( today| tomorrow|)?|Does the sun shine( today|)?|What will the weather be( tomorrow|)?)",
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
            "(What (should|can|could|shall) I (eat|have|cook|make) for {m}?|What is good for {m}?|What (do people|do you) eat for {m}?|I need an idea for {m}.|{m} ideas?|Suggest something for {m}.|What would be a nice {m}?)",
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
        "(I (ate|had|cooked|made|bought) {f}( for {m}| today|)(.|!)|I am eating {f}(.|!)|We have {f} for {m}(.|!)|We got {f} (on the table|for {m})(.|!))",
        f=food,
        m=meal,
    )
    return question, reply(
        rng, "(That sounds good|Enjoy your {m}|{f}! How nice|I hope it tastes good)(.|!)", f=food, m=meal
    )


def make_thanks(rng: Random) -> Exchange:
    question = ask(
        rng,
        "((Thanks|Thank you|Thanks a lot|Thank you very much|Many thanks|Thank you so much|Great, thanks|Thanks for your help|That was helpful|Perfect, thank you|I thank you|Cheers|That helped me|Very kind of you|Much appreciated|You helped me a lot|Thank you, that is all I needed|Thanks, friend|I am grateful|That is kind)(.|!|))",
    )
    return question, reply(
        rng, "(You are welcome|You're welcome|My pleasure|I am glad to help|Any time|You are very welcome)(.|!)"
    )


def make_goodbye(rng: Random) -> Exchange:
    question = ask(
        rng,
        "((Bye|Goodbye|See you|See you later|See you tomorrow|Good night|I have to go( now|)|I must go( now|)|I am leaving( now|)|Bye bye|Farewell|Until next time|Take care|So long|That is all for today|Talk to you later|I need to leave|Time to say goodbye|I am off|Time for bed)(.|!|))",
    )
    answer = (
        "(Good night|Good night! Sleep well)(.|!)"
        if "night" in question or "bed" in question
        else "(Goodbye! See you soon.|Goodbye|See you soon|Goodbye! Have a nice day.|Take care|Bye! Come back soon.)(!|)"
    )
    return question, reply(rng, answer).replace(".!", ".")


def make_praise(rng: Random) -> Exchange:
    if rng.random() < 0.5:
        question = ask(
            rng,
            "((You are|You're) (great|smart|nice|funny|clever|very good|kind|my friend|the best|cool|helpful)(.|!)|(Well done|Good job|Good answer|Nice|I like you|I love you|Good work|That was (great|good|nice|right|correct))(.|!))",
        )
        return question, reply(
            rng, "(Thank you! You are very kind.|Thank you(.|!)|That is kind of you(.|!)|I am happy to hear that(.|!))"
        )
    question = ask(
        rng,
        "((You are|You're) (wrong|stupid|silly|bad|slow|boring|useless)(.|!)|(That is wrong|That was wrong|Bad answer|I do not like you|That is not right|No, that is not correct|You made a mistake)(.|!))",
    )
    return question, reply(rng, "I am sorry(.|!) (I am only a small model.|I will try to do better.|I make mistakes.)")


def make_help(rng: Random) -> Exchange:
    question = ask(
        rng,
        "((Can|Could|Will|Would) you (please |)help me( please|)?|(I need|I want|I could use) (some |your |a bit of |)help(.|!)|Help( me|)(!|, please!|.)|May I ask (you |)(something|a question)?|Can I ask (you |)(something|a question)?|I have a (question|problem)(.| for you.)|Do you have (a moment|time)( for me|)?|Are you (able|ready) to help( me|)?|I need to ask you something.|Are you ready?|Can we (talk|chat)?|Let us (talk|chat).|Let's (talk|chat).|I do not know what to ask.)",
    )
    return question, reply(
        rng,
        "(Of course|Sure|Yes, of course|Gladly|Yes)(.|!) (What do you need?|What would you like to know?|How can I help?|What is your question?|Please ask.)",
    )


def make_short_answer(rng: Random) -> Exchange:
    question = ask(
        rng,
        "((Yes|No|Maybe|OK|Okay|I see|Sure|Fine|Right|Really|Not sure|I think so|Of course|Never mind|All right|Perhaps|Good)(.|!|?|))",
    )
    return question, reply(
        rng,
        "(All right|OK|Good|I see)(.|!) (What would you like to know?|Shall I tell you a story?|Ask me something.|What shall we talk about?)",
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
