"""Charts: dots with intervals and heat maps."""
