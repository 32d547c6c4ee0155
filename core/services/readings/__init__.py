"""Replies read once more."""
