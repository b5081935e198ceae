# Amarre: every command a developer needs. `make` alone prints the list.
PYTHON ?= python3
BIN := .venv/bin
# Folder of official schemas, schematrons and samples, fetched by hand (see docs/how-to/conformance.md).
OFFICIAL ?=

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test check fix unit journeys test-postgres parcours bench conformance prove pictures docs lock clean

help: ## Print this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  \033[1m%-16s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install what the demonstration needs in .venv, nothing else
	@$(PYTHON) scripts/bootstrap.py runtime

setup-dev: ## Install what the tests need as well
	@$(PYTHON) scripts/bootstrap.py dev

demo: setup ## Install, create the demonstration, start sandbox, site and worker (Ctrl+C stops all)
	@$(BIN)/amarre demo

test: check unit journeys ## Install, then run every check and test

check: setup-dev ## Format, lint, types, import contracts, migrations, generated pages
	@$(BIN)/ruff format --check -q .
	@$(BIN)/ruff check -q .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/mypy
	@$(BIN)/amarre manage makemigrations --check --dry-run
	@$(BIN)/python scripts/generate_docs.py --check

fix: setup-dev ## Repair what can be repaired alone (format, imports)
	@$(BIN)/ruff format -q .
	@$(BIN)/ruff check -q --fix . ; $(BIN)/ruff format -q .
	@$(BIN)/ruff check -q .

unit: setup-dev ## All tests but the browser
	@$(BIN)/pytest --ignore=tests/journeys -n auto

journeys: setup-dev ## The thread in Chromium, by persona, beside the screens of each application
	@$(BIN)/pytest tests/journeys/thread & thread=$$!; \
	$(BIN)/pytest tests/journeys --ignore=tests/journeys/thread; screens=$$?; \
	wait $$thread && test $$screens = 0

test-postgres: setup-dev ## The database tests on PostgreSQL (DATABASE_URL, or a server on 127.0.0.1)
	@$(BIN)/python scripts/test_postgres.py -n auto

parcours: setup ## The whole chain against a real site, worker and sandbox
	@$(BIN)/amarre parcours

bench: setup-dev ## Speed, as ratios measured in one run
	@$(BIN)/python -m scripts.bench

conformance: setup-dev ## Judge what we emit with the official rules: make conformance OFFICIAL=DIR
	@$(BIN)/python scripts/conformance.py $(if $(OFFICIAL),"$(OFFICIAL)",)

prove: setup-dev ## The heavy proofs (hundreds of kills), seeded
	@$(BIN)/python -m scripts.prove

pictures: setup-dev ## The pictures of the README, from a demonstration played in Chromium
	@$(BIN)/python -m scripts.pictures

docs: setup-dev ## Write the generated reference pages
	@$(BIN)/python scripts/generate_docs.py

lock: ## Renew the locked requirements (needs uv)
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --extra sandbox --extra dui --group lock-runtime -o requirements/runtime.txt pyproject.toml
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --extra sandbox --extra dui --group lock-runtime --group dev -c requirements/runtime.txt -o requirements/dev.txt pyproject.toml

clean: ## Forget the demonstration's data (not .venv)
	@rm -rf var
