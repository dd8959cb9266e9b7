"""A conversation taken away: to learn from, and to show to others. Whatever was said stays text."""

import csv
import dataclasses
import io
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.chat.keeping.kept import HOSTILE, conversation, tuned
from tests.data.files import read, turns
from workbench.chat.conversation import Answer, Conversation
from workbench.chat.keeping.examples import write_examples
from workbench.chat.keeping.kept import Kept, describe
from workbench.chat.keeping.markdown import write_markdown
from workbench.chat.keeping.sheet import SILENT, Sheet, describe_sampling, lay_out
from workbench.chat.keeping.table import write_csv
from workbench.chat.keeping.web_page import write_html
from workbench.chat.questions import Answerer
from workbench.config.sampling import Sampling
from workbench.errors import WorkbenchError

TALK = (("Hello!", "Hi.", "Ahoy!"), ("Who are you?", "A model.", "A pirate."))
WRITERS: tuple[Callable[[Sheet], str], ...] = (write_html, write_markdown, write_csv)


class Page(HTMLParser):
    """What a browser would make of a page: its tags with their attributes, and its texts by class."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.is_in_text = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.is_in_text = dict(attrs).get("class") == "text"
        if self.is_in_text:
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self.is_in_text = False

    def handle_data(self, data: str) -> None:
        if self.is_in_text:
            self.texts[-1] += data


def sheet_of(root: Path, talk: Conversation) -> Sheet:
    return lay_out(describe(root, talk))


def sound(text: str) -> str:
    return re.sub("[\0\ud800-\udfff]", "\ufffd", text)


@pytest.fixture
def hostile(root: Path) -> Sheet:
    """Names, questions, answers and a system prompt that try to be more than text."""
    run = tuned(root, "pirate-1")
    run.update_about(name="<b>=evil</b>\n```|`")
    talk = conversation(run, *((text, text, text) for text in HOSTILE if text), votes=("tuned",))
    return sheet_of(root, dataclasses.replace(talk, system=HOSTILE[0]))


def test_a_web_page_shows_hostile_texts_as_texts(hostile: Sheet) -> None:
    page = Page(write_html(hostile))
    head, body = {"html", "head", "meta", "title", "style"}, {"body", "header", "main", "section", "article", "div"}
    assert {tag for tag, _ in page.tags} == head | body | {"h1", "h2", "h3", "dl", "dt", "dd", "span", "strong", "p"}
    attributes = {name for _, attributes in page.tags for name in attributes}
    assert attributes <= {"lang", "charset", "http-equiv", "content", "name", "aria-labelledby", "id", "dir", "class"}
    expected = [sound(text) for text in HOSTILE if text for _ in range(2)]
    assert page.texts == expected
    assert "default-src 'none'" in str(page.tags)
    style = write_html(hostile).partition("</style>")[0]
    assert "url(" not in style and "@import" not in style


def test_no_fence_ends_before_its_text(hostile: Sheet) -> None:
    lines = write_markdown(hostile).split("\n")
    outside, fence = [], ""
    for line in lines:
        if not fence and (match := re.fullmatch(r"(`{3,})text", line)):
            fence = match[1]
        elif fence and line == fence:
            fence = ""
        elif not fence:
            outside.append(line)
    assert not fence
    allowed = r"|# Original .*|- \w[\w ]*: .*|## Question \d+|### (Original .*|.*evil.*)"
    assert [line for line in outside if not re.fullmatch(allowed, line)] == []
    assert not any(re.search(r"(?<!\\)[<`\[|]", line) for line in outside), "names are escaped as well"


def test_a_table_holds_no_formula(hostile: Sheet) -> None:
    rows = list(csv.reader(io.StringIO(write_csv(hostile))))
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert rows[3][0] == '\'=HYPERLINK("https://evil.example")'
    assert {len(row) for row in rows} == {len(rows[0])}


@pytest.mark.parametrize("write", WRITERS)
def test_every_kind_can_be_stored_however_long_an_answer_is(root: Path, write: Callable[[Sheet], str]) -> None:
    talk = conversation(tuned(root), ("\ud800", "x" * 1_000_000, "\0"))
    assert len(write(sheet_of(root, talk)).encode("utf-8")) > 1_000_000


@pytest.mark.parametrize("write", WRITERS)
def test_what_is_shown_names_models_but_no_path_and_no_user(root: Path, write: Callable[[Sheet], str]) -> None:
    run = tuned(root, "pirate-1", model__path="/home/annabel/models/tiny-llama")
    shown = write(sheet_of(root, conversation(run, *TALK, votes=("tuned",))))
    assert "tiny-llama" in shown
    assert "pirate-1" in shown
    for private in ("annabel", "/models", str(root), "<user>"):
        assert private not in shown


def test_a_sheet_tells_strengths_settings_date_votes_and_ends(root: Path) -> None:
    run = tuned(root)
    talk = Conversation(run.id, {"original": Answerer(), "tuned": Answerer(run.id, 0.5)}, "Be brief.")
    talk = talk.with_question("Hello!").with_answer("original", Answer("", reason="context"))
    talk = talk.with_answer("tuned", Answer("Ahoy", reason="length", strength=0.8)).with_vote("tuned")
    kept: Kept = dataclasses.replace(describe(root, talk), changed=1_700_000_000.0)
    sheet = lay_out(kept)
    assert sheet.columns == ("Original (starter)", "pirate-1 at 50 %")
    silent, cut = sheet.rows[0].cells
    assert (silent.text, silent.note, silent.is_better) == (SILENT, "the conversation was too long", False)
    assert (cut.note, cut.is_better) == ("strength 80 %, cut at the longest answer set", True)
    facts = dict(sheet.facts)
    assert facts["Settings"] == "no randomness, at most 200 tokens"
    assert facts["Date"].startswith("2023-11-1")
    assert (facts["System prompt"], facts["Better answers"]) == ("Be brief.", "pirate-1 at 50 %: 1")
    lively = Sampling(temperature=0.7, top_p=0.9, repetition_penalty=1.1, seed=3)
    told = "temperature 0.7, top-p 0.9, at most 200 tokens, repetition penalty 1.1, seed 3"
    assert describe_sampling(lively) == told


def test_a_column_is_there_for_who_joined_later(root: Path) -> None:
    run = tuned(root)
    talk = Conversation(run.id, {"original": Answerer(), "tuned": Answerer(run.id)})
    talk = talk.with_question("Hello!").with_answer("original", Answer("Hi."))
    assert [cell.text for cell in sheet_of(root, talk).rows[0].cells] == ["Hi.", SILENT]


def messages(lines: str, tmp_path: Path) -> list[list[tuple[str, str]]]:
    """What the Data tab makes of exported lines."""
    path = tmp_path / "talk.jsonl"
    path.write_text(lines, encoding="utf-8")
    found = read(path)
    assert (found.rejected, found.format) == ((), "messages")
    return [turns(example) for example in found.examples]


def test_one_answerers_conversation_is_read_back_as_one_example(root: Path, tmp_path: Path) -> None:
    talk = dataclasses.replace(conversation(tuned(root), *TALK, ("?", "", " ")), system="Be brief.")
    (example,) = messages(write_examples(talk, "tuned"), tmp_path)
    asked = [("user", "Hello!"), ("assistant", "Ahoy!"), ("user", "Who are you?"), ("assistant", "A pirate.")]
    assert example == [("system", "Be brief."), *asked]


def test_better_answers_are_read_back_each_once(root: Path, tmp_path: Path) -> None:
    run = tuned(root)
    more = (*TALK, ("And you?", "x", "y"), ("Bye.", "Goodbye.", "Fair winds."))
    talk = conversation(run, *more, votes=("tuned", "tuned", "", "original"))
    first, second = messages(write_examples(talk), tmp_path)
    assert [content for _, content in first] == ["Hello!", "Ahoy!", "Who are you?", "A pirate."]
    assert [content for role, content in second if role == "assistant"] == ["Hi.", "A model.", "x", "Goodbye."]


@pytest.mark.parametrize("text", [text for text in HOSTILE if text])
def test_hostile_examples_are_read_back_to_the_letter(root: Path, tmp_path: Path, text: str) -> None:
    lines = write_examples(conversation(tuned(root), (text, "x", text)), "tuned")
    assert messages(lines, tmp_path) == [[("user", sound(text)), ("assistant", sound(text))]]
    assert lines.count("\n") == 1


def test_nothing_to_learn_is_told(root: Path) -> None:
    talk = conversation(tuned(root), ("Hello!", "Hi.", ""))
    with pytest.raises(WorkbenchError, match="No answer has been called the better one yet"):
        write_examples(talk)
    for nobody in ("tuned", "somebody"):
        with pytest.raises(WorkbenchError, match="There is no answer by"):
            write_examples(talk, nobody)
