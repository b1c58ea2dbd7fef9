"""The Telegram channel: python-telegram-bot as a client and a parser of the Bot API, nothing of its application."""
