"""The checks of the examination pass right answers and no others."""

import pytest

from starter.heldout import build_prompts


@pytest.mark.parametrize(
    ("prompt", "right", "wrong"),
    [
        ("What would a duck say to me?", "The duck says quack.", "The duck says moo."),
        ("Tell me the result of seven plus five.", "Seven plus five is twelve.", "Twelve plus five is eleven."),
        ("15 minus 5 would be what?", "15 minus 5 is 10.", "15 minus 5 is 11."),
        ("Begin at 1 and count up to 5.", "1, 2, 3, 4, 5.", "1, 2, 3, 5."),
        ("Friday is over. Which day comes now?", "After Friday comes Saturday.", "After Friday comes Sunday."),
        (
            "Please tell me the story of a queen and a bell.",
            "Once there was a queen. She found a bell.",
            "Once there was a queen. She found a drum.",
        ),
        ("Please tell me the story of a fox.", "A fox ran. It was happy.", "A fox."),
        ("I am stuck and need help.", "Of course! What do you need?", "Cake is nice."),
    ],
)
def test_check(prompt: str, right: str, wrong: str) -> None:
    check = next(held.check for held in build_prompts() if held.prompt == prompt)
    assert check(right)
    assert not check(wrong)
