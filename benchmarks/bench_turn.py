"""A whole turn: reading a message, playing the flows, orienting over the real places, committing to the disk."""

import asyncio
import gc
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from ruamel.yaml import YAML

from benchmarks.bench_orient import Line
from benchmarks.real_places import read_places
from bot.app import build_conversation
from bot.conversation.reception import Reception
from bot.messages import MessageIn
from bot.store.conversations import Store
from bot.store.migrations import migrate_conversations
from bot.understanding import Understander
from knowledge.base import open_base
from knowledge.snapshot import build_knowledge

DIALOGUES = Path(__file__).resolve().parents[1] / "tests" / "conversations"
LEAST_MESSAGES, ROUNDS = 500, 5
NOW = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Europe/Paris"))
RASA_TURN_MS = 9.7
"""Rasa open source 3.6.21, a flow of two intents, nothing durable."""


class Said(NamedTuple):
    """A message of a dialogue."""

    channel: str
    conversation: str
    text: str


class Spent(NamedTuple):
    """Milliseconds that one turn took: on the clock, disk included, and of processor."""

    clock: float
    processor: float


def measure() -> Iterator[Line]:
    """Yield the lines as they are known. Raises FileNotFoundError where the real files are absent."""
    knowledge = build_knowledge(read_places())
    knowledge.index.warm(knowledge.needs.values())
    understander = Understander(knowledge.needs, knowledge.communes)
    conversation = build_conversation(lambda: knowledge, understander)
    messages = read_messages()
    yield Line("lieux réels / messages", f"{len(knowledge.index.lieux)} / {len(messages)}", "≥ 25 000 / ≥ 500")
    with tempfile.TemporaryDirectory(prefix="aiguilleur-") as folder:
        database = open_base(f"sqlite:///{folder}/base.db")
        migrate_conversations(database)
        reception = Reception(conversation, Store(database))
        rounds = [asyncio.run(_play(reception, messages, number)) for number in range(ROUNDS)]
        database.dispose()
    best = np.array(rounds).min(axis=0)
    clock, processor = np.percentile(best, [50, 99], axis=0).T
    yield Line("tour et son écriture durable, p50 / p99", f"{clock[0]:.1f} / {clock[1]:.1f} ms", "p99 ≤ 8 ms")
    yield Line("dont temps de processeur, p50 / p99", f"{processor[0]:.1f} / {processor[1]:.1f} ms")
    yield Line(f"rapport à Rasa ({RASA_TURN_MS} ms, rien de durable)", f"{RASA_TURN_MS / clock[0]:.1f} fois")


def read_messages() -> list[Said]:
    """Return what is said in all test dialogues, each played by as many persons as it takes."""
    cases = [YAML(typ="safe").load(path.read_text(encoding="utf-8")) for path in sorted(DIALOGUES.glob("*.yml"))]
    messages: list[Said] = []
    while len(messages) < LEAST_MESSAGES:
        copy = len(messages)
        messages += [
            Said(case["channel"], f"{copy} {number}", turn["user"] * turn.get("fois", 1))
            for number, case in enumerate(cases)
            for turn in case["turns"]
        ]
    return messages


async def _play(reception: Reception, messages: list[Said], number: int) -> list[Spent]:
    """Time every turn; of all rounds the quickest counts, since the machine is shared."""
    gc.collect()
    gc.freeze()
    spent = []
    for rank, said in enumerate(messages):
        message = MessageIn(
            channel=said.channel,
            conversation=f"{number} {said.conversation}",
            text=said.text,
            received_at=NOW + timedelta(seconds=rank),
            external_id=f"{number} {rank}",
        )
        start, processor = time.perf_counter(), time.process_time()
        await reception.receive(message)
        spent.append(Spent((time.perf_counter() - start) * 1e3, (time.process_time() - processor) * 1e3))
    gc.unfreeze()
    return spent
