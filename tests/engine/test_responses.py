"""Choosing a variation, filling placeholders, reading payloads."""

from typing import Any

import pytest

from bot.engine import Button, Payload, Utterance, parse_payload
from bot.engine.conditions import parse_condition
from bot.engine.responses import RenderError, Response, Variation, render

URGENT = parse_condition("slots.urgent")


def fits_20(channel: str, text: str, buttons: Any) -> bool:
    return channel != "sms" or len(text) <= 20


def say(*variations: Variation, channel: str = "sms", slots: dict[str, Any] | None = None, **context: Any) -> str:
    response = Response(name="utter_x", variations=variations)
    return render(response, channel, slots or {}, context, fits_20).text


GENERAL = Variation(text="general")
GENERAL_URGENT = Variation(text="general urgent", condition=URGENT)
SMS = Variation(text="sms", channel="sms")
SMS_URGENT = Variation(text="sms urgent", channel="sms", condition=URGENT)
LONG = Variation(text="sms d'une longueur qui ne tient pas", channel="sms")
LONGER = Variation(text="sms d'une longueur qui ne tient pas non plus", channel="sms")

CHOICES: list[tuple[tuple[Variation, ...], str, bool, str]] = [
    ((GENERAL, GENERAL_URGENT, SMS, SMS_URGENT), "sms", True, "sms urgent"),
    ((GENERAL, GENERAL_URGENT, SMS, SMS_URGENT), "sms", False, "sms"),
    ((GENERAL, GENERAL_URGENT, SMS, SMS_URGENT), "web", True, "general urgent"),
    ((GENERAL, GENERAL_URGENT, SMS, SMS_URGENT), "web", False, "general"),
    ((GENERAL_URGENT, SMS), "sms", True, "sms"),
    ((GENERAL, SMS_URGENT), "sms", False, "general"),
    ((GENERAL, Variation(text="second")), "web", False, "general"),
    ((LONG, SMS, GENERAL), "sms", False, "sms"),
    ((LONG, LONGER, GENERAL), "sms", False, LONGER.text),
    ((LONG, SMS_URGENT), "sms", True, "sms urgent"),
]


@pytest.mark.parametrize(("variations", "channel", "urgent", "expected"), CHOICES)
def test_choice(variations: tuple[Variation, ...], channel: str, urgent: bool, expected: str) -> None:
    assert say(*variations, channel=channel, slots={"urgent": urgent}) == expected


def test_no_variation_applies() -> None:
    with pytest.raises(RenderError):
        say(SMS, channel="web")


def test_placeholders_come_from_slots_and_from_the_action() -> None:
    variation = Variation(text="{nom}, {km} km, {rang}", channel=None)
    slots = {"nom": "du slot", "rang": 2}
    assert say(variation, channel="web", slots=slots, nom="Pau", km=1.5) == "Pau, 1,5 km, 2"
    assert say(Variation(text="{km} km"), km=3.0) == "3 km"


@pytest.mark.parametrize("missing", [None, "", "  ", True, [], ["a"], {}])
def test_a_value_that_cannot_be_said_is_never_said(missing: Any, caplog: pytest.LogCaptureFixture) -> None:
    rich = Variation(text="Appelez le {telephone}.", ligne=3)
    assert say(rich, Variation(text="Allez-y."), telephone=missing) == "Allez-y."
    assert ":3 : aucune valeur pour telephone" in caplog.text
    with pytest.raises(RenderError):
        say(rich, telephone=missing)


def test_a_condition_may_read_the_values_of_the_action() -> None:
    rich = Variation(text="Appelez.", condition=parse_condition("context.telephone is not null"))
    assert say(GENERAL, rich, telephone="3939") == "Appelez."
    assert say(GENERAL, rich) == "general"


def test_buttons_are_filled_and_those_of_the_action_come_first() -> None:
    own = Button("À {nom}", "/SetSlots(insee={insee})")
    response = Response(name="utter_x", variations=(Variation(text="Où ?", buttons=(own,), custom={"a": 1}),))
    added = (Button("Ailleurs", "/ailleurs"),)
    said = render(response, "web", {"nom": "Pau"}, {"insee": "64445"}, fits_20, added)
    pau = Button("À Pau", "/SetSlots(insee=64445)")
    assert said == Utterance(response="utter_x", text="Où ?", choices=(*added, pau), custom={"a": 1})


PAYLOADS = [
    ("/SetSlots(need=caf)", Payload(slots={"need": "caf"})),
    ("/SetSlots(need=caf, insee=null)", Payload(slots={"need": "caf", "insee": None})),
    ("/SetSlots( souhait = mot de passe )", Payload(slots={"souhait": "mot de passe"})),
    ("/SetSlots(need=)", Payload(slots={"need": ""})),
    ("/aide", Payload(intent="aide")),
    ("je veux de l'aide", Payload(text="je veux de l'aide")),
]


@pytest.mark.parametrize(("payload", "expected"), PAYLOADS)
def test_payload(payload: str, expected: Payload) -> None:
    assert parse_payload(payload) == expected


@pytest.mark.parametrize("payload", ["/", "/SetSlots()", "/SetSlots(a)", "/SetSlots(a=b", "/SetSlots(a=b=c)", "/é"])
def test_broken_payload(payload: str) -> None:
    with pytest.raises(ValueError, match="payload illisible"):
        parse_payload(payload)
