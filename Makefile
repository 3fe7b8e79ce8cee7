# What runs here: `make help`.  Set-up installs what is missing and re-runs make,
# because pkg-config can answer only once the packages are there.

BUILD ?= build
PREFIX ?= /usr
CC ?= gcc
OPTIMISE ?= -O2
WARNINGS = -Wall -Wextra -Wshadow -Wvla -Wformat=2 -Wstrict-prototypes \
	-Wmissing-prototypes -Wwrite-strings -Werror
HARDEN ?= -fvisibility=hidden -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE \
	-fno-asynchronous-unwind-tables -fno-unwind-tables
KIOSK_VERSION := 0.1.0

PACKAGES = libuv ncursesw libqrencode libcurl libusb-1.0 libmicrohttpd sqlite3 libcrypto \
	jansson yaml-0.1
PACKAGES_DRAW = pangocairo cairo libqrencode jansson
PACKAGES_IME = rime opencc jansson
PACKAGES_TEST = cmocka vterm

FLAGS_PACKAGES := $(filter-out -D%,$(shell pkg-config --cflags $(PACKAGES) \
	$(PACKAGES_DRAW) $(PACKAGES_IME) 2>/dev/null))
LIBS := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lunistring
LIBS_TEST := $(shell pkg-config --libs $(PACKAGES) $(PACKAGES_DRAW) \
	$(PACKAGES_TEST) 2>/dev/null) -lunistring -lm -lutil
# There are some two hundred test programs, and this one links them in half the time.
LINK_TEST := $(if $(shell command -v ld.lld),-fuse-ld=lld)

CFLAGS_ALL = -std=c17 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE \
	-D_XOPEN_SOURCE=700 -DKIOSK_VERSION='"$(KIOSK_VERSION)"' \
	$(OPTIMISE) -g $(HARDEN) $(WARNINGS) -I. -MMD -MP \
	$(FLAGS_PACKAGES) $(CFLAGS)
LDFLAGS_ALL = -pie -Wl,-z,relro,-z,now -Wl,--as-needed -Wl,--build-id=sha1 -pthread $(LDFLAGS)

