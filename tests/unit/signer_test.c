/* A key that is not in the terminal: a provider that signs, and every way in
 * which one can fail.  Nothing waits for it; the private key is nowhere here. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/event.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/crypto/signer.h"
#include "kiosk/delivery.h"
#include "kiosk/kept.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TURNS = 3000, PATH_BYTES = 512 };

static struct pack *pack;

struct bench {
    char folder[64];
    char program[PATH_BYTES]; /* the provider, by the name of its manner */
    struct loop *loop;
    struct signer *signer;
    int changes;
    enum err changed;
    int answers;
    enum err err;
    unsigned char signature[CRYPTO_SIGNATURE_BYTES];
    /* Of a whole delivery: */
    struct settings settings;
    struct session session;
    struct delivery *delivery;
    enum case_state state;
    char events[8192];
};

static int load(void **state)
{
    struct problems problems;
    (void)state;
    problems_init(&problems);
    enum err err = pack_load("screens/items", &problems, &pack);
    problems_done(&problems);
    return err ? -1 : 0;
}

static int unload(void **state)
{
    (void)state;
    pack_free(pack);
    return 0;
}

static void on_change(void *owner, enum err err)
{
    struct bench *bench = owner;
    bench->changes++;
    bench->changed = err;
}

static void on_answer(void *owner, enum err err, const unsigned char *signature)
{
    struct bench *bench = owner;
    bench->answers++;
    bench->err = err;
    if (signature)
        memcpy(bench->signature, signature, sizeof bench->signature);
}

static int set_up(void **state)
{
    struct bench *bench = mem_new(sizeof *bench);
    char path[80];

    *state = bench;
    if (file_make_temporary(bench->folder, sizeof bench->folder))
        return -1;
    snprintf(path, sizeof path, "%s/state", bench->folder);
    assert_int_equal(mkdir(path, 0700), 0);
    bench->loop = loop_new();
    settings_init(&bench->settings);
    bench->settings.reserve_mib = 0;
    session_init(&bench->session);
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    delivery_free(bench->delivery);
    signer_free(bench->signer);
    session_done(&bench->session);
    settings_done(&bench->settings);
    event_set_sink(NULL, NULL);
    loop_free(bench->loop);
    enum err err = file_remove_tree(bench->folder);
    mem_free(bench);
    return err ? -1 : 0;
}

static void call_it(struct bench *bench, const char *manner)
{
    char built[PATH_BYTES], here[PATH_BYTES];

    assert_int_equal(file_program_folder(here, sizeof here - 32), ERR_OK);
    snprintf(built, sizeof built, "%.400s/../provider/provider", here);
    snprintf(bench->program, sizeof bench->program, "%s/%s", bench->folder,
             manner);
    assert_int_equal(symlink(built, bench->program), 0);
}

static void start(struct bench *bench, const char *manner)
{
    call_it(bench, manner);
    bench->signer =
        signer_of_provider(bench->loop, bench->program, on_change, bench);
    assert_int_equal(bench->changes, 0); /* never inside the call */
}

static void until_changes(struct bench *bench, int changes)
{
    for (int i = 0; bench->changes < changes; i++) {
        assert_true(i < TURNS);
        loop_turn(bench->loop, 20);
    }
}

static void until_answered(struct bench *bench)
{
    for (int i = 0; bench->answers == 0; i++) {
        assert_true(i < TURNS);
        loop_turn(bench->loop, 20);
    }
    assert_int_equal(bench->answers, 1);
}

static void later(struct bench *bench, int64_t ms)
{
    clock_shift(ms);
    loop_fire_due(bench->loop);
}

static void ask(struct bench *bench)
{
    bench->answers = 0;
    signer_ask(bench->signer, "what is sent", 12, on_answer, bench);
}

static void is_right(const struct bench *bench)
{
    assert_int_equal(bench->err, ERR_OK);
    assert_int_equal(sign_check(signer_public(bench->signer), "what is sent",
                                12, bench->signature),
                     ERR_OK);
}

/* ---- The signer alone -------------------------------------------------- */

static void test_it_signs(void **state)
{
    struct bench *bench = *state;

    start(bench, "good");
    assert_null(signer_public(bench->signer));
    ask(bench); /* before it said hello: it waits */
    until_answered(bench);
    is_right(bench);
    ask(bench);
    assert_int_equal(bench->answers, 0);
    until_answered(bench);
    is_right(bench);
    assert_int_equal(signer_why(bench->signer), ERR_OK);
    /* Nobody is told after they were forgotten. */
    ask(bench);
    signer_forget(bench->signer, bench);
    signer_ask(bench->signer, "more", 4, on_answer, &bench->answers);
    signer_forget(bench->signer, &bench->answers);
    loop_turn(bench->loop, 100);
    assert_int_equal(bench->answers, 0);
}

