# `make run` and `make test` need Python 3.11 or newer and nothing else; `make help` lists the rest.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
PYTEST_WORKERS ?= 2

.PHONY: help run demo test check lint types audit schemas bench clean

help:            ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed, $(PYTHON) is older: make PYTHON=python3.12 ..."; exit 2; }
	@test -x $(BIN)/python || { echo "Making a virtual environment in $(VENV) ..."; $(PYTHON) -m venv $(VENV); }
	@echo "Installing the pinned libraries (once; about a minute) ..."
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: $(STAMP)    ## set up, then poll every source once and show what is new
	@$(BIN)/monitor once || [ $$? -eq 1 ]

demo: $(STAMP)   ## the same, offline, on a small made-up recording
	@$(BIN)/monitor --config demo --state $$(mktemp -d) once --replay demo/recording.warc.gz --backfill 36500d || [ $$? -eq 1 ]

test: $(STAMP)   ## set up, then run the tests
	@$(BIN)/python -m pytest -n $(PYTEST_WORKERS)

lint: $(STAMP)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(STAMP)
	@$(BIN)/mypy

audit: $(STAMP)  ## ask whether a pinned library has a known vulnerability; says so where it cannot
	@$(BIN)/python .ci/audit.py constraints.txt

check: lint types test   ## ruff, mypy --strict and the tests

schemas: $(STAMP)  ## write schemas/ anew from the code
	@$(BIN)/python -m monitor.config

bench: $(STAMP)  ## the benchmarks; CONTRIBUTING.md says what they compare
	@for file in benchmarks/[a-z]*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

clean:           ## remove the virtual environment and caches; state/ stays
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache *.egg-info
