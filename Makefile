# Every target sets up what it needs, once. `make` alone tells what there is.

PYTHON ?= python3
BIN := .venv/bin

# One sentence for a tool that is missing or too old, before anything else fails on it.
CHECK_PYTHON = $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	{ echo "make: $(PYTHON) is missing or older than 3.11: install Python 3.11 or newer, or name it: make PYTHON=python3.12" >&2; exit 1; }
CHECK_NODE = node -e 'process.exit(+(parseInt(process.versions.node) < 20))' 2>/dev/null || \
	{ echo "make: node is missing or older than 20: install Node.js 22 or 24, the CDK runs on it" >&2; exit 1; }
# What it works on still, and the CDK says in a box of eleven lines.
TELL_OLD_NODE = node -e 'process.exit(+(parseInt(process.versions.node) >= 22))' && \
	echo "make: Node.js $$(node -p process.versions.node) is past its end of life: it works still, but install 22 or 24" >&2 || true

# What tests/support/browser.py looks for.
HAS_BROWSER = { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null
MAY_INSTALL = { test "$$(id -u)" = 0 && command -v apt-get >/dev/null || \
	{ echo "make: no browser, and no right to install one: install chromium, as root: apt-get install chromium" >&2; exit 1; }; }

# Each target with a sentence.
.PHONY: $(shell sed -n 's/^\([a-z-]*\):.*\#\# .*/\1/p' $(firstword $(MAKEFILE_LIST)))
.DELETE_ON_ERROR:

help:  ## tell what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: node_modules/.ready .venv/.ready  ## set up .venv and the pinned CDK CLI

local: setup  ## deploy app.py to an AWS emulated on this machine, and show what happens there
	@$(BIN)/python -m emulator.tour

probe: setup  ## find out on an account of yours what the real SES does, by ARGS="--region eu-west-1"; it asks before it makes anything
	@exec $(BIN)/python -m probe $(ARGS)

test: lint  ## run the checks, and all tests but those of tests/slow.toml, some minutes
	@$(BIN)/python -m pytest --numprocesses auto --dist loadgroup -m "not slow"

test-all: lint tests/typing/node_modules/.ready  ## run the same, and the tests of tests/slow.toml, twenty minutes
	@$(BIN)/python -m pytest --numprocesses auto --dist loadgroup

browser:  ## install Debian's chromium where there is no browser: the review page is tested in it
	@$(HAS_BROWSER) || { $(MAY_INSTALL) && { \
	  echo "installing chromium, half a minute"; \
	  apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends chromium >/dev/null; \
	}; }

soak: setup  ## play random histories for 20000 steps or STEPS=..., and overlapping ones for 100 times as many, some minutes, and print what happened
	@SOAK_STEPS=$(or $(STEPS),20000) $(BIN)/python -m pytest tests/provider/test_machine.py --capture=no --quiet --no-header
	@SOAK_STEPS=$(or $(STEPS),20000)00 $(BIN)/python -m pytest tests/interleaved/test_interleaved.py --capture=no --quiet --no-header

forecasts: setup  ## hold what plan says against what the staged function does, in 5000 random states or STATES=..., some minutes
	@FORECAST_STATES=$(or $(STATES),5000) FORECAST_FIRST=$(or $(FIRST),1000) $(BIN)/python -m pytest tests/lifecycle/test_forecast.py --capture=no --quiet --no-header

mends: setup  ## take out each of the mends that overlap needs, alone, some minutes, and tell what noticed that
	@$(BIN)/python -m tests.interleaved.without

meaning: setup  ## hold the verdicts of diff against 200000 random pairs or PAIRS=..., half an hour, and print them
	@MEANING_PAIRS=$(or $(PAIRS),200000) $(BIN)/python -m pytest tests/meaning --capture=no --quiet --no-header

meaning-faults: setup  ## put each of some faults into the model of requests, alone, some minutes, and tell which pair of make meaning notices it
	@$(BIN)/python -m tests.meaning.fault_injection

resolved: setup  ## write 20000 random templates or TEMPLATES=... in other words, some twenty minutes, and hold what is said of both against each other
	@RESOLVED_TEMPLATES=$(or $(TEMPLATES),20000) $(BIN)/python -m pytest tests/review/resolved/test_resolved.py --capture=no --quiet --no-header

adoption: setup  ## adopt 1000 random policies or DOCUMENTS=... of one app, a minute or two, deploy them and print how
	@ADOPTION_DOCUMENTS=$(or $(DOCUMENTS),1000) $(BIN)/python -m pytest tests/adoption/test_round_trip.py -k random --quiet --no-header

mutants: setup  ## break the rules and the lifecycle in 5000 places, or MODULE=..., a quarter of an hour or more, and tell what no test notices
	@$(BIN)/python -m tests.mutants $(MODULE)

format: setup  ## write the code in its one style
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

fuzz: setup  ## hand each parser what somebody hostile would, for 60 s each or SECONDS=..., and print how much
	@FUZZ_SECONDS=$(or $(SECONDS),60) $(BIN)/python -m pytest tests/fuzz --capture=no --quiet --no-header

lint: setup  ## check style, types and floors
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports > .venv/floors.txt || { cat .venv/floors.txt; exit 1; }

faults: setup  ## play the fault table, and print what was required and what was seen
	@$(BIN)/python -m pytest tests/provider -m row -p tests.support.fault_table --quiet --no-header

bench-faults: setup benchmarks/node_modules/.ready  ## play some of its rows against ours, AwsCustomResource and a naive handler
	@$(BIN)/python -m benchmarks.faults

bench-bursts: setup benchmarks/node_modules/.ready  ## send 40 and 120 creates at once to ours, once or REPEATS=..., and its peers, some minutes
	@REPEATS=$(or $(REPEATS),1) $(BIN)/python -m benchmarks.bursts

bench-pauses: setup  ## compare ways to wait between two tries by simulation, some minutes
	@$(BIN)/python -m benchmarks.pauses

bench-looks: setup  ## compare how old a look may be when a write rests on it, by simulation, a minute
	@$(BIN)/python -m benchmarks.looks

bench-memory: setup  ## measure what the function takes of a processor and of memory, half a minute
	@$(BIN)/python -m benchmarks.memory

bench-drift: setup  ## look at 100 identities at SES's pace, two minutes
	@$(BIN)/python -m benchmarks.drift

bench-reviews: setup  ## review up to 20,000 policies, and long lists of addresses, some minutes
	@$(BIN)/python -m benchmarks.reviews

bench-scale: setup  ## review, plan and look at 100 to 10,000 policies, some minutes, and draw how that grows
	@$(BIN)/python -m benchmarks.scale

bench-lanes: setup  ## deploy hundreds of policies by simulation, in lanes and not, some minutes
	@$(BIN)/python -m benchmarks.lanes

bench: setup benchmarks/node_modules/.ready  ## measure every figure that there is a goal for, some twenty minutes
	@$(BIN)/python -m benchmarks.bench

dist: setup  ## build the wheel and the sdist of a release into dist, or say what stands in its way
	@$(BIN)/python -m release.ready
	@rm -rf dist
	@$(BIN)/python -m hatchling build --directory dist

test-dist: setup  ## run the tests that the sdist brings against the installed wheel, some minutes
	@DIST_TESTS=all $(BIN)/python -m pytest tests/packaging/test_sdist.py --capture=no --quiet --no-header

pythons: setup  ## run the tests on every Python from 3.11 on that is on this machine, some minutes each
	@$(BIN)/python -m release.elsewhere pythons $(or $(TESTS),tests/rules tests/analysis tests/construct tests/provider tests/review tests/probe tests/fuzz tests/floors)

# Without what counts the calls that the pinned release takes.
cdk-versions: setup  ## run the tests with the lowest and the newest aws-cdk-lib that is allowed, some minutes each
	@$(BIN)/python -m release.elsewhere cdk-versions $(or $(TESTS),tests/construct tests/floors --ignore=tests/construct/test_calls.py)

audit: setup  ## look at the packages that are pinned, and say what could not be looked at from here
	@$(BIN)/python -m release.audit

sbom: setup  ## write the bill of materials that is in the wheel
	@$(BIN)/python -m release.sbom

released: setup  ## write down what this version, VERSION=..., leaves in accounts, into tests/released
	@test -n "$(VERSION)" || { echo "make: VERSION is missing: say make released VERSION=0.1.0" >&2; exit 1; }
	@JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=18,20,22 $(BIN)/python -m tests.released $(VERSION)

drawings: setup  ## write docs/reference and what the other pages have drawn from the code
	@PYTHONPATH=. $(BIN)/python docs/lifecycle.py
	@PYTHONPATH=. $(BIN)/python docs/decisions.py
	@PYTHONPATH=. $(BIN)/python docs/findings.py
	@PYTHONPATH=. $(BIN)/python docs/limits.py
	@PYTHONPATH=. $(BIN)/python docs/log.py
	@PYTHONPATH=. $(BIN)/python docs/wire.py
	@PYTHONPATH=. JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=18,20,22 $(BIN)/python docs/construct.py
	@PYTHONPATH=. JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=18,20,22 $(BIN)/python docs/pull_requests.py
	@PYTHONPATH=. $(BIN)/python docs/many_policies.py

pictures: setup docs  ## take the pictures of docs/images anew, in the browser of this machine
	@PYTHONPATH=. $(BIN)/python docs/pictures.py

docs: .venv-docs/.ready  ## make a site of the documentation, in dist/site, and check its links
	@.venv-docs/bin/python docs/website.py dist/site

clean:  ## remove all that was set up or made
	rm -rf benchmarks/node_modules benchmarks/results tests/typing/node_modules
	rm -rf .venv .venv-docs node_modules cdk.out dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.ready: requirements.txt pyproject.toml
	@$(CHECK_PYTHON)
	@echo "setting up .venv, a minute or two" >&2
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@touch $@

.venv-docs/.ready: docs/requirements.txt
	@$(CHECK_PYTHON)
	@echo "setting up what builds the site, half a minute" >&2
	@$(PYTHON) -m venv .venv-docs
	@.venv-docs/bin/python -m pip install --quiet --disable-pip-version-check --requirement docs/requirements.txt
	@touch $@

node_modules/.ready: package.json package-lock.json
	@$(CHECK_NODE)
	@$(TELL_OLD_NODE)
	@command -v npm >/dev/null || { echo "make: npm is missing: install it, it comes with Node.js" >&2; exit 1; }
	@echo "setting up the CDK CLI" >&2
	@npm ci --silent --no-audit --no-fund
	@touch $@

# After the CDK CLI, whose rule looks for node and npm.
benchmarks/node_modules/.ready: benchmarks/package.json benchmarks/package-lock.json | node_modules/.ready
	@echo "setting up the AWS SDK for Node.js" >&2
	@npm ci --prefix benchmarks --silent --no-audit --no-fund
	@touch $@

# The same.
tests/typing/node_modules/.ready: tests/typing/package.json tests/typing/package-lock.json | node_modules/.ready
	@echo "setting up the second type checker" >&2
	@npm ci --prefix tests/typing --silent --no-audit --no-fund
	@touch $@
