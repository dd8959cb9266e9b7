"""The language of a sample is told, or said to be unsure."""

import pytest

from workbench.data.meaning.language import LANGUAGES, language_of

SENTENCES = {
    "en": "The cat sat on the mat and looked at me. What is the capital of France?",
    "de": "Die Katze sitzt auf der Matte und schaut mich an. Was ist die Hauptstadt von Frankreich?",
    "pl": "Kot siedzi na macie i patrzy na mnie. Jaka jest stolica Francji?",
    "nb": "Katten sitter på matten og ser på meg. Hva er hovedstaden i Frankrike?",
    "da": "Katten sidder på måtten og kigger på mig. Hvad er hovedstaden i Frankrig?",
    "sv": "Katten sitter på mattan och tittar på mig. Vad är huvudstaden i Frankrike?",
    "fr": "Le chat est assis sur le tapis et me regarde. Quelle est la capitale de la France ?",
    "ro": "Pisica stă pe covor și se uită la mine. Care este capitala Franței?",
    "es": "El gato está sentado en la alfombra y me mira. ¿Cuál es la capital de Francia?",
    "it": "Il gatto è seduto sul tappeto e mi guarda. Qual è la capitale della Francia?",
    "pt": "O gato está sentado no tapete e olha para mim. Qual é a capital da França?",
    "nl": "De kat zit op de mat en kijkt naar mij. Wat is de hoofdstad van Frankrijk?",
    "cs": "Kočka sedí na koberci a dívá se na mě. Jaké je hlavní město Francie?",
    "el": "Πώς μπορώ να αλλάξω τον κωδικό μου;",
    "he": "איך אני מאפס את הסיסמה שלי?",
    "ar": "كيف يمكنني إعادة تعيين كلمة المرور؟",
    "ru": "Как мне сбросить пароль?",
    "uk": "Як мені скинути пароль і що робити далі?",
    "zh": "我怎样才能重置我的密码?",
    "ja": "私のパスワードを変更するにはどうすればいいですか",
    "ko": "비밀번호를 어떻게 재설정하나요?",
    "th": "ฉันจะรีเซ็ตรหัสผ่านได้อย่างไร",
    "hi": "मैं अपना पासवर्ड कैसे बदलूं?",
}


def test_every_language_is_told() -> None:
    assert {language: language_of(text) for language, text in SENTENCES.items()} == {code: code for code in SENTENCES}
    assert set(SENTENCES) == set(LANGUAGES)


@pytest.mark.parametrize(
    "text",
    ["", "x", "12 34 56", "foo bar baz qux", "def f(x): return x + 1", "Berlin Paris London Rome",
     "Lorem ipsum dolor sit amet, consectetur adipiscing elit.", "Kissa istuu matolla ja katsoo minua, mutta miksi?"],
)  # fmt: skip
def test_where_it_is_unsure_nothing_is_said(text: str) -> None:
    assert language_of(text) == ""


def test_polish_without_its_letters() -> None:
    assert language_of("Czy mozesz mi powiedziec, jak to zrobic? To nie jest trudne, ale ja nie wiem.") == "pl"


def test_some_foreign_words_do_not_change_a_language() -> None:
    assert language_of(f"{SENTENCES['en'] * 5} Her name is Zoë Müller, and α is a letter. {SENTENCES['ru']}") == "en"
    assert language_of(SENTENCES["ru"] * 2 + " OK, Google") == "ru"
