"""All that a GGUF file says of a tokenizer."""

import json
import re
from typing import TYPE_CHECKING, Any

from workbench.errors import ModelError
from workbench.export.gguf.families.family import INSTEAD
from workbench.export.gguf.vocabulary.pieces import describe_pieces, is_of_pieces
from workbench.export.gguf.vocabulary.tokens import describe_tokens, list_tokens, strips_as_phi_3
from workbench.export.gguf.vocabulary.words import name_of_splitting
from workbench.models.templates import end_of_turn

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Values = dict[str, Any]

_PROBE = "a"
_PHI_3 = re.compile(r"phi-?3", re.IGNORECASE)


def describe_vocabulary(tokenizer: "PreTrainedTokenizerBase", rows: int) -> Values:
    """Of a model with `rows` tokens. Raises ModelError for a tokenizer that GGUF cannot tell."""
    rules = _rules(tokenizer)
    tokens = list_tokens(rules, rows)
    told, tokens = describe_pieces(rules, tokens) if is_of_pieces(rules) else (_describe_bytes(rules), tokens)
    told |= describe_tokens(tokens) | _describe_marks(tokenizer)
    return told | ({"tokenizer.chat_template": tokenizer.chat_template} if tokenizer.chat_template else {})


def name_for(name: str, tokenizer: "PreTrainedTokenizerBase") -> str:
    """What a model is to be called in its file: llama.cpp takes whatever has Phi-3 in its name for one, and swallows
    the spaces behind its marks. Raises ModelError where a tokenizer swallows others.
    """
    plain = _PHI_3.sub("Phi 3", name)
    return f"Phi-3 {plain}" if strips_as_phi_3(_rules(tokenizer)) else plain


def _rules(tokenizer: Any) -> dict[str, Any]:
    """As the tokenizer follows them, which may be others than its file says."""
    if not tokenizer.is_fast:
        raise ModelError("The model's tokenizer is of a kind that is not written to GGUF.", INSTEAD)
    rules: dict[str, Any] = json.loads(tokenizer.backend_tokenizer.to_str())
    if rules["model"]["type"] != "BPE":
        raise ModelError(f"Tokenizers of the kind {rules['model']['type']} are not written to GGUF.", INSTEAD)
    return rules


def _describe_bytes(rules: dict[str, Any]) -> Values:
    merges = [" ".join(pair) for pair in rules["model"]["merges"]]
    way = name_of_splitting(rules)
    return {"tokenizer.ggml.model": "gpt2", "tokenizer.ggml.pre": way, "tokenizer.ggml.merges": merges}


def _describe_marks(tokenizer: Any) -> Values:
    """Which tokens begin and end a text and a turn, and which of them stand around each text unasked."""
    if tokenizer.eos_token_id is None:
        raise ModelError("The model's tokenizer has no end-of-text mark, which a GGUF file must name.", INSTEAD)
    ids = {
        "bos": tokenizer.bos_token_id,
        "eos": tokenizer.eos_token_id,
        "unknown": tokenizer.unk_token_id,
        "padding": tokenizer.pad_token_id,
        "eot": _end_of_turn(tokenizer),
    }
    known = {f"tokenizer.ggml.{name}_token_id": number for name, number in ids.items() if number is not None}
    return known | _describe_frame(tokenizer)


def _describe_frame(tokenizer: Any) -> Values:
    bare, framed = (tokenizer.encode(_PROBE, add_special_tokens=framed) for framed in (False, True))
    begins = framed[:1] == [tokenizer.bos_token_id]
    ends = framed[-1:] == [tokenizer.eos_token_id]
    expected = [tokenizer.bos_token_id] * begins + bare + [tokenizer.eos_token_id] * ends
    if framed != expected:
        raise ModelError("The model's tokenizer puts marks around texts that a GGUF file cannot tell.", INSTEAD)
    return {"tokenizer.ggml.add_bos_token": begins, "tokenizer.ggml.add_eos_token": ends}


def _end_of_turn(tokenizer: Any) -> int | None:
    mark = end_of_turn(tokenizer)
    number = tokenizer.convert_tokens_to_ids(mark) if mark else None
    return None if number == tokenizer.eos_token_id else number
