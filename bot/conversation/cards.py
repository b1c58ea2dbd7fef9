"""The cards of an inline query: lieux ready to be forwarded, each of which reads well alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from actions.fragments import fragment
from actions.reponse_annuaire import card_text
from bot.channels.telegram.inline import Card, Cards
from knowledge.annuaire.annuaire import Annuaire
from knowledge.annuaire.consultation import Resultat
from knowledge.demande import LieuPropose
from knowledge.telephones import telephone


def find_cards(
    query: str, skip: int, at_most: int, now: datetime, annuaire: Annuaire, domain: Mapping[str, Any]
) -> Cards:
    """Return the cards from the `skip`th on; words of help when nothing is asked, a notice of what was not taken."""
    if not query.strip():
        return _help(domain)
    resultat = annuaire.chercher(annuaire.lire(query), now, at_most=at_most, skip=skip)
    cards = [_card(one, now, domain) for one in resultat.lieux]
    return Cards(
        cards=cards,
        notice="" if skip else _notice(resultat, domain),
        more=bool(cards) and skip + len(cards) < resultat.total,
    )


def _help(domain: Mapping[str, Any]) -> Cards:
    """Return how to ask, as a card: whoever sends it tells the others of the chat."""
    title, description, text = (
        fragment(domain, f"fragment_cartes_aide_{part}") for part in ("titre", "resume", "texte")
    )
    return Cards(cards=[Card(key="aide", title=title, description=description, text=text)], lasting=True)


def _notice(resultat: Resultat, domain: Mapping[str, Any]) -> str:
    """Return, in a few words, what matters most: that nothing was found, what was dropped, what was not understood."""
    consultation = resultat.consultation
    if not resultat.lieux:
        return fragment(domain, "fragment_cartes_rien")
    if consultation.incompris:
        return fragment(domain, "fragment_cartes_incompris", mots=" ".join(consultation.incompris))
    return next(iter((*consultation.ecartes, *resultat.elargi)), "")


def _card(propose: LieuPropose, now: datetime, domain: Mapping[str, Any]) -> Card:
    lieu = propose.lieu
    spoken = telephone(lieu.telephone) if lieu.telephone else None
    seen: Sequence[str | None] = (propose.commune, spoken, propose.horaires_phrase)
    return Card(
        key=lieu.id, title=lieu.nom, description=" · ".join(filter(None, seen)), text=card_text(propose, now, domain)
    )
