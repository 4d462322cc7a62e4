# Packages are installed into .venv. Data is in var/ or $DATA_DIR.

PORT ?= $(or $(shell sed -n 's/^PORT=//p' production.env 2>/dev/null),8000)
DATA_DIR ?= $(CURDIR)/var
PYTHON ?= python3
VENV := .venv/bin
MANAGE := $(VENV)/python manage.py
INSTALLED := .venv/installed
INSTALLED_DEV := .venv/installed-dev

# Without kept bytecode, each start of Python takes three times as long. Images of containers often switch it off.
unexport PYTHONDONTWRITEBYTECODE

DEVELOPMENT := DJANGO_SETTINGS_MODULE=leadwatch.settings.dev DATA_DIR='$(DATA_DIR)' PORT=$(PORT)

# Defaults for `make serve`, used if there is no production.env.
ifeq ($(wildcard production.env),)
SERVE := DJANGO_SETTINGS_MODULE=leadwatch.settings.production DATA_DIR='$(DATA_DIR)' PORT=$(PORT) \
	BASE_URL=$${BASE_URL:-http://127.0.0.1:$(PORT)} ALLOWED_HOSTS=$${ALLOWED_HOSTS:-127.0.0.1,localhost} \
	EMAIL_URL=$${EMAIL_URL:-consolemail://} SECRET_KEY=$${SECRET_KEY:-$$(cat $(DATA_DIR)/secret_key)}
SECRET_KEY_FILE := $(DATA_DIR)/secret_key
else
SERVE := DJANGO_SETTINGS_MODULE=leadwatch.settings.production
endif

# uv installs the packages in half the time, even if it has to be installed first. Without it, pip does. The pip of
# $(PYTHON) can install into .venv. Giving .venv its own pip would take seconds, so this is done only if needed.
UV := $(or $(shell command -v uv),$(VENV)/uv)
HAS_PIP := $(PYTHON) -c "import sys, pip; sys.exit(pip.__version__ < '22.3')" 2>/dev/null
NEW_VENV := $(PYTHON) -m venv $$($(HAS_PIP) && echo --without-pip) .venv
PIP := $$(test -x $(VENV)/pip && echo $(VENV)/pip || echo $(PYTHON) -m pip --python .venv) \
	install --quiet --disable-pip-version-check --require-hashes --requirement
INSTALL_UV := { sed -n '/^uv==/,/via/p' requirements-dev.txt > .venv/uv.txt && $(PIP) .venv/uv.txt; }
install = $(UV) pip install --quiet --python .venv --require-hashes --requirement $(1) 2>/dev/null || $(PIP) $(1)

# One process per core, each with its own database. `--dist load` keeps the order, so that browser tests, which
# empty the database, run last. Small chunks keep both processes busy to the end.
XDIST := --numprocesses auto --dist load --maxschedchunk 16
PYTEST := $(VENV)/pytest -q --durations 20 $(XDIST)
ON_POSTGRES := $(VENV)/python -m tests.support.postgres

# The next release of Wagtail has its own environment. .ci/run runs only these tests on it: who may do what in the
# admin, all page types, and the checks before publishing and deleting.
NEXT := .venv-next/bin
INSTALLED_NEXT := .venv-next/installed
NEXT_TESTS := tests/permissions tests/test_pages.py tests/home/admin/guards tests/home/test_wagtail_internals.py \
	tests/test_architecture.py

COMPILE := $(VENV)/uv pip compile --quiet --generate-hashes pyproject.toml --python-version 3.11 \
	--custom-compile-command "make requirements"

# Tools that are no part of the site. They get an environment of their own.
AUDIT := $(VENV)/uv tool run --quiet pip-audit==2.10.1 --strict --require-hashes --disable-pip --progress-spinner off \
	--requirement requirements-dev.txt
SBOM := PYTHONWARNINGS=ignore $(VENV)/uv tool run --quiet --from cyclonedx-bom==7.5.0 cyclonedx-py requirements requirements-scale.txt \
	--pyproject pyproject.toml --output-reproducible

NODE_MODULES := tests/node/node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help install install-scale run serve test test-fast test-next test-next-fast test-postgres test-postgres-fast release-fixture fuzz faults node bench bench-search bench-exports bench-timeline lighthouse shots pictures permissions lint format requirements upgrade audit sbom messages backup restore

help: ## List the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 28

install: $(INSTALLED) ## Install the packages into .venv

install-scale: $(INSTALLED) ## Install the packages for large installations, too
	@$(call install,requirements-scale.txt)

run: $(INSTALLED) ## Install what is missing and serve the site at 127.0.0.1:$PORT
	@$(DEVELOPMENT) exec $(MANAGE) run_site --set-up --port $(PORT)

serve: $(INSTALLED) $(SECRET_KEY_FILE) ## Serve the site on this machine with the production settings
	@$(SERVE) exec $(MANAGE) run_site --set-up --port $(PORT)

test: $(INSTALLED_DEV) ## Run all tests, browser tests last
	@$(PYTEST)

test-fast: $(INSTALLED_DEV) ## Run all tests except browser tests
	@$(PYTEST) -m "not browser"

test-next: $(INSTALLED_NEXT) ## Run all tests on the next release of Wagtail
	@$(NEXT)/pytest -q $(XDIST)

test-next-fast: $(INSTALLED_NEXT) ## Run some tests without a browser on the next release of Wagtail
	@$(NEXT)/pytest -q $(XDIST) -m "not browser" $(NEXT_TESTS)

# What a browser shows does not depend on the database.
test-postgres: $(INSTALLED_DEV) ## Run all tests except browser tests on a temporary PostgreSQL server
	@$(ON_POSTGRES) $(PYTEST) -m "not browser"

# tests/test_every_model.py is one of them. Only the files with the mark are read, which takes a fraction of the time.
test-postgres-fast: $(INSTALLED_DEV) ## Run the tests whose SQL depends on the database on a temporary PostgreSQL server
	@$(ON_POSTGRES) $(PYTEST) -m "postgres and not browser" \
		$$(grep --recursive --files-with-matches --include='test_*.py' 'mark\.postgres' tests)

release-fixture: $(INSTALLED_DEV) ## Keep data of this version for the tests of upgrades: make release-fixture VERSION=0.1.0
	@test -n "$(VERSION)" || { echo "Name the version: make release-fixture VERSION=..."; exit 1; }
	@$(VENV)/python -m tests.support.releases "$(VERSION)"

fuzz: $(INSTALLED_DEV) ## Send random input to every URL and form (FUZZ=3 for three times as much, SEED=7 for other input)
	@FUZZ=$${FUZZ:-1} $(VENV)/pytest -q tests/test_fuzz.py

faults: $(INSTALLED_DEV) ## Break a served site in every way we know, 50 kills among them (takes an hour or more)
	@FAULTS=1 $(VENV)/pytest -q tests/faults tests/deploy/test_upgrade.py
	@$(ON_POSTGRES) $(VENV)/pytest -q tests/faults/test_services.py
	@$(VENV)/pytest -q -s tests/bench/kills.py

node: $(NODE_MODULES) ## Install the Node packages that some tests and benchmarks need (needs npm)

bench: $(INSTALLED_DEV) ## Measure what pages cost and write the results to docs/benchmarks/site.md (needs nginx and wrk)
	@$(VENV)/python -m tests.bench.site

bench-search: $(INSTALLED_DEV) ## Measure the search with up to 100,000 pages and write the results to docs/benchmarks/search.md
	@$(VENV)/python -m tests.bench.search

bench-exports: $(INSTALLED_DEV) ## Measure the exports of 10,000 events and write the results to docs/benchmarks/exports.md
	@$(VENV)/python -m tests.bench.exports

bench-timeline: $(INSTALLED_DEV) $(NODE_MODULES) ## Compare with TimelineJS and write the results to docs/benchmarks/timeline.md (needs Chromium)
	@$(VENV)/python -m tests.bench.timeline

lighthouse: $(INSTALLED_DEV) $(NODE_MODULES) ## Run Lighthouse for a phone and write the results to docs/benchmarks/lighthouse.md (needs Chromium)
	@$(VENV)/python -m tests.bench.lighthouse

shots: $(INSTALLED_DEV) ## Take screenshots of all pages into var/shots (needs Chromium; ONLY=home,event selects pages)
	@$(VENV)/python -m tests.support.shots $(ONLY)

pictures: $(INSTALLED_DEV) ## Take the screenshots of the editors' handbook again (needs Chromium)
	@RECORD_PICTURES=1 $(VENV)/pytest -q tests/browser/test_handbook.py

permissions: $(INSTALLED_DEV) ## Update docs/permissions.md, the table of who may open what in the admin; review the diff
	@RECORD_PERMISSIONS=1 $(VENV)/pytest -q tests/permissions/test_table.py -k table_says

lint: $(INSTALLED_DEV) ## Check style, types, templates, settings and migrations
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check --quiet .
	@$(VENV)/mypy
	@$(VENV)/djhtml --check --tabwidth 2 templates 2>/dev/null || { echo "Templates: run make format"; exit 1; }
	@$(MANAGE) check
	@$(MANAGE) makemigrations --check --dry-run --verbosity 0

format: $(INSTALLED_DEV) ## Format Python and templates
	@$(VENV)/ruff check --fix --quiet .
	@$(VENV)/ruff format --quiet .
	@$(VENV)/djhtml --tabwidth 2 templates

requirements: $(INSTALLED_DEV) ## Pin the packages of pyproject.toml and all their dependencies; keep pinned versions
	@$(COMPILE) $(UPGRADE) --extra scale --extra dev --output-file requirements-dev.txt
	@$(COMPILE) --extra scale --constraint requirements-dev.txt --output-file requirements-scale.txt
	@$(COMPILE) --constraint requirements-dev.txt --output-file requirements.txt
	@echo "wagtail==8.0.*" | $(COMPILE) $(UPGRADE) --extra scale --extra dev --override - --output-file requirements-next.txt

upgrade: UPGRADE = $(if $(PACKAGE),$(PACKAGE:%=--upgrade-package %),--upgrade)
upgrade: requirements ## Upgrade the pinned versions (PACKAGE=wagtail for one package), show the changes and run all tests
	@$(VENV)/python -m tests.support.pins
	@$(MAKE) --no-print-directory test

audit: $(INSTALLED_DEV) ## Look for known vulnerabilities in the pinned packages (needs the internet)
	@report=$$($(AUDIT) 2>&1); status=$$?; echo "$$report" | tail -n 40; case "$$report" in *"known vulnerabilit"*) ;; \
		*) echo "The audit was not done: the list of vulnerabilities could not be reached.";; esac; exit $$status

