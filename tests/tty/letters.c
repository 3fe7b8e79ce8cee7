#include "tests/tty/letters.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char opening[] = "\x1b]50;";
static const char size_word[] = ":size=";

/* The last request of what was heard; what stands before it is forgotten. */
static int take_request(struct letters *letters)
{
    int points = LETTERS_NONE;
    char *begin, *end;

    while ((begin = strstr(letters->heard, opening)) &&
           (end = strchr(begin, '\a'))) {
        char *size = strstr(begin, size_word);
        if (size && size < end)
            points = (int)strtol(size + strlen(size_word), NULL, 10);
        letters->len = strlen(end + 1);
        memmove(letters->heard, end + 1, letters->len + 1);
    }
    return points;
}

int letters_hear(struct letters *letters, const char *bytes, size_t len)
{
    int points = LETTERS_NONE;

    for (size_t i = 0; i < len; i++) {
        if (letters->len + 1 == sizeof letters->heard) {
            letters->len--;
            memmove(letters->heard, letters->heard + 1, letters->len);
        }
        if (bytes[i] == '\0')
            continue;
        if (bytes[i] == '\a' && !strstr(letters->heard, "\x1b]"))
            letters->bells++;
        letters->heard[letters->len++] = bytes[i];
        letters->heard[letters->len] = '\0';
        if (bytes[i] == '\a') {
            int asked = take_request(letters);
            points = asked ? asked : points;
            letters->len = 0; /* any other sequence ends here, too */
            letters->heard[0] = '\0';
        }
    }
    return points;
}

static int rows_wanted;

static bool has_rows(struct drive *drive)
{
    return json_integer_value(json_object_get(drive_page(drive), "rows")) ==
           rows_wanted;
}

void letters_wait_rows(struct drive *drive, int rows)
{
    rows_wanted = rows;
    drive_wait_until(drive, has_rows, "other letters");
}

static bool was_tried(struct drive *drive)
{
    char words[24];
    snprintf(words, sizeof words, "\"rows\":%d,", rows_wanted / 2);
    return drive_said(drive, 0, words) && has_rows(drive);
}

void letters_wait(struct drive *drive, int rows)
{
    rows_wanted = rows;
    drive_wait_until(drive, was_tried, "the letters that were tried");
    assert_true(drive_sim(drive, "clock +1s"));
}
