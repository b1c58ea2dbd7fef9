"""The whole program with gateways, in this process: page, hooks, turns, sending, over a demonstration base."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from pydantic import SecretStr

from bot.app import App
from bot.commands import serve
from bot.settings import Settings
from bot.web.application import create_web
from bot.web.hooks import Hooks
from knowledge.base import write_items
from knowledge.demonstration import demonstration
from knowledge.horaires import paris
from tests.delivery.phones import KEY as SIGNING_KEY
from tests.delivery.phones import PASSWORD, USER, Phones

NOW = datetime(2026, 11, 23, 10, tzinfo=paris())
OPERATOR_KEY = "une-cle-pour-les-tests-de-32-caracteres-au-moins"
PUBLIC = "http://127.0.0.1"
ANDROID: dict[str, Any] = {
    "android_utilisateur": USER,
    "android_mot_de_passe": SecretStr(PASSWORD),
    "android_signature": SecretStr(SIGNING_KEY),
}


def fast_clock(times: float = 20.0) -> Callable[[], datetime]:
    """Return a clock that starts at the instant of the tests and goes so many times too fast."""
    begun = time.monotonic()
    return lambda: NOW + timedelta(seconds=times * (time.monotonic() - begun))


def build_app(folder: Path, clock: Callable[[], datetime], **settings: Any) -> App:
    """Return the program over a demonstration base of its own, all of it in this process: such a clock stays here."""
    base = SecretStr(f"sqlite:///{folder}/base.db")
    own: dict[str, Any] = {"base": base, "cle": SecretStr(OPERATOR_KEY), "adresse": PUBLIC, "tours_a_part": "non"}
    given = {**own, **settings}
    app = App(Settings(**given), clock)
    lieux, creneaux = demonstration(NOW)
    write_items(app.database, [*lieux, *creneaux], now=NOW)
    return app


def build_hooks(app: App) -> Hooks:
    """Return what receives the calls of the gateways of a program, which has some."""
    hooks = serve.build_hooks(app)
    assert hooks
    return hooks


def build_web(app: App, hooks: Hooks) -> web.Application:
    """Return the application that serves them."""
    return create_web(app.reception, app.knowledge, app.settings, app.clock, hooks=hooks)


def point_at(phones: Phones, port: int, hooks: Hooks) -> None:
    """Tell telephones where the program listens."""
    phones.hook = f"{PUBLIC}:{port}/gateways/android/{hooks.secrets['android']}"
