"""The process that holds a GGUF file for chat. Run as `python -m workbench.chat.gguf.worker`, by the chat's client."""

from workbench.chat.gguf.library import Library
from workbench.chat.gguf.model import GgufModel
from workbench.chat.worker import work


def main() -> None:
    library = Library()
    work(lambda question: (GgufModel(question, library), ""))


if __name__ == "__main__":
    main()
