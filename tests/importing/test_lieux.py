"""How the cells of a place are read: what is normalised, what is kept, what is said."""

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from knowledge.importing import Avertissement, Refus, Report, lieux_standard
from knowledge.importing.context import Context
from knowledge.importing.files import open_source
from knowledge.importing.report import Notes
from knowledge.lieux import Lieu, Provenance

ORTHEZ = {
    "id": "1", "nom": "Médiathèque", "commune": "Orthez", "code_postal": "64300",
    "latitude": "43.488", "longitude": "-0.772",
}  # fmt: skip


def table(*rows: dict[str, str], delimiter: str = ",") -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


Reading = tuple[list[Lieu], list[Avertissement], list[Refus]]
ReadText = Callable[..., Reading]


@pytest.fixture
def read_text(tmp_path: Path, context: Context) -> ReadText:
    """Return a function that reads the places of a text, without any base."""

    def read(text: str, name: str = "lieux.csv") -> Reading:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        notes, report = Notes(name), Report("lieux")
        lieux = list(lieux_standard.read(open_source(path, notes), notes, context))
        notes.tell(report)
        return lieux, report.warnings, report.refusals

    return read


A_MA_PLACE = "A ma place : une personne habilitée fait les démarches à ma place"
AVEC_AIDE = "Avec de l'aide : je suis accompagné seul dans l'usage du numérique"
READINGS: list[tuple[dict[str, str], dict[str, Any]]] = [
    # lists: either separator, run-on cells, kinds of apostrophe, other spellings
    ({"services": "Aide aux démarches administratives|Comprehension du monde numérique"},
     {"services": ("Aide aux démarches administratives", "Compréhension du monde numérique")}),
    ({"services": "Prendre en main un ordinateur;Accéder à du matériel"},
     {"services": ("Maîtrise des outils numériques du quotidien", "Accès internet et matériel informatique")}),
    ({"services": "Accompagner les démarches de santé / S’équiper en matériel informatique "},
     {"services": ("Aide aux démarches administratives", "Acquisition de matériel informatique à prix solidaire")}),
    ({"services": "Créer avec le numérique Accéder à une connexion Internet"},
     {"services": ("Loisirs et créations numériques", "Accès internet et matériel informatique")}),
    ({"modalites_acces": "Ce lieu n’accueille pas de public"},
     {"modalites_acces": ("Ce lieu n'accueille pas de public",)}),
    # the legacy ways of helping keep their posture; the current ones say none
    ({"modalites_accompagnement": A_MA_PLACE},
     {"modalites_accompagnement": ("Accompagnement individuel",), "postures": ("faire_a_la_place",)}),
    ({"modalites_accompagnement": A_MA_PLACE.replace("A ma", "À ma").replace("'", "’") + "."},
     {"modalites_accompagnement": ("Accompagnement individuel",), "postures": ("faire_a_la_place",)}),
    ({"modalites_accompagnement": f"{AVEC_AIDE};{A_MA_PLACE}"},
     {"modalites_accompagnement": ("Accompagnement individuel",), "postures": ("aider_a_faire", "faire_a_la_place")}),
    ({"modalites_accompagnement": "Accompagnement individuel|En autonomie"},
     {"modalites_accompagnement": ("Accompagnement individuel", "En autonomie"), "postures": ()}),
    ({"modalites_accompagnement": "Accompagnement individuel", "postures": "faire_faire|faire_a_la_place"},
     {"postures": ("faire_faire", "faire_a_la_place")}),
    # the columns of v0.1.1
    ({"publics_accueillis": "Seniors (+ 65 ans);Surdité;Public langues étrangères"},
     {"publics_specifiquement_adresses": ("Seniors",),
      "prise_en_charge_specifique": ("Surdité", "Langues étrangères (autres)")}),
    ({"publics_accueillis": "Familles/ enfant / Jeunes (16/26 ans) / Déficiance visuelle"},
     {"publics_specifiquement_adresses": ("Familles et/ou enfants", "Jeunes"),
      "prise_en_charge_specifique": ("Déficience visuelle",)}),
    ({"conditions_acces": "Gratuit sous condition : La gratuité est conditionnée à des critères (situation "
      "familiale, convention avec un organisme social…)"},
     {"frais_a_charge": ("Gratuit sous condition",)}),
    ({"conditions_acces": "Adhésion : L’accès au lieu et/ou à ses services nécessite d’y adhérer"},
     {"frais_a_charge": ("Gratuit sous condition",)}),
    ({"labels_nationaux": "CNFS;France Services;Fabriques de Territoire;Point relais CAF"},
     {"dispositif_programmes_nationaux": ("Conseillers numériques", "France Services", "Point d'accès numérique CAF"),
      "formations_labels": ("Fabriques de Territoire",)}),
    ({"labels_nationaux": "APTIC", "labels_autres": "ZRR;QPV"}, {"autres_formations_labels": ("ZRR", "QPV", "APTIC")}),
    ({"formations_labels": "Étapes numériques(La Poste)"}, {"formations_labels": ("Étapes numériques (La Poste)",)}),
    ({"prise_en_charge_specifique": "Langues étrangères"},
     {"prise_en_charge_specifique": ("Langues étrangères (anglais)", "Langues étrangères (autres)")}),
    ({"typologie": "PE|Médiathèque|ASSO"}, {"typologie": ("FT", "BIB", "ASSO")}),
    ({"courriel": "a@x.fr;b@y.fr"}, {"courriels": ("a@x.fr", "b@y.fr")}),
    ({"accessibilite": "https://acceslibre.beta.gouv.fr/app/64"},
     {"fiche_acces_libre": "https://acceslibre.beta.gouv.fr/app/64"}),
    # phones: the layout may change without a word
    ({"telephone": "05 59 28 51 08"}, {"telephone": "+33559285108"}),
    ({"telephone": "+33 (0)5.59.28.51.08"}, {"telephone": "+33559285108"}),
    ({"telephone": "'+33 5 59 28 51 08"}, {"telephone": "+33559285108"}),
    ({"telephone": "39 49"}, {"telephone": "3949"}),
    ({"telephone": "05 59 39 60 12"}, {"telephone": "+33559396012"}),
    # dates, hours, texts, addresses
    ({"date_maj": "02/04/2024"}, {"date_maj": date(2024, 4, 2)}),
    ({"date_maj": "2024-04-02T00:00:00.000Z"}, {"date_maj": date(2024, 4, 2)}),
    ({"horaires": "Mo-Fr 09:00-12:00; Sa 09:00-11:00", "horaires_brut": "lundi au samedi"},
     {"horaires": "Mo-Fr 09:00-12:00; Sa 09:00-11:00", "horaires_brut": "lundi au samedi"}),
    ({"presentation_detail": "Deux\nlignes"}, {"presentation_detail": "Deux\nlignes"}),
    ({"site_web": "https://a.fr/x;y|https://b.fr"}, {"site_web": ("https://a.fr/x;y", "https://b.fr")}),
    ({"code_postal": "64 300"}, {"code_postal": "64300"}),
    ({"latitude": "43,488", "longitude": "-0,772"}, {"latitude": 43.488, "longitude": -0.772}),
    ({"code_insee": "2A004", "commune": "Ajaccio", "code_postal": "20000", "latitude": "41.93", "longitude": "8.74"},
     {"code_insee": "2A004"}),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "expected"), READINGS)
