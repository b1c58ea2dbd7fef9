"""A PostgreSQL server, where there is one."""

from tests.postgres import postgres as postgres
