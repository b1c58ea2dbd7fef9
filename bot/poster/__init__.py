"""A poster of the service for one commune, to print."""
