"""The table of well-known sizes as the page shows it."""

import re

from workbench.training.sizes import Memory, weigh_all
from workbench.ui.sizes_plot import draw
from workbench.ui.what_fits import describe

LITTLE = Memory(free_gb=4.0, total_gb=6.0)


def test_every_verdict_is_told_in_words_and_by_shape() -> None:
    shown = describe(LITTLE)
    assert shown.count('class="sizes-tune"') == shown.count('class="sizes-ask"') == 12 * 4
    for words in ("● fits", "◐ tight", "◌ not now", "○ will not fit"):
        assert words in shown
    assert "4.0 GB are free now, of 6.0. The largest that can be tuned: " in shown
    assert "Rajbhandari et al. 2020" in shown and "transformers documentation" in shown


def test_the_picture_says_in_words_what_it_shows() -> None:
    picture = draw(weigh_all(LITTLE), LITTLE)
    assert "from SmolLM2-135M to Llama-3.1-70B: full " in picture and "this machine: 6.0 GB" in picture
    assert len(set(re.findall(r'<path d="([^"]+)" transform', picture))) == 4, "a mark for each way"


def test_a_machine_without_room_is_told_so() -> None:
    assert "None of these can be tuned with what is free now." in describe(Memory(0.1, 0.5))
