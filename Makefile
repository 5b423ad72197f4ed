# SPDX-License-Identifier: Apache-2.0
# make            build the module                 make run      show it at work on a private httpd
# make check      the inner loop: unit + core HTTP  make test     everything
# make asan       core and HTTP under sanitizers    make bench    docs/benchmarks.md
# make peers      real backends and caches          make browser  Chromium and Firefox
# make soak       restarts, faults and 1,000 hosts under traffic
# make pools      AddressSanitizer in an httpd built for it  make threads  ThreadSanitizer, the same
# make coverage   what the tests reach of src/core  make foreign  against an httpd in a prefix of its own
# make fuzz       each fuzzer for SECONDS=60
# make deb        the Debian package                make deb-test tries it in a Debian of its own (root)
# make install    for a2enmod, and cors-audit below PREFIX (sudo)
.DEFAULT_GOAL := build

# A comma, for functions that take it as $(,).
, := ,

APXS     ?= $(shell command -v apxs || command -v apxs2)
PYTHON   ?= /usr/bin/python3
CC       ?= cc
BUILD    ?= build
OPTIMIZE ?= -O2 -g

MODULE    := $(BUILD)/mod_cors_guard.so
COMMAND   := $(BUILD)/cors-audit
CORE_SRC  := $(wildcard src/core/*.c)
REPORT_SRC := $(wildcard src/report/*.c)
HTTPD_SRC := mod_cors_guard.c $(wildcard src/httpd/*.c src/audit/*.c)
COMMAND_SRC := $(wildcard src/command/*.c)
UNIT_SRC  := $(wildcard tests/unit/test_*.c)
FUZZ_SRC  := $(wildcard tests/fuzz/fuzz_*.c)
C_FILES   := $(CORE_SRC) $(REPORT_SRC) $(HTTPD_SRC) $(COMMAND_SRC) $(UNIT_SRC) $(wildcard tests/fuzz/*.c tests/sanitize/*.c) \
             $(wildcard src/*/*.h tests/unit/*.h tests/fuzz/*.h tests/fuzz/httpd/*.[ch])

CORE_OBJ  := $(CORE_SRC:%.c=$(BUILD)/%.o)
REPORT_OBJ := $(REPORT_SRC:%.c=$(BUILD)/%.o)
HTTPD_OBJ := $(HTTPD_SRC:%.c=$(BUILD)/%.o)
COMMAND_OBJ := $(COMMAND_SRC:%.c=$(BUILD)/%.o)
UNIT_BIN  := $(UNIT_SRC:%.c=$(BUILD)/%)
FUZZ_BIN  := $(FUZZ_SRC:%.c=$(BUILD)/%)
FUZZ_OBJ  := $(patsubst %.c,$(BUILD)/%.o,$(filter-out $(FUZZ_SRC) tests/fuzz/replay.c,$(wildcard tests/fuzz/*.c)))
FUZZ_MODULE_SRC := $(wildcard tests/fuzz/httpd/fuzz_*.c)
FUZZ_MODULE := $(FUZZ_MODULE_SRC:%.c=$(BUILD)/%.so)
FUZZ_MODULE_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(filter-out $(FUZZ_MODULE_SRC),$(wildcard tests/fuzz/httpd/*.c)) \
                   tests/fuzz/fuzz.c tests/fuzz/written.c)
FUZZ_SHARED ?= $(LDFLAGS)
# Where the bytes come from: files, or libFuzzer (tests/fuzz/run).
FUZZ_MAIN ?= $(BUILD)/tests/fuzz/replay.o

WARNINGS  := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
             -Wcast-qual -Wpointer-arith -Wwrite-strings -Wvla -Wformat=2 -Wundef -Werror
LIBS      := -lpsl -lidn2
MODULE_LIBS := $(LIBS) -ljansson
APXS_Q     = $(if $(APXS),$(shell $(APXS) -q $(1)))
# The APR that httpd was built with.
APR_CONFIG := $(or $(call APXS_Q,APR_CONFIG),apr-1-config)
APU_CONFIG := $(or $(call APXS_Q,APU_CONFIG),apu-1-config)
APR_INC   := $(shell $(APR_CONFIG) --includes --cppflags 2>/dev/null) $(shell $(APU_CONFIG) --includes 2>/dev/null)
APR_LIBS  := $(shell $(APU_CONFIG) --link-ld 2>/dev/null) $(shell $(APR_CONFIG) --link-ld 2>/dev/null)
# Where the loader does not look by itself.
APR_RPATH := $(patsubst -L%,-Wl$(,)-rpath$(,)%,$(sort $(filter -L%,$(filter-out -L/usr/lib%,$(APR_LIBS)))))
COMMAND_LIBS := $(LIBS) -ljansson -lcurl $(APR_LIBS) $(APR_RPATH)
HTTPD_INC := $(addprefix -I,$(call APXS_Q,INCLUDEDIR))
# The layers are small files; the module is linked as if they were one. Tests are linked without.
LTO       := $(if $(findstring clang,$(shell $(CC) --version 2>/dev/null)),,-flto=auto -ffat-lto-objects)
FLAGS      = -std=gnu11 $(OPTIMIZE) -fPIC -fno-plt -fvisibility=hidden -fstack-protector-strong $(WARNINGS) \
             -Isrc/core -Isrc/report -Isrc/httpd -Isrc/audit -Isrc/command $(LTO) $(APR_INC) $(HTTPD_INC) $(CPPFLAGS) $(CFLAGS)

.PRECIOUS: $(BUILD)/%.o
.PHONY: build run check test unit fuzzers replay fuzz http peers browser soak lint asan valgrind memcheck pools threads \
        bench deb deb-test foreign coverage install uninstall clean

build: $(MODULE) $(COMMAND)

$(MODULE): $(HTTPD_OBJ) $(REPORT_OBJ) $(CORE_OBJ)
	@echo "  LD $@"
	@$(CC) -shared $(OPTIMIZE) $(LTO) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(MODULE_LIBS)

$(COMMAND): $(COMMAND_OBJ) $(REPORT_OBJ) $(CORE_OBJ)
	@echo "  LD $@"
	@$(CC) $(OPTIMIZE) $(LTO) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(COMMAND_LIBS)

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(CC) $(FLAGS) -MMD -MP -c -o $@ $<

$(UNIT_BIN): $(BUILD)/%: $(BUILD)/%.o $(REPORT_OBJ) $(CORE_OBJ)
	@echo "  LD $@"
	@$(CC) $(if $(LTO),-fno-lto) $(LDFLAGS) -o $@ $^ -lcmocka -lpcre2-8 $(COMMAND_LIBS)

$(FUZZ_BIN): $(BUILD)/%: $(BUILD)/%.o $(FUZZ_OBJ) $(FUZZ_MAIN) $(REPORT_OBJ) $(CORE_OBJ)
	@echo "  LD $@"
	@$(CC) $(if $(LTO),-fno-lto) $(LDFLAGS) -o $@ $^ -lpcre2-8 $(LIBS) -ljansson $(APR_LIBS) $(APR_RPATH)

# cors-audit but for its main(); libcurl's functions are those of tests/fuzz/server.c.
$(BUILD)/tests/fuzz/fuzz_probe: $(filter-out %/cors_audit.o,$(COMMAND_OBJ))

# The audit's targets run in httpd, where apr_palloc is replaced from outside.
$(FUZZ_MODULE): $(BUILD)/%.so: $(BUILD)/%.o $(FUZZ_MODULE_OBJ) $(FUZZ_MAIN) $(HTTPD_OBJ) $(REPORT_OBJ) $(CORE_OBJ)
	@echo "  LD $@"
	@$(CC) -shared $(if $(LTO),-fno-lto) $(FUZZ_SHARED) -o $@ $^ $(FUZZ_DRIVER) $(MODULE_LIBS)

$(BUILD)/tests/fuzz/blocks.so: $(BUILD)/tests/fuzz/blocks.o
	@echo "  LD $@"
	@$(CC) -shared $(if $(LTO),-fno-lto) $(FUZZ_SHARED) -o $@ $^

# Modules that only tests load.
$(BUILD)/tests/%.so: $(BUILD)/tests/%.o
	@echo "  LD $@"
	@$(CC) -shared $(LDFLAGS) -o $@ $^

-include $(wildcard $(BUILD)/*.d $(BUILD)/src/*/*.d $(BUILD)/tests/*/*.d $(BUILD)/tests/*/*/*.d)

# What is missing is installed first; then make starts anew, since it asked apxs for its paths above.
run:
	@scripts/need build run
	@$(MAKE) --no-print-directory build
	@ONCE=$(ONCE) CG_MODULE=$(abspath $(MODULE)) scripts/run

test:
	@scripts/need build run test soak
	@scripts/need --packaged browser
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory asan
	@$(MAKE) --no-print-directory unit replay valgrind memcheck http

check: unit replay $(COMMAND)
	@CG_MODULE=$(abspath $(MODULE)) $(PYTEST) -m core tests

unit: $(MODULE) $(UNIT_BIN)
	@for test in $(UNIT_BIN); do \
		CMOCKA_MESSAGE_OUTPUT=stdout $$test >$$test.log 2>&1 || { cat $$test.log; exit 1; }; \
		tail -n 1 $$test.log | sed "s|^|$${test##*/}: |"; \
	done

