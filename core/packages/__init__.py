"""The format of packages between people: container, manifest, records, signature, secrecy."""
