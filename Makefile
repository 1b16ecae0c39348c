# Common Table. `make run` and `make test` set everything up by themselves, the first time and every time.
# The first that runs: a version manager may offer names that do not.
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3; do \
	"$$name" -c "" >/dev/null 2>&1 && command -v "$$name" && break; done)
BIN := .venv/bin
READY := .venv/.ready-$(shell cat requirements.lock pyproject.toml | cksum | cut -d' ' -f1)
export COMMONTABLE_HOME ?= var
PORT ?= 8501
HOST ?= 127.0.0.1

.PHONY: run test check bench screens setup format clean help

help:  ## What there is to make
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile

setup: $(READY)  ## Install the locked dependencies into .venv

$(READY): requirements.lock pyproject.toml
	@PYTHON="$(PYTHON)" sh .ci/setup
	@touch $@

run: setup  ## Serve the app; the first time with the made-up demo
	@$(BIN)/commontable init --demo
	@$(BIN)/commontable serve --host $(HOST) --port $(PORT)

test: setup  ## Run the tests, browser tests included
	@sh .ci/browser
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(TESTS)

check: setup  ## Lint, types and import rules
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy app.py pages entrypoints meetings reportcards sharing connectors catalogue governance store
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest tests/test_architecture.py tests/test_docs.py

format: setup  ## Put the code into its normal form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: setup  ## Run the benchmarks and print their ratios
	@$(BIN)/python -m benchmarks

screens: setup  ## A picture of every page, as each role, light and dark, wide and phone, into screens/
	@sh .ci/browser
	@$(BIN)/python -m tests.screens

clean:  ## Throw away what can be made again (never the data folder)
	rm -rf .venv .cache screens build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
