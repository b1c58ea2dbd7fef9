"""Databases to write conversations into."""

from tests.databases import database, postgres, sqlite

__all__ = ["database", "postgres", "sqlite"]
