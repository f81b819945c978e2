# What a person runs. Each target does its own set-up, once, and again only when pyproject.toml changes.
#
#   make lab        JupyterLab on the first tutorial
#   make demo       the first tutorial to its end without a browser, on an empty store
#   make test       all tests: units, properties, real kernel, real browser, notebooks
#                   (ARGS="-m 'not browser'" or ARGS=tests/graph is handed to pytest)
#   make check      ruff and mypy, and all of `make js`
#   make js         the JupyterLab extension: format, lint, types, unit tests; then built and installed
#   make notebooks  runs the notebooks and saves them with what they show (ARGS=02 05: just those)
#   make docs       the site of tutorials and reference, in build/site/html
#   make bench      the benchmarks, as a table and as bench.json
#   make test-all   the tests on each Python from 3.11 to 3.13 that this machine has
#   make clean      removes environments, caches and build results; stores of values stay
#
# PYTHON=/path/to/python chooses the interpreter, VENV=folder where its environment is kept.

VENV ?= .venv
ARGS ?=
TUTORIAL := notebooks/01_flights.ipynb

BIN := $(VENV)/bin
VERSIONS := 3.13 3.12 3.11
# The front end: what it is built from, and the file by which an environment has it.
FRONT_END := js/package.json js/package-lock.json js/tsconfig.json js/build_hook.py \
  $(shell find js/src js/style js/schema -type f)
EXTENSION := $(VENV)/share/jupyter/labextensions/dagbook/package.json
PACKAGES := js/node_modules/.package-lock.json
# A name on the PATH may be a launcher of a Python that is not there: what counts is that it runs.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help lab demo test check js notebooks docs bench test-all clean

help:
	@sed -n 's/^#   make/  make/p; s/^#    */    /p' Makefile

lab: $(VENV)/.ready $(EXTENSION)
	@# Pictures that are saved in a notebook are only shown where the notebook is trusted.
	@$(BIN)/jupyter trust notebooks/*.ipynb
	@root=; [ "$$(id -u)" != 0 ] || root=--allow-root; \
	exec $(BIN)/python -m jupyterlab $$root $(TUTORIAL)

demo: $(VENV)/.ready
	@store=$$(mktemp -d) || exit 1; \
	trap 'rm -rf "$$store"' EXIT; trap 'exit 130' INT TERM; \
	DAGBOOK_HOME="$$store" $(BIN)/dagbook run $(TUTORIAL)

test: $(VENV)/.ready-to-test $(EXTENSION)
	@$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m pytest -n auto --dist loadfile --max-worker-restart=0 $(ARGS)

check: $(VENV)/.ready-to-test
	@failed=; for check in "ruff check ." "ruff format --check ." mypy; do \
	  echo "== $$check"; $(BIN)/python -m $$check || failed=yes; \
	done; \
	$(MAKE) js || failed=yes; [ -z "$$failed" ]

# Node and npm are this machine's, or else those that the tests' environment brings.
js: $(VENV)/.ready-to-test $(PACKAGES)
	@failed=; for check in check test; do \
	  echo "== npm run $$check"; \
	  (cd js && PATH="$$PATH:$(abspath $(BIN))" npm run --silent $$check) || failed=yes; \
	done; [ -z "$$failed" ]
	@$(MAKE) --no-print-directory $(EXTENSION)

notebooks: $(VENV)/.ready-to-test
	$(BIN)/python -m tests.notebooks.saving $(ARGS)

docs: $(VENV)/.ready-for-docs
	$(BIN)/python -m notebooks.site $(ARGS)

bench: $(VENV)/.ready-to-bench
	$(BIN)/python -m tests.benchmarks

# A pyenv Python need not be on the PATH to be on the machine.
test-all:
	@tested=; failed=; \
	for version in $(VERSIONS); do \
	  found=; \
	  for python in python$$version "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/$$version.*/bin/python; do \
	    if "$$python" -c '$(NEW_ENOUGH)' 2>/dev/null; then found=$$python; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then echo "== Python $$version: not on this machine"; continue; fi; \
	  echo "== Python $$version: $$found"; \
	  tested="$$tested $$version"; \
	  $(MAKE) test VENV=.venv-$$version PYTHON="$$found" || failed="$$failed $$version"; \
	done; \
	if [ -z "$$tested" ]; then echo "No Python of $(VERSIONS) on this machine." >&2; exit 1; fi; \
	echo "== tested:$$tested; failed:$${failed:- none}"; [ -z "$$failed" ]

clean:
	rm -rf .venv .venv-3.* build dist bench.json .mypy_cache .ruff_cache .pytest_cache .hypothesis
	rm -rf tests/browser/screenshots src/dagbook/labextension
	rm -rf js/node_modules js/lib js/*.tsbuildinfo
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@python="$(PYTHON)"; \
	if [ -z "$$python" ]; then \
	  for name in $(addprefix python,$(VERSIONS)) python3 python; do \
	    if "$$name" -c '$(NEW_ENOUGH)' 2>/dev/null; then python=$$name; break; fi; \
	  done; \
	fi; \
	if [ -z "$$python" ]; then \
	  echo "dagbook needs Python 3.11 or later, and none was found. Install one, or name one: make PYTHON=/path/to/python" >&2; \
	  exit 1; \
	fi; \
	if ! "$$python" -c '$(NEW_ENOUGH)'; then \
	  echo "dagbook needs Python 3.11 or later, and PYTHON=$$python is not one that runs." >&2; exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$python" --version) ($$python)"; \
	"$$python" -m venv $(VENV) || { \
	  rm -rf $(VENV); \
	  echo "This Python cannot make environments; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

$(VENV)/.ready: pyproject.toml | $(BIN)/python
	@echo "Installing dagbook and what its tutorials need into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[tutorials]'
	@touch $@

$(VENV)/.ready-to-test: pyproject.toml | $(BIN)/python
	@echo "Installing dagbook and what its tests need into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@ $(VENV)/.ready $(VENV)/.ready-for-docs

$(VENV)/.ready-for-docs: pyproject.toml | $(BIN)/python
	@echo "Installing dagbook and what its site needs into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[docs]'
	@touch $@ $(VENV)/.ready

$(VENV)/.ready-to-bench: $(VENV)/.ready-to-test
	@echo "Installing what the benchmarks compare dagbook with into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	@touch $@

$(PACKAGES): js/package-lock.json | $(VENV)/.ready-to-test
	@cd js && PATH="$$PATH:$(abspath $(BIN))" npm ci --ignore-scripts --silent
	@touch $@

# The first install brings it; later ones only where a source is newer.
$(EXTENSION): $(FRONT_END) | $(VENV)/.ready
	@echo "Building the JupyterLab extension"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@
