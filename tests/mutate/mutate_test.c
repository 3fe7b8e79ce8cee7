/* The mutation test itself: that it sees a change that nothing finds, and one
 * that a file's tests find; then every change of the smallest item, of which
 * each that lives has been looked at. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/file.h"
#include "kiosk/command_line.h"
#include "tests/mutate/run.h"

enum { TEXT_BYTES = 256 * 1024, PATH_BYTES = 256 };

/* ---- Verdicts ----------------------------------------------------------- */

static const char lost[] =
    "id: lost\n"
    "version: 1\n"
    "order: 9\n"
    "title: {zh_CN: 失物登记, en: Lost property}\n"
    "summary: {zh_CN: 登记丢了的东西, en: Report what you lost}\n"
    "bring: {zh_CN: 不用身份证, en: No ID card}\n"
    "authority: {zh_CN: 某局, en: Bureau}\n"
    "unit: {zh_CN: 某处, en: Office}\n"
    "contact: {zh_CN: 某人, en: Someone}\n"
    "needs: {network: wished, reader: no, printer: wished}\n"
    "assurance: none\n"
    "steps:\n"
    "  - id: place\n"
    "    screen: choice\n"
    "    ask: {zh_CN: 在哪里丢的？, en: Where was it lost?}\n"
    "    label: {zh_CN: 地点, en: Place}\n"
    "    options:\n"
    "      - {value: hall, text: {zh_CN: 大厅, en: In this hall}}\n"
    "      - {value: bus, text: {zh_CN: 公交车, en: On a bus}}\n"
    "    stops:\n"
    "      - id: bus\n"
    "        when: place == \"bus\"\n"
    "        reason: {zh_CN: 不在这里登记。, en: Not taken here.}\n"
    "        done: {zh_CN: 没有提交任何内容。, en: Nothing was sent.}\n"
    "        ways: [{zh_CN: 请拨打 12345 咨询。, en: Call 12345.}]\n"
    "  - {id: review, screen: review}\n"
    "  - {id: send, screen: send}\n"
    "  - id: result\n"
    "    screen: result\n"
    "    lines:\n"
    "      - id: next\n"
    "        label: {zh_CN: 下一步, en: What next}\n"
    "        text: {zh_CN: 请到某处。, en: Go to the office.}\n";
static const char lost_tests[] = "tests:\n"
                                 "  - name: in the hall\n"
                                 "    answers: {place: hall}\n"
                                 "    pages: [place, review, send, result]\n"
                                 "    lines: [next]\n"
                                 "  - name: on a bus\n"
                                 "    answers: {place: bus}\n"
                                 "    pages: [place]\n"
                                 "    stop: bus\n";
static const char opposite[] =
    ": operator: steps.place.stops.bus.when: == -> !=: ";

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    command_tell_screens();
    return file_make_temporary(folder, sizeof folder) != ERR_OK;
}

static int remove_folder(void **state)
{
    (void)state;
    return file_remove_tree(folder) != ERR_OK;
}

static void write_text(const char *name, const char *text, const char *behind)
{
    char path[PATH_BYTES];
    struct buf whole;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    buf_init(&whole, TEXT_BYTES);
    buf_add_text(&whole, text);
    buf_add_text(&whole, behind);
    enum err err = file_replace(path, whole.text, whole.len, 0600);
    assert_int_equal(err, ERR_OK);
    buf_done(&whole);
}

static void add_line(void *owner, const char *line)
{
    buf_add_text(owner, line);
    buf_add_char(owner, '\n');
}

/* All of one file, what is told in lines. */
static struct tally run_all(const char *path, bool tells_all,
                            struct looked *looked, struct buf *lines)
{
    struct run run = { .each = 1,
                       .tells_all = tells_all,
                       .looked = looked,
                       .on_line = add_line,
                       .owner = lines };
    struct tally tally = { 0 };
    struct buf problems;

    buf_init(&problems, TEXT_BYTES);
    enum err err = run_file(&run, path, &problems, &tally);
    if (err)
        print_message("%s", problems.text);
    assert_int_equal(err, ERR_OK);
    buf_done(&problems);
    return tally;
}

static struct tally run_lost(struct looked *looked, struct buf *lines)
{
    char path[PATH_BYTES];

    snprintf(path, sizeof path, "%s/lost.yaml", folder);
    return run_all(path, true, looked, lines);
}

/* The line about that change has that in it. */
static void assert_line(const struct buf *lines, const char *change,
                        const char *expected)
{
    const char *at = strstr(lines->text, change);
    char line[1024];

    assert_non_null(at);
    snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\n"), at);
    if (!strstr(line, expected))
        print_message("%s\n", line);
    assert_non_null(strstr(line, expected));
}

