"""The visible words of the page, in one place. Help of single settings stands with the settings themselves."""

TITLE = "LoRA Workbench"
UNEXPECTED = "Something went wrong inside the workbench. The details are in the terminal that shows the page."

SECTIONS = {
    "model": "Model",
    "data": "Data",
    "method": "Method",
    "training": "Training",
    "evaluation": "Checking",
    "hardware": "This computer",
    "tracking": "Other programs",
}
ALIASES = {"dora": "DoRA", "qlora": "QLoRA"}
ALIAS_TRADE_OFFS = {
    "dora": "LoRA that trains the length of each weight's rows apart: often a little better, and several times slower.",
    "qlora": "LoRA on a model held in 4 bits: a quarter of the memory for the weights, about as good.",
}
METHODS_FOLD = "All methods beside each other"
METHOD_COLUMNS = ("Method", "Trains", "Adapter", "What it is good for")
METHOD_REFUSED = "not for this model"
TARGET = "{name} · {count} layers, {size}"
TARGET_ROLES = {"all-linear": "all linear", "mlp": "feed-forward (mlp)"}
SIZES = "{} sizes"
WHOLE_LAYER = "{} · {} numbers"

PRACTICE_MODEL = "Practice model: simple English only. It is there to try things out in a minute."
PASTE_HELP = "Two columns copied from a spreadsheet: the questions, and beside them their answers."

TYPE, PASTE, UPLOAD = "Type", "Paste", "Upload"
QUESTION, ANSWER = "Question", "Answer"
TYPED_LABEL = "Your examples"
PASTED_LABEL = "Cells from a spreadsheet"
SET_NAME = "Name of this set"
SET_NAME_EXAMPLE = "my-examples"
NAME_IT = "Give it one, such as my-examples."
NO_SET_NAME = "The set has no name yet."
NO_FILE = "No file has been chosen yet."
SAVE_SET = "Save and use"
SAVED_SET = "“{}” is kept in the workspace and chosen for this run."

MODEL_HELP = "The model to start from. It is never changed."
DATA_HELP = "Your examples: a sample, or a set of your own."
ADAPTER_HELP = "A new one, or that of an earlier run, which is then trained further. Its run stays as it is."
NEW_ADAPTER = "A new adapter"
MERGED_HELP = "That of an earlier run, which becomes a part of the model; a new one is trained on top of it."
NOT_MERGED = "None"
BRING_ADAPTER = "Import an adapter"
GOES_ON = "Goes on from the adapter of {name}."
BEGIN_ANEW = "Begin a new adapter"
BEGUN_ANEW = "It begins a new adapter."
MODEL_STEP = "1 Model"
DATA_STEP = "2 Data"
METHOD_STEP = "3 Method"
OWN_DATA_FOLD = "Add your own: type, paste or upload"
PREVIEW_FOLD = "Preview"
READING_FOLD = "How the file is read: columns, encoding, weights"
LEARNING_FOLD = "How it is taught: system prompt, template, length, checking"
FOLD_LEFT_OUT = " · {:,} left out"
MORE_ROWS = "More rows"
MORE_FOLD = "More: alpha, dropout, target modules"
WATCHING_FOLD = "Watched answers: your own prompts, and how many"
ADVANCED_FOLD = "Advanced"
COMMAND_FOLD = "Command that does the same"
COMMAND_LABEL = "For a terminal"
NOT_CHOSEN = "Nothing is chosen yet."
NOT_INSTALLED = "{} (not installed)"
NOT_LISTED = "“{}” is not in the list."
CHOOSE_MODEL = "Choose a model."
CHOOSE_DATA = "Choose data."
PRESETS = {"quick": "Quick", "balanced": "Balanced", "thorough": "Thorough", "low-memory": "Low memory"}
PRESET = "Preset"
PRESET_CHANGES = "{} changes "
PRESET_SAME = "{} changes nothing: these are its settings."
UNDO = "Undo"
UNDONE = "Back to what it was."

READING = "Reading the data"
STILL_READING = "The data is still being read."
READING_HINT = "Wait until the plan is there."
CANCEL_READING = "Cancel reading"
ROWS_OF = "{:,} of {:,} examples"
ROWS_SO_FAR = "{:,} rows so far"

NAME = "Name"
NAME_HELP = "What this run is called. Left empty, it gets the next free name."
START = "Start training"
MEND = "Mend first: {}"
VIEW = "View"
SETUP_VIEW, WATCH_VIEW = "Set up", "Watch"
NEW_RUN = "New run"

READ_AS = "Read as: {}."
ROLES = {"system": "System", "user": "Question", "assistant": "Answer"}
LEFT_OUT = "Left out"
AND_MORE = "and {:,} more"

