/* Where things stand: at every size, on every page, on every turn. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"
#include "kiosk/ui/layout.h"
#include "kiosk/ui/qr.h"
#include "tests/unit/ui_pages.h"

static const int sizes[][2] = { { 15, 40 },  { 15, 79 },  { 23, 80 },
                                { 24, 79 },  { 24, 80 },  { 32, 100 },
                                { 39, 147 }, { 60, 200 }, { 80, 45 },
                                { 90, 120 } };
enum { SIZES = sizeof sizes / sizeof sizes[0], TURNS_MOST = 200 };

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

/* ---- Rules that hold everywhere ----------------------------------------- */

static void check_marks(const struct layout *layout)
{
    for (size_t i = 0; i < layout->mark_count; i++) {
        const struct mark *mark = &layout->marks[i];
        assert_in_range(mark->row, 0, layout->rows - 1);
        assert_in_range(mark->col, 0, layout->cols - 1);
        assert_true(mark->row + mark->rows <= layout->rows);
        assert_true(mark->col + mark->cols <= layout->cols);
        assert_true(mark->place <= (int)layout->place_count);
        if (mark->kind == MARK_TEXT)
            assert_true(text_width_bytes(mark->text, mark->len) == mark->cols);
    }
}

static bool do_overlap(const struct ui_place *one, const struct ui_place *two)
{
    return one->row < two->row + two->rows && two->row < one->row + one->rows &&
           one->col < two->col + two->cols && two->col < one->col + one->cols;
}

static void check_places(const struct layout *layout)
{
    bool is_big = layout->rows >= 24 && layout->cols >= 80;
    bool has_frame = true;

    for (size_t i = 0; i < layout->mark_count; i++)
        has_frame = has_frame && (layout->marks[i].kind != MARK_QR ||
                                  layout->marks[i].row > 0);
    for (size_t i = 0; i < layout->place_count; i++) {
        const struct ui_place *place = &layout->places[i];
        assert_true(place->row >= 1 && place->col >= 1);
        assert_true(place->row + place->rows - 1 <= layout->rows);
        assert_true(place->col + place->cols - 1 <= layout->cols);
        if (!place->can_press || place->element->kind == ELEMENT_FIELD)
            continue; /* the line that is written is no target */
        assert_true(place->rows >= (is_big && has_frame ? 3 : 1));
        assert_true(place->cols >= (is_big && has_frame ? 8 : 6));
        for (size_t j = i + 1; j < layout->place_count; j++)
            if (do_overlap(place, &layout->places[j]))
                fail_msg("%s lies over %s at %dx%d", place->element->id,
                         layout->places[j].element->id, layout->cols,
                         layout->rows);
    }
}

/* No two texts are painted over each other, nor over a box's frame. */
static void check_cells(const struct layout *layout)
{
    char *cells = mem_new((size_t)layout->rows * (size_t)layout->cols);

    for (size_t i = 0; i < layout->mark_count; i++) {
        const struct mark *mark = &layout->marks[i];
        if (mark->kind != MARK_TEXT && mark->kind != MARK_QR)
            continue;
        /* 【已选】 and the trouble may stand on a line. */
        for (int row = 0; row < mark->rows; row++)
            for (int col = 0; col < mark->cols; col++) {
                char *cell =
                    &cells[(mark->row + row) * layout->cols + mark->col + col];
                assert_int_equal(*cell, 0);
                *cell = 1;
            }
    }
    mem_free(cells);
}

static void for_all(void (*check)(const struct layout *layout))
{
    struct view *view = view_new();
    struct layout *layout = layout_new();

    for (int page = 0; page < UI_PAGE_COUNT; page++) {
        ui_page_fill(view, (enum ui_page)page);
        for (int size = 0; size < SIZES; size++) {
            int turns = 1;
            for (int turn = 1; turn <= turns; turn++) {
                lay_out(layout, view, sizes[size][0], sizes[size][1], turn);
                assert_int_equal(layout->turn, turn);
                turns = layout->turns;
                assert_true(turns < TURNS_MOST);
                check(layout);
            }
        }
    }
    layout_free(layout);
    view_free(view);
}

static void test_nothing_leaves_the_window(void **state)
{
    (void)state;
    for_all(check_marks);
}

static void test_targets_are_large_and_apart(void **state)
{
    (void)state;
    for_all(check_places);
}

