"""Where the course of a run is shown besides the page."""

from workbench.config.fields import Section, setting


class TrackingSettings(Section):
    tracker: str = setting(
        "none",
        "Also show it in (tracker)",
        "The run is sent there while it trains, by a process of its own. It stays on this computer, unless the "
        "tracker's own environment variables say otherwise.",
        choices=("none", "tensorboard", "trackio", "wandb", "mlflow"),
        advanced=True,
    )
