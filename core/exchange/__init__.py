"""Importers and exporters: one module per file format, reading and writing domain objects."""
