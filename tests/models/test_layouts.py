"""How models are built, asked of a process that holds no weights."""

import errno
import json
import re
import shutil
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM

from tests.models.test_facts import config
from tests.tiny import KINDS, make_model
from workbench.config.before import PrefixTuningSettings
from workbench.errors import ModelError
from workbench.jobs.folder import Status
from workbench.methods.prefix_tuning import PrefixTuning
from workbench.models import layouts
from workbench.models.architectures import causal_model_types
from workbench.models.facts import ModelFacts, facts
from workbench.models.layout import Layout, role_of
from workbench.models.layout_reader import read_layout
from workbench.models.load import load_model, load_outline
from workbench.models.plain import PLAIN_KINDS
from workbench.models.quantization import WHOLE
from workbench.models.tokenizer import UNREADABLE

NAMES = {
    "model.layers.0.self_attn.q_proj": "attention",
    "transformer.h.0.attn.c_proj": "attention",
    "transformer.h.0.self_attention.query_key_value": "attention",
    "transformer.h.0.mlp.c_proj": "mlp",
    "model.decoder.layers.0.fc1": "mlp",
    "model.layers.0.mlp.gate_up_proj": "mlp",
    "model.layers.0.mlp.shared_expert.up_proj": "mlp",
    "model.layers.0.mlp.gate": "router",
    "model.layers.0.block_sparse_moe.experts.3.w1": "experts",
    "backbone.layers.0.mixer.in_proj": "other",
}


def outline(known: ModelFacts) -> ModelFacts:
    return layouts.with_layout(known, read_layout(load_outline(known.path)))


def answer_for(folder: Path, root: Path) -> None:
    """What the process would leave behind."""
    path = root / "cache" / "layouts" / layouts.key(folder) / "layout.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(read_layout(load_outline(folder)).to_json()))


@pytest.fixture
def gpt2(tmp_path: Path) -> Path:
    return make_model(tmp_path / "gpt2", "gpt2")


@pytest.mark.parametrize("name", NAMES)
def test_a_layer_is_known_by_its_name(name: str) -> None:
    assert role_of(name) == NAMES[name]


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tied", [True, False])
def test_a_layout_without_weights_is_that_of_the_model_with_them(kind: str, tied: bool, tmp_path: Path) -> None:
    folder = make_model(tmp_path / kind, kind, tied=tied)
    model = load_model(folder, "fp32", "cpu")
    known = outline(facts(folder))
    assert read_layout(model) == read_layout(load_outline(folder))
    assert known.parameters == sum(weight.numel() for weight in model.parameters()) == facts(folder).parameters
    assert known.tied == tied
    assert {known.linear_shapes[name] for name in known.linear_shapes} <= {
        (module.weight.shape if not known.conv1d else module.weight.T.shape)
        for name, module in model.named_modules()
        if name in known.linear_shapes
    }


@pytest.mark.slow
def test_every_kind_that_transformers_builds_by_default_has_layers_to_adapt() -> None:
    layouts_of = {kind: read_layout(model) for kind in sorted(causal_model_types()) if (model := built(kind))}
    assert len(layouts_of) > 160
    assert [kind for kind, layout in layouts_of.items() if not layout.linear_shapes] == []
    assert all(Layout.from_json(json.loads(json.dumps(layout.to_json()))) == layout for layout in layouts_of.values())


def built(kind: str) -> Any:
    """A model without weights after the kind's own defaults, None where they contradict each other."""
    try:
        with torch.device("meta"):
            return AutoModelForCausalLM.from_config(AutoConfig.for_model(kind))
    except UNREADABLE:
        return None


@pytest.mark.slow
@pytest.mark.parametrize("kind", PLAIN_KINDS)
@pytest.mark.parametrize("tied", [True, False])
def test_of_the_usual_kinds_the_files_say_as_much(kind: str, tied: bool, tmp_path: Path, root: Path) -> None:
    known = facts(make_model(tmp_path / kind, kind, tied=tied))
    assert asdict(outline(known)) == asdict(known)
    assert layouts.look(known, root) == known
    assert not (root / "cache").exists()


@pytest.mark.slow
def test_a_model_is_asked_about_once(gpt2: Path, root: Path) -> None:
    known = facts(gpt2)
    assert layouts.look(known, root) is None
    learned = layouts.learn(known, root)
    assert asdict(learned) == asdict(outline(known))
    began = time.monotonic()
    assert layouts.look(known, root) == layouts.recall(known, root) == learned
    assert time.monotonic() - began < 0.5
    assert len(list((root / "cache" / "layouts").iterdir())) == 1


@pytest.mark.slow
def test_a_config_that_no_model_can_be_built_after_is_a_reason(gpt2: Path, root: Path) -> None:
    config(n_head=5)(gpt2)
    assert facts(gpt2).tunable
    refused = layouts.learn(facts(gpt2), root)
    assert not refused.tunable
    assert "No model can be built after config.json" in str(refused.reason)
    assert layouts.recall(facts(gpt2), root).reason == refused.reason


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"n_inner": 256}, r"mlp\.c_fc is 128 × 64, not 256 × 64"),
        ({"n_layer": 3}, r"4 layers of it are missing, such as transformer\.h\.2\.attn\.c_attn"),
    ],
)
def test_a_config_that_lies_about_sizes_is_a_reason(change: dict[str, int], why: str, gpt2: Path, root: Path) -> None:
    config(**change)(gpt2)
    answer_for(gpt2, root)
    refused = layouts.recall(facts(gpt2), root)
    assert not refused.tunable
    assert re.search(why, str(refused.reason))


def test_a_model_without_attention_has_no_keys_to_put_a_prefix_before(tmp_path: Path) -> None:
    AutoConfig.for_model("mamba", hidden_size=64, num_hidden_layers=2, vocab_size=400).save_pretrained(tmp_path)
    known = layouts.with_layout(ModelFacts("mamba", tmp_path), read_layout(load_outline(tmp_path)))
    assert known.names_by_role["other"] == ["dt_proj", "in_proj", "out_proj", "x_proj"]
    assert "keeps none" in str(PrefixTuning().refuses(PrefixTuningSettings(), known, WHOLE))


def test_until_it_is_asked_about_a_model_is_as_its_files_say(gpt2: Path, root: Path) -> None:
    known = facts(gpt2)
    assert layouts.recall(known, root) is known
    assert not (root / "cache").exists()


def test_an_asking_that_was_cut_short_is_told_once(gpt2: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []
    monkeypatch.setattr(layouts.supervisor, "start", lambda job, *rest: started.append(job))
    assert layouts.look(facts(gpt2), root) is None
    started[0].write_status(Status("failed", message="The computer ran out of memory."))
    with pytest.raises(ModelError, match=r"could not be listed\. The computer ran out of memory"):
        layouts.look(facts(gpt2), root)
    assert layouts.look(facts(gpt2), root) is None
    assert len(started) == 2


def test_a_full_disk_is_told(gpt2: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(layouts.supervisor, "start", start)
    with pytest.raises(ModelError, match="cannot be written to: No space left"):
        layouts.look(facts(gpt2), root)


def test_another_config_is_asked_about_anew(gpt2: Path, tmp_path: Path, root: Path) -> None:
    other = Path(shutil.copytree(gpt2, tmp_path / "other"))
    config(n_head=2)(other)
    for folder in (gpt2, other):
        answer_for(folder, root)
    assert [layouts.recall(facts(folder), root).head_size for folder in (gpt2, other)] == [16, 32]
