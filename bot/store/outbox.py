"""The messages to people: leased by one sender at a time, in order within a conversation, their state only rising."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    and_,
    case,
    delete,
    func,
    or_,
    select,
    update,
)

from bot.messages import Delivery
from bot.store.presence import Presence
from bot.store.sending import DUE, EARLY, EARLY_OF, FOLLOW, LEASE, NAME, SETTLE, WAIT
from bot.store.statements import DROP_TIMERS, whose
from bot.store.tables import UNSENT, conversation, outbox, receipt
from bot.store.writing import in_order, insert_into, printable, writing

FOREVER = 2**31 - 1
"""`stopped_by` of a person whose gateway says that no message reaches them any more."""

STALE_S = 24 * 3600.0
"""An answer that could not go out within a day says nothing true any more ("ouvert aujourd'hui")."""

MAX_GATEWAY_ID = 128

READY = (Delivery.CREATED, Delivery.TEMPORARY_FAILURE, Delivery.TECHNICAL_FAILURE)
GONE: Mapping[str, None] = {"message": None, "address": None, "owner": None}
"""What is not kept of a message that went, or never will."""

RISES: Mapping[Delivery, tuple[Delivery, ...]] = {
    Delivery.SENT: (*UNSENT, Delivery.UNCERTAIN),
    Delivery.DELIVERED: (*UNSENT, Delivery.UNCERTAIN, Delivery.SENT),
    Delivery.PERMANENT_FAILURE: (*UNSENT, Delivery.UNCERTAIN, Delivery.SENT),
}
"""From which states a receipt lifts a message to another one; receipts come late and in any order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leased:
    """A message that this process sends. `attempts` counts this one; `message` is a `MessageOut` as JSON."""

    id: int
    key: str
    channel: str
    conversation: str
    gateway: str
    address: str
    message: str
    attempts: int
    created_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of a leased message; a temporary failure is tried again from `not_before` on (seconds).

    `stopped`: the channel and the conversation of a person whom, says the gateway, no message reaches any more.
    """

    id: int
    state: Delivery
    gateway_id: str | None = None
    not_before: float = 0.0
    stopped: tuple[str, str] | None = None


class Outbox:
    """The outbox of one database, for one process."""

    def __init__(self, engine: Engine, presence: Presence) -> None:
        self._engine = engine
        self._presence = presence

    def renew(self) -> None:
        """Say that this process is still there. Raises `BaseIndisponible`."""
        self._presence.renew()

    def processes(self) -> int:
        """Return how many processes send what is in this outbox. Raises `BaseIndisponible`."""
        return self._presence.living()

    def lease(self, now: float, gateways: Sequence[str], most: int) -> list[Leased]:
        """Take up to `most` messages that these gateways may send now."""
        with writing(self._engine) as connection:
            rows = in_order(connection).execute(DUE, {"now": now, "gateways": gateways, "most": most}).all()
            if rows:
                connection.execute(LEASE, {"numbers": [row.id for row in rows], "by": self._presence.owner})
        return [_leased(row) for row in rows]

    def settle(self, settled: Sequence[Settled]) -> None:
        """Write what became of leased messages; one that a receipt has lifted meanwhile does not fall back.

        That a message went is written even where another process took this one for gone, and the message for its own.
        """
        went: dict[Delivery, list[int]] = {}
        for each in settled:
            if each.state not in READY:
                went.setdefault(each.state, []).append(each.id)
        waiting = [self._wait(each) for each in settled if each.state in READY]
        names = [
            {"number": each.id, "gateway_id": name}
            for each in settled
            if each.state not in READY and (name := _id(each.gateway_id))
        ]
        with writing(self._engine) as connection:
            for state, numbers in went.items():
                connection.execute(SETTLE, {"numbers": numbers, "state": state})
            if waiting:
                connection.execute(WAIT, waiting)
            for one in waiting:
                if one["untried"]:
                    connection.execute(FOLLOW, {"number": one["number"], "until": one["not_before"]})
            for each in settled:
                if each.stopped:
                    self.stop(connection, *each.stopped)
            if names:
                connection.execute(NAME, names)
                _catch_up(connection, connection.execute(EARLY_OF, {"numbers": [one["number"] for one in names]}).all())

    def _wait(self, settled: Settled) -> dict[str, Any]:
        return {
            "number": settled.id,
            "by": self._presence.owner,
            "state": settled.state,
            "not_before": settled.not_before,
            "untried": int(settled.state is Delivery.CREATED),
        }

    def tidy(self, now: float) -> int:
        """Give up what is too old to be sent, and apply the receipts that were written beside what they are of.

        Return how many were given up.
        """
        old = and_(outbox.c.state.in_(READY), outbox.c.created_at < now - STALE_S, outbox.c.gateway.is_not(None))
        with writing(self._engine) as connection:
            given_up = connection.execute(update(outbox).where(old).values(state=Delivery.PERMANENT_FAILURE, **GONE))
            _catch_up(connection, connection.execute(EARLY).all())
            return given_up.rowcount

    def note(
        self, connection: Connection, gateway: str, state: Delivery, now: float, key: str | None, gateway_id: str | None
    ) -> None:
        """Write a receipt in an open transaction; one of a message not known yet is kept until it is."""
        key, gateway_id = _id(key), _id(gateway_id)
        if state not in RISES or not (key or gateway_id):
            return  # a receipt of nothing must not be one of everything
        named = [outbox.c.key == key] if key else []
        named += [and_(outbox.c.gateway == gateway, outbox.c.gateway_id == gateway_id)] if gateway_id else []
        if _lift(connection, or_(*named), state) or key or not gateway_id:
            return
        if connection.scalar(select(outbox.c.id).where(or_(*named)).limit(1)) is not None:
            return
        values = {"gateway": gateway, "gateway_id": gateway_id, "state": state, "received_at": now}
        kept = insert_into(receipt, connection).values(values)
        lower = receipt.c.state.in_(RISES[state])
        keys = ["gateway", "gateway_id"]
        connection.execute(kept.on_conflict_do_update(index_elements=keys, set_={"state": state}, where=lower))

    def stop(self, connection: Connection, channel: str, identifier: str) -> None:
        """Send this person nothing more until they write again."""
        theirs = and_(conversation.c.channel == channel, conversation.c.id == identifier)
        connection.execute(update(conversation).where(theirs).values(stopped_by=FOREVER))
        unsent = and_(outbox.c.channel == channel, outbox.c.conversation == identifier, outbox.c.state.in_(UNSENT))
        connection.execute(update(outbox).where(unsent).values(state=Delivery.CANCELLED, **GONE))
        connection.execute(DROP_TIMERS, whose(channel, identifier))

    def adopt(self, now: float, grace: float, idempotent: Collection[str]) -> int:
        """Free the messages whose sender is gone, to be sent again in `grace` seconds; return their number.

        Nobody knows whether these went: a receipt that comes in the meantime says that they did. A gateway that is
        `idempotent` may be asked at once.
        """
        with writing(self._engine) as connection:
            owners = connection.scalars(select(outbox.c.owner).where(outbox.c.state == Delivery.SENDING).distinct())
            gone = self._presence.gone(connection, [owner for owner in owners if owner is not None])
            lost = and_(outbox.c.state == Delivery.SENDING, outbox.c.owner.in_(gone))
            again = case((outbox.c.gateway.in_(list(idempotent)), now), else_=now + grace)
            values = {"state": Delivery.TEMPORARY_FAILURE, "owner": None, "not_before": again}
            return connection.execute(update(outbox).where(lost).values(values)).rowcount

    def states(self) -> dict[str, int]:
        """Return how many messages are in each state."""
        with self._engine.connect() as connection:
            query = (
                select(outbox.c.state, func.count().label("number"))
                .where(outbox.c.gateway.is_not(None))
                .group_by(outbox.c.state)
            )
            return {row.state: row.number for row in connection.execute(query)}

    def oldest(self) -> float | None:
        """Return when the message that waits longest was made, None when none waits."""
        with self._engine.connect() as connection:
            waiting = and_(outbox.c.state.in_(UNSENT), outbox.c.gateway.is_not(None))
            oldest: float | None = connection.scalar(select(func.min(outbox.c.created_at)).where(waiting))
            return oldest


def _leased(row: Any) -> Leased:
    return Leased(
        id=row.id,
        key=row.key,
        channel=row.channel,
        conversation=row.conversation,
        gateway=row.gateway,
        address=row.address,
        message=row.message,
        attempts=row.attempts + 1,
        created_at=row.created_at,
    )


def _lift(connection: Connection, which: Any, state: Delivery) -> bool:
    lower = outbox.c.state.in_(RISES[state])
    return connection.execute(update(outbox).where(which, lower).values(state=state, **GONE)).rowcount > 0


def _catch_up(connection: Connection, early: Sequence[Any]) -> None:
    """Apply receipts, and forget them."""
    for row in early:
        _lift(connection, outbox.c.id == row.id, Delivery(row.state))
        known = and_(receipt.c.gateway == row.gateway, receipt.c.gateway_id == row.gateway_id)
        connection.execute(delete(receipt).where(known, receipt.c.state == row.state))


def _id(told: object) -> str | None:
    """Return a gateway's id of something as it is stored, None when it is none: its JSON may hold anything."""
    return (printable(told)[:MAX_GATEWAY_ID] or None) if isinstance(told, str) else None
