"""Training slots, from a table and from a calendar."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from knowledge.base import read_creneaux, write_items
from knowledge.creneaux import Creneau
from knowledge.demonstration import demonstration
from knowledge.exporting import export_file
from knowledge.importing import ImportImpossible, Report, import_files
from knowledge.importing.creneaux_table import COLUMNS
from tests.importing.conftest import NOW, ImportText

PARIS = ZoneInfo("Europe/Paris")
ATELIER = {"id": "1", "titre": "Premiers pas", "debut": "2026-11-24T14:00"}


def table(*rows: dict[str, str]) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


@pytest.fixture
def import_slots(import_text: ImportText) -> Callable[..., Report]:
    def run(text: str, name: str = "creneaux.csv", now: datetime = NOW) -> Report:
        return import_text(text, kind="creneaux", name=name, now=now)

    return run


ImportSlots = Callable[..., Report]


def test_every_published_column_is_read(base: Engine, import_slots: ImportSlots) -> None:
    cells = {
        "fin": "2026-11-24T16:30:00+01:00", "besoins": "ordinateur|internet", "niveau": "débutant",
        "places_total": "8", "places_restantes": "0", "lieu_id": "fibre-64-1", "lieu": "Cyberbase",
        "adresse": "12 rue du Pont", "code_postal": "64300", "commune": "Orthez", "code_insee": "64430",
        "latitude": "43.488", "longitude": "-0.772", "inscription": "Au guichet.", "telephone": "05 59 28 51 08",
        "courriel": "a@x.fr", "lien": "https://x.fr", "publics": "Seniors|Illettrisme", "frais": "Gratuit",
        "description": "Souris et clavier.", "source": "Cyberbase",
    }  # fmt: skip
    assert set(COLUMNS) == {*ATELIER, *cells}
    report = import_slots(table(ATELIER | cells))
    assert read_creneaux(base) == [
        Creneau(
            id="1", titre="Premiers pas", start=datetime(2026, 11, 24, 14, tzinfo=PARIS),
            end=datetime(2026, 11, 24, 16, 30, tzinfo=PARIS), needs=("ordinateur", "internet"), niveau="débutant",
            places_total=8, places_restantes=0, lieu_id="fibre-64-1", lieu="Cyberbase", adresse="12 rue du Pont",
            code_postal="64300", commune="Orthez", code_insee="64430", latitude=43.488, longitude=-0.772,
            inscription="Au guichet.", telephone="+33559285108", courriel="a@x.fr", lien="https://x.fr",
            publics=("Seniors", "Illettrisme"), frais="Gratuit", description="Souris et clavier.", source="Cyberbase",
        )
    ]  # fmt: skip
    assert report.warnings == []


@pytest.mark.parametrize(
    ("cells", "field", "value", "message"),
    [
        ({"fin": "2026-11-24T13:00"}, "end", None, "la fin est avant le début : laissée de côté"),
        ({"besoins": "tricot"}, "needs", (), "besoin inconnu : laissé de côté"),
        ({"places_restantes": "quelques"}, "places_restantes", None, "nombre entier illisible, laissé de côté"),
        ({"places_total": "9" * 5000}, "places_total", None, "nombre entier illisible, laissé de côté"),
        ({"publics": "Adultes"}, "publics", (), "public hors du standard national : laissé de côté"),
        ({"couleur": "bleu"}, "titre", "Premiers pas", "colonne inconnue : son contenu n'est pas importé"),
    ],
)
def test_a_doubt_is_said(
    base: Engine, import_slots: ImportSlots, cells: dict[str, str], field: str, value: object, message: str
) -> None:
    report = import_slots(table(ATELIER | cells))
    assert getattr(read_creneaux(base)[0], field) == value
    assert message in [warning.message for warning in report.warnings]


@pytest.mark.parametrize(
    ("cells", "colonne", "motif"),
    [
        ({"id": ""}, "id", "l'identifiant manque"),
        ({"titre": ""}, "titre", "le titre manque"),
        ({"debut": ""}, "debut", "la date de début manque"),
        ({"debut": "0001-01-01"}, "debut", "date impossible"),
        ({"debut": "mardi prochain"}, "debut", "date illisible : on attend 2026-11-24T14:00"),
    ],
)
def test_a_refused_slot_says_why(import_slots: ImportSlots, cells: dict[str, str], colonne: str, motif: str) -> None:
    report = import_slots(table(ATELIER, ATELIER | {"id": "2"} | cells))
    assert [(refus.ligne, refus.colonne, refus.motif) for refus in report.refusals] == [(3, colonne, motif)]
    assert report.added == 1


def test_a_table_without_its_columns_says_what_is_expected(import_slots: ImportSlots) -> None:
    with pytest.raises(ImportImpossible, match=r"il manque id, debut\. Un fichier de créneaux a au moins"):
        import_slots("titre,fin\nx,y\n")


@pytest.mark.parametrize("suffix", [".csv", ".json"])
def test_exported_slots_imported_again_change_nothing(base: Engine, tmp_path: Path, suffix: str) -> None:
    _, creneaux = demonstration(NOW)
    abroad = replace(creneaux[0], id="réunion", start=creneaux[0].start.astimezone(timezone(timedelta(hours=4))))
    write_items(base, [*creneaux, abroad], now=NOW)
    count = export_file(base, "creneaux", tmp_path / f"creneaux{suffix}")
    report = import_files(base, "creneaux", [tmp_path / f"creneaux{suffix}"], now=NOW)
    assert (report.read, report.unchanged) == (count, count)


def calendar(*events: str, name: str = "") -> str:
    lines = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{name}{lines}END:VCALENDAR\n"


SINGLE = """
UID:a@x
SUMMARY:Atelier
DTSTART;TZID=Europe/Paris:20261201T140000
DTEND;TZID=Europe/Paris:20261201T160000
LOCATION:Médiathèque\\, 12 rue du Pont\\, 64300 Orthez
"""
WEEKLY = SINGLE + "RRULE:FREQ=WEEKLY;COUNT=5\n"
MOVED = """
UID:a@x
RECURRENCE-ID;TZID=Europe/Paris:20261215T140000
SUMMARY:Atelier déplacé
DTSTART;TZID=Europe/Paris:20261216T100000
DTEND;TZID=Europe/Paris:20261216T120000
LOCATION:Ailleurs
"""
CANCELLED = """
UID:a@x
RECURRENCE-ID;TZID=Europe/Paris:20261222T140000
STATUS:CANCELLED
SUMMARY:Atelier
DTSTART;TZID=Europe/Paris:20261222T140000
"""
EXCEPTION = "EXDATE;TZID=Europe/Paris:20261208T140000\n"


def test_a_session_of_a_calendar(base: Engine, import_slots: ImportSlots) -> None:
    more = "GEO:43.488;-0.772\nURL:https://x.fr\nDESCRIPTION:Souris\\net clavier\nCONTACT:Au guichet\n"
    more += "CATEGORIES:ordinateur,Tricot\n"
    report = import_slots(calendar(SINGLE + more, name="X-WR-CALNAME:Cyberbase\n"), "agenda.ics")
    assert read_creneaux(base) == [
        Creneau(
            id="a@x", titre="Atelier", start=datetime(2026, 12, 1, 14, tzinfo=PARIS),
            end=datetime(2026, 12, 1, 16, tzinfo=PARIS), needs=("ordinateur",),
            lieu="Médiathèque, 12 rue du Pont, 64300 Orthez", code_postal="64300", commune="Orthez", latitude=43.488,
            longitude=-0.772, inscription="Au guichet", lien="https://x.fr", description="Souris\net clavier",
            source="Cyberbase",
        )
    ]  # fmt: skip
    assert (report.warnings, report.added) == ([], 1)


def starts(base: Engine) -> list[str]:
    return [f"{creneau.start:%m-%d %H:%M}" for creneau in sorted(read_creneaux(base), key=lambda c: c.start)]


def test_recurrence_exceptions_moves_and_cancellations(base: Engine, import_slots: ImportSlots) -> None:
    first = import_slots(calendar(WEEKLY), "agenda.ics")
    assert starts(base) == ["12-01 14:00", "12-08 14:00", "12-15 14:00", "12-22 14:00", "12-29 14:00"]
    changed = calendar(WEEKLY + EXCEPTION, MOVED, CANCELLED)
    second = import_slots(changed, "agenda.ics")
    assert starts(base) == ["12-01 14:00", "12-16 10:00", "12-29 14:00"]
    assert (first.added, second.updated, second.removed, second.unchanged) == (5, 1, 2, 2)
    third = import_slots(changed, "agenda.ics")
    assert (third.unchanged, third.removed, third.changed) == (3, 0, False)


def test_a_cancelled_event_leaves_the_base_and_others_stay(base: Engine, import_slots: ImportSlots) -> None:
    import_slots(calendar(SINGLE, SINGLE.replace("a@x", "a@x#2")), "agenda.ics")
    report = import_slots(calendar(SINGLE + "STATUS:CANCELLED\n"), "agenda.ics")
    assert [creneau.id for creneau in read_creneaux(base)] == ["a@x#2"]
    assert "1 ligne annulée : retirée" in "\n".join(report.lines())


def test_sessions_are_read_from_now_for_a_year(base: Engine, import_slots: ImportSlots) -> None:
    import_slots(calendar(SINGLE.replace("2026", "2025") + "RRULE:FREQ=MONTHLY\n"), "agenda.ics")
    assert len(starts(base)) == 12
    assert read_creneaux(base)[0].start > NOW


@pytest.mark.parametrize(
    ("when", "read_as"),
    [
        ("DTSTART:20261201T130000Z", "2026-12-01T14:00:00+01:00"),
        ("DTSTART:20270701T120000Z", "2027-07-01T14:00:00+02:00"),
        ("DTSTART:20261201T140000", "2026-12-01T14:00:00+01:00"),
        ("DTSTART;TZID=Indian/Reunion:20261201T140000", "2026-12-01T14:00:00+04:00"),
        ("DTSTART;VALUE=DATE:20261201", "2026-12-01T00:00:00+01:00"),
    ],
)
def test_time_zones(base: Engine, import_slots: ImportSlots, when: str, read_as: str) -> None:
    report = import_slots(calendar(f"UID:1\nSUMMARY:x\nLOCATION:Orthez\n{when}"), "agenda.ics")
    assert read_creneaux(base)[0].start.isoformat() == read_as
    doubts = ["sans heure : pris comme une journée entière"] if "VALUE=DATE" in when else []
    assert [warning.message for warning in report.warnings] == doubts


@pytest.mark.parametrize(
    ("event", "motif"),
    [
        ("UID:1\nSUMMARY:x\nDTSTART:demain", "date ou répétition illisible"),
        ("UID:1\nSUMMARY:x", "la date de début (DTSTART) manque ou est illisible"),
        ("UID:1\nDTSTART:20261201T140000", "le titre (SUMMARY) manque"),
        ("UID:1\nSUMMARY:x\nDTSTART:20261201T140000\nRRULE:FREQ=SECONDLY",
         "l'événement revient plusieurs fois par jour"),
        ("UID:1\nSUMMARY:x\nDTSTART:20261201T140000\nRRULE:FREQ=DAILY;BYHOUR=9,10,11,12",
         "l'événement revient plus de 400 fois en un an"),
        ("UID:1\nSUMMARY:x\nDTSTART:20261201T140000\nRRULE:FREQ=WEEKLY;BYDAY=XX", "date ou répétition illisible"),
    ],
)  # fmt: skip
def test_a_faulty_event_is_refused_alone(base: Engine, import_slots: ImportSlots, event: str, motif: str) -> None:
    report = import_slots(calendar(SINGLE, event), "agenda.ics")
    assert [(refus.ligne, refus.motif) for refus in report.refusals] == [(10, motif)]
    assert [creneau.id for creneau in read_creneaux(base)] == ["a@x"]
    assert Path(report.refusal_files[0]).name == "agenda.refus.csv"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (calendar(SINGLE)[:150], "le calendrier s'arrête au milieu (END:VCALENDAR manque)"),
        ("BEGIN:VCALENDAR\nEND:VEVENT\nEND:VCALENDAR", "ce calendrier ne peut pas être lu"),
    ],
)
def test_a_broken_calendar_changes_nothing(base: Engine, import_slots: ImportSlots, text: str, sentence: str) -> None:
    with pytest.raises(ImportImpossible) as caught:
        import_slots(text, "agenda.ics")
    assert sentence in str(caught.value)
    assert read_creneaux(base) == []


def test_a_calendar_is_no_list_of_places(import_text: ImportText) -> None:
    with pytest.raises(ImportImpossible, match=r"est un fichier ics\. On attend ici : csv, json"):
        import_text(calendar(SINGLE), name="agenda.ics")


REAL_CALENDARS = {
    "america_new_york.ics": (2014, 1, 0),
    "bom_calendar.ics": (2014, 0, 0),
    "broken_dtstart.ics": (2014, 0, 1),
    "broken_ical.ics": (2014, 0, 1),
    "created_calendar_with_unicode_fields.ics": (2010, 2, 1),
    "example.ics": (2022, 3, 0),
    "issue_1231_recurrence.ics": (2025, 1, 0),
    "issue_127_categories_with_commas.ics": (2014, 1, 0),
    "issue_165_missing_event.ics": (2015, 0, 1),
    "issue_218_bad_tzid.ics": (2017, 1, 0),
    "issue_237_fail_to_parse_timezone_with_non_ascii_tzid.ics": (2017, 0, 1),
    "issue_313_globally_unique_tzid.ics": (2020, 3, 0),
    "issue_348_exception_parsing_value.ics": (2019, 1, 0),
    "multiple_calendar_components.ics": (2003, 3, 0),
    "rfc_5545_RDATE_example.ics": (1996, 0, 6),
    "timezoned.ics": (2012, 1, 0),
    "x_location.ics": (2016, 46, 0),
}
"""For each calendar of ../shared/data: the year read, the sessions, the refused events."""


def test_every_real_calendar_has_its_line(shared_data: Callable[[str], Path]) -> None:
    assert {path.name for path in shared_data("ics-icalendar").glob("*.ics")} == set(REAL_CALENDARS)


@pytest.mark.parametrize("name", REAL_CALENDARS)
def test_real_calendars(base: Engine, shared_data: Callable[[str], Path], tmp_path: Path, name: str) -> None:
    year, added, refused = REAL_CALENDARS[name]
    copy = tmp_path / name
    copy.symlink_to(shared_data("ics-icalendar") / name)
    report = import_files(base, "creneaux", [copy], now=datetime(year, 1, 1, tzinfo=PARIS))
    assert (report.added, report.refused) == (added, refused)
