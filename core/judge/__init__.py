"""A language model as a grader. It sees keys, so no blind code may import it."""
