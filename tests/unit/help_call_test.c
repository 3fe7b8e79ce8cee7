/* A citizen's call for help: told to the hub with the next report of health, asked
 * after until somebody comes, and taken back when the session ends. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/backend/answer.h"
#include "kiosk/backend/transport.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/delivery.h"

#include <stdio.h>
#include <string.h>

enum { PATIENCE_MS = 60000, BODY_BYTES = 2048, SOON_S = 5 };

/* The hub, as far as the wire shows it: what was said last, and its answer. */
struct wire_end {
    struct transport_carrier carrier;
    char body[BODY_BYTES];
    struct exchange *open;
    char folder[64];
    struct loop *loop;
    struct settings settings;
    struct delivery *delivery;
    int told; /* on_health */
};

static void begin(void *owner, struct exchange *exchange,
                  const struct exchange_settings *settings,
                  int64_t answer_max_ms)
{
    struct wire_end *end = owner;
    size_t len = settings->body_len;

    (void)answer_max_ms;
    assert_null(end->open);
    assert_in_range(len, 1, BODY_BYTES - 1);
    memcpy(end->body, settings->body, len);
    end->body[len] = '\0';
    end->open = exchange;
}

static void give_up(void *owner, struct exchange *exchange)
{
    struct wire_end *end = owner;
    (void)exchange;
    end->open = NULL;
}

static void on_case(void *owner, const char *case_id, enum case_state state,
                    enum err err, const char *case_number,
                    const struct journal_head *head)
{
    (void)owner;
    (void)case_id;
    (void)state;
    (void)err;
    (void)case_number;
    (void)head;
}

static void on_health(void *owner)
{
    struct wire_end *end = owner;
    end->told++;
}

static int set_up(void **state)
{
    static const struct delivery_events events = { on_case, on_health, NULL };
    struct wire_end *end = mem_new(sizeof *end);

    *state = end;
    end->carrier = (struct transport_carrier){ begin, give_up, end };
    transport_carry(&end->carrier);
    if (file_make_temporary(end->folder, sizeof end->folder))
        return -1;
    settings_init(&end->settings);
    end->loop = loop_new();
    end->delivery =
        delivery_new(end->loop, &end->settings, end->folder, &events, end);
    while (!delivery_has_answered(end->delivery))
        loop_turn(end->loop, 100);
    return delivery_set_office(end->delivery, "http://127.0.0.1:1", "", "") ? -1
                                                                            : 0;
}

static int tear_down(void **state)
{
    struct wire_end *end = *state;

    delivery_free(end->delivery);
    settings_done(&end->settings);
    loop_free(end->loop);
    transport_carry(NULL);
    enum err err = file_remove_tree(end->folder);
    mem_free(end);
    return err ? -1 : 0;
}

/* Waits for the next report of health, and answers it. */
static const char *beat(struct wire_end *end, const char *more)
{
    char answer[128];
    int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;

    while (!end->open) {
        assert_true(clock_monotonic_ms() < until_ms);
        loop_turn(end->loop, 100);
    }
    struct exchange *exchange = end->open;
    int len = snprintf(answer, sizeof answer, "{\"time\":%lld%s}",
                       (long long)clock_wall_ms(), more);
    end->open = NULL;
    static char said[BODY_BYTES]; /* the next report may begin at once */
    memcpy(said, end->body, sizeof said);
    transport_carried(exchange, ERR_OK, 200, answer, (size_t)len);
    for (int turns = 0; turns < 3; turns++)
        loop_turn(end->loop, 0); /* the answer goes its way */
    return said;
}

static bool wants(const char *body)
{
    return strstr(body, "\"help_wanted\":true") != NULL;
}

static void test_called_and_answered(void **state)
{
    struct wire_end *end = *state;
    struct delivery *delivery = end->delivery;

    assert_false(wants(beat(end, "")));
    assert_false(delivery_was_called(delivery));
    delivery_call_help(delivery);
    assert_true(wants(beat(end, "")));
    assert_true(delivery_was_called(delivery));
    assert_false(delivery_is_help_coming(delivery));
    clock_shift(SOON_S * 1000); /* it is asked after soon, not in a minute */
    loop_fire_due(end->loop);
    int told = end->told;
    assert_true(wants(beat(end, ",\"coming\":true")));
    assert_true(delivery_is_help_coming(delivery));
    assert_true(end->told > told);
    /* The session ends: the call, too, and at once. */
    delivery_end_help(delivery);
    assert_false(delivery_is_help_coming(delivery));
    assert_false(delivery_was_called(delivery));
    assert_false(wants(beat(end, "")));
}

/* An answer to somebody who called before is none to who calls now. */
static void test_answers_only_who_called(void **state)
{
    struct wire_end *end = *state;
    struct delivery *delivery = end->delivery;

    (void)beat(end, ",\"coming\":true");
    assert_false(delivery_is_help_coming(delivery));
    delivery_call_help(delivery);
    delivery_call_help(delivery); /* twice is once */
    assert_true(wants(beat(end, ",\"coming\":false")));
    assert_false(delivery_is_help_coming(delivery));
    /* The next person calls at once: the hub first hears that the call before
     * is over, else its answer would pass for one to this call. */
    delivery_end_help(delivery);
    delivery_call_help(delivery);
    assert_false(wants(beat(end, ",\"coming\":true")));
    assert_false(delivery_is_help_coming(delivery));
    assert_false(delivery_was_called(delivery));
    assert_true(wants(beat(end, ",\"coming\":\"yes\"")));
    assert_false(delivery_is_help_coming(delivery));
}

/* Called while a report was on its way: that one says nothing of it. */
static void test_called_during_a_beat(void **state)
{
    struct wire_end *end = *state;
    int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;

    while (!end->open) {
        assert_true(clock_monotonic_ms() < until_ms);
        loop_turn(end->loop, 100);
    }
    delivery_call_help(end->delivery);
    assert_false(wants(beat(end, ",\"coming\":true")));
    assert_false(delivery_is_help_coming(end->delivery));
    assert_false(delivery_was_called(end->delivery));
    assert_true(wants(beat(end, ",\"coming\":true"))); /* and at once again */
    assert_true(delivery_is_help_coming(end->delivery));
}

static void test_answer_is_read_to_the_letter(void **state)
{
    static const struct {
        const char *text;
        bool is_coming;
    } answers[] = {
        { "{\"time\":1700000000000,\"coming\":true}", true },
        { "{\"time\":1700000000000,\"coming\":false}", false },
        { "{\"time\":1700000000000,\"coming\":1}", false },
        { "{\"time\":1700000000000}", false },
        { "{\"coming\":true}", false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct answer answer;
        answer_read(ANSWER_HEARTBEAT, 200, answers[i].text,
                    strlen(answers[i].text), &answer);
        assert_int_equal(answer.is_coming, answers[i].is_coming);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_called_and_answered),
        TEST(test_answers_only_who_called),
        TEST(test_called_during_a_beat),
        cmocka_unit_test(test_answer_is_read_to_the_letter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
