"""The Help tab in a browser: what is told of this machine, and what fits into it."""

from typing import Any

import pytest

from tests.browser.conftest import Workbench, expect
from tests.conftest import share_kernels

pytestmark = pytest.mark.browser

WHILE_TRYING = 240_000
"""The kernels are tried, in a process that loads torch."""


def test_this_machine_is_told_and_the_network_only_when_asked(tab: Any, workbench: Workbench) -> None:
    share_kernels(workbench.root)
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.get_by_role("tab", name="Help").click()
    tab.get_by_role("button", name="Look at this machine").click()
    expect(tab.locator("#machine-findings")).to_contain_text("Libraries", timeout=WHILE_TRYING)
    expect(tab.locator("#machine-network")).to_contain_text("not asked")
    tab.get_by_role("button", name="Check the network").click()
    expect(tab.locator("#machine-network")).to_contain_text("HF_HUB_OFFLINE says to stay offline")
    tab.get_by_role("button", name="Copy report").click()
    expect(tab.get_by_role("button", name="Copied")).to_be_visible()
    report = tab.evaluate("navigator.clipboard.readText()")
    assert "Memory and disk\n  memory" in report and "HF_HUB_OFFLINE says to stay offline" in report
    assert str(workbench.root) not in report
