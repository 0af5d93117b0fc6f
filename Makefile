# Clinician Console: what a checkout can do. `make` alone lists it.

PY := .venv/bin/python
SETUP := packaging/setup.sh
ON_VIRTUAL_SCREEN := packaging/on-virtual-screen.sh
WORKERS ?= auto
# Tests of windows, and of the server and sharing; all others must pass where Qt cannot be imported, and run there.
BESIDE := $(addprefix tests/,app bridge journeys regional sync views)
HAS_DISPLAY := $(or $(DISPLAY),$(WAYLAND_DISPLAY),$(filter Darwin,$(shell uname)))

# The long runs look for more: see the profiles in tests/conftest.py.
export HYPOTHESIS_PROFILE

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint bench soak screenshots lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## make .venv from the lock file; install or name the system packages that are missing
	@$(SETUP)

demo: ## open a drill at two desks that share a server; without a display, save a picture of every screen to build/screenshots/
ifeq ($(HAS_DISPLAY),)
	@$(MAKE) --no-print-directory screenshots
else
	@$(SETUP)
	$(PY) -m console drill --side-by-side
endif

screenshots: ## run the drill on a virtual screen and save a picture of every screen to build/screenshots/
	@$(SETUP) --screen
	@mkdir -p build/screenshots
	$(ON_VIRTUAL_SCREEN) $(PY) -m console drill --screenshots build/screenshots
	$(ON_VIRTUAL_SCREEN) $(PY) -m console drill --side-by-side --screenshots build/screenshots

test: ## run every check and every test
	@$(SETUP) --tests
	@$(MAKE) --no-print-directory lint
	$(PY) -m pytest -p tests.support.no_qt -n $(WORKERS) --dist loadfile $(addprefix --ignore=,$(BESIDE))
	$(PY) -m pytest -n $(WORKERS) --dist loadfile $(BESIDE)

lint: setup ## checks that need no run: style, types, layers, own rules
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	.venv/bin/lint-imports
	$(PY) -m mypy
	$(PY) -m tests.lint

bench: setup ## benchmarks with their floors, as a table and as JSON
	$(PY) -m benchmarks

soak: HYPOTHESIS_PROFILE := soak
soak: setup ## the long runs: kill loops, large property budgets
	$(PY) -m pytest -m "soak or hypothesis" --timeout 7200 -o faulthandler_timeout=0 -n $(WORKERS) --dist loadfile

lock: setup ## make requirements.lock anew from pyproject.toml (needs uv, which it installs into .venv)
	$(PY) -m uv --version >/dev/null 2>&1 || $(PY) -m pip install --quiet uv
	$(PY) packaging/lock.py

clean: ## take away everything that was made here
	rm -rf .venv build dist .hypothesis .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
