"""Runs of language models, from the look ahead to the last answer."""
