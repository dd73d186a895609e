# The commands of a developer; each brings .venv up to date first. `make help` lists them.

PYTHON ?= python3
VENV ?= .venv
# Options for meson setup, as in SETUP_ARGS="-Dzstd=bundled -Dbuildtype=debug".
SETUP_ARGS ?=
# Options for pytest, as in PYTEST_ARGS="-k frame -x".
PYTEST_ARGS ?=

BIN := $(VENV)/bin
BOOTSTRAP = $(PYTHON) tools/bootstrap.py --venv $(VENV)
C_FILES = $(wildcard src/backend_c/*.[ch] src/backend_c/*/*.[ch] tests/no_memory/*.c benchmarks/*.c)

.PHONY: help
help:
	@echo "make demo         compress Python's own library and show the figures"
	@echo "make test         run the tests"
	@echo "make lint         check form, types and the life cycle of heap types"
	@echo "make format       put the sources into form"
	@echo "make reference    make docs/reference.md out of the stubs and docstrings"
	@echo "make reliability  run all checks, for an hour or more, and make docs/reliability.md of it"
	@echo "make dist         make the source distribution, and a wheel from it"
	@echo "make clean        remove all that these commands make"
	@echo
	@echo "PYTHON, VENV, SETUP_ARGS (for meson setup) and PYTEST_ARGS may be set,"
	@echo "as in: make test PYTHON=python3.13 VENV=.venv-3.13 PYTEST_ARGS=-x"

.PHONY: demo
demo:
	@$(BOOTSTRAP) --group demo -- $(SETUP_ARGS)
	@$(BIN)/python tools/demo.py

.PHONY: test
test:
	@$(BOOTSTRAP) --group test --oracle -- $(SETUP_ARGS)
	$(BIN)/python -m pytest $(PYTEST_ARGS)

.PHONY: lint
lint:
	@$(BOOTSTRAP) --group dev -- $(SETUP_ARGS)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/clang-format --dry-run -Werror $(C_FILES)
	$(BIN)/mypy
	$(BIN)/python -m mypy.stubtest zstandard
	$(BIN)/python tools/heap_type_check.py src/backend_c

.PHONY: format
format:
	@$(BOOTSTRAP) --group dev -- $(SETUP_ARGS)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/clang-format -i $(C_FILES)

.PHONY: reference
reference:
	@$(BOOTSTRAP) --group dev -- $(SETUP_ARGS)
	$(BIN)/python tools/make_reference.py

.PHONY: reliability
reliability:
	@$(BOOTSTRAP) --group dev -- $(SETUP_ARGS)
	.ci/run all
	$(BIN)/python tools/make_reliability.py

.PHONY: dist
dist:
	@$(BOOTSTRAP) --group dev -- $(SETUP_ARGS)
	$(BIN)/python -m build

.PHONY: clean
clean:
	rm -rf $(VENV) build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	rm -rf subprojects/packagecache subprojects/zstd-*
	$(PYTHON) -c "import pathlib, shutil; [shutil.rmtree(p) for p in pathlib.Path().rglob('__pycache__')]"
