"""Words that may be written alone at any time, as people write them."""

from importlib.resources import files

import pytest
from ruamel.yaml import YAML

from bot.app import App
from bot.conversation.keywords import Keywords, load_keywords
from bot.conversation.passages import written_code
from bot.messages import SMS, MessageIn
from bot.settings import PACKAGE_FLOWS
from tests.conversation.conftest import NOW, Talk

WORDS: dict[str, str | None] = {
    "STOP": "stop", "stop": "stop", "Stop.": "stop", "STOP !!": "stop", "stopp": "stop", "sotp": "stop",
    "ARRÊT": "stop", "arret": "stop", "Arrêter": "stop", "arreter": "stop", "desabonner": "stop",
    "AIDE": "aide", "aide ?": "aide", "Aidde": "aide", "?": "aide", "HELP": "aide", "comment ca marche ?": "aide",
    "MENU": "menu", "menue": "menu", "0": "menu", "Recommencer": "menu", "recomencer": "menu",
    "RETOUR": "retour", "retou": "retour", "retuor": "retour", "annuler": "retour", "precedent": "retour",
    "CONTACT": "contact", "contacte": "contact", "Qui êtes-vous ?": "contact", "qui etes vous": "contact",
    "EFFACER": "effacer", "effacer.": "effacer", "efacer": "effacer", "EFFACÉ": "effacer", "efface": "effacer",
    "autre lieu": "suite", "Un autre": "suite", "suivant": "suite",
    "jsp": "passer", "Je ne sais pas.": "passer", "ça m'est égal": "passer",
    "Bonjour": "bonjour", "bonjour !": "bonjour", "bonjou": "bonjour", "slt": "bonjour", "Egun on": "bonjour",
    "merci": "merci", "Mercii": "merci", "au revoir": "au_revoir", "Merci beaucoup madame": "merci", "stop svp": "stop",
    "une personne": "humain", "Parler à quelqu'un": "humain",
    "sto": None, "stoppez tout": "stop", "arrêtez la télé": None, "aide caf": None, "aide moi pour la caf": None,
    "effacer un virus": None, "le retour à la maison": None, "menuiserie": None, "contact avec la CAF": None,
    "1": None, "Pau": None, "": None, "   ": None, "😀": None, "caf": None,
}  # fmt: skip


STOPPED = (
    "STOP 36173",
    "stop au 36 173",
    "Bonjour stop",
    "Merci stop",
    "oui stop",
    "non stop merci",
    "je veux stop",
    "stop tout",
    "stop les sms",
    "STOP ALL",
    "STOP arrêtez de m'écrire",
    "Stop. Merci de ne plus m'écrire",
    "ne m'envoyez plus de messages",
    "je vous ai dit stop",
)


@pytest.mark.parametrize("said", STOPPED)
def test_stop_is_heard_among_words_that_say_nothing_else(program: App, said: str) -> None:
    assert program.conversation.is_final(MessageIn(channel=SMS, conversation="anna", text=said, received_at=NOW))
    assert not Talk(program.conversation, SMS).say(said).startswith("Je")


@pytest.mark.parametrize(
    "said", ["je veux tout arrêter", "stop à la caf de pau", "le bus s'arrête où", "arrêt de travail"]
)
def test_stop_is_not_heard_where_more_is_said(program: App, said: str) -> None:
    assert not program.conversation.is_final(MessageIn(channel=SMS, conversation="anna", text=said, received_at=NOW))


def test_no_commune_and_no_word_for_a_need_is_a_misspelt_command(program: App) -> None:
    knowledge, keywords = program.knowledge(), load_keywords(PACKAGE_FLOWS)
    names = [commune.nom for commune in knowledge.communes.communes]
    names += [name for need in knowledge.needs.values() for name in need.synonymes]
    assert len(names) > 35_000
    nearly = {name for name in names if keywords.intent(name)}
    taken = {name: found for name in nearly if (found := keywords.intent(name, program.understander.knows))}
    assert {"Arget", "Agde", "Mende"} <= nearly - taken.keys()
    assert taken == {"Marre": "colere"}, "said exactly so, it is a word of anger"


@pytest.mark.parametrize(
    "said",
    ["CODE ABC234", "code abc 234", "CODE ABC234 svp", "CODE ABC234 ?", "mon code ABC234", "ABC234", "code «ABC234»"],
)
def test_a_code_is_read_as_people_write_it(said: str) -> None:
    assert written_code(said) == written_code("code ABC-234") is not None


@pytest.mark.parametrize(
    "said", ["code postal 64 234", "ABC 234", "code ABC2345", "AB234", "mon code", "ABC234 je suis à pau"]
)
def test_what_is_no_code_is_none(said: str) -> None:
    assert written_code(said) is None


