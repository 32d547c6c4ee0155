"""DICOM files: headers, pixels, grays, colors, overlays, and what is written as DICOM."""
