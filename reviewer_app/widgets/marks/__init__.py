"""Marks on images: drawn, chosen, moved, painted."""
