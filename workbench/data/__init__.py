"""Training data: from files to rows, from rows to conversations, from conversations to tokens and labels.

A kind of file is one class with a `rows` method and one row in `reading.READERS`; a layout of rows is one class and
one row in `formats.FORMATS`. Reading uses the standard library only; `render` works on the tokenizer it is handed.
"""
