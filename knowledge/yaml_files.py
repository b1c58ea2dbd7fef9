"""Reading the YAML data files: YAML 1.2 (so `no` and `01000` stay what they look like), duplicate keys refused."""

from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML


def read_data(name: str) -> Any:
    """Return the content of `knowledge/data/<name>`."""
    return YAML(typ="safe").load(files("knowledge").joinpath("data", name).read_text(encoding="utf-8"))
