"""What was found of one part of the installation."""

from dataclasses import dataclass
from enum import StrEnum


class Sign(StrEnum):
    """`LOOK`: nothing is broken, but somebody must decide."""

    GOOD = "✓"
    LOOK = "!"
    FIX = "✗"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line for the operator. `block` is what to put into a gateway's configuration; it may hold secrets."""

    sign: Sign
    subject: str
    said: str
    block: str = ""

    def __str__(self) -> str:
        return f"{self.sign} {self.subject} : {self.said}"


def good(subject: str, said: str, block: str = "") -> Finding:
    """Return what is as it must be."""
    return Finding(Sign.GOOD, subject, said, block)


def look(subject: str, said: str) -> Finding:
    """Return what somebody must decide."""
    return Finding(Sign.LOOK, subject, said)


def fix(subject: str, said: str, block: str = "") -> Finding:
    """Return what must be mended, and how."""
    return Finding(Sign.FIX, subject, said, block)
