"""What a plan foretells of its run, as it is kept with the run. No torch."""

from workbench.memory.past import kind_of
from workbench.memory.terms import Estimate
from workbench.runs.foretold import Foretold
from workbench.training.plan import Plan


def foretold_by(plan: Plan) -> Foretold:
    return Foretold(
        ram_gb=plan.ram_gb,
        ram_free_gb=plan.ram_free_gb,
        ram=_moments(plan.ram),
        correction=plan.correction,
        vram=_moments(plan.vram) if plan.vram else None,
        vram_free_gb=plan.vram_free_gb,
        steps=plan.steps,
        low_seconds=plan.time.low_seconds,
        high_seconds=plan.time.high_seconds,
        basis=plan.time.basis,
        kind=kind_of(plan.config),
    )


def _moments(estimate: Estimate) -> dict[str, dict[str, float]]:
    return {moment: {str(name): taken for name, taken in terms.items()} for moment, terms in estimate.moments.items()}
