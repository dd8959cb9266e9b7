"""What is said of a model: one line below the menu, and its fit in a word."""

import html

from workbench.memory.fit import Fit, fit, free_gb
from workbench.models.catalog import STARTER
from workbench.models.facts import ModelFacts
from workbench.ui import text
from workbench.ui import text_models as words
from workbench.ui.quantities import file_size, gigabytes, short_count


def describe_model(model: ModelFacts | None) -> str:
    """One line of facts about a model in the list, as HTML."""
    if model is None:
        return text.CHOOSE_MODEL
    if not model.tunable:
        return html.escape(words.CANNOT_BE_TUNED.format(model.reason))
    line = " · ".join([*map(html.escape, _facts(model)), _fit_words(fit(model, free_gb()))])
    return line + (f". {text.PRACTICE_MODEL}" if model.name == STARTER else "")


def tell_size(model: ModelFacts) -> list[str]:
    """How large it is, how much it reads, and its licence: what is known before it is here, too."""
    facts = [
        words.PARAMETERS.format(short_count(model.parameters)),
        words.READS.format(model.context) if model.context else words.READS_ANY,
        model.licence,
    ]
    return [fact for fact in facts if fact]


def tell_fit(fit: Fit) -> dict[str, str]:
    """The word for a fit and the figure behind it, as the browser draws them."""
    figure = words.ABOUT_GB.format(gigabytes(fit.needed_gb)) + _smaller(fit)
    return {"kind": _kind(fit), "word": fit.verdict, "figure": figure}


def _facts(model: ModelFacts) -> list[str]:
    """What its folder says of it."""
    chat = words.CHAT if model.template else words.NO_CHAT
    return [*tell_size(model), chat, model.dtype, words.ON_DISK.format(file_size(1000 * model.size_gb))]


def _fit_words(fit: Fit) -> str:
    takes = words.TUNING_TAKES.format(gigabytes(fit.needed_gb), _smaller(fit), gigabytes(fit.free_gb))
    return f'<span class="fit {_kind(fit)}"><b>{fit.verdict}</b>: {takes}</span>'


def _smaller(fit: Fit) -> str:
    """A way out for what is tight or too large, if there is one."""
    is_way_out = fit.verdict != "fits" and fit.in_4_bit_gb <= fit.free_gb
    return words.WITH_QLORA.format(gigabytes(fit.in_4_bit_gb)) if is_way_out else ""


def _kind(fit: Fit) -> str:
    return fit.verdict.replace(" ", "-")
