"""Pieces of an answer: the sentences stand in the texts of the flows, here they are only filled in.

A fragment is a response (`fragment_x`) of several lines; a line whose value is missing is left out.
"""

import re
from collections.abc import Mapping
from typing import Any

PLACEHOLDER = re.compile(r"\{(\w+)\}")


def fragment(domain: Mapping[str, Any], name: str, channel: str = "", **values: str | None) -> str:
    """Fill the fragment `name` for the channel, line by line."""
    lines = _text(domain, name, channel).split("\n")
    return "\n".join(line.format(**values) for line in lines if all(values[key] for key in PLACEHOLDER.findall(line)))


def _text(domain: Mapping[str, Any], name: str, channel: str) -> str:
    variations = domain["responses"][name]
    chosen = [v for v in variations if v.get("channel") == channel] or [v for v in variations if not v.get("channel")]
    return str(chosen[0]["text"]).rstrip("\n")
