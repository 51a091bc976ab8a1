# Fleetwell: run it, test it, package it. `make help` lists the targets.

JAVA ?= $(if $(JAVA_HOME),$(JAVA_HOME)/bin/java,java)
MVN ?= mvn
PYTHON ?= python3
MAVEN_CHECKED := $(MVN) --batch-mode --no-transfer-progress
# Skips the check of the format, which the targets that run all tests make.
MAVEN := $(MAVEN_CHECKED) -Dspotless.check.skip

SOURCES := pom.xml openapi.yaml functions/package.xml $(shell find functions console local events -name pom.xml -o -path '*/src/main/*' -type f -o -path 'events/*')
LOCAL := local/target/lib/fleetwell-local.jar
FUNCTIONS := functions/target/lib/fleetwell-functions.jar
CONSOLE := console/target/lib/fleetwell-console.jar
BENCH := bench/target/lib/fleetwell-bench.jar

# DynamoDB Local calls native code of SQLite. JDK 24 and later warn about that without this option. A Java that refuses
# the option does not get it.
NATIVE = $(shell $(JAVA) --enable-native-access=ALL-UNNAMED -version >/dev/null 2>&1 && echo --enable-native-access=ALL-UNNAMED)
# Java starts fastest with only the C1 compiler and one collector thread.
QUICK_START := -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto

.DELETE_ON_ERROR:
.PHONY: help run release events test test-17 deploy-emulated test-localstack test-emulated-stores test-packages build format fuzz zip-corpus zip-producers zip-programs bench clean jdk faults model soak hostile-soak contract clients openapi-3.0 problems bench-quick nightly
# All targets share the output of Maven.
.NOTPARALLEL:

help: ## show this help
	@awk -F ':.*## ' '/^[a-z0-9.-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: jdk $(LOCAL) ## run the whole system on this machine; ARGS=--fresh empties its data first
	@exec $(JAVA) $(QUICK_START) $(NATIVE) -cp 'local/target/lib/*' io.fleetwell.local.Main $(ARGS)

test: jdk ## run every test; SKIP_PACKAGES=true leaves out those of packages, which test-packages runs
	$(MAVEN_CHECKED) verify $(if $(SKIP_PACKAGES),-DskipITs)

# Recompiles with the compiler of that JDK.
test-17: jdk ## run the tests of functions under JDK 17, the oldest that Fleetwell supports
	@home=$$(.ci/jdk 17) && rm -rf functions/target/classes functions/target/test-classes && \
	  JAVA_HOME=$$home $(MAVEN_CHECKED) verify --projects functions

# An emulator of AWS, as .ci/emulator says. It needs no Docker.
EMULATOR := target/emulator
EMULATOR_PYTHON := PYTHONDONTWRITEBYTECODE=1 $(EMULATOR)/bin/python
SAM ?= $(or $(realpath target/ci/aws-sam-cli/bin/sam),sam)
deploy-emulated: jdk build $(EMULATOR)/installed ## deploy the template on an emulator of AWS, use it as the guides say, and delete it
	@$(EMULATOR_PYTHON) -m unittest discover --quiet --start-directory .ci/emulator --pattern '*_test.py'
	@SAM_CLI_TELEMETRY=0 $(SAM) build --config-file samconfig.example.toml >target/sam-build.log 2>&1 || { cat target/sam-build.log >&2; exit 1; }
	@$(MAVEN) --quiet compile dependency:build-classpath --projects functions,console,local,testing \
	  -Dmdep.outputFile=target/classpath
	@JAVA=$$(.ci/jdk 25)/bin/java SAM='$(SAM)' $(EMULATOR_PYTHON) .ci/emulator/deploy.py \
	  "$(CURDIR)/testing/target/classes:$$(cat testing/target/classpath)"

$(EMULATOR)/installed: .ci/emulator/requirements.txt
	@$(PYTHON) -m venv $(EMULATOR)
	@$(EMULATOR)/bin/pip install --quiet --no-compile --disable-pip-version-check --requirement $<
	@touch $@

test-localstack: jdk ## run the tests of the stores and the API on LocalStack in Docker, or on the one at STORES=URL
	$(MAVEN_CHECKED) verify -Plocalstack $(if $(STORES),-Dfleetwell.stores=$(STORES))

test-emulated-stores: jdk $(EMULATOR)/installed ## run the tests of the stores and the API on the emulator's DynamoDB and S3
	@$(EMULATOR_PYTHON) .ci/emulator/stores.py $(MAKE) test-localstack

# Runs Lambda's runtime client on the files that SAM made. It also fails if the files of a function are missing.
PACKAGES ?= .aws-sam/build
test-packages: jdk ## test the packages that sam build made; make test tests those that it would make
	$(MAVEN) test-compile failsafe:integration-test failsafe:verify --projects testing --also-make \
	  -Dfleetwell.packages=$(PACKAGES)

