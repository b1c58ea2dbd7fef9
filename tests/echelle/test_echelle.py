"""The scale: every combination of inputs, its laws, and what a faulty table is told."""

import re
from dataclasses import replace

import pytest

from knowledge.echelle import (
    Decision,
    Echelle,
    EchelleError,
    Situation,
    check_echelle,
    load_echelle,
    situations,
)
from knowledge.labels import Autonomy, Disponibilite, Posture, Urgency
from knowledge.needs import Famille

POSTURES, URGENCIES, AUTONOMIES, FAMILLES, YES_NO, HELPERS = 6, 4, 4, 4, 3, 4
ALL = 41_472


@pytest.fixture(scope="module")
def echelle() -> Echelle:
    return load_echelle()


@pytest.fixture(scope="module")
def decisions(echelle: Echelle) -> list[tuple[Situation, Decision]]:
    return [(situation, echelle.decide(situation)) for situation in situations()]


def test_every_combination_is_decided(decisions: list[tuple[Situation, Decision]]) -> None:
    assert len(decisions) == POSTURES * URGENCIES * AUTONOMIES * FAMILLES * YES_NO * YES_NO * HELPERS * YES_NO == ALL
    assert len({situation for situation, _ in decisions}) == len(decisions)
    assert all(decision.reason and decision.reason_court for _, decision in decisions)
    assert all(bool(decision.learn_next) == bool(decision.learn_reason) for _, decision in decisions)


def test_the_first_row_that_holds_decides_and_only_one(echelle: Echelle) -> None:
    ids = [row.id for row in echelle.maintenant]
    assert len(set(ids)) == len(ids) == 34


WITNESSES = [
    ("apprendre_prive_urgent", Situation(posture=Posture.APPRENDRE_A_FAIRE, confidential=True, urgency=Urgency.TODAY)),
    ("apprendre_prive", Situation(posture=Posture.APPRENDRE_A_FAIRE, confidential=True)),
    ("apprendre_urgent", Situation(posture=Posture.APPRENDRE_A_FAIRE, urgency=Urgency.TODAY)),
    (
        "pour_une_autre_personne_sans_mandat",
        Situation(
            posture=Posture.LAISSER_FAIRE,
            famille=Famille.DEMARCHE,
            autonomy=Autonomy.NONE,
            disponibilite=Disponibilite.CINQ_MINUTES,
        ),
    ),
    (
        "a_la_place_habilite",
        Situation(posture=Posture.FAIRE_A_LA_PLACE, habilitation=True, disponibilite=Disponibilite.TRENTE_MINUTES),
    ),
    ("a_la_place_demande", Situation(posture=Posture.FAIRE_A_LA_PLACE)),
    ("guide_demande", Situation(posture=Posture.FAIRE_FAIRE)),
    ("ensemble_demande", Situation(posture=Posture.AIDER_A_FAIRE)),
    ("seul_demande", Situation(posture=Posture.LAISSER_FAIRE)),
    ("apprendre_demande", Situation(posture=Posture.APPRENDRE_A_FAIRE, urgency=Urgency.LATER)),
    ("aidant_materiel", Situation(famille=Famille.EQUIPEMENT, disponibilite=Disponibilite.AUCUNE)),
    ("aidant_autonome", Situation(autonomy=Autonomy.GOOD, disponibilite=Disponibilite.TRENTE_MINUTES)),
    (
        "aidant_atelier",
        Situation(famille=Famille.COMPETENCE, urgency=Urgency.LATER, disponibilite=Disponibilite.CINQ_MINUTES),
    ),
    ("aidant_prive_sans_temps", Situation(confidential=True, disponibilite=Disponibilite.AUCUNE)),
    ("aidant_sans_temps_urgent", Situation(urgency=Urgency.TODAY, disponibilite=Disponibilite.AUCUNE)),
    ("aidant_sans_temps", Situation(disponibilite=Disponibilite.AUCUNE)),
    ("aidant_5_minutes", Situation(disponibilite=Disponibilite.CINQ_MINUTES)),
    (
        "aidant_habilite",
        Situation(
            urgency=Urgency.WEEK,
            autonomy=Autonomy.NONE,
            disponibilite=Disponibilite.TRENTE_MINUTES,
            habilitation=True,
        ),
    ),
    (
        "aidant_sans_habilitation",
        Situation(
            urgency=Urgency.TODAY,
            autonomy=Autonomy.NONE,
            disponibilite=Disponibilite.TRENTE_MINUTES,
            habilitation=False,
        ),
    ),
    (
        "aidant_30_minutes_urgent",
        Situation(
            urgency=Urgency.TODAY,
            autonomy=Autonomy.NONE,
            famille=Famille.DEMARCHE,
            disponibilite=Disponibilite.TRENTE_MINUTES,
        ),
    ),
    ("aidant_30_minutes_prive", Situation(confidential=True, disponibilite=Disponibilite.TRENTE_MINUTES)),
    (
        "aidant_30_minutes_apprendre",
        Situation(famille=Famille.COMPETENCE, disponibilite=Disponibilite.TRENTE_MINUTES),
    ),
    ("aidant_30_minutes", Situation(disponibilite=Disponibilite.TRENTE_MINUTES)),
    ("materiel_sur_place", Situation(famille=Famille.EQUIPEMENT, recurrent=True)),
    ("urgent_sans_autonomie", Situation(urgency=Urgency.TODAY, autonomy=Autonomy.NONE, famille=Famille.DEMARCHE)),
    ("urgent_prive", Situation(urgency=Urgency.TODAY, confidential=True)),
    ("urgent", Situation(urgency=Urgency.TODAY, famille=Famille.DEMARCHE, recurrent=True)),
    ("prive", Situation(confidential=True, famille=Famille.COMPETENCE)),
    ("competence_cette_semaine", Situation(famille=Famille.COMPETENCE, urgency=Urgency.WEEK)),
    ("competence", Situation(famille=Famille.COMPETENCE, recurrent=True)),
    ("demarche_autonome", Situation(famille=Famille.DEMARCHE, autonomy=Autonomy.GOOD)),
    ("materiel_a_trouver", Situation(famille=Famille.EQUIPEMENT, recurrent=False)),
    ("sans_autonomie", Situation(famille=Famille.DEMARCHE, autonomy=Autonomy.NONE, urgency=Urgency.LATER)),
    ("ensemble", Situation()),
]