static void test_nothing_overlaps(void **state)
{
    (void)state;
    for_all(check_cells);
}

/* Every character of every text stands on some turn, in its order. */
static void collect(const struct layout *layout, struct buf *all)
{
    for (size_t i = 0; i < layout->mark_count; i++)
        if (layout->marks[i].kind == MARK_TEXT)
            buf_add(all, layout->marks[i].text, layout->marks[i].len);
}

static void without_spaces(const char *text, struct buf *out)
{
    for (; *text; text++)
        if (strncmp(text, "\u3000", 3) == 0)
            text += 2;
        else if (*text != ' ' && *text != '\n')
            buf_add_char(out, *text);
}

static void assert_holds(const char *all, const char *text)
{
    struct buf plain;

    buf_init(&plain, 65536);
    without_spaces(text ? text : "", &plain);
    if (!strstr(all, plain.text))
        fail_msg("not on the page: %s", text);
    buf_done(&plain);
}

/* On a page of writing its line and its keys go first; what is only glanced at
 * ends at the row's end. */
static bool may_leave(const struct view *view, const struct element *element)
{
    bool is_written = false;

    for (size_t i = 0; i < view_count(view); i++)
        is_written = is_written || view_element(view, i)->is_composed;
    if (element->kind == ELEMENT_CANDIDATES)
        return !*element->key;
    return is_written && (element->spare || element->kind == ELEMENT_HEADING ||
                          element->kind == ELEMENT_FIELD);
}

static void check_texts(const struct view *view, const struct buf *all,
                        bool has_notes)
{
    for (size_t i = 0; i < view_count(view); i++) {
        const struct element *element = view_element(view, i);
        if (element->is_header || element->is_footer ||
            may_leave(view, element))
            continue;
        assert_holds(all->text, element->text);
        if (element->kind == ELEMENT_FACT)
            assert_holds(all->text, element->value);
        if (has_notes || element->is_off)
            assert_holds(all->text, element->note);
    }
}

static void test_nothing_is_cut(void **state)
{
    struct view *view = view_new();
    struct layout *layout = layout_new();

    (void)state;
    for (int page = 0; page < UI_PAGE_COUNT; page++) {
        ui_page_fill(view, (enum ui_page)page);
        for (int size = 0; size < SIZES; size++) {
            struct buf all, plain;
            bool is_small = sizes[size][0] < 24 || sizes[size][1] < 80;
            if (page == UI_PAGE_RESULT && is_small)
                continue; /* the QR is on the slip: another sentence */
            buf_init(&all, 1 << 20);
            buf_init(&plain, 1 << 20);
            lay_out(layout, view, sizes[size][0], sizes[size][1], 1);
            for (int turn = 1, turns = layout->turns; turn <= turns; turn++) {
                lay_out(layout, view, sizes[size][0], sizes[size][1], turn);
                collect(layout, &all);
            }
            without_spaces(all.text, &plain);
            assert_false(plain.is_cut);
            check_texts(view, &plain, !is_small);
            buf_done(&all);
            buf_done(&plain);
        }
    }
    layout_free(layout);
    view_free(view);
}

/* ---- Single pages -------------------------------------------------------- */

static void test_small_choice_page(void **state)
{
    struct view *view = view_new();
    struct layout *layout = layout_new();

    (void)state;
    ui_page_fill(view, UI_PAGE_CHOICE);
    lay_out(layout, view, 15, 40, 1);
    assert_int_equal(layout->turns, 1);
    const struct ui_place *work = find(layout, "work");
    assert_int_equal(work->row, 5);
    assert_int_equal(work->rows, 1);
    assert_string_equal(work->row_key, "1");
    const struct ui_place *go = find(layout, "footer.go");
    assert_int_equal(go->row, 15);
    assert_int_equal(go->col + go->cols - 1, 40); /* at the right end */
    assert_int_equal(find(layout, "footer.back")->col, 1);
    assert_false(find(layout, "off")->can_press);
    assert_true(find(layout, "house")->is_chosen);
    layout_free(layout);
    view_free(view);
}