static void test_without_tests_it_lives_and_with_tests_it_is_found(void **state)
{
    struct buf before, after;

    (void)state;
    buf_init(&before, TEXT_BYTES);
    buf_init(&after, TEXT_BYTES);
    write_text("lost.yaml", lost, "");
    struct tally without = run_lost(NULL, &before);
    assert_line(&before, opposite, "LIVED, new");
    assert_line(&before, ": text: title.en: left out: ", "found: ");
    write_text("lost.yaml", lost, lost_tests);
    struct tally with = run_lost(NULL, &after);
    assert_line(&after, opposite, "found: ");
    assert_line(&after, opposite, "test \"in the hall\"");
    assert_int_equal(with.changes, without.changes);
    assert_int_equal(without.found_by[FOUND_TEST], 0);
    assert_true(with.found_by[FOUND_TEST] > 0);
    assert_true(with.found > without.found);
    assert_int_equal(without.fresh, without.changes - without.found);
    buf_done(&before);
    buf_done(&after);
}

static void test_what_a_walk_of_its_ways_tells_is_found(void **state)
{
    struct buf lines;

    (void)state;
    buf_init(&lines, TEXT_BYTES);
    /* The bus is offered to nobody: its stop never comes. */
    write_text("lost.yaml", lost, "");
    struct tally tally = run_lost(NULL, &lines);
    assert_line(&lines,
                ": when: steps.place.stops.bus.when: its opposite: ", "LIVED");
    assert_line(&lines,
                ": option: steps.place.options.hall: left out: ", "found: ");
    assert_true(tally.found_by[FOUND_WAYS] > 0);
    buf_done(&lines);
}

static void test_an_overlays_test_finds_it_too(void **state)
{
    struct buf lines;
    char path[PATH_BYTES];

    (void)state;
    buf_init(&lines, TEXT_BYTES);
    snprintf(path, sizeof path, "%s/overlays/411381", folder);
    enum err err = file_make_folder(path, 0700);
    assert_int_equal(err, ERR_OK);
    write_text("lost.yaml", lost, "");
    write_text("overlays/411381/lost.yaml", "over: lost\n", lost_tests);
    struct tally tally = run_lost(NULL, &lines);
    assert_line(&lines, opposite, "found: ");
    assert_true(tally.found_by[FOUND_TEST] > 0);
    snprintf(path, sizeof path, "%s/overlays", folder);
    err = file_remove_tree(path);
    assert_int_equal(err, ERR_OK);
    buf_done(&lines);
}

static void test_among_many_items_each_needs_its_theme(void **state)
{
    struct buf item, lines;
    char name[32], head[64];

    (void)state;
    buf_init(&lines, TEXT_BYTES);
    for (int i = 0; i < 9; i++) {
        buf_init(&item, TEXT_BYTES);
        snprintf(name, sizeof name, i ? "lost%d.yaml" : "lost.yaml", i);
        snprintf(head, sizeof head, i ? "id: lost%d\n" : "id: lost\n", i);
        buf_add_format(&item, "%stheme: support\n%s", head,
                       lost + strlen("id: lost\n"));
        write_text(name, item.text, "");
        buf_done(&item);
    }
    (void)run_lost(NULL, &lines);
    assert_line(&lines, ": mark: theme: left out: ", "found: ");
    buf_done(&lines);
    for (int i = 1; i < 9; i++) {
        char path[PATH_BYTES];

        snprintf(path, sizeof path, "%s/lost%d.yaml", folder, i);
        enum err err = file_remove(path);
        assert_int_equal(err, ERR_OK);
    }
}

static void test_a_sample_is_every_nth(void **state)
{
    struct run run = { .each = 7, .on_line = add_line };
    struct buf lines, problems;
    struct tally all, sample = { 0 };
    char path[PATH_BYTES];

    (void)state;
    buf_init(&lines, TEXT_BYTES);
    buf_init(&problems, TEXT_BYTES);
    run.owner = &lines;
    write_text("lost.yaml", lost, "");
    all = run_lost(NULL, &lines);
    snprintf(path, sizeof path, "%s/lost.yaml", folder);
    enum err err = run_file(&run, path, &problems, &sample);
    assert_int_equal(err, ERR_OK);
    assert_int_equal(sample.changes, (all.changes + 6) / 7);
    buf_done(&problems);
    buf_done(&lines);
}