# Every module is all .c files of its folder but main.c.
sources = $(filter-out %/main.c,$(wildcard $(1)/*.c))
objects = $(patsubst %.c,$(BUILD)/objects/%.o,$(1))

BASE = $(foreach m,base crypto store rule flow,$(call sources,kiosk/$(m)))
TERMINAL = $(BASE) $(call sources,kiosk/ui) $(call sources,kiosk/backend) \
	$(call sources,kiosk) $(call sources,screens) $(call sources,devices) \
	$(wildcard devices/*/*.c)
HUB = $(BASE) $(call sources,kiosk/hub)
DRAW = $(call sources,kiosk/base) $(call sources,kiosk/paper)
IME = $(call sources,kiosk/base) $(call sources,kiosk/ime)
# What is on both sides of the socket pair, and the child's own.
PRINT = $(call sources,kiosk/base) $(call sources,devices/printer/spool) \
	kiosk/device_words.c devices/printer/line.c devices/printer/pdf.c

TESTS = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/*/*_test.c))
# Each fuzz target is two programs: NAME_test replays its corpus in every build,
# NAME_fuzz is libFuzzer's, in the build of `make fuzz` only.
FUZZ_SOURCES = $(wildcard tests/fuzz/*_fuzz.c)
TESTS += $(patsubst %_fuzz.c,$(BUILD)/%_test,$(FUZZ_SOURCES))
FUZZERS = $(patsubst %.c,$(BUILD)/%,$(FUZZ_SOURCES))
FUZZ ?=
SECONDS ?= 60
TEST_SHARED = $(filter-out %_test.c %/main.c,$(wildcard \
	tests/unit/*.c tests/screens/*.c tests/hub/*.c tests/tty/*.c \
	tests/usb/*.c tests/devices/*.c tests/pictures/*.c tests/left/*.c tests/rule/*.c \
	tests/sim/*.c tests/fault/*.c tests/mutate/*.c tests/bench/first_page.c))
# A bus with readers that misbehave as they are told; not for sanitizers, which
# it is no part of.
EMULATOR = $(BUILD)/tests/usb/emulator/emulator
MASKS = $(BUILD)/tests/usb/emulator/masks.so
# A key provider, and how one misbehaves.
PROVIDER = $(BUILD)/tests/provider/provider
PICTURES = $(BUILD)/tests/pictures/take
FAULTY = $(BUILD)/kiosk-fault
SOAK = $(BUILD)/tests/soak/sessions
SOAK_DEVICES = $(BUILD)/tests/soak/devices
SIM = $(BUILD)/tests/sim/sim
MUTATE = $(BUILD)/tests/mutate/mutate
ITEM ?=
EACH ?= 40
CYCLES ?= 2000
SESSIONS ?=
PAIRS ?= 0
SEED ?= 1
BENCHES = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/*_bench.c))

PROGRAMS = $(BUILD)/kiosk $(BUILD)/kiosk-hub $(BUILD)/kiosk-draw \
	$(BUILD)/kiosk-print $(BUILD)/kiosk-ime
SHARE = $(BUILD)/share/made
# The items once more, compiled by this very kiosk.
DELIVERED = $(BUILD)/share/delivered
# What kiosk-ime runs on, made by itself.
IME_DATA = $(BUILD)/share/ime/words.tsv
RIME_DATA ?= /usr/share/rime-data

.PHONY: help install uninstall sim sim-now canary canary-now soak soak-now soak-devices soak-devices-now screenshots screenshots-now \
	fault fault-now kill kill-now mutate mutate-now run test quick lint sanitize fuzz fuzz-replay bench golden all \
	programs tests fuzzers compiled clean run-now test-now quick-now lint-now sanitize-now \
	fuzz-now bench-now pot check-items item-docs

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' \
		Makefile

run: ## Install what is missing, build, start the whole product on its defaults
	@.ci/set-up build
	@$(MAKE) --no-print-directory run-now
run-now: programs
	@$(BUILD)/kiosk --demo

test: ## The same set-up, then every test
	@.ci/set-up build test
	@$(MAKE) --no-print-directory test-now
test-now: programs tests
	@tests/run --build $(BUILD) all

quick: ## Unit tests and goldens only (30 s)
	@.ci/set-up build test
	@$(MAKE) --no-print-directory quick-now
quick-now: programs tests
	@tests/run --build $(BUILD) quick

lint: ## Format, warnings of two compilers, arrows, banned words, translations, items
	@.ci/set-up build test
	@$(MAKE) --no-print-directory lint-now
lint-now: programs
	@tests/lint/run --build $(BUILD)

sanitize: ## Every test under the address and undefined-behaviour sanitizers
	@.ci/set-up build test
	@$(MAKE) --no-print-directory sanitize-now
sanitize-now:
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/sanitize OPTIMISE=-O1 \
		HARDEN="-fvisibility=hidden -fPIE" CFLAGS="-fsanitize=address,undefined \
		-fno-sanitize-recover=all -fno-omit-frame-pointer" \
		LDFLAGS="-fsanitize=address,undefined" programs tests
	@tests/run --build $(BUILD)/sanitize --sanitize all

fuzz: ## Rubbish for the parsers, as long as you like: make fuzz [FUZZ=keys] [SECONDS=60]
	@.ci/set-up build test
	@$(MAKE) --no-print-directory fuzz-now
fuzz-now:
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/fuzz CC=clang OPTIMISE=-O1 \
		HARDEN="-fvisibility=hidden -fPIE" \
		CFLAGS="-fsanitize=fuzzer-no-link,address,undefined \
		-fno-sanitize-recover=all -fno-omit-frame-pointer" \
		LDFLAGS="-fsanitize=address,undefined" fuzzers
	@tests/fuzz/run --build $(BUILD)/fuzz --seconds $(SECONDS) $(FUZZ)

fuzz-replay: ## Every fuzz corpus once, in the ordinary build (a part of make test)
	@.ci/set-up build test
	@$(MAKE) --no-print-directory tests
	@tests/run --build $(BUILD) $(patsubst %_fuzz.c,$(BUILD)/%_test,$(FUZZ_SOURCES))

canary: ## Every item, ending and language, every page left: is anything kept of them? (as root)
	@.ci/set-up build test
	@$(MAKE) --no-print-directory canary-now
canary-now: programs tests
	@KIOSK_CANARY=full tests/run --build $(BUILD) $(BUILD)/tests/left/*_test \
		$(BUILD)/tests/tty/gone_test

soak: ## Sessions without end, with faults: make soak [SESSIONS=10000] [SEED=1] (as root)
	@.ci/set-up build test
	@$(MAKE) --no-print-directory soak-now
soak-now: programs $(SOAK)
	@KIOSK_BUILD=$(BUILD) LC_ALL=C.UTF-8 TZ=UTC $(SOAK) $(or $(SESSIONS),10000) $(SEED)

soak-devices: ## Cards and slips by the real drivers, with faults: [CYCLES=2000] (as root)
	@.ci/set-up build test
	@$(MAKE) --no-print-directory soak-devices-now
soak-devices-now: programs $(SOAK_DEVICES) $(EMULATOR)
	@KIOSK_BUILD=$(BUILD) $(SOAK_DEVICES) $(CYCLES) $(SEED)

sim: ## Whole worlds from one seed: make sim [SEED=1] [SESSIONS=2000] [PAIRS=0]
	@.ci/set-up build test
	@$(MAKE) --no-print-directory sim-now
sim-now: $(SHARE) $(SIM)
	@KIOSK_BUILD=$(BUILD) $(SIM) $(SEED) $(or $(SESSIONS),2000) $(PAIRS)

bench: ## The figures: name, value, unit, ratio
	@.ci/set-up build test
	@$(MAKE) --no-print-directory bench-now
bench-now: programs $(BENCHES) $(EMULATOR)
	@tests/bench/run --build $(BUILD)

fault: ## Every planned failure, once and for ever, over every item: make fault [EACH=40] (long)
	@.ci/set-up build test
	@$(MAKE) --no-print-directory fault-now
fault-now: programs $(FAULTY) $(BUILD)/tests/fault/fault_test
	@KIOSK_BUILD=$(BUILD) KIOSK_FAULT=all KIOSK_FAULT_EACH=$(EACH) \
		LC_ALL=C.UTF-8 TZ=UTC $(BUILD)/tests/fault/fault_test

kill: ## kill -9 at every write between send and delivered, then a restart (a minute)
	@.ci/set-up build test
	@$(MAKE) --no-print-directory kill-now
kill-now: programs $(BUILD)/tests/tty/kill_test
	@KIOSK_BUILD=$(BUILD) KIOSK_KILL=all LC_ALL=C.UTF-8 TZ=UTC \
		$(BUILD)/tests/tty/kill_test

mutate: ## Single changes to items: are they found? make mutate [ITEM=name] (a minute an item)
	@.ci/set-up build test
	@$(MAKE) --no-print-directory mutate-now
mutate-now: $(MUTATE)
	@LC_ALL=C.UTF-8 TZ=UTC $(MUTATE) --looked tests/mutate/looked-at.txt \
		$(if $(ITEM),screens/items/$(ITEM).yaml,screens/items)

screenshots: ## Every page in the hall's X session: build/screenshots/*.png
	@.ci/set-up build test
	@$(MAKE) --no-print-directory screenshots-now
screenshots-now: programs $(PICTURES)
	@KIOSK_BUILD=$(BUILD) LC_ALL=C.UTF-8 TZ=UTC $(PICTURES)

golden: ## Write the goldens of screens anew: make golden [SCREEN=review]; look at them
	@$(MAKE) --no-print-directory programs tests
	@tests/run --build $(BUILD) --golden "$(SCREEN)"

install: programs ## Put everything in place: make install [DESTDIR=] [PREFIX=/usr]
	@kiosk/hall/install put $(BUILD) "$(DESTDIR)" "$(PREFIX)" $(notdir $(PROGRAMS))

uninstall: ## Take it away again; settings and state stay
	@kiosk/hall/install remove $(BUILD) "$(DESTDIR)" "$(PREFIX)" $(notdir $(PROGRAMS))

check-items: programs ## Whether the items load; every mistake with its line and column
	@$(BUILD)/kiosk check screens/items

item-docs: programs ## Write the tables of keys in screens/items/README.md and items.schema.json anew
	@$(BUILD)/kiosk item-schema > screens/items/items.schema.json
	@$(BUILD)/kiosk item-keys | awk 'NR == FNR { keys = keys $$0 "\n"; next } \
		/^<!-- keys:/ { print; printf "\n%s", keys; skip = 1 } \
		/^<!-- end of keys/ { skip = 0 } !skip { print }' \
		- screens/items/README.md > $(BUILD)/README.items
	@cp $(BUILD)/README.items screens/items/README.md

pot: ## Collect texts for translators into locales/kiosk.pot and update the .po files
	@tests/lint/pot write

clean: ## Remove everything that was built
	rm -rf $(BUILD)

all: programs tests
programs: $(PROGRAMS) $(SHARE) $(DELIVERED) $(IME_DATA)
tests: $(TESTS) $(EMULATOR) $(PROVIDER) $(FAULTY)
fuzzers: $(FUZZERS)
# Compiled and not linked: what a second compiler has to say.
compiled: $(call objects,$(sort $(TERMINAL) $(HUB) $(DRAW) $(PRINT) $(IME) \
	$(TEST_SHARED) $(wildcard kiosk/main.c kiosk/*/main.c tests/*/*.c \
	devices/printer/spool/*.c)))

$(BUILD)/kiosk: $(call objects,$(TERMINAL) kiosk/main.c)
	@echo "  link $@"
	@$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)
$(BUILD)/kiosk-hub: $(call objects,$(HUB) kiosk/hub/main.c)
	@echo "  link $@"
	@$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)
# kiosk itself with planned failure; beside the others, which it starts.
$(FAULTY): $(call objects,tests/fault/main.c) $(BUILD)/objects/kiosk_main.o \
		$(BUILD)/libkiosk.a
	@echo "  link $@"
	@$(CC) $(LDFLAGS_ALL) -Wl,--wrap=report_painted,--wrap=report_sim -o $@ \
		$^ $(LIBS) -lm
$(BUILD)/objects/kiosk_main.o: kiosk/main.c Makefile
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS_ALL) -Dmain=kiosk_main -Wno-missing-prototypes -c -o $@ $<
$(BUILD)/kiosk-draw: $(call objects,$(DRAW) kiosk/paper/main.c)
	@echo "  link $@"
	@$(CC) $(LDFLAGS_ALL) -o $@ $^ $(shell pkg-config --libs $(PACKAGES_DRAW) \
		libuv yaml-0.1 2>/dev/null) -lunistring -lm

# The only one that knows libcups.
$(BUILD)/kiosk-print: $(call objects,$(PRINT) devices/printer/spool/main.c)
	@echo "  link $@"
	@$(CC) $(LDFLAGS_ALL) -o $@ $^ $(shell pkg-config --libs jansson libuv \
		yaml-0.1 2>/dev/null) -lcups -lunistring

# The only one that knows librime.
$(BUILD)/kiosk-ime: $(call objects,$(IME) kiosk/ime/main.c)
	@echo "  link $@"
	@$(CC) $(LDFLAGS_ALL) -o $@ $^ $(shell pkg-config --libs $(PACKAGES_IME) \
		libuv yaml-0.1 2>/dev/null) -lunistring
$(IME_DATA): $(BUILD)/kiosk-ime $(wildcard kiosk/ime/schemas/*.yaml)
	@echo "  make $(@D)"
	@ASAN_OPTIONS=detect_leaks=0 $(BUILD)/kiosk-ime --make kiosk/ime/schemas $(RIME_DATA) $(@D)

# Everything but the mains and what needs libcups or librime, for the tests.
$(BUILD)/libkiosk.a: $(call objects,$(filter-out %/spool/service.c \
		%/spool/order.c kiosk/ime/engine.c kiosk/ime/ask.c kiosk/ime/make.c, \
		$(sort $(TERMINAL) $(HUB) $(DRAW) $(PRINT) $(IME))))
	@rm -f $@
	@ar rcs $@ $^
$(BUILD)/tests/%_test: $(BUILD)/objects/tests/%_test.o \
		$(call objects,$(TEST_SHARED)) $(BUILD)/libkiosk.a
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS_ALL) $(LINK_TEST) -o $@ $^ $(LIBS_TEST)
$(BUILD)/tests/fuzz/%_test: $(BUILD)/objects/tests/fuzz/%_fuzz.o \
		$(BUILD)/objects/tests/fuzz/replay.o $(BUILD)/libkiosk.a
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS_ALL) $(LINK_TEST) -o $@ $^ $(LIBS_TEST)
$(BUILD)/tests/fuzz/%_fuzz: $(BUILD)/objects/tests/fuzz/%_fuzz.o \
		$(BUILD)/libkiosk.a
	@mkdir -p $(@D)
	@$(CC) -fsanitize=fuzzer $(LDFLAGS_ALL) $(LINK_TEST) -o $@ $^ $(LIBS_TEST)
$(MASKS): tests/usb/masks/masks.c
	@mkdir -p $(dir $@)
	@echo "  link $@"
	@$(CC) -std=c17 -O2 $(WARNINGS) -fPIC -shared -o $@ $< -ldl

$(EMULATOR): $(wildcard tests/usb/emulator/*.[ch]) | $(MASKS)
	@mkdir -p $(@D)
	@$(CC) -std=gnu17 -O1 -g $(WARNINGS) -I. -o $@ $(filter %.c,$^) \
		$(shell pkg-config --cflags --libs umockdev-1.0 2>/dev/null)
$(PROVIDER): $(call objects,tests/provider/main.c) $(BUILD)/libkiosk.a
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)
$(SOAK): $(call objects,tests/soak/sessions.c tests/soak/visit.c \
		tests/soak/visit_end.c tests/soak/weight.c $(TEST_SHARED)) $(BUILD)/libkiosk.a
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS_ALL) $(LINK_TEST) -o $@ $^ $(LIBS_TEST)
$(SOAK_DEVICES): $(call objects,tests/soak/devices.c $(TEST_SHARED)) $(BUILD)/libkiosk.a
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS_ALL) $(LINK_TEST) -o $@ $^ $(LIBS_TEST)
$(SIM): $(call objects,tests/sim/main.c $(TEST_SHARED)) $(BUILD)/libkiosk.a
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS_ALL) $(LINK_TEST) -o $@ $^ $(LIBS_TEST)
$(MUTATE): $(call objects,tests/mutate/main.c $(filter-out %_test.c,$(call sources,tests/mutate))) \
		$(BUILD)/libkiosk.a
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS_ALL) $(LINK_TEST) -o $@ $^ $(LIBS)
$(PICTURES): $(call objects,tests/pictures/main.c $(TEST_SHARED)) \
		$(BUILD)/libkiosk.a
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS_ALL) $(LINK_TEST) -o $@ $^ $(LIBS_TEST)
$(BUILD)/tests/%_bench: $(BUILD)/objects/tests/%_bench.o \
		$(call objects,$(TEST_SHARED)) $(BUILD)/libkiosk.a
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS_ALL) $(LINK_TEST) -o $@ $^ $(LIBS_TEST)

$(BUILD)/objects/%.o: %.c Makefile
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS_ALL) -c -o $@ $<

# What the programs read: items with their lists, and the translations.
$(SHARE): $(wildcard screens/items/*.yaml screens/items/lists/*.tsv \
		screens/items/overlays/*/*.yaml) \
		$(wildcard locales/*.po)
	@mkdir -p $(BUILD)/share/items/lists $(BUILD)/share/locales
	@rm -f $(BUILD)/share/items/*.yaml $(BUILD)/share/items/lists/*.tsv
	@cp screens/items/*.yaml $(BUILD)/share/items/
	@cp screens/items/lists/*.tsv $(BUILD)/share/items/lists/
	@rm -rf $(BUILD)/share/items/overlays
	@[ ! -d screens/items/overlays ] || \
		cp -r screens/items/overlays $(BUILD)/share/items/
	@for po in locales/*.po; do msgfmt -o \
		$(BUILD)/share/locales/$$(basename $$po .po).mo $$po || exit 1; done
	@touch $@

# Items with mistakes are told by the start, and by `make check-items`.
$(DELIVERED): $(SHARE) $(BUILD)/kiosk
	@ASAN_OPTIONS=detect_leaks=0 $(BUILD)/kiosk deliver $(BUILD)/share/items \
		>/dev/null || echo "  items with mistakes are not compiled"
	@touch $@

-include $(shell find $(BUILD)/objects -name '*.d' 2>/dev/null)
