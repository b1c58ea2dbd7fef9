"""From a French message to need, urgency, deadline, posture, commune, discretion and danger."""

from bot.understanding.understander import Understander
from bot.understanding.understanding import Understanding

__all__ = ["Understander", "Understanding"]
