"""Sections through volumes, thin or as slabs, right in millimeters."""
