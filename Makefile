# make demo    installs what is missing, builds, runs scenarios/censor.yaml
# make test    installs what is missing, passes every test
# make check   what each commit passes: types, lint, format, import rule, dead code, fast tests
# make bench   measures; the table goes to bench/results/
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := build
BIN := node_modules/.bin
SOURCES := $(shell find src -name '*.ts' -o -name '*.js' -path 'src/*') schemas/scenario.schema.json
NATIVE_SOURCES := $(wildcard src/kernel/native/*.c src/kernel/native/*.h)
# node-gyp looks for Node's headers on the network unless told where they are installed.
NODE_PREFIX := $(shell node -p "require('path').resolve(process.execPath, '../..')")
export npm_config_nodedir := $(if $(wildcard /usr/include/node/node_api.h),/usr,$(if $(wildcard $(NODE_PREFIX)/include/node/node_api.h),$(NODE_PREFIX)))
ifeq ($(npm_config_nodedir),)
unexport npm_config_nodedir
endif

.PHONY: setup build native demo test check lab bench unit golden clean format

setup:
	infra/setup.sh

node_modules/.package-lock.json: package-lock.json | setup
	npm ci --no-audit --no-fund
	@touch $@

native: build/netscenario.node
build/netscenario.node: $(NATIVE_SOURCES) node_modules/.package-lock.json
	@mkdir -p build
	gcc -std=c11 -O2 -Wall -Wextra -Werror -shared -fPIC -DNAPI_VERSION=8 -Inode_modules/node-api-headers/include \
	  -o $@ $(filter %.c,$(NATIVE_SOURCES))

build: dist/runner.js build/netscenario.node
dist/runner.js: $(SOURCES) infra/build.js package.json node_modules/.package-lock.json
	node infra/build.js
	@touch $@

demo: build
	bin/runner apply scenarios/censor.yaml
