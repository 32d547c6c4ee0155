"""Sections through a volume under a hand."""
