# The few things one does with this repository. `make` alone lists them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# Byte code is kept, whatever the machine says: without it each command of a test takes a quarter of a second longer to start.
unexport PYTHONDONTWRITEBYTECODE

UV := tools/uv
PYTEST := .venv/bin/pytest --dist worksteal
# What a module of these starts, such as a whole demo, is started once. Browsers come last: where one runs, in that worker
# an event loop runs too, and no other can.
PYTEST_BY_FILE := .venv/bin/pytest --dist loadfile --no-loadscope-reorder
COMPILED := build/compiled
# Six run at once, on two cores. More take no less time, and whoever waits to be answered is answered too late then.
TEST_PROCESSES := $(PYTEST_BY_FILE) -n 3 tests/e2e tests/browser
TEST_PARTS := $(PYTEST) -n 2 tests/unit tests/integration
# What every mail goes through, compiled, and its tests.
TEST_COMPILED := .venv/bin/python tools/compile_sources.py $(COMPILED) --quickly && \
	PYTHONPATH=$(COMPILED) $(PYTEST) -n 0 -m "not replaces" tests/unit/parsers tests/unit/crm/intake
TEST_LINT_AND_COMPILED := $(MAKE) lint && $(TEST_COMPILED)

.PHONY: help demo run test lint fmt bench compile migration clean installed servers

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## Start Mailsync with a sample company, its mail server and a campaign
	@$(UV) sync --quiet --locked --inexact --extra demo --no-dev
	@.venv/bin/mailsync demo

run: ## Start Mailsync on SQLite in its data directory
	@$(UV) sync --quiet --locked --inexact --no-dev
	@.venv/bin/mailsync run

test: installed servers ## Everything that CI checks: lint, and the suite against real servers
	.venv/bin/python tools/side_by_side.py build/tests 'parts=$(TEST_PARTS)' 'processes=$(TEST_PROCESSES)' \
		'lint-compiled=$(TEST_LINT_AND_COMPILED)'

lint: installed ## The quick half: ruff, mypy, import contracts, house rules
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/mypy tools/*.py
	MYPYPATH=tests .venv/bin/mypy -p servers
	.venv/bin/lint-imports
	.venv/bin/python tools/house_rules.py

fmt: installed ## Mend what can be mended by itself
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

compile: installed $(COMPILED)/.done ## Compile what every mail goes through: a third less time a mail (docs/operations.md)

$(COMPILED)/.done: tools/compile_sources.py $(shell find parsers crm/intake -name '*.py')
	.venv/bin/python tools/compile_sources.py $(COMPILED)
	@touch $@

bench: installed ## Measure against the peers that this machine has
	@tools/run-benchmarks

migration: installed ## Write a migration from the models: make migration name="deals get a stage"
	@.venv/bin/python tools/new_migration.py "$(name)"

clean: ## Remove what was built or cached, apart from data
	rm -rf .venv .venv-uv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

installed:
	@$(UV) sync --quiet --locked --all-extras

servers:
	@tools/install-test-servers
