"""Stored replies of language models, and what they tell."""
