"""The explicit list of the actions."""

from collections.abc import Callable, Collection

from actions.annuaire import ActionAnnuaire
from actions.ask_insee import ActionAskInsee
from actions.ask_need import ActionAskNeed
from actions.ask_suite import ActionAskSuite
from actions.ask_suite_conseil import ActionAskSuiteConseil
from actions.autre_besoin import ActionAutreBesoin
from actions.autre_lieu import ActionAutreLieu
from actions.autre_situation import ActionAutreSituation
from actions.besoin_suivant import ActionBesoinSuivant
from actions.bridge import KnowledgeAction
from actions.charte import ActionCharte
from actions.contact import ActionContact
from actions.danger import ActionDanger
from actions.debut_conseil import ActionDebutConseil
from actions.fin_conseil import ActionFinConseil
from actions.humain import ActionHumain
from actions.prochaine_question import ActionProchaineQuestion
from actions.question_conseil import ActionQuestionConseil
from knowledge.communes.gazetteer import DEFAULT_TERRITOIRE
from knowledge.snapshot import Knowledge


def build_actions(
    knowledge: Callable[[], Knowledge], contact: str = "", territoire: Collection[str] = DEFAULT_TERRITOIRE
) -> list[KnowledgeAction]:
    """Return all actions; `knowledge` gives the snapshot of the moment, `contact` says who runs the service.

    `territoire`: the départements whose communes are meant first.
    """
    return [
        ActionAskNeed(knowledge),
        ActionAskInsee(knowledge),
        ActionProchaineQuestion(knowledge),
        ActionAskSuite(knowledge),
        ActionAutreLieu(knowledge),
        ActionBesoinSuivant(knowledge),
        ActionAutreBesoin(knowledge),
        ActionDanger(knowledge),
        ActionHumain(knowledge),
        ActionDebutConseil(knowledge),
        ActionQuestionConseil(knowledge),
        ActionAskSuiteConseil(knowledge),
        ActionAutreSituation(knowledge),
        ActionFinConseil(knowledge),
        ActionCharte(knowledge),
        ActionContact(knowledge, contact),
        ActionAnnuaire(knowledge, territoire),
    ]
