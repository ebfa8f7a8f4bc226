# ingot: `make bake` builds and boot-tests both images of the example; `make test` tests ingot itself.
SHELL := /bin/bash
.DELETE_ON_ERROR:
SPEC ?= examples/cluster.yaml
SOURCES := $(shell find src bench -name '*.ts' -o -name '*.tsx') rolldown.config.ts package.json
# Written by `npm ci`, which is all that build, check and unit need: neither root nor a Debian package.
npm := node_modules/.package-lock.json
# Options for a make that this make starts. If this make has a number of jobs, both share them.
side-by-side = --output-sync=target $(if $(findstring -j,$(MAKEFLAGS)),,--jobs=$(shell nproc))

.PHONY: help setup build unit integration e2e rehearsal test test-all bake bench docs clean

help:
	@echo 'make check        types, lint, format, imports, dead code, shell: does not need root (npm run check)'
	@echo 'make unit         unit tests: does not need root (npm run unit; npm test runs both)'
	@echo 'make setup        install what the host needs (Debian packages, npm packages) and build; needs root'
	@echo 'make bake         bake both golden images of $(SPEC) into out/'
	@echo 'make bench        compare ingot with plain Packer, live-build and the theoretical minimum (an hour); docs/performance.md'
	@echo 'make docs         build the pages into a site with search, docs/site/dist; does not need root'
	@echo 'make test         check, unit, integration and end-to-end tests (bakes and boots; about an hour on two cores without KVM)'
	@echo 'make test-all     all of these, and slow tests that rarely fail: more boots, larger clusters, make rehearsal (three hours)'
	@echo 'make test-node    unit and integration tests under the Node.js versions of setup/node-versions (half an hour)'
	@echo 'make rehearsal    tests of whole clusters: broken images, whose rehearsals must fail, and an upgrade (an hour and a half)'
	@echo 'make npm-package  build packages/ingot-VERSION.tgz, an npm package that is installed without a network'
	@echo 'make deb          build packages/ingot_VERSION_all.deb, a Debian package that depends on what a bake needs'
	@echo 'make clean        remove all build results (not out/)'

setup: .make/host dist/.built stand-ins/build/.built

.make/host: setup/host-packages
	@setup/install-host-packages
	@mkdir -p $(@D) && touch $@

# In a second worktree node_modules may be a link; `npm ci` would empty the folder of the first worktree.
$(npm): package.json package-lock.json
	@if [ -L node_modules ]; then \
	  echo 'setup: node_modules is a link to $(realpath node_modules); its packages are used as they are'; \
	else \
	  npm ci --no-fund --no-audit; \
	fi
	@touch $@

dist/.built: $(npm) $(SOURCES)
	rm -rf dist && npm run --silent build
	@touch $@

stand-ins/build/.built: .make/host $(shell find stand-ins -type f -not -path '*/build/*' 2>/dev/null)
	stand-ins/build-debs
	@touch $@

build: dist/.built

# A package of its own: a bake installs nothing of it.
site-npm := docs/site/node_modules/.package-lock.json
$(site-npm): docs/site/package.json docs/site/package-lock.json
	npm ci --prefix docs/site --ignore-scripts --no-fund --no-audit
	@touch $@

# The build refuses a link or an anchor that leads nowhere, and a page that loads anything from elsewhere.
docs: $(site-npm)
	npm run --prefix docs/site --silent build
	@echo 'docs: to read them: python3 -m http.server --directory docs/site/dist 8000, then http://localhost:8000'

.PHONY: npm-package deb
npm-package: build stand-ins/build/.built
	@setup/build-npm-package

deb: build stand-ins/build/.built
	@setup/build-deb

# The parts of `make check`; they run in parallel. They need only `npm ci` and python3.
CHECKS :=
.PHONY: check
check: $(npm)
	@$(MAKE) --no-print-directory $(side-by-side) --keep-going $(CHECKS)

CHECKS += check-types
# Uses the compiler written in Go, which takes a quarter of the time; eslint needs the API of the other compiler.
check-types: $(npm)
	node node_modules/typescript7/bin/tsc -p tsconfig.json

CHECKS += check-lint
check-lint: $(npm)
	npx eslint --max-warnings 0 .

CHECKS += check-format
check-format: $(npm)
	@git ls-files -z '*.ts' '*.tsx' '*.js' '*.cjs' '*.json' '*.md' '*.yaml' | xargs -0 npx prettier --check --log-level warn

CHECKS += check-imports
check-imports: $(npm)
	npx depcruise --output-type err src

CHECKS += check-dead-code
check-dead-code: $(npm)
	npx knip

# No npm package includes shellcheck. If it is not installed, this reports so; in `make test` it fails.
CHECKS += check-shell
check-shell:
	@if command -v shellcheck >/dev/null; then \
	  git ls-files -z | xargs -0 grep -lE '^(#!/bin/(sh|bash)|# shellcheck shell=)' | xargs shellcheck; \
	elif [ -n "$(REQUIRE_SHELLCHECK)" ]; then \
	  echo 'check-shell: shellcheck is not installed; run "make test-host"' >&2; exit 1; \
	else \
	  echo 'check-shell: skipped, since shellcheck is not installed (Debian package shellcheck); make test requires it'; \
	fi

# Rules of ruff.toml, types of pyrightconfig.json; without the modules that this machine's Python happens to have.
CHECKS += check-python
check-python: $(npm)
	node test/lint-python.js
	npx pyright --pythonpath /bin/false

# Spelling (cspell.json, setup/words.txt), and refused words (test/style/words.js).
CHECKS += check-words
check-words: $(npm)
	npx cspell lint --no-progress --no-summary
	node test/style/check.js

.PHONY: $(CHECKS)

unit: $(npm)
	npx vitest run --project unit

# Only the unit tests of node-tools/; make unit runs them too (test/unit/node-tools).
unit-python:
	python3 -B -m unittest discover -s node-tools/test -t node-tools

.PHONY: unit-python

integration: setup .make/test-host $(site-npm)
	npx vitest run --project integration

e2e:
	@test/run e2e e2e-nodes

rehearsal: setup
	npx vitest run --project rehearsal

test: export REQUIRE_SHELLCHECK = 1
test:
	@test/run

test-all:
	@test/run check unit integration e2e e2e-nodes nightly rehearsal

test-node:
	@test/run-node

.PHONY: test-node

bake: setup
	bin/ingot bake $(SPEC)

# A name that test/run also uses.
.PHONY: test-host
test-host: .make/test-host $(site-npm)

.make/test-host: setup/test-packages setup/install-host-packages
	@setup/install-host-packages test-packages
	@mkdir -p $(@D) && touch $@

.make/bench-host: setup/bench-packages setup/install-host-packages
	@setup/install-host-packages bench-packages
	@mkdir -p $(@D) && touch $@

bench: setup .make/bench-host
	node dist/bench/main.js $(SPEC) --out docs/performance --page docs/performance.md --bound 20

clean:
	rm -rf dist man schemas completions packages node_modules .make stand-ins/build docs/performance/work docs/site/dist docs/site/node_modules
