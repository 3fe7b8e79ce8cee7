/* Answers that lead to a page of an item, for its preview. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/flow/item_reach.h"

#include "kiosk/base/clock.h"

#include <string.h>

enum { ENTRIES_LOOKED_AT = 2 }; /* of a group: the others are like these */

#define HOTLINE "screens/items/hotline-12345.yaml"

static struct pack *load(const char *file)
{
    struct problems problems;
    struct pack *pack = NULL;

    problems_init(&problems);
    assert_int_equal(pack_load_one(file, &problems, &pack), ERR_OK);
    problems_done(&problems);
    return pack;
}

static struct pack *load_hall(void)
{
    struct problems problems;
    struct pack *pack = NULL;

    problems_init(&problems);
    assert_int_equal(pack_load("screens/items", &problems, &pack), ERR_OK);
    problems_done(&problems);
    return pack;
}

static void done(struct answers *answers)
{
    answers_wipe(answers);
    answers_free(answers);
}

static void reach_page(const struct item *item, size_t to,
                       struct answers *answers)
{
    if (!item_reach(item, (int)to, clock_wall_ms(), answers))
        fail_msg("%s: nothing leads to %s", item->id, item->steps[to].id);
    assert_true(walk_shows(&item->steps[to], answers));
    for (size_t before = 0; before < to; before++)
        if (walk_shows(&item->steps[before], answers) &&
            walk_stop(&item->steps[before], answers))
            fail_msg("%s: it ends at %s before %s", item->id,
                     item->steps[before].id, item->steps[to].id);
}

/* From nothing, and with what was there on the page before. */
static void reach_pages(const struct pack *pack)
{
    for (size_t i = 0; i < pack_count(pack); i++) {
        const struct item *item = pack_item(pack, i);
        struct answers *kept = answers_new();
        for (size_t to = 0; to < item->step_count; to++) {
            struct answers *answers = answers_new();
            if (item->steps[to].entry <= ENTRIES_LOOKED_AT) {
                reach_page(item, to, answers);
                reach_page(item, to, kept);
            }
            done(answers);
        }
        done(kept);
    }
}

/* Each page of each item can be gone to, and stands on the way then. */
static void test_every_page(void **state)
{
    struct pack *pack = load_hall();

    (void)state;
    reach_pages(pack);
    pack_free(pack);
    pack = load("tests/tty/family-move.yaml");
    reach_pages(pack);
    pack_free(pack);
}

static void reach_stop(const struct item *item, size_t to,
                       const struct stop *stop, struct answers *answers)
{
    if (!item_reach_stop(item, (int)to, stop, clock_wall_ms(), answers))
        fail_msg("%s: nothing ends at %s with %s", item->id, item->steps[to].id,
                 stop->id);
    assert_true(walk_shows(&item->steps[to], answers));
    assert_ptr_equal(walk_stop(&item->steps[to], answers), stop);
}

/* Each stop of each item, too, wherever one comes from. */
static void test_every_stop(void **state)
{
    struct pack *pack = load_hall();
    size_t count = 0;

    (void)state;
    for (size_t i = 0; i < pack_count(pack); i++) {
        const struct item *item = pack_item(pack, i);
        struct answers *kept = answers_new();
        for (size_t to = 0; to < item->step_count; to++) {
            const struct step *step = &item->steps[to];
            if (step->entry >= ENTRIES_LOOKED_AT)
                continue;
            reach_page(item, to, kept);
            for (size_t j = 0; j < step->stop_count; j++, count++)
                reach_stop(item, to, &step->stops[j], kept);
        }
        done(kept);
    }
    assert_true(count > 0);
    pack_free(pack);
}

/* Where no test of the file ends there, a way is looked for; where there is
 * none, the answers stay. */
static void test_a_stop_without_tests(void **state)
{
    struct pack *pack = load("tests/tty/family-move.yaml");
    struct item item = *pack_item(pack, 0);
    struct answers *answers = answers_new();
    size_t to = 0;

    (void)state;
    item.tests = NULL;
    while (item.steps[to].stop_count == 0)
        to++;
    reach_stop(&item, to, &item.steps[to].stops[0], answers);
    answers_wipe(answers);
    const struct stop none = { .id = "none" };
    assert_int_equal(answers_set(answers, "kept", "this", SOURCE_CITIZEN),
                     ERR_OK);
    assert_false(
        item_reach_stop(&item, (int)to, &none, clock_wall_ms(), answers));
    assert_string_equal(answers_get(answers, "kept"), "this");
    done(answers);
    pack_free(pack);
}

/* A test is played with its own cards, on its own day. */
static void test_by_a_tests_cards(void **state)
{
    struct pack *pack = load("tests/tty/family-move.yaml");
    const struct item *item = pack_item(pack, 0);
    struct problems problems;
    size_t seen = 0;

    (void)state;
    problems_init(&problems);
    for (size_t i = 0; i < item->tests->count; i++) {
        const struct yaml *test = item->tests->items[i];
        const struct yaml *birth = yaml_get(yaml_get(test, "card"), "birth");
        struct answers *answers = answers_new();
        const struct step *last = NULL;
        int64_t wall_ms = 0;

        assert_true(
            item_test_play(item, test, &problems, answers, &last, &wall_ms));
        /* Every person of these tests but the child is of one day. */
        if (birth && strcmp(birth->text, "1988-05-17") == 0) {
            assert_string_equal(answers_get(answers, "age"), "38");
            seen++;
        }
        assert_string_equal(yaml_get(test, "today")->text, "2026-11-23");
        assert_in_range(wall_ms, clock_of_date(2026, 11, 23),
                        clock_of_date(2026, 11, 24) - 1);
        answers_wipe(answers);
        answers_free(answers);
    }
    assert_true(seen > 0);
    problems_done(&problems);
    pack_free(pack);
}

