"""The look-up of helpers on the web: the page `/annuaire`, and `/api/lieux` for other programs."""
