"""What a model of the hub consists of, and whether it can be tuned, found out before anything large is fetched.

Only a process that asks the hub loads this.
"""

import re
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from huggingface_hub import HfApi

from workbench.errors import ModelError
from workbench.hub import answers
from workbench.hub.answers import Asked
from workbench.hub.files import Place, RemoteFile, fetch, is_intact
from workbench.hub.token import token
from workbench.models.hub.request import ModelRequest
from workbench.models.screen import MAX_CONFIG_BYTES, check_config, read_object

_CONFIG = "config.json"
_SINGLE = "model.safetensors"
_INDEX = "model.safetensors.index.json"
_SHARD = re.compile(r"model-\d+-of-\d+\.safetensors")
_PICKLES = (".bin", ".pt", ".pth", ".ckpt")
_BESIDE = frozenset(
    {
        *("generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"),
        *("added_tokens.json", "vocab.json", "merges.txt", "vocab.txt", "tokenizer.model", "chat_template.jinja"),
        *("chat_template.json", "README.md"),
    }
)
_TERMS = re.compile(r"(LICEN[CS]E|NOTICE|USE_POLICY)[\w.-]*")
_ANSWER_SECONDS = 20.0
_OTHER = "Choose another model."


@dataclass(frozen=True)
class Listing:
    """The files of a model that are needed here, at one commit, and its config."""

    request: ModelRequest
    commit: str
    files: tuple[RemoteFile, ...]
    config: dict[str, Any]
    parameters: int
    """Those of the weights; about, where the hub has not counted them."""
    licence: str

    @property
    def place(self) -> Place:
        return Place(self.request.id, self.commit)

    @property
    def size_bytes(self) -> int:
        return sum(file.size for file in self.files)


def resolve(request: ModelRequest) -> Listing:
    """Find out what to fetch. Raises ModelError for what is not there, not given out, or cannot be tuned."""
    with told(request):
        api = HfApi(token=token())
        info = api.model_info(request.id, revision=request.asked_revision, files_metadata=True, timeout=_ANSWER_SECONDS)
        place = Place(request.id, str(info.sha))
        there = {file.rfilename: RemoteFile.of(file) for file in info.siblings or ()}
        _check_answer(place)
        _check_kind(request.id, there)
        files = tuple(there[name] for name in sorted(there) if _is_needed(name, there))
        _check_hashes(request.id, files)
        config = _read_config(place, there[_CONFIG])
    check_config(config)
    parameters = info.safetensors.total if info.safetensors else _about(files, config)
    return Listing(request, place.commit, files, config, parameters, _licence(info.card_data))


def told(request: ModelRequest) -> AbstractContextManager[None]:
    """What goes wrong between here and the hub, in words."""
    return answers.told(Asked("model", request.id, request.asked_revision, ModelError))


def _check_answer(place: Place) -> None:
    # The folder of the files is called after it.
    if not re.fullmatch(r"[0-9a-f]{40}", place.commit):
        raise ModelError(f"This hub does not say which state of “{place.id}” it has.", "Ask another hub (HF_ENDPOINT).")


def _check_kind(id: str, there: dict[str, RemoteFile]) -> None:
    """What the names of the files tell."""
    if _CONFIG not in there:
        raise _no_model(id, there)
    if not any(name == _SINGLE or _SHARD.fullmatch(name) for name in there):
        pickle = next((name for name in sorted(there) if name.endswith(_PICKLES)), "")
        if pickle:
            message = f"The weights of “{id}” are in {pickle}, a kind of file that can run programs."
            raise ModelError(message, "Look for a copy of this model with safetensors files.")
        raise ModelError(f"“{id}” has no weights in safetensors files.", _OTHER)
    if "tokenizer.json" not in there and not {"vocab.json", "merges.txt"} <= there.keys():
        raise ModelError(f"“{id}” has no tokenizer.json, without which text cannot be read.", _OTHER)


def _no_model(id: str, there: dict[str, RemoteFile]) -> ModelError:
    if "adapter_config.json" in there:
        return ModelError(f"“{id}” is an adapter, not a whole model.", "Choose the model that it was made for.")
    if any(name.endswith(".gguf") for name in there):
        message = f"“{id}” holds GGUF files, which are for running a model, not for tuning it."
        return ModelError(message, "Choose the original model.")
    return ModelError(f"“{id}” holds no model: it has no {_CONFIG}.", _OTHER)


def _is_needed(name: str, there: dict[str, RemoteFile]) -> bool:
    return _is_weights(name, there) or name == _CONFIG or name in _BESIDE or _TERMS.fullmatch(name) is not None


def _is_weights(name: str, there: dict[str, RemoteFile]) -> bool:
    """Some repositories hold the weights twice: in one file and in several."""
    if _SINGLE in there:
        return name == _SINGLE
    return name == _INDEX or _SHARD.fullmatch(name) is not None


def _check_hashes(id: str, files: tuple[RemoteFile, ...]) -> None:
    unknown = next((file.path for file in files if not file.hash), "")
    if unknown:
        message = f"This hub does not say how {unknown} of “{id}” can be checked once it is here."
        raise ModelError(message, "Fetch it from another hub: HF_ENDPOINT names the one that is asked.")


def _read_config(place: Place, file: RemoteFile) -> dict[str, Any]:
    if file.size > MAX_CONFIG_BYTES:
        raise ModelError(f"The {_CONFIG} of “{place.id}” is larger than {MAX_CONFIG_BYTES // 1_000_000} MB.", _OTHER)
    with TemporaryDirectory() as folder:
        path = Path(folder) / _CONFIG
        fetch(place, file, path, lambda more: None)
        if not is_intact(path, file):
            raise ModelError(f"{_CONFIG} of “{place.id}” did not arrive as it was sent.", "Try again.")
        return read_object(path)


def _about(files: tuple[RemoteFile, ...], config: dict[str, Any]) -> int:
    """From the size of the weights: 2 bytes each, or 4."""
    weights_bytes = sum(file.size for file in files if file.path.endswith(".safetensors"))
    return weights_bytes // (4 if config.get("dtype", config.get("torch_dtype")) == "float32" else 2)


def _licence(card: Any) -> str:
    """As the card names it; a text by strangers."""
    named = getattr(card, "license", None)
    return named[:60] if isinstance(named, str) else ""