static void fill_choices(struct view *view, int count, const char *note)
{
    char id[24];

    view_begin(view, "", LANGUAGE_EN);
    view_heading(view, "ask", "What is it?");
    for (int i = 0; i < count; i++) {
        (void)snprintf(id, sizeof id, "c%d", i);
        struct element *choice = view_choice(view, id, "", "words");
        if (note)
            view_set_note(view, choice, note);
    }
    view_footer(view, "footer.back", "*", "Back");
    view_footer(view, "footer.go", "#", "Go on");
}

static bool has_mark(const struct layout *layout, const char *text)
{
    for (size_t i = 0; i < layout->mark_count; i++)
        if (layout->marks[i].kind == MARK_TEXT &&
            strncmp(layout->marks[i].text, text, strlen(text)) == 0)
            return true;
    return false;
}

/* What does not fit stands closer, then in more columns, and in a small window
 * without notes, before the page turns. */
static void test_page_is_made_tighter(void **state)
{
    static const char note[] = "longer than what it is a note of";
    struct view *view = view_new();
    struct layout *layout = layout_new();

    (void)state;
    fill_choices(view, 3, NULL);
    view_text(view, "after", "Something behind them.");
    lay_out(layout, view, 32, 100, 1);
    const struct ui_place *last = find(layout, "c2");
    assert_int_equal(find(layout, "after")->row - last->row - last->rows, 1);
    fill_choices(view, 30, NULL);
    lay_out(layout, view, 32, 100, 1);
    assert_int_equal(layout->turns, 1);
    assert_int_equal(find(layout, "c4")->row, find(layout, "c0")->row);
    fill_choices(view, 10, note);
    lay_out(layout, view, 15, 40, 1);
    assert_int_equal(layout->turns, 1);
    assert_false(has_mark(layout, "longer"));
    fill_choices(view, 3, note);
    lay_out(layout, view, 15, 40, 1);
    assert_true(has_mark(layout, "longer"));
    layout_free(layout);
    view_free(view);
}

static void test_list_keeps_its_numbers(void **state)
{
    struct view *view = view_new();
    struct layout *layout = layout_new();
    int expected = 11;

    (void)state;
    ui_page_fill(view, UI_PAGE_LIST);
    lay_out(layout, view, 24, 80, 1);
    assert_int_equal(layout->turns, 2);
    assert_string_equal(find(layout, "footer.go")->text, "Next page 1/2");
    for (int turn = 1; turn <= 2; turn++) {
        lay_out(layout, view, 24, 80, turn);
        assert_non_null(find(layout, "county.ask")); /* on every turn */
        for (size_t i = 0; i < layout->place_count; i++) {
            const struct ui_place *place = &layout->places[i];
            if (place->element->kind != ELEMENT_LIST)
                continue;
            char value[32], key[16];
            (void)snprintf(value, sizeof value, "row-%d", expected - 11);
            (void)snprintf(key, sizeof key, "%d", expected);
            assert_string_equal(place->row_key, key);
            assert_string_equal(place->row_value, value);
            assert_int_equal(place->is_chosen, expected == 12);
            expected++;
        }
    }
    assert_int_equal(expected, 26);
    assert_string_equal(find(layout, "footer.go")->text, "继续");
    lay_out(layout, view, 24, 80, 99);
    assert_int_equal(layout->turn, 2);
    layout_free(layout);
    view_free(view);
}

/* A label of two lines that stands above already takes no room again. */
static void test_repeated_label_takes_no_room(void **state)
{
    static const char *const ids[] = { "card", "photo", "lease" };
    struct view *view = view_new();
    struct layout *layout = layout_new();

    (void)state;
    view_heading(view, "state", "Delivered");
    for (size_t i = 0; i < 3; i++)
        view_fact(view, ids[i], "Originals to take", "A paper");
    view_footer(view, "footer.go", "#", "Go on");
    lay_out(layout, view, 15, 40, 1);
    check_marks(layout);
    assert_int_equal(find(layout, "card")->rows, 2);
    assert_int_equal(find(layout, "photo")->rows, 1);
    assert_int_equal(find(layout, "photo")->row, find(layout, "card")->row + 2);
    assert_int_equal(find(layout, "lease")->row,
                     find(layout, "photo")->row + 1);
    /* On a later turn the label is said anew, and whole. */
    for (size_t i = 0; i < 12; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "more-%zu", i);
        view_fact(view, id, "Originals to take", "A paper");
    }
    lay_out(layout, view, 15, 40, 2);
    check_marks(layout);
    assert_int_equal(layout->turns, 2);
    int first = 0;
    for (size_t i = 0; i < layout->place_count; i++)
        if (layout->places[i].element->kind == ELEMENT_FACT && first++ == 0)
            assert_int_equal(layout->places[i].rows, 2);
    assert_true(first > 1);
    layout_free(layout);
    view_free(view);
}

