# Needs git, make and Python 3.11 or newer; everything else is installed into .venv from the locks with hashes.
.DEFAULT_GOAL := help
.PHONY: help run test soak lint bench pictures lock catalogues format clean
VENV := .venv
BIN := $(VENV)/bin
# A stamp bears the lock's checksum: an unchanged lock costs nothing, a changed one is installed at the next command.
RUN := $(VENV)/.run-$(shell cksum < requirements.lock | cut -d ' ' -f 1)
DEV := $(VENV)/.dev-$(shell cksum < requirements-dev.lock | cut -d ' ' -f 1)
INSTALL := $(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --require-hashes

help: ## List these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 20

run: $(RUN) ## Serve the site, with the demo at first start; honours HOST, PORT, DATABASE_URL, SMTP_URL, BASE_URL
	@exec $(BIN)/flask --app eventapp.app up

test: $(DEV) ## Lint, then all tests on SQLite, on Postgres and in Chromium (ONLY=stage for one stage, ARGS for pytest)
	@$(BIN)/python -m tests.stages $(ONLY) $(if $(ARGS),-- $(ARGS))

soak: $(DEV) ## The long proofs: everything in full numbers, on both databases
	@$(BIN)/python -m tests.stages soak $(if $(ARGS),-- $(ARGS))

lint: $(DEV) ## Check style, types, templates and catalogues
	@$(BIN)/python -m tests.stages lint

format: $(DEV) ## Write Python in the one style
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

bench: $(DEV) ## Measure the hot paths as ratios against floors; writes instance/bench.json
	@$(BIN)/python -m benchmarks

pictures: $(DEV) ## Write all pages as pictures into pictures/, and those of docs/
	@$(BIN)/python -m tests.pictures

catalogues: $(DEV) ## Bring the translations up to date with the texts in the code and compile them
	@$(BIN)/python translations/update.py

lock: $(BIN)/python ## Write both locks anew from the ranges in requirements*.txt
	@$(BIN)/python -m venv .cache/lock && .cache/lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	@.cache/lock/bin/uv pip compile $(LOCK) requirements.txt --output-file requirements.lock
	@.cache/lock/bin/uv pip compile $(LOCK) --constraints requirements.lock requirements-dev.txt --output-file requirements-dev.lock
LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url

clean: ## Remove the virtual environment and all caches, never the data in instance/
	@rm -rf $(VENV) .cache .mypy_cache .ruff_cache .hypothesis .pytest_cache pictures

$(BIN)/python:
	@for python in python3.13 python3.12 python3.11 python3.14 python3; do \
	  if $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    exec $$python -m venv $(VENV); \
	  fi; \
	done; \
	echo "eventapp needs Python 3.11 or newer with its venv module, and found none on the PATH." >&2; exit 1

$(RUN): | $(BIN)/python
	@echo "Installing what runs (requirements.lock) into $(VENV) ..."
	@$(INSTALL) --requirement requirements.lock
	@touch $@

$(DEV): | $(BIN)/python
	@echo "Installing what tests (requirements-dev.lock) into $(VENV) ..."
	@$(INSTALL) --requirement requirements-dev.lock
	@touch $@ $(RUN)
