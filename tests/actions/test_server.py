"""rasa-sdk's own action server serves the same actions: a real process, asked over HTTP."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.registry import build_actions
from bot.app import read_flows
from knowledge.base import migrate, open_base, write_items
from knowledge.demonstration import demonstration
from knowledge.horaires import paris
from knowledge.snapshot import Knowledge, load_knowledge

NOW = datetime(2026, 11, 23, 10, tzinfo=paris())
STARTS_WITHIN_S = 60


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('actions')}/base.db"
    engine = open_base(url)
    migrate(engine)
    rows = [row for kind in demonstration(NOW) for row in kind]
    # As ordinary rows: those of a demonstration would take the dates of the day of the run.
    write_items(engine, [replace(row, source="essai") for row in rows], now=NOW)
    engine.dispose()
    return url


@pytest.fixture(scope="module")
def knowledge(base: str) -> Knowledge:
    return load_knowledge(open_base(base), NOW)


@pytest.fixture(scope="module")
def server(base: str) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "AIGUILLEUR_BASE": base, "SANIC_HOST": "127.0.0.1"}
    command = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(port)]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        command, cwd=root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield _ready(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()
            process.wait(timeout=30)


def _ready(url: str) -> str:
    end = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < end:
        try:
            with urlopen(f"{url}/health") as answer:
                assert json.load(answer)["status"] == "ok"
                return url
        except (URLError, ConnectionError):
            time.sleep(0.2)
    pytest.fail("the action server did not start")


def call(url: str, name: str, tracker: dict[str, Any], domain: dict[str, Any]) -> dict[str, Any]:
    body = {"next_action": name, "sender_id": tracker["sender_id"], "tracker": tracker, "domain": domain}
    request = Request(f"{url}/webhook", json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urlopen(request) as answer:
        result: dict[str, Any] = json.load(answer)
    return result


def domain() -> dict[str, Any]:
    return read_flows().domain()


def tracker(**slots: Any) -> dict[str, Any]:
    every = {**dict.fromkeys(read_flows().slots), **slots}
    metadata = {"now": NOW.isoformat(), "channel": "terminal"}
    return {"sender_id": "essai", "slots": every, "latest_message": {"text": "", "metadata": metadata}}


def test_the_server_lists_exactly_our_actions(server: str) -> None:
    with urlopen(f"{server}/actions") as answer:
        served = {action["name"] for action in json.load(answer)}
    assert served == {action.name() for action in build_actions(lambda: pytest.fail("not needed"))}


CASES = [
    ("action_ask_need", {"besoins_possibles": ["caf", "logement"]}),
    ("action_ask_insee", {"communes_possibles": ["64102", "64024", "64122"]}),
    ("action_prochaine_question", {"need": "caf", "insee": "64371"}),
    ("action_ask_suite", {"need": "caf", "insee": "64371", "urgency": "today"}),
    ("action_autre_lieu", {"montres": ["demo-pau-ccas"], "exclus": []}),
    ("action_besoin_suivant", {"autres_besoins": ["impots"]}),
    ("action_autre_besoin", {"need": "caf"}),
    ("action_danger", {"danger": "medical"}),
    ("action_humain", {"need": "caf"}),
    ("action_contact", {}),
    ("action_debut_conseil", {"need": "caf", "urgency": "week"}),
    ("action_question_conseil", {"disponibilite": "5_minutes"}),
    ("action_ask_suite_conseil", {"disponibilite": "aucune", "insee": "64371"}),
    ("action_autre_situation", {"autonomy": "none", "habilitation": True}),
    ("action_fin_conseil", {"avant_conseil": {"need": "caf"}, "suite_conseil": "fin"}),
    ("action_charte", {}),
    ("action_annuaire", {"annuaire": ["demo-pau-ccas"], "annuaire_criteres": ["besoin:caf"], "annuaire_vus": 0.0}),
]


def test_every_action_has_a_case() -> None:
    assert {name for name, _ in CASES} == {action.name() for action in build_actions(lambda: pytest.fail("not needed"))}


@pytest.mark.parametrize(("name", "slots"), CASES, ids=[name for name, _ in CASES])
def test_the_server_answers_as_in_process(server: str, knowledge: Knowledge, name: str, slots: dict[str, Any]) -> None:
    action = next(action for action in build_actions(lambda: knowledge) if action.name() == name)
    dispatcher = CollectingDispatcher()
    events = asyncio.run(action.run(dispatcher, Tracker.from_dict(tracker(**slots)), domain()))
    over_http = call(server, name, tracker(**slots), domain())
    assert over_http["events"] == events
    assert over_http["responses"] == json.loads(json.dumps(dispatcher.messages))
    assert events or dispatcher.messages
