"""The fixture flows, an action of theirs, and a way to play a dialogue."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Action
from rasa_sdk import Tracker as RasaTracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.engine import Button, Engine, Flows, Input, Tracker, Utterance, load_flows

FLOWS = Path(__file__).parent / "flows"


class Chercher(Action):  # type: ignore[misc]  # rasa_sdk has no types
    """Finds one place for each town but Paris; breaks in 99999."""

    def name(self) -> str:
        return "action_chercher"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: RasaTracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        insee = tracker.get_slot("insee")
        if insee == "99999":
            raise RuntimeError(f"secret {tracker.latest_message['text']}")
        found = [] if insee == "75056" else [f"la mairie de {insee}"]
        return [SlotSet("trouves", len(found)), SlotSet("nom", found[0] if found else None)]


class Dialogue:
    """A conversation with the engine; the tracker goes through JSON between turns."""

    def __init__(self, engine: Engine, channel: str = "terminal") -> None:
        self.engine = engine
        self.tracker = engine.new_tracker("anna", channel)

    def hear(self, text: str = "", **fields: Any) -> list[str]:
        """Play one turn and return the texts said."""
        return [utterance.text for utterance in self.turn(Input(text=text, **fields))]

    def turn(self, event: Input) -> list[Utterance]:
        before = self.tracker.to_json()
        after, said = asyncio.run(self.engine.turn(self.tracker, event))
        assert self.tracker.to_json() == before, "a turn must not change the tracker that it is given"
        self.tracker = Tracker.from_json(after.to_json())
        assert self.tracker == after
        return said


def fits_all(channel: str, text: str, choices: Sequence[Button]) -> bool:
    return True


@pytest.fixture(scope="session")
def flows() -> Flows:
    return load_flows(FLOWS.glob("*.yml"))


@pytest.fixture
def engine(flows: Flows) -> Engine:
    return Engine(flows, [Chercher()], fits=fits_all, default_flow="orienter")


@pytest.fixture
def dialogue(engine: Engine) -> Dialogue:
    return Dialogue(engine)
