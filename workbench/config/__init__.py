"""Every setting, declared once; no torch, no gradio."""
