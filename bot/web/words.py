"""How the page names the kinds of help and the hurry."""

from collections.abc import Mapping

from knowledge.labels import Posture, Urgency

POSTURES: Mapping[Posture, str] = {
    Posture.FAIRE_A_LA_PLACE: "quelqu'un le fait pour vous",
    Posture.FAIRE_FAIRE: "on vous dit quoi faire",
    Posture.AIDER_A_FAIRE: "quelqu'un le fait avec vous",
    Posture.LAISSER_FAIRE: "un ordinateur, et vous le faites seul",
    Posture.APPRENDRE_A_FAIRE: "vous apprenez à le faire",
}
POSTURES_AUTRUI: Mapping[Posture, str] = {
    Posture.FAIRE_A_LA_PLACE: "quelqu'un le fait pour elle",
    Posture.FAIRE_FAIRE: "on lui dit quoi faire",
    Posture.AIDER_A_FAIRE: "quelqu'un le fait avec elle",
    Posture.LAISSER_FAIRE: "un ordinateur, et elle le fait seule",
    Posture.APPRENDRE_A_FAIRE: "elle apprend à le faire",
}
"""The same to a helper who asks for somebody else ("la personne")."""

URGENCIES: Mapping[Urgency, str] = {
    Urgency.TODAY: "aujourd'hui ou demain",
    Urgency.WEEK: "dans la semaine",
    Urgency.LATER: "pas pressé",
}
NEEDS_FIRST = ("caf", "france-travail", "impots", "sante", "retraite", "titres", "imprimer-scanner", "ordinateur")
"""Needs shown as buttons before anything is said: those that most people come with."""
