"""Well-known models, by their shapes alone."""

from workbench.memory.well_known import well_known

PUBLISHED = {
    "SmolLM2-135M": 134_515_008,
    "SmolLM2-360M": 361_821_120,
    "Qwen2.5-0.5B": 494_032_768,
    "Llama-3.2-1B": 1_235_814_400,
    "Qwen2.5-1.5B": 1_543_714_304,
    "Gemma-2-2B": 2_614_341_888,
    "Llama-3.2-3B": 3_212_749_824,
    "Mistral-7B-v0.3": 7_248_023_552,
    "Llama-3.1-8B": 8_030_261_248,
    "Qwen2.5-14B": 14_770_033_664,
    "Qwen2.5-32B": 32_763_876_352,
    "Llama-3.1-70B": 70_553_706_496,
}
"""What the hub counts in the files of each."""


def test_each_has_as_many_parameters_as_were_published_and_the_smallest_comes_first() -> None:
    assert {facts.name: facts.parameters for facts in well_known()} == PUBLISHED
    assert [facts.name for facts in well_known()] == list(PUBLISHED)


def test_their_layers_are_told_as_a_folder_would() -> None:
    mistral = next(facts for facts in well_known() if facts.name.startswith("Mistral"))
    assert mistral.linear_shapes["model.layers.31.self_attn.k_proj"] == (1024, 4096)
    assert (mistral.dtype, mistral.tied, mistral.size_gb) == ("bf16", False, 2 * mistral.parameters / 1e9)
