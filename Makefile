# Every target sets up what it needs, once. `make` alone tells what there is.

PYTHON ?= python3
BIN := .venv/bin

# One sentence for a tool that is missing or too old, before anything else fails on it.
CHECK_PYTHON = $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	{ echo "make: $(PYTHON) is missing or older than 3.11: install Python 3.11 or newer, or name it: make PYTHON=python3.12" >&2; exit 1; }
CHECK_NODE = node -e 'process.exit(+(parseInt(process.versions.node) < 20))' 2>/dev/null || \
	{ echo "make: node is missing or older than 20: install Node.js 20 or newer, the CDK runs on it" >&2; exit 1; }

# What tests/support/browser.py looks for.
HAS_BROWSER = { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null
MAY_INSTALL = { test "$$(id -u)" = 0 && command -v apt-get >/dev/null || \
	{ echo "make: no browser, and no right to install one: install chromium, as root: apt-get install chromium" >&2; exit 1; }; }

.PHONY: help setup local test browser soak meaning lint faults bench-faults bench-bursts bench-pauses bench-lanes bench drawings pictures clean
.DELETE_ON_ERROR:

help:  ## tell what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 21

setup: node_modules/.ready .venv/.ready  ## set up .venv and the pinned CDK CLI

local: setup  ## deploy app.py to an AWS emulated on this machine, and show what happens there
	@$(BIN)/python -m emulator.tour

test: lint  ## run the checks and all tests
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadgroup

browser:  ## install Debian's chromium where there is no browser: the review page is tested in it
	@$(HAS_BROWSER) || { $(MAY_INSTALL) && { \
	  echo "installing chromium, half a minute"; \
	  apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends chromium >/dev/null; \
	}; }

soak: setup  ## play random histories for 20000 steps or STEPS=..., some minutes, and print what happened
	@SOAK_STEPS=$(or $(STEPS),20000) $(BIN)/python -m pytest tests/provider/test_machine.py --capture=no --quiet --no-header

meaning: setup  ## hold the verdicts of diff against 100000 random pairs or PAIRS=..., some minutes, and print them
	@MEANING_PAIRS=$(or $(PAIRS),100000) $(BIN)/python -m pytest tests/review/test_meaning.py --capture=no --quiet --no-header

lint: setup  ## check style, types and floors
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports > .venv/floors.txt || { cat .venv/floors.txt; exit 1; }

faults: setup  ## play the fault table, and print what was required and what was seen
	@$(BIN)/python -m pytest tests/provider -m row -p tests.support.fault_table --quiet --no-header

bench-faults: setup benchmarks/node_modules/.ready  ## play some of its rows against ours, AwsCustomResource and a naive handler
	@$(BIN)/python -m benchmarks.faults

bench-bursts: setup benchmarks/node_modules/.ready  ## send 40 and 120 creates at once to ours and its peers, some minutes
	@$(BIN)/python -m benchmarks.bursts

bench-pauses: setup  ## compare ways to wait between two tries by simulation, some minutes
	@$(BIN)/python -m benchmarks.pauses

bench-lanes: setup  ## deploy hundreds of policies by simulation, in lanes and not, some minutes
	@$(BIN)/python -m benchmarks.crowds

bench: setup  ## measure what a policy costs at synth, in Lambda and in a review, beside the least that it could
	@$(BIN)/python -m benchmarks.bench

drawings: setup  ## write docs/reference and what the other pages have drawn from the code
	@PYTHONPATH=. $(BIN)/python docs/draw.py
	@PYTHONPATH=. $(BIN)/python docs/findings.py
	@PYTHONPATH=. JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=18,20,22 $(BIN)/python docs/construct.py
	@JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=18,20,22 $(BIN)/python docs/pull_requests.py
	@PYTHONPATH=. $(BIN)/python docs/many_policies.py

pictures: setup  ## take the pictures of docs/images anew, in the browser of this machine
	@PYTHONPATH=. $(BIN)/python docs/pictures.py

clean:  ## remove all that was set up or made
	rm -rf benchmarks/node_modules benchmarks/results
	rm -rf .venv node_modules cdk.out dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.ready: requirements.txt pyproject.toml
	@$(CHECK_PYTHON)
	@echo "setting up .venv, a minute or two"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@touch $@

node_modules/.ready: package.json package-lock.json
	@$(CHECK_NODE)
	@command -v npm >/dev/null || { echo "make: npm is missing: install it, it comes with Node.js" >&2; exit 1; }
	@echo "setting up the CDK CLI"
	@npm ci --silent --no-audit --no-fund
	@touch $@

# After the CDK CLI, whose rule looks for node and npm.
benchmarks/node_modules/.ready: benchmarks/package.json benchmarks/package-lock.json | node_modules/.ready
	@echo "setting up the AWS SDK for Node.js"
	@npm ci --prefix benchmarks --silent --no-audit --no-fund
	@touch $@
