"""What Telegram shows beside the conversation: the menu of commands and the words of welcome (`menu.yml`)."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML
from telegram import Bot, BotCommand

EVERYBODY = "fr"
"""The language shown to those whose own is not in the file."""


@dataclass(frozen=True, slots=True)
class Menu:
    """The texts of one language. `langue`: an ISO 639-1 code, None for everybody else."""

    langue: str | None
    description: str
    resume: str
    commandes: tuple[BotCommand, ...]


def menus() -> tuple[Menu, ...]:
    """Read the texts of every language."""
    text = files("bot.channels.telegram").joinpath("menu.yml").read_text(encoding="utf-8")
    content: dict[str, dict[str, Any]] = YAML(typ="safe").load(text)
    return tuple(
        Menu(
            None if langue == EVERYBODY else langue,
            said["description"],
            said["resume"],
            tuple(BotCommand(name, words) for name, words in said["commandes"].items()),
        )
        for langue, said in content.items()
    )


async def show(bot: Bot, menu: Menu) -> None:
    """Give Telegram the texts of one language. Raises TelegramError."""
    await bot.set_my_commands(menu.commandes, language_code=menu.langue)
    await bot.set_my_description(menu.description, language_code=menu.langue)
    await bot.set_my_short_description(menu.resume, language_code=menu.langue)
