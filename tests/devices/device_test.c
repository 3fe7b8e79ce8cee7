/* kiosk/device.c with a driver that does as it is told: answers are queued, late
 * ones dropped, a freed device says nothing more, no card stays behind. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/device.h"

#include <string.h>

/* The driver: it counts what it was asked, and finishes when the test says. */
struct puppet {
    int opens, closes, starts, stops;
    bool closes_late;
    const void *pdf;
};

static enum err open_err;
static bool answers_at_once;

static void puppet_open(struct device *device)
{
    struct puppet *puppet = device_memory(device);

    puppet->opens++;
    device_opened(device, open_err);
}

static void puppet_close(struct device *device)
{
    struct puppet *puppet = device_memory(device);

    puppet->closes++;
    if (!puppet->closes_late)
        device_closed(device);
}

static const struct card some_card = { .kind = CARD_RESIDENT,
                                       .name = "欧阳㼆昕" };

static void puppet_start(struct device *device, const struct device_job *job)
{
    struct puppet *puppet = device_memory(device);

    puppet->starts++;
    puppet->pdf = job->pdf;
    if (answers_at_once)
        device_finished(device, ERR_OK, &some_card);
}

static void puppet_stop(struct device *device)
{
    struct puppet *puppet = device_memory(device);

    puppet->stops++;
}

static enum err puppet_pretend(struct device *device, const char *line)
{
    (void)device;
    return strcmp(line, "known") == 0 ? ERR_OK : ERR_BAD_INPUT;
}

static const struct driver puppet_driver = {
    .name = "card/puppet",
    .class = DEVICE_CARD,
    .memory = sizeof(struct puppet),
    .open = puppet_open,
    .close = puppet_close,
    .start = puppet_start,
    .stop = puppet_stop,
    .pretend = puppet_pretend,
};

/* What the app heard. */
struct heard {
    struct loop *loop;
    struct device *device;
    int states, finished, printed, retries;
    uint32_t job;
    enum err err;
    char name[CARD_TEXT_BYTES];
    bool frees_on_finish;
};

static void on_state(void *owner, struct device *device)
{
    struct heard *heard = owner;

    (void)device;
    heard->states++;
}

static void on_finished(void *owner, struct device *device, uint32_t job,
                        enum err err, const struct card *card)
{
    struct heard *heard = owner;

    heard->finished++;
    heard->job = job;
    heard->err = err;
    if (card) {
        assert_true(secret_used_bytes() > 0);
        memcpy(heard->name, card->name, sizeof(heard->name));
    }
    if (heard->frees_on_finish) {
        device_free(device);
        heard->device = NULL;
    }
}

static void on_printed(void *owner, struct device *device, uint32_t job,
                       enum print_state state, int pages, int total)
{
    struct heard *heard = owner;

    (void)device, (void)job, (void)state, (void)pages, (void)total;
    heard->printed++;
}

static void on_retry(void *owner, struct device *device, uint32_t job,
                     enum err why)
{
    struct heard *heard = owner;

    (void)device;
    heard->retries++;
    heard->job = job;
    heard->err = why;
}

static const struct device_events events = { on_state, on_finished, on_printed,
                                             on_retry };
static const struct device_job reading = { .kind = JOB_READ_CARD };

static void turn(struct heard *heard)
{
    for (int i = 0; i < 3; i++)
        loop_turn(heard->loop, 0);
}

static struct puppet *puppet_of(struct heard *heard)
{
    return device_memory(heard->device);
}

static int set_up(void **state)
{
    struct heard *heard = mem_new(sizeof(*heard));

    open_err = ERR_OK;
    answers_at_once = false;
    clock_pretend(1000, 1795500000000);
    heard->loop = loop_new_pretend();
    heard->device = device_new(heard->loop, &puppet_driver, &events, heard);
    *state = heard;
    return 0;
}

static int tear_down(void **state)
{
    struct heard *heard = *state;

    device_free(heard->device);
    assert_int_equal(loop_open_count(heard->loop), 0);
    assert_int_equal(secret_used_bytes(), 0);
    loop_free(heard->loop);
    clock_pretend_end();
    mem_free(heard);
    return 0;
}

static void open_it(struct heard *heard)
{
    device_open(heard->device);
    turn(heard);
}

static void test_open(void **state)
{
    struct heard *heard = *state;

    assert_int_equal(device_state_of(heard->device), DEVICE_ABSENT);
    assert_int_equal(device_start(heard->device, &reading), 0);
    device_open(heard->device);
    assert_int_equal(device_state_of(heard->device), DEVICE_STARTING);
    assert_int_equal(heard->states, 0); /* never on the caller's stack */
    assert_int_equal(device_start(heard->device, &reading), 0);
    turn(heard);
    assert_int_equal(heard->states, 1);
    assert_int_equal(device_state_of(heard->device), DEVICE_READY);
    assert_int_equal(device_action_of(heard->device), ACTION_NONE);
}

