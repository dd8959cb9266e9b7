"""Scripts that change what gradio finds stand before all others, and the page is otherwise as gradio makes it."""

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, StreamingResponse
from fastapi.testclient import TestClient

from workbench.ui.first_scripts import FirstScripts

app = FastAPI()


@app.get("/", response_class=HTMLResponse)
def page() -> str:
    return "<html><head><script src='first.js'></script></head><body>Grüße</body></html>"


@app.get("/other")
def other() -> StreamingResponse:
    return StreamingResponse(iter(["<head>", "</head>"]))


def test_they_come_first_and_the_length_is_right() -> None:
    answer = TestClient(FirstScripts(app)).get("/")
    ours = [f'<script src="/workbench-assets/{name}.js"></script>' for name in ("clocks", "refusals")]
    assert answer.text.startswith(f"<html><head>{''.join(ours)}<script src='first.js'>")
    assert answer.text.endswith("Grüße</body></html>")
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_nothing_but_the_page_is_touched() -> None:
    assert TestClient(FirstScripts(app)).get("/other").text == "<head></head>"
