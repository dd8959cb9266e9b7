"""Loading 4-bit weights in blocks of any size: bitsandbytes takes one, and transformers has no way to ask for it."""

from typing import TYPE_CHECKING, Any

from bitsandbytes.nn import Linear4bit
from transformers import BitsAndBytesConfig
from transformers.quantizers.auto import register_quantizer
from transformers.quantizers.quantizer_bnb_4bit import Bnb4BitHfQuantizer

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_METHOD = "bitsandbytes_4bit_blocks"


class BlockConfig(BitsAndBytesConfig):  # type: ignore[misc]  # transformers declares no types for it
    """As its own, and with so many weights to a block."""

    def __init__(self, block_size: int, **settings: Any) -> None:
        super().__init__(load_in_4bit=True, **settings)
        self.quant_method = _METHOD  # type: ignore[assignment]  # a name of our own beside the library's
        self.block_size = block_size


@register_quantizer(_METHOD)  # type: ignore[untyped-decorator]
class _Quantizer(Bnb4BitHfQuantizer):  # type: ignore[misc]
    """A layer's weight is told the size before it is read: whatever is set on it then is used when it is packed."""

    def _process_model_before_weight_loading(self, model: "PreTrainedModel", *args: Any, **settings: Any) -> None:
        super()._process_model_before_weight_loading(model, *args, **settings)
        config: Any = self.quantization_config
        for module in model.modules():
            if isinstance(module, Linear4bit):
                weight: Any = module.weight
                weight.blocksize = config.block_size
