/* Goldens: every page as it is painted, in both languages, at three sizes.
 *
 * A .steps file is a walk with places at which the page is kept:
 *
 *   wait SCREEN[/STEP]   the page that must come
 *   press ID             by keys; by touch where it has none
 *   touch ID             by touch
 *   type TEXT            into the field, and end it
 *   write TEXT           into the field, without ending it
 *   enter .              ends the field (Enter)
 *   see ID               an element that must come
 *   sim LINE             a simulator's line
 *   golden NAME          compare with golden/NAME.LANGUAGE.COLSxROWS
 *
 * What differs from run to run (the clock, the numbers of a case, its QR) is
 * replaced before comparing.  KIOSK_GOLDEN=write:NAME writes what is painted
 * (all when NAME is empty): make golden SCREEN=NAME. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/drive.h"

#include <dirent.h>
#include <unistd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 512, GOLDEN_MAX = 200 * 60 * 8, COMES_MS = 10000 };

struct shape {
    int rows, cols;
    const char *language;
};

static const struct shape shapes[] = {
    { 32, 100, "zh_CN" }, { 32, 100, "en" },   { 24, 80, "zh_CN" },
    { 24, 80, "en" },     { 15, 40, "zh_CN" }, { 15, 40, "en" },
};

static char settings_path[64];

/* ---- What differs from run to run --------------------------------------- */

static void replace_all(char *text, const char *what, char by)
{
    size_t len = strlen(what);
    char *at = text;

    while (len > 0 && (at = strstr(at, what))) {
        for (size_t i = 0; i < len; i++)
            if (at[i] != ' ')
                at[i] = by;
        at += len;
    }
}

/* "14:03" becomes "00:00". */
static void replace_times(char *text)
{
    for (size_t i = 2; text[i] && text[i + 1] && text[i + 2]; i++)
        if (text[i] == ':' && strspn(text + i - 2, "0123456789") == 2 &&
            strspn(text + i + 1, "0123456789") >= 2) {
            memset(text + i - 2, '0', 2);
            memset(text + i + 1, '0', 2);
        }
}

static void replace_digits(char *text)
{
    for (; *text; text++)
        if (*text >= '0' && *text <= '9')
            *text = '0';
}

/* The half blocks of a QR say nothing: they become spaces. */
static void replace_blocks(char *text)
{
    static const char block[] = "\u2584";
    char *at = text;
    while ((at = strstr(at, block))) {
        *at = ' ';
        memmove(at + 1, at + 3, strlen(at + 3) + 1);
        at++;
    }
}

static void trim_ends(char *text)
{
    char *out = text, *in = text;
    while (*in) {
        char *end = strchr(in, '\n');
        size_t len = (size_t)(end - in), kept = len;
        while (kept > 0 && in[kept - 1] == ' ')
            kept--;
        memmove(out, in, kept);
        out += kept;
        *out++ = '\n';
        in = end + 1;
    }
    *out = '\0';
}

static void normalise(struct drive *drive, char *text)
{
    replace_all(text, drive_value(drive, "receipt.number"), '0');
    replace_all(text, drive_value(drive, "receipt.code"), '0');
    replace_times(text);
    if (strcmp(drive_screen(drive), "idle") == 0)
        replace_digits(text); /* the seconds left */
    replace_blocks(text);
    trim_ends(text);
}

/* ---- Comparing ----------------------------------------------------------- */

static const char *wanted(void)
{
    const char *value = getenv("KIOSK_GOLDEN");
    return value && strncmp(value, "write:", 6) == 0 ? value + 6 : NULL;
}

