"""Statistics over right and wrong answers and over ratings; knows no question and no store."""
