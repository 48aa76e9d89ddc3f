# `make run` and `make test` need make and Python 3.11 or newer; the rest is installed into $(VENV), once.
VENV ?= .venv
# The first Python that runs, is new enough and can make a virtual environment; or say: make run PYTHON=/path/to/python3
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
	then echo $$python; break; fi; done)
ARGS ?=
RESULTS = $(or $(patsubst results=%,%,$(filter results=%,$(ARGS))),results)
COMPARE ?= planned pause_90_days extended
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help install run explore test lint format scorecard bench mutants bounds lock clean

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F '|' '{ printf "%-16s %s\n", $$1, $$2 }'

install: $(STAMP) ## make .venv with the pinned set and atmis itself

run: $(STAMP) ## run the standard scenario (more with ARGS="key=value ..."), compare three and report
	$(BIN)/atmis run $(ARGS)
	$(BIN)/atmis compare $(COMPARE)

explore: $(STAMP) ## open a page in the browser on the scenario actual; other words with ARGS="..."
	$(BIN)/atmis explore $(ARGS)

test: lint ## linters, types and tests; options for pytest with ARGS="..."
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile $(ARGS)

lint: $(STAMP) ## only linters and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(STAMP) ## let ruff mend what it can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

scorecard: $(STAMP) ## judge the model again and renew the scorecard in README.md, model/TRUST.md and conf/scored/
	$(BIN)/atmis scorecard $(ARGS)
	$(BIN)/python -m atmis.experiments.document --scorecard "$$(ls -td $(RESULTS)/scorecard/*/*/ | head -n 1)"

bench: $(STAMP) ## measure speed; options with ARGS="..."
	$(BIN)/python benchmarks/run.py $(ARGS)

mutants: $(STAMP) ## put faults into the rules and count what the tests catch; options with ARGS="..."
	$(BIN)/python benchmarks/mutants.py $(ARGS)

bounds: $(STAMP) ## try the lowest versions that pyproject.toml allows, extra by extra (needs uv); others with ARGS="..."
	$(BIN)/python tests/support/bounds.py $(ARGS)

# uv.lock and pylock.toml would name a registry's host; this form names none. Mesa 3.5 needs Python 3.12: without the two
# lines about it every Python would get 3.3.
lock: ## renew requirements.txt to the newest versions (needs uv)
	printf '%s\n' "mesa<3.4 ; python_version < '3.12'" "mesa>=3.5 ; python_version >= '3.12'" | \
	uv pip compile --upgrade --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
		--no-header --no-annotate --quiet --extra dev --output-file requirements.txt pyproject.toml -

clean: ## remove .venv, caches and build files; results/ stays
	rm -rf "$(VENV)" build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	rm -rf ./*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): requirements.txt pyproject.toml
	@if [ -e "$(VENV)/pyvenv.cfg" ] && ! $(BIN)/python -c '' 2>/dev/null; then rm -rf "$(VENV)"; fi
	@if [ ! -e "$(VENV)/pyvenv.cfg" ]; then \
		if [ -z "$(PYTHON)" ]; then \
			echo "atmis needs Python 3.11 or newer with its venv module (on Debian: apt-get install python3-venv)." >&2; \
			exit 1; \
		fi; \
		echo "Installing into $(VENV), once; this takes a minute or two."; \
		$(PYTHON) -m venv "$(VENV)"; \
	fi
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip
	@uv="uv pip install --quiet --python $(BIN)/python"; \
	pip="$(BIN)/python -m pip install --quiet --disable-pip-version-check --use-pep517"; \
	if command -v uv >/dev/null 2>&1 && \
		$$uv --require-hashes -r requirements.txt && $$uv --no-deps --no-build-isolation -e .; then :; \
	else $$pip --require-hashes -r requirements.txt && $$pip --no-deps --no-build-isolation -e .; fi
	@touch $@
