# Every target first sets up what it needs. `make` alone lists the targets.

PYTHON ?= python3
BIN := .venv/bin

# One sentence for a tool that is missing or too old, before anything else fails on it.
CHECK_PYTHON = $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	{ echo "make: $(PYTHON) is missing or older than 3.11: install Python 3.11 or newer, or name it: make PYTHON=python3.12" >&2; exit 1; }
CHECK_NODE = node -e 'process.exit(+(parseInt(process.versions.node) < 20))' 2>/dev/null || \
	{ echo "make: node is missing or older than 20: install Node.js 22 or 24, the CDK runs on it" >&2; exit 1; }
# The CDK still runs on it, and would say so in a box of eleven lines.
TELL_OLD_NODE = node -e 'process.exit(+(parseInt(process.versions.node) >= 22))' && \
	echo "make: Node.js $$(node -p process.versions.node) is past its end of life: it works still, but install 22 or 24" >&2 || true

# The names that tests/support/browser.py looks for.
HAS_BROWSER = { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null
MAY_INSTALL = { test "$$(id -u)" = 0 && command -v apt-get >/dev/null || \
	{ echo "make: no browser, and no right to install one: install chromium, as root: apt-get install chromium" >&2; exit 1; }; }

# Every target that has a help text.
.PHONY: $(shell sed -n 's/^\([a-z-]*\):.*\#\# .*/\1/p' $(firstword $(MAKEFILE_LIST)))
.DELETE_ON_ERROR:

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: node_modules/.ready .venv/.ready  ## install the pinned packages into .venv, and the pinned CDK CLI

local: setup  ## deploy, change and destroy the example app.py on an AWS emulated on this machine
	@$(BIN)/python -m emulator.tour

probe: setup  ## find out by calls in your AWS account how the real SES treats policies, ARGS="--region eu-west-1"; asks before it creates anything
	@exec $(BIN)/python -m probe $(ARGS)

test: lint  ## run lint and the tests, without the slow ones that tests/slow.toml lists, some minutes
	@$(BIN)/python -m pytest --numprocesses auto --dist loadgroup -m "not slow"

test-all: lint tests/typing/node_modules/.ready  ## run lint and all tests, twenty minutes
	@$(BIN)/python -m pytest --numprocesses auto --dist loadgroup

browser:  ## install Debian's chromium, for the tests of the review page, if there is no browser
	@$(HAS_BROWSER) || { $(MAY_INSTALL) && { \
	  echo "installing chromium, half a minute"; \
	  apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends chromium >/dev/null; \
	}; }

soak: setup  ## test the Lambda function with random histories, 20000 steps or STEPS=..., and 100 times as many overlapping ones, some minutes
	@SOAK_STEPS=$(or $(STEPS),20000) $(BIN)/python -m pytest tests/provider/function/test_machine.py --capture=no --quiet --no-header
	@SOAK_STEPS=$(or $(STEPS),20000)00 $(BIN)/python -m pytest tests/provider/interleaved/test_interleaved.py --capture=no --quiet --no-header

forecasts: setup  ## compare what plan predicts with what the function does, in 5000 random states or STATES=..., some minutes
	@FORECAST_STATES=$(or $(STATES),5000) FORECAST_FIRST=$(or $(FIRST),1000) $(BIN)/python -m pytest tests/review/live/test_forecast.py --capture=no --quiet --no-header

mends: setup  ## remove each safeguard against overlapping events, one after the other, and list the tests that notice, some minutes
	@$(BIN)/python -m tests.provider.interleaved.without

meaning: setup  ## compare the verdicts of diff with a model of how AWS evaluates requests, 200000 random pairs of policies or PAIRS=..., half an hour
	@MEANING_PAIRS=$(or $(PAIRS),200000) $(BIN)/python -m pytest tests/analysis/meaning --capture=no --quiet --no-header

meaning-faults: setup  ## put faults into the model of make meaning, one after the other, and list the pairs that notice, some minutes
	@$(BIN)/python -m tests.analysis.meaning.fault_injection

resolved: setup  ## rewrite 20000 random templates or TEMPLATES=... with intrinsic functions, and compare what the review says of both, twenty minutes
	@RESOLVED_TEMPLATES=$(or $(TEMPLATES),20000) $(BIN)/python -m pytest tests/review/resolved/test_resolved.py --capture=no --quiet --no-header

adoption: setup  ## adopt 1000 random policies or DOCUMENTS=... into one app and deploy it, a minute or two
	@ADOPTION_DOCUMENTS=$(or $(DOCUMENTS),1000) $(BIN)/python -m pytest tests/review/live/adoption/test_round_trip.py -k random --quiet --no-header

mutants: setup  ## break the code in 20000 places, or only in MODULE=..., and list what no test notices, an hour
	@$(BIN)/python -m tests.mutants $(MODULE)

format: setup  ## format the code and apply the fixes of the linter
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

fuzz: setup  ## give hostile input to each parser, 60 s or SECONDS=... each
	@FUZZ_SECONDS=$(or $(SECONDS),60) $(BIN)/python -m pytest tests/fuzz --capture=no --quiet --no-header

lint: setup  ## check style, types and which module may import which
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports > .venv/floors.txt || { cat .venv/floors.txt; exit 1; }

faults: setup  ## print the fault table: what goes wrong, what must come of it, and what did in a test
	@$(BIN)/python -m pytest tests/provider/function -m row -p tests.support.fault_table --quiet --no-header

bench-faults: setup benchmarks/node_modules/.ready  ## play faults of the fault table against this function, AwsCustomResource and a naive handler
	@$(BIN)/python -m benchmarks.faults

bench-bursts: setup benchmarks/node_modules/.ready  ## send 40 and 120 creates at once to this function and its alternatives, once or REPEATS=..., some minutes
	@REPEATS=$(or $(REPEATS),1) $(BIN)/python -m benchmarks.bursts

bench-pauses: setup  ## compare ways to wait between two attempts, by simulation, some minutes
	@$(BIN)/python -m benchmarks.pauses

bench-looks: setup  ## compare how old a read may be that a write relies on, by simulation, a minute
	@$(BIN)/python -m benchmarks.looks

bench-memory: setup  ## measure the processor time and memory of the function, half a minute
	@$(BIN)/python -m benchmarks.memory

bench-drift: setup  ## measure the drift command on 100 identities at the pace of SES, two minutes
	@$(BIN)/python -m benchmarks.drift

bench-reviews: setup  ## measure the review of up to 20,000 policies, and of long lists of addresses, some minutes
	@$(BIN)/python -m benchmarks.reviews

bench-scale: setup  ## measure review, plan and drift with 100 to 10,000 policies, and draw how the time grows, some minutes
	@$(BIN)/python -m benchmarks.scale

bench-lanes: setup  ## compare deploys of hundreds of policies in lanes and without, by simulation, some minutes
	@$(BIN)/python -m benchmarks.lanes

bench: setup benchmarks/node_modules/.ready  ## measure every figure that has a goal, some twenty minutes
	@$(BIN)/python -m benchmarks.bench

dist: setup  ## build the wheel and the sdist of a release into dist, or say what is missing for one
	@$(BIN)/python -m release.ready
	@rm -rf dist
	@$(BIN)/python -m hatchling build --directory dist

test-dist: setup  ## run the tests in the sdist against the installed wheel, some minutes
	@DIST_TESTS=all $(BIN)/python -m pytest tests/packaging/test_sdist.py --capture=no --quiet --no-header

pythons: setup  ## run the tests with every Python on this machine, from 3.11 on, some minutes each
	@$(BIN)/python -m release.elsewhere pythons $(or $(TESTS),tests/rules tests/analysis tests/construct tests/provider/function tests/review tests/probe tests/fuzz tests/conventions)

# Without test_calls.py, whose counts are those of the pinned release.
cdk-versions: setup  ## run the tests with the lowest and the newest allowed aws-cdk-lib, some minutes each
	@$(BIN)/python -m release.elsewhere cdk-versions $(or $(TESTS),tests/construct tests/conventions --ignore=tests/construct/test_calls.py)

audit: setup  ## check pins, licences and known vulnerabilities of the packages, and say what could not be checked from here
	@$(BIN)/python -m release.audit

sbom: setup  ## write the bill of materials (SBOM) of the wheel
	@$(BIN)/python -m release.sbom

released: setup  ## record what the version VERSION=... leaves in accounts, into tests/released
	@test -n "$(VERSION)" || { echo "make: VERSION is missing: say make released VERSION=0.1.0" >&2; exit 1; }
	@JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=18,20,22 $(BIN)/python -m tests.released $(VERSION)

drawings: setup  ## write docs/reference and the other parts of pages that come from the code
	@PYTHONPATH=. $(BIN)/python docs/lifecycle.py
	@PYTHONPATH=. $(BIN)/python docs/decisions.py
	@PYTHONPATH=. $(BIN)/python docs/findings.py
	@PYTHONPATH=. $(BIN)/python docs/limits.py
	@PYTHONPATH=. $(BIN)/python docs/log.py
	@PYTHONPATH=. $(BIN)/python docs/wire.py
	@PYTHONPATH=. JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=18,20,22 $(BIN)/python docs/construct.py
	@PYTHONPATH=. JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=18,20,22 $(BIN)/python docs/pull_requests.py
	@PYTHONPATH=. $(BIN)/python docs/many_policies.py

pictures: setup docs  ## take the pictures in docs/images again, with the browser of this machine
	@PYTHONPATH=. $(BIN)/python docs/pictures.py

docs: .venv-docs/.ready  ## build the site of the documentation in dist/site, and check its links
	@.venv-docs/bin/python docs/website.py dist/site

clean:  ## remove all that make set up or made
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

# After the CDK CLI, because its rule checks that node and npm are there.
benchmarks/node_modules/.ready: benchmarks/package.json benchmarks/package-lock.json | node_modules/.ready
	@echo "setting up the AWS SDK for Node.js" >&2
	@npm ci --prefix benchmarks --silent --no-audit --no-fund
	@touch $@

# After the CDK CLI for the same reason.
tests/typing/node_modules/.ready: tests/typing/package.json tests/typing/package-lock.json | node_modules/.ready
	@echo "setting up the second type checker" >&2
	@npm ci --prefix tests/typing --silent --no-audit --no-fund
	@touch $@