static void test_open_fails(void **state)
{
    static const struct {
        enum err err;
        enum device_state state;
        enum device_action action;
    } cases[] = {
        { ERR_NO_DEVICE, DEVICE_UNPLUGGED, ACTION_CLEAR },
        { ERR_BAD_INPUT, DEVICE_BROKEN, ACTION_CONFIGURATION },
        { ERR_DEVICE, DEVICE_BROKEN, ACTION_MAINTENANCE },
    };
    struct heard *heard = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        open_err = cases[i].err;
        open_it(heard);
        assert_int_equal(device_state_of(heard->device), cases[i].state);
        assert_int_equal(device_why(heard->device), cases[i].err);
        assert_int_equal(device_action_of(heard->device), cases[i].action);
        assert_int_equal(device_start(heard->device, &reading), 0);
        assert_int_equal(device_pretend(heard->device, "known"), ERR_NOT_FOUND);
        /* It comes round when it is plugged in. */
        device_changed(heard->device, DEVICE_READY, ERR_OK, ACTION_NONE);
        turn(heard);
        assert_int_not_equal(device_start(heard->device, &reading), 0);
        device_free(heard->device);
        heard->device = device_new(heard->loop, &puppet_driver, &events, heard);
    }
}

static void test_finish_is_queued(void **state)
{
    struct heard *heard = *state;
    uint32_t job;

    open_it(heard);
    answers_at_once = true;
    job = device_start(heard->device, &reading);
    assert_int_not_equal(job, 0);
    assert_int_equal(heard->finished, 0);
    assert_true(secret_used_bytes() >= sizeof(struct card));
    turn(heard);
    assert_int_equal(heard->finished, 1);
    assert_int_equal(heard->job, job);
    assert_int_equal(heard->err, ERR_OK);
    assert_string_equal(heard->name, "欧阳㼆昕");
    assert_int_equal(secret_used_bytes(), 0);
    assert_true(device_start(heard->device, &reading) > job);
}

static void test_one_job_at_a_time(void **state)
{
    struct heard *heard = *state;

    open_it(heard);
    assert_int_not_equal(device_start(heard->device, &reading), 0);
    assert_int_equal(device_start(heard->device, &reading), 0);
    assert_int_equal(puppet_of(heard)->starts, 1);
}

/* The card is queued, then the citizen goes back: it must not be left. */
static void test_stop_drops_a_queued_card(void **state)
{
    struct heard *heard = *state;
    uint32_t job;

    open_it(heard);
    answers_at_once = true;
    job = device_start(heard->device, &reading);
    device_stop(heard->device, job);
    assert_int_equal(secret_used_bytes(), 0);
    turn(heard);
    assert_int_equal(heard->finished, 1);
    assert_int_equal(heard->err, ERR_CANCELLED);
    assert_string_equal(heard->name, "");
    assert_int_equal(puppet_of(heard)->stops, 0);
}

static void test_late_answers_are_dropped(void **state)
{
    struct heard *heard = *state;
    uint32_t job;

    open_it(heard);
    device_retry(heard->device, ERR_CARD_MOVED); /* no job: nobody asks */
    device_printed(heard->device, PRINT_SENT, 0, 1);
    job = device_start(heard->device, &reading);
    device_retry(heard->device, ERR_CARD_MOVED);
    device_stop(heard->device, job + 1); /* another job's number */
    assert_int_equal(puppet_of(heard)->stops, 0);
    device_stop(heard->device, job);
    device_stop(heard->device, job);
    assert_int_equal(puppet_of(heard)->stops, 1);
    device_retry(heard->device, ERR_CARD_TWO);
    device_printed(heard->device, PRINT_SENT, 0, 1);
    /* It had read the card just when it was stopped. */
    device_finished(heard->device, ERR_OK, &some_card);
    turn(heard);
    assert_int_equal(heard->retries, 0);
    assert_int_equal(heard->printed, 0);
    assert_int_equal(heard->finished, 1);
    assert_int_equal(heard->job, job);
    assert_int_equal(heard->err, ERR_CANCELLED);
    assert_string_equal(heard->name, "");
}

static void test_next_job_waits_for_a_stopped_one(void **state)
{
    struct heard *heard = *state;
    uint32_t first, second;

    open_it(heard);
    first = device_start(heard->device, &reading);
    device_stop(heard->device, first);
    second = device_start(heard->device, &reading);
    assert_int_not_equal(second, 0);
    assert_int_equal(device_start(heard->device, &reading), 0);
    assert_int_equal(puppet_of(heard)->starts, 1);
    device_finished(heard->device, ERR_CANCELLED, NULL);
    turn(heard);
    assert_int_equal(heard->job, first);
    assert_int_equal(puppet_of(heard)->starts, 2);
    device_finished(heard->device, ERR_OK, &some_card);
    turn(heard);
    assert_int_equal(heard->job, second);
    assert_string_equal(heard->name, "欧阳㼆昕");
}

