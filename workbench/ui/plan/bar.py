"""A bar of what memory goes to, against what is free and what there is."""

import html
from dataclasses import dataclass

from workbench.memory.terms import TERMS, Estimate, TermName
from workbench.memory.verdict import Verdict, judge
from workbench.ui import text_plan as text
from workbench.ui.quantities import gigabytes, memory_amount


@dataclass(frozen=True)
class Bar:
    """A need beside the memory that it has to go into."""

    need: Estimate
    free_gb: float
    total_gb: float
    kind: str = text.MEMORY
    """Which memory, in words."""

    @property
    def verdict(self) -> Verdict:
        return judge(self.need.gb, self.free_gb)

    @property
    def terms_gb(self) -> dict[TermName, float]:
        """Those that there are, in the order in which they are explained."""
        return {name: self.need.terms[name] / 1e9 for name in TERMS if self.need.terms.get(name)}

    def percent(self, gb: float) -> float:
        """Of the bar's length, which is all the memory there is, or what is needed where that is more."""
        return 100 * gb / (max(self.total_gb, self.need.gb) or 1.0)


def render(bar: Bar) -> str:
    """The bar, its verdict in words and shape, and a list of the terms."""
    kind = bar.verdict.replace(" ", "-")
    return f'<div class="memory {kind}">{_drawing(bar)}{_verdict(bar)}{_legend(bar)}</div>'


def _drawing(bar: Bar) -> str:
    told = text.BAR.format(
        kind=bar.kind,
        needed=gigabytes(bar.need.gb),
        free=gigabytes(bar.free_gb),
        total=gigabytes(bar.total_gb),
        verdict=bar.verdict,
    )
    terms = "".join(_segment(bar, name, gb) for name, gb in bar.terms_gb.items())
    return f'<div class="terms" role="img" aria-label="{told}">{_others(bar)}{terms}{_free_mark(bar)}</div>'


def _segment(bar: Bar, name: TermName, gb: float) -> str:
    title = text.TERM.format(label=TERMS[name].label, amount=memory_amount(gb), meaning=TERMS[name].meaning)
    return f'<i class="term {name}" style="width:{bar.percent(gb):.2f}%" title="{html.escape(title)}"></i>'


def _others(bar: Bar) -> str:
    taken_gb = max(0.0, bar.total_gb - bar.free_gb)
    place = f"left:{bar.percent(bar.free_gb):.2f}%;width:{bar.percent(taken_gb):.2f}%"
    return f'<i class="others" style="{place}" title="{text.USED_BY_OTHERS.format(memory_amount(taken_gb))}"></i>'


def _free_mark(bar: Bar) -> str:
    told = text.FREE_MARK.format(memory_amount(bar.free_gb))
    return f'<i class="free" style="left:{bar.percent(bar.free_gb):.2f}%" title="{told}"></i>'


def _verdict(bar: Bar) -> str:
    shape, words = text.VERDICTS[bar.verdict]
    figures = text.OF_FREE.format(needed=gigabytes(bar.need.gb), free=gigabytes(bar.free_gb))
    in_all = text.IN_ALL.format(total=gigabytes(bar.total_gb))
    said = f'<b class="verdict"><span aria-hidden="true">{shape}</span> {words}</b>'
    return f'<div>{figures}: {said} <span class="in-all">{in_all}</span></div>'


def _legend(bar: Bar) -> str:
    rows = "".join(
        f'<li title="{html.escape(TERMS[name].meaning)}"><i class="term {name}" aria-hidden="true"></i>'
        f"{html.escape(TERMS[name].label)} <span>{memory_amount(gb)}</span></li>"
        for name, gb in bar.terms_gb.items()
    )
    moment = f"<p>{text.WHILE_LOADING}</p>" if bar.need.peak == "loading" else ""
    summary = f"<summary>{text.TERMS_FOLD}</summary>"
    return f'<details class="legend" data-fold="terms">{summary}<ul>{rows}</ul>{moment}</details>'