TESTS  ?= tests
PYTEST := $(PYTHON) -m pytest -q -p no:cacheprovider

http: $(MODULE) $(COMMAND)
	@CG_MODULE=$(abspath $(MODULE)) $(PYTEST) $(TESTS)

# Real applications, proxies and caches: part of http, as all tests are.
peers:
	@$(MAKE) --no-print-directory http TESTS=tests/peers

# Debian's Chromium and Firefox ESR: part of http too.
browser:
	@scripts/need build run test
	@scripts/need --packaged browser
	@$(MAKE) --no-print-directory http TESTS=tests/browser

# Restarts under traffic for some minutes: make soak [MPM=worker] [RESTARTS=200 | SECONDS=60]. "make test" has a short form.
soak:
	@scripts/need build run test soak
	@$(MAKE) --no-print-directory build
	@CG_MODULE=$(abspath $(MODULE)) tests/soak/run $(if $(MPM),--mpm $(MPM)) $(if $(RESTARTS),--restarts $(RESTARTS)) \
		$(if $(SECONDS),--seconds $(SECONDS))

# The fuzzers' corpora, without libFuzzer.
fuzzers: $(FUZZ_BIN) $(FUZZ_MODULE) $(BUILD)/tests/fuzz/blocks.so

replay: fuzzers
	@CG_BUILD=$(BUILD) $(PYTHON) tests/fuzz/run --replay

