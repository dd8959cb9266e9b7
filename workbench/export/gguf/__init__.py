"""Writing GGUF files: what llama.cpp, Ollama and LM Studio read."""
