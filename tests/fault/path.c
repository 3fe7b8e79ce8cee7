#include "tests/fault/path.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

enum { PAGES_MOST = 200 };

static bool is_of(const struct path_act *act, const char *screen,
                  const char *step)
{
    return strcmp(act->screen, screen) == 0 && strcmp(act->step, step) == 0;
}

/* The item is found by whoever goes the way, wherever its tile stands; time
 * passes by itself; nobody needs to see a number in full. */
static bool is_noted(const char *screen, enum citizen_act act, const char *what)
{
    static const char *const before[] = { "attract", "home", "theme" };

    for (size_t i = 0; i < sizeof before / sizeof *before; i++)
        if (strcmp(screen, before[i]) == 0)
            return false;
    return act == CITIZEN_TYPES || strcmp(what, "show") != 0;
}

/* What was done at the step that led to this page is done otherwise. */
static void forget_step(struct path *path)
{
    char step[sizeof path->acts[0].step];

    assert_true(path->count > 0);
    snprintf(step, sizeof step, "%s", path->acts[path->count - 1].step);
    while (path->count > 0 &&
           strcmp(path->acts[path->count - 1].step, step) == 0)
        path->count--;
}

static void on_act(struct citizen *citizen, enum citizen_act act,
                   const char *what)
{
    struct path *path = citizen->owner;
    const char *screen = drive_screen(citizen->drive);
    const char *step = drive_step(citizen->drive);
    struct path_act *last =
        path->count > 0 ? &path->acts[path->count - 1] : NULL;

    if (!is_noted(screen, act, what))
        return;
    if (strcmp(what, "footer.back") == 0 &&
        (strcmp(screen, "stop") == 0 || strcmp(screen, "closing") == 0)) {
        forget_step(path);
        return;
    }
    if (last && last->act == CITIZEN_TYPES && is_of(last, screen, step) &&
        drive_element(citizen->drive, "field.error"))
        path->count--; /* it was refused */
    assert_true(path->count < PATH_ACTS_MAX);
    last = &path->acts[path->count++];
    *last = (struct path_act){ .act = act };
    snprintf(last->screen, sizeof last->screen, "%s", screen);
    snprintf(last->step, sizeof last->step, "%s", step);
    snprintf(last->what, sizeof last->what, "%s", what);
    assert_string_equal(last->what, what);
}

static bool goes(struct citizen *citizen)
{
    bool was_turned_away = false;
    int pages = 0;

    do {
        assert_true(++pages < PAGES_MOST);
        was_turned_away = was_turned_away || citizen_is_turned_away(citizen);
    } while (citizen_steps(citizen));
    drive_wait(citizen->drive, "attract", NULL);
    return !was_turned_away;
}

void path_find(struct drive *drive, const struct item *item,
               struct path *ret_path)
{
    for (size_t who = 0; who < people_coming_count; who++) {
        struct citizen citizen = { .drive = drive,
                                   .item = item->id,
                                   .about = item,
                                   .who = who,
                                   .on_act = on_act,
                                   .owner = ret_path };
        ret_path->count = 0;
        if (goes(&citizen))
            return;
    }
    fail_msg("%s is for nobody who comes", item->id);
}

bool path_next(const struct path *path, const char *screen, const char *step,
               size_t from, size_t *ret_at)
{
    for (size_t i = 0; i < path->count; i++) {
        size_t at = (from + i) % path->count;
        if (is_of(&path->acts[at], screen, step)) {
            *ret_at = at;
            return true;
        }
    }
    return false;
}