def test_read_without_a_word(read_text: ReadText, cells: dict[str, str], expected: dict[str, Any]) -> None:
    (lieu,), warnings, _ = read_text(table(ORTHEZ | cells))
    assert {name: getattr(lieu, name) for name in expected} == expected
    assert warnings == []


DOUBTS: list[tuple[dict[str, str], dict[str, Any], str]] = [
    ({"telephone": "05 59 28 51 08 / 06 12 34 56 78"}, {"telephone": "+33559285108"},
     "plusieurs numéros : seul le premier est gardé, +33559285108"),
    ({"telephone": "559285108"}, {"telephone": "+33559285108"}, "numéro lu comme +33559285108"),
    ({"telephone": "05 59 28 51 08 (mairie)"}, {"telephone": "+33559285108"}, "numéro lu comme +33559285108"),
    ({"telephone": "05 59 28"}, {"telephone": None}, "numéro illisible, laissé de côté"),
    ({"date_maj": "1969-12-31"}, {"date_maj": None}, "date impossible, laissée de côté"),
    ({"date_maj": "2026-11-24"}, {"date_maj": None}, "date impossible, laissée de côté"),
    ({"date_maj": "hier"}, {"date_maj": None}, "date illisible, laissée de côté : on attend 2024-12-31"),
    ({"frais_a_charge": "Gratuit|Payant"}, {"frais_a_charge": ("Gratuit", "Payant")},
     "à la fois gratuit et payant : les deux sont gardés"),
    ({"horaires": "tous les jours"}, {"horaires": "tous les jours"},
     "horaires illisibles : gardés tels quels, et dits « à vérifier »"),
    ({"services": "Réparer les vélos|Utilisation sécurisée du numérique"},
     {"services": ("Utilisation sécurisée du numérique",)}, "valeur hors des listes du standard : laissée de côté"),
    ({"labels_nationaux": "Aucun dispositif, Projet de création de Maison France Service"},
     {"dispositif_programmes_nationaux": (),
      "autres_formations_labels": ("Aucun dispositif, Projet de création de Maison France Service",)},
     "valeur hors des listes du standard : gardée comme texte libre"),
    ({"typologie": "RPA"}, {"typologie": ("RPA",)}, "valeur hors des listes du standard : gardée comme texte libre"),
    ({"publics_accueillis": "Adultes"}, {"publics_specifiquement_adresses": ()},
     "valeur sans équivalent dans le standard actuel : laissée de côté"),
    ({"courriels": ": ccas@biarritz.fr"}, {"courriels": ()}, "adresse électronique illisible, laissée de côté"),
    ({"site_web": "javascript:alert(1)"}, {"site_web": ()}, "adresse de site illisible, laissée de côté"),
    ({"site_web": "www.orthez.fr"}, {"site_web": ("http://www.orthez.fr",)}, "adresse lue comme http://www.orthez.fr"),
    ({"commune": "Ambérieu-en-Bugey", "code_postal": "1500", "latitude": "45.96", "longitude": "5.35"},
     {"code_postal": "01500"}, "zéro initial perdu : lu 01500, comme le dit la commune"),
    ({"code_postal": "6400"}, {"code_postal": "6400"}, "ce n'est pas un code postal : gardé tel quel"),
    ({"code_postal": "64999"}, {"code_postal": "64999"}, "code postal inconnu, peut-être un Cedex"),
    ({"code_insee": "63236"}, {"code_insee": "63236"}, "ce code INSEE est d'un autre département que le code postal"),
    ({"code_insee": "inconnu"}, {"code_insee": None}, "ce n'est pas un code INSEE : laissé de côté"),
    ({"latitude": "", "longitude": ""}, {"latitude": None},
     "coordonnées manquantes : le lieu sera placé au centre de sa commune"),
    ({"latitude": "-0.772", "longitude": "43.488"}, {"latitude": -0.772, "longitude": 43.488},
     "latitude et longitude semblent inversées"),
    ({"latitude": "434.88"}, {"latitude": 434.88}, "coordonnées impossibles"),
    ({"latitude": "43.7", "longitude": "7.26"}, {"latitude": 43.7},
     "coordonnées à plus de 30 km de la commune de l'adresse"),
    ({"nom_commercial": "x"}, {}, "colonne inconnue du standard : son contenu n'est pas importé"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "expected", "message"), DOUBTS)
