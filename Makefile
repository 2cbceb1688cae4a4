PYTHON ?= python3
PORT ?= 8000
SIZES ?= 1000 10000 50000
ROUNDS ?= 5
export DEBUG ?= 1
export MALLOC_ARENA_MAX ?= 2
BIN := .venv/bin

.PHONY: run lint test test-matrix test-anonymat test-postgresql test-browser test-html test-torture test-all audit bench bench-fichiers

# The environment is made again only when the locked requirements change.
.venv/.prod: requirements.txt
	@echo "→ Environnement Python (une fois, une minute environ)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.prod
	@echo "→ Outils de développement"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

run: .venv/.prod
	@$(BIN)/python manage.py demarrer --port $(PORT)

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --target-version 5.2 --check $$(git ls-files 'templates/*.html')
	$(BIN)/mypy annuaire dispositifs search
	$(BIN)/lint-imports

test: lint
	SUITE=sqlite $(BIN)/pytest -q -n 2

test-matrix: .venv/.dev
	SUITE=matrix $(BIN)/pytest -q -n 2 -m matrix tests/permissions tests/dispositifs

# Seeded: SEED=7 make test-anonymat
test-anonymat: .venv/.dev
	$(BIN)/pytest -q -m anonymat tests/dispositifs

test-postgresql: .venv/.dev
	SUITE=postgresql tests/servers/postgresql $(BIN)/pytest -q -n 2

test-browser: .venv/.dev
	SUITE=browser $(BIN)/pytest -q tests/browser -m browser

# Hostile files, each by every channel, then all of them to a real server.
test-torture: .venv/.dev
	SUITE=torture $(BIN)/pytest -q -n 2 -m torture tests/torture

audit: .venv/.dev
	$(BIN)/pip-audit --require-hashes --disable-pip -r requirements.txt

# BENCH: other options of `python -m tests.bench`, such as --ecrire. See docs/performances.md.
bench: .venv/.dev
	$(BIN)/python -m tests.bench --tailles $(SIZES) --tours $(ROUNDS) $(BENCH)

bench-fichiers: .venv/.dev
	$(BIN)/python -m tests.bench.fichiers

test-html: .venv/.dev
	SUITE=html tests/servers/vnu $(BIN)/pytest -q tests/browser -m html

test-all: test test-matrix test-anonymat test-postgresql test-browser test-html test-torture
