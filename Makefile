# ingot: `make bake` bakes and proves both images of the example; `make test` proves the tool.
SHELL := /bin/bash
.DELETE_ON_ERROR:
SPEC ?= examples/cluster.yaml
SOURCES := $(shell find src bench -name '*.ts') rolldown.config.ts package.json

.PHONY: help setup build check unit integration e2e rehearsal test bake bench clean

help:
	@echo 'make setup        install what the host needs (Debian packages, npm packages) and build'
	@echo 'make bake         bake both golden images of $(SPEC) into out/'
	@echo 'make bench        measure ingot against plain Packer, live-build and the limit (an hour); docs/performance.md'
	@echo 'make test         check, unit, integration and end-to-end tests (bakes and boots)'
	@echo 'make rehearsal    whole clusters: broken images, whose rehearsals must fail, and an upgrade (an hour and a half)'
	@echo 'make check        lint, format, types, dead code, direction of imports, shell'
	@echo 'make clean        remove what was built (not out/)'

setup: dist/.built stand-ins/build/.built

.make/host: setup/host-packages
	@setup/install-host-packages
	@mkdir -p $(@D) && touch $@

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-fund --no-audit
	@touch $@

dist/.built: .make/host node_modules/.package-lock.json $(SOURCES)
	rm -rf dist && npm run --silent build
	@touch $@

stand-ins/build/.built: .make/host $(shell find stand-ins -type f -not -path '*/build/*' 2>/dev/null)
	stand-ins/build-debs
	@touch $@

build: dist/.built

check: setup check-words
	git ls-files -z '*.ts' '*.js' '*.cjs' '*.json' '*.md' '*.yaml' | xargs -0 npx prettier --check --log-level warn
	npx tsc -p tsconfig.json
	npx eslint --max-warnings 0 .
	npx depcruise --output-type err src
	npx knip
	git ls-files -z | xargs -0 grep -lE '^(#!/bin/(sh|bash)|# shellcheck shell=)' | xargs shellcheck

# Spelling (cspell.json, setup/words.txt), and the words of the style (test/style/words.js).
CHECKS += check-words
.PHONY: check-words
check-words: node_modules/.package-lock.json
	npx cspell lint --no-progress --no-summary
	node test/style/check.js

unit: setup
	npx vitest run --project unit

integration: setup .make/test-host
	npx vitest run --project integration

e2e:
	@test/run e2e e2e-nodes

rehearsal: setup
	npx vitest run --project rehearsal

test:
	@test/run

bake: setup
	bin/ingot bake $(SPEC)

# By a name that test/run knows as well.
.PHONY: test-host
test-host: .make/test-host

.make/test-host: setup/test-packages setup/install-host-packages
	@setup/install-host-packages test-packages
	@mkdir -p $(@D) && touch $@

.make/bench-host: setup/bench-packages setup/install-host-packages
	@setup/install-host-packages bench-packages
	@mkdir -p $(@D) && touch $@

bench: setup .make/bench-host
	bin/ingot bench $(SPEC) --out docs/performance --page docs/performance.md --bound 20

clean:
	rm -rf dist node_modules .make stand-ins/build docs/performance/work
