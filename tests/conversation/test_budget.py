"""An SMS never costs more than two segments, a whole orientation never more than four."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from itertools import cycle, product

import pytest

from actions.presentation import Presentation
from benchmarks.real_places import read_places
from bot.app import build_conversation, read_flows
from bot.channels.sms.rendering import Sms
from bot.channels.sms.text import fold, segments, width
from bot.conversation.budget import check_budget, costs
from bot.conversation.extremes import Extremes
from bot.conversation.reading import filled_slots
from bot.engine.faults import FlowError
from bot.engine.responses import Button, Response, Variation
from bot.engine.steps import Flows
from bot.engine.tracker import Tracker
from bot.messages import SMS, MessageIn
from bot.understanding import Understander, Understanding
from knowledge.creneaux import Creneau
from knowledge.demande import Demande
from knowledge.demonstration import demonstration
from knowledge.horaires import HorairesIllisibles, parse_horaires
from knowledge.horaires_phrases import phrase_sms
from knowledge.labels import Posture, Urgency
from knowledge.lieux import Lieu
from knowledge.longest import AT_LENGTH, LONG_HOURS, Longest, longest_of
from knowledge.orientation import orienter
from knowledge.snapshot import Knowledge, build_knowledge
from knowledge.textes import COURT, court
from tests.conftest import SHARED_DATA, missing
from tests.conversation.conftest import NOW

MOST, MOST_OF_A_DIALOGUE = 2, 4
Paths = list[tuple[str, ...]]

LISTED = "; 9 "
"""The ninth choice of the list of needs, in another language."""


@pytest.fixture(scope="module")
def flows() -> Flows:
    return read_flows()


@pytest.fixture(scope="module")
def demo() -> Knowledge:
    return build_knowledge(*demonstration(NOW))


@cache
def real_places() -> list[Lieu]:
    if not SHARED_DATA.exists():
        missing("fichiers réels absents : ../shared/data")
    return read_places()


@pytest.fixture(scope="module")
def real() -> Knowledge:
    return build_knowledge(real_places(), demonstration(NOW)[1])


def extremes(flows: Flows, knowledge: Knowledge, longest: Longest | None = None, contact: str = "") -> Extremes:
    longest = longest or longest_of(*demonstration(NOW), width)
    return Extremes(knowledge, longest, contact, flows.domain())


def said_by_sms(flows: Flows, name: str, text: str, *others: Variation) -> list[FlowError]:
    response = Response(name=name, variations=(*others, Variation(text=text, ligne=7)), fichier="flux/x.yml")
    changed = replace(flows, responses={**flows.responses, name: response})
    return check_budget(changed, extremes(changed, build_knowledge([]), contact="la mairie"))


def test_every_text_fits_with_the_longest_values_of_the_demonstration(flows: Flows, demo: Knowledge) -> None:
    found = list(costs(flows, extremes(flows, demo, contact="la médiathèque de Mauléon, 05 36 49 00 01")))
    said = {name for name in flows.responses if not name.startswith("fragment_")}
    assert {cost.response.name for cost in found} == said
    assert len(said) >= 35
    assert {cost.response.name: cost.segments for cost in found if cost.segments > MOST} == {}
    assert max(cost.segments for cost in found) == MOST


def test_every_text_fits_with_the_longest_values_of_the_real_places(flows: Flows, real: Knowledge) -> None:
    places = real_places()
    assert len(places) > 25_000
    longest = longest_of(places, demonstration(NOW)[1], width)
    assert max(len(lieu.nom) for lieu in places) == len(longest.lieu.nom) > 2 * COURT
    assert check_budget(flows, extremes(flows, real, longest)) == []


def test_the_check_reads_the_longest_values_of_the_base(flows: Flows) -> None:
    lieu = Lieu(id="1", nom="m" * 90, commune="Pau", code_postal="64000", telephone="+33559000001" * 9)
    creneau = Creneau(id="1", titre="t" * 60, start=NOW, inscription="https://exemple.fr/" + "i" * 200)
    longest = longest_of([lieu, replace(lieu, nom="n")], [creneau], width)
    assert (longest.lieu.nom, longest.creneau.titre) == (lieu.nom, creneau.titre)
    faults = check_budget(flows, extremes(flows, build_knowledge([]), longest))
    assert [fault.fichier for fault in faults] == ["flows/commandes.textes.yml", "flows/orienter.textes.yml"]
    for name, fault in zip(("annuaire", "orientation"), faults, strict=True):
        assert f"« utter_{name} » peut coûter 3 SMS, 2 au plus (lieu_court_sms = « " in fault.message


LONG = "une phrase qui dure " * 16


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("court", None),
        (LONG.strip(), "« utter_aide » peut coûter 3 SMS, 2 au plus"),
        (LONG[:300] + "{suite}", "(suite = « besoin_suivant »)"),
        (LONG[:290] + "{insee}", "(insee = « mmmm"),
        ("œ" * 160, "peut coûter 3 SMS"),
        ("ê" * 300, None),
        ("مرحبا" * 30, "peut coûter 3 SMS"),
    ],
)
def test_a_long_text_is_a_fault_with_its_line(flows: Flows, text: str, said: str | None) -> None:
    faults = said_by_sms(flows, "utter_aide", text)
    assert len(faults) == (said is not None)
    for fault in faults:
        assert (fault.fichier, fault.ligne, fault.avertissement) == ("flux/x.yml", 7, False)
        assert said
        assert said in fault.message


def test_the_shortest_version_counts_and_a_condition_may_leave_only_one(flows: Flows) -> None:
    long, only_web = Variation(text=LONG.strip(), ligne=3), Variation(text=LONG.strip(), channel="web", ligne=4)
    condition = next(branch.condition for step in flows.flows["orienter"] for branch in step.next if branch.condition)
    assert (
        said_by_sms(flows, "utter_aide", "court", replace(long, channel=SMS), replace(long, channel=SMS, text="x"))
        == []
    )
    assert said_by_sms(flows, "utter_aide", "court", only_web, replace(only_web, condition=condition)) == []
    assert [f.ligne for f in said_by_sms(flows, "utter_aide", "court", replace(long, condition=condition))] == [3]


def test_choices_count(flows: Flows) -> None:
    buttons = tuple(Button("un choix assez long", f"/SetSlots(need={number})") for number in range(15))
    response = replace(flows.responses["utter_ask_need"], variations=(Variation(text="Quoi ?", buttons=buttons),))
    changed = replace(flows, responses={**flows.responses, "utter_ask_need": response})
    assert "utter_ask_need" in check_budget(changed, extremes(changed, build_knowledge([])))[0].message


def test_a_line_in_another_language_counts_alone(flows: Flows) -> None:
    english = flows.languages["en"]
    phrases = {**english.phrases, "utter_stop": LONG}
    changed = replace(flows, languages={"en": replace(english, phrases=phrases)})
    faults = check_budget(changed, extremes(changed, build_knowledge([])))
    assert [(fault.fichier, fault.ligne) for fault in faults] == [
        (english.fichier, english.lignes["phrases.utter_stop"])
    ]


@pytest.mark.parametrize(
    ("group", "key", "text", "fault"),
    [
        (
            "phrases",
            "utter_ask_need_choix",
            "What? " * 20,
            "phrases.utter_ask_need_choix : la ligne peut coûter 2 SMS, 1",
        ),
        ("phrases", "utter_ask_urgency", "Urgent? " * 15, "phrases.utter_ask_urgency : la ligne peut coûter 2 SMS, 1"),
        ("phrases", "utter_ask_posture", "What? " * 20, None),
        ("suite", "apprendre", "Learn " * 20, "phrases.utter_orientation : la ligne peut coûter 2 SMS, 1 au plus"),
    ],
)
def test_a_question_in_another_language_counts_for_what_it_may_cost(
    flows: Flows, group: str, key: str, text: str, fault: str | None
) -> None:
    english = flows.languages["en"]
    if group == "phrases":
        english = replace(english, phrases={**english.phrases, key: text})
    else:
        english = replace(english, choix={**english.choix, group: {**english.choix[group], key: text}})
    changed = replace(flows, languages={"en": english})
    found = [str(one) for one in check_budget(changed, extremes(changed, build_knowledge([])))]
    assert bool(found) == bool(fault)
    assert not fault or any(fault in one for one in found)


def test_a_question_counts_for_one_segment(flows: Flows) -> None:
    response = flows.responses["utter_ask_posture"]
    longer = replace(response, variations=tuple(replace(one, text="Quelle aide ? " * 4) for one in response.variations))
    changed = replace(flows, responses={**flows.responses, response.name: longer})
    messages = {fault.message for fault in check_budget(changed, extremes(changed, build_knowledge([])))}
    assert messages == {"« utter_ask_posture » peut coûter 2 SMS, 1 au plus"}


def test_no_hours_are_said_at_more_length() -> None:
    longest = len(phrase_sms(parse_horaires(LONG_HOURS) or pytest.fail("illisible"), AT_LENGTH))
    assert longest == 71
    written = sorted({lieu.horaires for lieu in (*demonstration(NOW)[0], *real_places()) if lieu.horaires})
    instants = [NOW + timedelta(hours=7 * step) for step in range(30)]
    said = [phrase for text in written[::20] for phrase in said_of(text, instants)]
    assert len(said) > 3000
    assert max(map(len, said)) <= longest


def said_of(text: str, instants: Sequence[datetime]) -> Iterator[str]:
    try:
        horaires = parse_horaires(text)
    except HorairesIllisibles:
        return
    if horaires:
        yield from (phrase_sms(horaires, instant) for instant in instants)


def test_no_answer_over_real_places_is_ever_cut(flows: Flows, real: Knowledge) -> None:
    """Every need and kind of help, in communes from everywhere: the shortest planned version always holds."""
    homes = sorted({lieu.code_insee for lieu in real_places() if lieu.code_insee})
    cases = product(real.needs, Posture, (Urgency.TODAY, Urgency.LATER))
    assert len(homes) > 5000
    checked = 0
    for (need, posture, urgency), insee in zip(cases, cycle(homes[:: len(homes) // 97]), strict=False):
        demande = Demande(need=need, posture=posture, urgency=urgency, insee=insee)
        orientation = orienter(demande, NOW, real)
        said = Presentation(orientation, demande, NOW, SMS, real, flows.domain())
        shortest = flows.responses[said.response()].variations[-1].text.format(**said.values())
        titles = ["Autre lieu", "Apprendre plus tard", "m" * 16, "Autre besoin"]
        assert Sms().fits(shortest, titles), shortest
        checked += 1
    assert checked == 38 * 5 * 2


class Speaking(Understander):
    """Understands as ever, every message taken for one in that language (None: as nothing tells)."""

    def __init__(self, knowledge: Knowledge, language: str | None) -> None:
        super().__init__(knowledge.needs, knowledge.communes)
        self._language = language

    def understand(self, text: str, now: datetime, expected: str | None = None) -> Understanding:
        return replace(super().understand(text, now, expected=expected), langue=self._language)


class Orientations:
    """Dialogues from a first message to the answer, with every way of answering the questions by their numbers."""

    def __init__(self, knowledge: Knowledge, language: str | None = None) -> None:
        self._conversation = build_conversation(lambda: knowledge, Speaking(knowledge, language))
        self._played: dict[tuple[str, str], Paths] = {}

    def of(self, text: str) -> Paths:
        """Return the messages sent before and with the answer, for each way that leads to one."""
        return self._from(None, text)

    def _from(self, tracker: Tracker | None, text: str) -> Paths:
        message = MessageIn(channel=SMS, conversation="anna", text=text, received_at=NOW)
        key = (replace(tracker, history=()).to_json() if tracker else "", text)
        if key not in self._played:
            outcome = self._conversation.play(tracker, message)
            sent = tuple(answer.text for answer in outcome.messages)
            self._played[key] = [(*sent, *later) for later in self._after(outcome.tracker)]
        return self._played[key]

    def _after(self, tracker: Tracker | None) -> Paths:
        if tracker is None or tracker.pending == "suite":
            return [()]
        numbers = range(1, len(tracker.choices) + 1)
        return [path for number in numbers for path in self._from(tracker, str(number))]


def cost(path: Sequence[str]) -> int:
    return sum(map(segments, path))


def every_name(knowledge: Knowledge) -> list[str]:
    return [f"{name} à Mauléon" for need in knowledge.needs.values() for name in need.synonymes]


@pytest.fixture(scope="module")
def different(demo: Knowledge) -> list[str]:
    """The names of needs that are understood differently, with a place: one of those that are understood alike."""
    understander, nobody = Understander(demo.needs, demo.communes), Tracker(conversation="", channel=SMS)
    understood = {text: understander.understand(text, NOW) for text in every_name(demo)}
    found = {repr((one.danger, filled_slots(one, nobody))): text for text, one in understood.items()}
    assert 60 < len(found) < len(understood)
    return [*found.values()]


@pytest.mark.parametrize("base", ["demo", "real"])
def test_a_whole_orientation_costs_four_segments_at_most(
    base: str, different: list[str], request: pytest.FixtureRequest
) -> None:
    """The notice of the demonstration included, by each name of each need. A shared name may cost one more."""
    knowledge: Knowledge = request.getfixturevalue(base)
    orientations = Orientations(knowledge)
    towns = ("Pau", "Saint-Jean-Pied-de-Port", "64000", "Saint-Jean-de-Luz")
    asked = [f"{need.synonymes[0]} à {town}" for need in knowledge.needs.values() for town in towns]
    paths = [
        path
        for text in (*(every_name(knowledge) if base == "demo" else different), *asked)
        for path in orientations.of(text)
    ]
    assert len(paths) > 1000
    assert max(segments(text) for path in paths for text in path) == MOST
    assert [path for path in paths if cost(path) > MOST_OF_A_DIALOGUE] == []
    assert not [text for path in paths for text in path if "..." in text]
    shared = orientations.of("ordinateur à 64120")
    assert max(map(cost, shared)) <= MOST_OF_A_DIALOGUE + 1


@pytest.mark.parametrize("language", ["en", "es", "pt", "eu", "ar"])
def test_a_whole_orientation_in_another_language_costs_four_segments_at_most(
    language: str, demo: Knowledge, different: list[str]
) -> None:
    """One more after the list of needs, for a need that no rule knows, and in Arabic after a number to call."""
    orientations = Orientations(demo, language)
    played = [path for text in different for path in orientations.of(text)]
    assert len(played) > 150
    assert max(segments(text) for path in played for text in path) == MOST
    numbers = [alert.sentence_sms for alert in demo.lignes.by_danger.values()] if language == "ar" else []
    longer = [path for path in played if LISTED in path[0] or any(one in path[0] for one in map(fold, numbers))]
    assert 0 < len(longer) < len(played) / 4
    assert [path for path in played if path not in longer and cost(path) > MOST_OF_A_DIALOGUE] == []
    assert max(map(cost, longer)) == MOST_OF_A_DIALOGUE + 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mairie", "Mairie"),
        ("Maison de Services au Public de Mauléon Licharre", "Maison de Services au Public de Mauléon"),
        ("Centre communal d'action sociale, - (Mairie de Pau)", "Centre communal d'action sociale"),
        ("x" * 41, "x" * 40),
        ("https://exemple.fr/inscription/atelier/2026/11", None),
        (None, None),
    ],
)
def test_a_name_is_shortened_between_two_words(text: str | None, expected: str | None) -> None:
    assert court(text) == expected


def test_a_width_is_that_of_the_folded_text() -> None:
    for text in ("Mairie", "œuvre", "€ [x]", "forêt « là »"):
        folded = fold(text)
        assert width(text) == sum(2 if char in "[]€" else 1 for char in folded)
    assert width("مرحبا") > 2 * width("bonjo") - 1
