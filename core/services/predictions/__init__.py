"""Answers of models evaluated elsewhere, in and out."""
