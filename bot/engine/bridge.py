"""Running a `rasa_sdk.Action` in process, with the types of rasa_sdk and stricter manners.

Reading a slot that is not declared raises (rasa_sdk itself returns None), and what the engine would not
honour is refused instead of being dropped. Imported late: rasa_sdk takes long (see `sdk.py`).
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker

from bot.engine.faults import FlowFault
from bot.engine.responses import Button
from bot.engine.slots import Slot

HONOURED = frozenset({"slot", "followup", "reset_slots", "restart", "session_ended"})
"""The events that an action may return (rasa_sdk.events)."""

REFUSED = ("elements", "image", "attachment")
"""What rasa_sdk can put in a message and our channels cannot show."""

RASA_KEYS = frozenset({"text", "buttons", "custom", "template", "response", *REFUSED})


@dataclass(frozen=True, slots=True)
class Said:
    """One message of an action: a response to say with the values of `context`, or a text."""

    response: str | None
    text: str
    buttons: tuple[Button, ...]
    custom: dict[str, Any]
    context: dict[str, Any]


class _DeclaredSlots(dict[str, Any]):
    """All declared slots; asking for another one is a mistake in the action."""

    def __contains__(self, name: object) -> bool:
        if not super().__contains__(name):
            raise FlowFault(f"undeclared slot {name}")
        return True


async def run_action(
    action: Action,
    conversation: str,
    channel: str,
    declared: Mapping[str, Slot],
    slots: Mapping[str, Any],
    message: Mapping[str, Any],
    domain: dict[str, Any],
) -> tuple[list[dict[str, Any]], list[Said]]:
    """Run one action; return its events (rasa_sdk's dictionaries) and what it said.

    `message` is Rasa's `latest_message`: text, intent, metadata. Raises FlowFault for what the engine does
    not honour, and whatever the action raises.
    """
    every = _DeclaredSlots(dict.fromkeys(declared))
    every.update((name, deepcopy(value) if isinstance(value, list | dict) else value) for name, value in slots.items())
    heard = {"event": "user", "input_channel": channel, "text": message.get("text")}
    tracker = Tracker(conversation, every, dict(message), [heard], False, None, {}, None)
    dispatcher = CollectingDispatcher()
    events = [dict(event) for event in await action.run(dispatcher, tracker, domain) or []]
    for event in events:
        if event.get("event") not in HONOURED:
            raise FlowFault(f"event {event.get('event')} is not supported")
        if event["event"] == "slot" and event["name"] not in declared:
            raise FlowFault(f"undeclared slot {event['name']}")
    return events, [_said(said) for said in dispatcher.messages]


def _said(message: Mapping[str, Any]) -> Said:
    if refused := [key for key in REFUSED if message.get(key)]:
        raise FlowFault(f"messages with {refused[0]} are not supported")
    return Said(
        response=message["response"],
        text=message["text"] or "",
        buttons=tuple(Button(button["title"], button["payload"]) for button in message["buttons"]),
        custom=dict(message["custom"]),
        context={key: value for key, value in message.items() if key not in RASA_KEYS},
    )
