#include "tests/tty/previewed.h"

#include "tests/tty/world.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/mem.h"

#include <stdio.h>
#include <string.h>

static char folder[WORLD_PATH], items[WORLD_PATH];

int previewed_make(void **state)
{
    static struct world_said said;

    (void)state;
    world_folder(folder);
    world_join(items, folder, "items");
    const char *const copy[] = { "/bin/cp", "-r", "screens/items", items,
                                 NULL };
    world_run(copy, &said);
    assert_int_equal(said.code, 0);
    return 0;
}

int previewed_remove(void **state)
{
    (void)state;
    world_remove(folder);
    return 0;
}

const char *previewed_path(const char *name)
{
    static char path[WORLD_PATH];

    if (!*name)
        return items;
    world_join(path, items, name);
    return path;
}

struct drive *previewed_start(const char *file, int rows, int cols)
{
    char path[WORLD_PATH];

    world_join(path, items, file);
    const struct drive_options options = { .rows = rows,
                                           .cols = cols,
                                           .preview = path };
    return drive_start(&options);
}

void previewed_end(struct drive *drive)
{
    previewed_press(drive, KEY_F10);
    assert_int_equal(drive_left(drive), 0);
}

void previewed_change(const char *name, const char *from, const char *to,
                      enum previewed_way way)
{
    char path[WORLD_PATH], beside[WORLD_PATH];
    size_t len = 0;

    world_join(path, items, name);
    world_join(beside, items, "beside.new");
    char *text = world_read(path, &len);
    assert_non_null(text);
    char *at = strstr(text, from);
    assert_non_null(at);
    size_t size = len + strlen(to) + 1;
    char *now = mem_new(size);
    snprintf(now, size, "%.*s%s%s", (int)(at - text), text, to,
             at + strlen(from));
    world_write(way == RENAMED ? beside : path, now, 0600);
    if (way == RENAMED)
        assert_int_equal(rename(beside, path), 0);
    mem_free(now);
    mem_free(text);
}

void previewed_press(struct drive *drive, const char *key)
{
    drive_bytes(drive, key, strlen(key));
}

/* The key of the row of that step, if it stands on this turn: "" if not. */
static void find_row(struct drive *drive, const char *step, char key[8])
{
    json_t *element;
    size_t i, len = strlen(step);

    key[0] = '\0';
    json_array_foreach(json_object_get(drive_page(drive), "elements"), i,
                       element)
    {
        const char *text = json_string_value(json_object_get(element, "text"));
        const char *its = json_string_value(json_object_get(element, "key"));

        if (its && text && strncmp(text, step, len) == 0 &&
            (text[len] == '\0' || text[len] == ' '))
            snprintf(key, 8, "%s", its);
    }
}

static const char *wanted;
static char turn_before[64];

static bool has_turned(struct drive *drive)
{
    return strcmp(drive_text(drive, "footer.go"), turn_before) != 0;
}

static void turn_back(struct drive *drive)
{
    snprintf(turn_before, sizeof turn_before, "%s",
             drive_text(drive, "footer.go"));
    assert_true(drive_sim(drive, "clock +1s"));
    previewed_press(drive, "*");
    drive_wait_until(drive, has_turned, "the turn before");
}

/* On the turn on which the list opens, on those behind, else from the first one
 * on. */
static void see_row(struct drive *drive, const char *step, char key[8])
{
    enum { TURNS_MOST = 40 };

    for (int turn = 0; turn < TURNS_MOST; turn++) {
        find_row(drive, step, key);
        if (*key)
            return;
        if (drive_turns(drive, HAND_KEYS))
            continue;
        while (!strstr(drive_text(drive, "footer.go"), " 1/"))
            turn_back(drive);
    }
    fail_msg("%s stands on no turn of the list", step);
}

static bool has_left_list(struct drive *drive)
{
    return !drive_element(drive, "pages.title") ||
           drive_element(drive, "pages.none");
}

void previewed_jump(struct drive *drive, const char *step)
{
    char key[8];

    assert_true(drive_sim(drive, "clock +1s"));
    previewed_press(drive, KEY_F3);
    drive_wait_element(drive, "pages.title");
    see_row(drive, step, key);
    assert_true(drive_sim(drive, "clock +1s"));
    previewed_press(drive, key);
    drive_wait_until(drive, has_left_list, "the page that was chosen");
    if (drive_element(drive, "pages.none"))
        fail_msg("nothing leads to %s", step);
}

static bool has_words(struct drive *drive)
{
    const char *said = drive_text(drive, "header.findings");
    return strstr(said, "error:") && strstr(said, wanted);
}

void previewed_wait_error(struct drive *drive, const char *words)
{
    wanted = words;
    drive_wait_until(drive, has_words, words);
}

static bool has_none(struct drive *drive)
{
    const char *said = drive_text(drive, "header.findings");
    return *said && !strstr(said, "error:");
}

void previewed_wait_none(struct drive *drive)
{
    drive_wait_until(drive, has_none, "no findings");
}