/* Killed between question and answer: another is started, and asked again. */
static void test_it_dies(void **state)
{
    struct bench *bench = *state;

    start(bench, "dies-once");
    ask(bench);
    until_changes(bench, 2); /* told its key, died */
    assert_int_equal(bench->changed, ERR_CHILD);
    assert_int_equal(bench->answers, 0);
    later(bench, SIGNER_PAUSE_MS);
    until_answered(bench);
    is_right(bench);
    assert_int_equal(signer_why(bench->signer), ERR_OK);
}

/* Silent: whoever asked is told at the limit, and it is ended. */
static void test_it_hangs(void **state)
{
    struct bench *bench = *state;

    start(bench, "hang");
    until_changes(bench, 1);
    ask(bench);
    loop_turn(bench->loop, 50);
    assert_int_equal(bench->answers, 0);
    later(bench, SIGNER_ANSWER_MS);
    until_answered(bench);
    assert_int_equal(bench->err, ERR_TIMEOUT);
    assert_int_equal(bench->changed, ERR_TIMEOUT);
}

static void test_it_says_nothing(void **state)
{
    struct bench *bench = *state;

    start(bench, "mute");
    loop_turn(bench->loop, 50);
    loop_turn(bench->loop, 50);
    later(bench, SIGNER_ANSWER_MS);
    until_changes(bench, 1);
    assert_int_equal(bench->changed, ERR_TIMEOUT);
    assert_int_equal(signer_why(bench->signer), ERR_TIMEOUT);
    assert_null(signer_public(bench->signer));
}

/* A wrong signature goes no further than here. */
static void test_it_lies(void **state)
{
    struct bench *bench = *state;

    start(bench, "lie");
    for (int i = 0; i < SIGNER_FAILURES; i++) {
        int before = bench->changes;
        ask(bench);
        later(bench, i == 0 ? 0 : SIGNER_PAUSE_MS << i);
        until_answered(bench);
        assert_int_equal(bench->err, ERR_CRYPTO);
        assert_true(bench->changes > before);
    }
    assert_int_equal(signer_why(bench->signer), ERR_CRYPTO);
}

static void test_rubbish_and_refusal(void **state)
{
    struct bench *bench = *state;

    start(bench, "garbage");
    until_changes(bench, 1);
    assert_int_equal(bench->changed, ERR_BAD_ANSWER);
    signer_free(bench->signer);
    bench->changes = 0;
    start(bench, "refuse");
    ask(bench);
    until_answered(bench);
    assert_int_equal(bench->err, ERR_CHILD);
    signer_free(bench->signer);
    bench->changes = 0;
    bench->signer =
        signer_of_provider(bench->loop, "/nowhere/at/all", on_change, bench);
    until_changes(bench, 1);
    assert_int_equal(bench->changed, ERR_CHILD);
}

/* ---- A terminal whose key is elsewhere --------------------------------- */

static void on_case(void *owner, const char *case_id, enum case_state state,
                    enum err err, const char *case_number,
                    const struct journal_head *head)
{
    struct bench *bench = owner;
    (void)case_id;
    (void)case_number;
    (void)head;
    bench->state = state;
    bench->err = err;
}

static void on_health(void *owner)
{
    (void)owner;
}

static void on_event(void *owner, const struct event_record_of *event)
{
    struct bench *bench = owner;
    size_t len = strlen(bench->events);
    snprintf(bench->events + len, sizeof bench->events - len, "%s %s\n",
             event->name, event->fields);
}

static void open_delivery(struct bench *bench, const char *manner)
{
    static const struct delivery_events events = { on_case, on_health, NULL };
    static const char office[] = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
    char path[80];

    snprintf(path, sizeof path, "%s/state", bench->folder);
    call_it(bench, manner);
    mem_free(bench->settings.key_provider);
    bench->settings.key_provider = mem_copy_text(bench->program);
    event_set_sink(on_event, bench);
    bench->delivery =
        delivery_new(bench->loop, &bench->settings, path, &events, bench);
    assert_int_equal(delivery_set_office(bench->delivery, "", office, ""),
                     ERR_OK);
}