def test_each_row_has_a_witness(echelle: Echelle) -> None:
    assert [row for row, _ in WITNESSES] == [row.id for row in echelle.maintenant]
    assert [echelle.decide(situation).row for _, situation in WITNESSES] == [row for row, _ in WITNESSES]


def test_each_second_step_is_reached(echelle: Echelle, decisions: list[tuple[Situation, Decision]]) -> None:
    assert {decision.learn_row for _, decision in decisions} == {row.id for row in echelle.ensuite}


def test_today_nobody_is_sent_to_learn(decisions: list[tuple[Situation, Decision]]) -> None:
    today = [decision for situation, decision in decisions if situation.urgency is Urgency.TODAY]
    assert len(today) == ALL // URGENCIES
    assert Posture.APPRENDRE_A_FAIRE not in {decision.posture for decision in today}


def test_confidential_is_never_collective(decisions: list[tuple[Situation, Decision]]) -> None:
    private = [decision for situation, decision in decisions if situation.confidential]
    assert len(private) == ALL // YES_NO
    assert Posture.APPRENDRE_A_FAIRE not in {d.posture for d in private} | {d.learn_next for d in private}


def test_a_stated_posture_is_kept_unless_urgent_learning_secret_or_mandate(
    decisions: list[tuple[Situation, Decision]],
) -> None:
    changed = [(s, d) for s, d in decisions if s.posture and d.posture is not s.posture]
    assert changed
    for situation, decision in changed:
        learning = situation.posture is Posture.APPRENDRE_A_FAIRE
        assert (learning and (situation.urgency is Urgency.TODAY or situation.confidential)) or (
            decision.row == "pour_une_autre_personne_sans_mandat"
        )


def test_a_citizen_who_can_alone_is_left_alone(decisions: list[tuple[Situation, Decision]]) -> None:
    own = [d for s, d in decisions if s.posture is Posture.LAISSER_FAIRE and s.disponibilite is None]
    assert len(own) == ALL // POSTURES // HELPERS
    assert {decision.posture for decision in own} == {Posture.LAISSER_FAIRE}


def test_learning_later_only_when_asked_or_recurrent(decisions: list[tuple[Situation, Decision]]) -> None:
    later = [(s, d) for s, d in decisions if d.learn_next]
    assert later
    assert {d.learn_next for _, d in later} == {Posture.APPRENDRE_A_FAIRE}
    assert all(s.recurrent or s.posture is Posture.APPRENDRE_A_FAIRE for s, _ in later)
    assert all(d.posture is not Posture.APPRENDRE_A_FAIRE for _, d in later)


def test_urgent_and_asked_to_learn_gives_help_now_and_learning_later(echelle: Echelle) -> None:
    urgent = Situation(posture=Posture.APPRENDRE_A_FAIRE, urgency=Urgency.TODAY, famille=Famille.DEMARCHE)
    decision = echelle.decide(urgent)
    assert (decision.posture, decision.learn_next) == (Posture.AIDER_A_FAIRE, Posture.APPRENDRE_A_FAIRE)
    assert decision.learn_reason == "Ensuite, vous pourrez apprendre à le faire, sans vous presser."


def test_a_helper_without_time_hands_over(decisions: list[tuple[Situation, Decision]]) -> None:
    busy = {
        d.posture
        for s, d in decisions
        if s.posture is None and s.famille is Famille.DEMARCHE and s.disponibilite is Disponibilite.AUCUNE
    }
    assert busy == {Posture.FAIRE_FAIRE}


