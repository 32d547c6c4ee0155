"""Use cases: one module or folder per stage; each is given its ports and knows no other service."""
