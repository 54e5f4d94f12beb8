# Crossdock's commands. Each sets up what it needs; `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test check fix run lock clean

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
SANDBOX_PORT ?= 8765
ONESHOT ?=
DB ?= sqlite
T ?= tests
PYTEST_WORKERS ?= 3

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info[:2] == (3, 11) else "Crossdock needs Python 3.11; this is %d.%d. Name it with make PYTHON=/path/to/python3.11." % sys.version_info[:2])'
	@echo "Making the virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.prod: $(VENV)/bin/python requirements/prod.txt
	@echo "Installing what the product needs"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/prod.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.prod requirements/dev.txt
	@echo "Installing what the tests need"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

.env:
	@cp .env.example .env

# Never the platforms of .env: whatever it says, the demo's orders go to the demo's sandbox.
demo: $(VENV)/.prod .env ## The main job on a sandbox, then the site on http://127.0.0.1:8000/ (ONESHOT=1: no serving)
	@DATABASE_URL="sqlite:///$(CURDIR)/var/demo.sqlite3" \
	VEEQO_BASE_URL=http://127.0.0.1:$(SANDBOX_PORT)/veeqo VEEQO_API_KEY=sandbox-veeqo-key VEEQO_CHANNEL_ID= \
	EASYSHIP_BASE_URL=http://127.0.0.1:$(SANDBOX_PORT)/easyship/2024-09 EASYSHIP_API_TOKEN=sandbox-easyship-token \
	EASYSHIP_WEBHOOK_SECRET=sandbox-webhook-secret $(BIN)/python manage.py demo --host $(HOST) --port $(PORT) --sandbox-port $(SANDBOX_PORT) $(if $(ONESHOT),--oneshot)

test: $(VENV)/.dev ## The whole suite; DB=postgres for PostgreSQL, T=tests/orders for a part
ifeq ($(DB),postgres)
	@DATABASE_URL="$${DATABASE_URL:-postgres://postgres@127.0.0.1:5432/postgres}" $(BIN)/pytest -n $(PYTEST_WORKERS) $(T)
else
	@env -u DATABASE_URL $(BIN)/pytest -n $(PYTEST_WORKERS) $(T)
endif

check: $(VENV)/.dev ## Format, lint, types, imports, migrations, deployment settings
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	env -u DATABASE_URL DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python manage.py makemigrations --check --dry-run
	env -u DATABASE_URL DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python manage.py spectacular --validate --fail-on-warn --file /dev/null
	env -u DATABASE_URL ENV_FILE=.env.of-no-check SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') DEBUG=false ALLOWED_HOSTS=ops.example.com VEEQO_BASE_URL=https://veeqo.invalid VEEQO_API_KEY=none EASYSHIP_BASE_URL=https://easyship.invalid EASYSHIP_API_TOKEN=none EASYSHIP_WEBHOOK_SECRET=none $(BIN)/python manage.py check --deploy --fail-level WARNING

fix: $(VENV)/.dev ## Let ruff repair what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

run: $(VENV)/.prod .env ## The site and one worker on your own .env
	@$(BIN)/python manage.py serve --host $(HOST) --port $(PORT)

lock: $(VENV)/.dev ## Pin the requirements again after editing requirements/*.in
	cd requirements && for name in base prod dev; do ../$(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header --no-emit-options --no-annotate --output-file $$name.txt $$name.in; done

clean: ## Remove the virtual environment and everything in var/
	rm -rf $(VENV) var staticfiles