def test_somebody_elses_identifiers_take_a_mandate(echelle: Echelle) -> None:
    other = WITNESSES[3][1]
    assert echelle.decide(other).posture is Posture.FAIRE_A_LA_PLACE
    assert "mandat" in echelle.decide(other).reason
    assert echelle.decide(replace(other, disponibilite=None)).posture is Posture.LAISSER_FAIRE


def test_only_a_helper_with_a_mandate_does_it_by_themselves(decisions: list[tuple[Situation, Decision]]) -> None:
    alone = [(s, d) for s, d in decisions if s.posture is None and "faites-le pour elle" in d.reason]
    assert alone
    assert {d.posture for _, d in alone} == {Posture.FAIRE_A_LA_PLACE}
    assert all("mandat" in d.reason for _, d in alone)
    assert all(s.habilitation is not False for s, d in alone)


def test_a_helper_reads_of_the_person_and_not_of_themselves(decisions: list[tuple[Situation, Decision]]) -> None:
    said = {(d.row, s) for _, d in decisions for s in (d.reason_aidant, d.learn_reason_aidant or "")}
    assert len(said) >= 34
    helpers = {row for row, _ in said if row.startswith("aidant_")} | {"a_la_place_habilite"}
    for row, sentence in said:
        if row not in helpers:
            assert not re.search(r"\b(vous|votre|vos)\b", sentence, re.IGNORECASE), sentence


def test_sentences_are_plain(decisions: list[tuple[Situation, Decision]]) -> None:
    sentences = {
        s for _, d in decisions for s in (d.reason, d.learn_reason, d.reason_aidant, d.learn_reason_aidant) if s
    }
    parts = [part for sentence in sentences for part in sentence.removesuffix(".").split(". ")]
    assert len(sentences) == 55
    assert [part for part in parts if len(part.split()) > 14] == []


def test_the_shipped_table_is_sound() -> None:
    assert check_echelle() == []


TABLE = """\
maintenant:
  - {id: premier, si: {urgency: today}, alors: aider_a_faire, raison: On le fait., court: on le fait}
  - {id: dernier, alors: aider_a_faire, raison: On le fait., court: on le fait}
ensuite:
  - {id: rien, alors: rien}
"""

FAULTS = [
    ("urgency: today", "urgency: demain", "« demain » n'est pas une valeur de « urgency » ; on attend today, week"),
    ("urgency: today", "heure: 8", "la condition « heure » n'est pas connue ; on attend posture, urgency"),
    ("urgency: today", "maintenant: faire_faire", "la condition « maintenant » n'est pas connue"),
    ("{urgency: today}", "today", "« si » s'écrit {champ: valeur}"),
    ("{urgency: today}", "{urgency: [[today]]}", "n'est pas une valeur de « urgency »"),
    ("alors: aider_a_faire", "alors: aider", "« alors » doit être faire_a_la_place"),
    ("alors: aider_a_faire", "alors: [aider_a_faire]", "« alors » doit être faire_a_la_place"),
    ("raison: On le fait., ", "", "« raison » manque"),
    (", court: on le fait", "", "« court » doit avoir de 1 à 40 caractères (il en a 0)"),
    ("court: on le fait", f"court: {'a' * 41}", "(il en a 41)"),
    (
        "court: on le fait}",
        f"court: on le fait, aidant_court: {'a' * 41}}}",
        "« aidant_court » a 41 caractères, 40 au plus",
    ),
    ("raison:", "raisons:", "« raisons » n'est pas connu ; on attend id, si"),
    ("id: premier, ", "", "« id » manque"),
    ("id: premier", "id: dernier", "« dernier » est déjà le nom d'une autre ligne"),
    (
        "{id: dernier,",
        "{id: dernier, si: {urgency: week},",
        "la dernière ligne de « maintenant » doit décider toujours",
    ),
    ("si: {urgency: today}, ", "", "la ligne « dernier » ne sert jamais"),
    ("ensuite:", "apres:", "la table « ensuite » manque"),
    ("{id: rien, alors: rien}", "7", "« id » manque"),
    ("{id: rien, alors: rien}", "{id: rien, alors: rien", "le fichier n'est pas lisible"),
    (TABLE, "", "la table « maintenant » manque"),
    (TABLE, "- rien", "la table « maintenant » manque"),
]


def test_a_small_table_is_sound() -> None:
    assert check_echelle(TABLE) == []
    assert len(FAULTS) == 21


@pytest.mark.parametrize(("good", "bad", "expected"), FAULTS)
def test_a_fault_is_told_with_its_line(good: str, bad: str, expected: str) -> None:
    faults = check_echelle(TABLE.replace(good, bad, 1))
    assert any(expected in fault for fault in faults), faults
    assert all(fault.startswith("echelle.yml, ligne ") for fault in faults)


def test_a_faulty_table_is_not_loaded() -> None:
    with pytest.raises(EchelleError, match=r"echelle.yml, ligne 2 : « demain » n'est pas une valeur"):
        load_echelle(TABLE.replace("today", "demain"))
