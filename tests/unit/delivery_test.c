/* Storing and sending as one, and its end at awkward moments. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/delivery.h"

#include <stdio.h>
#include <string.h>

enum { PATIENCE_MS = 60000 };

static struct pack *pack;

struct bench {
    char folder[64];
    struct loop *loop;
    struct settings settings;
    struct session session;
    struct delivery *delivery;
    bool is_saved;
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

static void on_case(void *owner, const char *case_id, enum case_state state,
                    enum err err, const char *case_number,
                    const struct journal_head *head)
{
    struct bench *bench = owner;
    (void)err;
    (void)case_number;
    (void)head;
    assert_string_equal(case_id, bench->session.submitted.id);
    bench->is_saved |= state == CASE_SAVED;
}

static void on_health(void *owner)
{
    (void)owner;
}

static int set_up(void **state)
{
    static const struct delivery_events events = { on_case, on_health };
    struct bench *bench = mem_new(sizeof *bench);

    *state = bench;
    if (file_make_temporary(bench->folder, sizeof bench->folder))
        return -1;
    settings_init(&bench->settings);
    bench->loop = loop_new();
    session_init(&bench->session);
    session_begin(&bench->session, LANGUAGE_ZH_CN);
    session_start_item(&bench->session, pack_find(pack, "hotline-12345"));
    bench->delivery = delivery_new(bench->loop, &bench->settings, bench->folder,
                                   &events, bench);
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    delivery_free(bench->delivery);
    session_done(&bench->session);
    settings_done(&bench->settings);
    loop_free(bench->loop);
    enum err err = file_remove_tree(bench->folder);
    mem_free(bench);
    return err ? -1 : 0;
}

static void answer(struct bench *bench, const char *name, const char *value)
{
    assert_int_equal(
        answers_set(bench->session.answers, name, value, SOURCE_CITIZEN),
        ERR_OK);
}

static void submit(struct bench *bench)
{
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;

    answer(bench, "kind", "complaint");
    answer(bench, "topic", "other");
    answer(bench, "description", "灯坏了");
    answer(bench, "contact_by", "anonymous");
    delivery_submit(bench->delivery, &bench->session);
    while (!bench->is_saved) {
        assert_true(clock_monotonic_ms() < end_ms);
        loop_turn(bench->loop, 100);
    }
}

/* The key of nobody: what is sealed to it is never opened here. */
static const char office_key[] = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

/* The case is being fetched from the store to be sent while the program ends:
 * the answer comes when there is no client any more. */
static void test_ends_while_a_case_is_fetched(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(delivery_set_office(bench->delivery, "http://127.0.0.1:1",
                                         office_key, ""),
                     ERR_OK);
    submit(bench);
    assert_int_equal(delivery_waiting(bench->delivery), 1);
    delivery_free(bench->delivery);
    bench->delivery = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_ends_while_a_case_is_fetched,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests_name("delivery", tests, load, unload);
}
