"""What the store asks of its database. Each statement is built once: building one takes longer than running it."""

from sqlalchemy import BindParameter, Boolean, and_, bindparam, case, delete, func, insert, or_, select, update

from bot.messages import REMINDER, Delivery
from bot.store.tables import DONE, PENDING, UNSENT, conversation, inbox, outbox, part, passage, timer

PERSON: BindParameter[str] = bindparam("person")
CHANNEL: BindParameter[str] = bindparam("on_channel")
NUMBER: BindParameter[int] = bindparam("number")

_OF_PERSON = and_(conversation.c.channel == CHANNEL, conversation.c.id == PERSON)
_FROM_PERSON = and_(inbox.c.channel == CHANNEL, inbox.c.conversation == PERSON)
_TO_PERSON = and_(outbox.c.channel == CHANNEL, outbox.c.conversation == PERSON)

LOAD = select(conversation.c.tracker, conversation.c.version).where(_OF_PERSON)
FIND_MESSAGE = select(inbox.c.id).where(inbox.c.channel == CHANNEL, inbox.c.external_id == bindparam("external_id"))
LAST_MESSAGE = select(inbox.c.id).where(_FROM_PERSON).order_by(inbox.c.id.desc()).limit(1)
ANSWERS = select(outbox.c.message).where(outbox.c.inbox_id == NUMBER).order_by(outbox.c.rang)

RECEIVE = insert(inbox)
FINISH = (
    update(inbox)
    .where(inbox.c.id.in_(bindparam("numbers", expanding=True)), inbox.c.state == PENDING)
    .values(state=DONE, body=None, address=None)
)
BEGIN = insert(conversation)
ADVANCE = (
    update(conversation)
    .where(_OF_PERSON, conversation.c.version == bindparam("read_version"))
    .values(stopped_by=case((bindparam("reopens", type_=Boolean), None), else_=conversation.c.stopped_by))
)
"""Sets the columns that are given, over the version that was read."""

DROP_EARLIER_ANSWERS = delete(outbox).where(_TO_PERSON, outbox.c.inbox_id != NUMBER)
ANSWER = insert(outbox)
STOP = update(conversation).where(_OF_PERSON).values(stopped_by=func.coalesce(conversation.c.stopped_by, NUMBER))
"""The first message that said so: a second one leaves the confirmation of the first on its way."""

CANCEL = (
    update(outbox)
    .where(
        _TO_PERSON,
        outbox.c.inbox_id < select(conversation.c.stopped_by).where(_OF_PERSON).scalar_subquery(),
        outbox.c.state.in_(UNSENT),
    )
    .values(state=Delivery.CANCELLED, message=None, address=None)
)
"""What answers an earlier message; the confirmation too, where the gateway said that nothing reaches them any more."""

DROP_TIMERS = delete(timer).where(timer.c.channel == CHANNEL, timer.c.conversation == PERSON)
HAND_OUT = insert(passage)
FIND_CODE = select(passage.c.channel, passage.c.conversation).where(
    passage.c.code == bindparam("key"), passage.c.expires_at > bindparam("now")
)
USE_CODE = delete(passage).where(passage.c.code == bindparam("key"))
FORGET = (
    delete(outbox).where(_TO_PERSON),
    delete(inbox).where(
        _FROM_PERSON,
        or_(inbox.c.id <= NUMBER, inbox.c.state != PENDING, inbox.c.external_id.startswith(f"{REMINDER}:")),
    ),
    delete(conversation).where(_OF_PERSON),
    DROP_TIMERS,
    delete(passage).where(passage.c.channel == CHANNEL, passage.c.conversation == PERSON),
    delete(part).where(part.c.conversation == PERSON),
)
"""Everything of a person but what they wrote after `number` and waits for its turn."""


def whose(channel: str, identifier: str) -> dict[str, str]:
    """Return the parameters that name a person in the statements."""
    return {"on_channel": channel, "person": identifier}
