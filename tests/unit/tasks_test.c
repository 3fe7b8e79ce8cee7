/* A long matter in parts: what each is now, which waits for which, the way of
 * a person through them, and what is told of mistakes in a file. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/flow/computed.h"
#include "kiosk/flow/tasks.h"
#include "tests/unit/item_pages.h"

#include <stdio.h>
#include <string.h>

static struct pack *pack;
static const struct item *item;

static int set_up(void **state)
{
    struct problems problems;

    (void)state;
    item_set_screens(NULL);
    problems_init(&problems);
    enum err err = pack_load_one("tests/tty/parts.yaml", &problems, &pack);
    if (err)
        print_error("%s", problems.text.text);
    problems_done(&problems);
    item = err ? NULL : pack_item(pack, 0);
    return err ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    pack_free(pack);
    return 0;
}

static int begin(void **state)
{
    *state = answers_new();
    return 0;
}

static int end(void **state)
{
    answers_wipe(*state);
    answers_free(*state);
    return 0;
}

static void set(struct answers *answers, const char *name, const char *value)
{
    assert_int_equal(answers_set(answers, name, value, SOURCE_CITIZEN), ERR_OK);
}

static int at(const char *id)
{
    return (int)(item_step(item, id) - item->steps);
}

static void expect_states(const struct answers *answers, enum task_state place,
                          enum task_state owner, enum task_state sign,
                          enum task_state food)
{
    assert_int_equal(tasks_look(item, answers, 0).state, place);
    assert_int_equal(tasks_look(item, answers, 1).state, owner);
    assert_int_equal(tasks_look(item, answers, 2).state, sign);
    assert_int_equal(tasks_look(item, answers, 3).state, food);
}

static void test_states(void **state)
{
    struct answers *answers = *state;

    assert_int_equal(tasks_count(item), 4);
    set(answers, "kind", "food");
    /* The sign is asked for some places only, the food's stop asks for it. */
    expect_states(answers, TASK_EMPTY, TASK_EMPTY, TASK_WAITS, TASK_WAITS);
    assert_ptr_equal(tasks_look(item, answers, 2).waits_for,
                     item_step(item, "place"));
    set(answers, "place", "street");
    expect_states(answers, TASK_PART, TASK_EMPTY, TASK_EMPTY, TASK_EMPTY);
    set(answers, "area", "40");
    set(answers, "sign", "yes");
    set(answers, "food", "packed");
    expect_states(answers, TASK_DONE, TASK_EMPTY, TASK_DONE, TASK_DONE);
    assert_false(tasks_are_done(item, answers));
    set(answers, "owner", "self");
    assert_true(tasks_are_done(item, answers));
    set(answers, "kind", "other");
    expect_states(answers, TASK_DONE, TASK_DONE, TASK_DONE, TASK_NOT_NEEDED);
    assert_true(tasks_are_done(item, answers));
    /* Where it stops it is not filled in. */
    set(answers, "kind", "food");
    set(answers, "place", "market");
    set(answers, "food", "cooked");
    expect_states(answers, TASK_DONE, TASK_DONE, TASK_NOT_NEEDED, TASK_PART);
}

static void test_way(void **state)
{
    struct answers *answers = *state;
    int page = at("tasks");

    assert_int_equal(tasks_page(item), page);
    set(answers, "kind", "food");
    assert_int_equal(tasks_next(item, answers, -1), at("kind"));
    assert_int_equal(tasks_next(item, answers, at("kind")), page);
    assert_int_equal(tasks_next(item, answers, at("place")), at("area"));
    assert_int_equal(tasks_next(item, answers, at("area")), page);
    assert_int_equal(tasks_next(item, answers, at("food")), page);
    assert_int_equal(tasks_next(item, answers, page), at("review"));
    assert_int_equal(tasks_next(item, answers, at("review")), at("send"));
    assert_int_equal(tasks_before(item, answers, at("review")), page);
    assert_int_equal(tasks_before(item, answers, at("send")), at("review"));
    assert_int_equal(tasks_before(item, answers, at("area")), at("place"));
    assert_int_equal(tasks_before(item, answers, at("place")), page);
    assert_int_equal(tasks_before(item, answers, at("food")), page);
    assert_int_equal(tasks_before(item, answers, page), at("kind"));
    assert_int_equal(tasks_before(item, answers, at("kind")), -1);
}

/* Into the first question that is open; what is filled in begins anew. */
static void test_enter(void **state)
{
    struct answers *answers = *state;

    set(answers, "kind", "food");
    assert_int_equal(tasks_enter(item, answers, 0), at("place"));
    set(answers, "place", "market");
    assert_int_equal(tasks_enter(item, answers, 0), at("area"));
    set(answers, "area", "9");
    assert_int_equal(tasks_enter(item, answers, 0), at("place"));
    assert_int_equal(tasks_enter(item, answers, 2), -1); /* no page of it */
}

/* Within a part only what stands before the parts, or in it, must be there;
 * past them all of it. */
static void test_resume(void **state)
{
    struct answers *answers = *state;

    assert_int_equal(tasks_resume(item, answers, at("owner")), at("kind"));
    set(answers, "kind", "food");
    assert_int_equal(tasks_resume(item, answers, at("owner")), at("owner"));
    assert_int_equal(tasks_resume(item, answers, at("area")), at("place"));
    assert_int_equal(tasks_resume(item, answers, at("tasks")), at("place"));
    assert_int_equal(tasks_resume(item, answers, at("review")), at("place"));
    assert_int_equal(tasks_bound(item, at("tasks")), at("review"));
    assert_int_equal(tasks_bound(item, at("area")), at("area"));
    assert_true(tasks_is_apart(item, at("place"), at("owner")));
    assert_false(tasks_is_apart(item, at("place"), at("area")));
    assert_false(tasks_is_apart(item, at("kind"), at("owner")));
    assert_false(tasks_is_apart(item, at("place"), at("review")));
}