def test_a_doubt_is_said(read_text: ReadText, cells: dict[str, str], expected: dict[str, Any], message: str) -> None:
    (lieu,), warnings, _ = read_text(table(ORTHEZ | cells))
    assert {name: getattr(lieu, name) for name in expected} == expected
    assert message in [warning.message for warning in warnings]


def test_the_same_doubt_is_said_once_with_its_number(read_text: ReadText) -> None:
    rows = [ORTHEZ | {"id": str(rank), "typologie": "RPA"} for rank in range(5)]
    _, (warning,), _ = read_text(table(*rows))
    assert (warning.fichier, warning.ligne, warning.colonne, warning.valeur) == ("lieux.csv", 2, "typologie", "RPA")
    assert warning.fois == 5


REFUSED: list[tuple[dict[str, str], str, str]] = [
    ({"id": " "}, "id", "l'identifiant manque"),
    ({"nom": ""}, "nom", "le nom manque"),
    ({"commune": "", "code_postal": ""}, "commune", "ni commune ni code postal : le lieu ne peut pas être situé"),
]


@pytest.mark.parametrize(("cells", "colonne", "motif"), REFUSED)
def test_a_refused_row_says_where_and_why(read_text: ReadText, cells: dict[str, str], colonne: str, motif: str) -> None:
    (kept,), _, (refus,) = read_text(table(ORTHEZ | {"id": "0"}, ORTHEZ | cells))
    assert (refus.fichier, refus.ligne, refus.colonne, refus.motif) == ("lieux.csv", 3, colonne, motif)
    assert kept.id == "0"


