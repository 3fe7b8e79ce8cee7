#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/task.h"

/* A reader that notes each operation as a letter; what a step answers is
 * decided by the test. */
struct reader {
    struct loop *loop;
    struct task task;
    char log[32];
    enum task_next read_next;
    uint32_t read_turn;
    enum err ended;
    int ended_count;
    int starts_again;
};

static void note(struct task *task, char c)
{
    struct reader *reader = task->owner;
    size_t len = strlen(reader->log);
    assert_true(len < sizeof reader->log - 1);
    reader->log[len] = c;
}

static enum task_next power_on(struct task *task)
{
    note(task, '1');
    return TASK_GO;
}

static enum task_next read_file(struct task *task)
{
    struct reader *reader = task->owner;
    note(task, 'r');
    reader->read_turn = task->turn;
    if (reader->read_next == TASK_FAIL)
        return task_fail(task, ERR_CARD_UNKNOWN);
    return reader->read_next;
}

static enum task_next check(struct task *task)
{
    note(task, 'c');
    return TASK_GO;
}

static enum task_next power_off(struct task *task)
{
    note(task, '0');
    return TASK_WAIT;
}

static enum task_next close_it(struct task *task)
{
    note(task, 'x');
    return TASK_GO;
}

static const struct step_of_task read_card[] = {
    { .name = "power on", .run = power_on, .timeout_ms = 1000 },
    { .name = "read file", .run = read_file, .timeout_ms = 3000 },
    { .name = "check", .run = check },
    { .name = "power off",
      .run = power_off,
      .timeout_ms = 500,
      .always = true },
    { .name = "close", .run = close_it, .always = true },
};

static void on_done(struct task *task, enum err err)
{
    struct reader *reader = task->owner;
    assert_false(task_is_running(task));
    reader->ended = err;
    reader->ended_count++;
    note(task, '!');
    if (reader->starts_again-- > 0)
        task_start(task, reader, on_done);
}

static int set_up(void **state)
{
    static struct reader reader;
    memset(&reader, 0, sizeof reader);
    clock_pretend(0, 0);
    reader.loop = loop_new_pretend();
    reader.read_next = TASK_WAIT;
    task_init(&reader.task, reader.loop, "read card", read_card,
              sizeof read_card / sizeof *read_card);
    *state = &reader;
    return 0;
}

static int tear_down(void **state)
{
    struct reader *reader = *state;
    task_done(&reader->task);
    task_done(NULL);
    loop_free(reader->loop);
    clock_pretend_end();
    return 0;
}

static void pass(struct reader *reader, int64_t ms)
{
    clock_shift(ms);
    loop_turn(reader->loop, 0);
}

static void steps_run_to_the_end(void **state)
{
    struct reader *reader = *state;
    struct task *task = &reader->task;
    task_start(task, reader, on_done);
    assert_string_equal(reader->log, "1r");
    assert_true(task_is_running(task));
    task_resume(task, task->turn, ERR_OK);
    assert_string_equal(reader->log, "1rc0");
    assert_int_equal(reader->ended_count, 0);
    task_resume(task, task->turn, ERR_OK);
    assert_string_equal(reader->log, "1rc0x!");
    assert_int_equal(reader->ended, ERR_OK);
    assert_false(task_is_running(task));
    /* No timer is left behind that would fire into a finished task. */
    pass(reader, 100000);
    assert_int_equal(reader->ended_count, 1);
}

static void a_failure_skips_to_the_clean_up(void **state)
{
    struct reader *reader = *state;
    struct task *task = &reader->task;
    reader->read_next = TASK_FAIL;
    task_start(task, reader, on_done);
    assert_string_equal(reader->log, "1r0");
    /* The first error is the one that counts. */
    task_resume(task, task->turn, ERR_DEVICE);
    assert_string_equal(reader->log, "1r0x!");
    assert_int_equal(reader->ended, ERR_CARD_UNKNOWN);
    assert_int_equal(reader->ended_count, 1);
}

static void an_answer_may_be_an_error(void **state)
{
    struct reader *reader = *state;
    struct task *task = &reader->task;
    task_start(task, reader, on_done);
    task_resume(task, task->turn, ERR_CARD_MOVED);
    assert_string_equal(reader->log, "1r0");
    task_resume(task, task->turn, ERR_OK);
    assert_int_equal(reader->ended, ERR_CARD_MOVED);
}