/* By a test of the file: what that leaves empty stays so, though something
 * stands there before. */
static void test_by_a_test(void **state)
{
    struct pack *pack = load("tests/tty/asked.yaml");
    const struct item *item = pack_item(pack, 0);
    struct problems problems;
    size_t left = 0;

    (void)state;
    problems_init(&problems);
    for (size_t i = 0; i < item->tests->count; i++) {
        const struct yaml *test = item->tests->items[i];
        const struct yaml *given = yaml_get(test, "answers");
        struct answers *answers = answers_new();
        const struct step *last = NULL;
        int64_t wall_ms = 0;

        assert_true(
            item_test_play(item, test, &problems, answers, &last, &wall_ms));
        assert_true(yaml_get(test, "stop") || last == walk_result(item));
        for (size_t j = 0; given && j < given->count; j++)
            if (given->items[j]->text[0] == '\0') {
                assert_int_equal(answers_source(answers, given->keys[j]->text),
                                 SOURCE_LEFT);
                left++;
            }
        answers_wipe(answers);
        answers_free(answers);
    }
    assert_true(left > 0);
    problems_done(&problems);
    pack_free(pack);
}

/* What leads there is what a person would have given: kept as the field keeps
 * it. */
static void test_kept_as_fields_do(void **state)
{
    struct pack *pack = load("tests/tty/every-field.yaml");
    const struct item *item = pack_item(pack, 0);
    struct answers *answers = answers_new();
    size_t seen = 0;

    (void)state;
    assert_true(
        item_reach(item, (int)item->step_count - 1, clock_wall_ms(), answers));
    for (size_t i = 0; i < item->step_count; i++) {
        const struct step *step = &item->steps[i];
        const char *value =
            step->answer ? answers_get(answers, step->answer) : NULL;
        const char *expected = NULL;
        struct buf kept;

        if (!value || strcmp(step->screen, "field") != 0)
            continue;
        buf_init(&kept, 4096);
        assert_int_equal(walk_accept(step, value, &kept, &expected), ERR_OK);
        if (step->type != FIELD_TYPE_MONEY) /* fen are typed without a point */
            assert_string_equal(kept.text, value);
        else
            assert_non_null(strchr(value, '.'));
        buf_done(&kept);
        seen++;
    }
    assert_true(seen > 5);
    answers_wipe(answers);
    answers_free(answers);
    pack_free(pack);
}

static int place(const struct item *item, const char *id)
{
    const struct step *step = item_step(item, id);
    assert_non_null(step);
    return (int)(step - item->steps);
}

static void test_known_answers_first(void **state)
{
    struct pack *pack = load(HOTLINE);
    const struct item *item = pack_item(pack, 0);
    struct answers *answers = answers_new();
    (void)state;

    assert_int_equal(answers_set(answers, "kind", "praise", SOURCE_CITIZEN),
                     ERR_OK);
    assert_true(
        item_reach(item, place(item, "review"), clock_wall_ms(), answers));
    assert_string_equal(answers_get(answers, "kind"), "praise");
    assert_non_null(answers_get(answers, "topic"));
    /* Of the pages behind, too. */
    assert_true(
        item_reach(item, place(item, "kind"), clock_wall_ms(), answers));
    assert_non_null(answers_get(answers, "topic"));
    answers_wipe(answers);
    answers_free(answers);
    pack_free(pack);
}

static void test_what_does_not_fit_goes(void **state)
{
    struct pack *pack = load(HOTLINE);
    const struct item *item = pack_item(pack, 0);
    struct answers *answers = answers_new();
    (void)state;

    assert_int_equal(answers_set(answers, "kind", "song", SOURCE_CITIZEN),
                     ERR_OK);
    assert_int_equal(answers_set(answers, "topic", "other", SOURCE_CITIZEN),
                     ERR_OK);
    assert_int_equal(item_keep_fitting(item, item, answers), 1);
    assert_null(answers_get(answers, "kind"));
    assert_string_equal(answers_get(answers, "topic"), "other");
    answers_wipe(answers);
    answers_free(answers);
    pack_free(pack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_page),
        cmocka_unit_test(test_every_stop),
        cmocka_unit_test(test_a_stop_without_tests),
        cmocka_unit_test(test_by_a_test),
        cmocka_unit_test(test_by_a_tests_cards),
        cmocka_unit_test(test_kept_as_fields_do),
        cmocka_unit_test(test_known_answers_first),
        cmocka_unit_test(test_what_does_not_fit_goes),
    };
    return cmocka_run_group_tests_name("item_reach", tests, NULL, NULL);
}
