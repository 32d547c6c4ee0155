"""Use cases, one module per stage; each is given its ports and knows no other service."""
