"""What the outbox asks of its database. Each statement is built once: building one takes longer than running it."""

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Float,
    FromClause,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)

from bot.messages import Delivery
from bot.store.tables import UNSENT, conversation, outbox, receipt


def _unsent(table: FromClause) -> ColumnElement[bool]:
    """Say that a message is unsent, in the very words of the indexes: under other ones SQLite does not use them."""
    states: BindParameter[list[str]] = bindparam(None, list(UNSENT), expanding=True, literal_execute=True)
    return table.c.state.in_(states)


_ORDERED = ("channel", "gateway", "conversation")
"""Columns that say which messages go one after the other."""

LONGEST_S = 1280.0
"""No message waits longer than this for its next attempt: one that seems to was tried before the clock was set back."""

_NOW = bindparam("now", type_=Float)
_earlier = outbox.alias()
DUE = (
    select(outbox)
    .where(
        _unsent(outbox),
        outbox.c.state != Delivery.SENDING,
        or_(outbox.c.not_before <= _NOW, outbox.c.not_before > _NOW + LONGEST_S),
        func.coalesce(outbox.c.gateway, "").in_(bindparam("gateways", expanding=True)),  # not by the index of all rows
        ~exists().where(
            _unsent(_earlier),
            *(_earlier.c[name] == outbox.c[name] for name in _ORDERED),
            _earlier.c.id < outbox.c.id,
        ),
        ~exists().where(
            conversation.c.channel == outbox.c.channel,
            conversation.c.id == outbox.c.conversation,
            conversation.c.stopped_by > outbox.c.inbox_id,
        ),
    )
    .order_by(outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=outbox)
)
"""Messages that may go now: the first unsent one of its conversation, and not for a person who said STOP after it.

Each gateway has an order of its own: what waits for one that is no longer configured holds nothing back.
"""

_NUMBER: BindParameter[int] = bindparam("number")
_NUMBERS: BindParameter[list[int]] = bindparam("numbers", expanding=True)
_OWNER: BindParameter[int] = bindparam("by")

LEASE = (
    update(outbox)
    .where(outbox.c.id.in_(_NUMBERS))
    .values(state=Delivery.SENDING, owner=_OWNER, attempts=outbox.c.attempts + 1)
)
SETTLE = update(outbox).where(outbox.c.id.in_(_NUMBERS), _unsent(outbox)).values(owner=None, message=None, address=None)
NAME = update(outbox).where(outbox.c.id == _NUMBER)
WAIT = (
    update(outbox)
    .where(outbox.c.id == _NUMBER, outbox.c.state == Delivery.SENDING, outbox.c.owner == _OWNER)
    .values(owner=None, attempts=outbox.c.attempts - bindparam("untried"))
)
"""SETTLE, NAME and WAIT set the columns that are given; WAIT only for a message that is still this process's."""

_held = outbox.alias()
FOLLOW = (
    update(outbox)
    .where(
        _unsent(outbox),
        *(outbox.c[name] == select(_held.c[name]).where(_held.c.id == _NUMBER).scalar_subquery() for name in _ORDERED),
        outbox.c.id > _NUMBER,
        outbox.c.not_before < bindparam("until"),
    )
    .values(not_before=bindparam("until"))
)
"""What comes behind a message that waits its turn waits too: else every lease would look at all of it."""

EARLY = select(outbox.c.id, receipt).join_from(
    outbox, receipt, and_(receipt.c.gateway == outbox.c.gateway, receipt.c.gateway_id == outbox.c.gateway_id)
)
EARLY_OF = EARLY.where(outbox.c.id.in_(_NUMBERS))
"""Receipts that came before we knew the gateway's id of their message."""
