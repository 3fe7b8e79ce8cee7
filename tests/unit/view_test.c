/* A page as a list of elements, and what is typed into it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/ui/typed.h"
#include "kiosk/ui/view.h"
#include "tests/unit/ui_pages.h"

static void test_elements(void **state)
{
    struct view *view = view_new();
    char text[] = "words";

    (void)state;
    view_begin(view, "item/step", LANGUAGE_EN);
    assert_string_equal(view_scope(view), "item/step");
    assert_int_equal(view_language(view), LANGUAGE_EN);
    view_heading(view, "ask", text);
    text[0] = 'W'; /* texts are copied */
    struct element *choice = view_choice(view, "one", "1", "One");
    choice->is_chosen = true;
    view_set_note(view, choice, "a\nb");
    view_set_key(view, view_fact(view, "who", "Name", NULL), "2");
    view_progress(view, "bar", "Working", 7, 3);
    view_header(view, "header.clock", "14:03");
    view_footer(view, "footer.go", "#", "Go on");

    assert_int_equal(view_count(view), 6);
    assert_string_equal(view_element(view, 0)->text, "words");
    assert_string_equal(element_kind_name(view_element(view, 0)->kind),
                        "heading");
    assert_string_equal(view_find(view, "one")->note, "a\nb");
    assert_true(view_find(view, "one")->is_chosen);
    assert_string_equal(view_find(view, "who")->value, "");
    assert_string_equal(view_find(view, "who")->key, "2");
    assert_string_equal(view_find(view, "bar")->value, "3/3");
    assert_true(view_find(view, "header.clock")->is_header);
    assert_true(view_find(view, "footer.go")->is_footer);
    assert_null(view_find(view, "two"));
    assert_null(view_mistake(view));
    view_free(view);
}

static void row(void *owner, size_t at, const char **ret_value,
                const char **ret_text)
{
    (void)owner;
    (void)at;
    *ret_value = *ret_text = "row";
}

static void test_long_lists_begin_at_11(void **state)
{
    struct view *view = view_new();

    (void)state;
    view_begin(view, "", LANGUAGE_ZH_CN);
    view_list(view, "nine", 9, NULL, row, NULL);
    view_list(view, "ten", 10, "row", row, NULL);
    assert_int_equal(view_find(view, "nine")->first_number, 1);
    assert_int_equal(view_find(view, "ten")->first_number, 11);
    assert_null(view_find(view, "nine")->chosen);
    assert_string_equal(view_find(view, "ten")->chosen, "row");
    view_free(view);
}

static struct typed *type(struct view *view, const char *id, const char *text)
{
    const struct element *field = view_find(view, id);
    struct typed *typed = typed_begin(view_typed_set(view), view_scope(view),
                                      id, field->value, field->max_chars);
    assert_true(typed_insert(typed, text, strlen(text)));
    return typed;
}

static const char *describe(struct view *view, const char *scope,
                            const char *initial)
{
    view_begin(view, scope, LANGUAGE_ZH_CN);
    return view_field(view, "phone", "Phone", initial, TYPING_DIGITS, 11);
}

static void test_typed_belongs_to_scope_and_id(void **state)
{
    struct view *view = view_new();

    (void)state;
    assert_string_equal(describe(view, "a", "139"), "139");
    assert_null(view_typed(view, "phone"));
    type(view, "phone", "8");
    assert_string_equal(view_typed(view, "phone"), "1398");
    assert_string_equal(describe(view, "a", "139"), "1398");
    assert_string_equal(describe(view, "b", ""), "");
    type(view, "phone", "5");
    assert_string_equal(describe(view, "a", ""), "1398");
    view_forget(view, "a");
    assert_string_equal(describe(view, "a", "139"), "139");
    assert_string_equal(describe(view, "b", ""), "5");
    view_free(view);
}

static void test_wipe_leaves_no_secret(void **state)
{
    size_t before = secret_used_bytes();
    struct view *view = view_new();

    (void)state;
    describe(view, "a", "");
    type(view, "phone", "13812345678");
    assert_true(secret_used_bytes() > before);
    unsigned generation = view_generation(view);
    view_wipe(view);
    assert_int_equal(secret_used_bytes(), before);
    assert_true(view_generation(view) != generation);
    assert_int_equal(view_count(view), 0);
    assert_string_equal(describe(view, "a", ""), "");
    view_free(view);
    assert_int_equal(secret_used_bytes(), before);
}

