# make run    set up, then judge the example records
# make serve  set up, then serve the API with a made-up district and accounts to try it; SERVE='--port 9000' and the like
# make test   set up, then check style, types, import directions, rule cards and behaviour
# make lint   the first four of these
# make bench-api  the service over HTTP beside a bare one; fills a store of 100,000 records first (8 GB in var/)
# make bench-sweep  sweep 1 and 10 million made-up records, beside the same forty cards in hand-written queries; BENCH_SWEEP='--records 1000000'
# make bench-pages  the pages with 10,000 records stored, beside the status over HTTP
# make bench  compare with peers          make soak, make soak-long   evaluate at random, 100,000 and 1,000,000 times
# make soak-api   kill the service 100 times on each database while clients write      make fuzz-api   ask it at random, FUZZ=100 times for each
# make screenshots  take pictures of the main pages into docs/screenshots/, with the system's Chromium
# make lock   pin what changed in pyproject.toml; LOCK=--upgrade takes the newest of everything
# make clean  remove what set-up and tools made
#
# PYTHON chooses the interpreter (3.11, 3.12 or 3.13), CC the C compiler.

PYTHON ?= python3
LOCK ?=
SERVE ?=
BENCH_SWEEP ?=
FUZZ ?= 100

SHELL := /bin/sh
.DELETE_ON_ERROR:
# Every target works on the one environment.
.NOTPARALLEL:
.PHONY: run serve test pytest lint bench bench-api bench-pages bench-sweep soak soak-long soak-api fuzz-api screenshots lock clean FORCE

VENV := .venv
BIN := $(VENV)/bin
# Hashes for everything, and nothing is built but durable-rules, which comes as source only: with the build tools
# pinned in build.lock, not with what an isolated build would fetch.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
WHEELS := --only-binary :all:
SOURCE := --no-binary durable-rules --no-build-isolation
# Whether the C extension works shows on import only.
PROVE := $(BIN)/python -c 'import durable.lang, durable_rules_engine'
SOURCES := $(wildcard engine api tests bench examples/*.py)

run: $(VENV)/run.stamp $(VENV)/project.stamp
	@# 0, 1 and 3 are judgements: no flag, a flag, a question. Anything else is a failure.
	$(BIN)/duecourse check examples/*.yaml --as-of 2024-12-31 \
	    || { code=$$?; case $$code in 1|3) ;; *) exit $$code ;; esac; }

serve: $(VENV)/run.stamp $(VENV)/project.stamp
	$(BIN)/duecourse serve --demo $(SERVE)

test: $(VENV)/test.stamp $(VENV)/project.stamp
	$(MAKE) -j 2 lint pytest

pytest: $(VENV)/test.stamp $(VENV)/project.stamp
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: $(VENV)/test.stamp $(VENV)/project.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict $(SOURCES)
	$(BIN)/lint-imports
	$(BIN)/duecourse rules lint

bench: $(VENV)/bench.stamp $(VENV)/project.stamp
	$(BIN)/python -m bench

bench-pages: $(VENV)/run.stamp $(VENV)/project.stamp
	$(BIN)/python -m bench.pages

bench-api: $(VENV)/run.stamp $(VENV)/project.stamp
	$(BIN)/python -m bench.api

bench-sweep: $(VENV)/bench.stamp $(VENV)/project.stamp
	$(BIN)/python -m bench.sweep_bench $(BENCH_SWEEP)

soak: $(VENV)/test.stamp $(VENV)/project.stamp
	$(BIN)/python -m tests.soak 100000

soak-long: $(VENV)/test.stamp $(VENV)/project.stamp
	$(BIN)/python -m tests.soak 1000000

soak-api: $(VENV)/test.stamp $(VENV)/project.stamp
	$(BIN)/python -m tests.api.soak 100

fuzz-api: $(VENV)/test.stamp $(VENV)/project.stamp
	DUECOURSE_FUZZ=$(FUZZ) $(BIN)/python -m pytest tests/api/test_schema.py

screenshots: $(VENV)/test.stamp $(VENV)/project.stamp
	$(BIN)/python -m tests.browser.screenshots docs/screenshots

# An environment serves one interpreter in one place: with another, or moved, it is made anew.
IDENTITY := $(shell $(PYTHON) -c 'import os, sys; print(sys.base_prefix, sys.version.split()[0], os.getcwd())')
ifneq ($(IDENTITY),$(shell cat $(VENV)/identity 2>/dev/null))
$(VENV)/identity: FORCE
endif

$(VENV)/identity:
	@test -n "$(IDENTITY)" || { echo 'no interpreter "$(PYTHON)": install Python, or name one with PYTHON='; exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v < (3, 14) else \
	    "Python %d.%d given; 3.11, 3.12 or 3.13 expected; name one with PYTHON=" % v)'
	@$(PYTHON) -c 'import pathlib, sys, sysconfig; h = pathlib.Path(sysconfig.get_path("include"), "Python.h"); \
	    sys.exit(None if h.exists() else "%s is missing; install the headers of Python" % h)'
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	@echo '$(IDENTITY)' > $@

$(VENV)/build.stamp: $(VENV)/identity requirements/build.lock
	$(INSTALL) $(WHEELS) -r requirements/build.lock
	@touch $@

# run.lock is contained in test.lock, and test.lock in bench.lock, with the same versions.
#
# Python 3.13 took out PyEval_CallObject, which durable-rules calls: without the other name its extension builds and
# then fails on import. It has to be in CC, for setup.py overwrites CFLAGS; and pip may hold a wheel built the wrong way.
$(VENV)/%.stamp: requirements/%.lock $(VENV)/build.stamp
	@echo 'installing $< in $(VENV)'
	@CC='$(CC)'; cache=; \
	if $(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 13))'; then \
	    CC="$$CC -DPyEval_CallObject=PyObject_CallObject"; cache=--no-cache-dir; \
	fi; \
	export CC; $(INSTALL) $(WHEELS) $(SOURCE) $$cache -r $<
	$(PROVE)
	@touch $@

$(VENV)/project.stamp: pyproject.toml $(VENV)/build.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	    --no-index --no-deps --no-build-isolation --editable .
	@touch $@

# The widest set is resolved first and binds the others; no lock names the place that packages came from.
COMPILE = .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
    --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-annotate $(LOCK)

lock:
	$(PYTHON) -m venv --clear .venv-lock
	.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check \
	    --require-hashes $(WHEELS) -r requirements/tools.lock
	$(COMPILE) --group build --extra test --extra bench pyproject.toml -o requirements/bench.lock
	$(COMPILE) --group build --extra test pyproject.toml -c requirements/bench.lock -o requirements/test.lock
	$(COMPILE) --group build pyproject.toml -c requirements/bench.lock -o requirements/run.lock
	$(COMPILE) --group build -c requirements/bench.lock -o requirements/build.lock
	$(COMPILE) --group tools -o requirements/tools.lock
	rm -rf .venv-lock

clean:
	rm -rf $(VENV) .venv-lock build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
