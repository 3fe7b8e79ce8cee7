/* The small parts of kiosk/base: err, mem, buf, chance, fault, event. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/chance.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/err.h"
#include "kiosk/base/event.h"
#include "kiosk/base/fault.h"
#include "kiosk/base/mem.h"

static void errors_have_names_and_sentences(void **state)
{
    (void)state;
    assert_string_equal(err_name(ERR_OK), "OK");
    assert_string_equal(err_name(ERR_CANCELLED), "CANCELLED");
    for (int err = 1; err < ERR_COUNT; err++) {
        assert_true(strlen(err_name((enum err)err)) > 1);
        assert_true(strlen(err_text((enum err)err)) > 10);
    }
    assert_true(err_may_retry(ERR_OFFLINE));
    assert_false(err_may_retry(ERR_CONFLICT));
    assert_string_equal(err_name(ERR_COUNT), "UNKNOWN");
    assert_string_equal(err_text((enum err) - 1), "");
    assert_false(err_may_retry((enum err)1000));
}

static void memory_is_zeroed_and_grows(void **state)
{
    (void)state;
    unsigned char *bytes = mem_new(300);
    for (int i = 0; i < 300; i++)
        assert_int_equal(bytes[i], 0);
    memset(bytes, 7, 300);
    bytes = mem_resize(bytes, 300, 600);
    assert_int_equal(bytes[299], 7);
    assert_int_equal(bytes[300], 0);
    bytes = mem_resize(bytes, 600, 10);
    assert_int_equal(bytes[9], 7);
    mem_free(bytes);
    mem_free(NULL);
    mem_free(mem_new(0));

    char *copy = mem_copy_bytes("ab\0c", 4);
    assert_memory_equal(copy, "ab\0c\0", 5);
    mem_wipe(copy, 4);
    assert_memory_equal(copy, "\0\0\0\0\0", 5);
    mem_free(copy);
}

static void secrets_are_zeroed_on_free(void **state)
{
    (void)state;
    char *first = secret_copy_text("first secret");
    char *second = secret_copy_text("second secret");
    assert_string_equal(first, "first secret");
    assert_int_equal(secret_used_bytes(), 13 + 14);
    assert_int_equal((uintptr_t)second % 16, 0);
    secret_free(first);
    assert_int_equal(secret_used_bytes(), 14);
    for (int i = 0; i < 13; i++)
        assert_int_equal(first[i], 0);
    assert_string_equal(second, "second secret");

    /* The same room serves again, and is zero. */
    char *again = secret_new(13);
    assert_ptr_equal(again, first);
    secret_free(again);
    secret_free(second);
    secret_free(NULL);
    assert_int_equal(secret_used_bytes(), 0);
}

static void secrets_join_into_room(void **state)
{
    (void)state;
    enum { COUNT = 1024, EACH = SECRET_ARENA_BYTES / COUNT - 16 };
    static char *parts[COUNT];
    for (int i = 0; i < COUNT; i++) {
        parts[i] = secret_new(EACH);
        assert_non_null(parts[i]);
        memset(parts[i], i, EACH);
    }
    assert_null(secret_new(1));
    for (int i = 0; i < COUNT; i++)
        for (int j = 0; j < EACH; j++)
            assert_int_equal(parts[i][j], (char)i);
    /* Every second one leaves holes too small for a large one. */
    for (int i = 0; i < COUNT; i += 2)
        secret_free(parts[i]);
    assert_null(secret_new(2 * EACH));
    for (int i = 1; i < COUNT; i += 2)
        secret_free(parts[i]);
    char *all = secret_new(SECRET_ARENA_BYTES - 16);
    assert_non_null(all);
    for (size_t i = 0; i < SECRET_ARENA_BYTES - 16; i++)
        assert_int_equal(all[i], 0);
    secret_free(all);
    assert_null(secret_new(SECRET_ARENA_BYTES));
    assert_null(secret_new(SIZE_MAX));
}

static void one_call_wipes_all_secrets(void **state)
{
    (void)state;
    char *one = secret_copy_text("one");
    char *far = secret_new(500000);
    far[499999] = 'x';
    secret_wipe_all();
    assert_int_equal(secret_used_bytes(), 0);
    assert_memory_equal(one, "\0\0\0", 3);
    assert_int_equal(far[499999], 0);
    char *next = secret_new(4);
    assert_ptr_equal(next, one);
    secret_free(next);
}

static void buf_keeps_what_fits(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 100);
    assert_string_equal(buf.text, "");
    for (int i = 0; i < 30; i++)
        buf_add_text(&buf, "abc");
    assert_int_equal(buf.len, 90);
    assert_false(buf.is_cut);
    buf_add_format(&buf, "%s%d", "0123456", 789);
    assert_int_equal(buf.len, 100);
    assert_false(buf.is_cut);
    buf_add_char(&buf, '!');
    assert_true(buf.is_cut);
    assert_int_equal(buf.len, 100);
    assert_string_equal(buf.text + 87, "abc0123456789");
    buf_clear(&buf);
    assert_false(buf.is_cut);
    assert_string_equal(buf.text, "");
    assert_int_equal(buf.text[99], 0);
    buf_add_format(&buf, "%099d%s", 1, "234");
    assert_true(buf.is_cut);
    assert_int_equal(strlen(buf.text), 100);
    assert_string_equal(buf.text + 97, "012");
    buf_remove_front(&buf, 97);
    assert_string_equal(buf.text, "012");
    assert_int_equal(buf.text[50], 0);
    buf_done(&buf);
    buf_done(NULL);

    buf_init(&buf, 0);
    buf_add_char(&buf, 'x');
    assert_true(buf.is_cut);
    assert_string_equal(buf.text, "");
    buf_done(&buf);
}

