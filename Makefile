# make demo   build the binary and scan an image that this repository makes, without network
# make test   install what the tests need and run everything that CI runs
# make bench  the numbers of docs/benchmarks.md, as ratios in one run

SHELL := /bin/bash
.DELETE_ON_ERROR:

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X github.com/boltseal/boltseal/cli.version=$(VERSION)
export CGO_ENABLED := 0


.PHONY: build demo test check cross bench fuzz clean

build:
	go build -trimpath -ldflags '$(LDFLAGS)' -o bin/boltseal ./cmd/boltseal

demo: build
	go run ./internal/demo/make bin/demo
	@echo; echo '$$ boltseal scan oci:bin/demo'; echo
	bin/boltseal scan oci:bin/demo --no-db --no-cache

test: packages
	.ci/test

packages:
	.ci/packages

check:
	.ci/check

cross:
	GOOS=linux GOARCH=amd64 go build -trimpath -ldflags '$(LDFLAGS)' -o bin/boltseal-linux-amd64 ./cmd/boltseal
	GOOS=linux GOARCH=arm64 go build -trimpath -ldflags '$(LDFLAGS)' -o bin/boltseal-linux-arm64 ./cmd/boltseal

# The images are made once, from Debian and npm packages (root, minutes, 5 GB).
BENCH ?= .cache/bench/small .cache/bench/large
bench: build packages
	case "$(BENCH)" in *.cache/bench/*) internal/bench/images .cache/bench ;; esac
	go run ./internal/bench $(BENCH)

# Every fuzz target for FUZZTIME each, one after the other.
FUZZTIME ?= 1m
fuzz:
	.ci/fuzz $(FUZZTIME)

clean:
	rm -rf bin
