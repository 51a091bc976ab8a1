# Fleetwell: run it, test it, package it. `make help` lists what there is.

JAVA ?= $(if $(JAVA_HOME),$(JAVA_HOME)/bin/java,java)
MVN ?= mvn
MAVEN := $(MVN) --batch-mode --no-transfer-progress

SOURCES := pom.xml functions/package.xml $(shell find functions local events -name pom.xml -o -path '*/src/main/*' -type f -o -path 'events/*')
LOCAL := local/target/lib/fleetwell-local.jar
FUNCTIONS := functions/target/lib/fleetwell-functions.jar
BENCH := bench/target/lib/fleetwell-bench.jar

# DynamoDB Local calls SQLite, of which JDK 24 and later warn without this, and of which JDK 17 knows nothing.
NATIVE = $(shell $(JAVA) --enable-native-access=ALL-UNNAMED -version >/dev/null 2>&1 && echo --enable-native-access=ALL-UNNAMED)
# C1 alone and one collector thread: the quickest start.
QUICK_START := -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto

.DELETE_ON_ERROR:
.PHONY: help run test test-localstack test-packages build format fuzz zip-corpus bench clean jdk faults soak contract bench-quick

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: jdk $(LOCAL) ## run everything on this machine; ARGS=--fresh empties the data first
	@exec $(JAVA) $(QUICK_START) $(NATIVE) -cp 'local/target/lib/*' io.fleetwell.local.Main $(ARGS)

test: jdk ## run every test
	$(MAVEN) verify

test-localstack: jdk ## run the tests of stores and API on LocalStack in Docker; STORES=URL takes one that runs
	$(MAVEN) verify -Plocalstack $(if $(STORES),-Dfleetwell.stores=$(STORES))

# Lambda's runtime client on the files that SAM made. Red as well where one function's are missing.
PACKAGES ?= .aws-sam/build
test-packages: jdk ## test what sam build made, as make test does what it would make
	$(MAVEN) test-compile failsafe:integration-test failsafe:verify --projects testing --also-make \
	  -Dfleetwell.packages=$(PACKAGES)

FUZZ_SECONDS ?= 30
fuzz: jdk ## feed mutated input to what reads a caller's, FUZZ_SECONDS (30) for each target; FUZZ=ZipInspector for some, FUZZ_SEED=1 for the same
	@$(MAVEN) --quiet test-compile dependency:build-classpath --projects functions \
	  -Dspotless.check.skip -Dmdep.outputFile=target/fuzz/classpath
	@.ci/fuzz $(JAVA) $(FUZZ_SECONDS) $(FUZZ)

ZIP_CORPUS := functions/src/test/resources/io/fleetwell/logs/ZipInspectorFuzzTestInputs/whatIsAcceptedReadsOneWay
zip-corpus: jdk ## write the attacks of the zip corpus anew, after a change to them
	@$(MAVEN) --quiet test-compile --projects functions -Dspotless.check.skip
	@rm -rf $(ZIP_CORPUS)/refused/*/
	@$(JAVA) -cp functions/target/test-classes:functions/target/classes io.fleetwell.logs.ZipCorpus $(ZIP_CORPUS)

faults: SECONDS ?= 300
faults: jdk ## fail the stores in every way for SECONDS, and check what callers were told; SEED=N repeats calls and faults
	$(MAVEN) test --projects testing --also-make -Dtest=FaultsTest -Dspotless.check.skip \
	  -Dfleetwell.faults.seconds=$$(($(SECONDS) / 3)) $(if $(SEED),-Dfleetwell.faults.seed=$(SEED))

bench: jdk $(BENCH) ## measure, and update docs/performance.md, which says how
	@cd bench && exec $(JAVA) $(QUICK_START) $(NATIVE) -Dfleetwell.packages=$(if $(wildcard $(PACKAGES)),$(PACKAGES)) \
	  -cp 'target/lib/*' io.fleetwell.bench.Bench '$(ONLY)' '$(RUNS)' '$(OF)'

bench-quick: jdk ## count what may not grow: operations of the stores, packages and what is loaded of them
	$(MAVEN) verify --projects bench --also-make -Dspotless.check.skip \
	  -Dtest=StoreOperationsTest -Dit.test=PackageContentsIT -Dfailsafe.failIfNoSpecifiedTests=false \
	  -Dfleetwell.packages=$(if $(wildcard $(PACKAGES)),$(PACKAGES))

soak: SECONDS ?= 600
soak: jdk ## call the system as a fleet does, for SECONDS (600), and look whether all is there; SEED repeats the calls
	@$(MAVEN) --quiet compile dependency:build-classpath --projects functions,local,testing \
	  -Dspotless.check.skip -Dmdep.outputFile=target/classpath
	@cd testing && $(JAVA) $(NATIVE) -cp "target/classes:$$(cat target/classpath)" \
	  io.fleetwell.testing.soak.Soak $(SECONDS) $(SEED)

PYTHON ?= python3
CONTRACT := local/target/contract
contract: jdk $(LOCAL) $(CONTRACT)/bin/schemathesis ## hold openapi.yaml against the system by made-up requests; EXAMPLES=100 for more, SEED for others
	@JAVA='$(JAVA)' EXAMPLES='$(EXAMPLES)' SEED='$(SEED)' $(CONTRACT)/bin/python .ci/contract/run.py

$(CONTRACT)/bin/schemathesis: .ci/contract/requirements.txt
	@$(PYTHON) -m venv $(CONTRACT)
	@$(CONTRACT)/bin/pip install --quiet --requirement $<
	@touch $@

build: jdk $(LOCAL) ## build without tests

format: ## format the sources
	$(MAVEN) --quiet spotless:apply

clean: ## remove what was built
	$(MAVEN) --quiet clean

jdk:
	@$(JAVA) -version 2>&1 | awk -F '"' '/version/ {split($$2, v, "."); found = v[1]} \
	  END {if (found + 0 < 17) {print "Fleetwell needs a JDK 17 or later: set JAVA_HOME to one."; exit 1}}' >&2
	@command -v $(MVN) >/dev/null || { echo "Fleetwell needs Maven 3.8.6 or later." >&2; exit 1; }

$(LOCAL): $(SOURCES)
	@echo "Building; the first time, what it needs is downloaded."
	@$(MAVEN) --quiet package --projects local --also-make -Dmaven.test.skip=true -Dspotless.check.skip

$(FUNCTIONS): pom.xml functions/pom.xml functions/package.xml $(shell find functions/src/main events -type f)
	@$(MAVEN) --quiet package --projects functions -Dmaven.test.skip=true -Dspotless.check.skip

$(BENCH): $(SOURCES) $(shell find bench testing/pom.xml testing/src/main -type f -not -path '*/target/*')
	@$(MAVEN) --quiet package -Dmaven.test.skip=true -Dspotless.check.skip

# SAM calls this for each function: what is packaged is the same for all, and the template names the handler.
build-%: $(FUNCTIONS)
	mkdir -p "$(ARTIFACTS_DIR)/lib"
	cp functions/target/lib/*.jar "$(ARTIFACTS_DIR)/lib/"