sbom: $(INSTALLED_DEV) ## Write a list of the packages on a production site to var/sbom.json (CycloneDX)
	@mkdir -p var
	@$(SBOM) --output-file var/sbom.json

messages: $(INSTALLED_DEV) ## Update and compile the translation catalogs (needs gettext)
	@$(MANAGE) makemessages --locale es --no-location --no-obsolete --ignore ".venv*" --ignore var --ignore tests
	@$(MANAGE) compilemessages --locale es --locale en --ignore ".venv*" --verbosity 0

backup: $(INSTALLED) ## Back up the database and media, to restic if it is set up
	@$(MANAGE) backup

restore: $(INSTALLED) ## Restore a backup: make restore FILE=..., or FILE=latest from restic; without FILE, list those in restic
	@$(MANAGE) restore $(if $(FILE),"$(FILE)")

$(INSTALLED): requirements.txt
	@echo "Installing packages into .venv. This may take half a minute."
	@test -d .venv || $(NEW_VENV)
	@test -x "$(UV)" || $(INSTALL_UV) || true
	@$(call install,requirements.txt)
	@touch $@

$(INSTALLED_DEV): requirements-dev.txt $(INSTALLED)
	@$(call install,requirements-dev.txt)
	@touch $@

$(INSTALLED_NEXT): requirements-next.txt $(INSTALLED_DEV)
	@echo "Installing the next release of Wagtail into .venv-next, which may take a minute."
	@test -d .venv-next || $(VENV)/uv venv --quiet --python $(VENV)/python .venv-next
	@$(VENV)/uv pip install --quiet --python .venv-next --require-hashes --requirement requirements-next.txt
	@touch $@

$(NODE_MODULES): tests/node/package-lock.json
	@cd tests/node && npm ci --ignore-scripts --silent
	@touch $@

$(DATA_DIR)/secret_key:
	@umask 077 && mkdir -p $(DATA_DIR) && $(PYTHON) -c "import secrets; print(secrets.token_urlsafe(50))" > $@
