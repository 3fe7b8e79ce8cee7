/* Every dead end has its four parts, in both languages: what happened, why, what
 * was and was not done, and at most three ways on.  Both those that every item
 * may meet and those of the items. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/flow/item.h"
#include "screens/stop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int open_texts(void **state)
{
    const char *build = getenv("KIOSK_BUILD");
    char path[256];

    (void)state;
    snprintf(path, sizeof path, "%s/share/locales", build ? build : "build");
    return i18n_open(path) ? -1 : 0;
}

static int close_texts(void **state)
{
    (void)state;
    i18n_close();
    return 0;
}

/* It says something, and in Chinese something else. */
static void assert_said(const char *id, const char *part, const char *msgid)
{
    if (!msgid || !*msgid)
        fail_msg("%s: %s is missing", id, part);
    const char *chinese = i18n_text(LANGUAGE_ZH_CN, msgid);
    if (strcmp(chinese, msgid) == 0)
        fail_msg("%s: %s is not translated", id, part);
}

static void assert_ways(const struct common_stop *stop)
{
    int count = 0;

    for (int i = 0; i < STOP_WAYS_MAX; i++) {
        if (stop->ways[i] == STOP_WAY_NONE)
            break;
        assert_said(stop->id, "a way", stop_way_words(stop->ways[i]));
        assert_non_null(stop_way_id(stop->ways[i]));
        for (int j = 0; j < i; j++)
            assert_int_not_equal(stop->ways[i], stop->ways[j]);
        count++;
    }
    assert_in_range(count, 1, STOP_WAYS_MAX);
}

static void test_common_stops(void **state)
{
    (void)state;
    assert_true(common_stop_count > 0);
    for (size_t i = 0; i < common_stop_count; i++) {
        const struct common_stop *stop = &common_stops[i];
        assert_said(stop->id, "what happened", stop->happened);
        assert_said(stop->id, "why", stop->why);
        assert_said(stop->id, "what was done", stop->done);
        assert_true(*stop->sentence_id);
        assert_string_not_equal(stop->happened, stop->why);
        assert_string_not_equal(stop->why, stop->done);
        assert_ways(stop);
        assert_ptr_equal(common_stop_find(stop->id), stop);
    }
    assert_null(common_stop_find("no such stop"));
}

static void assert_words(const struct item *item, const struct stop *stop,
                         const char *part, const struct words *words)
{
    for (int language = 0; language < LANGUAGE_COUNT; language++)
        if (!words->in[language] || !*words->in[language])
            fail_msg("%s, stop %s: %s is missing in %s", item->id, stop->id,
                     part, language_name((enum language)language));
}

static void check_stop(const struct item *item, const struct stop *stop)
{
    assert_words(item, stop, "the reason", &stop->reason);
    assert_words(item, stop, "what was done", &stop->done);
    /* A key that leads elsewhere stands beside them all the same. */
    assert_in_range(stop->way_count, 1, STOP_WAYS_MAX);
    for (size_t i = 0; i < stop->way_count; i++)
        assert_words(item, stop, "a way", &stop->ways[i]);
    assert_null(common_stop_find(stop->id)); /* that would hide it */
}

static void test_stops_of_items(void **state)
{
    struct problems problems;
    struct pack *pack = NULL;
    size_t stops = 0;

    (void)state;
    problems_init(&problems);
    assert_int_equal(pack_load("screens/items", &problems, &pack), ERR_OK);
    for (size_t i = 0; i < pack_count(pack); i++) {
        const struct item *item = pack_item(pack, i);
        for (size_t j = 0; j < item->step_count; j++)
            for (size_t k = 0; k < item->steps[j].stop_count; k++, stops++)
                check_stop(item, &item->steps[j].stops[k]);
    }
    assert_true(stops > 0);
    pack_free(pack);
    problems_done(&problems);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_common_stops, open_texts,
                                        close_texts),
        cmocka_unit_test(test_stops_of_items),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
