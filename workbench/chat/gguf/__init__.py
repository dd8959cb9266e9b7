"""GGUF files that answer in chat: found without llama.cpp, read by it in a process of their own."""
