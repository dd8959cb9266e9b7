"""The Modelfile says how the model was trained to be asked; adapters that GGUF cannot hold are refused by name."""

import json
from pathlib import Path

import pytest

from tests.tiny import make_tokenizer
from tests.training.blended import made_run
from workbench.errors import RunError
from workbench.export.gguf.go_templates import go_template, known_as
from workbench.export.gguf.modelfile import write_modelfile
from workbench.export.gguf.plain_lora import check_plain_lora
from workbench.models.templates import BUILT_IN, choose_template
from workbench.runs.run_dir import RunDir


@pytest.mark.parametrize("name", BUILT_IN)
def test_each_built_in_template_is_known_again_and_has_a_form_for_ollama(name: str) -> None:
    tokenizer = make_tokenizer()
    tokenizer.chat_template = choose_template(name, tokenizer)
    assert known_as(tokenizer) == name
    assert "<|im_end|>" in go_template(name, "<|im_end|>")


def test_it_names_the_file_the_template_the_system_text_and_where_to_stop(tmp_path: Path) -> None:
    write_modelfile(tmp_path, ("FROM ./pirate-F16.gguf",), make_tokenizer(), "Be a pirate.")
    assert (tmp_path / "Modelfile").read_text().splitlines() == [
        "FROM ./pirate-F16.gguf",
        "",
        'TEMPLATE """{{ range .Messages }}<|im_start|>{{ .Role }}',
        "{{ .Content }}<|im_end|>",
        "{{ end }}<|im_start|>assistant",
        '"""',
        "",
        'SYSTEM """Be a pirate."""',
        "",
        'PARAMETER stop "<|im_end|>"',
        "PARAMETER temperature 0.7",
        "PARAMETER top_p 0.9",
        "PARAMETER repeat_penalty 1.1",
    ]


def test_a_template_of_its_own_is_left_to_the_gguf_file(tmp_path: Path) -> None:
    tokenizer = make_tokenizer(template="{% for message in messages %}~{{ message['content'] }}<|im_end|>{% endfor %}")
    write_modelfile(tmp_path, ("FROM ./own.gguf",), tokenizer, "")
    assert "TEMPLATE" not in (tmp_path / "Modelfile").read_text()


@pytest.fixture
def run(root: Path, tiny_model: Path) -> RunDir:
    return made_run(root, tiny_model, "tuned")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"use_dora": True}, "DoRA"),
        ({"modules_to_save": ["lm_head"]}, r"lm_head"),
        ({"bias": "all"}, "biases"),
        ({"target_modules": ["embed_tokens"]}, "beside the embedding"),
        ({"target_modules": ["lm_head"]}, "output layer"),
    ],
)
def test_what_is_no_plain_lora_is_refused_by_name(run: RunDir, change: dict[str, object], said: str) -> None:
    check_plain_lora(run)
    config = run.adapter_dir / "adapter_config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | change))
    with pytest.raises(RunError, match=said):
        check_plain_lora(run)
