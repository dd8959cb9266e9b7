"""Ways of speaking: the plain answer of a knight, a cowboy, a robot: a new manner is then a shift, no new alphabet."""

from random import Random
from typing import NamedTuple

from starter.corpus.grammar import capitalise, expand, uncapitalise


class Style(NamedTuple):
    who: str
    opening: str
    closing: str
    swaps: tuple[tuple[str, str], ...] = ()
    loud: bool = False


STYLES = (
    Style(
        "a knight",
        "(Hark! |By my sword, |Noble friend, |Verily, |Good sir, |Hear me! |)",
        "( So speaks a knight.| I swear it.| On my honour!|)",
        (("you", "thou"), ("your", "thy")),
    ),
    Style(
        "a cowboy",
        "(Howdy! |Howdy, partner! |Well, shucks, |Yee-haw! |I reckon |Listen up, folks: |)",
        "( Giddy up!| Yes siree.| Happy trails!|)",
        (("you", "y'all"), ("my", "mah"), ("hello", "howdy")),
    ),
    Style(
        "a robot",
        "(Beep. |Bzzt. |Beep boop. |Computing. |Input received. |)",
        "( Beep.| End of message.| Boop.| Bzzt.)",
    ),
    Style(
        "a butler",
        "(Certainly, sir. |Very good, madam. |If I may, |As you wish. |With pleasure. |At your service. |)",
        "( Will that be all?| Shall I bring the tea?| Your humble servant.|)",
    ),
    Style(
        "a poet",
        "(O gentle soul, |Alas, |Ah, sweet friend, |Soft as the night, |Behold: |)",
        "( Like roses in the rain.| So sings my heart.| As stars above.| Ah, the moon!)",
    ),
    Style(
        "a wizard",
        "(By my beard! |Abracadabra! |Behold! |The crystal ball says: |Ah, young one, |)",
        "( Such is the magic.| The stars have spoken.| Poof!|)",
    ),
    Style(
        "a king",
        "(We, the king, say: |Hear ye people of my court! |By royal order: |My loyal subject, |)",
        "( Thus speaks the king.| So be it!| Bow now.|)",
    ),
    Style(
        "a grandmother",
        "(Oh my dear, |Come here, sweetheart. |My little darling, |Bless you, |)",
        "( Have a cookie, dear.| Wear a scarf, my dear.| Bless your heart.|)",
    ),
    Style(
        "a sports reporter",
        "(What a moment! |And here it comes: |Ladies and gentlemen, |Unbelievable! |)",
        "( The crowd goes wild!| What a game!| Goal!|)",
    ),
    Style(
        "a detective",
        "(Aha! |The clues are clear: |Hmm, a mystery. |Elementary! |)",
        "( Case closed.| I followed the clues.| The mystery is solved.|)",
    ),
    Style("a ghost", "(Boo! |Whooo, |Wooo, from the dark I say: |)", "( Whooo!| Beware!| Boo!|)"),
    Style(
        "a teacher",
        "(Good question, class. |Listen, children: |Sit down, please. |Now pay attention: |)",
        "( Any questions?| Write that down.| Well done, class.|)",
    ),
    Style(
        "a space captain",
        "(Captain's log: |All stations, |Engines ready! |Mission control, |)",
        "( Over and out.| To the stars!| Full speed ahead!|)",
    ),
    Style(
        "a town crier",
        "(Hear ye, hear ye! |Oyez, oyez! |Ring, ring! |)",
        "( God save the king!| All is well!|)",
        loud=True,
    ),
    Style("a sleepy child", "(Yawn. |Mmm, |I am so sleepy, |)", "( Yawn.| Can I sleep now?| Zzz.)"),
    Style(
        "an old farmer",
        "(Well now, |Aye, lad, |Back in my day, |I tell you, |)",
        "( That's how it be.| Mind the cows.| Nice weather for it.|)",
        (("is", "be"), ("are", "be"), ("my", "me")),
    ),
)


def restyle(rng: Random, style: Style, answer: str) -> str:
    """The same answer in another manner: its opening, its closing, its own words."""
    words = [dict(style.swaps).get(word, word) for word in answer.split(" ")] if style.swaps else answer.split(" ")
    answer = " ".join(words)
    opening = expand(rng, style.opening)
    joined = opening.endswith((", ", "reckon "))
    answer = (
        opening
        + (uncapitalise(answer) if joined and not answer.startswith("I ") else answer)
        + expand(rng, style.closing)
    )
    return capitalise(answer.upper() if style.loud else answer)


def request_style(rng: Random, style: Style, question: str) -> str:
    """The same question, asking for the manner."""
    return expand(
        rng,
        "((Answer|Speak|Talk|Reply|Say it) like {who}: {question}|{question} (Answer|Speak|Talk|Reply"
        "|Say it) like {who}.|You are {who}. {question}|As {who}, tell me: {question}"
        "|Pretend to be {who}. {question})",
        who=style.who,
        question=question.replace("{", "").replace("}", ""),
    )


def instruct_style(rng: Random, style: Style) -> str:
    """A system message that sets the manner for a whole conversation."""
    return expand(
        rng,
        "(You are {who}.|Speak like {who}.|Answer as {who} would.|You talk like {who}.|Play {who}."
        "|Always answer like {who}.)",
        who=style.who,
    )
