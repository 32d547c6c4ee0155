"""Dialogs, where a line in place will not do."""
