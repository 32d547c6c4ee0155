# The chores. Each target sets up all it needs; see README.md.
.PHONY: help demo test check gallery bench package clean
.DEFAULT_GOAL := help

VENV ?= .venv
PYTHON := $(VENV)/bin/python
export ASCLEPIUS_VENV := $(VENV)
DEMO ?= demo-workspace
GALLERY ?= build/gallery
WORKERS ?= 2
TESTS := -m "not bench" --ignore tests/bench tests

# What Python compiles is kept for the many processes that tests start, whatever the shell says.
unexport PYTHONDONTWRITEBYTECODE

help:
	@echo "make demo      the whole journey on real images, then the window if there is a display"
	@echo "make test      all checks and tests"
	@echo "make check     ruff, mypy --strict, import contracts"
	@echo "make gallery   every page as a picture in $(GALLERY)"
	@echo "make bench     measurements, printed with n"
	@echo "make package   a frozen program in dist/, tried out on its own"

demo:
	@packaging/bootstrap.sh
	@$(VENV)/bin/asclepius demo --folder $(DEMO)

test: check
	@QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest -n $(WORKERS) --dist loadfile $(TESTS) || { \
	  echo "What failed is tried once more, alone: a machine busy with other things may delay a window."; \
	  QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest \
	    --last-failed --last-failed-no-failures none $(TESTS); }

check:
	@packaging/bootstrap.sh dev
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy --num-workers $(WORKERS)
	@$(VENV)/bin/lint-imports --no-cache

gallery:
	@packaging/bootstrap.sh dev
	@xvfb-run -a -s "-screen 0 1920x1200x24" $(PYTHON) tests/gallery.py $(GALLERY)

bench:
	@packaging/bootstrap.sh dev
	@xvfb-run -a -s "-screen 0 3840x2160x24" $(PYTHON) -m pytest -m bench -s tests/bench

package:
	@packaging/bootstrap.sh package
	@packaging/build.sh

clean:
	rm -rf build dist $(DEMO) .mypy_cache .ruff_cache .pytest_cache
