/* The whole walk over TLS, with a certificate that a private CA signed; and a
 * hub that another CA signed, to whom nothing is sent. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATIENCE_MS = 240000 };

static const char openssl[] = "/usr/bin/openssl";
static char folder[WORLD_PATH];

static void run_openssl(const char *const *argv)
{
    struct world_said said;
    world_run(argv, &said);
    if (said.code)
        fail_msg("openssl %s: %s", argv[1], said.err);
}

static void make_ca(const char *pem, const char *key, const char *subject)
{
    run_openssl((const char *[]){ openssl, "req", "-x509", "-newkey", "ec",
                                  "-pkeyopt", "ec_paramgen_curve:P-256",
                                  "-nodes", "-days", "2", "-subj", subject,
                                  "-out", pem, "-keyout", key, NULL });
}

static void make_certificate(const char *ca, const char *ca_key,
                             const char *pem, const char *key)
{
    char request[WORLD_PATH], names[WORLD_PATH];

    world_join(request, folder, "hub.csr");
    world_join(names, folder, "names");
    world_write(names, "subjectAltName=IP:127.0.0.1\n", 0600);
    run_openssl((const char *[]){
        openssl, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
        "-nodes", "-subj", "/CN=hub", "-out", request, "-keyout", key, NULL });
    run_openssl((const char *[]){ openssl, "x509", "-req", "-in", request,
                                  "-CA", ca, "-CAkey", ca_key,
                                  "-CAcreateserial", "-days", "2", "-extfile",
                                  names, "-out", pem, NULL });
}

static void install_hub(const char *pem, const char *key)
{
    char real[WORLD_PATH], script[4 * WORLD_PATH];

    world_program(real, "kiosk-hub");
    snprintf(script, sizeof script,
             "#!/bin/sh\nexec '%s' \"$@\" --cert '%s' --key '%s'\n", real, pem,
             key);
    world_install(folder, script);
}

static void write_settings(const char *path, const char *ca)
{
    char text[2 * WORLD_PATH];
    snprintf(text, sizeof text, "hub_ca: %s\n", ca);
    world_write(path, text, 0600);
}

static struct drive *start(const char *settings, const char *errors)
{
    char program[WORLD_PATH], kept[WORLD_PATH];

    world_join(program, folder, "kiosk");
    world_join(kept, folder, "state");
    struct drive_options options = { .rows = 32,
                                     .cols = 100,
                                     .folder = kept,
                                     .program = program,
                                     .settings = settings,
                                     .errors = errors };
    return drive_start(&options);
}

/* The hub was reached, and not believed. */
static void was_tried(struct drive *drive, const char *errors)
{
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;
    bool was = false;

    for (int seconds = 0; !was; seconds++) {
        size_t len;
        assert_true(clock_monotonic_ms() < end_ms);
        assert_true(drive_sim(drive, seconds < 60 ? "clock +1s" : "clock +0s"));
        char *text = world_read(errors, &len);
        was = text && strstr(text, "CASE_WAITS") && strstr(text, "BAD_ANSWER");
        mem_free(text);
    }
}

static void test_private_ca(void **state)
{
    char ca[WORLD_PATH], ca_key[WORLD_PATH], other[WORLD_PATH];
    char pem[WORLD_PATH], key[WORLD_PATH], settings[WORLD_PATH];
    char errors[WORLD_PATH], url[64];
    (void)state;

    if (access(openssl, X_OK)) {
        print_message("skipped: TLS with a private CA: no openssl here\n");
        skip();
    }
    world_folder(folder);
    world_join(ca, folder, "ca.pem");
    world_join(ca_key, folder, "ca.key");
    world_join(other, folder, "other.pem");
    world_join(pem, folder, "hub.pem");
    world_join(key, folder, "hub.key");
    world_join(settings, folder, "settings.yaml");
    world_join(errors, folder, "errors");
    make_ca(other, ca_key, "/CN=somebody else's");
    make_ca(ca, ca_key, "/CN=the city's");
    make_certificate(ca, ca_key, pem, key);
    install_hub(pem, key);

    /* Signed by nobody whom the settings name: not delivered, not lost. */
    write_settings(settings, other);
    struct drive *drive = start(settings, errors);
    person_apply(drive);
    person_sees(drive, "state.saved");
    was_tried(drive, errors);
    assert_non_null(drive_element(drive, "state.saved"));
    drive_kill(drive);

    write_settings(settings, ca);
    drive = start(settings, NULL);
    person_awaits_hub(drive);
    person_apply(drive);
    person_comes_to(drive, "state.delivered");
    drive_see(drive, "qr");
    snprintf(url, sizeof url, "%s", drive_value(drive, "qr"));
    assert_memory_equal(url, "https://127.0.0.1:", 18);
    person_leave(drive);
    assert_int_equal(drive_end(drive), 0);
    world_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_private_ca),
    };
    return cmocka_run_group_tests_name("tls", tests, NULL, NULL);
}