NOTHING_RUNNING = "nothing running"
OFFLINE = "the workbench does not answer"
TABS = {"train": "Train", "data": "Data", "runs": "Runs", "chat": "Chat", "export": "Export", "help": "Help"}
WORDS = "Words"
ALL_SETTINGS = "All settings"
SETTINGS_COLUMNS = ("Setting", "Default", "Allowed", "What it does")

FIRST_VISIT = "Press Start: {time}. Everything stays on this computer."

ORIGINAL, TUNED = "Original", "Tuned"
FREE_MEMORY = "Free memory"
MEMORY_FREED = "The model is closed, which frees {} GB. The next question loads it again."
NO_MEMORY_HELD = "No model is loaded."
SEND, STOP, CLEAR = "Send", "Stop", "Clear"
NO_PROMPT = "There is no question yet."
TYPE_PROMPT = "Type one, or press one of the suggestions."

GUIDE = """\
### What tuning is
A language model has read a lot and can talk about many things, in its own way. Tuning shows it your examples of a
question and the answer you want, over and over, and each time moves a small set of numbers a little, so that it answers
more like your examples. Those numbers are the adapter: a file of a few megabytes. The model itself is never changed.

Tuning is good at manner, format and tone: how to answer. It is poor at facts; put those into the question.

### Five steps
1. **Model.** Start with the practice model, to see how it goes. Then take a real one from **Other model…**.
2. **Data.** Type, paste or upload examples. 30 good ones beat 300 careless ones. Write answers as you want them.
3. **Method.** Take the preset Quick. Every setting has a default that suits most cases.
4. **Start**, and watch. The loss should fall, quickly at first. You can close the page meanwhile.
5. **Compare.** Ask the original and the tuned model the same question, then take it home from the **Export** tab.

### Reading the curves
- **Loss falls, evaluation falls:** it is learning. If both still fall at the end, more passes would help.
- **Loss falls, evaluation rises:** it has begun to learn your examples by heart. Fewer passes, or more examples.
- **Nothing falls:** the learning speed is too low, or the examples contradict each other.
- **Loss jumps up and stays:** the learning speed is too high. Take a third of it.

### When the result is not what you wanted
- *It talks as before:* more passes, a higher learning speed, or a larger adapter.
- *It is on its way, but not there yet:* press **Train further**. A new run goes on from what it learned.
- *It repeats your examples word for word:* fewer passes, or more and more varied examples.
- *It forgets how to talk otherwise:* fewer passes, a lower learning speed, or a smaller adapter.
- *It gets facts wrong:* that is not what tuning mends. Put the facts into the question.
- *It ends too early or too late:* look at how your answers end. It copies their length.
"""

GLOSSARY = {
    "Adapter": "The small set of numbers that tuning makes, kept in a file of its own. "
    "Model and adapter together are the tuned model.",
    "Batch": "The examples that one update learns from together. Larger ones give steadier, fewer updates.",
    "Checkpoint": "The state of a run saved to disk while it trains. After a crash or a stop it goes on from there.",
    "Epoch": "One pass over all your examples. Small sets need many passes, large ones few.",
    "Evaluation": "The loss on examples that are never learned from. It tells learning from memorising.",
    "GGUF": "A model in one file, as Ollama, LM Studio and llama.cpp read it. "
    "Its number format, such as Q8_0, says how many bits each number keeps.",
    "Gradient": "The direction in which the numbers should move to answer an example better. "
    "Its norm is how strong the pull is; sudden peaks mean trouble.",
    "Held-out": "Kept aside for checking and never learned from. A tenth of your examples, unless you say otherwise.",
    "Learning rate": "How far each update moves the numbers. Too low changes nothing, too high breaks the model.",
    "LoRA": "Low-rank adaptation: beside each layer stand two thin matrices, and only those are trained. "
    "It needs a fraction of the memory of training everything.",
    "Loss": "How surprised the model is by the right answer: 0 is not at all, 3 is a lot. Training makes it smaller.",
    "Merging": "Writing an adapter into a copy of the model's weights. A new one can be trained on top of both.",
    "Overfitting": "Knowing the examples by heart instead of what they have in common. "
    "The evaluation rises while the loss still falls.",
    "Parameters": "The numbers a model consists of; 1 B is a thousand million. More know more and need more memory.",
    "Rank": "The width of the adapter, and so how much it can hold. 8 suits most purposes.",
    "Target modules": "The layers that get an adapter. All linear ones is the usual choice.",
    "Token": "A piece of text as the model sees it: a short word, or a part of a long one. "
    "100 tokens are about 75 words.",
    "Tracker": "Another program that shows the curves of runs, such as TensorBoard. "
    "It is chosen under Advanced, or a run is sent there from the Runs tab.",
    "Update": "One step of learning: a batch is answered, the error measured, the adapter moved a little.",
}
