PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && exit; done; echo python3)
PORT ?= 8888
RUN := PATH="$(CURDIR)/.venv/bin:$$PATH"
ALLOW_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
export TORCH_INDEX

.DEFAULT_GOAL := help
.PHONY: help lab test check run claims kit sync release clean env dev

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

lab: env ## open the course in JupyterLab (PORT=8888; TORCH_INDEX=address of an index with torch)
	@echo "Starting JupyterLab; Ctrl-C, twice, stops it."
	@$(RUN) python -m jupyterlab --port=$(PORT) --log-level=WARN $(ALLOW_ROOT) \
	  --ServerApp.root_dir="$(CURDIR)" --LabApp.default_url=/lab/tree/lectures/README.md \
	  --KernelManager.transport_encryption=auto

test: dev ## run every test; first get what they need, where that can be had
	@$(RUN) python tests/support/needs.py
	$(RUN) OMP_NUM_THREADS=1 python -m pytest -n 2

check: dev ## lint, format, floors, declared imports; scripts, notebooks and released assignments in sync
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) lint-imports
	$(RUN) deptry .
	$(RUN) deptry tests tests/support --exclude '\.venv' --ignore DEP002,DEP004
	$(RUN) python -m pytest tests/course/test_in_sync.py

run: env ## execute every lecture headless: seconds, peak memory, pass or fail
	$(RUN) python -m course_utils.jupyter.execute

claims: env ## run every lecture on five seeds, and hold what it says against what its cells gave
	$(RUN) OMP_NUM_THREADS=1 python -m course_utils.jupyter.claims

kit: env ## what an instructor needs: the script, its minutes, questions for Moodle and Canvas, an exam; into kit/
	$(RUN) python -m course_utils.teaching

sync: env ## bring each notebook and the script beside it to the same content, paragraphs filled
	$(RUN) jupytext --sync --pipe 'python -m course_utils.jupyter.wrap' lectures/*.py lectures/*/*.py solutions/*/*.py

release: sync ## make assignments/ from solutions/ with nbgrader
	set -e; for folder in solutions/*/; do $(RUN) nbgrader generate_assignment --force "$$(basename $$folder)"; done

clean: ## remove the environment and caches; gradebook and submissions stay
	rm -rf .venv .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

env:
	@$(PYTHON) install.py

dev:
	@$(PYTHON) install.py --dev