static void write_golden(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static char painted[GOLDEN_MAX], golden_text[GOLDEN_MAX];

static void take_painted(struct drive *drive)
{
    snprintf(painted, sizeof painted, "%s", drive_painted(drive));
    normalise(drive, painted);
}

/* The last bytes of a page may still be on their way through the terminal. */
static bool is_golden(struct drive *drive)
{
    take_painted(drive);
    return strcmp(painted, golden_text) == 0;
}

static bool is_still(struct drive *drive)
{
    static char before[GOLDEN_MAX];
    take_painted(drive);
    bool is_same = strcmp(before, painted) == 0;
    snprintf(before, sizeof before, "%s", painted);
    return is_same;
}

static void compare(struct drive *drive, const char *path)
{
    char new_path[320];
    const char *build = getenv("KIOSK_BUILD");
    FILE *file = fopen(path, "r");

    if (!file)
        fail_msg("%s is missing: make golden", path);
    size_t len = fread(golden_text, 1, sizeof golden_text - 1, file);
    golden_text[len] = '\0';
    fclose(file);
    if (drive_comes(drive, is_golden, COMES_MS))
        return;
    snprintf(new_path, sizeof new_path, "%s/%s", build ? build : "build",
             strrchr(path, '/') + 1);
    write_golden(new_path, painted);
    fail_msg("diff %s %s (if it is better now: make golden)", path, new_path);
}

static void golden(struct drive *drive, const struct shape *shape,
                   const char *name)
{
    char path[256];
    const char *screen = wanted();

    drive_check_painted(drive);
    snprintf(path, sizeof path, "tests/screens/golden/%s.%s.%dx%d", name,
             shape->language, shape->cols, shape->rows);
    if (!screen) {
        compare(drive, path);
    } else if (!*screen || strcmp(screen, name) == 0) {
        for (int still = 0; still < 5;)
            still = drive_comes(drive, is_still, 100) ? still + 1 : 0;
        write_golden(path, painted);
    }
}

/* ---- Steps ----------------------------------------------------------------- */

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

static void wait_page(struct drive *drive, char *words)
{
    char *step = strrchr(words, '/');
    if (step)
        *step++ = '\0';
    drive_wait(drive, words, step);
}

static void do_step(struct drive *drive, const struct shape *shape, char *line)
{
    char *rest = strchr(line, ' ');
    assert_non_null(rest);
    *rest++ = '\0';
    if (strcmp(line, "wait") == 0)
        wait_page(drive, rest);
    else if (strcmp(line, "press") == 0)
        press(drive, rest);
    else if (strcmp(line, "touch") == 0)
        drive_press(drive, HAND_TOUCH, rest);
    else if (strcmp(line, "type") == 0)
        drive_type(drive, HAND_KEYBOARD, rest);
    else if (strcmp(line, "write") == 0)
        write_text(drive, rest);
    else if (strcmp(line, "enter") == 0)
        drive_bytes(drive, "\r", 1);
    else if (strcmp(line, "see") == 0)
        drive_wait_element(drive, rest);
    else if (strcmp(line, "sim") == 0)
        assert_true(drive_sim(drive, rest));
    else if (strcmp(line, "golden") == 0)
        golden(drive, shape, rest);
    else
        fail_msg("no such step: %s", line);
}

static void write_settings(const struct shape *shape)
{
    FILE *file = fopen(settings_path, "w");
    assert_non_null(file);
    fprintf(file, "language: %s\n", shape->language);
    assert_int_equal(fclose(file), 0);
}

static void play_steps(const char *path, const struct shape *shape)
{
    char line[LINE_BYTES];
    struct drive_options options = { .rows = shape->rows,
                                     .cols = shape->cols,
                                     .settings = settings_path };
    FILE *file = fopen(path, "r");

    assert_non_null(file);
    write_settings(shape);
    struct drive *drive = drive_start(&options);
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (*line && *line != '#')
            do_step(drive, shape, line);
    }
    fclose(file);
    assert_int_equal(drive_end(drive), 0);
}

static void play_all(void **state)
{
    const struct shape *shape = *state;
    struct dirent **entries;
    char path[512];

    int count = scandir("tests/screens", &entries, NULL, alphasort);
    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        size_t len = strlen(name);
        if (len > 6 && strcmp(name + len - 6, ".steps") == 0) {
            snprintf(path, sizeof path, "tests/screens/%s", name);
            play_steps(path, shape);
        }
        free(entries[i]);
    }
    free(entries);
}

static int set_up(void **state)
{
    (void)state;
    snprintf(settings_path, sizeof settings_path, "/tmp/kiosk-golden-%d.yaml",
             (int)getpid());
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return remove(settings_path);
}

int main(void)
{
    struct CMUnitTest tests[sizeof shapes / sizeof *shapes];
    static char names[sizeof shapes / sizeof *shapes][64];

    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        snprintf(names[i], sizeof names[i], "goldens %s %dx%d",
                 shapes[i].language, shapes[i].cols, shapes[i].rows);
        tests[i] = (struct CMUnitTest){ .name = names[i],
                                        .test_func = play_all,
                                        .initial_state = (void *)&shapes[i] };
    }
    return cmocka_run_group_tests_name("goldens", tests, set_up, tear_down);
}
