"""Nearness to what was expected, against values of the reference tools, and in scripts without spaces."""

import subprocess
import sys

import pytest

from workbench.chat.scores.overlap import overlap, rouge_l, split_words


@pytest.mark.parametrize(
    ("answer", "expected", "value"),
    [
        ("the cat sat on the mat", "the cat lay on a mat", 0.666667),
        ("Ahoy, matey! What be ye looking for?", "Hello! What are you looking for today?", 0.428571),
        ("Seven plus five is twelve.", "Twelve.", 0.333333),
        ("a b c d e", "e d c b a", 0.2),
        ("one two", "", 0.0),
    ],
)
def test_rouge_l_is_that_of_google_where_that_can_be_asked(answer: str, expected: str, value: float) -> None:
    # As rouge-score 0.1.2 gives them.
    assert rouge_l(answer, expected) == pytest.approx(value, abs=1e-6)


def test_words_are_found_in_other_scripts() -> None:
    assert split_words("Don't stop_me, Zoë!") == ["don", "t", "stop", "me", "zoë"]
    assert split_words("你好，世界 ok2") == ["你", "好", "世", "界", "ok2"]
    assert split_words("हिन्दी भाषा") == ["हिन्दी", "भाषा"]
    assert split_words("กินข้าว") == ["กิ", "น", "ข้", "า", "ว"]
    assert split_words("日本go") == ["日", "本", "go"]


def test_answers_in_chinese_and_thai_are_compared() -> None:
    assert rouge_l("我喜欢猫", "我喜欢狗") == pytest.approx(0.75)
    assert 0 < rouge_l("ฉันชอบแมว", "ฉันชอบหมา") < 1


def test_scores_go_from_nothing_to_a_hundred() -> None:
    same = overlap(["Ahoy  there!\n", "好的"], ["Ahoy there!", "好的"])
    assert (same.exact, same.rouge_l) == (100, 100)
    assert same.chrf == pytest.approx(100)
    half = overlap(["yes", "xqzj"], ["yes", "no"])
    assert half.exact == 50
    assert half.rouge_l == 50
    assert 0 < half.chrf < 100


def test_chrf_is_that_of_sacrebleu() -> None:
    # As `sacrebleu --metrics chrf` prints it.
    assert overlap(["The cat sat on the mat."], ["The cat is on the mat."]).chrf == pytest.approx(67.17, abs=0.01)


def test_the_page_and_the_command_line_load_none_of_it() -> None:
    loaded = "{'sacrebleu', 'rapidfuzz'} & {*sys.modules}"
    asked = f"import sys, workbench.cli, workbench.chat.scores.overlap; print({loaded})"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert told == "set()\n"
