"""dots.ocr and dots.mocr behind an OpenAI-compatible endpoint, as vLLM serves them."""
