/* Writing Chinese: what keys mean, with a helper that is pretended, and that
 * answers well, late, wrongly or not at all. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <jansson.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/child.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/scribe.h"
#include "kiosk/writing.h"

enum { START_MS = 1000000, TEXT_BYTES = 4096, TURNS = 6 };

/* How the helper is. */
enum mood {
    MOOD_WELL,
    MOOD_SILENT,
    MOOD_DIES,       /* when it is asked */
    MOOD_GARBAGE,    /* no JSON */
    MOOD_MANY,       /* 10,000 candidates */
    MOOD_LONG,       /* one that never ends */
    MOOD_CONTROL,    /* a text that moves the cursor */
    MOOD_OTHER_REST, /* letters that were never asked */
    MOOD_FUTURE,     /* to a question that was not put yet */
    MOOD_ERROR,
    MOOD_COUNT
};

struct play {
    struct loop *loop;
    struct writing *writing;
    struct child *child;
    enum mood mood;
    int moods_left; /* after so many bad answers it is well */
    int starts;
    struct buf text;  /* what was written */
    struct buf signs; /* '*', '#', '\n' and moves that came out */
    struct buf last;  /* the last question */
    int64_t now_ms;
};

/* ---- The pretended helper ----------------------------------------------- */

static void on_start(void *owner, struct child *child, const char *name)
{
    struct play *play = owner;

    assert_string_equal(name, "kiosk-ime");
    play->child = child;
    play->starts++;
}

static void add_offers(struct buf *out, const char *kind)
{
    static const char *const words[] = {
        "白河", "百合", "白", "百", "摆", "拜",
        "败",   "柏",   "掰", "佰", "捭", "稗"
    };

    buf_add_text(out, "\"offers\":[");
    if (strcmp(kind, "next") == 0)
        buf_add_text(out, "\"大道\",\"边\"");
    else
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
            buf_add_format(out, "%s\"%s\"", i ? "," : "", words[i]);
    buf_add_text(out, "]");
}

/* Of a picked word whose two letters each are one character. */
static void answer_well(const json_t *asked, json_int_t number, struct buf *out)
{
    const char *kind = json_string_value(json_object_get(asked, "ask"));
    const char *text = json_string_value(json_object_get(asked, "text"));
    const json_t *pick = json_object_get(asked, "pick");

    if (pick && json_integer_value(pick) < 2)
        text = "";
    else if (pick)
        text += strlen(text) < 3 ? strlen(text) : 3;
    buf_add_format(out, "{\"ime\":%lld,", (long long)number);
    if (strcmp(kind, "pinyin") == 0)
        buf_add_format(out, "\"rest\":\"%s\",\"reading\":\"%s\",", text, text);
    if (!*text && strcmp(kind, "pinyin") == 0)
        buf_add_text(out, "\"offers\":[]");
    else
        add_offers(out, kind);
    buf_add_text(out, "}");
}

static void answer_badly(enum mood mood, json_int_t number, struct buf *out)
{
    buf_add_format(out, "{\"ime\":%lld,\"rest\":\"%s\",\"reading\":\"x\",",
                   (long long)number + (mood == MOOD_FUTURE ? 5 : 0),
                   mood == MOOD_OTHER_REST ? "rm" : "");
    if (mood == MOOD_ERROR)
        buf_add_text(out, "\"error\":\"no\",");
    buf_add_text(out, "\"offers\":[\"");
    if (mood == MOOD_MANY)
        for (int i = 0; i < 10000; i++)
            buf_add_text(out, "字\",\"");
    if (mood == MOOD_LONG)
        for (int i = 0; i < 40; i++)
            buf_add_text(out, "长");
    if (mood == MOOD_CONTROL)
        buf_add_text(out, "\\u001b[2J");
    buf_add_text(out, "字\"]}");
}

