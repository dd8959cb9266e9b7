"""How much of the computer a run takes."""

from workbench.config.fields import Auto, Section, setting


class HardwareSettings(Section):
    engine: str = setting(
        "auto",
        "Fast path (engine)",
        "The fast path computes LoRA on a processor several times as fast, in far less memory, with the same result. "
        "Auto takes it where it covers the model and the settings, and says why where it does not.",
        choices=("auto", "fast", "standard"),
        advanced=True,
    )
    threads: int | Auto = setting(
        "auto",
        "Processor cores used (threads)",
        "Auto uses all physical cores. Equal results need an equal number.",
        minimum=1,
        maximum=1024,
        advanced=True,
    )
    priority: str = setting(
        "low",
        "Priority",
        "Low lets other programs go first, so that the computer stays usable; normal takes its full share.",
        choices=("low", "normal"),
        switch=("Use the whole machine", "Faster; other programs may become slow meanwhile."),
        advanced=True,
    )
