"""What a token leaves in a layer: by hand, and as it was counted, tensor by tensor, while a model computed."""

import pytest

from workbench.memory.kept import Kept, Place, Widths

# hidden 10, queries 20, keys 5, gate and up 60, their product 30; all seven products read 3·10 + 20 + 2·10 + 30.
_WIDTHS = Widths(10, 20, 5, 60, 30, 100, heads=2, normed_heads=False)


def test_in_fp32_products_that_read_the_same_keep_it_once() -> None:
    adapted = Kept(_WIDTHS, "beside", 4)
    assert adapted.norms == 4 * (2 * 10 + 2)
    assert adapted.attention == 4 * (20 + 5 + 5 + 20) + 4 * 2
    assert adapted.feed_forward == 4 * (60 + 30)
    assert adapted.inputs == 4 * (10 + 10 + 30 + 20)
    assert Kept(_WIDTHS, "beside", 4, joined=False).inputs == 4 * (10 + 10 + 30)


def test_in_16_bits_each_product_keeps_a_copy_and_norms_stay_in_fp32() -> None:
    adapted = Kept(_WIDTHS, "beside", 2)
    assert (adapted.norms, adapted.inputs) == (4 * (2 * 10 + 2), 2 * 100)
    assert Kept(_WIDTHS, "beside", 2, int8=True).inputs == 2 * (100 + 10 + 10 + 30 + 20)


def test_what_learns_nothing_keeps_no_input_and_what_learns_inside_keeps_what_a_norm_scales() -> None:
    assert Kept(_WIDTHS, "around", 4).inputs == 0
    assert Kept(_WIDTHS, "inside", 4).norms == 4 * (4 * 10 + 2)


@pytest.mark.parametrize(
    ("place", "plain", "counted"),
    [("beside", 2, 729_411), ("inside", 4, 1_178_179), ("inside", 2, 1_098_051)],
)
def test_it_is_what_was_counted_at_the_turn_of_a_llama(place: Place, plain: int, counted: int) -> None:
    """64 tokens in four examples, 60 of them learned, through 3 layers with a rank of 8 beside all products."""
    counted_in = Widths(64, 96, 48, 320, 160, 576, heads=4, normed_heads=False)
    adapters = 3 * 8 * (2 * 160 + 2 * 112 + 3 * 224)
    of_layers = 3 * Kept(counted_in, place, plain).bytes
    if place == "beside":
        own, in_16_bits = plain * 3 * 7 * 8, 2 * adapters
    else:
        # The last norm, and the products' weights in 16 bits, those of the output layer among them.
        own, in_16_bits = 8 * 64, 2 * (3 * (2 * 64 * 96 + 2 * 64 * 48 + 3 * 64 * 160) + 256 * 64)
    taken = 64 * (of_layers + own) + 60 * 256 * plain + in_16_bits * (plain == 2)
    assert taken == pytest.approx(counted, rel=0.01)
