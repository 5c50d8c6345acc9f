# Hilum. `make help` lists what there is.
HOST ?= 127.0.0.1
PORT ?= 8000
DATA ?= data/chest_xray
SECONDS ?= 120
INPUTS ?= 0
REQUESTS ?= 20
PYTHON ?= python3

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-deps
# LOCK_OPTIONS=--upgrade takes the newest versions; without it, those that still fit stay.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --custom-compile-command 'make lock' $(LOCK_OPTIONS)
# All but what is for fuzzing by coverage.
EXTRAS := --extra postgres --extra evaluate --extra train --extra dev
HASHED := --constraint constraints.txt --no-annotate --generate-hashes
BUILD_REQUIREMENTS := $(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")'
# A process for each core and one more, because processes that wait for a browser or a service leave their
# core idle. When one has no tests left, it takes half of those that wait for another. One thread in each,
# or they wait for each other.
WORKERS := $(shell $(PYTHON) -c 'import os; print(min(4, os.cpu_count() + 1))')
PYTEST := OMP_NUM_THREADS=1 TF_NUM_INTRAOP_THREADS=1 $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal
TRAINING_TESTS := tests/training tests/architectures
PAGE_SOURCES := $(shell find frontend/src frontend/public frontend/*.html frontend/*.ts frontend/*.json backend/hilum/words/*.toml -type f 2>/dev/null)

.DEFAULT_GOAL := help
# Many container images set it. Then every process compiles all that it imports anew, which for
# training is two thirds of its start.
unexport PYTHONDONTWRITEBYTECODE
.DELETE_ON_ERROR:
.PHONY: help run test test-training test-python test-frontend test-realdata fuzz lint lint-format lint-style lint-types \
	lint-layers lint-notebooks lint-container lint-frontend lint-client lint-size format api examples train bench \
	lock release-dates sbom test-container clean setup-dev

help: ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 15

run: $(VENV)/.serving frontend/dist/index.html ## Set up and serve page and API (HOST, PORT)
	@$(BIN)/hilum serve --host $(HOST) --port $(PORT)

test: test-training test-python test-frontend ## Set up and run all tests: Python, browser, front end

# By themselves, because each process that has tests of training loads TensorFlow, which takes as long as
# hundreds of other tests.
test-training: $(VENV)/.dev
	@echo "== Tests of training"
	@$(PYTEST) --numprocesses 0 --timeout 900 -m "not realdata" $(TRAINING_TESTS)

test-python: $(VENV)/.dev frontend/dist/index.html
	@echo "== Browser for the page's tests"
	@$(BIN)/python tests/e2e/find_browser.py --install
	@echo "== Python tests, and the page's tests in a browser"
	@$(PYTEST) -m "not realdata" $(TRAINING_TESTS:%=--ignore=%)

test-frontend: frontend/node_modules/.installed
	@echo "== Front end tests"
	@cd frontend && npm test --silent

test-realdata: $(VENV)/.dev ## Run the tests that need real radiographs (DATA)
	@HILUM_CHEST_XRAY=$(abspath $(DATA)) $(PYTEST) -m realdata

# All of it, whatever fails.
fuzz: $(VENV)/.dev ## Try changed files and requests, new ones each time (SECONDS; INPUTS; SEED; REQUESTS an operation)
	@seed=$(if $(SEED),$(SEED),$$(date +%s)); failed=0; \
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS) --inputs $(INPUTS) --seed $$seed $(FUZZ) || failed=1; \
	HILUM_FUZZ_REQUESTS=$(REQUESTS) HILUM_FUZZ_SEED=$$seed \
	    $(BIN)/python -m pytest --quiet --timeout 3600 tests/api/test_any_request.py || failed=1; \
	exit $$failed

test-container: $(VENV)/.dev ## Run the Dockerfile's steps in a bare Debian, and the service in it (root, debootstrap)
	@$(BIN)/python -m tests.container

# A target for each check, so that none that fails keeps another from being run.
lint: lint-format lint-style lint-types lint-layers lint-notebooks lint-container lint-frontend lint-client lint-size sbom ## Check style, types, layers and the API client

lint-format: $(VENV)/.dev
	$(BIN)/ruff format --check .

lint-style: $(VENV)/.dev
	$(BIN)/ruff check .

lint-types: $(VENV)/.dev
	$(BIN)/mypy

lint-layers: $(VENV)/.dev
	$(BIN)/lint-imports

lint-notebooks: $(VENV)/.dev
	$(BIN)/python ml_model/check_notebooks.py

lint-container: $(VENV)/.dev
	$(BIN)/hadolint Dockerfile

lint-frontend: frontend/node_modules/.installed
	cd frontend && npm run --silent lint

lint-client: frontend/node_modules/.installed .build/openapi.json
	cd frontend && npm run --silent api:check

lint-size: frontend/dist/index.html
	cd frontend && npm run --silent size

format: setup-dev frontend/node_modules/.installed ## Format everything
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	cd frontend && npm run --silent format

api: setup-dev frontend/node_modules/.installed .build/openapi.json ## Generate the page's API client
	cd frontend && npm run --silent api

examples: $(VENV)/.serving ## Generate the examples of the API's document from the shipped model
	$(BIN)/python -m hilum.api.renew_examples

train: setup-dev ## Train the pneumonia model (DATA; WEIGHTS to start from)
	$(BIN)/hilum train pneumonia --data $(DATA) $(if $(WEIGHTS),--weights $(WEIGHTS))

bench: setup-dev ## Measure speed against peers (needs the shipped bundles and the repository's history)
	$(BIN)/python -m benchmarks.serving

lock: $(VENV)/.dev ## Renew constraints.txt and the locks in requirements/ (LOCK_OPTIONS=--upgrade: newest versions)
	$(BUILD_REQUIREMENTS) | $(LOCK) $(EXTRAS) --annotation-style line --output-file constraints.txt pyproject.toml -
	$(BUILD_REQUIREMENTS) | $(LOCK) $(HASHED) --output-file requirements/build.txt -
	$(LOCK) $(HASHED) --output-file requirements/serving.txt pyproject.toml
	$(LOCK) $(HASHED) $(EXTRAS) --output-file requirements/development.txt pyproject.toml

release-dates: $(VENV)/.dev ## List the dependencies without a release for two years
	@$(BIN)/python requirements/release_dates.py

sbom: $(VENV)/.dev frontend/node_modules/.installed ## Write the bills of materials (CycloneDX) to .build/
	@mkdir -p .build
	@PYTHONWARNINGS=ignore::UserWarning $(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --spec-version 1.6 \
	    --output-file .build/sbom-python.cdx.json requirements/serving.txt
	@cd frontend && npm sbom --sbom-format cyclonedx --package-lock-only > ../.build/sbom-page.cdx.json
	@$(BIN)/python requirements/check_sbom.py .build/sbom-python.cdx.json .build/sbom-page.cdx.json

clean: ## Remove everything that was installed or built
	rm -rf $(VENV) .build frontend/node_modules frontend/dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

setup-dev: $(VENV)/.dev frontend/node_modules/.installed ## Install what training, tests and lint need

# An older pip takes more than twice as long to find what to install.
$(BIN)/python:
	@echo "== Python environment in $(VENV)"
	@$(PYTHON) -m venv --upgrade-deps $(VENV)

# The locks name every package with its version and hashes: nothing is resolved, and nothing but
# these files is installed. An editable project has no hash, so it follows in a call of its own.
$(VENV)/.serving: pyproject.toml requirements/serving.txt requirements/build.txt | $(BIN)/python
	@echo "== Installing what serving needs"
	@$(PIP) --require-hashes --requirement requirements/build.txt --requirement requirements/serving.txt
	@$(PIP) --no-build-isolation --editable .
	@touch $@

# Not compiled to bytecode: Python does that for the fraction of the modules which are imported.
$(VENV)/.dev: pyproject.toml requirements/development.txt requirements/build.txt | $(BIN)/python
	@echo "== Installing what training, tests and lint need"
	@$(PIP) --no-compile --require-hashes --requirement requirements/build.txt --requirement requirements/development.txt
	@$(PIP) --no-compile --no-build-isolation --editable .
	@touch $@ $(VENV)/.serving

frontend/node_modules/.installed: frontend/package-lock.json
	@echo "== Installing the page's packages"
	@cd frontend && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

frontend/dist/index.html: frontend/node_modules/.installed $(PAGE_SOURCES)
	@echo "== Building the page"
	@cd frontend && npm run --silent build
	@touch $@

.build/openapi.json: $(VENV)/.dev $(shell find backend/hilum -name '*.py')
	@mkdir -p .build
	@$(BIN)/hilum openapi > $@
