"""The tables; bodies and keys lie apart, so that a blind query cannot reach a key.

A module of tables is imported by whoever asks them: the window needs few of them to start.
"""
