#include "tests/tty/chinese.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

enum { PAGES_MOST = 10, TEXT_BYTES = 512 };

static const struct writing {
    const char *character, *strokes, *pinyin;
} writings[] = {
    { "白", "32511", "bai" },
    { "河", "44112512", "he" },
    { "大", "134", "da" },
    { "道", "431325111454", "dao" },
    { "夜", "41323544", "ye" },
    { "里", "2511211", "li" },
    { "声", "1215213", "sheng" },
    { "很", "332511534", "hen" },
    { "车", "1512", "che" },
    { "站", "4143121251", "zhan" },
    { "噪", "2512512512511234", "zao" },
};

static const struct writing *writing_of(const char *at)
{
    for (size_t i = 0; i < sizeof writings / sizeof writings[0]; i++)
        if (strncmp(writings[i].character, at, 3) == 0)
            return &writings[i];
    fail_msg("chinese.c does not know how to write %s", at);
    return NULL;
}

/* ---- What stands there --------------------------------------------------- */

static json_t *field(struct drive *drive)
{
    json_t *element;
    size_t i;

    json_array_foreach(json_object_get(drive_page(drive), "elements"), i,
                       element)
    {
        const char *kind = json_string_value(json_object_get(element, "kind"));
        if (strcmp(kind, "field") == 0)
            return element;
    }
    return NULL;
}

static const char *text_of(json_t *element, const char *name)
{
    const char *text = json_string_value(json_object_get(element, name));
    return text ? text : "";
}

const char *chinese_value(struct drive *drive)
{
    return text_of(field(drive), "value");
}

const char *chinese_typing(struct drive *drive)
{
    return text_of(field(drive), "typing");
}

static char wanted[TEXT_BYTES];

static bool is_written(struct drive *drive)
{
    return strcmp(chinese_value(drive), wanted) == 0;
}

bool chinese_is_offered(struct drive *drive)
{
    return !*chinese_typing(drive) && drive_element(drive, "offer.1") != NULL;
}

static const char *composed;

static bool is_composed(struct drive *drive)
{
    return strcmp(drive_value(drive, "composed"), composed) == 0;
}

static json_t *offer_of(struct drive *drive, const char *word)
{
    json_t *element;
    size_t i;

    json_array_foreach(
        json_object_get(drive_page(drive), "elements"), i,
        element) if (strcmp(text_of(element, "kind"), "candidates") == 0 &&
                     strcmp(text_of(element, "text"), word) ==
                         0) return element;
    return NULL;
}

static char first_left[64];

static bool is_other_page(struct drive *drive)
{
    const char *first = drive_text(drive, "offer.1");
    return chinese_is_offered(drive) && strcmp(first, first_left) != 0;
}

/* Picks the word, on whatever page of offers it stands. */
static void pick(struct drive *drive, enum drive_hand hand, const char *word)
{
    drive_wait_until(drive, chinese_is_offered, "what is offered");
    for (int i = 0; !offer_of(drive, word); i++) {
        assert_true(i < PAGES_MOST);
        (void)snprintf(first_left, sizeof first_left, "%s",
                       drive_text(drive, "offer.1"));
        drive_press(drive, hand, "footer.go");
        drive_wait_until(drive, is_other_page, "the next offers");
    }
    (void)snprintf(wanted, sizeof wanted, "%s%s", chinese_value(drive), word);
    char id[32];
    (void)snprintf(id, sizeof id, "%s", text_of(offer_of(drive, word), "id"));
    drive_press(drive, hand, id);
    drive_wait_until(drive, is_written, wanted);
}

static void touch_each(struct drive *drive, const char *keys)
{
    for (; *keys; keys++) {
        char id[32];
        (void)snprintf(id, sizeof id, "keys.%c", *keys);
        drive_press(drive, HAND_TOUCH, id);
    }
}

/* After the 250 ms of a new page. */
static void press_keys(struct drive *drive, const char *keys)
{
    assert_true(drive_sim(drive, "clock +1s"));
    drive_bytes(drive, keys, strlen(keys));
}

static bool writes_text(struct drive *drive)
{
    return strcmp(chinese_typing(drive), "text") == 0;
}

static bool writes_strokes(struct drive *drive)
{
    return strcmp(chinese_typing(drive), "strokes") == 0;
}

/* ---- Writing --------------------------------------------------------------- */

static const char *shapes_of(const char *strokes)
{
    static const char *const shapes[] = { "一", "丨", "丿", "丶", "乛" };
    static char all[128];
    size_t len = 0;

    for (; *strokes; strokes++, len += 3)
        memcpy(all + len, shapes[*strokes - '1'], 4);
    return all;
}

void chinese_by_strokes(struct drive *drive, enum drive_hand hand,
                        const char *text)
{
    if (!writes_strokes(drive) && hand == HAND_TOUCH) {
        drive_press(drive, hand, "keys.strokes");
    } else if (!writes_strokes(drive)) {
        drive_press(drive, hand, "footer.go");
        drive_wait(drive, "ways", NULL);
        drive_press(drive, hand, "strokes");
    }
    drive_wait_until(drive, writes_strokes, "strokes");
    for (; *text; text += 3) {
        const struct writing *writing = writing_of(text);
        char word[4] = "";

        memcpy(word, text, 3);
        if (hand == HAND_TOUCH)
            touch_each(drive, writing->strokes);
        else
            press_keys(drive, writing->strokes);
        composed = shapes_of(writing->strokes);
        drive_wait_until(drive, is_composed, composed);
        drive_check_painted(drive);
        drive_press(drive, hand, "footer.go");
        drive_wait_until(drive, chinese_is_offered, word);
        drive_check_painted(drive);
        pick(drive, hand, word);
        drive_wait_until(drive, writes_strokes, "strokes again");
    }
}

void chinese_by_pinyin(struct drive *drive, enum drive_hand hand,
                       const char *text)
{
    assert_string_equal(chinese_typing(drive), "text");
    for (; *text; text += 3) {
        const struct writing *writing = writing_of(text);
        char word[4] = "";

        memcpy(word, text, 3);
        if (hand == HAND_TOUCH)
            touch_each(drive, writing->pinyin);
        else
            press_keys(drive, writing->pinyin);
        composed = writing->pinyin;
        drive_wait_until(drive, is_composed, composed);
        drive_wait_until(drive, chinese_is_offered, word);
        drive_check_painted(drive);
        pick(drive, hand, word);
        drive_wait_until(drive, writes_text, "letters again");
    }
}
