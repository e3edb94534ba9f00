# Everything runs in .venv, which each target sets up by itself when the lock or the project changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SCALE ?= full
JOBS ?= 1
SUITE ?=
KEEP ?=

.PHONY: demo man models test quick lint bench drill lock portable clean

# The lock names no host; --require-hashes lets in only the very files it was made from. uv comes out of the same lock.
$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
	  || { echo "takesheet needs Python 3.11 to 3.13; name one: make PYTHON=python3.12" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@awk '/^uv==/ {on=1} on {print} on && !/\\$$/ {exit}' requirements.txt > $(VENV)/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.txt
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $(READY)

demo: $(READY)
	$(BIN)/takesheet demo --yes

# Kernels are compiled once, before several at once would each begin to.
WARM := $(BIN)/python -c "from dsp.kernels import warm; warm()"

# Two workers a core: many tests wait, for a terminal or for a server.
test: WORKERS ?= $(shell echo $$((2 * $$(getconf _NPROCESSORS_ONLN))))
test: $(READY)
	@$(WARM)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

quick: $(READY)
	@$(WARM)
	$(BIN)/python -m pytest -n auto --dist load -m "not slow" tests/domain tests/dsp tests/orchestrator/log

# The manual page takesheet(1), from the command tree; man -l shows it.
man: $(READY)
	$(BIN)/python -m tools.man_page build/takesheet.1

# The statements and rows of the read models, from their declared tables.
models: $(READY)
	$(BIN)/python -m tools.compile_models

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tests/lint_tree.py
	$(BIN)/python tests/lint_words.py

# SUITE=label measures one suite: log, startup, sound, label or plan; KEEP=FOLDER keeps the labels that are generated.
bench: $(READY)
	$(BIN)/python -m tests.benchmarks $(SUITE) --scale $(SCALE) $(if $(KEEP),--keep "$(KEEP)")

# JOBS=2 runs two drills at a time.
drill: $(READY)
	$(BIN)/python -m tests.drills --scale $(SCALE) --jobs $(JOBS)

lock: $(READY)
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-emit-index-url \
	  --custom-compile-command "make lock" --extra dev --python-version 3.11 --output-file requirements.txt pyproject.toml

# Has the lock a wheel of everything for each Python and machine that we name?  Needs no other interpreter. Of Intel Macs
# it is not asked: cryptography has none for them; of other Macs it is asked from macOS 14 on, as av is.
portable: export MACOSX_DEPLOYMENT_TARGET := 14.0
portable: $(READY)
	@for python in 3.11 3.12 3.13; do \
	  for machine in x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu aarch64-apple-darwin; do \
	    $(BIN)/uv pip install --quiet --dry-run --target build/portable --python $(BIN)/python --python-version $$python \
	      --python-platform $$machine --only-binary :all: --no-deps --require-hashes -r requirements.txt \
	      && echo "the lock resolves for Python $$python on $$machine" || exit 1; \
	  done; \
	done

clean:
	rm -rf $(VENV) .venv-bench build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
