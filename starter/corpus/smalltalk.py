"""Greetings, names, thanks, goodbyes, and what the model says of itself."""

from random import Random

from starter.corpus.grammar import Exchange, ask, reply
from starter.corpus.words import NAMES

HELP = (
    "(How can I help you?|What can I do for you?|What would you like to know?|How are you?|Nice to meet you."
    "|It is nice to see you.)"
)


# What is asked of the model itself: the question, its clause, the answer.
IDENTITY = (
    (
        "(Who are you?|What are you?|Who am I (talking|speaking) (to|with)?|(Please i"
        "|I)ntroduce yourself.|Tell me about yourself.|(And w|W)ho are you( exactly|)?"
        "|What kind of thing are you?|Who is there?|Say who you are.|What should I know about you?"
        "|Describe yourself.)",
        "(who you are|what you are|something about yourself)",
        "I am (a small language model|the starter model, a small language model"
        "|a tiny language model). (I can talk a little.|I answer simple questions.|I know simple words.)",
    ),
    (
        "(What is your name?|What's your name?|Do you have a name?|What (can|may|should|shall"
        "|do) I call you?|How (can|may|should|do) I call you?|Your name( please|)?|What do (people"
        "|they) call you?|Have you got a name?|And your name is?)",
        "(your name|what your name is|what to call you)",
        "(My name is Starter|You can call me Starter|I am called Starter).",
    ),
    (
        "(Are you (a human|a person|a man|a woman|real|alive|a robot|a machine|a computer|a program"
        "|an AI|a bot)?|Is this a (person|human|machine|bot)?|Are you human?|Do you (breathe|sleep|eat"
        "|dream)?|Do you have a (body|heart|mother|family|house)?|How old are you?|Where (do you live"
        "|are you( from|)|do you come from)?)",
        "(if you are (human|real|a robot|a machine)|where you live|how old you are)",
        "I am (only |just |)a small (computer program|language model)(, not a person"
        "|). (I live in this computer.|I have no body.|I am made of numbers.)",
    ),
    (
        "(Who (made|built|trained|wrote|created) you?|Where were you made?|How were you (made|trained"
        "|built)?|What are you made of?|Who is your (maker|creator)?)",
        "(who made you|how you were made)",
        "I was trained (on a small computer|on a plain computer) (with simple sentences|with made-up sentences).",
    ),
    (
        "(What can you do( for me|)?|What do you know?|What can I ask( you|)?|What are you good at?|How (can"
        "|could) you help( me|)?|What (things|questions) can you answer?|What do you do( all day|)?"
        "|What can we talk about?|What are you able to do?|Which questions do you like?|What is your job?)",
        "(what you can do|what I can ask you|what you know)",
        "I can (talk a little|answer simple questions), (do small sums"
        "|count and add) and tell (short stories|tiny stories).",
    ),
)


