"""How a conversation was written in training goes with the adapter, and Chat asks in the same way."""

import json
from pathlib import Path

from tests.tiny import make_tokenizer
from tests.training.in_process import create, train
from workbench.chat.questions import ORIGINAL, TUNED, question_for
from workbench.config.run_config import RunConfig
from workbench.models.templates import choose_template
from workbench.training.dataset import load

PROMPT = "You are a careful sailor."


def test_template_and_system_prompt_lie_beside_the_adapter(config: RunConfig, root: Path) -> None:
    asked = config.changed("data.system_prompt", PROMPT).changed("data.template", "plain")
    run = train(create(asked.changed("training.max_steps", 1), root))
    assert json.loads((run.adapter_dir / "workbench.json").read_text()) == {
        "template": "plain",
        "system_prompt": PROMPT,
    }
    template = (run.adapter_dir / "chat_template.jinja").read_text()
    assert template == choose_template("plain", make_tokenizer())
    text = make_tokenizer().decode(load(run, run.config()).training[0].input_ids)
    assert PROMPT in text
    assert "### Question:" in text


def test_chat_says_the_system_prompt_first_unless_there_is_another(config: RunConfig, root: Path) -> None:
    asked = config.changed("data.system_prompt", PROMPT).changed("training.max_steps", 1)
    run = train(create(asked, root))
    hello, other = {"role": "user", "content": "Hello"}, {"role": "system", "content": "Be brief."}
    question = question_for(run, {ORIGINAL: [hello], TUNED: [other, hello]})
    original, tuned = question.targets
    assert original.messages == ({"role": "system", "content": PROMPT}, hello)
    assert tuned.messages == (other, hello)
