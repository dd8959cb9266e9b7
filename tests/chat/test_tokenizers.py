"""Each answerer reads the conversation in the form that it was trained with."""

from pathlib import Path

from workbench.chat.protocol import Target
from workbench.chat.tokenizers import Tokenizers

TALK = [{"role": "user", "content": "Hello!"}]


def written(tokenizers: Tokenizers, target: Target) -> str:
    return str(tokenizers.of(target).apply_chat_template(TALK, tokenize=False))


def test_the_template_saved_with_an_adapter_comes_before_the_named_one(tiny_model: Path, tmp_path: Path) -> None:
    (tmp_path / "chat_template.jinja").write_text("{% for m in messages %}[{{ m['content'] }}]{% endfor %}")
    tokenizers = Tokenizers(tiny_model)
    saved, named, own = Target("a", adapter=str(tmp_path)), Target("b", template="alpaca"), Target("c")
    assert written(tokenizers, saved) == "[Hello!]"
    assert "### Instruction:" in written(tokenizers, named)
    assert written(tokenizers, own) not in (written(tokenizers, saved), written(tokenizers, named))


def test_a_tokenizer_is_loaded_once_for_all_who_share_it(tiny_model: Path) -> None:
    tokenizers = Tokenizers(tiny_model)
    assert tokenizers.of(Target("one")) is tokenizers.of(Target("two"))
