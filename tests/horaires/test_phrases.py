"""Open or not, when next, and how it is said: the table of `cas.yml`, deadlines, the week of a card."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.channels.sms.text import Coding, coding
from knowledge.demande import Opening
from knowledge.horaires import Horaires, paris, parse_horaires
from knowledge.horaires_phrases import phrase, phrase_sms, semaine

GROUPS = YAML(typ="safe").load(Path(__file__).with_name("cas.yml").read_text(encoding="utf-8"))
CASES = [(group["horaires"], case) for group in GROUPS for case in group["cas"]]

MAIRIE = "Mo-Fr 09:00-12:00,14:00-17:00"


def read(text: str) -> Horaires:
    horaires = parse_horaires(text)
    assert horaires is not None
    return horaires


def instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=paris())


def written(opening: Opening | None) -> list[str | None] | None:
    if opening is None:
        return None
    return [f"{end:%Y-%m-%d %H:%M}" if end else None for end in (opening.start, opening.end)]


def test_number_of_cases() -> None:
    assert (len(GROUPS), len(CASES)) == (23, 78)


@pytest.mark.parametrize(("text", "case"), CASES, ids=[f"{text} @ {case['now']}" for text, case in CASES])
def test_case(text: str, case: dict[str, Any]) -> None:
    horaires, now = read(text), instant(case["now"])
    assert {
        "now": case["now"],
        "open": horaires.is_open(now),
        "next": written(horaires.next_opening(now)),
        "phrase": phrase(horaires, now),
        "sms": phrase_sms(horaires, now),
    } == case


def test_sms_form_needs_no_folding() -> None:
    assert {coding(case["sms"]) for _, case in CASES} == {Coding.GSM7}
    assert max(len(case["sms"]) for _, case in CASES) <= 50


DEADLINES = [
    (MAIRIE, "2026-11-23T10:00", "2026-11-27", "ouvert maintenant, jusqu'à 12 h, puis de 14 h à 17 h"),
    (MAIRIE, "2026-11-23T13:00", "2026-11-23", "fermé maintenant, ouvre à 14 h (jusqu'à 17 h)"),
    (MAIRIE, "2026-11-23T18:00", "2026-11-24", "ouvert mardi 24 novembre de 9 h à 12 h"),
    (MAIRIE, "2026-11-23T18:00", "2026-11-23", "pas ouvert avant mardi 24 novembre à 9 h"),
    ("Mo[1] 14:00-16:00", "2026-11-23T10:00", "2026-11-27", "pas ouvert avant lundi 7 décembre à 14 h"),
    ("week 1-53/2 Tu 10:00-12:00", "2026-11-23T10:00", "2026-12-04", "ouvert mardi 1er décembre de 10 h à 12 h"),
    ("Fr 00:00-24:00", "2026-11-23T10:00", "2026-12-04", "ouvert vendredi 27 novembre 24 h sur 24"),
]


@pytest.mark.parametrize(("text", "now", "deadline", "expected"), DEADLINES)
def test_phrase_before_a_deadline(text: str, now: str, deadline: str, expected: str) -> None:
    assert phrase(read(text), instant(now), date.fromisoformat(deadline)) == expected


def test_before_is_excluded() -> None:
    horaires, now = read(MAIRIE), instant("2026-11-23T13:00")
    assert horaires.next_opening(now, before=instant("2026-11-23T14:00")) is None
    assert horaires.next_opening(now, before=instant("2026-11-23T14:01")) is not None


WEEKS = [
    (
        MAIRIE,
        "2026-11-09T18:00",
        [
            ("lundi 9 novembre", "9 h – 12 h, 14 h – 17 h"),
            ("mardi 10 novembre", "9 h – 12 h, 14 h – 17 h"),
            ("mercredi 11 novembre", "sans doute fermé (jour férié)"),
            ("jeudi 12 novembre", "9 h – 12 h, 14 h – 17 h"),
            ("vendredi 13 novembre", "9 h – 12 h, 14 h – 17 h"),
            ("samedi 14 novembre", "fermé"),
            ("dimanche 15 novembre", "fermé"),
        ],
    ),
    (
        "Fr 20:00-24:00; Sa 00:00-24:00; Su 00:00-10:00; Mo 22:00-02:00; PH off",
        "2026-12-22T01:00",
        [
            ("mardi 22 décembre", "fermé"),
            ("mercredi 23 décembre", "fermé"),
            ("jeudi 24 décembre", "fermé"),
            ("vendredi 25 décembre", "fermé (jour férié)"),
            ("samedi 26 décembre", "24 h sur 24"),
            ("dimanche 27 décembre", "0 h – 10 h"),
            ("lundi 28 décembre", "22 h – 2 h"),
        ],
    ),
]


@pytest.mark.parametrize(("text", "now", "expected"), WEEKS)
def test_semaine(text: str, now: str, expected: list[tuple[str, str]]) -> None:
    assert semaine(read(text), instant(now)) == expected


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2026-11-23"])
def test_semaine_day_and_night(day: str) -> None:
    assert [hours for _, hours in semaine(read("24/7"), instant(f"{day}T12:00"))] == ["24 h sur 24"] * 7
