"""Facts and sums asked in freer words: scenes, conditions, side remarks."""

from starter.corpus.calendar import DAYS, MONTHS
from starter.corpus.grammar import with_article
from starter.corpus.life import RELATIONS
from starter.corpus.people import JOBS, OPPOSITES, REASONS, WHERE
from starter.corpus.phrasing import Phrasing
from starter.corpus.play import RHYMES
from starter.corpus.slots import (
    ANIMAL_SLOTS,
    DIFFERENCES,
    KIND_SLOTS,
    LIFE_SLOTS,
    SIZE_SLOTS,
    SUMS,
    pair_slots,
    step_slots,
)
from starter.corpus.sums import NUMBERS
from starter.corpus.things import COLOURS, MEANINGS, USES

FACT_PHRASINGS = (
    Phrasing(
        "sum",
        6,
        SUMS,
        "((Work|Figure) out {a} plus {b}(.| for me.)|(The|What is the|Give me the|Find the|Say the) (result"
        "|answer|total|outcome) (of|for|to) {a} (plus|and|+) {b}(.|?)"
        "|(If|When) (you|I|we) (add|put) {a} (and|to|plus) {b}( together|), (what|how much"
        "|which number) (is it|do you get|comes out|is the answer)?"
        "|{a} plus {b} (would|should|must) (make|give|equal) (what|which number)?|I (am adding|add"
        "|added) {a} (and|to) {b}. (How much is (that|it)|What is the (answer|total))?"
        "|(Let us|Let me) add: {a} plus {b}.|My sum is {a} plus {b}.|{a} and {b} more, (how many"
        "|what) is that?|How many is {a} plus {b}( in all| altogether|)?"
        "|Help me with {a} plus {b}.|Do the sum: {a} + {b}.|{a} plus {b}, please.|(You|We) (have"
        "|get) {a} and (then|also) {b}. How many in all?)",
        "{a} plus {b} is {c}.",
    ),
    Phrasing(
        "difference",
        6,
        DIFFERENCES,
        "((Work|Figure) out {a} minus {b}(.| for me.)|(The|What is the|Give me the|Find the|Say the) (result"
        "|answer|outcome) (of|for|to) {a} (minus|less|-) {b}(.|?)"
        "|(If|When) (you|I|we) take {b} (away |)from {a}, (what|how much|which number) (is it|do you get"
        "|is left|remains)?"
        "|{a} minus {b} (should|must|will) (make|give|be) (what|which number)?|I (have|had) {a} and (take"
        "|took) away {b}. (How much is (left|it)|What is the answer)?"
        "|(Let us|Let me) subtract: {a} minus {b}.|My sum is {a} minus {b}.|{a} without {b}, (how many"
        "|what) is that?|How many is {a} minus {b}?"
        "|Help me with {a} minus {b}.|Do the sum: {a} - {b}.|{a} minus {b}, please.|(You|We) (have"
        "|had) {a} and {b} (go|went) away. How many (stay|are left)?|From {a} take {b}.)",
        "{a} minus {b} is {c}.",
    ),
    Phrasing(
        "animal sound",
        2,
        ANIMAL_SLOTS,
        "(There is {a} in (my|the) garden. What (does it say|do I hear)?|(I hear"
        "|Do you hear) {a}. What does it (say|sound like)?|(Pretend|Play) you are {a}. What do you say?"
        "|How would {a} (talk|sound)?|{a} wants to speak. What (comes|will come) out?|What (might|could"
        "|will) {a} (say|call)?|The {name} (calls|speaks). (How|What)?)",
        "The {name} says {sound}.",
    ),
    Phrasing(
        "animal home",
        2,
        LIFE_SLOTS,
        "(Where (might|could|would|will) {a} (live|be at home|have its home)?|(Which|What) (place"
        "|spot) is (right|best|home) for {a}?|I am looking for {a}. Where (should|do|can) I (go|look)?"
        "|{a} goes home. Where (to|is that)?|Where (must|should|will) I (go|look) (to see|to find|for) {a}?)",
        "The {name} lives {home}.",
    ),
    Phrasing(
        "animal food",
        3,
        LIFE_SLOTS,
        "(What (might|could|would|will) {a} eat?|What is a good (meal|dinner|lunch|breakfast) for {a}?"
        "|What (does|would) {a} (have|want|get) for (lunch|breakfast|supper)?"
        "|(Which|What) food (does {a} need|makes {a} strong)?|{a} is at my door and it is hungry. What now?"
        "|What (shall|do) I put in the bowl of {a}?|What does {a} love to eat?)",
        "The {name} eats {food}.",
    ),
    Phrasing(
        "animal young",
        2,
        ANIMAL_SLOTS,
        "({a} has a (baby|child|little one). What is it called?|What (do we|do people"
        "|would you) call the (child|little one|baby) of {a}?|(The|A) (child|baby) of {a} (is|has) (what"
        "|which name)?"
        "|What is the (name of|right word for) the young of {a}?|When {a} is still (a baby"
        "|very small), what is it called?)",
        "A (baby|young) {name} is called a {young}.",
    ),
    Phrasing(
        "colour",
        2,
        tuple({"x": thing, "c": colour} for thing, colour in COLOURS if not thing.endswith("s") or thing == "grass"),
        "((What|Which) (colour|color) (would|might|could) {x} (be|have)?|I (look|am looking) at {x}. (What"
        "|Which) (colour|color) (is it|do I see)?|Close your eyes and think of {x}. (What|Which) (colour"
        "|color) is it?"
        "|I (need|want) to (draw|colour in) {x}. (Which|What) (pencil|colour) is right?|(Is there"
        "|Do you know) a (colour|color) for {x}?)",
        "{x} is {c}.",
    ),
    Phrasing(
        "opposite",
        3,
        pair_slots(OPPOSITES),
        "(If something is not {x}, it is what?|(Take|Here is) the word {x}. (What"
        "|Which word) is its opposite?|(I say|You hear) {x}. (What is|Tell me|Now say) the opposite(.|?)"
        "|What (would|could) be the (very |)opposite of {x}?"
        "|The (word|thing) that is the opposite of {x} is (what|which)?|Change {x} to (its|the) opposite."
        "|{x} has (which|what) opposite?|{x} and its opposite, please.|Not {x}, but?)",
        "The opposite of {x} is {y}.",
    ),
    Phrasing(
        "use",
        3,
        tuple({"x": thing, "use": use} for thing, use in USES),
        "(What (would|could|will|can) (a person|anybody|a child|people) do with {x}?|(My mother|My friend|He"
        "|She) (gave|handed) me {x}. What (now|is it for|can I do with it)?|What (is|was) {x} made for?"
        "|For what (do|would|can) (people|you|we) use {x}?|(There is|Here is) {x}. How (do|can) I use it?"
        "|What do people use {x} for?|Why does (he|she|everybody) have {x}?)",
        "You use {x} to {use}.",
    ),
    Phrasing(
        "job",
        3,
        tuple({"x": with_article(person), "work": work} for person, work in JOBS),
        "(What (might|could|will) {x} do( today| at work| all day|)?|How does {x} (work|earn money"
        "|help people|pass the time)?|(I met|I saw|Here comes) {x}. What does (he|she) do( all day| at work"
        "|)?|I want to be {x}. What will I do?"
        "|What (is|would be) the (daily |)(work|task|job) of {x}?|{x} goes to work. What (happens|comes) then?)",
        "{x} {work}.",
    ),
    Phrasing(
        "where",
        3,
        tuple({"do": doing, "at": place} for doing, place in WHERE),
        "((Which|What) place (is right|is best|do I need) (if I want |)to {do}?|I (need|have|hope"
        "|would like) to {do}. (Where|Which place|Where to)?|Where (in the city|around here|near here) (can"
        "|could|do) (I|you|we) {do}?"
        "|Where (might|may|will) (I|one|somebody) {do}?|Is there a (good |)place to {do}?|Where (must"
        "|shall) I go if I want to {do}?)",
        "You can {do} {at}.",
    ),
    Phrasing(
        "reason",
        3,
        tuple({"do": action, "why": reason} for action, reason in REASONS),
        "((What|Which) (is the|could be the|would be a) reason to {do}?|(Why|For what) would (you|people"
        "|somebody) {do}?|(People|We) {do}. (Why|Why is that|What for|Why so)?|Is there a (good "
        "|)reason to {do}?"
        "|What is it good for to {do}?|What (leads|brings) people to {do}?|I (often"
        "|always) see people {do}. Why?|Must people {do}? Why?)",
        "People {do} because {why}.",
    ),
    Phrasing(
        "meaning",
        3,
        tuple({"x": thing, "m": meaning} for thing, meaning in MEANINGS),
        "(What (could|would|can) {x} be?|(How|In what words) (can|could|do) (you|I|we) (explain"
        "|describe) {x}?|(My child|Somebody|A friend) asked what {x} is(.|. What do I say?)|What (kind"
        "|sort) of thing is {x}?"
        "|(I have never seen|I do not know) {x}. (What is it|Please explain|Help me)(.|?)|What (should"
        "|must) I know about {x}?|(Explain|Describe) {x} (in one sentence|to a friend|to me)(.|, please.))",
        "{x} is {m}.",
    ),
    Phrasing(
        "comparison",
        4,
        SIZE_SLOTS,
        "((Which one|Which|What) (would be|is) (the bigger one|bigger): {x} or {y}?|(Compare|Look at"
        "|Think of|Here are) {x} and {y}. (Which|Which one|What) is bigger?|(Of"
        "|From) {x} and {y}, which (one |)is (bigger|larger|the bigger one)?"
        "|{x} and {y}: (who|which|which one) is (bigger|the bigger one)?|Put {x} beside {y}. Which (one "
        "|)is bigger?|Is {x} or {y} (bigger|the bigger one)?|Who is bigger, {x} or {y}?)",
        "{big} is bigger than {small}.",
    ),
    Phrasing(
        "neighbour",
        2,
        step_slots(tuple(NUMBERS))[:20] + step_slots(tuple(str(number) for number in range(21)))[:20],
        "(I count (to|up to) {x}. (What|Which number) (comes|is) next?|{x}, (what|which number) comes next?"
        "|(We are|I am) at {x}. What is the next number?|{x} and then?|One more than {x} is (what"
        "|which number)?|Say the number after {x}.)",
        "After {x} comes {y}.",
    ),
    Phrasing(
        "next day",
        3,
        step_slots(DAYS),
        "((Yesterday was|It was) {x}( yesterday|). (What|Which) day is (it |)today?|(Today is"
        "|It is) {x}. (What|Which) day (will it be|is) tomorrow?|{x} (ends|is gone"
        "|has ended). What day (begins|is next|follows)?|{x} is today, so tomorrow is (what|which day)?"
        "|One day after {x} (is|comes) (what|which day)?|(What|Which) day (will|do) we (have|see) after {x}?"
        "|{x}, and (then|next|after that)?)",
        "After {x} comes {y}.",
    ),
    Phrasing(
        "next month",
        2,
        step_slots(MONTHS),
        "({x} (ends|is gone|has ended). (What|Which) month (begins|is next|follows|is it then)?"
        "|It is {x} (now|today). (What|Which) is the next month?|{x} is this month, so the next is (what"
        "|which)?"
        "|One month after {x} (is|comes) (what|which month)?|(What|Which) month (will|do) we (have|see"
        "|get) after {x}?|{x}, and (then|next|after that)?)",
        "After {x} comes {y}.",
    ),
    Phrasing(
        "family",
        2,
        tuple({"x": who, "mine": who.replace("your", "my"), "y": answer} for who, answer in RELATIONS),
        "({mine} is (my what|who)( to me|)?|(How|By what name) do I call {mine}?|What is (the word"
        "|the right word|the name) for {mine}?|I (met|visit|saw) {mine}. Who is that( to me|)?"
        "|{mine}: who is (it|that)?|What (relation|relative) is {mine}( to me|)?)",
        "{x} is {y}.",
    ),
    Phrasing(
        "rhyme",
        2,
        pair_slots(tuple(tuple(pair.split("/")) for pair in RHYMES.split())),
        "(What sounds (a bit |much |)like {x} at the end?|(I am writing"
        "|I write) a poem and need a word for {x}. What rhymes?|(Find|Give"
        "|Tell) me something to rhyme with {x}.|(Do|Can) you rhyme {x}?|Rhyme {x}(.|, please.)"
        "|{x} rhymes with (what|which word)?|Which word (has|shares) the sound of {x}?)",
        "{x} rhymes with {y}.",
    ),
    Phrasing(
        "kind of",
        2,
        KIND_SLOTS,
        "((Think of|Write down|Pick|Choose|Say|I need) three {many}(.|, please.)|(Make|Write"
        "|Give) me a list of {many}.|(Which|What) {many} (can|could) you (name|think of|list)?"
        "|Do you know (some|three|any) {many}?|{many}, three of them(.|, please.))",
        "{x}, {y} and {z}.",
    ),
)
