"""Words without what nobody sees: control characters, and marks that turn the direction of what stands beside them.

Such characters come with what is pasted or read from a file. They break a row of the board in two, or make it read
backwards. The record keeps what was written, letter for letter; a row shows it on one line, as it was said.
"""

_KEPT_INVISIBLE = "\u200c\u200d"  # joiners that some scripts and all composed emoji need


def one_line(text: str) -> str:
    """``text`` on one line: control and other invisible characters become spaces, runs of spaces one."""
    if not text.isprintable():
        text = "".join(each if each.isprintable() or each in _KEPT_INVISIBLE else " " for each in text)
    return " ".join(text.split())
