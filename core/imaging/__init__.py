"""Images: keeping, decoding, showing and clearing them; only here is pydicom imported."""
