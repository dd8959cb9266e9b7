"""Which processes may go online: the page never, its fetching workers unless the user said otherwise."""

import os

import pytest

from workbench.jobs.environment import stay_offline, worker_environment


@pytest.mark.parametrize(("set_by_user", "told_to_a_fetcher"), [(None, ""), ("1", "1"), ("0", "0")])
def test_the_page_stays_offline_and_what_it_starts_to_fetch_does_not(
    monkeypatch: pytest.MonkeyPatch, set_by_user: str | None, told_to_a_fetcher: str
) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.endswith("HF_HUB_OFFLINE")}
    monkeypatch.setattr(os, "environ", kept | ({"HF_HUB_OFFLINE": set_by_user} if set_by_user else {}))
    for _ in range(2):
        stay_offline()
        assert os.environ["HF_HUB_OFFLINE"] == "1"
        assert worker_environment()["HF_HUB_OFFLINE"] == "1"
        assert worker_environment(online=True)["HF_HUB_OFFLINE"] == told_to_a_fetcher