static void test_typing(void **state)
{
    struct typed_set set = { 0 };
    struct typed *typed = typed_begin(&set, "a", "name", "张", 4);

    (void)state;
    assert_int_equal(typed->caret, 1);
    assert_true(typed_insert(typed, "三四", 6));
    typed_move(typed, -2);
    assert_true(typed_insert(typed, "x", 1));
    assert_string_equal(typed->text, "张x三四");
    assert_int_equal(typed->caret, 2);
    assert_false(typed_insert(typed, "y", 1)); /* full: nothing is pushed out */
    assert_string_equal(typed->text, "张x三四");
    typed_delete_back(typed);
    assert_string_equal(typed->text, "张三四");
    typed_delete_forward(typed);
    assert_string_equal(typed->text, "张四");
    assert_false(typed_insert(typed, "abc", 3));
    assert_string_equal(typed->text, "张ab四");
    typed_move(typed, 100);
    typed_delete_forward(typed); /* nothing behind the end */
    typed_move(typed, -100);
    typed_delete_back(typed); /* nor before the beginning */
    assert_string_equal(typed->text, "张ab四");
    assert_int_equal(typed->caret, 0);
    typed_wipe(&set);
}

/* An accent that is typed after its letter becomes one character with it. */
static void test_typing_combines(void **state)
{
    struct typed_set set = { 0 };
    struct typed *typed = typed_begin(&set, "a", "name", "", 8);

    (void)state;
    assert_true(typed_insert(typed, "ne", 2));
    typed_move(typed, -1);
    assert_true(typed_insert(typed, "e", 1));
    assert_true(typed_insert(typed, "\u0301", 2));
    assert_string_equal(typed->text, "n\u00e9e");
    assert_int_equal(typed->caret, 2);
    typed_wipe(&set);
}

static void test_only_so_many_fields(void **state)
{
    struct typed_set set = { 0 };
    char id[16];

    (void)state;
    for (int i = 0; i < TYPED_MAX; i++) {
        (void)snprintf(id, sizeof id, "f%d", i);
        assert_true(typed_insert(typed_begin(&set, "a", id, "", 4), "1", 1));
    }
    assert_non_null(typed_find(&set, "a", "f0")); /* is young again */
    typed_begin(&set, "a", "one more", "", 4);
    assert_int_equal(set.count, TYPED_MAX);
    assert_non_null(typed_find(&set, "a", "f0"));
    assert_null(typed_find(&set, "a", "f1"));
    typed_wipe(&set);
}

static const char *mistake_of(void (*fill)(struct view *view))
{
    struct view *view = view_new();

    view_begin(view, "", LANGUAGE_EN);
    fill(view);
    const char *mistake = view_mistake(view);
    view_free(view);
    return mistake;
}

static void fill_id_twice(struct view *view)
{
    view_text(view, "a", "x");
    view_heading(view, "a", "y");
}

static void fill_key_twice(struct view *view)
{
    view_choice(view, "a", "1", "x");
    view_footer(view, "b", "1", "y");
}

static void fill_key_beginning(struct view *view)
{
    view_choice(view, "a", "1", "x");
    view_choice(view, "b", "12", "y");
}

static void fill_list_and_key(struct view *view)
{
    view_list(view, "a", 9, NULL, row, NULL);
    view_choice(view, "b", "9", "y");
}

static void fill_long_list_and_digit(struct view *view)
{
    view_list(view, "a", 12, NULL, row, NULL);
    view_choice(view, "b", "2", "y");
}

static void fill_two_fields(struct view *view)
{
    (void)view_field(view, "a", "x", "", TYPING_TEXT, 5);
    (void)view_field(view, "b", "y", "", TYPING_DIGITS, 5);
}

static void fill_keys_alone(struct view *view)
{
    view_keys(view, "a", 'X');
}

static void fill_wordless(struct view *view)
{
    view_choice(view, "a", "1", "");
}

static void fill_right(struct view *view)
{
    view_list(view, "a", 9, NULL, row, NULL);
    view_footer(view, "b", "0", "Help");
    view_choice(view, "c", "", "No number");
    view_choice(view, "d", "", "No number either");
    view_choice(view, "e", "1", "Off")->is_off = true;
}

static void test_mistakes(void **state)
{
    (void)state;
    assert_string_equal(mistake_of(fill_id_twice), "an id twice");
    assert_string_equal(mistake_of(fill_key_twice), "a key twice");
    assert_non_null(mistake_of(fill_key_beginning));
    assert_non_null(mistake_of(fill_list_and_key));
    assert_non_null(mistake_of(fill_long_list_and_digit));
    assert_non_null(mistake_of(fill_two_fields));
    assert_non_null(mistake_of(fill_keys_alone));
    assert_non_null(mistake_of(fill_wordless));
    assert_null(mistake_of(fill_right));
}

static void test_sample_pages_are_right(void **state)
{
    struct view *view = view_new();

    (void)state;
    for (int page = 0; page < UI_PAGE_COUNT; page++) {
        ui_page_fill(view, (enum ui_page)page);
        assert_null(view_mistake(view));
    }
    view_free(view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_elements),
        cmocka_unit_test(test_long_lists_begin_at_11),
        cmocka_unit_test(test_typed_belongs_to_scope_and_id),
        cmocka_unit_test(test_wipe_leaves_no_secret),
        cmocka_unit_test(test_typing),
        cmocka_unit_test(test_typing_combines),
        cmocka_unit_test(test_only_so_many_fields),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_sample_pages_are_right),
    };
    (void)setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
