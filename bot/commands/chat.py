"""`aiguilleur chat`: a conversation in the terminal; one line in is one message; works with a pipe."""

import argparse
import asyncio
import sys
from collections.abc import Iterator
from uuid import uuid4

from bot.app import App
from bot.channels.sms.text import segments
from bot.commands.arguments import add_now
from bot.commands.console import lines, open_app, say, say_json, tell
from bot.conversation.reception import Reply
from bot.messages import CHANNELS, SMS, TERMINAL, MessageIn, MessageOut

PROMPT = "\nVous : "


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--channel", choices=CHANNELS, default=TERMINAL, help="le canal imité (terminal par défaut)")
    parser.add_argument("--json", action="store_true", help="écrit un objet JSON par message")
    add_now(parser)


def run(arguments: argparse.Namespace) -> int:
    """Play the conversation until the end of the input."""
    app = open_app(arguments.now)
    if not app.knowledge().index.lieux:
        tell("La base est vide. « aiguilleur demo » y met des lieux inventés, « aiguilleur import » les vôtres.")
    with asyncio.Runner() as runner:
        _converse(app, runner, arguments.channel, as_json=arguments.json)
    return 0


def _converse(app: App, runner: asyncio.Runner, channel: str, *, as_json: bool) -> None:
    """Read outside of the event loop, which would keep the first Ctrl+C for itself until a line has come."""
    identifier = uuid4().hex
    try:
        for number, text in enumerate(_messages(as_json=as_json)):
            message = MessageIn(
                channel=channel,
                conversation=identifier,
                text=text,
                received_at=app.clock(),
                external_id=f"{identifier}-{number}",
            )
            _show(runner.run(app.reception.receive(message)), channel, as_json=as_json)
    finally:
        app.reception.forget(channel, identifier, app.clock())


def _messages(*, as_json: bool) -> Iterator[str]:
    if not sys.stdin.isatty():
        yield from lines()
        return
    if not as_json:
        tell("Écrivez votre besoin et votre commune. AIDE pour savoir que dire. Ctrl+D pour finir.")
    while True:
        try:
            yield input("" if as_json else PROMPT)
        except EOFError:
            return


def _show(reply: Reply, channel: str, *, as_json: bool) -> None:
    for message in reply.messages:
        if as_json:
            say_json(_to_json(message, channel, reply.slots))
        else:
            say(_to_text(message, channel))


def _to_json(message: MessageOut, channel: str, slots: dict[str, object]) -> dict[str, object]:
    """Return the object of the contract ("chat --json")."""
    result: dict[str, object] = {
        "text": message.text,
        "choices": [{"key": choice.key, "label": choice.label} for choice in message.choices],
        "lieux": list(message.lieux),
        "slots": slots,
    }
    if channel == SMS:
        result["segments"] = segments(message.text)
    return result


def _to_text(message: MessageOut, channel: str) -> str:
    if channel == SMS:
        return message.text
    return "\n".join([message.text, *(f"  {choice.key}. {choice.label}" for choice in message.choices)])
