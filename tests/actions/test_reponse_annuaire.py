"""What is said of a look-up: nothing of a person's own words, what is not quite it first, and the source last."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from actions.bridge import SMS
from actions.reponse_annuaire import Page, ReponseAnnuaire, card_text
from bot.app import read_flows
from knowledge.annuaire.consultation import Consultation, Critere, Resultat, Sorte
from knowledge.annuaire.liste import Liste
from knowledge.demande import LieuPropose
from knowledge.lieux import Lieu
from knowledge.raisons import say

NOW = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Europe/Paris"))
DOMAIN = read_flows().domain()
LIEU = Lieu(
    id="x", nom="Maison d'essai", adresse="1 rue de l'Exemple", commune="Pau", code_postal="64000",
    telephone="+33536490001", horaires="Mo-Fr 09:00-12:00", source="fibre-64", date_maj=date(2026, 5, 4),
)  # fmt: skip
FOUND = LieuPropose(
    lieu=LIEU, commune="Pau", distance_km=None, open_now=True, next_opening=None,
    horaires_phrase="ouvert maintenant, jusqu'à 12 h", by_appointment=False, postures=(), reasons=(),
    doubts=("payant",), score=1.0,
)  # fmt: skip
NAME = Critere(sorte=Sorte.NOM, valeur="quidambanque", libelle="quidambanque", mots="Quidambanque")
NUMBER = Critere(sorte=Sorte.TELEPHONE, valeur="0639987755", libelle="06 39 98 77 55", mots="0639987755")


def reponse(
    critere: Critere, elargi: tuple[str, ...], lieux: tuple[LieuPropose, ...] = (FOUND,), channel: str = SMS
) -> ReponseAnnuaire:
    consultation = Consultation(texte="", criteres=(critere,))
    resultat = Resultat(consultation=consultation, lieux=Liste.of(lieux), total=len(lieux), elargi=elargi)
    return ReponseAnnuaire(Page(resultat.lieux, channel), NOW, DOMAIN, resultat)


@pytest.mark.parametrize("channel", [SMS, "terminal"])
@pytest.mark.parametrize(
    ("critere", "elargi", "traces"),
    [
        (NAME, say("annuaire_elargi", "nom", nom=NAME.libelle), ("quidam",)),
        (NUMBER, say("annuaire_elargi", "numero", debut="06 39 98"), ("06 39", "98", "7755")),
    ],
)
def test_what_a_person_wrote_is_not_said_again(
    channel: str, critere: Critere, elargi: str, traces: tuple[str, ...]
) -> None:
    found = " ".join(reponse(critere, (elargi,), channel=channel).values().values())
    nothing = reponse(critere, (elargi,), (), channel).nothing()
    for said in (found, nothing):
        assert "Aucun lieu connu n'a exactement ce n" in said
        assert not [trace for trace in traces if trace in said]


def test_what_is_not_quite_what_was_asked_is_said_before_the_lieu() -> None:
    values = reponse(NUMBER, (say("annuaire_elargi", "numero", debut="06"),)).values()
    assert values["lieu_sms"].startswith("Aucun lieu connu n'a exactement ce numéro. Maison d'essai, 1 rue")
    assert values["lieu_court_sms"].startswith("Ce qui s'en approche : Maison d'essai, Pau")


def test_a_national_number_is_said_and_nothing_else() -> None:
    national = Critere(sorte=Sorte.TELEPHONE, valeur="3230", libelle="32 30")
    line = say("annuaire_elargi", "ligne", numero="32 30", nom="la CAF")
    assert reponse(national, (line,), ()).nothing() == line


def test_a_card_reads_well_alone() -> None:
    assert card_text(FOUND, NOW, DOMAIN) == (
        "1 rue de l'Exemple, 64000 Pau\nTéléphone : 05 36 49 00 01\n"
        "Le lundi 23 novembre : ouvert maintenant, jusqu'à 12 h\nÀ vérifier : payant\n"
        "Source : fibre-64. Mis à jour le 04/05/2026."
    )


def test_an_sms_says_of_which_day_its_hours_are() -> None:
    found = reponse(Critere(sorte=Sorte.BESOIN, valeur="caf", libelle="CAF"), ())
    assert found.values()["details_sms"] == "Le 23/11 : ouvert jusqu'à 12h, puis demain 9h-12h. Attention : payant."