static void late_answers_are_dropped(void **state)
{
    struct reader *reader = *state;
    struct task *task = &reader->task;
    task_start(task, reader, on_done);
    pass(reader, 2999);
    assert_string_equal(reader->log, "1r");
    pass(reader, 1);
    assert_string_equal(reader->log, "1r0");
    /* The card answers now, while the power is being switched off. */
    task_resume(task, reader->read_turn, ERR_OK);
    assert_string_equal(reader->log, "1r0");
    task_resume(task, task->turn, ERR_OK);
    assert_string_equal(reader->log, "1r0x!");
    assert_int_equal(reader->ended, ERR_TIMEOUT);
    task_resume(task, reader->read_turn, ERR_OK);
    task_resume(task, task->turn, ERR_OK);
    assert_int_equal(reader->ended_count, 1);
}

static void clean_up_has_limits_as_well(void **state)
{
    struct reader *reader = *state;
    task_start(&reader->task, reader, on_done);
    pass(reader, 3000);
    pass(reader, 500);
    assert_string_equal(reader->log, "1r0x!");
    assert_int_equal(reader->ended, ERR_TIMEOUT);
}

static void cancelling_runs_the_clean_up_once(void **state)
{
    struct reader *reader = *state;
    struct task *task = &reader->task;
    task_cancel(task); /* not running: nothing */
    task_start(task, reader, on_done);
    task_cancel(task);
    assert_string_equal(reader->log, "1r0");
    task_cancel(task); /* clean-up goes on */
    assert_string_equal(reader->log, "1r0");
    task_resume(task, task->turn, ERR_OK);
    assert_string_equal(reader->log, "1r0x!");
    assert_int_equal(reader->ended, ERR_CANCELLED);
    assert_int_equal(reader->ended_count, 1);
}

static void done_may_start_anew(void **state)
{
    struct reader *reader = *state;
    struct task *task = &reader->task;
    reader->starts_again = 1;
    task_start(task, reader, on_done);
    uint32_t first_turn = reader->read_turn;
    task_resume(task, task->turn, ERR_OK);
    task_resume(task, task->turn, ERR_OK);
    assert_string_equal(reader->log, "1rc0x!1r");
    /* An answer to the first run's question does not fit the second's. */
    task_resume(task, first_turn, ERR_OK);
    assert_string_equal(reader->log, "1rc0x!1r");
    task_cancel(task);
    pass(reader, 500);
    assert_int_equal(reader->ended_count, 2);
    assert_int_equal(reader->ended, ERR_CANCELLED);
}

static void ending_while_it_waits_is_silent(void **state)
{
    struct reader *reader = *state;
    struct task *task = &reader->task;
    task_start(task, reader, on_done);
    task_done(task);
    pass(reader, 5000);
    task_resume(task, task->turn, ERR_OK);
    assert_int_equal(reader->ended_count, 0);
    assert_int_equal(loop_open_count(reader->loop), 0);
}

static enum task_next cancel_inside(struct task *task)
{
    note(task, 'k');
    task_cancel(task);
    return TASK_WAIT;
}

static void a_step_may_cancel(void **state)
{
    static const struct step_of_task steps[] = {
        { .name = "cancel", .run = cancel_inside },
        { .name = "never", .run = check },
        { .name = "close", .run = close_it, .always = true },
    };
    struct reader *reader = *state;
    struct task task;
    task_init(&task, reader->loop, "cancels", steps, 3);
    task_start(&task, reader, on_done);
    assert_string_equal(reader->log, "kx!");
    assert_int_equal(reader->ended, ERR_CANCELLED);
    task_done(&task);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(steps_run_to_the_end),
        TEST(a_failure_skips_to_the_clean_up),
        TEST(an_answer_may_be_an_error),
        TEST(late_answers_are_dropped),
        TEST(clean_up_has_limits_as_well),
        TEST(cancelling_runs_the_clean_up_once),
        TEST(done_may_start_anew),
        TEST(ending_while_it_waits_is_silent),
        TEST(a_step_may_cancel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