static void test_pad_has_its_keys(void **state)
{
    struct view *view = view_new();
    struct layout *layout = layout_new();

    (void)state;
    ui_page_fill(view, UI_PAGE_PHONE);
    for (int size = 0; size < 2; size++) {
        struct buf keys;
        buf_init(&keys, 32);
        lay_out(layout, view, size ? 24 : 15, size ? 80 : 40, 1);
        for (size_t i = 0; i < layout->place_count; i++)
            if (layout->places[i].element->kind == ELEMENT_KEYS)
                buf_add_text(&keys, layout->places[i].row_key);
        assert_string_equal(keys.text, "123456789*0#");
        buf_done(&keys);
        assert_int_equal(layout->field_turn, 1);
        assert_true(layout->caret_row >= 0);
    }
    /* While keys write, nothing has a number that would be typed. */
    assert_string_equal(find(layout, "none")->row_key, "");
    layout_free(layout);
    view_free(view);
}

/* The pad of a page of writing stands at its foot, and the line that is written
 * above it, on one turn, in the windows that the product is made for. */
static void test_pad_leaves_the_line_written(void **state)
{
    static const int windows[][2] = { { 32, 100 }, { 15, 40 }, { 22, 83 },
                                      { 16, 58 },  { 69, 82 }, { 24, 80 } };
    struct view *view = view_new();
    struct layout *layout = layout_new();

    (void)state;
    for (size_t i = 0; i < sizeof windows / sizeof windows[0]; i++) {
        for (int page = UI_PAGE_PINYIN; page <= UI_PAGE_STROKES; page++) {
            int keys = 0, offers = 0;
            bool is_wide = page == UI_PAGE_PINYIN;

            ui_page_fill(view, (enum ui_page)page);
            lay_out(layout, view, windows[i][0], windows[i][1], 1);
            if (layout->turns != 1)
                fail_msg("turns at %dx%d", windows[i][1], windows[i][0]);
            assert_int_equal(layout->field_turn, 1);
            assert_true(layout->caret_row >= 0);
            for (size_t at = 0; at < layout->place_count; at++) {
                const struct ui_place *place = &layout->places[at];
                if (place->element->kind == ELEMENT_KEYS) {
                    keys++;
                    assert_true(place->can_press);
                    assert_true(place->cols >= 6);
                    assert_true(!is_wide || place->row - 1 > layout->caret_row);
                }
                offers += place->element->kind == ELEMENT_CANDIDATES;
            }
            assert_int_equal(keys, is_wide ? 30 : 12);
            /* What is picked by number is there whole, a glance is not. */
            assert_true(is_wide ? offers == 9 : offers >= 4);
        }
    }
    layout_free(layout);
    view_free(view);
}

/* Each trouble stands whole, or is counted. */
static void test_troubles_that_do_not_fit(void **state)
{
    static const char longest[] =
        "[demo]\u3000Card reader: not working\u3000No "
        "network\u3000Printer: no paper";
    static const char few[] =
        "[demo]\u3000No reader\u3000Offline\u3000No printer paper";
    static const struct {
        int rows, cols;
        const char *shown;
    } windows[] = {
        { 32, 100, longest },
        { 16, 58, few },
        { 15, 40, "[demo]\u3000No reader\u3000Offline\u3000and 1 more" },
    };
    struct view *view = view_new();
    struct layout *layout = layout_new();

    (void)state;
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        const char *shown = windows[i].shown;
        bool is_shown = false;
        view_begin(view, "trouble", LANGUAGE_EN);
        view_header(view, "header.place", "Hall");
        view_set_short(view, view_header(view, "header.trouble", longest), few);
        view_heading(view, "ask", "What?");
        lay_out(layout, view, windows[i].rows, windows[i].cols, 1);
        for (size_t at = 0; at < layout->mark_count; at++) {
            const struct mark *mark = &layout->marks[at];
            is_shown = is_shown ||
                       (mark->kind == MARK_TEXT && mark->len == strlen(shown) &&
                        memcmp(mark->text, shown, mark->len) == 0);
        }
        assert_true(is_shown);
    }
    layout_free(layout);
    view_free(view);
}

