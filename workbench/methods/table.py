"""The methods by name, in the order of the menu."""

from workbench.methods.adalora import AdaLora
from workbench.methods.base import Method
from workbench.methods.bottleneck import Bottleneck
from workbench.methods.full import Full
from workbench.methods.ia3 import Ia3
from workbench.methods.last_layers import LastLayers
from workbench.methods.loha import Loha
from workbench.methods.lokr import Lokr
from workbench.methods.lora import Lora
from workbench.methods.lora_prefix import LoraPrefix
from workbench.methods.norms import Norms
from workbench.methods.oft import Oft
from workbench.methods.p_tuning import PTuning
from workbench.methods.prefix_tuning import PrefixTuning
from workbench.methods.prompt_tuning import PromptTuning
from workbench.methods.vera import Vera

METHODS: dict[str, Method] = {
    "lora": Lora(),
    "adalora": AdaLora(),
    "vera": Vera(),
    "loha": Loha(),
    "lokr": Lokr(),
    "oft": Oft(),
    "ia3": Ia3(),
    "bottleneck": Bottleneck(),
    "prefix_tuning": PrefixTuning(),
    "p_tuning": PTuning(),
    "prompt_tuning": PromptTuning(),
    "lora_prefix": LoraPrefix(),
    "full": Full(),
    "last_layers": LastLayers(),
    "norms": Norms(),
}
