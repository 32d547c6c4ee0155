"""Import of questions and export of verified sets."""
