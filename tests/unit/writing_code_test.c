/* Fields of digits and letters that are no text: what ten keys, a keyboard and
 * the glass write, and what is offered.  kiosk-ime is never asked. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/loop.h"
#include "kiosk/base/mem.h"
#include "kiosk/writing.h"

struct play {
    struct loop *loop;
    struct writing *writing;
    struct buf text, signs; /* what was written; Enter is ! */
};

static void on_text(void *owner, const char *text, size_t len)
{
    struct play *play = owner;

    buf_add(&play->text, text, len);
}

static void on_sign(void *owner, char sign)
{
    struct play *play = owner;

    buf_add_char(&play->signs, sign == '\n' ? '!' : sign);
}

static void on_move(void *owner, long by)
{
    (void)owner;
    (void)by;
    fail();
}

static void on_changed(void *owner)
{
    (void)owner;
}

static struct play *play_new(void)
{
    static const struct writing_events events = { on_text, on_sign, on_move,
                                                  on_changed };
    struct play *play = mem_new(sizeof *play);

    play->loop = loop_new();
    play->writing = writing_new(play->loop, "/nowhere/kiosk-ime", "/nowhere",
                                &events, play);
    buf_init(&play->text, 256);
    buf_init(&play->signs, 256);
    return play;
}

static void play_free(struct play *play)
{
    writing_free(play->writing);
    loop_free(play->loop);
    buf_done(&play->text);
    buf_done(&play->signs);
    mem_free(play);
}

static void keys(struct play *play, const char *text)
{
    for (; *text; text++) {
        const char key[] = { *text, '\0' };
        writing_key(play->writing, key);
    }
}

static struct writing_page page_of(struct play *play)
{
    struct writing_page page;

    writing_page(play->writing, &page);
    return page;
}

static void expect(struct play *play, const char *text, const char *signs)
{
    assert_string_equal(play->text.text, text);
    assert_string_equal(play->signs.text, signs);
    buf_clear(&play->text);
    buf_clear(&play->signs);
}

/* Digits write themselves; # offers letters, and # again ends it. */
static void test_code_with_ten_keys(void **state)
{
    struct play *play = play_new();

    (void)state;
    writing_begin_code(play->writing, WRITING_CREDIT_CODE);
    keys(play, "90");
    expect(play, "90", "");
    keys(play, "#");
    struct writing_page page = page_of(play);
    assert_int_equal(page.state, WRITING_LETTERS);
    assert_int_equal(page.count, 8);
    assert_int_equal(page.pages, 3); /* 21 letters */
    assert_string_equal(page.offers[0], "A");
    keys(play, "89");
    assert_string_equal(page_of(play).offers[0], "J");
    keys(play, "9");
    assert_int_equal(page_of(play).count, 5);
    keys(play, "5");
    expect(play, "HY", "");
    keys(play, "6"); /* nothing stands there */
    expect(play, "", "");
    keys(play, "9"); /* the first again */
    assert_string_equal(page_of(play).offers[0], "A");
    keys(play, "01#*");
    expect(play, "1", "*");
    assert_int_equal(page_of(play).state, WRITING_FREE);
    keys(play, "##");
    expect(play, "", "!");
    assert_int_equal(page_of(play).state, WRITING_FREE);
    play_free(play);
}

/* Of an empty plate the provinces are offered, then letters. */
static void test_plate_with_ten_keys(void **state)
{
    struct play *play = play_new();

    (void)state;
    writing_begin_code(play->writing, WRITING_PLATE);
    writing_set_empty(play->writing, true);
    keys(play, "#");
    assert_string_equal(page_of(play).offers[0], "豫");
    assert_int_equal(page_of(play).pages, 4);
    keys(play, "98");
    expect(play, "鲁", "");
    assert_string_equal(page_of(play).offers[0], "A");
    keys(play, "1#");
    expect(play, "A", "!");
    writing_set_empty(play->writing, false);
    keys(play, "#999");
    assert_string_equal(page_of(play).offers[0], "学");
    play_free(play);
}

/* A keyboard writes all of it; small letters are capitals but in an address,
 * and # is never a character. */
static void test_code_from_a_keyboard(void **state)
{
    struct play *play = play_new();

    (void)state;
    writing_begin_code(play->writing, WRITING_CREDIT_CODE);
    keys(play, "9a Z\n");
    expect(play, "9AZ", "!");
    writing_begin_code(play->writing, WRITING_EMAIL);
    keys(play, "a.B@c\n");
    expect(play, "a.B@c", "!");
    keys(play, "#q");
    expect(play, "q", "");
    assert_int_equal(page_of(play).state, WRITING_FREE);
    writing_key(play->writing, "豫");
    expect(play, "豫", "");
    /* A text after it is one again. */
    writing_begin(play->writing, LANGUAGE_EN);
    keys(play, "z#");
    expect(play, "z", "#");
    play_free(play);
}

/* On the glass a pad of letters and one of digits; offers close when one was
 * taken. */
static void test_code_by_touch(void **state)
{
    struct play *play = play_new();

    (void)state;
    writing_begin_code(play->writing, WRITING_CREDIT_CODE);
    assert_true(page_of(play).has_digit_pad);
    writing_touch(play->writing, "latin");
    assert_false(page_of(play).has_digit_pad);
    writing_touch(play->writing, "m");
    writing_touch(play->writing, "digits");
    assert_true(page_of(play).has_digit_pad);
    writing_touch(play->writing, "1");
    expect(play, "M1", "");
    writing_touch(play->writing, "#");
    assert_true(writing_choice(play->writing, "writing.more"));
    assert_true(writing_choice(play->writing, "offer.2"));
    expect(play, "K", "");
    assert_int_equal(page_of(play).state, WRITING_FREE);
    writing_touch(play->writing, "#");
    assert_true(writing_choice(play->writing, "writing.back"));
    assert_int_equal(page_of(play).state, WRITING_FREE);
    play_free(play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_code_with_ten_keys),
        cmocka_unit_test(test_plate_with_ten_keys),
        cmocka_unit_test(test_code_from_a_keyboard),
        cmocka_unit_test(test_code_by_touch),
    };

    return cmocka_run_group_tests_name("writing_code", tests, NULL, NULL);
}
