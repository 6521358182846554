# make reports, make test, make lab, make bench: each does all its own set-up, once. CONTRIBUTING.md tells the rest.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help reports test check coverage mutation references pictures attacks lab docs bench trust audit lock report-libraries test-libraries \
	python
.NOTPARALLEL:

# What `make reports` makes; choose others with: make reports PARAMS=params/<council>/<publication>.yaml
PARAMS ?= params/rotherham-demo/2022-mid-year.yaml params/rotherham-demo/2022-annual.yaml

# How many councils `make attacks` draws by chance, each with five reports in three years; about half a minute each
COUNCILS ?= 500

# The first of these that is Python 3.11 to 3.14; choose another with: make reports PYTHON=/path/to/python3.12
PYTHONS := python3 python3.14 python3.13 python3.12 python3.11 python
ifndef PYTHON
PYTHON := $(shell for name in $(PYTHONS); do \
	$$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null && echo $$name && break; done)
endif

BIN := .venv/bin

help:
	@echo "make reports  the demonstration's mid-year and annual publication, 25 ward reports each, into outputs/"
	@echo "make test     every check and every test"
	@echo "make lab      the notebooks in JupyterLab"
	@echo "make docs     the documents as a site, links checked, into build/docs/"
	@echo "make coverage  every branch of the method, the analysis and the figures, as their own tests go through them"
	@echo "make mutation  faults planted in the method and the figures, and how many the tests find: some hours"
	@echo "make references  the executed notebooks and the kept figures that tests compare with, after a meant change"
	@echo "make pictures  the pictures of the README, from real pages"
	@echo "make attacks  what was tried against small numbers, counted on the demonstration in docs/small-numbers.md"
	@echo "make trust    faults, attacks and noise let loose, counted in docs/trust.md (longer: make trust FUZZ_MINUTES=600)"
	@echo "make audit    known weaknesses of the locked packages, where the package index can be asked"
	@echo "make bench    our run beside papermill and nbconvert, timed"
	@echo "make lock     requirements.lock from pyproject.toml (newest versions: make lock UPGRADE=--upgrade)"

reports: .venv/ready
	$(BIN)/svreport run $(PARAMS)

test: test-libraries check
	$(BIN)/pytest -n auto --dist loadfile

check: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

coverage: .venv/ready
	$(BIN)/pytest tests/unit/toms tests/unit/analysis tests/unit/figures tests/golden/test_every_figure.py \
		--cov=sv_lib/toms --cov=sv_lib/analysis --cov=sv_lib/figures --cov-branch \
		--cov-report=term-missing:skip-covered --cov-fail-under=100

mutation: .venv/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check mutmut==3.8.1
	nice -n 15 $(BIN)/python -m scripts.mutation

references: .venv/ready
	$(BIN)/python -m scripts.standard_notebooks
	$(BIN)/python tests/notebooks/make.py
	PYTHONPATH=.:tests $(BIN)/python tests/golden/kept_figures.py

pictures: reports
	$(BIN)/python scripts/pictures.py

attacks: PARAMS := $(patsubst %,params/rotherham-demo/%.yaml,2022-mid-year 2022-annual 2023-mid-year 2023-annual)
attacks: reports
	$(BIN)/python -m tests.attacks.count $(foreach file,$(PARAMS),$(file)=$(patsubst params/%.yaml,outputs/%,$(file)))
	SV_DRAWN_COUNCILS=$(COUNCILS) $(BIN)/pytest -n auto --dist load tests/unit/figures/test_councils_over_years.py

lab: .venv/ready
	@mkdir -p .venv/share/jupyter/lab/settings && cp notebooks/lab.json .venv/share/jupyter/lab/settings/overrides.json
	$(BIN)/svreport lab params
	$(BIN)/jupyter lab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/outputs/lab/start.md \
		$(if $(filter 0,$(shell id -u)),--allow-root)

docs: .venv/ready
	$(BIN)/sphinx-build --conf-dir docs/site --doctree-dir build/doctrees --keep-going --fail-on-warning --quiet . build/docs
	@echo "Open build/docs/index.html"

trust: test-libraries .venv/ready
	$(BIN)/python -m scripts.trust $(FUZZ_MINUTES)

audit: .venv/ready
	$(BIN)/python -m scripts.audit

bench: test-libraries .venv/ready
	$(BIN)/python -m benchmarks.side_by_side $(BENCH)
	$(BIN)/python -m benchmarks.intake
	$(BIN)/python -m benchmarks.growth
	$(BIN)/python -m benchmarks.cross_talk
	$(BIN)/python -m benchmarks.on_a_cluster

lock: .venv/ready
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --all-extras \
		--generate-hashes --custom-compile-command "make lock" $(UPGRADE) --output-file requirements.lock pyproject.toml

report-libraries: | python
	@$(PYTHON) scripts/system_libraries.py

test-libraries: | python
	@$(PYTHON) scripts/system_libraries.py --for-tests

python:
	@test -n "$(PYTHON)" || { echo "This project needs Python 3.11, 3.12, 3.13 or 3.14, and none of these is one:" \
		"$(PYTHONS). Install one, or name it: make reports PYTHON=/path/to/python3.12" >&2; exit 1; }

# The locked packages are made anew when the lock changes; the project itself is put on top when its own file changes.
.venv/locked: requirements.lock scripts/environment.py | report-libraries
	@$(PYTHON) scripts/environment.py
	@touch $@

.venv/ready: .venv/locked pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