static void on_line(void *owner, struct child *child, const char *line,
                    size_t len)
{
    struct play *play = owner;
    json_t *asked = json_loadb(line, len, 0, NULL);
    json_int_t number = json_integer_value(json_object_get(asked, "ime"));
    struct buf answer;

    assert_non_null(asked);
    buf_clear(&play->last);
    buf_add(&play->last, line, len);
    buf_init(&answer, 1024 * 1024);
    enum mood mood = play->moods_left ? play->mood : MOOD_WELL;
    if (play->moods_left > 0)
        play->moods_left--;
    if (mood == MOOD_WELL)
        answer_well(asked, number, &answer);
    else if (mood == MOOD_GARBAGE)
        buf_add_text(&answer, "\x01 this is not JSON");
    else if (mood == MOOD_DIES)
        child_ended(child, 139);
    else if (mood != MOOD_SILENT)
        answer_badly(mood, number, &answer);
    if (answer.len)
        child_said(child, answer.text, answer.len);
    buf_done(&answer);
    json_decref(asked);
}

static void on_gone(void *owner, struct child *child)
{
    struct play *play = owner;
    if (play->child == child)
        play->child = NULL;
}

/* ---- Who is told --------------------------------------------------------- */

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
    struct play *play = owner;
    buf_add_format(&play->signs, "%+ld", by);
}

static void on_changed(void *owner)
{
    (void)owner;
}

static const struct writing_events events = { on_text, on_sign, on_move,
                                              on_changed };
static struct child_pretend pretend = { on_start, on_line, on_gone, NULL };

static void settle(struct play *play)
{
    for (int i = 0; i < TURNS; i++)
        loop_turn(play->loop, 0);
}

static void pass(struct play *play, int64_t ms)
{
    play->now_ms += ms;
    clock_pretend(play->now_ms, play->now_ms);
    settle(play);
}

/* The time that an answer may take. */
static void pass_limit(struct play *play)
{
    for (int i = 0; i < SCRIBE_FIRST_SLICES; i++)
        pass(play, SCRIBE_SLICE_MS + 1);
    pass(play, 1);
}

static struct play *play_new(enum mood mood, int moods)
{
    struct play *play = mem_new(sizeof *play);

    *play =
        (struct play){ .mood = mood, .moods_left = moods, .now_ms = START_MS };
    clock_pretend(START_MS, START_MS);
    play->loop = loop_new_pretend();
    buf_init(&play->text, TEXT_BYTES);
    buf_init(&play->signs, TEXT_BYTES);
    buf_init(&play->last, TEXT_BYTES);
    pretend.owner = play;
    child_pretend(&pretend);
    play->writing = writing_new(play->loop, "kiosk-ime", "data", &events, play);
    return play;
}

static void play_free(struct play *play)
{
    writing_free(play->writing);
    settle(play);
    child_pretend(NULL);
    loop_free(play->loop);
    buf_done(&play->text);
    buf_done(&play->signs);
    buf_done(&play->last);
    mem_free(play);
    assert_int_equal(secret_used_bytes(), 0);
}

