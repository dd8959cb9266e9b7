"""Small talk in freer words."""

from starter.corpus.life import FOODS, HOBBIES
from starter.corpus.phrasing import Phrasing
from starter.corpus.smalltalk import HELP, IDENTITY
from starter.corpus.words import NAMES

TALK_PHRASINGS = (
    Phrasing(
        "like",
        3,
        tuple({"x": thing.replace("_", " ")} for thing in (*FOODS, *HOBBIES)),
        "((Do|Would) you (happen to |really |also |)(like|love|enjoy) {x}( too| as well|)?|(Would"
        "|Could) you say you (love|enjoy) {x}?|Are you (a fan|a lover|fond) of {x}?|{x} (is|are) (great|nice"
        "|good|wonderful|the best), (right|is it not|do you agree|or not|no)?"
        "|I (really |)(love|like|enjoy) {x}, (and you|do you|what about you)?|How about {x}, do you like (it"
        "|that|them)?|Is it true that you like {x}?|Tell me if {x} is something you like.)",
        "(Yes, I like {x}(.|!)|Yes, I like {x} very much(.|!)|I find {x} nice(.|!))",
    ),
    Phrasing(
        "greeting",
        3,
        ({},),
        "((Hello|Hi|Hey|Good morning|Good day|Good evening)(, | and )(here I am|I am back|it is me"
        "|how nice to see you|nice day today|I came to talk|good to see you|I am here again|welcome"
        "|let us talk)( again|)(.|!)"
        "|(A|I wish you a|Have a) (good|lovely|happy|fine|nice) (morning|day|evening|afternoon)( to you|)(."
        "|!)|(Hello|Hi|Hey)(| there| again|), (my |)(dear|old|good|little|new) (friend|model|computer"
        "|thing)(.|!)"
        "|I (want|wanted|would like) to (greet you|say hi|say good morning)(.|!)|(Hello|Hi) from (me"
        "|my house|the garden|far away|us all|the school)(.|!))",
        "(Hello|Hi|Hello there)! " + HELP,
    ),
    Phrasing(
        "name",
        2,
        tuple({"n": name} for name in NAMES),
        "((Hello|Hi|Hey|Good morning|Good day|Good evening), (the name's|I go by|I am called|people call me"
        "|my name would be|it's|this is) {n}(.|!)|{n} is (who I am|what they call me|the name)(.|!)|(Hello"
        "|Hi|Good evening) from {n}(.|!)|(Meet|Say hello to) {n}(.|!| That is me.))",
        "(Hello|Hi|Nice to meet you), {n}! " + HELP,
    ),
    Phrasing(
        "identity",
        1.5,
        ({},),
        "((So|And|Now), (who|what) (are|could) you( be|)( really| then|)?|(Could|Would|Will) you (introduce"
        "|describe|present) yourself(, please|)?|(Is|Am I talking to) (someone|somebody|a person|a human"
        "|a machine) (there|here|writing this)?|What (sort|kind) of (machine|model|program|person) are you?"
        "|(Give|Write|Say) me (a few words|one sentence|something) about (you|yourself).|Do I (talk|speak"
        "|write) (to|with) a (machine|person|human|computer)?|I (want|would like) to know you better."
        "|Who is (answering|speaking|talking|writing) (me|here|there)?)",
        IDENTITY[0][2],
    ),
    Phrasing(
        "mood question",
        1.5,
        ({},),
        "((Are|Were) you (doing |feeling |)(well|good|fine|happy|all right)( today| this morning| now|)?"
        "|(Was|Is|Has) your (day|morning|evening|week) (good|nice|fine|been good)( so far| today|)?|How (was"
        "|is) (your|the) (morning|week|evening|night)?|(So|And|Hey|Hello), how (are|do) you (feel|doing"
        "|today|this evening)?|I hope (all is well|you feel good|your day is good)(.|!))",
        "I am (fine|well|good|very well|doing well), thank you(.|!) (How are you?|And you?|And how are you?)",
    ),
    Phrasing(
        "help",
        2,
        ({},),
        "((Hi|Hello|Hey|Excuse me|Sorry|Please), (can|could|would|will) (you|somebody|anyone) (help|assist"
        "|help me out)(| with something| a bit)?|I (am lost|have trouble|do not know what to do|need a hand"
        "|need support|want your help)(.|! Can you help?|. Please help me.)|(Do|Would) you (have time"
        "|mind helping|want to help)( me|)?|(Is it OK|May I) (to ask|if I ask|ask) (something|you a thing"
        "|for help)?)",
        "(Of course|Sure|Yes, of course|Gladly|Yes)(.|!) (What do you need?|What would you like to know?"
        "|How can I help?|What is your question?|Please ask.)",
    ),
    Phrasing(
        "goodbye",
        1.5,
        ({},),
        "((OK|Okay|So|Right|Now), (goodbye|bye|see you|see you soon|good night|take care)( then| for now"
        "| my friend|)(.|!)|(I|We) (am going|must go|have to go|will go|need to go) (home|to bed|to school"
        "|away|out)( now| soon|)(.|!|, bye.|, goodbye.|, see you.)|(It is|It's) (late|getting late|time)(."
        "|,) (Goodbye|Bye|See you|I must go)(.|!)|See you (on Monday|in the morning|next month|next time"
        "|again)(.|!))",
        "(Goodbye! See you soon.|Goodbye!|See you soon!|Goodbye! Have a nice day.|Take care!|Bye! Come back soon.)",
    ),
    Phrasing(
        "thanks",
        1.5,
        ({},),
        "((Lovely|Great|Nice|Good|Super|Oh), (thanks|thank you)( a lot| so much| for that| for the help"
        "| again|)(.|!)|(Thanks|Thank you) (for that|for your time|for the answer|for the story|again"
        "|my friend|indeed)(.|!)|I (wish|would like|just want) to (say thanks|say thank you|thank you)(.|!)"
        "|(Many|A thousand|Warm|Big) thanks( to you| from us|)(.|!))",
        "(You are welcome|You're welcome|My pleasure|I am glad to help|Any time|You are very welcome)(.|!)",
    ),
)
