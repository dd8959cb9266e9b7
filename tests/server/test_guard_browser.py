"""The guard with a real browser: our own page works, and a page on another port of the same computer gets nothing."""

import http.server
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.server.conftest import RunningPage

pytestmark = pytest.mark.browser

FOREIGN_PAGE = """<!doctype html><title>foreign</title><a href="{home}/">workbench</a> <a href="{link}">invitation</a>
<form method="post" action="{home}/echo"><button>send</button></form><iframe src="{home}/"></iframe>"""
BLIND_POST = "home => fetch(home + '/echo', {method: 'POST', mode: 'no-cors', credentials: 'include', body: 'x'})"


@pytest.fixture
def tab(browser: Any) -> Iterator[Any]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def foreign_site(page: RunningPage) -> Iterator[str]:
    text = FOREIGN_PAGE.format(home=home_of(page), link=link_of(page)).encode()

    class ForeignPage(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(text)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), ForeignPage) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://localhost:{site.server_port}/"
        site.shutdown()


def home_of(page: RunningPage) -> str:
    return f"http://localhost:{page.port}"


def link_of(page: RunningPage) -> str:
    return f"{home_of(page)}/?token={page.token}"


def test_the_link_is_needed_once_and_then_the_page_works(page: RunningPage, tab: Any) -> None:
    tab.goto(home_of(page))
    assert tab.get_by_role("heading").inner_text() == "Open the link from the terminal"
    tab.goto(link_of(page))
    assert tab.url == home_of(page) + "/"
    tab.get_by_text('{"bytes":5}').wait_for()
    tab.goto(home_of(page))
    assert tab.title() == "stub"


def test_a_page_of_another_port_cannot_post_or_frame(page: RunningPage, foreign_site: str, tab: Any) -> None:
    tab.goto(link_of(page))
    tab.get_by_text('{"bytes":5}').wait_for()
    answers: list[tuple[str, int]] = []
    tab.on("response", lambda answer: answers.append((answer.request.method, answer.status)))
    tab.goto(foreign_site)
    tab.evaluate(BLIND_POST, home_of(page))
    tab.get_by_role("button").click()
    tab.get_by_text("takes no requests from other pages").wait_for()
    assert ("GET", 403) in answers
    assert [status for method, status in answers if method == "POST"] == [403, 403]


def test_links_on_another_page_lead_here(page: RunningPage, foreign_site: str, tab: Any) -> None:
    tab.goto(foreign_site)
    tab.get_by_role("link", name="invitation").click()
    tab.get_by_text("The page").wait_for()
    tab.goto(foreign_site)
    tab.get_by_role("link", name="workbench").click()
    tab.get_by_text("The page").wait_for()


def test_a_visitor_from_another_site_is_one_click_away(page: RunningPage, foreign_site: str, tab: Any) -> None:
    """The browser keeps a strict cookie back on the way from another site, so the link alone is not enough there."""
    tab.goto(foreign_site.replace("localhost", "127.0.0.1"))
    tab.get_by_role("link", name="invitation").click()
    tab.get_by_role("link", name="Go to the page").click()
    tab.get_by_text('{"bytes":5}').wait_for()
