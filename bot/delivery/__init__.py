"""Carrying messages: from gateways into the inbox, through the conversation, out of the outbox to gateways."""
