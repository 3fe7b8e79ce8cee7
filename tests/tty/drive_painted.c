#include "tests/tty/drive_state.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"

/* ---- The painted screen ------------------------------------------------ */

static size_t put_utf8(char *at, uint32_t c)
{
    if (c < 0x80) {
        at[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        at[0] = (char)(0xc0 | c >> 6);
        at[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        at[0] = (char)(0xe0 | c >> 12);
        at[1] = (char)(0x80 | (c >> 6 & 0x3f));
        at[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    at[0] = (char)(0xf0 | c >> 18);
    at[1] = (char)(0x80 | (c >> 12 & 0x3f));
    at[2] = (char)(0x80 | (c >> 6 & 0x3f));
    at[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

const char *drive_painted(struct drive *drive)
{
    size_t len = 0;
    for (int row = 0; row < drive->rows; row++) {
        for (int col = 0; col < drive->cols; col++) {
            VTermScreenCell cell;
            VTermPos pos = { row, col };
            if (len + 8 > sizeof drive->painted)
                break;
            if (!vterm_screen_get_cell(drive->screen, pos, &cell))
                continue;
            if (cell.chars[0] == (uint32_t)-1)
                continue; /* the right half of a wide character */
            len += put_utf8(drive->painted + len,
                            cell.chars[0] ? cell.chars[0] : ' ');
        }
        drive->painted[len++] = '\n';
    }
    drive->painted[len] = '\0';
    return drive->painted;
}

static bool stands(struct drive *drive, const void *words)
{
    return strstr(drive_painted(drive), words);
}

static bool is_gone(struct drive *drive, const void *words)
{
    return !stands(drive, words);
}

void drive_wait_painted(struct drive *drive, const char *words)
{
    drive_wait_for(drive, stands, words, words);
}

/* No words of what must not stand there: that may be somebody's data. */
void drive_wait_unpainted(struct drive *drive, const char *words)
{
    drive_wait_for(drive, is_gone, words, "words to leave the screen");
}

/* The first few characters: a wrapped text stands on several lines. */
static void beginning(const char *text, char *out, size_t size)
{
    size_t len = 0;
    for (int count = 0; text[len] && count < 4; count++) {
        len++;
        while (((unsigned char)text[len] & 0xc0) == 0x80)
            len++;
    }
    snprintf(out, size, "%.*s", (int)len, text);
}

struct painted {
    const char *missing;
    char words[32];
};

/* It began on the turn of the page before. */
static bool goes_on(const struct drive *drive, const char *id)
{
    return strcmp(id, drive->turned_at) == 0 &&
           json_integer_value(json_object_get(drive->page, "page")) ==
               drive->turned_page;
}

static bool is_painted(struct drive *drive, const void *what)
{
    struct painted *painted = (struct painted *)what;
    const char *screen = drive_painted(drive);
    size_t i;
    json_t *element;

    painted->missing = NULL;
    json_array_foreach(json_object_get(drive->page, "elements"), i, element)
    {
        const char *text = json_string_value(json_object_get(element, "text"));
        const char *id = json_string_value(json_object_get(element, "id"));
        if (!text || strncmp(id, "header.", 7) == 0 || goes_on(drive, id))
            continue;
        beginning(text, painted->words, sizeof painted->words);
        if (!strstr(screen, painted->words)) {
            painted->missing = id;
            return false;
        }
    }
    return true;
}

void drive_check_painted(struct drive *drive)
{
    struct painted painted = { NULL, "" };
    if (drive->type)
        return;
    drive_wait_for(drive, is_painted, &painted, "every element on the screen");
}

/* ---- When a test fails ------------------------------------------------- */

/* The last of it: what a sanitizer found, what was recorded. */
void drive_show_errors(const struct drive *drive)
{
    char *text = NULL;
    size_t len;

    if (file_read(drive->errors, REPORT_MAX, &text, &len))
        return;
    const char *line = len > ERRORS_SHOWN ? text + len - ERRORS_SHOWN : text;
    while (*line) {
        int width = (int)strcspn(line, "\n");
        print_message("! %.*s\n", width < 900 ? width : 900, line);
        line += width + (line[width] == '\n');
    }
    mem_free(text);
}

/* cmocka cuts what it prints in one piece at 1,024 bytes. */
void drive_show(struct drive *drive, const char *why)
{
    size_t i;
    json_t *element;

    print_message("%s; the last page was %s %s\n", why, drive_screen(drive),
                  drive_step(drive));
    json_array_foreach(json_object_get(drive->page, "elements"), i, element)
    {
        char text[960];
        size_t len = json_dumpb(element, text, sizeof text, JSON_COMPACT);
        if (len > sizeof text)
            len = sizeof text;
        print_message("  %.*s\n", (int)len, text);
    }
    const char *line = drive_painted(drive);
    while (*line) {
        int len = (int)strcspn(line, "\n");
        print_message("|%.*s|\n", len, line);
        line += len + 1;
    }
    drive_show_errors(drive);
}
