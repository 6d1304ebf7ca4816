# The front door of Taskyard. `make run` is all a new user needs; `make` alone lists the targets.

PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
WORKERS ?= $(shell nproc 2>/dev/null || echo 2)
PY := .venv/bin/python
RUNTIME := .venv/.runtime-installed
DEV := .venv/.dev-installed
CHART := gantt/static/gantt/chart/.built
FRONTEND := $(shell find gantt/frontend -type f -not -path '*/node_modules/*' 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help run install serve test test-sqlite test-postgres check format schema lock bench soak clean chart

help: ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

run: install ## Everything: set up, load demo data into an empty database, serve on PORT
	@$(PY) manage.py migrate --verbosity 0
	@$(PY) manage.py seed_demo --if-empty --port $(PORT)
	@$(PY) manage.py worker & worker=$$!; \
	$(MAKE) --no-print-directory serve & server=$$!; \
	trap 'kill $$worker $$server 2>/dev/null' INT TERM EXIT; \
	wait $$server; status=$$?; kill $$worker 2>/dev/null; wait $$worker 2>/dev/null; exit $$status

install: $(RUNTIME) .env chart ## Set up: .venv, dependencies, settings of this machine, chart bundle, static files
	@$(PY) manage.py collectstatic --noinput --verbosity 0

# Ctrl-C reaches the server's processes twice, from the terminal and from their parent, which can leave one hanging.
serve: $(RUNTIME) .env ## Only the production server, in the foreground, on DATABASE_URL
	@$(PY) manage.py migrate --check >/dev/null || { echo "The database is not up to date: $(PY) manage.py migrate"; exit 1; }
	@$(PY) -c 'import socket as s, sys; s.create_server((sys.argv[1], int(sys.argv[2])), \
		family=s.AF_INET6 if ":" in sys.argv[1] else s.AF_INET).close()' $(HOST) $(PORT) 2>/dev/null \
		|| { echo "Port $(PORT) of $(HOST) is taken: choose another one with PORT=9000"; exit 1; }
	@echo "Taskyard serves on http://$(HOST):$(PORT)/ (Ctrl-C ends it)"
	@exec .venv/bin/granian --interface wsgi --host $(HOST) --port $(PORT) --workers $(WORKERS) --blocking-threads 1 \
		--backlog 1024 --respawn-failed-workers --workers-kill-timeout 3 --no-ws --log-level warning config.wsgi:application

$(RUNTIME): requirements.txt
	@echo "Setting up .venv (about a minute the first time)"
	@test -x $(PY) || $(PYTHON) -m venv .venv
	@$(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt
	@echo "Setting up .venv with everything that tests need"
	@test -x $(PY) || $(PYTHON) -m venv .venv
	@$(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(RUNTIME)

.env:
	@(umask 077; printf 'SECRET_KEY=%s\n' "$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(48))')" > $@)
	@echo "Wrote .env with a new SECRET_KEY"

chart: $(CHART) ## Bundle the chart page's widget, where Node.js is on the machine

$(CHART): $(FRONTEND)
	@if command -v npm >/dev/null && command -v node >/dev/null; then \
		echo "Bundling the chart" && cd gantt/frontend && npm ci --silent --no-audit --no-fund --ignore-scripts=false && npm run --silent build && touch ../../$@; \
	else echo "Node.js is missing: everything works but the chart page"; fi

test: $(DEV) chart ## The whole suite on SQLite, then on PostgreSQL
	@$(MAKE) --no-print-directory test-sqlite
	@$(MAKE) --no-print-directory test-postgres

TEST_JOBS ?= 2
test-sqlite: $(DEV)
	@env -u TEST_DATABASE_URL -u DATABASE_URL .venv/bin/pytest -q -n $(TEST_JOBS) --dist loadgroup $(ARGS)

test-postgres: $(DEV)
	@$(PY) -m tests.postgres .venv/bin/pytest -q -n $(TEST_JOBS) --dist loadgroup $(ARGS)

CHECK_ENV := SECRET_KEY=check-only-check-only-check-only-check-only-check-only-1 HTTPS=true ALLOWED_HOSTS=taskyard.example \
	DATABASE_URL=sqlite:///:memory:
check: $(DEV) ## Linters, types, migrations, settings, schema snapshots
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@$(CHECK_ENV) .venv/bin/mypy accounts core config hubs flows tasks crm soc gantt
	@.venv/bin/djlint --quiet --lint templates */templates
	@.venv/bin/hadolint Dockerfile
	@$(CHECK_ENV) $(PY) manage.py makemigrations --check --dry-run
	@$(CHECK_ENV) $(PY) manage.py check --deploy --fail-level WARNING
	@$(CHECK_ENV) $(PY) manage.py schema --check
	@$(CHECK_ENV) $(PY) manage.py coverage_table --check

format: $(DEV) ## Format the code
	@.venv/bin/ruff check --fix-only --quiet . ; .venv/bin/ruff format --quiet .

schema: $(DEV) ## Write the OpenAPI snapshots to docs/openapi/
	@$(CHECK_ENV) $(PY) manage.py schema

lock: $(DEV) ## Pin the newest allowed dependencies, with hashes, for Python 3.11 and later
	@.venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header pyproject.toml -o requirements.txt
	@.venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header -c requirements.txt --group dev pyproject.toml -o requirements-dev.txt

bench: $(DEV) ## The benchmarks; writes benchmarks/results.md
	@$(PY) -m benchmarks $(ARGS)

soak: $(DEV) ## The long property tests and fuzzing, on both databases
	@.venv/bin/pytest -q -m soak --override-ini addopts="--strict-markers --import-mode=importlib" $(ARGS)
	@$(PY) -m tests.postgres .venv/bin/pytest -q -m soak --override-ini addopts="--strict-markers --import-mode=importlib" $(ARGS)

clean: ## Remove what was built (not the database)
	@rm -rf .venv gantt/static/gantt/chart gantt/frontend/node_modules var/static .pytest_cache .mypy_cache .ruff_cache
