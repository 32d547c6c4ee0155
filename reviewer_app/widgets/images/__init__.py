"""Images under a hand: views, layouts, tools, read-outs, large and many."""
