"""A `Conseil` as the values of its texts: long for a screen, short for an SMS."""

from collections.abc import Sequence

from actions.bridge import Domain
from actions.fragments import fragment
from actions.presentation import ligne_text
from knowledge.conseil import Conseil, Regle
from knowledge.demande import LieuPropose
from knowledge.telephones import telephone
from knowledge.textes import capital, court

IN_AN_SMS, IN_THE_SHORTEST = 3, 2
"""Warnings that an SMS has room for."""


def conseil_values(conseil: Conseil, domain: Domain, channel: str) -> dict[str, str]:
    """Return the values that `utter_conseil` may use."""
    return {
        "conseil": _whole(conseil, domain, channel),
        "posture_sms": f"{conseil.nom_court} : {conseil.raison_courte}",
        "attention_sms": _warnings(conseil, IN_AN_SMS),
        "attention_courte_sms": _warnings(conseil, IN_THE_SHORTEST),
        "relais_sms": _relay(conseil, domain),
        "relais_court_sms": _relay(conseil, domain, short=True),
    }


def _whole(conseil: Conseil, domain: Domain, channel: str) -> str:
    lieux = "\n".join(_lieu(one, domain, channel) for one in conseil.lieux)
    first, last = (
        fragment(
            domain,
            name,
            channel,
            nom=conseil.nom,
            raison=conseil.raison,
            gestes=_listed(conseil.gestes),
            attention=_listed(conseil.ne_pas_faire),
            acteurs=_listed(conseil.acteurs),
            elargi=" ".join(conseil.elargi),
            ligne=ligne_text(conseil.ligne, domain, channel) if conseil.ligne else None,
            apporter=conseil.apporter if conseil.lieux else None,
            plus_tard=conseil.plus_tard,
        )
        for name in ("fragment_conseil", "fragment_conseil_suite")
    )
    return "\n".join(filter(None, (first, lieux, last)))


def _listed(regles: Sequence[Regle]) -> str:
    return "".join(f"\n- {regle.phrase}" for regle in regles)


def _lieu(propose: LieuPropose, domain: Domain, channel: str) -> str:
    number = propose.lieu.telephone
    return fragment(
        domain,
        "fragment_conseil_relais",
        channel,
        nom=propose.lieu.nom,
        commune=propose.commune,
        telephone=telephone(number) if number else None,
        horaires=capital(propose.horaires_phrase),
    )


def _warnings(conseil: Conseil, at_most: int) -> str:
    return " ; ".join(regle.court for regle in conseil.ne_pas_faire[:at_most])


def _relay(conseil: Conseil, domain: Domain, *, short: bool = False) -> str:
    """Return one lieu with its number, a line, or a kind of lieu."""
    if not conseil.lieux:
        return ligne_text(conseil.ligne, domain, "sms") if conseil.ligne else conseil.acteurs[0].court
    first = conseil.lieux[0]
    nom = court(first.lieu.nom) if short else first.lieu.nom
    number = telephone(first.lieu.telephone) if first.lieu.telephone else None
    return ", ".join(filter(None, (nom, first.commune, number)))