def test_a_place_needs_only_one_of_commune_and_postal_code(read_text: ReadText) -> None:
    lieux, _, refusals = read_text(table(ORTHEZ | {"commune": ""}, ORTHEZ | {"id": "2", "code_postal": ""}))
    assert [(lieu.commune, lieu.code_postal) for lieu in lieux] == [("", "64300"), ("Orthez", "")]
    assert refusals == []


def test_where_a_place_was_read(read_text: ReadText) -> None:
    rows = ORTHEZ | {"courriel": "a@x.fr", "presentation_detail": "deux\nlignes"}, ORTHEZ | {"id": "2"}
    (first, second), _, _ = read_text(table(*rows))
    assert first.provenance == Provenance("lieux.csv", 2, "v0")
    assert second.provenance.ligne == 4, "a row may hold line breaks"


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({}, "v1"),
        ({"courriels": "a@x.fr"}, "v1"),
        ({"courriel": "a@x.fr"}, "v0"),
        ({"courriel": "a@x.fr", "frais_a_charge": "Gratuit"}, "mixte"),
    ],
)
def test_the_version_of_the_standard(read_text: ReadText, columns: dict[str, str], expected: str) -> None:
    (lieu,), _, _ = read_text(table(ORTHEZ | columns))
    assert lieu.provenance.format == expected


def test_json_of_the_national_map(read_text: ReadText) -> None:
    lieux, warnings, _ = read_text(
        """{"lieux": [{"id": "1", "nom": "Médiathèque", "latitude": 43.488, "longitude": -0.772, "telephone": null,
        "adresse": {"numero_voie": 12, "repetition": "bis", "nom_voie": "rue du Pont", "commune": "Orthez",
        "code_postal": "64300", "code_insee": "64430"}, "services": ["Aide aux démarches administratives"],
        "courriels": ["a@x.fr", "b@y.fr"], "date_maj": "2024-04-02"}]}""",
        "lieux.json",
    )
    expected = Lieu(
        id="1", nom="Médiathèque", commune="Orthez", code_postal="64300", code_insee="64430", latitude=43.488,
        longitude=-0.772, adresse="12 bis rue du Pont", services=("Aide aux démarches administratives",),
        courriels=("a@x.fr", "b@y.fr"), date_maj=date(2024, 4, 2),
    )  # fmt: skip
    assert (lieux, warnings) == ([expected], [])


def test_characters_that_no_base_holds_are_left_out(read_text: ReadText) -> None:
    (lieu,), _, _ = read_text('[{"id": "1", "nom": "M\\u0000é\\ud800dia\\u202e", "commune": "Orthez"}]', "lieux.json")
    assert lieu.nom == "Média"
