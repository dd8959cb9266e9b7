"""The plan beside the form, without a browser: what memory it will have, and what is asked before a start."""

from dataclasses import replace
from pathlib import Path

import gradio as gr
import pytest

from tests.recorded_run import RecordedRun
from workbench.chat.client import ChatClient
from workbench.config.build import build
from workbench.jobs.process import ProcessId
from workbench.memory.past import Past
from workbench.memory.terms import Estimate
from workbench.training import plan as planning
from workbench.training.plan import Plan
from workbench.ui.plan.outlook import Outlook, look_ahead
from workbench.ui.setup import Setup


class HoldingChat(ChatClient):
    """A chat whose model is in memory."""

    def __init__(self, log: Path, held_gb: float) -> None:
        super().__init__(log)
        self._held_gb = held_gb

    def held_bytes(self) -> float:
        return 1e9 * self._held_gb


@pytest.fixture
def plan(root: Path, tiny_model: Path, reading_here: None) -> Plan:
    (root / "models").mkdir()
    (root / "models" / "tiny").symlink_to(tiny_model)
    made = planning.make(build({"model.path": "tiny", "data.path": "pirate"}), root)
    return replace(made, ram=Estimate({"training": {"weights": 4e9}}), ram_free_gb=3.0)


def look(plan: Plan, held_gb: float) -> Outlook:
    return look_ahead(plan, HoldingChat(plan.root / "chat.log", held_gb), plan.root)


def test_the_chat_is_closed_only_where_that_makes_the_run_fit(plan: Plan) -> None:
    closing, too_little = look(plan, 2.0), look(plan, 0.5)
    assert closing.closes_chat and closing.plan.ram_free_gb == 5.0
    assert not too_little.closes_chat and too_little.plan.ram_free_gb == 3.0
    beside = look(replace(plan, ram_free_gb=9.0), 2.0)
    assert (beside.closes_chat, beside.chat_gb, beside.plan.ram_free_gb) == (False, 0.0, 9.0)


def test_a_tight_run_leaves_the_chat_open_and_says_what_it_holds(plan: Plan) -> None:
    tight = look(replace(plan, ram_free_gb=4.5), 2.0)
    assert (tight.closes_chat, tight.chat_gb, tight.plan.verdict) == (False, 2.0, "tight")


def test_a_run_in_line_can_have_the_memory_of_the_one_before_it(plan: Plan) -> None:
    assert look(plan, 0.0).plan.ram_free_gb == 3.0
    busy = RecordedRun(plan.root, "busy").train(1, 3).dir
    busy.write_process(0.0, worker=ProcessId.current())
    assert look(plan, 0.0).plan.ram_free_gb > 3.0


@pytest.fixture
def setup(plan: Plan) -> Setup:
    with gr.Blocks():
        return Setup(plan.root, HoldingChat(plan.root / "chat.log", 2.0))


def test_what_earlier_runs_taught_is_told(setup: Setup, plan: Plan) -> None:
    shown = setup.panel.show(look(replace(plan, past=Past(1.06, 3)), 0.0), "")
    assert "Memory: corrected by 3 earlier runs: +6 %." in shown[setup.panel.plan]


def test_the_panel_says_that_a_start_closes_the_chat(setup: Setup, plan: Plan) -> None:
    shown = setup.panel.show(look(plan, 2.0), "")
    assert "Starting closes Chat (frees 2.0 GB)." in shown[setup.panel.plan]
    assert not shown[setup.panel.close_chat]["visible"], "a start does it"
    tight = setup.panel.show(look(replace(plan, ram_free_gb=4.5), 2.0), "")
    assert tight[setup.panel.close_chat]["visible"]


def test_a_question_before_the_start_says_both_figures_and_goes_when_a_plan_fits(setup: Setup, plan: Plan) -> None:
    asked = setup.panel.question.ask(plan)
    assert any("This needs 4.0 GB and 3.0 GB are free." in str(update) for update in asked.values())
    (box,) = setup.panel.question.hide()
    another = setup.panel.show(look(replace(plan, ram_free_gb=2.0), 0.0), "")
    assert box not in another
    assert any("This needs 4.0 GB and 2.0 GB are free." in str(update) for update in another.values())
    assert not setup.panel.show(look(replace(plan, ram_free_gb=9.0), 0.0), "")[box]["visible"]
