"""The filters that could be added to a result, with how many of its lieux would stay."""

from collections.abc import Iterator

from knowledge.annuaire.consultation import Consultation, Facette, Sorte
from knowledge.annuaire.filtres import OUI
from knowledge.annuaire.fonds import Fonds, Rows
from knowledge.annuaire.moments import NOW, moment_of, say_moment
from knowledge.annuaire.question import Mesure, Question
from knowledge.annuaire.vocabulaire import Vocabulaire


def count_facettes(
    question: Question, consultation: Consultation, rows: Rows, fonds: Fonds, vocabulaire: Vocabulaire
) -> tuple[Facette, ...]:
    """Return the filters that some of these rows pass, those that are asked among them."""
    asked = {(critere.sorte, critere.valeur) for critere in consultation.criteres}
    found = []
    for sorte, valeur, libelle, mesure in _offered(question, vocabulaire):
        number = fonds.count(rows[fonds.states(mesure, rows) == OUI])
        if number or (sorte, valeur) in asked:
            found.append(
                Facette(sorte=sorte, valeur=valeur, libelle=libelle, nombre=number, choisie=(sorte, valeur) in asked)
            )
    return tuple(found)


def _offered(question: Question, vocabulaire: Vocabulaire) -> Iterator[tuple[Sorte, str, str, Mesure]]:
    yield Sorte.MOMENT, NOW, say_moment(NOW, vocabulaire), moment_of(NOW, question.now, vocabulaire)
    for (sorte, valeur), filtre in vocabulaire.filtres.items():
        yield sorte, valeur, filtre.libelle, filtre
