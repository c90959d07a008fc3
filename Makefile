# Everything that is set up lives in .venv; nothing outside this folder is touched.
#
#   make demo    install, run the demo bank, open the report
#   make test    install, check style, types and imports, run all tests
#
# Other targets: lint, lock, golden, docs, clean. ARGS passes options on: make demo ARGS=--no-open

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help demo test lint lock golden docs clean

unexport PYTHONPATH PYTHONHOME
export PIP_DISABLE_PIP_VERSION_CHECK := 1

VENV := .venv
BIN := $(VENV)/bin
# Compiled kernels are kept here, too.
export RISKMILL_CACHE_DIR := $(CURDIR)/$(VENV)/cache
ARGS ?=
# The first interpreter that is new enough and can make an environment; PYTHON=... overrides it.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	$$p -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)
INSTALL := $(BIN)/python -m pip install -qq --no-deps --only-binary :all: --require-hashes

help:
	@sed -n '3,6s/^# \{0,1\}//p' Makefile

demo: $(VENV)/base.stamp
	@$(BIN)/riskmill demo $(ARGS)

test: lint
	$(BIN)/python -m pytest --cov --cov-report=term $(ARGS)
	@$(BIN)/python -m coverage report --include='*/domain/*,*/risk/*,*/pipeline/plan.py'

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Prices the demo bank again and replaces examples/demo-bank/expected. Read the diff.
golden: $(VENV)/base.stamp
	$(BIN)/python examples/demo-bank/refresh_expected.py
	git --no-pager diff --stat -- examples/demo-bank/expected

# Writes the documents anew that are made from the code.
docs: $(VENV)/base.stamp
	$(BIN)/python docs/generate.py

# Writes the locks anew: hashes, no index addresses. Needs uv on the path.
lock:
	@command -v uv >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 2; }
	$(LOCK) requirements/build.in -o requirements/build.txt
	$(LOCK) pyproject.toml -c requirements/build.txt -o requirements/base.txt
	$(LOCK) pyproject.toml --extra aws -c requirements/base.txt -c requirements/build.txt \
		-o requirements/worker.txt
	$(LOCK) pyproject.toml --extra dev -c requirements/base.txt -c requirements/build.txt \
		-o requirements/dev.txt
	$(LOCK) requirements/checkov.in -o requirements/checkov.txt
	$(LOCK) src/riskmill/cloud/laptop/embedded.in -o src/riskmill/cloud/laptop/embedded.txt

LOCK := uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate

clean:
	rm -rf $(VENV) build dist demo .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis \
		.import_linter_cache
	find src tests examples -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/created.stamp:
	@test -n "$(PYTHON)" || { echo "riskmill needs Python 3.11 or newer with venv." \
		"Install it (Debian: apt-get install python3 python3-venv) or name it:" \
		"make PYTHON=/path/to/python3" >&2; exit 2; }
	@echo "Creating $(VENV) with $$($(PYTHON) --version)"
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/base.stamp: $(VENV)/created.stamp requirements/base.txt requirements/build.txt pyproject.toml
	@echo "Installing the locked packages (once, about 200 MB)"
	@$(INSTALL) -r requirements/build.txt
	@$(INSTALL) -r requirements/base.txt
	@$(BIN)/python -m pip install -qq --no-index --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/base.stamp requirements/dev.txt
	@echo "Installing the locked packages for development"
	@$(INSTALL) -r requirements/dev.txt
	@touch $@
