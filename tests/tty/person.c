#include "tests/tty/person.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"

#include <stdio.h>
#include <string.h>

enum { PATIENCE_MS = 240000, IDLE_S = 30, ERRORS_MAX = 1024 * 1024 };

struct press {
    const char *screen, *step, *id;
};

static void press_all(struct drive *drive, const struct press *presses,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        drive_wait(drive, presses[i].screen, presses[i].step);
        drive_press(drive, HAND_KEYS, presses[i].id);
    }
}

#define PRESS_ALL(drive, presses)                                              \
    press_all(drive, presses, sizeof(presses) / sizeof *(presses))

static void begin(struct drive *drive)
{
    if (strcmp(drive_screen(drive), "home") == 0)
        return;
    drive_wait(drive, "attract", NULL);
    drive_press(drive, HAND_KEYS, "attract.begin");
}

static int times_recorded(struct drive *drive, const char *event)
{
    char *text = NULL;
    size_t len;
    int times = 0;

    assert_int_equal(file_read(drive_errors(drive), ERRORS_MAX, &text, &len),
                     ERR_OK);
    for (const char *at = text; (at = strstr(at, event)); at++)
        times++;
    mem_free(text);
    return times;
}

/* Clock is what is said until then. */
static void await_recorded(struct drive *drive, const char *event, int times,
                           const char *clock)
{
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;

    do {
        assert_true(clock_monotonic_ms() < end_ms);
        assert_true(drive_sim(drive, clock));
    } while (times_recorded(drive, event) < times);
}

void person_awaits_hub(struct drive *drive)
{
    await_recorded(drive, "HUB_UP", 1, "clock +0s");
}

void person_loses_hub(struct drive *drive, const char *clock)
{
    int lost = times_recorded(drive, "HUB_DOWN") + 1;
    int found = times_recorded(drive, "HUB_UP") + 1;

    assert_true(drive_sim(drive, "network down"));
    assert_true(drive_sim(drive, clock));
    await_recorded(drive, "HUB_DOWN", lost, "clock +1s");
    assert_true(drive_sim(drive, "network up"));
    await_recorded(drive, "HUB_UP", found, "clock +1s");
}

void person_to_card(struct drive *drive)
{
    static const struct press presses[] = {
        { "home", NULL, "item.residence-permit" },
        { "guide", "guide", "footer.go" },
        { "choice", "registered", "option.yes" },
    };
    begin(drive);
    PRESS_ALL(drive, presses);
    drive_wait(drive, "card", "card");
}

void person_lay(struct drive *drive, const char *line)
{
    assert_true(drive_sim(drive, line));
    assert_true(drive_sim(drive, "clock +5s"));
}

void person_to_street(struct drive *drive)
{
    static const struct press presses[] = {
        { "take back", "card", "footer.go" },
        { "choice", "county", "option.411303" },
        { "choice", "township", "option.411303005" },
    };
    PRESS_ALL(drive, presses);
    drive_wait(drive, "field", "street");
}

void person_to_review(struct drive *drive)
{
    static const struct press proofs[] = {
        { "choice", "ground", "option.work" },
        { "choice", "home_proof", "option.lease" },
        { "choice", "ground_proof", "option.contract" },
    };
    drive_type(drive, HAND_KEYBOARD, "暗号路 7 号");
    PRESS_ALL(drive, proofs);
    drive_wait(drive, "field", "phone");
    drive_type(drive, HAND_KEYS, PERSON_PHONE);
    drive_wait_element(drive, "confirm.value");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "review", "review");
}

void person_send(struct drive *drive)
{
    static const struct press presses[] = {
        { "review", "review", "footer.go" },
        { "review", "declare", "footer.go" },
    };
    PRESS_ALL(drive, presses);
    drive_wait(drive, "result", "result");
}

void person_apply(struct drive *drive)
{
    person_to_card(drive);
    person_lay(drive, PERSON_CARD);
    person_to_street(drive);
    person_to_review(drive);
    person_send(drive);
}

void person_to_description(struct drive *drive)
{
    static const struct press presses[] = {
        { "home", NULL, "item.hotline-12345" },
        { "guide", "guide", "footer.go" },
        { "choice", "kind", "option.complaint" },
        { "choice", "topic", "option.pollution" },
        { "choice", "county", "way" },
    };
    begin(drive);
    PRESS_ALL(drive, presses);
    drive_wait(drive, "field", "description");
}

static bool has_left_review(struct drive *drive)
{
    return strcmp(drive_screen(drive), "review") != 0;
}

void person_report(struct drive *drive, const char *text)
{
    person_to_description(drive);
    drive_type(drive, HAND_KEYBOARD, text);
    drive_wait(drive, "choice", "contact_by");
    drive_press(drive, HAND_KEYS, "option.anonymous");
    drive_wait(drive, "review", "review");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait_until(drive, has_left_review, "the page after the review");
}

static bool is_done(struct drive *drive)
{
    const char *screen = drive_screen(drive);
    return strcmp(screen, "rating") == 0 || strcmp(screen, "bye") == 0;
}

void person_to_bye(struct drive *drive)
{
    drive_wait_until(drive, is_done, "the rating or the goodbye");
    if (strcmp(drive_screen(drive), "rating") == 0)
        drive_press(drive, HAND_KEYS, "no");
    drive_wait(drive, "bye", NULL);
}

void person_leave(struct drive *drive)
{
    drive_wait(drive, "result", "result");
    drive_press(drive, HAND_KEYS, "no-paper");
    person_to_bye(drive);
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "attract", NULL);
}

void person_sees(struct drive *drive, const char *id)
{
    drive_wait(drive, "result", "result");
    drive_wait_element(drive, id);
}

/* The machine's disk goes by the real clock: one that leaps while a case is
 * being stored would say that the disk does not answer. */
static bool is_storing(struct drive *drive)
{
    return strcmp(drive_value(drive, "send.progress"), "0/2") == 0;
}

void person_comes_to(struct drive *drive, const char *id)
{
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;

    for (int seconds = 0; !drive_element(drive, id); seconds++) {
        bool is_waiting = strcmp(drive_screen(drive), "result") == 0;
        if (clock_monotonic_ms() > end_ms) {
            drive_show(drive, "too late");
            fail_msg("it never came to %s", id);
        }
        assert_true(
            drive_sim(drive, is_storing(drive) ? "clock +0s" : "clock +1s"));
        /* Somebody who waits touches the screen now and then. */
        if (is_waiting && seconds % IDLE_S == IDLE_S - 1) {
            drive_bytes(drive, "\t", 1);
            drive_swallowed(drive);
        }
    }
    drive_check_painted(drive);
}

void person_address(struct drive *drive, char url[64])
{
    drive_see(drive, "qr");
    const char *value = drive_value(drive, "qr");
    assert_in_range(strlen(value), 40, 63);
    snprintf(url, 64, "%s", value);
}
