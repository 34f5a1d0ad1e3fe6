# make demo    installs what is missing, builds, runs scenarios/censor.yaml
# make docker  the same for containers: a running engine and a base image, so that scenarios/mice-docker.yaml can be applied
# make test    installs what is missing, passes every test
# make check   what each commit passes: types, lint, format, import rule, dead code, fast tests and their coverage
# make lab     the tests that need namespaces, alone
# make fuzz    10 million damaged packets through censors with every field and every action; FUZZ_PACKETS=n
# make soak    100 GB of mixed traffic through relays that change nothing, RELAY_BYTES=n; CoMPS at each of its periods, COMPS_PERIODS='n n'
# make bench   measures beside a peer or the kernel; the table goes to bench/results/
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := build
.DELETE_ON_ERROR:
.NOTPARALLEL:
export PATH := $(CURDIR)/node_modules/.bin:$(PATH):/usr/local/sbin:/usr/sbin:/sbin

SOURCES := $(shell find src -name '*.ts' -o -name '*.js') $(wildcard schemas/*.json)
NATIVE_SOURCES := $(wildcard src/kernel/native/*.c)
NATIVE_HEADERS := $(wildcard src/kernel/native/*.h)
FAST_TESTS := 'test/!(lab)/**/*.test.ts'
LAB_TESTS := 'test/lab/**/*.test.ts'
TALLIES := build/tests/fast.json build/tests/lab.json

# node-gyp looks for Node's headers on the network unless told where they are installed: beside node, or in /usr.
NODE_PREFIX := $(shell node -p "require('node:path').resolve(process.execPath, '../..')" 2>/dev/null)
export npm_config_nodedir := $(if $(wildcard $(NODE_PREFIX)/include/node/node.h),$(NODE_PREFIX),/usr)
# npm wants a cache it can write; some accounts have no home.
ifeq ($(shell test -w "$$HOME" && echo writable),)
export npm_config_cache := $(CURDIR)/build/npm-cache
endif
# Root leaves nothing in another user's checkout that its owner could not remove.
OWNED = if [ "$$(id -u)" = 0 ]; then chown -R --reference=. $(1); fi

.PHONY: setup setup-docker setup-test setup-bench build native demo docker test test-fast lab fuzz soak bench format clean check \
  check-types check-lint check-format check-imports check-dead check-mirror check-fresh check-coverage

setup:
	@infra/setup.sh demo
setup-docker:
	@infra/setup.sh docker
setup-test:
	@infra/setup.sh test
setup-bench:
	@infra/setup.sh bench

node_modules/.package-lock.json: package-lock.json | setup
	@test -w . || { echo 'make: this checkout is not yours and not built: let its owner run make once' >&2; exit 3; }
	npm ci --no-audit --no-fund --no-update-notifier
	@# npm 11 and newer run only the install scripts that a project approved, each in its own way of saying so.
	@test -e node_modules/pcap/build/Release/pcap_binding.node || npm rebuild --foreground-scripts pcap
	@# ssh2 is slower without its native part, and works.
	@test -e node_modules/ssh2/lib/protocol/crypto/build/Release/sshcrypto.node || npm rebuild ssh2 || true
	@touch $@
	@$(call OWNED,node_modules)

native: build/netscenario.node
build/netscenario.node: $(NATIVE_SOURCES) $(NATIVE_HEADERS) node_modules/.package-lock.json
	@mkdir -p build
	gcc -std=c11 -O2 -Wall -Wextra -Werror -shared -fPIC -DNAPI_VERSION=8 \
	  -isystem node_modules/node-api-headers/include -o $@ $(NATIVE_SOURCES)
	@$(call OWNED,build)

# Lent to containers, whatever C library they have: it needs none.
build/launch: src/kernel/launch/launch.c
	@mkdir -p build
	gcc -std=c11 -static -s -Os -Wall -Wextra -Werror -o $@ $<
	@$(call OWNED,build)

build: setup dist/runner.js build/netscenario.node build/launch
dist/runner.js: $(SOURCES) infra/build.js package.json node_modules/.package-lock.json
	node infra/build.js
	@touch $@
	@$(call OWNED,dist)

demo: build
	@status=0; bin/runner apply scenarios/censor.yaml || status=$$?; \
	  if [ -d results ]; then $(call OWNED,results); fi; exit $$status

docker: setup-docker build
	@infra/start-engine.sh
	@infra/images/base.sh
	@if [ -d build/images ]; then $(call OWNED,build/images); fi
	@echo 'Containers can run. Try: bin/runner apply scenarios/mice-docker.yaml'

# Container tests need an engine: one that runs, or a private one while they last.
ENGINE := infra/with-engine.sh --or-without

# Both suites run, whatever becomes of the first; the last line is their sum.
test: setup-test build
	@rm -rf build/tests; status=0; \
	  TALLY=build/tests/fast.json mocha $(FAST_TESTS) || status=1; \
	  TALLY=build/tests/lab.json $(ENGINE) mocha $(LAB_TESTS) || status=1; \
	  $(call OWNED,build); \
	  node infra/tally.js $(TALLIES) || status=1; exit $$status

test-fast: setup-test build
	mocha $(FAST_TESTS)

lab: setup-test build
	$(ENGINE) mocha $(LAB_TESTS)

# "make -k check" goes on after a fault.
check: check-types check-lint check-format check-imports check-dead check-mirror check-fresh check-coverage
check-types: build
	tsc -p . --noEmit
check-lint: build
	eslint .
check-format: build
	prettier --check --log-level warn .
check-imports: build
	depcruise src
check-dead: build
	knip
check-mirror: build
	node infra/test-mirror.js
check-fresh: build
	for script in schema-types schema-docs schema-check; do node infra/$$script.js --check; done
check-coverage: setup-test build
	node infra/coverage.js -- mocha --reporter dot $(FAST_TESTS)

fuzz: build
	node --import ts-blank-space/register test/fuzz/soak.ts

soak: export RELAY_BYTES ?= 100000000000
soak: export COMPS_PERIODS ?= 20 50 100 200 300 500 1000
soak: build
	mocha test/lab/agent/relay/identity/identity.test.ts test/lab/acceptance/comps.test.ts

bench: setup-bench build
	$(ENGINE) node --import ts-blank-space/register bench/main.ts
	@$(call OWNED,bench/results)

format:
	prettier --write .

clean:
	rm -rf dist build coverage
