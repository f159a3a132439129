# The project's commands; `make help` lists them. Everything is installed into .venv, nothing outside of it.

PYTHON ?= $(shell for candidate in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$candidate; break; }; done)

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
# A lock file without any address; the versions already in it stay unless UPGRADE=1 is given.
LOCK := $(VENV)/lock/bin/uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)
UV_VERSION := 0.13.9

# Processes that share the tests, and further arguments: make test ARGS='tests/domain -x' JOBS=0
JOBS ?= auto
ARGS ?=
PYTEST = $(BIN)/python -m pytest -n $(JOBS)

# Each step of the installation leaves a stamp, so that it is not done again until its input changes.
MADE := $(VENV)/.made
NEEDS := $(VENV)/.needs
PACKAGE := $(VENV)/.package
DEV := $(VENV)/.dev
PROVE := $(VENV)/.prove
BENCH := $(VENV)/.bench

# How long `make fuzz` stays with each target.
SECONDS ?= 60

MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help demo test check format coverage floors bench fuzz mutants catalogue lock clean

help: ## show these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

demo: $(PACKAGE) ## the notices of the company, from the first entry to the reports
	@$(BIN)/rights demo

test: $(DEV) ## every test, the doctests among them
	@$(PYTEST) $(ARGS)

check: $(DEV) ## style, types and the rules of the house
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q tests/house

format: $(DEV) ## put the code into the house style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

coverage: $(DEV) ## the tests, with 95 % of all branches and 100 % of the domain's
	@$(BIN)/coverage erase
	@$(MAKE) test ARGS='--cov --cov-report= $(ARGS)'
	@$(MAKE) floors

floors: $(DEV)
	@$(BIN)/coverage report --fail-under=95 --skip-covered
	@$(BIN)/coverage report --include='ledger/domain/*' --fail-under=100 --skip-covered

bench: $(BENCH) ## measure, on this machine, what the documentation says (docs/speed.md)
	@$(BIN)/python -m tests.benchmarks $(ARGS)

fuzz: $(PROVE) ## look for input that breaks a promise, led by coverage (SECONDS=60 for each target)
	@$(BIN)/python -m tests.fuzz --seconds $(SECONDS) $(ARGS)

mutants: $(PROVE) ## change the rules in one place after the other: a test must notice (docs/mutants.md)
	@$(BIN)/mutmut run --max-children 1 $(ARGS)
	@$(BIN)/python -m tests.mutants

catalogue: $(DEV) ## compile the Japanese of tables and pages, as a translator left it
	@$(BIN)/python -m tests.reports.catalogue

lock: $(VENV)/lock/.made ## pin what pyproject.toml asks for (newer versions with UPGRADE=1)
	@$(LOCK) --extra postgres --extra sign --extra parquet --extra dask --extra dev -o requirements-dev.txt
	@$(LOCK) --extra dev --extra prove --constraints requirements-dev.txt -o requirements-prove.txt
	@$(LOCK) --extra dev --extra bench --constraints requirements-dev.txt -o requirements-bench.txt
	@$(LOCK) --group build --constraints requirements-dev.txt -o requirements.txt

clean: ## remove what these commands made
	rm -rf $(VENV) build dist mutants .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(MADE):
	@test -n '$(PYTHON)' || { echo 'Python 3.11 or newer is needed and was not found; name one: make PYTHON=/where/it/is/python3 …' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo '$(PYTHON) is older than Python 3.11, or is not there' >&2; exit 1; }
	@echo 'making $(VENV)'
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(NEEDS): requirements.txt | $(MADE)
	@echo 'installing requirements.txt'
	@$(PIP) install -qq --require-hashes -r requirements.txt
	@touch $@

$(PACKAGE): pyproject.toml | $(NEEDS)
	@$(PIP) install -qq --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): requirements-dev.txt | $(PACKAGE)
	@echo 'installing requirements-dev.txt'
	@$(PIP) install -qq --require-hashes -r requirements-dev.txt
	@touch $@

$(PROVE): requirements-prove.txt | $(DEV)
	@echo 'installing requirements-prove.txt'
	@$(PIP) install -qq --require-hashes -r requirements-prove.txt
	@touch $@

$(BENCH): requirements-bench.txt | $(DEV)
	@echo 'installing requirements-bench.txt'
	@$(PIP) install -qq --require-hashes -r requirements-bench.txt
	@touch $@

$(VENV)/lock/.made: | $(MADE)
	@$(BIN)/python -m venv --clear $(VENV)/lock
	@$(VENV)/lock/bin/python -m pip --disable-pip-version-check --no-input install -qq uv==$(UV_VERSION)
	@touch $@
