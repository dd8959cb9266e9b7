"""What fits into some minutes."""

from pathlib import Path

import pytest

from tests.rates import keep
from workbench.config.run_config import RunConfig
from workbench.errors import WorkbenchError
from workbench.training import plan
from workbench.training.minutes import steps_within


def test_the_steps_end_in_time_and_more_would_not(config: RunConfig, root: Path) -> None:
    keep(root)
    planned = plan.make(config, root)
    within = steps_within(planned, 1)
    assert within.seconds <= 60
    longer = planned.changed(within.settings | {"training.max_steps": within.steps + 3})
    assert planned.changed(within.settings).steps == within.steps
    assert longer.time.seconds > 60 or longer.steps == within.steps
    assert within.sights == pytest.approx(within.steps / 6, rel=0.2)


def test_more_time_gives_more_passes_up_to_those_that_are_of_use(config: RunConfig, root: Path) -> None:
    keep(root)
    planned = plan.make(config, root)
    short, long, longest = (steps_within(planned, minutes) for minutes in (0.2, 0.5, 10_000))
    assert short.steps < long.steps < longest.steps
    assert longest.epochs == 40 and longest.sights == 40


@pytest.mark.parametrize(("minutes", "said"), [(0.01, "too short"), (0, "no time"), (-1, "no time")])
def test_too_little_time_is_said_plainly(config: RunConfig, root: Path, minutes: float, said: str) -> None:
    keep(root)
    with pytest.raises(WorkbenchError, match=said):
        steps_within(plan.make(config, root), minutes)
