"""What the store asks of its database. Each statement is built once: building one takes longer than running it."""

from sqlalchemy import BindParameter, and_, bindparam, delete, insert, select, update

from bot.store.tables import conversation, inbox, outbox

PERSON: BindParameter[str] = bindparam("person")
CHANNEL: BindParameter[str] = bindparam("on_channel")

_OF_PERSON = and_(conversation.c.channel == CHANNEL, conversation.c.id == PERSON)
_FROM_PERSON = and_(inbox.c.channel == CHANNEL, inbox.c.conversation == PERSON)

LOAD = select(conversation.c.tracker, conversation.c.version).where(_OF_PERSON)
FIND_MESSAGE = select(inbox.c.id).where(inbox.c.channel == CHANNEL, inbox.c.external_id == bindparam("external_id"))
LAST_MESSAGE = select(inbox.c.id).where(_FROM_PERSON).order_by(inbox.c.id.desc()).limit(1)
ANSWERS = select(outbox.c.message).where(outbox.c.inbox_id == bindparam("number")).order_by(outbox.c.rang)

RECEIVE = insert(inbox)
BEGIN = insert(conversation)
ADVANCE = update(conversation).where(_OF_PERSON, conversation.c.version == bindparam("read_version"))
"""Sets the columns that are given, over the version that was read."""

DROP_EARLIER_ANSWERS = delete(outbox).where(
    outbox.c.inbox_id.in_(select(inbox.c.id).where(_FROM_PERSON, inbox.c.id != bindparam("number")))
)
ANSWER = insert(outbox)

FORGET = (
    delete(outbox).where(outbox.c.inbox_id.in_(select(inbox.c.id).where(_FROM_PERSON))),
    delete(inbox).where(_FROM_PERSON),
    delete(conversation).where(_OF_PERSON),
)
