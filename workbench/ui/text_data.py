"""The words of the Data tab that come from the server; those of its parts stand with the scripts that draw them."""

NOT_LISTED = "“{}” is not in the list of sets."
CHOOSE_SET = "Choose a set from the list."
NOTHING_CHOSEN = "No set is chosen."
STILL_READING = "The data is still being read."
WAIT = "Wait until it is there."
NO_FILTER = "There is no filter “{}”."
CHOOSE_FILTER = "Choose one that the page shows."
NO_ROW = "There is no such row."
CHOOSE_ROW = "Choose one from the list."
NO_CHANGES = "There are no changes to save."
NO_ACTION = "“{}” is nothing that can be done to a set."
ADD_FOLD = "Add data: type, paste, upload, a sample, Hugging Face"
CHOSEN = "The Train tab uses this set now."
NOT_OF_DATA = "These are no settings of the data."

TYPE_HELP = (
    "One example a row: what someone asks, and how it should be answered. 30 to 100 rows are a good start. What you "
    "type is kept, also when you close the page."
)
UPLOAD_HELP = (
    "JSON, JSONL, CSV, TSV, Parquet or Excel with a question and an answer in each row; TXT or MD for plain text; or a "
    "ZIP of those. Several files become one set. At most 2 GB a file."
)
UPLOADED_LABEL = "Files with your examples"
SAMPLE = "Sample"
SAMPLE_HELP = "Small sets that ship with the workbench, to try things out."
USE_SAMPLE = "Use this sample"
NO_SAMPLE = "No sample is chosen."
CHOOSE_SAMPLE = "Choose one of the list."
HUB = "Hugging Face"
HUB_HELP = "A dataset by its name. Only this needs the network; scripts of a dataset are never run."
HUB_FIELDS = (
    ("id", "Dataset", "org/name"),
    ("config", "Configuration", "the only one"),
    ("split", "Split", "train"),
    ("revision", "Revision", "main"),
)
FETCH = "Fetch"
CANCEL = "Cancel"
STARTING = "Asking for it."
SO_FAR = "{} so far"
OF_ALL = " of {}"
NOTHING_FETCHED = "Nothing was fetched yet."
NAME_DATASET = "Type the name of a dataset, such as org/name."
