# Everything that a newcomer needs. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo chat test check train evaluate bench fuzz lint lock

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

demo: $(VENV)/.run ## load the demonstration base and serve the page on http://127.0.0.1:8080
	$(BIN)/aiguilleur demo

chat: $(VENV)/.run ## talk to the bot in the terminal, over the demonstration base
	$(BIN)/aiguilleur demo --sans-page
	$(BIN)/aiguilleur chat

test: $(VENV)/.dev ## ruff, mypy, every test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2 --dist loadgroup

check: $(VENV)/.run ## check flows, texts, knowledge and settings
	$(BIN)/aiguilleur check

train: $(VENV)/.dev ## learn again to understand, from the phrases of bot/understanding/phrases
	$(BIN)/python -m scripts.train_understanding

evaluate: $(VENV)/.dev ## measure the understanding (phrases of others, our own by authors never seen) and the look-up
	$(BIN)/python -m scripts.evaluate_understanding
	$(BIN)/python -m scripts.evaluate_lookup

bench: $(VENV)/.dev ## measure speed and memory on the real places and phrases of ../shared/data
	$(BIN)/python -m benchmarks

fuzz: $(VENV)/.dev ## look for texts that break the program, SECONDS=60 for each part
	$(BIN)/pytest -q -n 2 -m hypothesis --hypothesis-profile=default
	$(BIN)/python -m tests.fuzzing.run $(or $(SECONDS),60)

lint: $(VENV)/.dev ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(VENV)/.dev ## pin again the versions that pyproject.toml allows (needs uv)
	uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -o requirements.lock
	uv pip compile -q pyproject.toml --extra dev -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -o requirements-dev.lock

$(VENV)/.run: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --require-hashes -r requirements.lock
	$(BIN)/pip install -q --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(BIN)/pip install -q --require-hashes -r requirements-dev.lock
	@touch $@
