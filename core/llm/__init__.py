"""Asking language models: prompts, requests, retries, and reading answers out of replies."""
