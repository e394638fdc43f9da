# The doors for people. `make help` lists them; each sets up what it needs first.
#   make serve ARGS="--port 9000"        make test ARGS="tests/domain -k money"

PYTHON ?= python3
BIN    := .venv/bin
STAMP  := .venv/.stamp
WORKERS ?= 2
ARGS   ?=

PACK_FILES := $(shell find packs/harbour -type f 2>/dev/null)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup serve test check gates fix web pack wheel lock clean

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

setup: $(STAMP)-dev ## make .venv with everything, for work on Tellerline
	@echo "Ready: $(BIN)/tellerline"

serve: $(STAMP)-run web pack ## set up, build what changed and start Tellerline
	@exec $(BIN)/tellerline serve $(ARGS)

test: $(STAMP)-dev ## set up and run the tests
	@# Compiled before the tests, which would otherwise wait for it within the time of one of them.
	@$(BIN)/tellerline pack build packs/harbour
ifeq ($(ARGS),)
	@# The browser's driver keeps an event loop of its own, so its tests run by themselves, and first.
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m browser
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not browser"
else
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)
endif

check: gates test ## what continuous integration runs: gates, then tests

gates: $(STAMP)-dev ## format, lint, types, import layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

fix: $(STAMP)-dev ## reformat, and mend what the linter can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

web: $(STAMP)-run ## build the pages when web/ has changed
	@$(BIN)/python -IS tools/build_web.py

pack: $(STAMP)-pack ## check and build the demonstration bank when packs/harbour has changed

wheel: $(STAMP)-run web ## build the wheel, pages and demonstration bank included
	$(BIN)/uv build --wheel --no-build-isolation --out-dir build

lock: $(BIN)/uv ## resolve every dependency anew into requirements/*.txt
	tools/lock.sh

clean: ## remove what was built here
	rm -rf .venv build src/tellerline/web/dist web/node_modules

# One environment. Once it holds the development lock it keeps it, so that `serve` and `test` do not undo each other.
$(BIN)/uv: requirements/bootstrap.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tellerline needs Python 3.11 or newer; try make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@touch $@

$(STAMP)-run: requirements/run.txt pyproject.toml | $(BIN)/uv
	@if [ -e $(STAMP)-dev ]; then $(MAKE) -s --no-print-directory $(STAMP)-dev; else tools/sync.sh run; fi
	@touch $@

$(STAMP)-dev: requirements/dev.txt pyproject.toml | $(BIN)/uv
	tools/sync.sh dev
	@touch $(STAMP)-run $@

$(STAMP)-pack: $(PACK_FILES) | $(STAMP)-run
	$(BIN)/tellerline pack build packs/harbour
	@touch $@
