# Copyright 2026 The Isthmus Authors
# SPDX-License-Identifier: Apache-2.0

# One build for everything: the same flags throughout, so that nothing is compiled twice.
SWIFT_BUILD = swift build -c release
SWIFT_TEST = swift test -c release --disable-testable-imports
BIN = .build/release

.PHONY: demo test build lint format bench clean

demo: build ## see a region die and a service live
	@$(BIN)/isthmus demo $(DEMO)

test: lint build ## everything, on real Open vSwitch, nftables and nginx in network namespaces
	@scripts/test $(SWIFT_TEST)

build:
	@scripts/bootstrap
	$(SWIFT_BUILD)

lint:
	swift format lint --strict --parallel --recursive Package.swift Sources Tests

format:
	swift format --in-place --parallel --recursive Package.swift Sources Tests

bench: build ## what the README's table was measured with
	@$(BIN)/isthmus bench failover

clean:
	rm -rf .build
