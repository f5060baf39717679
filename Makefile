# Holdfast. `make help` lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

# Seconds for each decoder with `make fuzz`, and which ones; hours for `make soak`, fractions allowed.
SECONDS ?= 60
DECODERS ?= $(sort $(notdir $(wildcard Tests/Fuzz/Corpus/*)))

# Options for `make serve` and `make bench`, such as ARGS="--port 9400".
ARGS ?=

# Of `make torture`: how many rounds of the kill loop, or how many hours, and the seed (none draws one).
ROUNDS ?= 1000
HOURS ?=
SEED ?=

SOURCES := Sources Tests migrations Package.swift
VENV := .venv
SUDO := $(shell [ "$$(id -u)" = 0 ] || ! command -v sudo >/dev/null || echo sudo)

# $(call install,PACKAGES): installs those Debian packages that are missing. apt's lists are fetched only if need be.
define install
	missing=(); \
	for package in $(1); do \
		dpkg-query -W -f '$${Status}' "$$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$$package"); \
	done; \
	if [ "$${#missing[@]}" -gt 0 ]; then \
		echo "installing $${missing[*]}"; \
		export DEBIAN_FRONTEND=noninteractive; \
		$(SUDO) apt-get install -y --no-install-recommends "$${missing[@]}" </dev/null >/dev/null 2>&1 || { \
			$(SUDO) apt-get update </dev/null; \
			$(SUDO) apt-get install -y --no-install-recommends "$${missing[@]}" </dev/null; \
		}; \
	fi
endef

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: serve
serve: ## Build the release and run the broker with its data in ./data (ARGS="--port 9400" for more)
	@$(call install,libsqlite3-dev)
	swift build -c release --product holdfast
	@exec .build/release/holdfast serve --data ./data $(ARGS)

.PHONY: build
build: ## Build the release
	@$(call install,libsqlite3-dev)
	swift build -c release

.PHONY: test
test: test-swift test-end-to-end ## Run all tests, on one release build

.PHONY: build-tests
build-tests:
	@$(call install,libsqlite3-dev)
	swift build -c release --build-tests

.PHONY: test-swift
test-swift: build-tests ## Run the Swift tests alone
	@log=$$(mktemp); trap 'rm -f "$$log"' EXIT; \
	swift test -c release --skip-build --disable-xctest 2>&1 | tee "$$log" || { \
		echo "What failed, of all the above:"; grep -A 1 -E '✘|Fatal error|error:' "$$log"; exit 1; \
	}

.PHONY: test-end-to-end
test-end-to-end: build-tests $(VENV)/installed ## Run the tests that drive the real binary alone
	@$(call install,strace curl)
	@( $(call install,faketime) ) || echo "faketime can't be had: its tests are skipped"
	@if [ -e Tests/EndToEnd/environments.sh ]; then bash Tests/EndToEnd/environments.sh; fi
	$(VENV)/bin/python -m pytest Tests/EndToEnd

# Whatever one part finds, the others run, too.
.PHONY: torture
torture: ## Run the fault tests for long (ROUNDS=1000, or HOURS=8; SEED=1)
	@failed=; for part in kill power disk image; do \
		$(MAKE) torture-$$part || failed="$$failed torture-$$part"; \
	done; \
	if [ -n "$$failed" ]; then echo "These failed:$$failed"; exit 1; fi

.PHONY: torture-kill
torture-kill: $(VENV)/installed ## Kill the broker under load again and again, and judge what it kept
	@$(call install,libsqlite3-dev)
	swift build -c release --product holdfast
	swift build -c release --product HoldfastWithFailPoints
	$(VENV)/bin/python Tests/EndToEnd/torture_kill.py --rounds $(ROUNDS) \
		$(if $(HOURS),--hours $(HOURS)) $(if $(SEED),--seed $(SEED))

# Seeds of `make torture-power`, from FIRST_SEED on; scenarios of `make torture-disk`, rounds of `make torture-image`.
POWER_SEEDS ?= 20000
FIRST_SEED ?= 1000
FAULT_SEEDS ?= 4
POWER_CUT_ROUNDS ?= 200

.PHONY: torture-power
torture-power: build-tests ## Cut the power under the store again and again (POWER_SEEDS=20000)
	HOLDFAST_TEST_POWER_SEEDS=$(POWER_SEEDS) HOLDFAST_TEST_POWER_FIRST_SEED=$(FIRST_SEED) \
		swift test -c release --skip-build --disable-xctest --filter PowerLossTests

.PHONY: torture-disk
torture-disk: build-tests ## Let each operation of the disk fail in turn (FAULT_SEEDS=4)
	HOLDFAST_TEST_FAULT_SEEDS=$(FAULT_SEEDS) HOLDFAST_TEST_FAULT_STRIDE=1 \
		swift test -c release --skip-build --disable-xctest --filter FailingDiskTests

.PHONY: torture-image
torture-image: build-tests $(VENV)/installed ## Cut the power under the broker by copies of its disk (needs root)
	HOLDFAST_TEST_TORTURE=1 HOLDFAST_TEST_POWER_CUT_ROUNDS=$(POWER_CUT_ROUNDS) HOLDFAST_TEST_SEED=$(SEED) \
		$(VENV)/bin/python -m pytest -s Tests/EndToEnd/test_power_cut.py

# Made anew whenever the requirements change; the mark is written last, so that a broken install is not taken for one.
$(VENV)/installed: $(wildcard Tests/EndToEnd/requirements*.txt)
	@if ! python3 -c 'import ensurepip' 2>/dev/null; then $(call install,python3-venv); fi
	rm -rf $(VENV)
	python3 -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r Tests/EndToEnd/requirements.txt
	touch $@

# Fewer runs of the model test than elsewhere: it is ten times slower here.
.PHONY: sanitize
sanitize: sanitize-thread sanitize-address ## Run the Swift tests under ThreadSanitizer and AddressSanitizer

.PHONY: sanitize-thread
sanitize-thread: export HOLDFAST_MODEL_SEEDS ?= 60
sanitize-thread:
	@$(call install,libsqlite3-dev)
	swift build --build-tests --sanitize=thread --scratch-path .build/tsan
	clang -shared -fPIC -O1 -Wall -Wextra -o .build/tsan/mutex.so Tests/Sanitizers/mutex.c
	@# A test of the test: the sanitizer must tell a race from a lock that is fought over.
	swiftc -parse-as-library -sanitize=thread -o .build/tsan/race Tests/Sanitizers/race.swift
	LD_PRELOAD=$(CURDIR)/.build/tsan/mutex.so .build/tsan/race locked
	! LD_PRELOAD=$(CURDIR)/.build/tsan/mutex.so .build/tsan/race unlocked 2>/dev/null
	LD_PRELOAD=$(CURDIR)/.build/tsan/mutex.so \
		swift test --skip-build --disable-xctest --sanitize=thread --scratch-path .build/tsan

# Leaks are left to `make soak`: Swift keeps pointers in forms that LeakSanitizer does not know, and it reports them.
.PHONY: sanitize-address
sanitize-address: export HOLDFAST_MODEL_SEEDS ?= 60
sanitize-address:
	@$(call install,libsqlite3-dev)
	swift build --build-tests --sanitize=address --scratch-path .build/asan
	ASAN_OPTIONS=detect_leaks=0 \
		swift test --skip-build --disable-xctest --sanitize=address --scratch-path .build/asan

# What it finds new goes to .build/fuzz/corpus, what breaks a promise to .build/fuzz/found: make that a file of
# Tests/Fuzz/Corpus, which `make test` tries. Leaks are not looked for, as with `make sanitize`.
.PHONY: fuzz
fuzz: export HOLDFAST_FUZZ := 1
fuzz: ## Fuzz each decoder for a while (SECONDS=60; DECODERS="json http" for some)
	@$(call install,libsqlite3-dev)
	swift build -c release --sanitize=fuzzer --sanitize=address --product HoldfastFuzz --scratch-path .build/fuzz
	mkdir -p .build/fuzz/found
	@for decoder in $(DECODERS); do \
		echo "== $$decoder"; \
		mkdir -p .build/fuzz/corpus/$$decoder; \
		HOLDFAST_FUZZ_DECODER=$$decoder ASAN_OPTIONS=detect_leaks=0 .build/fuzz/release/HoldfastFuzz \
			-max_total_time=$(SECONDS) -max_len=4096 -timeout=5 -rss_limit_mb=1024 -detect_leaks=0 \
			-print_final_stats=1 -verbosity=0 -artifact_prefix=.build/fuzz/found/$$decoder- \
			.build/fuzz/corpus/$$decoder Tests/Fuzz/Corpus/$$decoder; \
	done

.PHONY: soak
soak: $(VENV)/installed ## Run bursts and drains for hours and judge what the broker needs (HOURS=1)
	@$(call install,libsqlite3-dev)
	swift build -c release --product holdfast
	$(VENV)/bin/python Tests/EndToEnd/soak.py --hours $(or $(HOURS),1)

.PHONY: bench
bench: ## Build the release and measure the broker (ARGS for options; --help lists them)
	@$(call install,libsqlite3-dev)
	swift build -c release --product holdfast
	swift build -c release --product HoldfastWithFailPoints
	swift build -c release --product HoldfastBench
	.build/release/HoldfastBench $(ARGS)

.PHONY: format
format: ## Format all Swift sources in place
	swift format --in-place --recursive $(SOURCES)

.PHONY: lint
lint: ## Check the form of all Swift sources
	swift format lint --strict --recursive $(SOURCES)
