"""Written answers graded by judges and by physicians."""
