"""“How to use it”: exact commands and code for what was exported, for other programs than this one."""

import json
from collections.abc import Callable
from pathlib import Path

from workbench.config.names import slug
from workbench.export.record.facts import Facts
from workbench.methods.changed_weights import is_changed_weights

_QUESTION = "Hello!"
_MOST_TOKENS = 200
BENEATH = "beneath"
"""The folder of an adapter that is merged into the model first."""

_CHAT = """turns = [{system}{{"role": "user", "content": "{question}"}}]
inputs = tokenizer.apply_chat_template(turns, add_generation_prompt=True, return_dict=True, return_tensors="pt")
output = model.generate(**inputs, max_new_tokens={most}, do_sample=False)
print(tokenizer.decode(output[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True))"""

_CONTINUE = """inputs = tokenizer("{question}", return_tensors="pt")
output = model.generate(**inputs, max_new_tokens={most}, do_sample=False)
print(tokenizer.decode(output[0], skip_special_tokens=True))"""

_MERGED = """A model folder like any other. Run this in the folder that holds this file; from elsewhere, put its place,
or its name on the hub, in place of the dot:

```python
from transformers import AutoModelForCausalLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained(".")
model = AutoModelForCausalLM.from_pretrained(".")

{talk}
```
"""

_ADAPTER = """It needs the model that it was trained on: {base}. Run this in the folder that holds this file{place}:

```python
{imports}

tokenizer = AutoTokenizer.from_pretrained(".")
model = AutoModelForCausalLM.from_pretrained({quoted_base}, dtype="float32")
{attached}

{talk}
```
"""

_OLLAMA = """With Ollama, in the folder that holds this file:

```sh
ollama create {name} -f Modelfile
ollama run {name}
```

"""

_GGUF = """With llama.cpp:

```sh
llama-cli -m {file} -cnv
```

LM Studio, and other programs that build on llama.cpp, open the same file.
"""

_BASE_BESIDE = """It needs a GGUF file of the model that it was trained on, {base}. Put that beside this file, as
base.gguf. Of many models there is one on the hub; of others, a script of llama.cpp's repository makes one. Put the
place of the model's folder in the command:

```sh
python convert_hf_to_gguf.py "FOLDER OF THE MODEL" --outfile base.gguf --outtype f16
```

It does not know every tokenizer. Where it refuses one, take the whole model as a GGUF file instead of the LoRA alone.

"""

_GGUF_LORA = """With llama.cpp:

```sh
llama-cli -m base.gguf --lora {file} -cnv
```
"""

_RUN = """It is a run of LoRA Workbench as it stood where it was made, without the examples that it learned from.
Another workbench takes it in, as a zip file or as this folder: on its page under Runs, “Import an adapter”, or in a
terminal, with the place of the file in the command:

```sh
python -m workbench import {name}.zip --model {base}
```
"""


def usage(facts: Facts, folder: Path) -> str:
    """Of the files in the folder."""
    return _USAGES[facts.target](facts, folder)


def _merged(facts: Facts, folder: Path) -> str:
    return _MERGED.format(talk=_talk(facts, folder))


def _adapter(facts: Facts, folder: Path) -> str:
    imports, attached = _attachment(folder)
    place = "" if facts.base.hub_id else f", with the place of {facts.base.name} in its code"
    base = facts.base.hub_id or facts.base.name
    told = {"base": base, "quoted_base": json.dumps(base, ensure_ascii=False), "place": place}
    return _ADAPTER.format(**told, imports=imports, attached=attached, talk=_talk(facts, folder))


def _gguf(facts: Facts, folder: Path) -> str:
    return f"{_ollama(facts, folder)}{_GGUF.format(file=_gguf_file(folder))}"


def _gguf_lora(facts: Facts, folder: Path) -> str:
    first = _BASE_BESIDE.format(base=facts.base.name)
    return f"{first}{_ollama(facts, folder)}{_GGUF_LORA.format(file=_gguf_file(folder))}"


def _run(facts: Facts, _: Path) -> str:
    return _RUN.format(name=slug(facts.name), base=facts.base.hub_id or facts.base.name)


_USAGES: dict[str, Callable[[Facts, Path], str]] = {
    "adapter": _adapter,
    "merged": _merged,
    "gguf": _gguf,
    "gguf-lora": _gguf_lora,
    "run": _run,
}
"""By the names of `targets.TARGETS`."""


def _talk(facts: Facts, folder: Path) -> str:
    if not (folder / "chat_template.jinja").is_file():
        return _CONTINUE.format(question=_QUESTION, most=_MOST_TOKENS)
    turn = json.dumps({"role": "system", "content": facts.system_prompt}, ensure_ascii=False)
    return _CHAT.format(system=f"{turn}, " if facts.system_prompt else "", question=_QUESTION, most=_MOST_TOKENS)


def _attachment(folder: Path) -> tuple[str, str]:
    """The imports, and how what was trained is put onto the model."""
    stock = "from transformers import AutoModelForCausalLM, AutoTokenizer"
    beneath = [f'model = PeftModel.from_pretrained(model, "{BENEATH}").merge_and_unload()']
    lines = beneath if (folder / BENEATH).is_dir() else []
    if is_changed_weights(folder):
        peft = "from peft import PeftModel\n" if lines else ""
        load = 'model.load_state_dict(load_file("weights.safetensors"), strict=False)'
        return f"{peft}from safetensors.torch import load_file\n{stock}", "\n".join([*lines, load])
    own = "import bottleneck_tuner\n" if (folder / "bottleneck_tuner.py").is_file() else ""
    return f"{own}from peft import PeftModel\n{stock}", "\n".join([*lines, *_adapters(folder)])


def _adapters(folder: Path) -> list[str]:
    if (folder / "adapter_config.json").is_file():
        return ['model = PeftModel.from_pretrained(model, ".")']
    parts = sorted(path.parent.name for path in folder.glob("*/adapter_config.json") if path.parent.name != BENEATH)
    return ["base = model", *(f'model = PeftModel.from_pretrained(base, "{part}")' for part in parts)]


def _ollama(facts: Facts, folder: Path) -> str:
    return _OLLAMA.format(name=slug(facts.name)) if (folder / "Modelfile").is_file() else ""


def _gguf_file(folder: Path) -> str:
    return next((path.name for path in sorted(folder.glob("*.gguf"))), "FILE.gguf")