static bool has_qr(const struct layout *layout)
{
    for (size_t i = 0; i < layout->mark_count; i++)
        if (layout->marks[i].kind == MARK_QR)
            return true;
    return false;
}

static void test_qr_finds_its_place(void **state)
{
    struct view *view = view_new();
    struct layout *layout = layout_new();

    (void)state;
    ui_page_fill(view, UI_PAGE_RESULT);
    lay_out(layout, view, 32, 100, 1); /* beside the facts */
    assert_int_equal(layout->turns, 1);
    assert_true(has_qr(layout));
    lay_out(layout, view, 24, 80, 1); /* on a turn of its own */
    int turns = layout->turns;
    assert_true(turns > 1);
    assert_false(has_qr(layout));
    lay_out(layout, view, 24, 80, turns);
    assert_true(has_qr(layout));
    assert_non_null(find(layout, "qr"));
    assert_int_equal(find(layout, "footer.go")->row, 24);
    for (int turn = 1; turn <= 9; turn++) { /* no room: on the slip */
        lay_out(layout, view, 15, 40, turn);
        assert_false(has_qr(layout));
    }
    layout_free(layout);
    view_free(view);
}

/* Where smaller letters would leave it room it has its turn already, with the
 * page's keys. */
static void test_qr_waits_for_smaller_letters(void **state)
{
    struct view *view = view_new();
    struct layout *layout = layout_new();
    struct layout_ask ask = {
        .view = view, .rows = 16, .cols = 50, .turn = 1, .pending = ""
    };

    (void)state;
    ui_page_fill(view, UI_PAGE_RESULT);
    layout_make(layout, &ask);
    int turns = layout->turns;
    ask.has_smaller = true;
    layout_make(layout, &ask);
    assert_int_equal(layout->turns, turns + 1);
    assert_false(layout->is_qr_here);
    ask.turn = layout->turns;
    layout_make(layout, &ask);
    assert_true(layout->is_qr_here);
    assert_non_null(find(layout, "qr"));
    assert_non_null(find(layout, "footer.go"));
    assert_non_null(find(layout, "footer.help"));
    check_marks(layout);
    layout_free(layout);
    view_free(view);
}

static void test_wide_and_tall(void **state)
{
    struct view *view = view_new();
    struct layout *layout = layout_new();

    (void)state;
    ui_page_fill(view, UI_PAGE_CHOICE);
    lay_out(layout, view, 60, 200, 1);
    const struct ui_place *place = find(layout, "work");
    assert_true(place->col > 45 && place->col < 60); /* centred */
    assert_true(place->row > 60 - 44);               /* reachable */
    assert_int_equal(find(layout, "header.place")->row, 1);
    assert_true(find(layout, "footer.go")->col < 155);
    layout_free(layout);
    view_free(view);
}

static void test_too_small(void **state)
{
    struct view *view = view_new();
    struct layout *layout = layout_new();

    (void)state;
    ui_page_fill(view, UI_PAGE_CHOICE);
    for (int rows = 1; rows <= 14; rows++) {
        lay_out(layout, view, rows, 1 + rows * 3, 1);
        assert_true(layout->is_too_small);
        assert_int_equal(layout->place_count, 0);
        check_marks(layout);
    }
    lay_out(layout, view, 14, 60, 1);
    assert_int_equal(layout->mark_count, 3);
    lay_out(layout, view, 15, 40, 1);
    assert_false(layout->is_too_small);
    layout_free(layout);
    view_free(view);
}

/* Without keys of its own a page that turns still gets them. */
static void test_turn_keys_are_made(void **state)
{
    struct view *view = view_new();
    struct layout *layout = layout_new();
    char id[24];

    (void)state;
    view_begin(view, "", LANGUAGE_EN);
    for (int i = 0; i < 40; i++) {
        (void)snprintf(id, sizeof id, "t%d", i);
        view_text(view, id, "words");
    }
    lay_out(layout, view, 15, 40, 2);
    assert_true(layout->turns > 2);
    assert_non_null(find(layout, "footer.back"));
    assert_non_null(find(layout, "footer.go"));
    lay_out(layout, view, 15, 40, 1);
    assert_null(find(layout, "footer.back"));
    lay_out(layout, view, 15, 40, 99);
    assert_null(find(layout, "footer.go"));
    layout_free(layout);
    view_free(view);
}

