"""The fast path on a processor: LoRA on Llama-shaped decoders, computed by hand, for training and for chat."""
