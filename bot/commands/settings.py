"""`aiguilleur settings`: each setting with its value (secrets masked), its default and what it does."""

import argparse
from collections.abc import Mapping
from typing import Any

from pydantic import SecretStr
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.commands.console import say
from bot.settings import PREFIX, Settings, load_settings
from knowledge.base_faults import without_password


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """No option."""


def run(_arguments: argparse.Namespace) -> int:
    """Print the settings."""
    settings = load_settings()
    for name, field in Settings.model_fields.items():
        value = shown(getattr(settings, name))
        default = shown(field.get_default(call_default_factory=True))
        say(f"{PREFIX}{name.upper()} = {value}")
        say(f"    {field.description}" + ("" if value == default else f" Par défaut : {default or 'vide'}."))
    return 0


def shown(value: Any) -> str:
    """Return a value as the environment would write it; the password of a URL and other secrets are masked."""
    if isinstance(value, SecretStr):
        if not value.get_secret_value():
            return ""
        try:
            return without_password(make_url(value.get_secret_value()))
        except ArgumentError:
            return "••••"
    if isinstance(value, bool):
        return "vrai" if value else "faux"
    if isinstance(value, Mapping):
        return ",".join(f"{name}={each:g}" for name, each in value.items())
    return ",".join(value) if isinstance(value, tuple) else str(value)
