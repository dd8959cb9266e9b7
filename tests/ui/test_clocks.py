"""The script that slows gradio's clocks stands before all others, and the page is otherwise as gradio makes it."""

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, StreamingResponse
from fastapi.testclient import TestClient

from workbench.ui.clocks import SlowClocks

app = FastAPI()


@app.get("/", response_class=HTMLResponse)
def page() -> str:
    return "<html><head><script src='first.js'></script></head><body>Grüße</body></html>"


@app.get("/other")
def other() -> StreamingResponse:
    return StreamingResponse(iter(["<head>", "</head>"]))


def test_the_script_comes_first_and_the_length_is_right() -> None:
    answer = TestClient(SlowClocks(app)).get("/")
    assert answer.text.startswith('<html><head><script src="/workbench-assets/clocks.js"></script><script src=')
    assert answer.text.endswith("Grüße</body></html>")
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_nothing_but_the_page_is_touched() -> None:
    assert TestClient(SlowClocks(app)).get("/other").text == "<head></head>"
