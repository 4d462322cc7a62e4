# Everything sets itself up in .venv and var/ (or $DATA_DIR), once.

PORT ?= $(or $(shell sed -n 's/^PORT=//p' production.env 2>/dev/null),8000)
DATA_DIR ?= $(CURDIR)/var
PYTHON ?= python3
VENV := .venv/bin
MANAGE := $(VENV)/python manage.py
INSTALLED := .venv/installed
INSTALLED_DEV := .venv/installed-dev

DEVELOPMENT := DJANGO_SETTINGS_MODULE=leadwatch.settings.dev DATA_DIR='$(DATA_DIR)' PORT=$(PORT)

# What `make serve` needs to run as in production on this machine, where no production.env says it.
ifeq ($(wildcard production.env),)
SERVE := DJANGO_SETTINGS_MODULE=leadwatch.settings.production DATA_DIR='$(DATA_DIR)' PORT=$(PORT) \
	BASE_URL=$${BASE_URL:-http://127.0.0.1:$(PORT)} ALLOWED_HOSTS=$${ALLOWED_HOSTS:-127.0.0.1,localhost} \
	EMAIL_URL=$${EMAIL_URL:-consolemail://} SECRET_KEY=$${SECRET_KEY:-$$(cat $(DATA_DIR)/secret_key)}
SECRET_KEY_FILE := $(DATA_DIR)/secret_key
else
SERVE := DJANGO_SETTINGS_MODULE=leadwatch.settings.production
endif

# The search, and what asks the database in words of its own. All others pass on PostgreSQL too, but take long.
POSTGRES_TESTS := tests/search tests/test_migrations.py tests/test_pages.py tests/home/dates/test_fields.py \
	tests/home/commands/test_publish_scheduled.py tests/timeline/test_filters.py tests/timeline/test_models.py \
	tests/timeline/test_renames.py tests/leadwatch/page_cache/test_versions.py tests/home/test_text.py tests/home/mail/test_outbox.py

# As many at a time as there are cores, each with a database of its own; in order, so that those with a browser,
# which empty it, stay the last.
PYTEST := $(VENV)/pytest -q --numprocesses auto --dist load

COMPILE := $(VENV)/uv pip compile --quiet pyproject.toml --python-version 3.11 --upgrade \
	--custom-compile-command "make requirements"

NODE_MODULES := tests/node/node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help run serve test test-fast test-postgres fuzz node bench lighthouse shots pictures permissions lint format requirements messages backup restore

help: ## List what there is
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

run: $(INSTALLED) ## Set up all that is missing and serve the site at 127.0.0.1:$PORT
	@echo "Preparing the database, which takes a while the first time."
	@$(DEVELOPMENT) $(MANAGE) migrate --verbosity 0
	@echo "Looking for the starter content and an account."
	@$(DEVELOPMENT) $(MANAGE) load_starter_content
	@$(DEVELOPMENT) $(MANAGE) create_editor
	@echo "Starting the site."
	@$(DEVELOPMENT) exec $(MANAGE) run_site --port $(PORT)

serve: $(INSTALLED) $(SECRET_KEY_FILE) ## Serve the site as in production, on this machine
	@echo "Preparing the database, which takes a while the first time."
	@$(SERVE) $(MANAGE) migrate --verbosity 0
	@echo "Looking for the starter content and an account."
	@$(SERVE) $(MANAGE) load_starter_content
	@$(SERVE) $(MANAGE) create_editor
	@echo "Gathering static files."
	@$(SERVE) $(MANAGE) collectstatic --noinput --verbosity 0
	@echo "Starting the site."
	@$(SERVE) exec $(MANAGE) run_site --port $(PORT)

test: $(INSTALLED_DEV) ## Run all tests, those with a browser last
	@$(PYTEST)

test-fast: $(INSTALLED_DEV) ## Run the tests that need no browser
	@$(PYTEST) -m "not browser"

test-postgres: $(INSTALLED_DEV) ## Run the tests of what databases do differently on PostgreSQL, in a server of their own
	@$(VENV)/python -m tests.support.postgres $(PYTEST) $(POSTGRES_TESTS)

fuzz: $(INSTALLED_DEV) ## Try every address and form with odd input (FUZZ=3 for three times as much, SEED=7 for other input)
	@FUZZ=$${FUZZ:-1} $(VENV)/pytest -q tests/test_fuzz.py

node: $(NODE_MODULES) ## Fetch what some tests and benchmarks check the site by, and compare it with (needs npm)

bench: $(INSTALLED_DEV) $(NODE_MODULES) ## Measure the timeline beside TimelineJS, exports, the search beside Wagtail's, and pages by Lighthouse, into docs/benchmarks
	@$(VENV)/python -m tests.bench.timeline
	@$(VENV)/python -m tests.bench.exports
	@$(VENV)/python -m tests.bench.search
	@$(VENV)/python -m tests.bench.lighthouse

lighthouse: $(INSTALLED_DEV) $(NODE_MODULES) ## Let Lighthouse judge the pages as on a phone, into docs/benchmarks/lighthouse.md (needs Chromium)
	@$(VENV)/python -m tests.bench.lighthouse

shots: $(INSTALLED_DEV) ## Take pictures of every page and state, into var/shots (needs Chromium; ONLY=home,event narrows it)
	@$(VENV)/python -m tests.support.shots $(ONLY)

pictures: $(INSTALLED_DEV) ## Make the pictures of the editors' handbook anew (needs Chromium)
	@RECORD_PICTURES=1 $(VENV)/pytest -q tests/browser/test_handbook.py

permissions: $(INSTALLED_DEV) ## Write anew who may open what in the admin, into docs/permissions.md; then read the difference
	@RECORD_PERMISSIONS=1 $(VENV)/pytest -q tests/permissions/test_table.py -k table_says

lint: $(INSTALLED_DEV) ## Check style, types, templates, settings and migrations
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check --quiet .
	@$(VENV)/mypy
	@$(VENV)/djhtml --check --tabwidth 2 templates 2>/dev/null || { echo "Templates: run make format"; exit 1; }
	@$(MANAGE) check
	@$(MANAGE) makemigrations --check --dry-run --verbosity 0

format: $(INSTALLED_DEV) ## Put code and templates into the project's style
	@$(VENV)/ruff check --fix --quiet .
	@$(VENV)/ruff format --quiet .
	@$(VENV)/djhtml --tabwidth 2 templates

requirements: $(INSTALLED_DEV) ## Pin the packages of pyproject.toml and all their dependencies
	@$(COMPILE) --output-file requirements.txt
	@$(COMPILE) --extra scale --constraint requirements.txt --output-file requirements-scale.txt
	@$(COMPILE) --extra scale --extra dev --constraint requirements-scale.txt --output-file requirements-dev.txt

messages: $(INSTALLED_DEV) ## Gather the words to translate, and compile the catalogs (needs gettext)
	@$(MANAGE) makemessages --locale es --no-location --no-obsolete --ignore .venv --ignore var --ignore tests
	@$(MANAGE) compilemessages --locale es --locale en --ignore .venv --verbosity 0

backup: $(INSTALLED) ## Pack database and media into one dated file
	@$(MANAGE) backup

restore: $(INSTALLED) ## Put back a backup: make restore FILE=...
	@test -n "$(FILE)" || { echo "Say which backup: make restore FILE=..."; exit 1; }
	@$(MANAGE) restore "$(FILE)"

$(INSTALLED): requirements.txt
	@echo "Installing packages into .venv, which may take a minute."
	@test -d .venv || $(PYTHON) -m venv .venv
	@$(VENV)/pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@touch $@

$(INSTALLED_DEV): requirements-dev.txt $(INSTALLED)
	@$(VENV)/pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@

$(NODE_MODULES): tests/node/package-lock.json
	@cd tests/node && npm ci --ignore-scripts --silent
	@touch $@

$(DATA_DIR)/secret_key:
	@umask 077 && mkdir -p $(DATA_DIR) && $(PYTHON) -c "import secrets; print(secrets.token_urlsafe(50))" > $@
