"""The whole program over the demonstration base, its clock stopped, and a person who talks to it."""

import asyncio
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from bot.app import App
from bot.conversation.turn import Conversation
from bot.engine.tracker import Tracker
from bot.messages import SMS, MessageIn, MessageOut
from bot.settings import Settings
from knowledge.base import write_items
from knowledge.demonstration import demonstration
from tests.databases import database, postgres, sqlite

__all__ = ["database", "postgres", "sqlite"]

NOW = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Europe/Paris"))


class Talk:
    """A conversation played turn by turn, in memory; the tracker goes through JSON between turns or not."""

    def __init__(self, conversation: Conversation, channel: str = SMS, *, through_json: bool = True) -> None:
        self._conversation = conversation
        self._channel = channel
        self._through_json = through_json
        self.tracker: Tracker | None = None
        self.said: tuple[MessageOut, ...] = ()

    def say(self, text: str) -> str:
        """Play one turn and return all that is answered; "" for silence."""
        message = MessageIn(channel=self._channel, conversation="anna", text=text, received_at=NOW)
        outcome = asyncio.run(self._conversation.turn(self.tracker, message))
        self.tracker, self.said = outcome.tracker, tuple(replace(answer, turn=0) for answer in outcome.messages)
        if self.tracker and self._through_json:
            self.tracker = Tracker.from_json(self.tracker.to_json())
        return "\n".join(answer.text for answer in outcome.messages)

    def say_all(self, *texts: str) -> str:
        """Play several turns and return the last answer."""
        return [self.say(text) for text in texts][-1]

    @property
    def state(self) -> tuple[object, ...]:
        """What is known and what is asked, without the way that led there."""
        assert self.tracker
        return dict(self.tracker.slots), self.tracker.pending, self.tracker.stack, self.tracker.choices


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> App:
    base = tmp_path_factory.mktemp("conversation") / "base.db"
    app = App(Settings(base=SecretStr(f"sqlite:///{base}")), lambda: NOW)
    lieux, creneaux = demonstration(NOW)
    write_items(app.database, [*lieux, *creneaux], now=NOW)
    return app


@pytest.fixture
def talk(program: App) -> Talk:
    return Talk(program.conversation)