# Formatting, both compilers, clang-tidy.
lint:
	@clang-format --dry-run -Werror $(C_FILES) && echo "clang-format: nothing to change"
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/clang CC=clang build
	@printf '%s\n' $(CORE_SRC) $(REPORT_SRC) $(HTTPD_SRC) $(COMMAND_SRC) | \
		xargs -P 2 -n 8 sh -c 'clang-tidy --quiet "$$@" -- $(filter-out $(LTO),$(FLAGS)) 2>/dev/null' tidy && echo "clang-tidy: nothing found"

# The unit tests, and all HTTP tests with the module in a real httpd, under AddressSanitizer and UBSan. httpd itself
# is not built with them, so the runtime is preloaded, and leaks are looked for in unit tests and cors-audit only: see pools.
# APR 1.7's header says that what apr_pstrmemdup returns ends before the NUL: gcc 13's object-size check believes that.
SANITIZE := -fsanitize=address,undefined -fno-sanitize=object-size -fno-sanitize-recover=all -fno-omit-frame-pointer
RUNTIME   = $(shell gcc -print-file-name=libasan.so):$(shell gcc -print-file-name=libubsan.so)
ASAN      = $(MAKE) --no-print-directory BUILD=$(BUILD)/asan CC=gcc CFLAGS="$(SANITIZE)" LDFLAGS="$(SANITIZE)"

asan:
	@$(ASAN) unit $(BUILD)/asan/tests/sanitize/mod_faulty.so
	@CG_PRELOAD=$(RUNTIME) $(ASAN) replay
	@ASAN_OPTIONS=detect_leaks=0 CG_PRELOAD=$(RUNTIME) CG_CHECKER=asan $(ASAN) http TESTS=tests/sanitize/faults.py
	@ASAN_OPTIONS=detect_leaks=0 CG_PRELOAD=$(RUNTIME) $(ASAN) http TESTS="tests/http -k 'not demo and not install'"

# Not part of the tests, which replay what it found. What is reached is counted in a build without sanitizers.
CLANG_LIB   = $(shell clang -print-resource-dir)/lib/linux
FUZZ_BUILD  = $(MAKE) --no-print-directory CC=clang LTO= fuzzers
FUZZ_CHECKS := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
FUZZ_COUNTS := -fprofile-instr-generate -fcoverage-mapping

