"""The methods by name."""

from workbench.methods.base import Method
from workbench.methods.lora import Lora

METHODS: dict[str, Method] = {"lora": Lora()}
