"""How much of a question's context is given: all, none, or its first part."""


def first_part(context: str, percent: int) -> str:
    """Return the first `percent` of a text, ending with a whole word where it has blanks."""
    text = context.strip()
    if percent >= 100:
        return text
    cut = text[: len(text) * percent // 100]
    is_inside_word = cut and not cut[-1].isspace() and not text[len(cut)].isspace()
    if is_inside_word and len(words := cut.rsplit(maxsplit=1)) == 2:
        cut = words[0]
    return cut.rstrip()