/* "2/2": of a part's questions; those before the parts count by themselves. */
static void test_place(void **state)
{
    static const struct {
        const char *step;
        int place, count;
    } rows[] = {
        { "kind", 1, 1 },  { "place", 1, 2 }, { "area", 2, 2 },
        { "owner", 1, 1 }, { "tasks", 0, 1 }, { "review", 0, 1 },
    };
    struct answers *answers = *state;

    set(answers, "kind", "food");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int place, count;

        walk_place(item, answers, at(rows[i].step), &place, &count);
        assert_int_equal(place, rows[i].place);
        assert_int_equal(count, rows[i].count);
    }
}

/* ---- What is told of a file ------------------------------------------------ */

#define BEFORE "  - {id: review, screen: review}\n"
#define TASKS  "  - {id: tasks, screen: tasks}\n"
#define ASKED(id, more)                                                        \
    "  - {id: " id ", screen: choice, type: yes_no, ask: {zh_CN: 问, en: "    \
    "Ask}, label: {zh_CN: 名, en: N}" more "}\n"
#define SECTION(zh) ", section: {title: {zh_CN: " zh ", en: Part}}"

static void tells(const char *pages, const char *lines)
{
    char text[4096];

    snprintf(text, sizeof text, "%s" BEFORE, pages);
    item_tells(BEFORE, text, lines);
}

static void test_mistakes(void **state)
{
    (void)state;
    tells(TASKS ASKED("a", SECTION("甲")),
          "small.yaml:37:5: error: expected at least two sections after this "
          "page: give a step of each a section\n");
    tells(TASKS ASKED("a", "") ASKED("b", SECTION("乙"))
              ASKED("c", SECTION("丙")),
          "small.yaml:38:5: error: expected a section on the first step after "
          "the page of tasks\n");
    tells(ASKED("a", SECTION("甲")),
          "small.yaml:37:104: error: sections stand between a step with "
          "screen: tasks and the review\n");
    tells(TASKS "  - {id: more, screen: tasks}\n" ASKED("a", SECTION("甲"))
              ASKED("b", SECTION("乙")),
          "small.yaml:38:5: error: a second step with screen: tasks\n");
    tells(TASKS
          "  - {id: how, screen: guide, lines: [{id: a, label: {zh_CN: "
          "名, en: N}, text: {zh_CN: 文, en: T}}]}\n" ASKED("a", SECTION("甲"))
              ASKED("b", SECTION("乙")),
          "small.yaml:38:5: error: this page belongs to no section: expected "
          "it before the page of tasks\n");
    tells(TASKS ASKED("a", ", section: {minutes: 2}") ASKED("b", SECTION("乙")),
          "small.yaml:38:104: error: a section lacks \"title\": the part's "
          "name on the page that lists them\n");
}

/* What is computed from a part that is not done may change yet: whatever looks
 * at it waits, though it is worth something already. */
static void test_computed_waits(void **state)
{
    struct answers *answers = answers_new();
    struct problems problems;
    struct buf text;

    (void)state;
    buf_init(&text, 16 * 1024);
    buf_add(&text, item_good, (size_t)(strstr(item_good, BEFORE) - item_good));
    buf_add_text(
        &text,
        TASKS ASKED("a", SECTION("甲"))
            ASKED("b", SECTION("乙")) "  - {id: sum, screen: computed, type: "
                                      "number, value: 'b == \"yes\" ? "
                                      "2 : 0', label: {zh_CN: 和, en: Sum}}\n"
                                      "  - {id: c, screen: choice, type: "
                                      "yes_no, when: int(sum) > 1, ask: "
                                      "{zh_CN: 问, en: Ask}, label: {zh_CN: "
                                      "名, en: N}" SECTION("丙") "}\n");
    buf_add_text(&text, strstr(item_good, BEFORE));
    *strstr(text.text, "tests:\n") = '\0';
    item_write("small.yaml", text.text);
    problems_init(&problems);
    struct pack *computed = NULL;
    if (pack_load(item_folder(), &problems, &computed))
        fail_msg("%s", problems.text.text);
    problems_done(&problems);
    const struct item *small = pack_item(computed, 0);

    assert_int_equal(computed_settle(small, answers), ERR_OK);
    assert_string_equal(answers_get(answers, "sum"), "0");
    assert_int_equal(tasks_look(small, answers, 2).state, TASK_WAITS);
    set(answers, "b", "no");
    assert_int_equal(computed_settle(small, answers), ERR_OK);
    assert_int_equal(tasks_look(small, answers, 2).state, TASK_NOT_NEEDED);
    set(answers, "b", "yes");
    assert_int_equal(computed_settle(small, answers), ERR_OK);
    assert_int_equal(tasks_look(small, answers, 2).state, TASK_EMPTY);
    answers_wipe(answers);
    answers_free(answers);
    pack_free(computed);
    buf_done(&text);
}

int main(void)
{
#define WALKED(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        WALKED(test_states),
        WALKED(test_way),
        WALKED(test_enter),
        WALKED(test_resume),
        WALKED(test_place),
        cmocka_unit_test_setup_teardown(test_mistakes, item_folder_make,
                                        item_folder_remove),
        cmocka_unit_test_setup_teardown(test_computed_waits, item_folder_make,
                                        item_folder_remove),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
