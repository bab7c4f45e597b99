# Needs only make and a Python from 3.11 to 3.13; everything else is installed into .venv.
# `make help` lists the targets.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?=
ARGS ?=
OFFICES ?=
PYTEST_ARGS ?=
PERSONS ?=
UPGRADE ?=
LETTERS ?=
SECONDS ?= 300

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run ui test lint fuzz bench bench-identity bench-delta bench-letters lock clean distclean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1	\2/p' Makefile | while IFS='	' read -r target what; do \
		printf '  make %-15s %s\n' "$$target" "$$what"; done

run: $(VENV)/.ready ## one night over the demo agencies, OFFICES=all: twelve Dinas (exit 1: something needs a person)
	@OFFICES='$(OFFICES)' $(BIN)/python bin/run_night.py $(ARGS) || test $$? -eq 1

ui: $(VENV)/.ready ## Airflow in a browser, on this machine only
	@$(BIN)/python bin/ui.py $(ARGS)

test: lint ## lint, then all tests
	$(BIN)/pytest -n 2 --dist worksteal --durations=40 --durations-min=5 $(PYTEST_ARGS)

lint: $(VENV)/.ready ## style, types and import layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

fuzz: $(VENV)/.ready ## broken and hostile letters for SECONDS=300; what breaks the intake is kept in tests/letters/fuzz/corpus
	$(BIN)/python -m tests.letters.fuzz --seconds $(SECONDS) $(ARGS)

bench: $(VENV)/.ready ## a night beside a bare copy, and 1,000,000 rows beside dlt and COPY (ARGS="ingest --rows 200000")
	$(BIN)/python -m bench $(ARGS)

bench-identity: $(VENV)/.ready ## who is who beside Splink, recordlinkage and a join (PERSONS=1000000, ARGS="--noise rough")
	$(BIN)/python -m bench.identity $(if $(PERSONS),--persons $(PERSONS)) $(ARGS)

bench-delta: $(VENV)/.ready ## ten thousand new records against a stored register (PERSONS=1000000, NIGHTS=1: in how many it comes)
	$(BIN)/python -m bench.identity.delta $(if $(PERSONS),--persons $(PERSONS)) $(if $(NIGHTS),--in-nights $(NIGHTS)) $(ARGS)

bench-letters: $(VENV)/.ready ## letter check beside bare lxml, and a mass lay-off in every form (LETTERS=10000)
	$(BIN)/python -m bench.letters $(if $(LETTERS),--letters $(LETTERS)) $(ARGS)

COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command 'make lock'

# What a hub installs is a part of what is tested, version by version.
lock: $(VENV)/.ready ## write both lock files from pyproject.toml (UPGRADE=1: newest versions)
	$(COMPILE) $(if $(UPGRADE),--upgrade) --extra dev --output-file requirements-dev.lock pyproject.toml
	$(COMPILE) --constraint requirements-dev.lock --extra build --extra s3 \
		--output-file requirements.lock pyproject.toml

clean: ## remove var/, where all run-time state lives, and the caches
	rm -rf var build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

distclean: clean ## the same, and .venv
	rm -rf $(VENV) *.egg-info

# Made again only when the lock or pyproject.toml changes. The lock's own uv installs in seconds; where it cannot
# (an index that only pip is configured for), pip does the same in a minute or two. Both check every hash.
$(VENV)/.ready: requirements-dev.lock pyproject.toml
	@rm -f $@
	@ok='import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))'; \
	if ! $(BIN)/python -c "$$ok" 2>/dev/null; then \
		found=; \
		for candidate in $(if $(PYTHON),'$(PYTHON)',python3.11 python3.12 python3.13 python3); do \
			if "$$candidate" -c "$$ok" 2>/dev/null; then found=$$candidate; break; fi; \
		done; \
		if [ -z "$$found" ]; then \
			echo 'Jendela needs Python 3.11, 3.12 or 3.13 with its venv module (on Debian: python3-venv).' >&2; \
			echo '$(if $(PYTHON),$(PYTHON) is not one.,None of python3.11 python3.12 python3.13 python3 is one; name yours with make PYTHON=/path/to/python.)' >&2; \
			exit 1; \
		fi; \
		echo "Making $(VENV) with $$("$$found" --version)"; \
		"$$found" -m venv --clear $(VENV) || exit 1; \
	fi
	@sed -n '/^uv==/,/[^\\]$$/p' requirements-dev.lock > $(VENV)/uv.txt
	@export VIRTUAL_ENV='$(CURDIR)/$(VENV)' PIP_DISABLE_PIP_VERSION_CHECK=1; \
	$(BIN)/python -m pip --version > /dev/null 2>&1 || $(BIN)/python -m ensurepip > /dev/null || exit 1; \
	if $(BIN)/python -m pip install --quiet --no-deps --require-hashes -r $(VENV)/uv.txt \
		&& $(BIN)/uv pip sync --quiet --require-hashes requirements-dev.lock; then :; else \
		echo 'uv could not install the lock; pip does it now, in a minute or two' >&2; \
		$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements-dev.lock || exit 1; \
	fi; \
	$(BIN)/uv pip install --quiet --offline --no-deps --no-build-isolation -e . 2> /dev/null \
		|| $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@
