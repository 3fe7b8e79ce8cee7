#include "tests/screens/steps.h"

#include "tests/tty/play.h"
#include "tests/tty/world.h"

#include "kiosk/base/mem.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 512 };

static void press(struct drive *drive, const char *id)
{
    json_t *element = drive_element(drive, id);
    bool has_key = !element || json_object_get(element, "key");
    drive_press(drive, has_key ? HAND_KEYS : HAND_TOUCH, id);
}

static const char *written;

static bool is_written(struct drive *drive)
{
    size_t i;
    json_t *element;
    json_array_foreach(json_object_get(drive_page(drive), "elements"), i,
                       element)
    {
        const char *value =
            json_string_value(json_object_get(element, "value"));
        if (json_object_get(element, "typing") && value)
            return strstr(value, written) != NULL;
    }
    return false;
}

static void write_text(struct drive *drive, const char *text)
{
    written = text;
    assert_true(drive_sim(drive, "clock +1s"));
    drive_bytes(drive, text, strlen(text));
    drive_wait_until(drive, is_written, text);
}

static void press_keys(struct drive *drive, const char *keys)
{
    assert_true(drive_sim(drive, "clock +1s"));
    drive_bytes(drive, keys, strlen(keys));
}

static void press_function(struct drive *drive, const char *number)
{
    static const struct {
        const char *number, *bytes;
    } keys[] = { { "2", "\033OQ" },
                 { "3", "\033OR" },
                 { "9", "\033[20~" },
                 { "12", "\033[24~" } };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i].number, number) == 0) {
            drive_bytes(drive, keys[i].bytes, strlen(keys[i].bytes));
            return;
        }
    fail_msg("no walk needs F%s", number);
}

void steps_save(const struct steps *steps, const char *name)
{
    char from[LINE_BYTES];
    size_t len = 0;

    snprintf(from, sizeof from, "tests/screens/preview/%s", name);
    char *text = world_read(from, &len);
    assert_non_null(text);
    world_write(steps->previewed, text, 0600);
    mem_free(text);
}

/* The demonstration's own staff PIN, as its F12 page says; the walk is where it
 * was before. */
static void learn_pin(struct drive *drive, char pin[16])
{
    press_function(drive, "12");
    drive_wait(drive, "help", NULL);
    drive_wait_element(drive, "simulate.pin");
    snprintf(pin, 16, "%s", drive_value(drive, "simulate.pin"));
    press(drive, "footer.back");
    drive_wait_gone(drive, "simulate.pin");
}

static void pass_door(struct drive *drive)
{
    char pin[16];

    learn_pin(drive, pin);
    press_function(drive, "9");
    drive_wait(drive, "door", NULL);
    drive_type(drive, HAND_KEYBOARD, pin);
    drive_wait(drive, "service", NULL);
}

/* On the page that asks for a PIN, laid over a citizen's. */
static void pass_staff(struct drive *drive)
{
    char pin[16];

    drive_wait_element(drive, "pin");
    learn_pin(drive, pin);
    drive_wait_element(drive, "pin");
    drive_type(drive, HAND_KEYBOARD, pin);
}

static void type_code(struct drive *drive)
{
    char code[8];

    play_read_code(drive, code);
    drive_type(drive, HAND_KEYBOARD, code);
}

static void wait_page(struct drive *drive, char *words)
{
    char *step = strrchr(words, '/');
    if (step)
        *step++ = '\0';
    drive_wait(drive, words, step);
}

static const char *awaited;

static bool is_chosen(struct drive *drive)
{
    return json_is_true(
        json_object_get(drive_element(drive, awaited), "chosen"));
}

static bool is_unwritten(struct drive *drive)
{
    return !*drive_value(drive, awaited);
}

/* By the other way of a page for writing; where the window has no room for its
 * key, an empty field leads there. */
static void go_round(struct drive *drive, const char *field)
{
    if (drive_element(drive, "way")) {
        drive_press(drive, HAND_TOUCH, "way");
        return;
    }
    assert_true(drive_sim(drive, "clock +1s"));
    for (const char *at = drive_value(drive, field); *at; at++)
        if (((unsigned char)*at & 0xc0) != 0x80)
            drive_bytes(drive, "\x7f", 1);
    awaited = field;
    drive_wait_until(drive, is_unwritten, "an empty field");
    press(drive, "footer.go");
    drive_wait(drive, "ways", NULL);
    press(drive, "way");
}

static void do_step(const struct steps *steps, char *line)
{
    struct drive *drive = steps->drive;
    char *rest = strchr(line, ' ');
    assert_non_null(rest);
    *rest++ = '\0';
    if (strcmp(line, "wait") == 0)
        wait_page(drive, rest);
    else if (strcmp(line, "press") == 0)
        press(drive, rest);
    else if (strcmp(line, "touch") == 0)
        drive_press(drive, HAND_TOUCH, rest);
    else if (strcmp(line, "round") == 0)
        go_round(drive, rest);
    else if (strcmp(line, "type") == 0)
        drive_type(drive, HAND_KEYBOARD, rest);
    else if (strcmp(line, "write") == 0)
        write_text(drive, rest);
    else if (strcmp(line, "keys") == 0)
        press_keys(drive, rest);
    else if (strcmp(line, "enter") == 0)
        drive_bytes(drive, "\r", 1);
    else if (strcmp(line, "code") == 0)
        type_code(drive);
    else if (strcmp(line, "function") == 0)
        press_function(drive, rest);
    else if (strcmp(line, "save") == 0)
        steps_save(steps, rest);
    else if (strcmp(line, "pass") == 0)
        (strcmp(rest, "staff") == 0 ? pass_staff : pass_door)(drive);
    else if (strcmp(line, "see") == 0)
        drive_wait_element(drive, rest);
    else if (strcmp(line, "gone") == 0)
        drive_wait_gone(drive, rest);
    else if (strcmp(line, "chosen") == 0) {
        awaited = rest;
        drive_wait_until(drive, is_chosen, rest);
    } else if (strcmp(line, "sim") == 0)
        assert_true(drive_sim(drive, rest));
    else if (strcmp(line, "golden") == 0)
        steps->on_golden(steps->owner, drive, rest);
    else
        fail_msg("no such step: %s", line);
}

void steps_play(const struct steps *steps, const char *path)
{
    char line[LINE_BYTES];
    FILE *file = fopen(path, "r");

    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (*line && *line != '#')
            do_step(steps, line);
    }
    fclose(file);
}

void steps_each(const char *folder,
                void (*on_path)(void *owner, const char *path), void *owner)
{
    struct dirent **entries;
    char path[512];

    int count = scandir(folder, &entries, NULL, alphasort);
    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        size_t len = strlen(name);
        if (len > 6 && strcmp(name + len - 6, ".steps") == 0) {
            snprintf(path, sizeof path, "%s/%s", folder, name);
            on_path(owner, path);
        }
        free(entries[i]);
    }
    free(entries);
}
