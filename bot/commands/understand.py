"""`aiguilleur understand`: one message a line in, what is understood out, one object a line."""

import argparse

from bot.commands.arguments import add_now
from bot.commands.console import lines, open_app, say_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_now(parser)


def run(arguments: argparse.Namespace) -> int:
    """Understand each line."""
    app = open_app(arguments.now)
    for text in lines():
        say_json(app.understander.understand(text, app.clock()).to_json())
    return 0
