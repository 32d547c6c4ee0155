"""Clearing: what could tell who a patient is, and pictures that hold none of it."""
