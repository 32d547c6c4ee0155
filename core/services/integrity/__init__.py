"""Checks of all that is stored, and repair of lost images."""
