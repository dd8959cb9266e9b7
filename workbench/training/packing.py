"""Where examples can be packed, and what `auto` batching becomes. No torch."""

ARCHITECTURES = frozenset(
    {
        *("ApertusForCausalLM", "ArceeForCausalLM", "BitNetForCausalLM", "Cohere2ForCausalLM", "CohereForCausalLM"),
        *("Ernie4_5ForCausalLM", "Exaone4ForCausalLM", "GPT2LMHeadModel", "GPTBigCodeForCausalLM"),
        *("GPTNeoXForCausalLM", "Gemma3ForCausalLM", "GemmaForCausalLM", "Glm4ForCausalLM", "GlmForCausalLM"),
        *("GraniteForCausalLM", "HeliumForCausalLM", "LlamaForCausalLM", "Ministral3ForCausalLM", "MistralForCausalLM"),
        *("MixtralForCausalLM", "Olmo2ForCausalLM", "Olmo3ForCausalLM", "OlmoForCausalLM", "OlmoeForCausalLM"),
        *("Phi3ForCausalLM", "PhiForCausalLM", "Qwen2ForCausalLM", "Qwen2MoeForCausalLM", "Qwen3ForCausalLM"),
        *("Qwen3MoeForCausalLM", "SeedOssForCausalLM", "SmolLM3ForCausalLM", "StableLmForCausalLM"),
        *("Starcoder2ForCausalLM",),
    }
)
"""Those whose every layer keeps packed examples apart, whatever their config says; each is proved by a test.

Others may do so too: one that is asked for by name is tried before the run, and refused if it does not.
"""


def choose_batching(architecture: str, *, packs: bool) -> tuple[str, str]:
    """What `auto` becomes, and why; `packs` tells whether the method allows packing."""
    if not packs:
        return "grouped", "fastest where the method puts words of its own before each example"
    if architecture in ARCHITECTURES:
        return "packed", "fastest: no padding is computed"
    return "grouped", "little padding; this kind of model may mix packed examples up"
