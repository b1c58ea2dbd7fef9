"""Gammu SMSD and its modem, through the SQL tables that it shares with us (docs.gammu.org, "SMSD Database Structure").

SMSD writes what it receives in `inbox`, takes what is to send from `outbox`, and tells of it in `sentitems`. It must
find the parts of a message all at once: they are written in one transaction.
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, insert, make_url, select, update
from sqlalchemy.exc import ProgrammingError, SQLAlchemyError

from bot.channels.gateway import GatewayUnreachable, Inbound, Outbound, Receipt, Received, Sending
from bot.channels.sms.bodies import read_key, read_text
from bot.channels.sms.gammu_parts import Part, cut, is_whole, join, read_link
from bot.channels.sms.gammu_tables import (
    FALSE,
    TRUE,
    inbox,
    local_time,
    open_gammu,
    outbox,
    outbox_multipart,
    sentitems,
    write_once,
)
from bot.channels.sms.numbers import read_number
from bot.channels.sms.text import Coding, Encoded, encode_choice
from bot.messages import SMS, Delivery

WINDOW = timedelta(hours=48)
"""What SMSD wrote before is left alone: a base that nobody read for a year must not wake a thousand people."""

PATIENCE = timedelta(minutes=10)
"""How long the parts of a message are waited for, as SMSD's own MultipartTimeout."""

CLOCK_CHANGE = timedelta(hours=2)
"""Receipts are read again from so long before the last one: local times go back an hour in autumn."""

CODINGS = {Coding.GSM7: "Default_No_Compression", Coding.UCS2: "Unicode_No_Compression"}
DATA = "8bit"
"""The coding of a message that holds no text."""

DELIVERED = "DeliveryOK"
FAILED = frozenset({"SendingError", "Error", "DeliveryFailed"})
"""Statuses of `sentitems`. SMSD gives up after its own retries, and never takes the message again."""