static void becomes(struct bench *bench, enum err err)
{
    for (int i = 0; !delivery_has_answered(bench->delivery) ||
                    delivery_hindrance(bench->delivery) != err;
         i++) {
        if (i == TURNS)
            fail_msg("hindered by %s: %s",
                     err_name(delivery_hindrance(bench->delivery)),
                     bench->events);
        loop_turn(bench->loop, 20);
    }
}

static void submit(struct bench *bench)
{
    struct answers *answers;

    if (bench->session.is_open)
        session_wipe(&bench->session);
    session_begin(&bench->session, LANGUAGE_ZH_CN);
    session_start_item(&bench->session, pack_find(pack, "hotline-12345"));
    answers = bench->session.answers;
    static const char *const said[][2] = { { "kind", "complaint" },
                                           { "topic", "other" },
                                           { "description", "灯坏了" },
                                           { "contact_by", "anonymous" } };
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        assert_int_equal(
            answers_set(answers, said[i][0], said[i][1], SOURCE_CITIZEN),
            ERR_OK);
    bench->state = CASE_STORING;
    delivery_submit(bench->delivery, &bench->session);
    assert_int_equal(bench->state, CASE_STORING); /* nothing waits */
}

static void until_case(struct bench *bench, enum case_state state)
{
    for (int i = 0; bench->state != state; i++) {
        if (i == TURNS)
            fail_msg("state %d: %s", bench->state, bench->events);
        loop_turn(bench->loop, 20);
    }
}

static void test_terminal_without_a_key(void **state)
{
    struct bench *bench = *state;
    char path[KEPT_PATH_BYTES], folder[80];

    open_delivery(bench, "dies-once");
    becomes(bench, ERR_OK);
    submit(bench);
    loop_turn(bench->loop, 20);
    for (int i = 0; !strstr(bench->events, "KEY_PROVIDER"); i++) {
        assert_true(i < TURNS);
        loop_turn(bench->loop, 20);
    }
    /* It died in the middle; the citizen notices a wait. */
    assert_int_equal(delivery_hindrance(bench->delivery), ERR_OK);
    later(bench, SIGNER_PAUSE_MS);
    until_case(bench, CASE_SAVED);
    snprintf(folder, sizeof folder, "%s/state", bench->folder);
    kept_path(folder, KEPT_KEY, path);
    assert_false(file_exists(path));
}

static void test_terminal_of_a_mute_provider(void **state)
{
    struct bench *bench = *state;

    open_delivery(bench, "mute");
    loop_turn(bench->loop, 50);
    loop_turn(bench->loop, 50);
    assert_false(delivery_has_answered(bench->delivery));
    later(bench, SIGNER_ANSWER_MS);
    becomes(bench, ERR_CHILD);
    assert_non_null(
        strstr(bench->events, "KEY_PROVIDER {\"err\":\"TIMEOUT\"}"));
    /* Mended: nothing is restarted but the provider. */
    assert_int_equal(unlink(bench->program), 0);
    char built[PATH_BYTES], here[PATH_BYTES];
    assert_int_equal(file_program_folder(here, sizeof here - 32), ERR_OK);
    snprintf(built, sizeof built, "%.400s/../provider/provider", here);
    char good[PATH_BYTES];
    snprintf(good, sizeof good, "%.400s/good", bench->folder);
    assert_int_equal(symlink(built, good), 0);
    char script[2 * PATH_BYTES];
    snprintf(script, sizeof script, "#!/bin/sh\nexec '%s'\n", good);
    assert_int_equal(file_replace(bench->program, script, strlen(script), 0700),
                     ERR_OK);
    later(bench, SIGNER_PAUSE_MS);
    becomes(bench, ERR_OK);
    submit(bench);
    until_case(bench, CASE_SAVED);
}

static void test_terminal_of_a_lying_provider(void **state)
{
    struct bench *bench = *state;

    open_delivery(bench, "lie");
    becomes(bench, ERR_OK);
    submit(bench);
    until_case(bench, CASE_NOT_STORED);
    assert_int_equal(bench->err, ERR_CRYPTO);
    assert_int_equal(delivery_waiting(bench->delivery), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_it_signs),
        TEST(test_it_dies),
        TEST(test_it_hangs),
        TEST(test_it_says_nothing),
        TEST(test_it_lies),
        TEST(test_rubbish_and_refusal),
        TEST(test_terminal_without_a_key),
        TEST(test_terminal_of_a_mute_provider),
        TEST(test_terminal_of_a_lying_provider),
    };
    return cmocka_run_group_tests_name("signer", tests, load, unload);
}
