"""A fault at the end of a path that chance does not find: only a fuzzer guided by what it reached gets there."""

WAY_OUT = "fin."


def walk(text: str) -> None:
    """Raise RuntimeError for a text that begins with `WAY_OUT`: one branch of code a letter, for each to be seen."""
    if (
        len(text) >= len(WAY_OUT)
        and text[0] == WAY_OUT[0]
        and text[1] == WAY_OUT[1]
        and text[2] == WAY_OUT[2]
        and text[3] == WAY_OUT[3]
    ):
        raise RuntimeError("the way out of the maze")
