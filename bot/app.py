"""The composition root: every part built from the settings, each only when it is needed."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine as Database

from bot.channels.rendering import renderings
from bot.conversation.keywords import WORDS_FILE, load_keywords
from bot.conversation.reception import Reception
from bot.conversation.requirements import check_requirements
from bot.conversation.turn import Conversation
from bot.engine.faults import FlowErrors
from bot.engine.read_files import load_flows
from bot.engine.steps import Flows
from bot.settings import PACKAGE_FLOWS, Settings
from bot.store.conversations import Store
from bot.store.migrations import migrate_conversations
from bot.understanding import Understander
from knowledge.base import migrate, open_base, read_version
from knowledge.horaires import paris
from knowledge.snapshot import Knowledge, load_knowledge

if TYPE_CHECKING:
    from bot.channels.gateway import Link
    from bot.delivery.service import Service

DEFAULT_FLOW = "orienter"
CONVERSATION_RESPONSES: dict[str, tuple[str, ...]] = {
    f"utter_{word}": ()
    for word in (
        "menu",
        "retour",
        "retour_impossible",
        "stop",
        "effacer",
        "merci",
        "au_revoir",
        "demonstration",
        "danger_ensuite",
        "secret",
        "media",
        "groupe",
        "bouton_ancien",
        "trop",
    )
}
"""Responses said by the turn itself, beside those of flows and actions."""

Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    """Return now, Europe/Paris."""
    return datetime.now(paris())


def read_flows(folder: Path = PACKAGE_FLOWS) -> Flows:
    """Read the flows of a folder. Raises `FlowErrors`, also when they lack what the conversation needs."""
    flows = load_flows(file for file in folder.glob("*.yml") if file.name != WORDS_FILE)
    if faults := check_requirements(flows, DEFAULT_FLOW, CONVERSATION_RESPONSES):
        raise FlowErrors(faults)
    return flows


class KnowledgeSource:
    """The knowledge of the moment: read again when the base changed or, for a demonstration, when the day did."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._current: tuple[Knowledge, datetime] | None = None

    def __call__(self) -> Knowledge:
        """Return the current snapshot."""
        if self._current is None:
            now = self._clock()
            self._current = load_knowledge(self._database, now), now
        return self._current[0]

    def refresh(self) -> None:
        """Forget the snapshot if it is out of date; the next call reads a new one."""
        if self._current is None:
            return
        knowledge, read_at = self._current
        another_day = knowledge.demonstration and read_at.date() != self._clock().date()
        if another_day or knowledge.version != read_version(self._database):
            self._current = None


def build_conversation(
    knowledge: Callable[[], Knowledge], understander: Understander, *, contact: str = "", folder: Path = PACKAGE_FLOWS
) -> Conversation:
    """Put the flows of a folder, the actions and the understanding together. Raises `FlowErrors`."""
    from actions.registry import build_actions  # rasa_sdk takes a third of a second to load
    from bot.engine.engine import Engine

    channels = renderings()
    engine = Engine(
        read_flows(folder),
        build_actions(knowledge, contact),
        fits=lambda channel, text, buttons: channels[channel].fits(text, [button.title for button in buttons]),
        default_flow=DEFAULT_FLOW,
    )
    return Conversation(engine, understander, load_keywords(folder), knowledge, channels)


@dataclass(frozen=True)
class App:
    """The parts of the program. Each is built on first use, so that a command pays for what it uses."""

    settings: Settings
    clock: Clock = wall_clock

    @cached_property
    def database(self) -> Database:
        """The database, ready: its tables are brought to this version of the program. Raises `BaseIndisponible`."""
        database = open_base(self.settings.base.get_secret_value())
        migrate(database)
        migrate_conversations(database)
        return database

    @cached_property
    def knowledge(self) -> KnowledgeSource:
        """The knowledge of the base."""
        return KnowledgeSource(self.database, self.clock)

    @cached_property
    def understander(self) -> Understander:
        """What reads messages. An operator's own table of communes counts from the next start."""
        knowledge = self.knowledge()
        return Understander(knowledge.needs, knowledge.communes, territoire=self.settings.territoire)

    @cached_property
    def conversation(self) -> Conversation:
        """What plays one turn."""
        return build_conversation(
            self.knowledge, self.understander, contact=self.settings.contact, folder=self.settings.flux
        )

    @cached_property
    def links(self) -> "Sequence[Link]":
        """The gateways that are configured. Raises `SettingsInvalides`."""
        from bot.channels.http import Http
        from bot.gateways import build_gateways, build_secrecy

        if not self.settings.wanted():
            return []
        return build_gateways(self.settings, build_secrecy(self.settings), Http(), self.clock)

    def service(self) -> "Service | None":
        """Return what carries the messages of the gateways, None when there is no gateway."""
        if not self.links:
            return None
        from bot.delivery.service import Options, Service
        from bot.gateways import build_secrecy

        pace = {link.gateway.name: self.settings.pace(link.gateway.channel) for link in self.links}
        options = Options(per_second=pace, keep_days=self.settings.conservation_jours)
        secrecy = build_secrecy(self.settings)
        return Service(self.database, lambda: self.conversation, self.links, secrecy, self.clock, options)

    @cached_property
    def reception(self) -> Reception:
        """What receives messages, durably."""
        return Reception(self.conversation, Store(self.database))


def configure_logging(level: str) -> None:
    """Log to standard error; libraries stay quiet, since they log messages and addresses."""
    logging.basicConfig(level=level, format="%(levelname)s %(name)s %(message)s")
    for noisy in ("rasa_sdk", "sanic", "sanic.root", "aiohttp.access", "httpx", "telegram", "alembic"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    logging.getLogger("aiohttp.server").setLevel(
        logging.CRITICAL
    )  # it quotes addresses and what cannot be read as HTTP
