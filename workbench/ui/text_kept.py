"""The words about what is kept of chats that Python says; the rest stands in the views themselves."""

ASKED = "To this question:"
BETTER = "How it should have answered"
BETTER_HELP = "Write the whole answer as you would like to read it."
SET = "Add it to"
SET_HELP = "A set for these corrections, or one of yours, which gets a new version. The same question again replaces."
ADD, CLOSE = "Add", "Close"
ONE_ADDED = "1 correction added"
MANY_ADDED = "{} corrections added"
TRAIN_AGAIN = "Train again"
TAUGHT = (
    "Tuning teaches how to answer. A fact needs several wordings: ask for it in three or four ways, and correct each."
)

NO_LONGER_THERE = "That answer is not there any more."
CHOOSE_ANSWER = "Press “Write a better answer” below another one."
WITH_CORRECTIONS = "The settings of {run}, with what was corrected in {name}. "
