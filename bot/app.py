"""The composition root: every part built from the settings, each only when it is needed."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from os import sched_getaffinity
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
from bot.engine.sdk import spare_the_server
from bot.engine.steps import Flows
from bot.messages import SMS
from bot.settings import PACKAGE_FLOWS, Settings
from bot.store.conversations import Store
from bot.store.migrations import migrate_conversations
from bot.store.purge import purge
from bot.understanding import Understander
from knowledge.annuaire.annuaire import annuaire_of
from knowledge.base import migrate, open_base, read_version
from knowledge.communes.gazetteer import DEFAULT_TERRITOIRE
from knowledge.horaires import paris
from knowledge.snapshot import Knowledge, load_knowledge

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from bot.channels.gateway import Link
    from bot.channels.telegram.inline import Cards
    from bot.delivery.envoi import Envoi
    from bot.delivery.players import Apart
    from bot.delivery.service import Service
    from bot.store.secrecy import Secrecy

DEFAULT_FLOW = "orienter"

Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    """Return now, Europe/Paris."""
    return datetime.now(paris())


def read_flows(folder: Path = PACKAGE_FLOWS) -> Flows:
    """Read the flows of a folder. Raises `FlowErrors`, also when they lack what the conversation needs."""
    flows = load_flows(file for file in folder.glob("*.yml") if file.name != WORDS_FILE)
    if faults := check_requirements(flows, DEFAULT_FLOW):
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
    knowledge: Callable[[], Knowledge],
    understander: Understander,
    *,
    contact: str = "",
    folder: Path = PACKAGE_FLOWS,
    territoire: Collection[str] = DEFAULT_TERRITOIRE,
) -> Conversation:
    """Put the flows of a folder, the actions and the understanding together. Raises `FlowErrors`."""
    spare_the_server()
    from actions.registry import build_actions  # rasa_sdk takes a tenth of a second to load
    from bot.engine.engine import Engine

    channels = renderings()
    engine = Engine(
        read_flows(folder),
        build_actions(knowledge, contact, territoire),
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
            self.knowledge,
            self.understander,
            contact=self.settings.contact,
            folder=self.settings.flux,
            territoire=self.settings.territoire,
        )

    @cached_property
    def links(self) -> "Sequence[Link]":
        """The gateways that are configured. Raises `SettingsInvalides`."""
        from bot.channels.http import Http
        from bot.gateways import build_gateways

        if not self.settings.wanted():
            return []
        return build_gateways(self.settings, self.secrecy, Http(), self.clock, self.quick_cards)

    @cached_property
    def secrecy(self) -> "Secrecy":
        """What protects people's addresses. Raises `SettingsInvalides`, or `CleChangee` for another key's base."""
        from bot.gateways import build_secrecy
        from bot.store.key_check import check_key

        secrecy = build_secrecy(self.settings)
        check_key(self.database, secrecy)
        return secrecy

    def quick_cards(self, query: str, skip: int, at_most: int) -> "Cards":
        """Return the cards of an inline query."""
        domain = self.conversation.domain
        from bot.conversation.cards import find_cards  # rasa_sdk again, which the conversation has made ready

        annuaire = annuaire_of(self.knowledge(), self.settings.territoire)
        return find_cards(query, skip, at_most, self.clock(), annuaire, domain)

    def service(self) -> "Service | None":
        """Return what carries the messages of the gateways, None when there is no gateway."""
        if not self.links:
            return None
        from bot.delivery.service import Options, Service

        pace = {link.gateway.name: self.settings.pace(link.gateway.channel) for link in self.links}
        settings = self.settings
        options = Options(per_second=pace, cents=settings.prix_segment, apart=self._apart())
        return Service(self.database, lambda: self.conversation, self.links, self.secrecy, self.clock, options)

    def make_ready(self) -> None:
        """Read a changed base again, and build now what the next message needs. Raises `BaseIndisponible`."""
        self.knowledge.refresh()
        knowledge = self.knowledge()
        knowledge.index.warm(knowledge.needs.values())
        annuaire_of(knowledge, self.settings.territoire).warm(self.clock())

    def _apart(self) -> "Apart | None":
        """Return what plays turns in another process, None when this one does."""
        wanted = self.settings.tours_a_part
        alone = self.database.dialect.name == "sqlite"  # one process only may serve such a base: its other cores idle
        if wanted == "non" or (wanted == "auto" and not (alone and len(sched_getaffinity(0)) > 1)):
            return None
        from bot.delivery.players import Apart

        return Apart(partial(play_apart, self.settings, self.clock))

    def envoi(self) -> "Envoi | None":
        """Return what sends a card by SMS, None when no gateway does. Raises `SettingsInvalides`."""
        gateway = next((link.gateway for link in self.links if link.gateway.channel == SMS), None)
        if gateway is None:
            return None
        from bot.delivery.envelope import Source
        from bot.delivery.envoi import Envoi

        return Envoi(self.database, self.secrecy, Source(gateway.name, gateway.channel), self.clock)

    def purge(self, days: int | None = None) -> dict[str, int]:
        """Delete what is older than `days`, by default as the settings say; return how many rows of each table."""
        return purge(self.database, self.clock().timestamp(), days or self.settings.conservation_jours)

    def change_key(self) -> dict[str, int]:
        """Delete every conversation, and let the key of the settings protect this base from now on.

        Return how many rows of each table went. Raises `SettingsInvalides`, or `DejaServie` while a program serves.
        """
        from bot.gateways import build_secrecy
        from bot.store.key_check import change_key

        return change_key(self.database, build_secrecy(self.settings))

    @cached_property
    def reception(self) -> Reception:
        """What receives messages, durably."""
        return Reception(self.conversation, Store(self.database))


def play_apart(settings: Settings, clock: Clock, connection: "Connection") -> None:
    """Play the turns that the first process asks for: all that the process apart does."""
    from bot.delivery.players import answer_turns
    from bot.journal import configure_logging

    configure_logging(settings.journal, settings.journal_format)
    app = App(settings, clock)
    answer_turns(connection, lambda: app.conversation, app.make_ready)
