"""Whole-slide pictures: pyramids of tiles in TIFF and in DICOM."""
