# Every target works in a fresh clone, from the tree, without installing the project itself.
PY ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS := .venv-bench
WORKERS ?= auto
FUZZ_SECONDS ?= 600
ROOMS := definitions sources destinations importmgr
TYPED := $(ROOMS) tests $(wildcard benchmarks wsgi.py)
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check --require-hashes --requirement
UV_COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header --no-strip-extras

export PYTHONPATH := .
export PYTHONNOUSERSITE := 1
unexport PYTHONHOME
# Without compiled modules every process that a test or a command starts would compile all of them.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: azurite help setup demo serve check test long chaos fuzz fuzz-files fuzz-loads bench bench-quick peers fmt lock clean

help: ## Show these targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: $(VENV)/.dev.stamp ## Install everything for working on the project into .venv.

demo: $(VENV)/.app.stamp ## Show an import working from end to end, on sample data.
	$(BIN)/python -m importmgr demo

serve: $(VENV)/.app.stamp ## Start the product (data in ./var or IMPORTMGR_DATA_DIR).
	$(BIN)/python -m importmgr serve

check: $(VENV)/.dev.stamp ## Check format, lint, types, import contracts and house rules.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(TYPED)
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -q tests/house

test: $(VENV)/.dev.stamp ## Run every test (WORKERS=4 for four at a time).
	$(BIN)/python -m pytest -n $(WORKERS)

long: $(VENV)/.dev.stamp ## Run the tests that take long: schedules in every time zone over ten years (25 minutes).
	$(BIN)/python -m pytest tests/unit -m long -o timeout=0

chaos: $(VENV)/.dev.stamp ## Strike loads of 3,000,000 rows and a fleet of processes for hours (CHAOS_SEED repeats).
	$(BIN)/python -m pytest tests/chaos -m long -s

# Its instrumentation keeps some 40 kB per input, hence the generous limit of memory.
fuzz: $(VENV)/.fuzz.stamp ## Search inputs that break the CSV splitter (FUZZ_SECONDS=60 for a minute).
	@mkdir -p var/fuzz/corpus
	$(BIN)/python -m tests.fuzz.splitter -max_total_time=$(FUZZ_SECONDS) -timeout=20 \
	  -rss_limit_mb=6000 -max_len=4096 -artifact_prefix=var/fuzz/ var/fuzz/corpus

fuzz-files: $(VENV)/.dev.stamp ## Read files changed at random (FUZZ_SECONDS=60 for a minute).
	$(BIN)/python -m tests.fuzz.files --seconds $(FUZZ_SECONDS)

fuzz-loads: $(VENV)/.dev.stamp ## Load what seeds draw, strike it, and compare (FUZZ_SECONDS=3600 for an hour).
	$(BIN)/python -m tests.fuzz.lanes --seconds $(FUZZ_SECONDS)

bench: $(VENV)/.dev.stamp peers ## Measure against others, on this machine (a million rows, 20 to 40 minutes).
	$(BIN)/python -m benchmarks compare

bench-quick: $(VENV)/.dev.stamp peers ## The same with 200,000 rows, in a few minutes.
	$(BIN)/python -m benchmarks compare --quick --rows 200000 --repeats 1

azurite: # What tests of Azure speak to, for machines with npm; without it, they are skipped.
	@command -v npm >/dev/null || { echo "no npm here: going without Azurite" >&2; exit 0; }; \
	mkdir -p .azurite && cp requirements/azurite/*.json .azurite/ && cd .azurite && \
	timeout 300 npm ci --ignore-scripts --no-audit --no-fund --silent || \
	echo "Azurite could not be installed: going without" >&2

peers: # What the benchmarks measure against; without it, its lines say so.
	@$(MAKE) --no-print-directory $(PEERS)/.stamp || echo "the peers could not be installed: measuring without them" >&2

fmt: $(VENV)/.dev.stamp ## Format the code and apply safe lint fixes.
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

lock: $(BIN)/python ## Renew the pinned requirements from requirements/*.in.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --target .boot uv
	cd requirements && for set in app dev fuzz bench; do \
	  ../.boot/bin/$(UV_COMPILE) --upgrade $$set.in --output-file $$set.txt || exit 1; done

clean: ## Remove what the other targets made, but no data.
	rm -rf $(VENV) $(PEERS) .boot .azurite .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage htmlcov build dist ./*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment. A plain venv where Python has ensurepip, else one made by uv.
$(BIN)/python:
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "importmgr needs Python 3.11 or newer: make PY=/path/to/python3 ..." >&2; exit 1; }
	@$(PY) -m venv $(VENV) >.venv.log 2>&1 || { rm -rf $(VENV); \
	  $(PY) -m pip install --quiet --disable-pip-version-check --target .boot uv >>.venv.log 2>&1 && \
	  .boot/bin/uv venv --quiet --seed --python $(PY) $(VENV) >>.venv.log 2>&1; } || { rm -rf $(VENV); cat .venv.log >&2; rm -f .venv.log; \
	  echo "cannot make a virtual environment: needs venv or pip (Debian: apt install python3-venv)" >&2; exit 1; }
	@rm -f .venv.log

# The environment of the benchmarks' peers, made by the one that is there already.
$(PEERS)/.stamp: requirements/bench.txt | $(BIN)/python
	@$(BIN)/python -m venv $(PEERS) >/dev/null 2>&1 || .boot/bin/uv venv --quiet --seed --python $(BIN)/python $(PEERS)
	$(PEERS)/bin/python $(PIP_INSTALL) $<
	@touch $@

# The command as `.venv/bin/importmgr`: it runs the code of this tree, from any folder. It is
# compiled here, as Python may not be let write what it compiles later, as in containers.
$(BIN)/importmgr: Makefile | $(BIN)/python
	@printf '#!/bin/sh\nPYTHONPATH="%s" PYTHONNOUSERSITE=1 PYTHONSAFEPATH=1 exec "%s" -m importmgr "$$@"\n' \
	  '$(CURDIR)' '$(CURDIR)/$(BIN)/python' >$@
	@$(BIN)/python -m compileall -q $(ROOMS)
	@chmod 755 $@

$(VENV)/.app.stamp: requirements/app.txt | $(BIN)/importmgr
	$(BIN)/python $(PIP_INSTALL) $<
	@touch $@

$(VENV)/.dev.stamp: requirements/dev.txt | $(BIN)/importmgr
	$(BIN)/python $(PIP_INSTALL) $<
	@touch $@ $(VENV)/.app.stamp

$(VENV)/.fuzz.stamp: requirements/fuzz.txt | $(BIN)/importmgr
	$(BIN)/python $(PIP_INSTALL) $<
	@touch $@
