"""What is watched while a run trains."""

from typing import Any

from pydantic import field_validator

from workbench.config.fields import Section, setting

_MOST_CHARACTERS = 2000


class EvaluationSettings(Section):
    prompts: list[str] = setting(
        [],
        "Your own prompts (watched prompts)",
        "What you want to see improve, one prompt a line. Each is answered before, during and after training.",
        maximum=5,
        advanced=True,
    )
    watched_prompts: int = setting(
        3,
        "Watched in all",
        "Held-out questions fill up your own prompts to this number, so that you see how the answers change.",
        minimum=0,
        maximum=5,
        advanced=True,
    )
    answer_tokens: int = setting(
        64,
        "Longest watched answer in tokens",
        "Watched answers are cut at this length.",
        minimum=1,
        maximum=2048,
        advanced=True,
    )

    @field_validator("prompts", mode="before")
    @classmethod
    def _as_lines(cls, value: Any) -> Any:
        """A text holds one prompt a line."""
        given = value.splitlines() if isinstance(value, str) else value
        if not isinstance(given, list) or not all(isinstance(prompt, str) for prompt in given):
            raise ValueError(f"{value!r} is not a list of texts")
        prompts = [prompt.strip() for prompt in given]
        for prompt in prompts:
            if len(prompt) > _MOST_CHARACTERS:
                raise ValueError(f"“{prompt[:40]}…” has {len(prompt):,} characters, {_MOST_CHARACTERS:,} are allowed")
            if len(prompt.splitlines()) > 1:
                raise ValueError(f"“{prompt[:40]}…” has several lines, a prompt is one line")
        return list(dict.fromkeys(filter(None, prompts)))