static void test_a_file_with_an_error_is_not_tried(void **state)
{
    struct run run = { .each = 1, .on_line = add_line };
    struct tally tally = { 0 };
    struct buf problems;
    char path[PATH_BYTES];

    (void)state;
    buf_init(&problems, TEXT_BYTES);
    write_text("lost.yaml", lost, "nothing: 1\n");
    snprintf(path, sizeof path, "%s/lost.yaml", folder);
    assert_int_equal(run_file(&run, path, &problems, &tally), ERR_BAD_INPUT);
    assert_non_null(strstr(problems.text,
                           "/lost.yaml:34:1: error: unknown key \"nothing\""));
    buf_done(&problems);
}

/* ---- Those that were looked at ------------------------------------------ */

static enum err read_looked(const char *text, struct buf *problem,
                            struct looked **ret_looked)
{
    char path[PATH_BYTES];

    write_text("looked.txt", text, "");
    snprintf(path, sizeof path, "%s/looked.txt", folder);
    return looked_read(path, problem, ret_looked);
}

static void test_who_was_looked_at_lives_with_a_reason(void **state)
{
    struct looked *looked = NULL;
    struct buf problem, lines;

    (void)state;
    buf_init(&problem, TEXT_BYTES);
    buf_init(&lines, TEXT_BYTES);
    enum err err =
        read_looked("# a comment\n"
                    "because it is only tried here\n"
                    "lost: operator: steps.place.stops.bus.when: == -> !=\n"
                    "lost: text: title.en: left out\n"
                    "lost2: text: title.en: left out\n",
                    &problem, &looked);
    assert_int_equal(err, ERR_OK);
    write_text("lost.yaml", lost, "");
    struct tally tally = run_lost(looked, &lines);
    assert_line(&lines, opposite, "LIVED, looked at: it is only tried here");
    /* It counts as lived all the same. */
    assert_int_equal(tally.fresh, tally.changes - tally.found - 1);
    assert_line(&lines, "lives no more", "lost: text: title.en: left out");
    assert_null(strstr(lines.text, "lost2"));
    looked_free(looked);
    buf_done(&lines);
    buf_done(&problem);
}

static void test_a_change_without_a_reason_is_refused(void **state)
{
    struct looked *looked = NULL;
    struct buf problem;

    (void)state;
    buf_init(&problem, TEXT_BYTES);
    assert_int_equal(
        read_looked("lost: text: title.en: left out\n", &problem, &looked),
        ERR_BAD_INPUT);
    assert_non_null(strstr(problem.text, "line 1: "));
    assert_int_equal(read_looked("because \n", &problem, &looked),
                     ERR_BAD_INPUT);
    buf_done(&problem);
}

static void test_the_share_is_of_all_and_rounded_down(void **state)
{
    struct tally tally = { .changes = 2000, .found = 1899 };
    struct buf told;

    (void)state;
    buf_init(&told, TEXT_BYTES);
    assert_false(tally_is_enough(&tally));
    tally_tell(&tally, &told);
    assert_non_null(strstr(told.text, "(94.9 %)"));
    tally.found = 1900;
    assert_true(tally_is_enough(&tally));
    buf_done(&told);
}

/* ---- The smallest item -------------------------------------------------- */

static void test_what_lives_in_the_smallest_item_was_looked_at(void **state)
{
    struct looked *looked = NULL;
    struct buf problem, lines;

    (void)state;
    buf_init(&problem, TEXT_BYTES);
    buf_init(&lines, TEXT_BYTES);
    enum err err = looked_read("tests/mutate/looked-at.txt", &problem, &looked);
    assert_int_equal(err, ERR_OK);
    struct tally tally =
        run_all("screens/items/case-progress.yaml", false, looked, &lines);
    if (tally.fresh)
        print_message("%s", lines.text);
    assert_int_equal(tally.fresh, 0);
    assert_true(tally.changes > 100);
    looked_free(looked);
    buf_done(&lines);
    buf_done(&problem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            test_without_tests_it_lives_and_with_tests_it_is_found),
        cmocka_unit_test(test_what_a_walk_of_its_ways_tells_is_found),
        cmocka_unit_test(test_an_overlays_test_finds_it_too),
        cmocka_unit_test(test_among_many_items_each_needs_its_theme),
        cmocka_unit_test(test_a_sample_is_every_nth),
        cmocka_unit_test(test_a_file_with_an_error_is_not_tried),
        cmocka_unit_test(test_who_was_looked_at_lives_with_a_reason),
        cmocka_unit_test(test_a_change_without_a_reason_is_refused),
        cmocka_unit_test(test_the_share_is_of_all_and_rounded_down),
        cmocka_unit_test(test_what_lives_in_the_smallest_item_was_looked_at),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
