"""What gateways write in their requests and answers, read strictly: nothing that cannot be stored or compared."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from bot.channels.gateway import Receipt, RequestRefused
from bot.channels.sms.text import clean
from bot.messages import Delivery

MAX_ID_LENGTH = 100
_KEY = re.compile(r"[a-z0-9-]{1,36}")


def read_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a body in UTF-8. Raises ValueError for anything else."""
    try:
        found = json.loads(body.decode())
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(found, dict):
        raise ValueError("not an object")  # noqa: TRY004  # one exception for every unreadable body
    return found


def read_id(value: object) -> str:
    """Return the gateway's id of something as a text. Raises `RequestRefused` (400) when it has none."""
    text = find_id(value)
    if text is None:
        raise RequestRefused(400)
    return text


def find_id(value: object) -> str | None:
    """Return the gateway's id of something as a text, None when it has none that can be stored."""
    text = clean(str(value)).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if 0 < len(text) <= MAX_ID_LENGTH else None


def read_key(value: object) -> str | None:
    """Return our own id of a message, as `Outbound.key` spells it; None for what is not one."""
    return value if isinstance(value, str) and _KEY.fullmatch(value) else None


def read_receipt(state: Delivery | None, key: object, gateway_id: object = None) -> tuple[Receipt, ...]:
    """Return what became of a message of ours; nothing where it is not told of which one, or what."""
    ours, theirs = read_key(key), find_id(gateway_id)
    return (Receipt(state=state, key=ours, gateway_id=theirs),) if state and (ours or theirs) else ()


def read_text(value: object) -> str:
    """Return the text of a message as it can be stored: no NUL, no lone surrogate; empty when there is none."""
    return clean(value) if isinstance(value, str) else ""


def read_instant(value: object) -> datetime | None:
    """Return an ISO 8601 instant in UTC; None when it is absent, absurd or without a zone."""
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
        return instant.astimezone(UTC) if instant and instant.tzinfo else None
    except (ValueError, OverflowError):
        return None
