/* How a page is made tighter before it turns: what leaves first, what wraps. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <locale.h>
#include <string.h>

#include "kiosk/ui/layout.h"

static void lay_out(struct layout *layout, const struct view *view, int rows,
                    int cols, int turn)
{
    struct layout_ask ask = {
        .view = view, .rows = rows, .cols = cols, .turn = turn, .pending = ""
    };
    layout_make(layout, &ask);
}

static const struct ui_place *find(const struct layout *layout, const char *id)
{
    for (size_t i = 0; i < layout->place_count; i++)
        if (strcmp(layout->places[i].element->id, id) == 0)
            return &layout->places[i];
    return NULL;
}

static bool shows(const struct layout *layout, const char *text)
{
    for (size_t i = 0; i < layout->mark_count; i++)
        if (layout->marks[i].kind == MARK_TEXT &&
            layout->marks[i].len >= strlen(text) &&
            strncmp(layout->marks[i].text, text, strlen(text)) == 0)
            return true;
    return false;
}

static void fill_writing(struct view *view, const char *written)
{
    struct pad_key keys[30];

    for (int i = 0; i < 30; i++)
        keys[i] = (struct pad_key){ "a", "a" };
    view_begin(view, "", LANGUAGE_EN);
    view_header(view, "header.item", "Register a small business");
    view_heading(view, "ask", "Which street and number?");
    view_text(view, "hint",
              "As your proof says. In a market its name, and of the stall the "
              "number.");
    view_set_spare(view, SPARE_EARLY);
    (void)view_field(view, "street", "Street", written, TYPING_TEXT, 60);
    view_set_composed(view, false);
    view_pad(view, "keys", 10, keys, 30);
    view_choice(view, "way", "", "I will add it at the counter");
    view_set_spare(view, SPARE_LATE);
    view_footer(view, "footer.back", "*", "Back");
}

/* While little is written, hint and way round stand there, in the smallest
 * window, too; a longer text then needs the lines. */
static void test_short_text_keeps_the_hint(void **state)
{
    struct view *view = view_new();
    struct layout *layout = layout_new();

    (void)state;
    for (int i = 0; i < 2; i++) {
        fill_writing(view, i == 0 ? "" : "12 Harbour Street");
        lay_out(layout, view, 15, 40, 1);
        assert_int_equal(layout->turns, 1);
        assert_true(shows(layout, "As your proof says."));
        assert_non_null(find(layout, "way"));
        assert_int_equal(find(layout, "street")->rows, 1);
    }
    fill_writing(view, "12 Harbour Street, Old Town, in the yard");
    lay_out(layout, view, 15, 40, 1);
    assert_int_equal(layout->turns, 1);
    assert_false(shows(layout, "As your proof says."));
    assert_non_null(find(layout, "way"));
    assert_int_equal(find(layout, "street")->rows, 2);
    layout_free(layout);
    view_free(view);
}

/* Where even one line leaves no room for both, the hint stays: the way round is
 * reached by #, too. */
static void test_hint_outlives_the_way_round(void **state)
{
    struct view *view = view_new();
    struct layout *layout = layout_new();

    (void)state;
    fill_writing(view, "");
    lay_out(layout, view, 24, 80, 1);
    assert_int_equal(layout->turns, 1);
    assert_true(shows(layout, "As your proof says."));
    assert_null(find(layout, "way"));
    layout_free(layout);
    view_free(view);
}

static void one_is_long(void *owner, size_t at, const char **ret_value,
                        const char **ret_text)
{
    (void)owner;
    *ret_value = at == 14 ? "long" : "short";
    *ret_text = at == 14 ? "Urban-Rural Integration Demonstration Zone"
                         : "Wancheng District";
}

/* One long row makes nobody turn the page: it is wrapped, and alone. */
static void test_long_row_is_wrapped(void **state)
{
    struct view *view = view_new();
    struct layout *layout = layout_new();

    (void)state;
    for (size_t count = 5; count <= 15; count += 10) {
        view_begin(view, "", LANGUAGE_EN);
        view_heading(view, "ask", "In which district or county?");
        view_list(view, "county", count, NULL, one_is_long, NULL);
        view_footer(view, "footer.back", "*", "Back");
        lay_out(layout, view, 32, 100, 1);
        assert_int_equal(layout->turns, 1);
        assert_true(shows(layout, "Urban-Rural") == (count == 15));
        assert_false(shows(layout, "Urban-Rural Integration Demonstration"));
    }
    layout_free(layout);
    view_free(view);
}

static const struct mark *find_text(const struct layout *layout,
                                    const char *text)
{
    for (size_t i = 0; i < layout->mark_count; i++)
        if (layout->marks[i].kind == MARK_TEXT &&
            layout->marks[i].len == strlen(text) &&
            strncmp(layout->marks[i].text, text, strlen(text)) == 0)
            return &layout->marks[i];
    return NULL;
}

/* The box becomes wider sooner than that its frame is written on. */
static void test_chosen_stands_beside_the_words(void **state)
{
    struct view *view = view_new();
    struct layout *layout = layout_new();

    (void)state;
    view_begin(view, "", LANGUAGE_EN);
    view_heading(view, "ask", "Have you brought the lease?");
    view_choice(view, "brought", "1", "I have it with me")->is_chosen = true;
    view_choice(view, "missing", "2", "I do not have it");
    lay_out(layout, view, 32, 100, 1);
    const struct mark *words = find_text(layout, "I have it with me");
    const struct mark *chosen = find_text(layout, "[chosen]");
    assert_non_null(words);
    assert_non_null(chosen);
    assert_int_equal(words->row, chosen->row);
    assert_true(words->col + words->cols < chosen->col);
    layout_free(layout);
    view_free(view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short_text_keeps_the_hint),
        cmocka_unit_test(test_hint_outlives_the_way_round),
        cmocka_unit_test(test_long_row_is_wrapped),
        cmocka_unit_test(test_chosen_stands_beside_the_words),
    };
    (void)setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
