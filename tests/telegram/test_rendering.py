"""What a message becomes on a phone: cases, and the limits of Telegram for any message."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from telegram import Contact, InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove, Venue

from bot.channels.telegram.fiche import MAX_BYTES
from bot.channels.telegram.rendering import html, render
from bot.channels.telegram.text import MAX_TEXT, Telegram, split, units
from bot.channels.vcard import vcard
from bot.messages import Choice, MessageOut
from tests.telegram.bot_api import shown
from tests.telegram.conftest import ANSWER, CARD, LIEU

LIGNE = {"nom": "CAF", "telephone": "3230", "horaires": "du lundi au vendredi", "source": "", "verifie_le": None}
texts = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(" \n\n<>&;•😀é"), max_size=400)
long_texts = st.builds(lambda parts, n: "".join(parts * n), st.lists(texts, max_size=4), st.integers(1, 20))

HTML = [
    ("a < b & c > d", (), "a &lt; b &amp; c &gt; d"),
    ("dites \"oui\" à l'accueil", (), "dites \"oui\" à l'accueil"),
    ("• Cyber <B> – à 3 km", ("Cyber <B>",), "• <b>Cyber &lt;B&gt;</b> – à 3 km"),
    ("• A – ici\n• A bis – là", ("A", "A bis"), "• <b>A</b> – ici\n• <b>A bis</b> – là"),
    ("• Le Pontet – ici", ("Le Pont",), "• Le Pontet – ici"),
    ("Le Pont est fermé", ("Le Pont",), "Le Pont est fermé"),
    ("• ", ("",), "• "),
]  # fmt: skip


@pytest.mark.parametrize(("text", "titles", "expected"), HTML)
def test_html(text: str, titles: tuple[str, ...], expected: str) -> None:
    assert html(text, titles) == expected


SPLITS = [
    ("", 10, [""]),
    ("court", 10, ["court"]),
    ("un deux trois", 8, ["un deux", "trois"]),
    ("un deux\ntrois quatre", 14, ["un deux", "trois quatre"]),
    ("un\n\ndeux\ntrois", 8, ["un\n\ndeux", "trois"]),
    ("anticonstitutionnel", 10, ["anticonsti", "tutionnel"]),
    ("😀😀😀", 5, ["😀😀", "😀"]),
    ("   \n  ", 3, [""]),
]


@pytest.mark.parametrize(("text", "limit", "expected"), SPLITS)
def test_split(text: str, limit: int, expected: list[str]) -> None:
    assert split(text, limit) == expected


@given(long_texts, st.integers(100, MAX_TEXT))
@example("😀" * 5000, MAX_TEXT)
@example("a" * MAX_TEXT, MAX_TEXT)
def test_split_loses_nothing_and_fits(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert all(len(piece.encode("utf-16-le")) // 2 <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(piece.strip() for piece in pieces) or pieces == [""]


@given(st.lists(long_texts, min_size=1, max_size=3), long_texts)
@example(["a" * MAX_TEXT], "b")
@example(["a"], "b" * MAX_TEXT)
def test_the_messages_of_a_turn_hold_all_of_it_and_fit(texts: list[str], line: str) -> None:
    *first, last = Telegram().join(texts, ["Oui"])
    added = Telegram().add(last, [line, "x"])
    assert all(units(one) <= MAX_TEXT for one in (*first, *added))
    assert added[0].startswith(last), "the choices are under it"
    assert "".join("".join([*first, *added]).split()) == "".join("".join([*texts, line]).split())


@given(texts, st.lists(texts, max_size=3))
def test_html_is_valid_and_shows_the_same_text(text: str, titles: list[str]) -> None:
    assert shown(html(text, titles)) == text
    assert shown(html(f"• {''.join(titles)}", titles)) == f"• {''.join(titles)}"


@given(long_texts, st.lists(texts, max_size=60), st.integers(0, 2**63))
def test_any_message_is_within_the_limits(text: str, labels: list[str], turn: int) -> None:
    choices = tuple(Choice(str(n), label, "/x") for n, label in enumerate(labels, start=1))
    rendered = render(MessageOut(text=text, choices=choices, card=CARD, turn=turn))
    assert shown(rendered.text) == text
    if choices:
        assert isinstance(rendered.markup, InlineKeyboardMarkup)
        rows = rendered.markup.inline_keyboard
        assert [len(row) for row in rows] == [1] * len(choices)
        data = [str(row[0].callback_data) for row in rows]
        assert data == [f"{turn}:{choice.key}" for choice in choices]
        assert all(len(one.encode()) <= 64 for one in data)


@given(
    st.dictionaries(st.sampled_from(["adresse", "commune", "code_postal"]), texts | st.none()), texts, texts | st.none()
)
def test_any_card_is_within_the_limits(values: dict[str, Any], name: str, note: str | None) -> None:
    card = vcard({"nom": name, "telephone": "+33536490001", **values}, note)
    if card is None:
        assert len(name.encode()) > MAX_BYTES // 4
        return
    assert len(card.encode()) <= MAX_BYTES
    lines = card.split("\r\n")
    assert (lines[0], lines[-2:]) == ("BEGIN:VCARD", ["END:VCARD", ""])
    assert {line.split(":")[0].split(";")[0] for line in lines[1:-2]} <= {"VERSION", "N", "FN", "TEL", "ADR", "NOTE"}


def test_a_card_gives_up_its_note_then_its_address_then_itself() -> None:
    who = {"nom": "Le Pont; café, \\ bar\nici", "telephone": "+33536490001", "adresse": "1 rue"}
    whole = str(vcard(who, "n", most=MAX_BYTES))
    assert "FN:Le Pont\\; café\\, \\\\ bar ici\r\n" in whole
    assert whole.endswith("NOTE:n\r\nEND:VCARD\r\n")
    assert vcard(who, "é" * MAX_BYTES, most=MAX_BYTES) == whole.replace("NOTE:n\r\n", "")
    assert "ADR" not in str(vcard(who | {"adresse": "é" * MAX_BYTES}, "n", most=MAX_BYTES))
    assert vcard(who | {"nom": "é" * MAX_BYTES}, "n", most=MAX_BYTES) is None


def test_an_answer() -> None:
    rendered = render(ANSWER)
    assert [type(extra) for extra in rendered.extras] == [Venue, Contact]


def extras(**changes: Any) -> list[Venue | Contact]:
    return list(render(MessageOut(text="x", card=CARD | {"lieux": [LIEU | changes]})).extras)


def test_what_is_not_known_is_not_shown() -> None:
    assert [type(one) for one in extras(latitude=None)] == [Contact]
    assert [type(one) for one in extras(telephone=None)] == [Venue]
    assert not render(MessageOut(text="x", card={"autre": 1})).extras
    [venue, contact] = extras(adresse=None, code_postal=None, commune=None, next_opening=None)
    assert isinstance(venue, Venue)
    assert venue.address == LIEU["nom"]
    assert isinstance(contact, Contact)
    assert "NOTE" not in str(contact.vcard)
    assert "ADR" not in str(contact.vcard)


def test_hours_carry_their_date() -> None:
    [_, contact] = extras(next_opening={"start": "2026-11-23T18:00:00+01:00", "end": None}, by_appointment=True)
    assert isinstance(contact, Contact)
    assert "NOTE:Ouvert lundi 23 novembre\\, à partir de 18 h. Sur rendez-vous." in str(contact.vcard)


def test_a_national_line_is_a_card_when_there_is_no_place() -> None:
    [contact] = render(MessageOut(text="x", card=CARD | {"lieux": [], "fallback": LIGNE})).extras
    assert isinstance(contact, Contact)
    assert (contact.phone_number, contact.first_name) == ("3230", "CAF")
    assert "NOTE:du lundi au vendredi" in str(contact.vcard)


def test_the_commune_may_be_answered_by_a_position() -> None:
    asked = render(MessageOut(text="Dans quelle commune ?", asks="insee")).markup
    assert isinstance(asked, ReplyKeyboardMarkup)
    assert asked.keyboard[0][0].request_location
    between = MessageOut(text="Laquelle ?", asks="insee", choices=ANSWER.choices)
    assert isinstance(render(between).markup, InlineKeyboardMarkup)
    assert isinstance(render(MessageOut(text="Est-ce pressé ?", asks="urgency")).markup, ReplyKeyboardRemove)


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        ("https://aide.exemple.fr/", [f"https://aide.exemple.fr/lieu/{LIEU['id']}/fiche?posture={CARD['posture']}"]),
        ("http://127.0.0.1:8080", []),
        ("https://srv-mairie:8443", []),
        ("https://localhost./", []),
        ("https://192.168.1.4:8443", []),
        ("https://[2001:db8::1]:8443", []),
        ("https://[nulle part", []),
        ("", []),
    ],
)
def test_the_answer_leads_to_the_card_of_its_place_where_the_page_is_public(site: str, expected: list[str]) -> None:
    keyboard = render(ANSWER, site).markup
    assert isinstance(keyboard, InlineKeyboardMarkup)
    assert [button.url for row in keyboard.inline_keyboard for button in row if button.url] == expected
    assert len(keyboard.inline_keyboard) == len(ANSWER.choices) + len(expected)