MISSPELT: dict[str, tuple[str, ...]] = {
    "stop": (
        "sttop", "S T O P", "stop!!!", "s.t.o.p", "Stop svp", "STOP SMS", "stop merci", "stoop", "stopp", "sotp",
        "stpo", "stoppez", "stooop", "stop stop stop", "Stop, s'il vous plaît", "STOP", "arretez", "arreté",
        "aretez", "arret", "ARRÊTEZ", "arréter", "arrété", "desinscription", "désabonnez moi", "stopper",
        "stop pub", "je veux plus de sms", "stop a",
    ),
    "aide": (
        "aide moi", "aidez-moi", "AIDE", "aide", "aide svp", "ayde", "aidde", "aidee", "A I D E", "aide!!",
        "aidez moi svp", "aide moi stp", "j'ai besoin d'aide", "besoin d'aide", "help me",
        "Hellp", "aïde", "aide aide", "???", "? ?", "help!!",
    ),
    "menu": (
        "menu", "Menue", "M E N U", "mneu", "menuu", "ménu", "menu svp", "le menu", "retour menu",
        "menu principal", "meni", "recommence", "recomencer", "on recommance", "MENU!!!",
    ),
    "retour": (
        "retourr", "Retour", "retoure", "retou", "rettour", "R E T O U R", "r.e.t.o.u.r", "retour svp", "rtour",
        "reotur", "retur", "Retour!!", "retourner", "revenir en arrière", "retour arrière", "retour en arrière",
        "annulé", "anuler", "annulez", "precedant", "précédente", "RETOURRR", "retour stp",
    ),
    "contact": (
        "contact svp", "CONTACT", "contacte", "contat", "kontact", "conctact", "contacts", "C O N T A C T",
        "contct", "cntact", "contactt", "contact ?", "contact s'il vous plait", "qui etes vous",
        "quI êtes-vous??", "c qui", "c'est ki", "qui c'est", "vous êtes ki",
    ),
    "effacer": (
        "Éfacer", "efacer", "éfacé", "effacer", "EFFACER!!", "effasser", "efacez", "E F F A C E R", "effaccer",
        "effacé tout", "effacer svp", "efface tout", "effacez tout", "efface moi",
        "effaser", "effacez mes données", "tout effacer", "éffacer", "effacer merci",
    ),
    "suite": (
        "suite", "suitte", "la suite", "suite svp", "S U I T E", "suites", "siute", "suit", "suivante", "suivan",
        "SUITE!!", "suite stp", "autre lieux", "un autre lieu svp", "autres lieux",
    ),
}  # fmt: skip
"""The words of the SMS charter and ours, as hurried, cold or unused fingers write them."""

ORDINARY = (
    "arrêt maladie", "aide à domicile", "retour d'hospitalisation", "suite à un courrier", "contacter la caf",
    "arrêt de travail", "aide au logement", "retour à l'emploi", "la suite de mon dossier",
    "contact avec la mairie", "effacer une dette", "effacer mon historique internet", "menu de la cantine",
    "menuisier", "aide juridictionnelle", "aide soignante", "aides", "aide caf", "retraite", "contrat",
    "contrats", "contrat de travail", "contact perdu avec ma conseillère", "stopper mes prélèvements",
    "arrêter mon abonnement", "arrêtez mon contrat", "arrêté préfectoral", "retour au travail",
    "retour de couches", "suivi de dossier", "suivi", "suivre mon dossier", "menus", "vide", "aile", "site",
    "site caf", "fuite", "fuite d'eau", "venu", "revenu", "revenus", "revenir à pau", "stage", "sport", "spot",
    "shop", "statut", "étape", "aide moi pour la caf", "aidez moi à remplir ma déclaration",
    "j'ai besoin d'aide pour les impôts", "besoin d'aide pour imprimer", "help caf", "contact caf",
    "qui peut m'aider", "annuler un rendez-vous", "annuler mon permis", "annuel", "annulation",
    "suppression de rsa", "supprimer un mail", "supprimer mon compte facebook", "effacer des photos", "effets",
    "façade", "recommencer mon dossier", "accueil de jour", "accueil des étrangers",
    "tout supprimer sur mon ordinateur", "erreur de la caf", "erreur sur ma facture", "erreur 404",
    "je me suis trompé de mot de passe", "détour", "retour de ma carte", "courrier retour",
    "plus de sms sur mon téléphone", "je veux plus de sous", "aide alimentaire", "aides au permis",
    "aide ménagère", "aide sociale", "une aide", "des aides", "aide financière", "suite décès", "suite divorce",
    "suite accident", "suite licenciement", "stop djihadisme", "bus stop", "stop ma dette", "sans arrêt",
    "arrêt cardiaque du père en 2020", "contrôle caf", "contact famille", "contacts perdus sur mon téléphone",
    "menu du téléphone", "touche retour", "bouton retour", "ailleurs que pau", "autre démarche",
    "un autre téléphone", "autre", "une autre question", "plus loin que pau", "lien", "carte", "pau", "orthez",
    "caf", "rsa", "apl", "bien", "rien reçu", "passer le permis", "passeport", "passé", "pass culture",
    "supprimer", "64000", "000", "1 2 3 4",
)  # fmt: skip
"""Short messages that hold such a word, or nearly one, and are needs."""


@pytest.fixture(scope="module")
def keywords() -> Keywords:
    return Keywords(YAML(typ="safe").load(files("flows").joinpath("mots.yml").read_text(encoding="utf-8"))["mots"])


def test_there_are_enough_words() -> None:
    assert len(WORDS) > 60


@pytest.mark.parametrize("text", WORDS)
def test_a_word_is_read(keywords: Keywords, text: str) -> None:
    assert keywords.intent(text) == WORDS[text]


@pytest.mark.parametrize("ending", [" ", "\t", "\n", ".", " !", "…", "\N{NO-BREAK SPACE}!", "\N{ZERO WIDTH SPACE}"])
@pytest.mark.parametrize("word", ["STOP", "effacer", "Arrêt"])
def test_what_surrounds_a_word_does_not_matter(keywords: Keywords, word: str, ending: str) -> None:
    assert keywords.intent(f" {word}{ending}") == keywords.intent(word)


def test_there_are_enough_misspellings_and_ordinary_messages() -> None:
    assert sum(map(len, MISSPELT.values())) >= 140
    assert len(ORDINARY) >= 110


@pytest.mark.parametrize(("intent", "text"), [(intent, text) for intent, texts in MISSPELT.items() for text in texts])
def test_a_misspelt_word_is_read(keywords: Keywords, intent: str, text: str) -> None:
    assert keywords.intent(text) == intent


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_message_is_no_command(keywords: Keywords, text: str) -> None:
    assert keywords.intent(text) is None
