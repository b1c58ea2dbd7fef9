"""Alembic's entry: the same as for the knowledge."""

from runpy import run_module

run_module("knowledge.migrations.env")