static void test_waiting_job_can_be_stopped(void **state)
{
    struct heard *heard = *state;
    uint32_t first, second;

    open_it(heard);
    first = device_start(heard->device, &reading);
    device_stop(heard->device, first);
    second = device_start(heard->device, &reading);
    device_stop(heard->device, second);
    device_finished(heard->device, ERR_CANCELLED, NULL);
    turn(heard);
    assert_int_equal(heard->finished, 2);
    assert_int_equal(puppet_of(heard)->starts, 1);
    assert_int_not_equal(device_start(heard->device, &reading), 0);
}

/* Who stops a print may erase the bytes at once. */
static void test_bytes_are_kept_for_the_driver(void **state)
{
    struct heard *heard = *state;
    char pdf[] = "%PDF-1.4";
    const struct device_job print = {
        .kind = JOB_PRINT, .pdf = pdf, .pdf_len = 8, .copies = 1
    };

    open_it(heard);
    device_stop(heard->device, device_start(heard->device, &print));
    memset(pdf, 0, sizeof(pdf));
    assert_memory_equal(puppet_of(heard)->pdf, "%PDF-1.4", 8);
    device_finished(heard->device, ERR_OK, NULL);
    turn(heard);
    assert_int_equal(heard->err, ERR_OK); /* it came out all the same */
}

static void test_free_says_nothing_more(void **state)
{
    struct heard *heard = *state;

    open_it(heard);
    answers_at_once = true;
    assert_int_not_equal(device_start(heard->device, &reading), 0);
    device_free(heard->device);
    heard->device = NULL;
    assert_int_equal(secret_used_bytes(), 0);
    turn(heard);
    assert_int_equal(heard->finished, 0);
}

static void test_free_inside_a_callback(void **state)
{
    struct heard *heard = *state;

    open_it(heard);
    answers_at_once = true;
    heard->frees_on_finish = true;
    assert_int_not_equal(device_start(heard->device, &reading), 0);
    turn(heard);
    assert_int_equal(heard->finished, 1);
    assert_int_equal(loop_open_count(heard->loop), 0);
}

/* A real driver may need the loop to close: until it has, nothing is freed. */
static void test_driver_closes_late(void **state)
{
    struct heard *heard = *state;
    struct device *device = heard->device;

    open_it(heard);
    assert_int_not_equal(device_start(device, &reading), 0);
    puppet_of(heard)->closes_late = true;
    device_free(device);
    heard->device = NULL;
    turn(heard);
    device_changed(device, DEVICE_UNPLUGGED, ERR_NO_DEVICE, ACTION_CLEAR);
    device_finished(device, ERR_CANCELLED, NULL);
    turn(heard);
    device_closed(device);
    turn(heard);
    assert_int_equal(heard->states, 1);
    assert_int_equal(heard->finished, 0);
}

static void test_state_is_told_once(void **state)
{
    struct heard *heard = *state;

    open_it(heard);
    heard->states = 0;
    for (int i = 0; i < 2; i++)
        device_changed(heard->device, DEVICE_BLOCKED, ERR_PAPER_OUT,
                       ACTION_CLEAR);
    turn(heard);
    assert_int_equal(heard->states, 1);
    assert_int_equal(device_why(heard->device), ERR_PAPER_OUT);
}

static void test_settings_and_lines(void **state)
{
    struct heard *heard = *state;

    assert_int_equal(device_pretend(heard->device, "known"), ERR_NOT_FOUND);
    open_it(heard);
    assert_null(device_setting(heard->device, "folder"));
    device_set(heard->device, "folder", "/a");
    device_set(heard->device, "folder", "/b");
    assert_string_equal(device_setting(heard->device, "folder"), "/b");
    assert_int_equal(device_pretend(heard->device, "known"), ERR_OK);
    assert_int_equal(device_pretend(heard->device, "?"), ERR_BAD_INPUT);
}

static void test_words(void **state)
{
    enum paper paper = PAPER_COUNT;

    (void)state;
    assert_string_equal(device_class_name(DEVICE_PRINTER), "printer");
    assert_string_equal(device_state_name(DEVICE_BLOCKED), "blocked");
    for (int i = 0; i < PAPER_COUNT; i++) {
        assert_int_equal(paper_find(paper_name((enum paper)i), &paper), ERR_OK);
        assert_int_equal(paper, i);
    }
    assert_int_equal(paper_find("A3", &paper), ERR_NOT_FOUND);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_open),
        TEST(test_open_fails),
        TEST(test_finish_is_queued),
        TEST(test_one_job_at_a_time),
        TEST(test_stop_drops_a_queued_card),
        TEST(test_late_answers_are_dropped),
        TEST(test_next_job_waits_for_a_stopped_one),
        TEST(test_waiting_job_can_be_stopped),
        TEST(test_bytes_are_kept_for_the_driver),
        TEST(test_free_says_nothing_more),
        TEST(test_free_inside_a_callback),
        TEST(test_driver_closes_late),
        TEST(test_state_is_told_once),
        TEST(test_settings_and_lines),
        cmocka_unit_test(test_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