/* A text taller than any turn is split by lines, and none of them is lost. */
static void test_text_taller_than_a_turn(void **state)
{
    struct view *view = view_new();
    struct layout *layout = layout_new();
    struct buf text, all;

    (void)state;
    buf_init(&text, 65536);
    buf_init(&all, 65536);
    for (int i = 0; i < 300; i++)
        buf_add_format(&text, "word%d ", 1000 + i);
    view_begin(view, "", LANGUAGE_EN);
    view_heading(view, "ask", "Heading");
    view_text(view, "text", text.text);
    view_footer(view, "footer.go", "#", "Go on");
    lay_out(layout, view, 15, 40, 1);
    assert_true(layout->turns > 5);
    for (int turn = 1, turns = layout->turns; turn <= turns; turn++) {
        lay_out(layout, view, 15, 40, turn);
        assert_non_null(find(layout, "ask"));
        assert_int_equal(find(layout, "text")->row, 3);
        check_marks(layout);
        check_cells(layout);
        for (size_t i = 0; i < layout->mark_count; i++) {
            const struct mark *mark = &layout->marks[i];
            if (mark->kind != MARK_TEXT || strncmp(mark->text, "word", 4) != 0)
                continue;
            assert_true(mark->row < 13); /* above the footer's rule */
            buf_add(&all, mark->text, mark->len);
            buf_add_char(&all, ' ');
        }
    }
    assert_string_equal(all.text, text.text);
    buf_done(&text);
    buf_done(&all);
    layout_free(layout);
    view_free(view);
}

static void thousands(void *owner, size_t at, const char **ret_value,
                      const char **ret_text)
{
    (void)at;
    (*(size_t *)owner)++;
    *ret_value = *ret_text = "row";
}

/* A long list is asked for each row a few times, not for each attempt. */
static void test_thousands_of_rows(void **state)
{
    struct view *view = view_new();
    struct layout *layout = layout_new();
    size_t asked = 0;

    (void)state;
    view_begin(view, "", LANGUAGE_EN);
    view_list(view, "rows", 5000, NULL, thousands, &asked);
    lay_out(layout, view, 24, 80, 3);
    assert_true(layout->turns > 100);
    assert_true(layout->place_count < 100);
    assert_true(asked < 5000 * 3);
    layout_free(layout);
    view_free(view);
}

static void test_qr_modules(void **state)
{
    struct qr *qr = qr_new("HELLO", false);

    (void)state;
    assert_int_equal(qr_cols(qr), 21 + 8);
    assert_int_equal(qr_rows(qr), 15);
    assert_false(qr_is_dark(qr, 3, 3)); /* quiet */
    assert_true(qr_is_dark(qr, 4, 4));  /* the finder's corner */
    assert_false(qr_is_dark(qr, 5, 5));
    assert_false(qr_is_dark(qr, 29, 10));
    qr_free(qr);
    char *text = mem_new(5001);
    memset(text, 'x', 5000);
    assert_null(qr_new(text, true));
    mem_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_leaves_the_window),
        cmocka_unit_test(test_targets_are_large_and_apart),
        cmocka_unit_test(test_nothing_overlaps),
        cmocka_unit_test(test_nothing_is_cut),
        cmocka_unit_test(test_small_choice_page),
        cmocka_unit_test(test_page_is_made_tighter),
        cmocka_unit_test(test_list_keeps_its_numbers),
        cmocka_unit_test(test_repeated_label_takes_no_room),
        cmocka_unit_test(test_pad_has_its_keys),
        cmocka_unit_test(test_pad_leaves_the_line_written),
        cmocka_unit_test(test_troubles_that_do_not_fit),
        cmocka_unit_test(test_qr_finds_its_place),
        cmocka_unit_test(test_qr_waits_for_smaller_letters),
        cmocka_unit_test(test_wide_and_tall),
        cmocka_unit_test(test_too_small),
        cmocka_unit_test(test_turn_keys_are_made),
        cmocka_unit_test(test_text_taller_than_a_turn),
        cmocka_unit_test(test_thousands_of_rows),
        cmocka_unit_test(test_qr_modules),
    };
    (void)setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
