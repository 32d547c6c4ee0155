"""Backups and what they are written through."""
