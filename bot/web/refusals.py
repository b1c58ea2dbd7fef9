"""What the page refuses, and the French sentence for each reason."""

import math
from collections.abc import Mapping

SENTENCES: Mapping[int, tuple[str, str]] = {
    400: ("Message illisible", "Nous n'avons pas pu lire ce que la page a envoyé. Recommencez."),
    403: (
        "À envoyer de nouveau",
        "Cette page ne valait plus. Votre message est gardé : envoyez-le de nouveau. Acceptez les témoins (cookies).",
    ),
    404: ("Page introuvable", "Cette page n'existe pas. Vous n'avez rien perdu : revenez à l'accueil."),
    405: ("Page à ne pas ouvrir ainsi", "Cette adresse ne s'ouvre pas directement. Revenez à l'accueil."),
    408: ("Trop lent", "Le message n'est pas arrivé en entier. Vérifiez la connexion, puis envoyez-le de nouveau."),
    413: ("Message trop long", "Ce message est trop long. Écrivez seulement quelques phrases."),
    415: ("Message illisible", "Ce format n'est pas accepté. Revenez à l'accueil et écrivez dans la page."),
    422: ("Votre message est vide", "Écrivez quelques mots."),
    429: ("Un peu moins vite", "Beaucoup de messages sont arrivés en peu de temps."),
    500: ("Pardon, c'est notre faute", "Le service a un problème. Réessayez dans quelques minutes."),
    503: ("Service indisponible", "Nous ne pouvons pas répondre pour le moment. Réessayez dans quelques minutes."),
}
"""Status: title and sentence of its page. Any other one is told as 400 or 500 are."""

API_SENTENCES: Mapping[int, str] = {
    404: "Cette adresse n'existe pas. Voyez /api/openapi.json.",
    405: "Cette adresse se lit seulement (GET).",
}
"""Sentences for other programs, where those of the page would not help them."""


TOO_OFTEN = "Beaucoup de {what} en peu de temps. Attendez {seconds} s, puis {then}."


class Refusal(Exception):
    """A request that gets an error page; `headers` go with it. `usual`: the sentence is the one of every such error."""

    def __init__(self, status: int, title: str, sentence: str, headers: Mapping[str, str], *, usual: bool) -> None:
        super().__init__(status)
        self.usual = usual
        self.status = status
        self.title = title
        self.sentence = sentence
        self.headers = headers


def refuse(status: int, sentence: str | None = None, headers: Mapping[str, str] | None = None) -> Refusal:
    """Return the refusal of a status, with its usual sentence unless another one says it better."""
    title, usual = SENTENCES.get(status) or SENTENCES[500 if status >= 500 else 400]
    return Refusal(status, title, sentence or usual, headers or {}, usual=sentence is None)


def too_often(wait: float, what: str, then: str) -> Refusal:
    """Return the refusal of one request too many, which may be made again in `wait` seconds."""
    seconds = math.ceil(wait)
    return refuse(429, TOO_OFTEN.format(what=what, seconds=seconds, then=then), {"Retry-After": str(seconds)})
