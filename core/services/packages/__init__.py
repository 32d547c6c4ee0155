"""Packages that travel between people of a study."""
