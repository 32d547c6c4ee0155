"""Prompt templates, example questions, and leaks of keys in either."""
