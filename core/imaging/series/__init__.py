"""Series: found among files by geometry, kept as one file, read slice by slice."""