fuzz:
	@scripts/need build run test fuzz
	@$(FUZZ_BUILD) BUILD=$(BUILD)/fuzz OPTIMIZE="-O1 -g" CFLAGS="-fsanitize=fuzzer-no-link $(FUZZ_CHECKS)" \
		LDFLAGS="-fsanitize=fuzzer $(FUZZ_CHECKS)" FUZZ_MAIN= \
		FUZZ_SHARED="-Wl,-Bsymbolic -shared-libasan $(FUZZ_CHECKS)" \
		FUZZ_DRIVER="$(CLANG_LIB)/libclang_rt.fuzzer_no_main-$(shell uname -m).a -lstdc++ -lm -lpthread"
	@$(FUZZ_BUILD) BUILD=$(BUILD)/fuzz-counted OPTIMIZE=-O0 CFLAGS="$(FUZZ_COUNTS)" LDFLAGS="$(FUZZ_COUNTS)"
	@CG_BUILD=$(BUILD) $(PYTHON) tests/fuzz/run $(or $(SECONDS),60) $(TARGETS)

valgrind: $(UNIT_BIN)
	@for test in $(UNIT_BIN); do \
		valgrind -q --error-exitcode=1 --leak-check=full $$test >$$test.log 2>&1 || { cat $$test.log; exit 1; }; \
		echo "$${test##*/}: valgrind found nothing"; \
	done

# httpd with the module under memcheck. Under sanitizers that see what pools and threads do, it has to be built for them:
# slow, so no part of "make test".
memcheck:
	@tests/sanitize/run memcheck

pools:
	@scripts/need build run test source
	@tests/sanitize/run pools

threads:
	@scripts/need build run test soak source
	@tests/sanitize/run threads

# Not part of the tests: it fails where a bound of docs/benchmarks.md is broken, and rewrites the figures there.
bench:
	@scripts/need build run test bench
	@$(MAKE) --no-print-directory build
	@CG_MODULE=$(abspath $(MODULE)) tests/bench/run

# Slow, so no part of "make test": docs/testing.md. deb-test needs root and a Debian mirror, foreign Debian's sources.
deb:
	@scripts/need build deb
	@scripts/deb

deb-test: deb
	@tests/deb/run build/deb/libapache2-mod-cors-guard_*.deb

foreign:
	@scripts/need build run test source
	@tests/foreign/run

# The part of src/core that tests reach: at least 95 of 100 branches, by the unit tests alone.
coverage:
	@scripts/need build run test coverage
	@tests/coverage/run

# Where a2enmod looks. An httpd in its authors' layout has such files in conf/extra: there the administrator includes both.
# The command goes below PREFIX, the module where this httpd has its modules.
PREFIX      ?= /usr/local
MODULES_DIR := $(call APXS_Q,LIBEXECDIR)
CONF_DIR    := $(call APXS_Q,SYSCONFDIR)/$(if $(filter apache2,$(call APXS_Q,PROGNAME)),mods-available,extra)

install: $(MODULE) $(COMMAND)
	install -d $(DESTDIR)$(MODULES_DIR) $(DESTDIR)$(CONF_DIR)
	install -m 644 $(MODULE) $(DESTDIR)$(MODULES_DIR)/
	sed 's|/usr/lib/apache2/modules|$(MODULES_DIR)|' conf/cors_guard.load \
		>$(DESTDIR)$(CONF_DIR)/cors_guard.load
	install -m 644 conf/cors_guard.conf $(DESTDIR)$(CONF_DIR)/
	install -d $(DESTDIR)$(PREFIX)/sbin $(DESTDIR)$(PREFIX)/share/man/man8
	install -m 755 $(COMMAND) $(DESTDIR)$(PREFIX)/sbin/
	install -m 644 docs/cors-audit.8 $(DESTDIR)$(PREFIX)/share/man/man8/

uninstall:
	rm -f $(DESTDIR)$(MODULES_DIR)/mod_cors_guard.so \
		$(DESTDIR)$(PREFIX)/sbin/cors-audit $(DESTDIR)$(PREFIX)/share/man/man8/cors-audit.8 \
		$(DESTDIR)$(CONF_DIR)/cors_guard.load $(DESTDIR)$(CONF_DIR)/cors_guard.conf

clean:
	rm -rf $(BUILD)
