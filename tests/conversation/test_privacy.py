"""What a person writes is kept nowhere: neither in the base nor in the log, even at its most talkative."""

import asyncio
import logging
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.app import App
from bot.conversation.reception import Reception
from bot.messages import SMS, MessageIn
from bot.store.conversations import Store
from tests.conversation.conftest import NOW

PHONE = "+33639980042"
SENTENCES = (
    "bonjour, je suis Zélie Quirouëdec",
    "plus de droits caf, je suis à mauléon, mon numéro d'allocataire est 7654321Z",
    "j'ai un cancer du zébulon et des dettes chez Quidambanque",
    "mon mari me frappe, il s'appelle Yvonnick",
    "zgluborf krapouet",
    "appelez-moi au 06 39 98 77 55, zelie.quirouedec@exemple.fr",
    "RETOUR",
    "non, à Orthez chez ma soeur Perpétue",
    "MENU",
    "/SetSlots(need=Zébulonie)",
    "STOP",
)
TRACES = (
    "Zélie", "Quirou", "7654321", "zébulon", "cancer", "Quidambanque", "frappe", "Yvonnick", "zgluborf", "krapouet",
    "06 39 98 77 55", "exemple.fr", "Perpétue", "soeur", "Zébulonie",
)  # fmt: skip


def test_no_word_of_a_person_is_kept(program: App, sqlite: Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    reception = Reception(program.conversation, Store(sqlite))

    async def converse() -> None:
        for number, text in enumerate(SENTENCES):
            await reception.receive(
                MessageIn(channel=SMS, conversation=PHONE, text=text, received_at=NOW, external_id=str(number))
            )
            held = "".join(path.read_bytes().decode("utf-8", "replace") for path in folder.iterdir())
            assert not [trace for trace in TRACES if trace.lower() in held.lower()]

    folder = Path(sqlite.url.database or "").parent
    assert all(any(trace in sentence for sentence in SENTENCES) for trace in TRACES)
    asyncio.run(converse())
    assert caplog.records
    assert not [trace for trace in (*TRACES, PHONE) if trace.lower() in caplog.text.lower()]


def test_a_fault_of_the_base_names_no_person(program: App, sqlite: Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with sqlite.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER t BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'en panne'); END"
        )
    reception = Reception(program.conversation, Store(sqlite))
    message = MessageIn(channel=SMS, conversation=PHONE, text="caf à Pau", received_at=NOW, external_id="1")
    with pytest.raises(Exception, match="en panne") as caught:
        asyncio.run(reception.receive(message))
    assert not [word for word in (PHONE, "Quelle aide", "64445") if word in f"{caught.value}{caplog.text}"]
