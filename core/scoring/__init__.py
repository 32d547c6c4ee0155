"""Scores of answers: one module for each answer format, a registry, built-in respondents."""
