PYTHON ?= python3
PORT ?= 8000
export DEBUG ?= 1
VENV := .venv/bin

.PHONY: run test lint test-all clean

# The environment is made again only when the locked requirements change.
.venv/.prod: requirements.txt
	@echo "→ Environnement Python (une fois, une minute environ)"
	@test -x $(VENV)/python || $(PYTHON) -m venv .venv
	@$(VENV)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.prod
	@echo "→ Outils de développement"
	@$(VENV)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

run: .venv/.prod
	@$(VENV)/python manage.py demarrer --port $(PORT)

lint: .venv/.dev
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/djade --target-version 5.2 --check $$(git ls-files 'templates/*.html')
	$(VENV)/mypy annuaire dispositifs search
	$(VENV)/lint-imports

test: lint
	$(VENV)/pytest -n 2
