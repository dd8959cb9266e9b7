"""The plan at an address of its own: what a page that moves a setting is told, and what is refused."""

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest

from workbench.chat.client import ChatClient
from workbench.config.build import build
from workbench.training import plan as planning
from workbench.ui.plan.following import tell, tell_savings


@pytest.fixture
def stocked(root: Path, tiny_model: Path, reading_here: None) -> Path:
    (root / "models").mkdir()
    (root / "models" / "tiny").symlink_to(tiny_model)
    planning.make(build({"model.path": "tiny"}), root)
    return root


def ask(root: Path, moved: Any, answer: Any = tell) -> str:
    body = json.dumps({"settings": {"model.path": "tiny"}, "moved": moved})
    return str(answer(root, ChatClient(root / "chat.log"), body.encode()))


def test_a_moved_setting_is_planned_on_top_of_the_others(stocked: Path) -> None:
    told = ask(stocked, {"method.rank": 5, "training.epochs": "3"})
    settings = json.loads(html.unescape(re.findall(r'data-settings="([^"]*)"', told)[0]))
    assert settings == {"model.path": "tiny", "method.rank": 5, "training.epochs": 3}
    assert "10,240 of" in told


def test_what_cannot_be_is_said_as_in_the_form(stocked: Path) -> None:
    assert "0 is outside 1 to 256." in ask(stocked, {"method.rank": 0})
    assert "not in the list" in ask(stocked, {"model.path": "/etc"})


@pytest.mark.parametrize("moved", [{"no.setting": 1}, [1], "rank", {"method.rank": [8]}, {"method.rank": None}])
def test_what_no_page_sends_is_refused(stocked: Path, moved: Any) -> None:
    told = ask(stocked, moved)
    assert "data-settings" not in told and "problems" in told
    assert ask(stocked, moved, tell_savings) == ""


def test_savings_are_buttons_with_the_settings_they_change(stocked: Path) -> None:
    settings = re.findall(r'data-settings="([^"]*)"', ask(stocked, {"method.rank": 256}, tell_savings))
    for found in settings:
        assert build(json.loads(html.unescape(found)), build({"model.path": "tiny"}))
    assert "What fits with ease" in ask(stocked, {}, tell_savings)
