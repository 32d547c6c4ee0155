"""Regions: which pixels they hold, how they look, what they measure, their files."""
