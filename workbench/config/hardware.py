"""How much of the computer a run takes."""

from workbench.config.fields import Auto, Section, setting


class HardwareSettings(Section):
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
