"""What would take less memory, as buttons: looked for only where somebody looks at it, since it plans many runs."""

import html
import json

from workbench.training.largest import largest_batch, largest_length
from workbench.training.plan import Plan
from workbench.training.savings import Saving, find_savings
from workbench.ui import text_plan as text
from workbench.ui.quantities import memory_amount


def render_fold(plan: Plan) -> str:
    """Where they will stand; open from the start where the plan does not fit with ease."""
    needed = "" if plan.verdict == "fits" else " data-needed"
    found = '<div class="found"></div>'
    return f'<details class="savings" data-fold="savings"{needed}><summary>{text.USE_LESS}</summary>{found}</details>'


def render(plan: Plan) -> str:
    """Each with what the run would take then; one press puts its settings into the form."""
    rows = "".join(_row(saving) for saving in find_savings(plan))
    told = f"<ul>{rows}</ul>" if rows else f"<p>{text.NOTHING_SAVES}</p>"
    return f"{told}<p>{_largest(plan)}</p>"


def _row(saving: Saving) -> str:
    shape, words = text.VERDICTS[saving.verdict]
    settings = html.escape(json.dumps(saving.settings))
    taken = text.THEN_TAKES.format(amount=memory_amount(saving.ram_gb), words=words)
    kind = saving.verdict.replace(" ", "-")
    told = (
        f'<span aria-hidden="true" class="{kind}">{shape}</span> {html.escape(saving.sentence)} <small>{taken}</small>'
    )
    return f'<li><button type="button" data-settings="{settings}">{told}</button></li>'


def _largest(plan: Plan) -> str:
    batch, tokens = largest_batch(plan), largest_length(plan)
    if not batch and not tokens:
        return text.NOT_EVEN_ONE
    return text.LARGEST.format(batch=f"{batch:,}", tokens=f"{tokens:,}")
