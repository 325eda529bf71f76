# Everything a newcomer types. `make help` lists it.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV := $(shell command -v uv || echo .uv/bin/uv)
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/.uv/bin:$(PATH)
export UV_PYTHON_DOWNLOADS := never
# A company's proxy signs with certificates that only the system knows; older uv calls the switch native TLS.
export UV_SYSTEM_CERTS := 1
export UV_NATIVE_TLS := 1
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help setup repro test test-fast lint format app annotate lab pretrain bench

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(READY) ## create the environment in .venv (7 GB, about a minute on a fast line)

repro: $(READY) ## run the whole graph: only what changed; then open reports/index.html
	@dvc repro
	@echo "The report: $(CURDIR)/reports/index.html"

test: test-fast ## run all tests
	@pytest -m slow

test-fast: $(READY) ## run the tests that take seconds
	@OMP_NUM_THREADS=1 pytest -m "not slow" -n logical --dist loadscope

lint: $(READY) ## check style, types, the one-way arrows, and that notebooks are clean
	@ruff check
	@ruff format --check
	@mypy
	@lint-imports
	@fabeye notebook clean --check

format: $(READY) ## bring code and notebooks into the house's form
	@ruff check --fix
	@ruff format
	@fabeye notebook clean

app: $(READY) ## open the app on what the pipeline made (http://127.0.0.1:7860)
	@python -m app.main

annotate: $(READY) | $(UV) ## start Label Studio with the pages to check (its own environment, made when first needed)
	@fabeye annotate

lab: $(READY) ## open JupyterLab on the notebooks
	@jupyter lab --ip=127.0.0.1 notebooks

pretrain: $(READY) ## train the three stages in NPROC processes (default: one a GPU); PROFILE=cluster, see docs/CLUSTER.md
	@composer $(if $(NPROC),-n $(NPROC)) -m fabeye.training.launch $(if $(PROFILE),--profile $(PROFILE)) base highres native

bench: $(READY) ## measure the stages; writes reports/bench.json
	@fabeye bench --out reports/bench.json

$(READY): pyproject.toml uv.lock | $(UV)
	@echo "Making the environment in .venv (only when pyproject.toml or uv.lock has changed) ..."
	@$(UV) sync --locked --quiet --python $(PYTHON)
	@touch $(READY)

.uv/bin/uv:
	@echo "uv is not installed; putting it into .uv ..."
	@$(PYTHON) -m pip install --quiet --target .uv uv || ($(PYTHON) -m venv .uv && .uv/bin/pip install --quiet uv)