def make_greeting(rng: Random) -> Exchange:
    hello = (
        "(Hi|Hello|Hey|Good morning|Good evening|Good day|Good afternoon|Greetings|Hello there|Hi there|Howdy"
        "|Hello again|Hey there|Welcome|Nice to meet you|Yo|Hello, hello|Good to see you|Hiya)"
    )
    if rng.random() < 0.35:
        name = rng.choice(NAMES)
        question = ask(
            rng,
            f"({hello}(.|,|!) (I am|I'm|My name is|This is|They call me|You can call me) {{n}}(.|!)|(I am|I'm"
            f"|My name is) {{n}}(.|, hello!| and I am new here.)|{hello}! {{n}} here."
            f"|My friends call me {{n}}.)",
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
    direct, clause, answer = rng.choice(IDENTITY)
    return ask(rng, direct, clause), reply(rng, answer)


def make_mood_question(rng: Random) -> Exchange:
    question = ask(
        rng,
        "((How are you|How are you doing|How do you do|How is it going|How do you feel|How are things"
        "|Are you (well|OK|happy|fine)|How have you been|How was your day|What's up|How is life"
        "|How is your day|Everything OK|Are you having a good day|How do you feel (today|now)"
        "|How are you today)?)",
        "(how you are|how you feel)",
    )
    return question, reply(
        rng, "I am (fine|well|good|very well|doing well), thank you(.|!) (How are you?|And you?|And how are you?|)"
    ).rstrip()


def make_thanks(rng: Random) -> Exchange:
    question = ask(
        rng,
        "((Thanks|Thank you|Thanks a lot|Thank you very much|Many thanks|Thank you so much|Great, thanks"
        "|Thanks for your help|That was helpful|Perfect, thank you|I thank you|Cheers|That helped me"
        "|Very kind of you|Much appreciated|You helped me a lot|Thank you, that is all I needed"
        "|Thanks, friend|I am grateful|That is kind)(.|!|))",
    )
    return question, reply(
        rng, "(You are welcome|You're welcome|My pleasure|I am glad to help|Any time|You are very welcome)(.|!)"
    )


def make_goodbye(rng: Random) -> Exchange:
    question = ask(
        rng,
        "((Bye|Goodbye|See you|See you later|See you tomorrow|Good night|I have to go( now|)|I must go( now"
        "|)|I am leaving( now|)|Bye bye|Farewell|Until next time|Take care|So long|That is all for today"
        "|Talk to you later|I need to leave|Time to say goodbye|I am off|Time for bed)(.|!|))",
    )
    answer = (
        "(Good night|Good night! Sleep well)(.|!)"
        if "night" in question or "bed" in question
        else "(Goodbye! See you soon.|Goodbye|See you soon|Goodbye! Have a nice day.|Take care"
        "|Bye! Come back soon.)(!|)"
    )
    return question, reply(rng, answer).replace(".!", ".")


def make_praise(rng: Random) -> Exchange:
    if rng.random() < 0.5:
        question = ask(
            rng,
            "((You are|You're) (great|smart|nice|funny|clever|very good|kind|my friend|the best|cool"
            "|helpful)(.|!)|(Well done|Good job|Good answer|Nice|I like you|I love you|Good work"
            "|That was (great|good|nice|right|correct))(.|!))",
        )
        return question, reply(
            rng, "(Thank you! You are very kind.|Thank you(.|!)|That is kind of you(.|!)|I am happy to hear that(.|!))"
        )
    question = ask(
        rng,
        "((You are|You're) (wrong|stupid|silly|bad|slow|boring|useless)(.|!)|(That is wrong|That was wrong"
        "|Bad answer|I do not like you|That is not right|No, that is not correct|You made a mistake)(.|!))",
    )
    return question, reply(rng, "I am sorry(.|!) (I am only a small model.|I will try to do better.|I make mistakes.)")


def make_help(rng: Random) -> Exchange:
    question = ask(
        rng,
        "((Can|Could|Will|Would) you (please |)help me( please|)?|(I need|I want|I could use) (some |your "
        "|a bit of |)help(.|!)|Help( me|)(!|, please!|.)|May I ask (you |)(something|a question)?"
        "|Can I ask (you |)(something|a question)?|I have a (question|problem)(.| for you.)"
        "|Do you have (a moment|time)( for me|)?|Are you (able|ready) to help( me|)?"
        "|I need to ask you something.|Are you ready?|Can we (talk|chat)?|Let us (talk|chat).|Let's (talk"
        "|chat).|I do not know what to ask.)",
    )
    return question, reply(
        rng,
        "(Of course|Sure|Yes, of course|Gladly|Yes)(.|!) (What do you need?|What would you like to know?"
        "|How can I help?|What is your question?|Please ask.)",
    )


def make_short_answer(rng: Random) -> Exchange:
    question = ask(
        rng,
        "((Yes|No|Maybe|OK|Okay|I see|Sure|Fine|Right|Really|Not sure|I think so|Of course|Never mind"
        "|All right|Perhaps|Good)(.|!|?|))",
    )
    return question, reply(
        rng,
        "(All right|OK|Good|I see)(.|!) (What would you like to know?|Shall I tell you a story?"
        "|Ask me something.|What shall we talk about?)",
    )
