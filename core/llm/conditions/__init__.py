"""The conditions of a run, one small module each; every one combines with every other."""
