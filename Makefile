# Hilum. `make help` lists what there is.
HOST ?= 127.0.0.1
PORT ?= 8000
DATA ?= data/chest_xray
PYTHON ?= python3

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --constraint constraints.txt
# A process a core, each with tests of whole modules, since these share what is slow to make. The browser's tests
# come apart: Playwright leaves an event loop in its process, where asyncio's own would start none.
PYTEST := $(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist loadscope
PAGE_SOURCES := $(shell find frontend/src frontend/public frontend/*.html frontend/*.ts frontend/*.json -type f 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help run test lint lint-frontend format api train bench clean setup-dev

help: ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: $(VENV)/.serving frontend/dist/index.html ## Set up and serve page and API (HOST, PORT)
	@$(BIN)/hilum serve --host $(HOST) --port $(PORT)

test: setup-dev frontend/dist/index.html ## Set up and run all tests: Python, front end, browser
	@echo "== Front end tests"
	@cd frontend && npm test --silent
	@echo "== Browser for the page's tests"
	@$(BIN)/python tests/e2e/find_browser.py --install
	@echo "== Python tests"
	@$(PYTEST) -m "not e2e"
	@echo "== The page's tests in a browser"
	@$(PYTEST) -m e2e

lint: setup-dev frontend/node_modules/.installed .build/openapi.json ## Check style, types, layers and the API client
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python ml_model/check_notebooks.py
	$(MAKE) --silent lint-frontend

lint-frontend: frontend/dist/index.html .build/openapi.json
	cd frontend && npm run --silent lint && npm run --silent api:check && npm run --silent size

format: setup-dev frontend/node_modules/.installed ## Format everything
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	cd frontend && npm run --silent format

api: setup-dev frontend/node_modules/.installed .build/openapi.json ## Generate the page's API client
	cd frontend && npm run --silent api

train: setup-dev ## Train the pneumonia model (DATA; WEIGHTS to start from)
	$(BIN)/hilum train pneumonia --data $(DATA) $(if $(WEIGHTS),--weights $(WEIGHTS))

bench: setup-dev ## Measure speed against peers (needs the shipped bundle)
	$(BIN)/python -m benchmarks.serving

clean: ## Remove everything that was installed or built
	rm -rf $(VENV) .build frontend/node_modules frontend/dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

setup-dev: $(VENV)/.dev frontend/node_modules/.installed

$(BIN)/python:
	@echo "== Python environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.serving: pyproject.toml constraints.txt | $(BIN)/python
	@echo "== Installing what serving needs"
	@$(PIP) --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	@echo "== Installing what training, tests and lint need"
	@$(PIP) --editable '.[train,dev]'
	@touch $@ $(VENV)/.serving

frontend/node_modules/.installed: frontend/package-lock.json
	@echo "== Installing the page's packages"
	@cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

frontend/dist/index.html: frontend/node_modules/.installed $(PAGE_SOURCES)
	@echo "== Building the page"
	@cd frontend && npm run --silent build
	@touch $@

.build/openapi.json: $(VENV)/.dev $(shell find backend/hilum -name '*.py')
	@mkdir -p .build
	@$(BIN)/hilum openapi > $@
