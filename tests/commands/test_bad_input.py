"""Bad input: one clear French sentence, status 1 (2 for a wrong usage), nothing lost, never a traceback."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands.conftest import Command, Result

NOW = "2026-11-23T10:00"
ROOT = Path(__file__).resolve().parents[2]

MESSAGES = [
    "",
    "a" * 10_000,
    "🐑" * 50,
    "\x00\x01\x02\x1b[31m",
    "\u202e\u200f\u2066caf\u2069",
    "'; DROP TABLE lieu; --",
    "<script>alert(1)</script>",
    "{slot} %s {0} ${x}",
    "/SetSlots(need=rien, insee=99999)",
    "/SetSlots(",
    "/danger",
    "\u0301" * 500,
    "日本語でお願いします",
]


@pytest.mark.parametrize("channel", ["terminal", "sms"])
def test_every_message_gets_an_answer(command: Command, channel: str) -> None:
    assert len(MESSAGES) == 13
    answer = command("chat", "--channel", channel, "--json", "--now", NOW, stdin="\n".join(MESSAGES))
    clean(answer)
    assert answer.status == 0
    said = [json.loads(line) for line in answer.out.splitlines()]
    assert len(said) >= len(MESSAGES)
    assert all(message["text"] for message in said)
    assert not [message for message in said if "alert(1)" in message["text"] or "DROP" in message["text"]]


def test_bytes_that_are_not_utf8_are_read_as_well_as_can_be(command: Command) -> None:
    answer = command("chat", "--now", NOW, stdin=b"imp\xf4ts \xff orthez\n")
    assert answer.status == 0
    clean(answer)


REQUESTS = [
    ("[1, 2]", "objet JSON"),
    ("{", "JSON"),
    ('{"need": "caf", "urgency": "tout de suite"}', "urgency"),
    ('{"latitude": 43}', "longitude"),
    ('{"deadline": "demain"}', "deadline"),
    ('{"bidule": 1}', "bidule"),
    ("[" * 100_000, ""),
    ('{"radius_km": -3}', "radius_km"),
]


def test_faulty_requests_are_said_with_their_line_and_the_others_answered(command: Command) -> None:
    assert len(REQUESTS) == 8
    good = '{"need": "caf", "insee": "64430"}'
    answer = command("orient", "--now", NOW, stdin="\n".join([*(text for text, _ in REQUESTS), good]))
    clean(answer)
    assert answer.status == 1
    assert len(answer.out.splitlines()) == 1
    sentences = answer.err.splitlines()
    assert [line.split(" :")[0] for line in sentences] == [f"Ligne {n}" for n in range(1, len(REQUESTS) + 1)]
    assert [word for (_, word), line in zip(REQUESTS, sentences, strict=True) if word not in line] == []


USAGES: list[tuple[list[str], str]] = [
    ([], "commandes"),
    (["parler"], "parler"),
    (["chat", "--channel", "pigeon"], "pigeon"),
    (["chat", "--now", "hier"], "hier"),
    (["import", "lieux"], "il manque"),
    (["import", "sorts", "x.csv"], "sorts"),
    (["export", "lieux"], "il manque"),
]


@pytest.mark.parametrize(("words", "word"), USAGES, ids=[" ".join(words) or "rien" for words, _ in USAGES])
def test_wrong_usage(command: Command, words: list[str], word: str) -> None:
    answer = command(*words)
    assert answer.status == 2
    assert word in answer.err
    clean(answer)


def test_a_file_that_does_not_exist(command: Command) -> None:
    refused(command("import", "lieux", "absent.csv"), "absent.csv")
    refused(command("evaluate", "absent.jsonl"), "absent.jsonl")
    refused(command("evaluate", "."), "c'est un dossier, pas un fichier")


def test_a_corrupt_base(command: Command, base: Path) -> None:
    base.parent.mkdir()
    base.write_bytes(b"ceci n'est pas une base" * 100)
    refused(command("chat", stdin="caf"), "base")
    assert base.read_bytes() == b"ceci n'est pas une base" * 100


def test_a_locked_base(command: Command, base: Path) -> None:
    assert command("demo", "--sans-page").status == 0
    with sqlite3.connect(base) as other:
        other.execute("BEGIN EXCLUSIVE")
        refused(command("chat", stdin="caf"), "occupée")
    assert command("chat", stdin="caf").status == 0


@pytest.mark.parametrize(
    "url",
    [
        "mysql://x/y",
        "n'importe quoi",
        "postgresql://127.0.0.1:1/x",
        "postgresql://nobody:motdepasse@nowhere.invalid/x",
        "postgresql:///x?host=127.0.0.1&port=1&password=motdepasse",
        "sqlite://b.db",
        "sqlite:////proc/x/y.db",
    ],
)
def test_a_base_that_cannot_be(command: Command, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("AIGUILLEUR_BASE", url)
    answer = command("chat", stdin="caf")
    refused(answer, "base")
    assert "motdepasse" not in answer.err


NOT_TILES = "il faut une adresse en https avec {z}, {x} et {y} (https://carte.exemple/{z}/{x}/{y}.png)."
SETTINGS = [
    ("PORT", "quatre", "il faut un nombre entier."),
    ("PORT", "70000", "il faut au plus 65535."),
    ("HTTPS", "peut-être", "il faut vrai ou faux."),
    ("JOURNAL", "BAVARD", "il faut DEBUG, INFO, WARNING ou ERROR."),
    ("MESSAGES_PAR_MINUTE", "0", "il faut au moins 1."),
    ("SMS_PAR_SECONDE", "2,5", "il faut un nombre, avec un point (2.5)."),
    ("SMS_PAR_SECONDE", "0", "il faut plus de 0.0."),
    ("SMS_PAR_SECONDE", "inf", "il faut un nombre."),
    ("KANNEL_URL", "127.0.0.1:13013", "il faut une adresse complète, comme https://aide.exemple.fr."),
    ("JASMIN_URL", "http://127.0.0.1:port/send", "il faut une adresse complète, comme https://aide.exemple.fr."),
    ("ADRESSE", "https://[", "il faut une adresse complète, comme https://aide.exemple.fr."),
    ("CONSULTATIONS_PAR_MINUTE", "0", "il faut au moins 1."),
    ("TUILES", "http://carte.exemple/{z}/{x}/{y}.png", NOT_TILES),
    ("TUILES", "https://carte.exemple/{z}/{x}.png", NOT_TILES),
    ("TUILES", "https://carte.exemple/{z}/{z}/{x}.png", NOT_TILES),
    ("TUILES", "https://{x}.exemple/{z}/{y}/a.png", NOT_TILES),
    ("TUILES", "https://*.exemple; script-src */{z}/{x}/{y}.png", NOT_TILES),
    ("TERRITOIRE", "64,Landes", "« Landes » n'est pas un département (exemples : 64, 2A, 974)."),
]


@pytest.mark.parametrize(("name", "value", "said"), SETTINGS, ids=lambda text: text)
def test_a_faulty_setting(command: Command, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    monkeypatch.setenv(f"AIGUILLEUR_{name}", value)
    answer = command("check")
    refused(answer, f"AIGUILLEUR_{name} est illisible : ")
    assert answer.err.endswith(f" : {said}\n")


@pytest.mark.parametrize("base", ["mysql://a@b/c", "foo"])
def test_a_gateway_that_cannot_be_built(command: Command, monkeypatch: pytest.MonkeyPatch, base: str) -> None:
    monkeypatch.setenv("AIGUILLEUR_CLE", "une clé fictive, faite pour les essais seuls")
    monkeypatch.setenv("AIGUILLEUR_GAMMU_BASE", base)
    refused(command("serve", "--port", "1"), "un des réglages de gammu est mal écrit.")
    assert "✗ gammu : " in command("doctor").out


def test_a_secret_that_is_empty_is_not_masked(command: Command) -> None:
    shown = dict(line.split(" = ", 1) for line in command("settings").out.splitlines() if " = " in line)
    assert shown["AIGUILLEUR_CLE"] == shown["AIGUILLEUR_GAMMU_BASE"] == ""


def test_settings_in_a_file_of_another_encoding(command: Command) -> None:
    Path(".env").write_bytes("AIGUILLEUR_CONTACT=la médiathèque\n".encode("latin-1"))
    refused(command("settings"), "n'est pas en UTF-8")


def test_a_reader_that_leaves(base: Path) -> None:
    """`aiguilleur graph` into a pipe that nobody reads any more ends without a word."""
    assert str(base) in os.environ["AIGUILLEUR_BASE"]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([sys.executable, "-m", "bot", "graph"], stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def refused(answer: Result, word: str) -> None:
    clean(answer)
    assert answer.status == 1
    assert word in answer.err


def clean(answer: Result) -> None:
    assert "Traceback" not in answer.out + answer.err
    assert "Erreur inattendue" not in answer.err


def test_one_ctrl_c_ends_a_conversation_and_leaves_nothing_of_it(base: Path) -> None:
    chat = subprocess.Popen(
        [sys.executable, "-m", "bot", "chat"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    with chat:
        assert chat.stdin
        assert chat.stdout
        chat.stdin.write("caf\n")
        chat.stdin.flush()
        assert chat.stdout.readline()
        time.sleep(0.2)  # the program waits for the next line by now; if not, it must end all the same
        chat.send_signal(signal.SIGINT)
        assert chat.wait(timeout=20) == 130
        assert chat.stderr
        said = chat.stderr.read()
    assert "Interrompu." in said
    assert "Traceback" not in said
    with closing(sqlite3.connect(base)) as connection:
        assert connection.execute("SELECT count(*) FROM conversation").fetchone() == (0,)
