"""A PostgreSQL server, for the gateway whose tables may be there."""

from tests.postgres import postgres

__all__ = ["postgres"]