class Gammu:
    """One SMSD. `phone` is its PhoneID when several share the tables; `zone` that of the machine of the database."""

    name: ClassVar[str] = "gammu"
    channel: ClassVar[str] = SMS
    idempotent: ClassVar[bool] = True

    def __init__(self, *, base: str, phone: str = "", zone: ZoneInfo, clock: Callable[[], datetime]) -> None:
        self._address = make_url(base)
        self._engine = open_gammu(base)
        self._phone = phone
        self._zone = zone
        self._clock = clock
        self._rows: dict[str, list[int]] = {}
        self._nobody: list[int] = []
        self._waiting: dict[int, datetime] = {}
        self._told: dict[str, Delivery] = {}
        self._read_until: datetime | None = None
        self._since: datetime | None = None

    async def fetch(self) -> Received:
        """Return the messages and receipts that are not confirmed yet. Raises `GatewayUnreachable`."""
        try:
            return await asyncio.to_thread(self._fetch)
        except SQLAlchemyError as error:
            raise GatewayUnreachable(f"gammu: {type(error).__name__}") from None

    async def confirm(self, received: Received) -> None:
        """Mark what is committed in SMSD's inbox. Raises `GatewayUnreachable`."""
        try:
            await asyncio.to_thread(self._confirm, received)
        except SQLAlchemyError as error:
            raise GatewayUnreachable(f"gammu: {type(error).__name__}") from None

    async def send(self, message: Outbound) -> Sending:
        """Hand the message to SMSD, once: the same key again returns what became of it."""
        try:
            return await asyncio.to_thread(self._send, message)
        except ProgrammingError as error:
            return Sending(state=Delivery.TECHNICAL_FAILURE, reason=type(error).__name__)
        except SQLAlchemyError as error:  # nobody knows whether it was committed, but it can be tried again
            return Sending(state=Delivery.TEMPORARY_FAILURE, reason=type(error).__name__)

    async def check(self) -> str:
        """Return in French what is wrong with the tables of SMSD, "" when nothing is."""
        try:
            await asyncio.to_thread(self._look)
        except SQLAlchemyError as error:
            kind = type(error).__name__
            return f"sa base ne se lit pas ({kind}). Vérifiez AIGUILLEUR_GAMMU_BASE, et que les tables de SMSD y sont."
        return ""

    def _look(self) -> None:
        with self._engine.connect() as connection:
            for table in (inbox, outbox, outbox_multipart, sentitems):
                connection.execute(select(table).limit(1))

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def block(self) -> str:
        """Return what the configuration of SMSD (gammu-smsdrc) must hold."""
        address = self._address
        if address.get_backend_name() == "postgresql":
            host = f"{address.host or 'localhost'}:{address.port or 5432}"
            base = [f"host = {host}", f"user = {address.username}", "password = …", f"database = {address.database}"]
        else:
            folder, _, file = (address.database or "").rpartition("/")
            base = [f"dbdir = {folder}/", f"database = {file}"]
        driver = "native_pgsql" if address.get_backend_name() == "postgresql" else "sqlite3"
        phone = [f"phoneid = {self._phone}"] if self._phone else []
        reports = ["deliveryreport = sms", f"multiparttimeout = {PATIENCE.seconds}"]
        return "\n".join(["[smsd]", "service = sql", f"driver = {driver}", *base, *phone, *reports])

    def _fetch(self) -> Received:
        with self._engine.connect() as connection:
            oldest = self._clock().astimezone(self._zone).replace(tzinfo=None) - WINDOW
            messages = self._read_messages(connection, oldest)
            return Received(messages=messages, receipts=self._read_receipts(connection, self._since or oldest))

    def _read_messages(self, connection: Connection, oldest: datetime) -> tuple[Inbound, ...]:
        query = select(inbox).where(inbox.c.Processed == FALSE, inbox.c.UpdatedInDB >= local_time(connection, oldest))
        if self._phone:
            query = query.where(inbox.c.RecipientID == self._phone)
        rows = connection.execute(query.order_by(inbox.c.ID)).all()
        self._nobody = [row.ID for row in rows if row.Coding == DATA or read_number(row.SenderNumber) is None]
        parts = [_read_part(row) for row in rows if row.ID not in self._nobody]
        self._waiting = {part.id: self._waiting.get(part.id, self._clock()) for part in parts}
        found = [message for message in join(parts) if is_whole(message) or self._is_late(message)]
        self._rows = {_external_id(message): [part.id for part in message] for message in found}
        return tuple(self._read_message(message) for message in found)

    def _is_late(self, message: Sequence[Part]) -> bool:
        return self._clock() - min(self._waiting[part.id] for part in message) >= PATIENCE

    def _read_message(self, message: Sequence[Part]) -> Inbound:
        received = datetime.fromisoformat(str(message[0].received))
        return Inbound(
            address=read_number(message[0].sender) or "",
            text=read_text("".join(part.text for part in message)),
            external_id=_external_id(message),
            sent_at=received.replace(tzinfo=self._zone),
        )

    def _read_receipts(self, connection: Connection, since: datetime) -> tuple[Receipt, ...]:
        """Return what changed in `sentitems`; all the parts of a message are read as soon as one changed."""
        recent = select(sentitems.c.CreatorID).where(sentitems.c.UpdatedInDB >= local_time(connection, since))
        query = select(sentitems).where(sentitems.c.CreatorID.in_(recent)).order_by(sentitems.c.CreatorID)
        rows = connection.execute(query).all()
        self._read_until = max((datetime.fromisoformat(str(row.UpdatedInDB)) for row in rows), default=since)
        parts = {key: list(group) for key, group in groupby(rows, attrgetter("CreatorID")) if read_key(key)}
        states = {key: _state(group) for key, group in parts.items()}
        self._told = {key: state for key, state in self._told.items() if key in states}
        new = [(key, state) for key, state in states.items() if state and self._told.get(key) is not state]
        return tuple(Receipt(state=state, key=key) for key, state in new)

    def _confirm(self, received: Received) -> None:
        ids = [part for message in received.messages for part in self._rows.get(message.external_id or "", [])]
        with self._engine.begin() as connection:
            connection.execute(update(inbox).where(inbox.c.ID.in_(ids + self._nobody)).values(Processed=TRUE))
        self._told |= {receipt.key: receipt.state for receipt in received.receipts if receipt.key}
        self._since = self._read_until - CLOCK_CHANGE if self._read_until else None

    def _send(self, message: Outbound) -> Sending:
        with self._engine.connect() as connection:
            connection.execution_options(sqlite_begin="BEGIN IMMEDIATE")
            with connection.begin():
                write_once(connection, message.key)
                known = _find(connection, message.key)
                return known or self._write(connection, message, encode_choice(message.message.text))

    def _write(self, connection: Connection, message: Outbound, encoded: Encoded) -> Sending:
        (text, header), *others = cut(encoded, message.key)
        coding = CODINGS[encoded.coding]
        row = {
            "DestinationNumber": message.address,
            "Coding": coding,
            "UDH": header,
            "TextDecoded": text,
            "MultiPart": TRUE if others else FALSE,
            "SenderID": self._phone or None,
            "DeliveryReport": "yes",
            "CreatorID": message.key,
        }
        key = connection.execute(insert(outbox).values(row)).inserted_primary_key
        number = key[0] if key else None
        for place, (text, header) in enumerate(others, start=2):
            part = {"ID": number, "SequencePosition": place, "Coding": coding, "UDH": header, "TextDecoded": text}
            connection.execute(insert(outbox_multipart).values(part))
        return Sending(state=Delivery.SENT, gateway_id=str(number))


def _find(connection: Connection, key: str) -> Sending | None:
    """Return what became of a message handed over before. SMSD writes `sentitems`, then deletes from `outbox`."""
    number = connection.scalar(select(outbox.c.ID).where(outbox.c.CreatorID == key))
    if number is not None:
        return Sending(state=Delivery.SENT, gateway_id=str(number))
    rows = connection.execute(select(sentitems).where(sentitems.c.CreatorID == key)).all()
    return Sending(state=_state(rows) or Delivery.SENT, gateway_id=str(rows[0].ID)) if rows else None


def _state(rows: Sequence[Row[Any]]) -> Delivery | None:
    """Return the state of a message by its parts in `sentitems`; None while some are still to go."""
    statuses = {row.Status for row in rows}
    if FAILED & statuses:
        return Delivery.PERMANENT_FAILURE
    if len(rows) < read_link(rows[0].UDH).total:
        return None
    return Delivery.DELIVERED if statuses == {DELIVERED} else Delivery.SENT


def _read_part(row: Row[Any]) -> Part:
    return Part(row.ID, read_number(row.SenderNumber) or "", row.TextDecoded, row.ReceivingDateTime, read_link(row.UDH))


def _external_id(message: Sequence[Part]) -> str:
    """Return SMSD's number with the time beside it: numbers begin again with a new database."""
    return f"{message[0].id}-{re.sub(r'[^0-9]', '', str(message[0].received))[:14]}"