FUZZ_SECONDS ?= 30
fuzz: jdk ## fuzz each target for FUZZ_SECONDS (30); FUZZ=ZipInspector selects some, FUZZ_SEED=1 repeats a run
	@$(MAVEN) --quiet test-compile dependency:build-classpath --projects functions \
	  -Dmdep.outputFile=target/fuzz/classpath
	@.ci/fuzz $(JAVA) $(FUZZ_SECONDS) $(FUZZ)

ZIP_CORPUS := functions/src/test/resources/io/fleetwell/logs/ZipInspectorFuzzTestInputs/whatIsAcceptedReadsOneWay
zip-corpus: jdk ## regenerate the zip attack corpus
	@$(MAVEN) --quiet test-compile --projects functions
	@rm -rf $(ZIP_CORPUS)/refused/*/
	@$(JAVA) -cp functions/target/test-classes:functions/target/classes io.fleetwell.logs.ZipCorpus $(ZIP_CORPUS)

zip-producers: jdk ## make the zips of honest programs anew; PRODUCERS="c node" selects some scripts of .ci/zip-producers
	@.ci/zip-producers/run $(ZIP_CORPUS) "$(PRODUCERS)"

zip-programs: VARIANTS ?= 3000
zip-programs: jdk ## unpack VARIANTS (3000) generated zips with unzip, 7z, bsdtar, busybox and Python and compare; SEED=N makes others
	$(MAVEN) test --projects functions -Dtest=ZipProgramsTest \
	  -Dfleetwell.zips.variants=$(VARIANTS) $(if $(SEED),-Dfleetwell.zips.seed=$(SEED))

faults: SECONDS ?= 300
faults: jdk ## inject faults into the stores for SECONDS (300) and check every answer; SEED=N repeats a run
	$(MAVEN) test --projects testing --also-make -Dtest=FaultsTest \
	  -Dfleetwell.faults.seconds=$$(($(SECONDS) / 3)) $(if $(SEED),-Dfleetwell.faults.seed=$(SEED))

# Compiles what testing needs, and runs one of its classes; the second argument has options for Java.
define run-testing
@$(MAVEN) --quiet compile dependency:build-classpath --projects functions,console,local,testing \
  -Dmdep.outputFile=target/classpath
@cd testing && $(JAVA) $(NATIVE) $(2) -cp "target/classes:$$(cat target/classpath)" io.fleetwell.testing.$(1)
endef

events: jdk ## write events/ from the journey, and propose what its new lines must answer
	$(call run-testing,journey.Recorder)

bench: jdk $(BENCH) ## measure, and update docs/performance.md, which says how
	@cd bench && exec $(JAVA) $(QUICK_START) $(NATIVE) -Dfleetwell.packages=$(if $(wildcard $(PACKAGES)),$(PACKAGES)) \
	  -cp 'target/lib/*' io.fleetwell.bench.Bench '$(ONLY)' '$(RUNS)' '$(OF)'

bench-quick: jdk ## count what may not grow: operations of the stores, packages and what is loaded of them
	$(MAVEN) verify --projects bench --also-make \
	  -Dtest=JourneyTest,StoreOperationsTest -Dit.test=PackageContentsIT -Dfailsafe.failIfNoSpecifiedTests=false \
	  -Dfleetwell.packages=$(if $(wildcard $(PACKAGES)),$(PACKAGES))

model: STEPS ?= 100000
model: STORAGE ?= memory
# DynamoDB Local makes about a hundred exceptions for each transaction, and throws none of them.
model: jdk ## compare the system with a model of it for STEPS (100000) random calls; SEED=N repeats a run
	$(call run-testing,model.ModelRun $(STEPS) $(STORAGE) $(SEED),-XX:+UseParallelGC -XX:MaxJavaStackTraceDepth=12)

soak: SECONDS ?= 600
soak: jdk ## call the system as a fleet does for SECONDS (600) and check that nothing is lost; SEED=N repeats the calls
	$(call run-testing,soak.Soak $(SECONDS) $(SEED))

hostile-soak: SECONDS ?= 600
hostile-soak: jdk ## let one account do its worst beside a fleet for SECONDS (600) and check that nobody else notices; SEED=N repeats its calls
	$(call run-testing,soak.HostileSoak $(SECONDS) $(SEED))

CONTRACT := local/target/contract
contract: jdk $(LOCAL) $(CONTRACT)/bin/schemathesis ## check the system against openapi.yaml with generated requests; EXAMPLES=100 makes more, SEED=N others
	$(call run-testing,StrictContract ../$(CONTRACT)/strict.json)
	@JAVA='$(JAVA)' EXAMPLES='$(EXAMPLES)' SEED='$(SEED)' $(CONTRACT)/bin/python .ci/contract/run.py $(CONTRACT)/strict.json

$(CONTRACT)/bin/schemathesis: .ci/contract/requirements.txt
	@$(PYTHON) -m venv $(CONTRACT)
	@$(CONTRACT)/bin/pip install --quiet --requirement $<
	@touch $@

clients: jdk $(LOCAL) ## generate clients from openapi.yaml, compile them and call the system with each; CLIENTS="java python" tries some
	$(call run-testing,OpenApi30 ../target/openapi-3.0.json)
	@PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m unittest discover --quiet --start-directory .ci/clients --pattern '*_test.py'
	@JAVA='$(JAVA)' MVN='$(MVN)' CLIENTS='$(CLIENTS)' PYTHONDONTWRITEBYTECODE=1 $(PYTHON) .ci/clients/run.py target/openapi-3.0.json

openapi-3.0: jdk ## write the contract in OpenAPI 3.0, for tools that need it, to target/openapi-3.0.json
	$(call run-testing,OpenApi30 ../target/openapi-3.0.json)

problems: jdk ## write docs/problems.md from openapi.yaml
	$(call run-testing,ProblemsPage)

# .github/workflows/nightly.yml has the same list.
NIGHTLY := fuzz zip-programs faults model soak hostile-soak contract test-emulated-stores bench
# If one part fails, the others run all the same.
nightly: ## run what takes hours; ONLY="fuzz soak" selects some parts, which CONTRIBUTING.md lists
	@failed=; \
	for part in $(or $(ONLY),$(NIGHTLY)); do $(MAKE) nightly-$$part || failed="$$failed $$part"; done; \
	[ -z "$$failed" ] || { echo "Failed:$$failed" >&2; exit 1; }

TODAY = $(shell date +%Y%m%d)
nightly-fuzz: ; $(MAKE) fuzz FUZZ_SECONDS=300
nightly-zip-programs: ; $(MAKE) zip-programs VARIANTS=5000 SEED=$(TODAY)
nightly-faults: ; $(MAKE) faults SECONDS=1800
nightly-model: ; $(MAKE) model STEPS=1000000
nightly-soak: ; $(MAKE) soak SECONDS=1800
nightly-hostile-soak: ; $(MAKE) hostile-soak SECONDS=1800
nightly-contract: ; $(MAKE) contract EXAMPLES=100 SEED=$(TODAY)
nightly-test-emulated-stores: ; $(MAKE) test-emulated-stores
nightly-bench: ; $(MAKE) bench

build: jdk $(LOCAL) ## build without tests

release: jdk $(LOCAL) ## write the files of a release to target/release, as .ci/release says
	@MVN='$(MVN)' .ci/release

format: ## format the Java sources
	$(MAVEN) --quiet spotless:apply

clean: ## remove all build output
	$(MAVEN) --quiet clean

jdk:
	@$(JAVA) -version 2>&1 | awk -F '"' '/version/ {split($$2, v, "."); found = v[1]} \
	  END {if (found + 0 < 17) {print "Fleetwell needs a JDK 17 or later: set JAVA_HOME to one."; exit 1}}' >&2
	@command -v $(MVN) >/dev/null || { echo "Fleetwell needs Maven 3.8.6 or later." >&2; exit 1; }

$(LOCAL): $(SOURCES)
	@echo "Building. The first build downloads about 195 MB."
	@$(MVN) --batch-mode -Dspotless.check.skip package --projects local --also-make -Dmaven.test.skip=true 2>&1 | awk -f .ci/progress.awk

$(FUNCTIONS): pom.xml functions/pom.xml functions/package.xml $(shell find functions/src/main events -type f)
	@$(MAVEN) --quiet package --projects functions -Dmaven.test.skip=true

$(CONSOLE): pom.xml openapi.yaml functions/package.xml console/pom.xml $(shell find console/src/main -type f)
	@$(MAVEN) --quiet package --projects console -Dmaven.test.skip=true

$(BENCH): $(SOURCES) $(shell find bench testing/pom.xml testing/src/main -type f -not -path '*/target/*')
	@$(MAVEN) --quiet package -Dmaven.test.skip=true

# SAM calls this for the function of the public pages, whose package has nothing but them.
build-Pages: $(CONSOLE)
	mkdir -p "$(ARTIFACTS_DIR)/lib"
	cp $(CONSOLE) "$(ARTIFACTS_DIR)/lib/"

# SAM calls this for each other function. They have the same package; the template names the handler.
build-%: $(FUNCTIONS)
	mkdir -p "$(ARTIFACTS_DIR)/lib"
	cp functions/target/lib/*.jar "$(ARTIFACTS_DIR)/lib/"
