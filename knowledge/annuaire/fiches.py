"""Lieux that an answer named before, as they are now."""

from collections.abc import Iterable

import numpy as np

from knowledge.annuaire.fonds import Fonds
from knowledge.annuaire.liste import Liste
from knowledge.annuaire.presentation import present
from knowledge.annuaire.question import Question


def fiches(ids: Iterable[str], question: Question, fonds: Fonds) -> Liste:
    """Return the lieux of these ids, in this order, without those that are no more; `question` gives their reasons."""
    known = fonds.index.row_of
    rows = np.array([known[one] for one in ids if one in known], dtype=np.int64)
    if question.origin is None:
        return present(question, [(row, None, 0.0) for row in rows.tolist()], fonds)
    km = fonds.index.distances(*question.origin, rows)
    found = zip(rows.tolist(), km.tolist(), strict=True)
    return present(question, [(row, None if np.isnan(far) else far, 0.0) for row, far in found], fonds)