static void base64_agrees_with_rfc_4648(void **state)
{
    static const char *const pairs[][2] = {
        { "", "" },
        { "f", "Zg==" },
        { "fo", "Zm8=" },
        { "foo", "Zm9v" },
        { "foob", "Zm9vYg==" },
        { "fooba", "Zm9vYmE=" },
        { "foobar", "Zm9vYmFy" },
        { "\xfb\xff\xbf", "+/+/" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct buf buf;
        unsigned char bytes[8];
        size_t len = 99;
        buf_init(&buf, 16);
        buf_add_base64(&buf, pairs[i][0], strlen(pairs[i][0]));
        assert_string_equal(buf.text, pairs[i][1]);
        assert_int_equal(
            base64_decode(buf.text, buf.len, bytes, sizeof bytes, &len),
            ERR_OK);
        assert_int_equal(len, strlen(pairs[i][0]));
        assert_memory_equal(bytes, pairs[i][0], len);
        buf_done(&buf);
    }
}

static void base64_refuses_other_spellings(void **state)
{
    static const char *const bad[] = {
        "Zg",     "Zg=",  "Z===", "====",     "Zh==", "Zm9=", "Zm 9",
        "Zm9v\n", "Z=g=", "=Zg=", "Zg==Zg==", "Zm9-", "Zm9_", "Zm9\xe4",
    };
    (void)state;
    unsigned char bytes[16] = "untouched";
    size_t len = 99;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(
            base64_decode(bad[i], strlen(bad[i]), bytes, sizeof bytes, &len),
            ERR_BAD_INPUT);
    assert_int_equal(base64_decode("Zm9v", 4, bytes, 2, &len), ERR_TOO_BIG);
    assert_int_equal(len, 99);
    assert_string_equal((char *)bytes, "untouched");
}

static void hex_goes_there_and_back(void **state)
{
    (void)state;
    struct buf buf;
    unsigned char bytes[4] = { 1, 2, 3, 4 };
    buf_init(&buf, 8);
    buf_add_hex(&buf, "\x00\x7f\xab\xff", 4);
    assert_string_equal(buf.text, "007fabff");
    assert_int_equal(hex_decode("007fabf", bytes, 4), ERR_BAD_INPUT);
    assert_int_equal(hex_decode("007fabff0", bytes, 4), ERR_BAD_INPUT);
    assert_int_equal(hex_decode("007fabfg", bytes, 4), ERR_BAD_INPUT);
    assert_memory_equal(bytes, "\1\2\3\4", 4);
    assert_int_equal(hex_decode("007FabfF", bytes, 4), ERR_OK);
    assert_memory_equal(bytes, "\x00\x7f\xab\xff", 4);
    buf_done(&buf);
}

static void chance_repeats_only_with_a_seed(void **state)
{
    (void)state;
    unsigned char a[32], b[32];
    chance_bytes(a, sizeof a);
    chance_bytes(b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
    chance_seed(0);
    chance_bytes(a, sizeof a);
    chance_bytes(b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
    chance_seed(0);
    chance_bytes(b, sizeof b);
    assert_memory_equal(a, b, sizeof a);
    /* The first number of SplitMix64 from seed 0, as published. */
    uint64_t first;
    memcpy(&first, a, sizeof first);
    assert_true(first == UINT64_C(0xe220a8397b1dcdaf));
    chance_seed_end();
    chance_bytes(b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
}

static void chance_below_reaches_every_number(void **state)
{
    (void)state;
    int seen[7] = { 0 };
    chance_seed(42);
    for (int i = 0; i < 7000; i++)
        seen[chance_below(7)]++;
    for (int i = 0; i < 7; i++)
        assert_in_range(seen[i], 800, 1200);
    assert_int_equal(chance_below(1), 0);
    assert_true(chance_below(UINT32_MAX) < UINT32_MAX);
    chance_seed_end();
}

static void planned_failures_come_as_often_as_planned(void **state)
{
    (void)state;
    assert_false(FAULT("a"));
    fault_plan("a", 2);
    fault_plan("b", -1);
    assert_true(FAULT("a"));
    assert_true(FAULT("a"));
    assert_false(FAULT("a"));
    for (int i = 0; i < 10; i++)
        assert_true(FAULT("b"));
    assert_false(FAULT("c"));
    fault_plan("b", 0);
    assert_false(FAULT("b"));
    fault_plan("a", 1);
    fault_plan("a", 0);
    assert_false(FAULT("a"));
}

struct seen {
    int count;
    struct event_record_of event;
    char fields[512];
};

static void on_event(void *owner, const struct event_record_of *event)
{
    struct seen *seen = owner;
    seen->count++;
    seen->event = *event;
    snprintf(seen->fields, sizeof seen->fields, "%s", event->fields);
}

static void events_become_canonical_json(void **state)
{
    (void)state;
    struct seen seen = { 0 };
    clock_pretend(0, INT64_C(1800000000123));
    event_set_sink(on_event, &seen);
    /* The order of the table, not of the call. */
    event_record(EVENT_CASE_WAITS, FIELD_TRIES, (int64_t)-3, FIELD_ERR,
                 err_name(ERR_OFFLINE), FIELD_CASE, "c-1", FIELD_END);
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.event.id, EVENT_CASE_WAITS);
    assert_int_equal(seen.event.level, EVENT_LEVEL_WARN);
    assert_true(seen.event.is_journal);
    assert_string_equal(seen.event.name, "CASE_WAITS");
    assert_string_equal(seen.event.words, "case could not be sent yet");
    assert_true(seen.event.wall_ms == INT64_C(1800000000123));
    assert_string_equal(seen.fields,
                        "{\"case\":\"c-1\",\"err\":\"OFFLINE\",\"tries\":-3}");
    event_record(EVENT_STOPPED, FIELD_END);
    assert_string_equal(seen.fields, "{}");
    event_record(EVENT_CARD_READ, FIELD_MS, INT64_MAX, FIELD_END);
    assert_string_equal(seen.fields, "{\"ms\":9223372036854775807}");
    event_set_sink(NULL, NULL);
    event_record(EVENT_STOPPED, FIELD_END);
    assert_int_equal(seen.count, 3);
    clock_pretend_end();
}

static void events_tell_the_hour_where_more_is_too_much(void **state)
{
    (void)state;
    struct seen seen = { 0 };
    int64_t late_ms = INT64_C(1800000000123) + 1234567;
    int64_t hour_ms = late_ms - late_ms % 3600000;

    clock_pretend(0, late_ms);
    event_set_sink(on_event, &seen);
    event_record(EVENT_SESSION_BEGUN, FIELD_NUMBER, (int64_t)1, FIELD_END);
    assert_int_equal(seen.event.wall_ms, hour_ms);
    event_record(EVENT_SESSION_ENDED, FIELD_NUMBER, (int64_t)1, FIELD_ENDING,
                 "done", FIELD_END);
    assert_int_equal(seen.event.wall_ms, hour_ms);
    event_record(EVENT_SLIP_PRINTED, FIELD_CASE, NULL, FIELD_COPY, (int64_t)1,
                 FIELD_END);
    assert_int_equal(seen.event.wall_ms, hour_ms);
    assert_string_equal(seen.fields, "{\"copy\":1}");
    event_record(EVENT_SLIP_PRINTED, FIELD_CASE, "c-1", FIELD_COPY, (int64_t)1,
                 FIELD_END);
    assert_int_equal(seen.event.wall_ms, late_ms);
    event_record(EVENT_STOPPED, FIELD_END);
    assert_int_equal(seen.event.wall_ms, late_ms);
    event_set_sink(NULL, NULL);
    clock_pretend_end();
}

static void events_take_no_foreign_text(void **state)
{
    (void)state;
    struct seen seen = { 0 };
    char longest[82];
    memset(longest, 'a', 81);
    longest[81] = '\0';
    const char *const foreign[] = { "张三", "a\"b",  "a\nb",
                                    "a\\b", longest, NULL };
    event_set_sink(on_event, &seen);
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        event_record(EVENT_ITEM_BEGUN, FIELD_ITEM, foreign[i], FIELD_END);
        assert_string_equal(seen.fields, "{\"item\":\"?\"}");
    }
    longest[80] = '\0';
    event_record(EVENT_ITEM_BEGUN, FIELD_ITEM, longest, FIELD_END);
    assert_int_equal(strlen(seen.fields), 80 + strlen("{\"item\":\"\"}"));
    event_set_sink(NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_have_names_and_sentences),
        cmocka_unit_test(memory_is_zeroed_and_grows),
        cmocka_unit_test(secrets_are_zeroed_on_free),
        cmocka_unit_test(secrets_join_into_room),
        cmocka_unit_test(one_call_wipes_all_secrets),
        cmocka_unit_test(buf_keeps_what_fits),
        cmocka_unit_test(base64_agrees_with_rfc_4648),
        cmocka_unit_test(base64_refuses_other_spellings),
        cmocka_unit_test(hex_goes_there_and_back),
        cmocka_unit_test(chance_repeats_only_with_a_seed),
        cmocka_unit_test(chance_below_reaches_every_number),
        cmocka_unit_test(planned_failures_come_as_often_as_planned),
        cmocka_unit_test(events_become_canonical_json),
        cmocka_unit_test(events_tell_the_hour_where_more_is_too_much),
        cmocka_unit_test(events_take_no_foreign_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
