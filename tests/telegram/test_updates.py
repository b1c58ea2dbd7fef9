"""Every kind of update as the bot hears it, and any JSON at all."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.channels.gateway import Inbound, Received, Request, RequestRefused
from bot.channels.telegram.gateway import SECRET_HEADER, TelegramGateway
from bot.channels.telegram.updates import Told, read_update
from tests.telegram.bot_api import TOKEN
from tests.telegram.conftest import CHAT, PERSON, pressed, said

Case = dict[str, Any]
TABLE: dict[str, list[Case]] = YAML(typ="safe").load(Path(__file__).with_name("updates.yml").read_text("utf-8"))
CASES = [(f"{kind}: {case['name']}", case) for kind, cases in TABLE.items() for case in cases]
DATED = {"message", "edited_message", "channel_post"}
OF_THE_TEST = {"name", "heard", "blocked", "press"}
RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
    "can_edit_stories", "can_delete_stories",
)  # fmt: skip
BOT_MEMBER = {"user": {"id": 1, "is_bot": True, "first_name": "A"}, **dict.fromkeys(RIGHTS, True)}
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def update(case: Case) -> dict[str, Any]:
    """Return the update of a case, with what all updates have."""
    values = {name: value for name, value in case.items() if name not in OF_THE_TEST}
    for name in DATED & values.keys():
        values[name] = {"message_id": 1, "date": int(NOON.timestamp()), "chat": CHAT, "from": PERSON} | values[name]
    if query := values.get("callback_query"):
        values["callback_query"] = {"from": PERSON, "chat_instance": "1"} | query
    if change := values.get("my_chat_member"):
        before, after = ({"status": change[key], "until_date": 0} | BOT_MEMBER for key in ("from", "to"))
        members = {"old_chat_member": before, "new_chat_member": after}
        values["my_chat_member"] = {"chat": change["chat"], "from": PERSON, "date": int(NOON.timestamp())} | members
    return {"update_id": 9} | values


def test_the_table_is_whole() -> None:
    assert len(CASES) >= 50
    assert len({name for name, _ in CASES}) == len(CASES)


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[name for name, _ in CASES])
def test_update(case: Case) -> None:
    told = read_update(update(case), "AiguilleurBot")
    expected = None
    if "heard" in case:
        sent_at = None if "callback_query" in case else NOON
        expected = Inbound(**{"address": "42", "external_id": "9", "sent_at": sent_at} | case["heard"])
    blocked = Inbound(address=case["blocked"], external_id="9", sent_at=NOON) if "blocked" in case else None
    assert told == Told(message=expected, blocked=blocked, press=case.get("press"))


@cache
def gateway() -> TelegramGateway:
    """Return a bot that nothing was sent to yet."""
    return TelegramGateway(TOKEN)


def read(body: bytes) -> Received:
    """Read a request that Telegram signed."""
    headers = {SECRET_HEADER: gateway()._secret}
    return gateway().read(Request(method="POST", url="/", received_at=NOON, headers=headers, body=body))


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", b"[]", b"1", b"null", b"{}", b'{"update_id": "1"}', b'{"update_id": true}', b"[" * 100_000],
)
def test_what_is_no_update_is_refused(body: bytes) -> None:
    with pytest.raises(RequestRefused) as refused:
        read(body)
    assert refused.value.status == 400


@pytest.mark.parametrize("secret", [None, "", "x", "é", "\udcff", "secret" * 100])
def test_without_the_secret_nothing_is_read(secret: str | None) -> None:
    headers = {} if secret is None else {SECRET_HEADER: secret}
    forged = Request(method="POST", url="/", received_at=NOON, headers=headers, body=json.dumps(said(1)).encode())
    with pytest.raises(RequestRefused) as refused:
        gateway().read(forged)
    assert refused.value.status == 403


def well_typed(message: Inbound) -> bool:
    texts = (message.external_id, message.pressed, message.media)
    places = (message.latitude, message.longitude)
    return (
        isinstance(message.address, str)
        and isinstance(message.text, str)
        and all(one is None or isinstance(one, str) for one in texts)
        and all(one is None or isinstance(one, float) for one in places)
    )


@given(json_values)
@example({"update_id": 1, "message": None})
@example({"update_id": 1, "message": []})
@example({"update_id": 10**400, "message": {"chat": {}}})
@example({"update_id": 1, "callback_query": {"id": 5}})
def test_any_json_is_read_or_refused(value: Any) -> None:
    check_any(json.dumps(value).encode())


@given(st.sampled_from(CASES), st.data())
def test_any_part_of_an_update_may_be_anything(named: tuple[str, Case], data: st.DataObject) -> None:
    broken = json.loads(json.dumps(update(named[1])))
    at = broken
    while True:
        key = data.draw(st.sampled_from(sorted(at)))
        if not isinstance(at[key], dict) or not at[key] or data.draw(st.booleans()):
            break
        at = at[key]
    at[key] = data.draw(json_values)
    check_any(json.dumps(broken).encode())


def check_any(body: bytes) -> None:
    try:
        received = read(body)
    except RequestRefused:
        return
    assert all(map(well_typed, received.messages))


def test_a_button_is_answered_in_the_answer_to_the_request() -> None:
    answer = read(json.dumps(pressed(4)).encode()).answer
    assert answer.content_type == "application/json"
    assert json.loads(answer.text) == {"method": "answerCallbackQuery", "callback_query_id": "press-4"}
    assert read(json.dumps(said(4)).encode()).answer.text == ""
