"""`aiguilleur graph`: the flows as a Mermaid diagram."""

import argparse

from bot.app import read_flows
from bot.commands.console import say
from bot.engine.diagram import graph
from bot.settings import load_settings


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """No option."""


def run(_arguments: argparse.Namespace) -> int:
    """Print the diagram."""
    say(graph(read_flows(load_settings().flux)))
    return 0
