"""`aiguilleur find WORDS…`: a helper's quick look-up, free text in, the best places out."""

import argparse
from collections.abc import Iterator

from bot.commands.arguments import add_now
from bot.commands.console import open_app, say, say_json, tell
from knowledge.annuaire import Consultation, Resultat, annuaire_of
from knowledge.demande import LieuPropose
from knowledge.lieux import LIEU_COLUMNS
from knowledge.telephones import telephone

MOST_SHOWN = 5
NOTHING = "Aucun lieu ne répond à ces mots. Essayez un service (« CAF »), une commune, un nom ou un numéro."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the words and the options."""
    parser.add_argument(
        "words", nargs="+", metavar="MOT", help="un service, un label, un jour, une commune, un nom, un numéro"
    )
    parser.add_argument("--json", action="store_true", help="écrit un objet JSON par lieu")
    add_now(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the places; status 1 when there is none."""
    app = open_app(arguments.now)
    annuaire = annuaire_of(app.knowledge(), app.settings.territoire)
    consultation = annuaire.lire(" ".join(arguments.words))
    result = annuaire.chercher(consultation, app.clock(), at_most=MOST_SHOWN)
    for line in _remarks(consultation, result):
        tell(line)
    if not result.lieux:
        if consultation.criteres:
            tell(NOTHING)
        return 1
    for lieu in result.lieux:
        if arguments.json:
            say_json(_to_json(lieu))
        else:
            say("\n".join(_lines(lieu)))
    return 0


def _remarks(consultation: Consultation, result: Resultat) -> Iterator[str]:
    """Say what was understood, what was not, what was dropped and what was given up."""
    if consultation.criteres:
        yield f"Compris : {', '.join(critere.libelle for critere in consultation.criteres)}."
    if consultation.incompris:
        yield f"Pas compris : {', '.join(consultation.incompris)}."
    yield from consultation.ecartes
    if consultation.criteres:  # without any, the line above says already what to write
        yield from result.elargi


def _lines(found: LieuPropose) -> Iterator[str]:
    """Yield a place to be read in a glance: who and where, then why, then what to make sure of."""
    lieu = found.lieu
    where = " ".join(filter(None, (f"{lieu.adresse}," if lieu.adresse else "", lieu.code_postal, found.commune)))
    yield " · ".join(filter(None, (lieu.nom, where, telephone(lieu.telephone or ""))))
    if found.reasons:
        yield f"  {' · '.join(found.reasons)}"
    if found.doubts:
        yield f"  À vérifier : {' · '.join(found.doubts)}"


def _to_json(found: LieuPropose) -> dict[str, object]:
    """Return the columns of the standard and ours, then what was found out for this look-up."""
    lieu = found.lieu
    values = {name: getattr(lieu, name) for name in LIEU_COLUMNS}
    return {
        **values,
        "date_maj": lieu.date_maj and lieu.date_maj.isoformat(),
        "distance_km": None if found.distance_km is None else round(found.distance_km, 1),
        "reasons": found.reasons,
        "doubts": found.doubts,
        "open_now": found.open_now,
    }