/* Keys without a pause between, as a quick hand or a paste sends them. */
static void keys(struct play *play, const char *text)
{
    for (const char *c = text; *c; c++) {
        const char key[] = { *c, '\0' };
        writing_key(play->writing, key);
    }
    settle(play);
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

/* ---- Strokes -------------------------------------------------------------- */

static struct play *with_strokes(enum mood mood, int moods)
{
    struct play *play = play_new(mood, moods);

    writing_begin(play->writing, LANGUAGE_ZH_CN);
    writing_use(play->writing, WRITING_STROKES);
    settle(play);
    return play;
}

static void test_strokes_with_ten_keys(void **state)
{
    struct play *play = with_strokes(MOOD_WELL, 0);

    (void)state;
    keys(play, "32511");
    struct writing_page page = page_of(play);
    assert_int_equal(page.state, WRITING_FREE);
    assert_string_equal(page.composed, "丿丨乛一一");
    keys(play, "#");
    page = page_of(play);
    assert_int_equal(page.state, WRITING_OFFERS);
    assert_int_equal(page.count, 9);
    assert_int_equal(page.pages, 2);
    keys(play, "#");
    assert_string_equal(page_of(play).offers[0], "佰");
    keys(play, "0"); /* back to the strokes, which stand there still */
    assert_int_equal(page_of(play).state, WRITING_FREE);
    assert_string_equal(page_of(play).composed, "丿丨乛一一");
    keys(play, "*#");
    assert_string_equal(page_of(play).composed, "丿丨乛一");
    keys(play, "*"); /* deletes, and so goes back */
    assert_int_equal(page_of(play).state, WRITING_FREE);
    assert_string_equal(page_of(play).composed, "丿丨乛");
    keys(play, "#3");
    expect(play, "白", "");
    assert_int_equal(page_of(play).state, WRITING_FREE);
    keys(play, "#");
    expect(play, "", "#"); /* no strokes: it ends the field */
    keys(play, "*");
    expect(play, "", "*"); /* a character */
    play_free(play);
}

/* The digits come before the answer: none is lost, none picks an old word. */
static void test_faster_than_the_helper(void **state)
{
    struct play *play = with_strokes(MOOD_WELL, 0);

    (void)state;
    keys(play, "32511#2");
    expect(play, "百合", "");
    keys(play, "12#112#2");
    expect(play, "白河百合", "");
    play_free(play);
}

static void test_any_stroke_is_asked_twice_at_most(void **state)
{
    struct play *play = with_strokes(MOOD_WELL, 0);

    (void)state;
    keys(play, "16666");
    assert_non_null(strstr(play->last.text, "\"166\""));
    for (int i = 0; i < 50; i++)
        keys(play, "1");
    assert_non_null(page_of(play).composed);
    keys(play, "#1");
    expect(play, "白河", "");
    play_free(play);
}

static void test_what_may_follow(void **state)
{
    struct play *play = with_strokes(MOOD_WELL, 0);

    (void)state;
    keys(play, "1#1");
    assert_non_null(strstr(play->last.text, "\"next\""));
    struct writing_page page = page_of(play);
    assert_true(page.is_next);
    assert_int_equal(page.state, WRITING_FREE);
    assert_string_equal(page.offers[0], "大道");
    keys(play, "01"); /* by ten keys */
    expect(play, "白河大道", "");
    assert_non_null(strstr(play->last.text, "\"白河大道\""));
    assert_true(writing_choice(play->writing, "offer.2")); /* by touch */
    expect(play, "边", "");
    settle(play);
    keys(play, "2"); /* strokes go on over what was offered */
    assert_string_equal(page_of(play).composed, "丨");
    assert_false(page_of(play).is_next);
    play_free(play);
}

static void test_signs_digits_letters_caret(void **state)
{
    struct play *play = with_strokes(MOOD_WELL, 0);

    (void)state;
    keys(play, "71");
    expect(play, "，", "");
    keys(play, "7##1");
    expect(play, "+", "");
    keys(play, "70");
    assert_int_equal(page_of(play).state, WRITING_FREE);
    keys(play, "8203*#");
    expect(play, "203", "*");
    assert_int_equal(page_of(play).state, WRITING_FREE);
    keys(play, "8#1#2"); /* nothing typed: the letters, which stay */
    expect(play, "AK", "");
    keys(play, "*0");
    expect(play, "", "*");
    keys(play, "9");
    assert_int_equal(page_of(play).state, WRITING_CARET);
    keys(play, "123456*#");
    expect(play, "", "-1+1-10+10-100000+100000*");
    assert_int_equal(page_of(play).state, WRITING_FREE);
    keys(play, "8*"); /* nothing to delete there: back */
    assert_int_equal(page_of(play).state, WRITING_FREE);
    expect(play, "", "");
    play_free(play);
}

/* ---- Pinyin --------------------------------------------------------------- */

static void test_pinyin_from_a_keyboard(void **state)
{
    struct play *play = play_new(MOOD_WELL, 0);

    (void)state;
    writing_begin(play->writing, LANGUAGE_ZH_CN);
    settle(play);
    assert_int_equal(play->starts, 1);
    keys(play, "baihe");
    struct writing_page page = page_of(play);
    assert_int_equal(page.method, WRITING_PINYIN);
    assert_int_equal(page.state, WRITING_OFFERS);
    assert_string_equal(page.composed, "baihe");
    keys(play, "#");
    assert_int_equal(page_of(play).page, 2);
    keys(play, "0");
    assert_int_equal(page_of(play).page, 1);
    keys(play, "3"); /* a word that leaves letters */
    expect(play, "白", "");
    assert_string_equal(page_of(play).composed, "he");
    keys(play, " ");
    expect(play, "白河", "");
    assert_int_equal(page_of(play).state, WRITING_FREE);
    keys(play, "12#\n"); /* no letters: as in any field */
    expect(play, "12", "#!");
    assert_true(page_of(play).is_keyboard);
    keys(play, "abc\n"); /* as they are */
    expect(play, "abc", "");
    keys(play, "ab*");
    assert_string_equal(page_of(play).composed, "a");
    keys(play, "*");
    assert_int_equal(page_of(play).state, WRITING_FREE);
    keys(play, "A,");
    expect(play, "A，", "");
    play_free(play);
}

/* Pinyin is there first: who has ten keys and wrote nothing but digits ends the
 * field with #, as on any page; letters of the glass change nothing about it. */
static void test_digits_with_ten_keys(void **state)
{
    struct play *play = play_new(MOOD_WELL, 0);

    (void)state;
    writing_begin(play->writing, LANGUAGE_ZH_CN);
    settle(play);
    keys(play, "1380*#");
    expect(play, "1380", "*!");
    writing_touch(play->writing, "latin");
    writing_touch(play->writing, "a");
    assert_false(page_of(play).is_keyboard);
    keys(play, "1#");
    expect(play, "a1", "!");
    keys(play, "b1#");
    expect(play, "b1", "#");
    assert_true(page_of(play).is_keyboard);
    writing_wipe(play->writing);
    assert_false(page_of(play).is_keyboard);
    writing_begin(play->writing, LANGUAGE_ZH_CN);
    writing_key(play->writing, "路"); /* of a keyboard that writes Chinese */
    keys(play, "#");
    expect(play, "路", "#");
    play_free(play);
}

/* Letters after a pick, before it is known what the pick leaves. */
static void test_letters_after_a_pick(void **state)
{
    struct play *play = play_new(MOOD_WELL, 0);

    (void)state;
    writing_begin(play->writing, LANGUAGE_ZH_CN);
    keys(play, "baihe3da");
    expect(play, "白", "");
    assert_string_equal(page_of(play).composed, "heda");
    keys(play, "1");
    expect(play, "白河", "");
    play_free(play);
}

static void test_the_glass_has_names(void **state)
{
    struct play *play = play_new(MOOD_WELL, 0);

    (void)state;
    writing_begin(play->writing, LANGUAGE_EN);
    assert_int_equal(page_of(play).method, WRITING_LATIN);
    assert_int_equal(play->starts, 0); /* nobody needs it yet */
    keys(play, "no.5#");
    expect(play, "no.5", "#");
    writing_touch(play->writing, "shift");
    keys(play, "a");
    expect(play, "A", "");
    writing_touch(play->writing, "digits");
    assert_int_equal(page_of(play).state, WRITING_DIGITS);
    writing_touch(play->writing, "caret");
    assert_true(writing_choice(play->writing, "caret.left"));
    expect(play, "", "-1");
    writing_touch(play->writing, "pinyin");
    settle(play);
    assert_int_equal(play->starts, 1);
    assert_int_equal(page_of(play).method, WRITING_PINYIN);
    writing_touch(play->writing, "signs");
    assert_int_equal(page_of(play).state, WRITING_SIGNS);
    assert_true(writing_choice(play->writing, "writing.back"));
    assert_false(writing_choice(play->writing, "footer.back"));
    assert_int_equal(page_of(play).state, WRITING_FREE);
    /* The next field begins as this one was written. */
    writing_begin(play->writing, LANGUAGE_EN);
    assert_int_equal(page_of(play).method, WRITING_PINYIN);
    writing_wipe(play->writing);
    assert_null(play->child);
    writing_begin(play->writing, LANGUAGE_EN);
    assert_int_equal(page_of(play).method, WRITING_LATIN);
    play_free(play);
}

/* ---- A helper that is not well -------------------------------------------- */

/* Once: it is started again, and the person notices nothing but a wait. */
static void test_one_bad_answer(void **state)
{
    (void)state;
    for (int mood = MOOD_SILENT; mood < MOOD_COUNT; mood++) {
        struct play *play = play_new((enum mood)mood, 1);

        writing_begin(play->writing, LANGUAGE_ZH_CN);
        keys(play, "b");
        pass_limit(play);
        assert_false(page_of(play).is_away);
        assert_int_equal(play->starts, 2);
        assert_string_equal(page_of(play).composed, "b");
        assert_int_equal(page_of(play).count, 9);
        keys(play, "1");
        expect(play, "白河", "");
        play_free(play);
    }
}

/* For ever: the page says so, letters are written, the text was never at
 * stake; the next person has a new one. */
static void test_bad_for_ever(void **state)
{
    (void)state;
    for (int mood = MOOD_SILENT; mood < MOOD_COUNT; mood++) {
        struct play *play = play_new((enum mood)mood, -1);

        writing_begin(play->writing, LANGUAGE_ZH_CN);
        keys(play, "b");
        for (int i = 0; i < SCRIBE_STARTS; i++)
            pass_limit(play);
        struct writing_page page = page_of(play);
        assert_true(page.is_away);
        assert_int_equal(page.method, WRITING_LATIN);
        assert_int_equal(page.state, WRITING_FREE);
        assert_string_equal(page.composed, "");
        assert_int_equal(play->starts, SCRIBE_STARTS);
        keys(play, "abc12");
        expect(play, "abc12", "");
        writing_use(play->writing, WRITING_STROKES);
        assert_int_equal(page_of(play).method, WRITING_LATIN);
        writing_wipe(play->writing);
        play->moods_left = 0;
        writing_begin(play->writing, LANGUAGE_ZH_CN);
        keys(play, "b1");
        expect(play, "白河", "");
        play_free(play);
    }
}

/* It dies at each moment at which somebody may be writing. */
static void test_dies_at_each_moment(void **state)
{
    static const char written[] = "12#1#0112#*16#2";

    (void)state;
    for (size_t at = 0; at < sizeof written; at++) {
        struct play *play = with_strokes(MOOD_WELL, 0);

        for (size_t i = 0; i < sizeof written - 1; i++) {
            const char key[] = { written[i], '\0' };
            if (i == at && play->child)
                child_ended(play->child, 137);
            keys(play, key);
        }
        pass(play, 1);
        assert_false(page_of(play).is_away);
        assert_true(play->starts <= 2);
        assert_non_null(strstr(play->text.text, "白河"));
        play_free(play);
    }
}

/* A person who moves the clock by a day waits no less for an answer. */
static void test_a_clock_that_jumps(void **state)
{
    struct play *play = play_new(MOOD_SILENT, 1);

    (void)state;
    writing_begin(play->writing, LANGUAGE_ZH_CN);
    keys(play, "b");
    for (int i = 0; i < SCRIBE_FIRST_SLICES - 1; i++)
        pass(play, 24 * 3600 * 1000);
    assert_int_equal(play->starts, 1);
    pass(play, 24 * 3600 * 1000);
    pass(play, 1);
    assert_int_equal(play->starts, 2);
    keys(play, "*b"); /* it is well, and then it hangs */
    assert_int_equal(page_of(play).count, 9);
    play->moods_left = 1;
    keys(play, "a");
    for (int i = 0; i < SCRIBE_SLICES; i++)
        pass(play, SCRIBE_SLICE_MS + 1);
    pass(play, 1);
    assert_int_equal(play->starts, 3);
    play_free(play);
}

/* It died for the last time while nobody asked it: the key that asks it again
 * finds either the page as it was or the one that says so, and none between. */
static void test_dead_before_it_is_asked(void **state)
{
    struct play *play = play_new(MOOD_WELL, 0);

    (void)state;
    writing_begin(play->writing, LANGUAGE_ZH_CN);
    for (int i = 0; i < SCRIBE_STARTS; i++) {
        keys(play, "b*");
        assert_int_equal(play->starts, i + 1);
        child_ended(play->child, 137);
        pass(play, 1);
    }
    writing_key(play->writing, "b");
    struct writing_page page = page_of(play);
    assert_false(page.is_away);
    assert_string_equal(page.composed, "b");
    pass(play, 1);
    page = page_of(play);
    assert_true(page.is_away);
    assert_int_equal(page.state, WRITING_FREE);
    assert_int_equal(page.method, WRITING_LATIN);
    play_free(play);
}

/* A program that is not there cannot be started. */
static void on_away_line(void *owner, struct child *child, const char *line,
                         size_t len)
{
    (void)owner;
    (void)line;
    (void)len;
    child_ended(child, 127);
}

static void test_missing(void **state)
{
    struct play *play = play_new(MOOD_WELL, 0);

    (void)state;
    pretend.on_line = on_away_line;
    writing_begin(play->writing, LANGUAGE_ZH_CN);
    keys(play, "b");
    pass(play, 1);
    pass(play, 1);
    assert_true(page_of(play).is_away);
    pretend.on_line = on_line;
    play_free(play);
}

/* Any keys in any order: never a page without a way on. */
static void test_any_keys(void **state)
{
    static const char any[] = "0123456789*#\n abz'";
    static const char *const names[] = { "signs",   "digits", "caret", "shift",
                                         "strokes", "pinyin", "latin" };
    struct play *play = play_new(MOOD_WELL, 0);
    unsigned dice = 7;

    (void)state;
    writing_begin(play->writing, LANGUAGE_ZH_CN);
    for (int i = 0; i < 20000; i++) {
        dice = dice * 1103515245u + 12345u;
        unsigned roll = (dice >> 16) % 40;
        if (roll < 7) {
            writing_key(play->writing, names[roll]);
        } else if (roll < 12) {
            char id[16];
            (void)snprintf(id, sizeof id, "offer.%u", roll - 6);
            assert_true(writing_choice(play->writing, id));
        } else {
            const char key[] = { any[(dice >> 20) % (sizeof any - 1)], '\0' };
            writing_key(play->writing, key);
        }
        if (roll % 3 == 0)
            settle(play);
        struct writing_page page = page_of(play);
        assert_true(page.count <= WRITING_OFFERS_MAX);
        assert_true(page.page >= 1 && page.page <= page.pages + 1);
        buf_clear(&play->text);
        buf_clear(&play->signs);
    }
    play_free(play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strokes_with_ten_keys),
        cmocka_unit_test(test_faster_than_the_helper),
        cmocka_unit_test(test_any_stroke_is_asked_twice_at_most),
        cmocka_unit_test(test_what_may_follow),
        cmocka_unit_test(test_signs_digits_letters_caret),
        cmocka_unit_test(test_pinyin_from_a_keyboard),
        cmocka_unit_test(test_digits_with_ten_keys),
        cmocka_unit_test(test_letters_after_a_pick),
        cmocka_unit_test(test_the_glass_has_names),
        cmocka_unit_test(test_one_bad_answer),
        cmocka_unit_test(test_bad_for_ever),
        cmocka_unit_test(test_dies_at_each_moment),
        cmocka_unit_test(test_a_clock_that_jumps),
        cmocka_unit_test(test_dead_before_it_is_asked),
        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_any_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
