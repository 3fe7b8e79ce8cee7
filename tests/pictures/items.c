#include "tests/pictures/items.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/flow/item.h"
#include "kiosk/flow/payment.h"
#include "tests/left/citizen.h"
#include "tests/tty/person.h"
#include "tests/tty/play.h"
#include "tests/tty/previewed.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <string.h>

enum { NAME_BYTES = 160, ENTRIES_LOOKED_AT = 1 };

struct looking {
    struct drive *drive;
    const struct item *item;
    items_page_fn on_page;
    void *owner;
};

static const char *wanted_step;

/* While the office is asked, its answer comes next. */
static bool has_come(struct drive *drive)
{
    return !play_is_at_work(drive) &&
           strcmp(drive_step(drive), wanted_step) == 0;
}

static void show(const struct looking *looking, const char *name)
{
    looking->on_page(looking->owner, looking->drive, name);
}

static void look_at_why(const struct looking *looking, const char *name)
{
    char why[NAME_BYTES + 8];

    drive_press(looking->drive, HAND_TOUCH, "footer.help");
    drive_wait_element(looking->drive, "help.title");
    drive_press(looking->drive, HAND_KEYS, "footer.go");
    drive_wait_element(looking->drive, "why.title");
    snprintf(why, sizeof why, "%s.why", name);
    show(looking, why);
}

static void look_at_stop(const struct looking *looking, const char *step,
                         const char *stop)
{
    char row[NAME_BYTES], name[NAME_BYTES];

    snprintf(row, sizeof row, "%s/%s", step, stop);
    snprintf(name, sizeof name, "%s.%s.%s", looking->item->id, step, stop);
    previewed_jump(looking->drive, row);
    drive_wait(looking->drive, "stop", step);
    show(looking, name);
}

/* What is sent goes on to its result by itself. */
static void look_at_step(const struct looking *looking, size_t at)
{
    const struct step *step = &looking->item->steps[at];
    bool is_sent = strcmp(step->screen, "send") == 0;
    char name[NAME_BYTES];

    if (step->value || step->entry > ENTRIES_LOOKED_AT || is_sent)
        return;
    snprintf(name, sizeof name, "%s.%s", looking->item->id, step->id);
    previewed_jump(looking->drive, step->id);
    wanted_step = step->id;
    drive_wait_until(looking->drive, has_come, name);
    show(looking, name);
    if (step->why.in[0])
        look_at_why(looking, name);
    for (size_t i = 0; i < step->stop_count; i++)
        look_at_stop(looking, step->id, step->stops[i].id);
}

/* "traffic-fine.now"; several pages of one step: "si-insured-proof.proof",
 * "….proof.paper". */
static void name_page(const struct looking *looking, const char *before,
                      char name[NAME_BYTES])
{
    const char *item = looking->item->id, *step = drive_step(looking->drive);
    size_t len = (size_t)snprintf(name, NAME_BYTES, "%s.%s", item, step);

    if (strncmp(name, before, len) == 0 &&
        (before[len] == '\0' || before[len] == '.'))
        snprintf(name, NAME_BYTES, "%s.%s.%s", item, step,
                 drive_screen(looking->drive));
}

static bool is_review(struct drive *drive)
{
    return strcmp(drive_screen(drive), "review") == 0;
}

/* Whoever goes back behind a payment sees that it is paid. */
static void look_back(const struct looking *looking)
{
    char name[NAME_BYTES];

    for (size_t i = 0; i < looking->item->step_count; i++) {
        const struct step *step = &looking->item->steps[i];
        if (!payment_is_step(step))
            continue;
        drive_press(looking->drive, HAND_TOUCH, "footer.back");
        drive_wait_element(looking->drive, "payment.paid");
        snprintf(name, sizeof name, "%s.%s.paid", looking->item->id, step->id);
        show(looking, name);
        drive_press(looking->drive, HAND_TOUCH, "footer.go");
        drive_wait_until(looking->drive, is_review, "the review again");
    }
}

/* What comes of a record or a certificate the office has to say itself: whoever
 * made one up would be refused.  Somebody goes on from there, and is seen to the
 * result. */
static void walk_from(const struct looking *looking, size_t at)
{
    struct citizen citizen = { .drive = looking->drive,
                               .item = looking->item->id,
                               .about = looking->item };
    char name[NAME_BYTES], before[NAME_BYTES] = "";

    wanted_step = looking->item->steps[at].id;
    previewed_jump(looking->drive, wanted_step);
    drive_wait_until(looking->drive, has_come, wanted_step);
    while (strcmp(drive_screen(looking->drive), "result") != 0) {
        citizen_steps(&citizen);
        wanted_step = drive_step(looking->drive);
        name_page(looking, before, name);
        if (!has_come(looking->drive) || strcmp(name, before) == 0)
            continue;
        show(looking, name);
        if (is_review(looking->drive))
            look_back(looking);
        snprintf(before, sizeof before, "%s", name);
    }
}

static bool is_said_by_office(const struct step *step)
{
    return strcmp(step->screen, "record") == 0 ||
           strcmp(step->screen, "certificate") == 0;
}

static void look_at_item(struct glass *glass, const char *settings,
                         const char *file, struct looking *looking)
{
    looking->drive = glass_preview(glass, settings, file);
    person_awaits_hub(looking->drive);
    for (size_t at = 0; at < looking->item->step_count; at++)
        look_at_step(looking, at);
    for (size_t at = 0; at < looking->item->step_count; at++)
        if (is_said_by_office(&looking->item->steps[at]))
            walk_from(looking, at);
    previewed_end(looking->drive);
}

void items_each_page(struct glass *glass, const char *settings,
                     bool (*is_wanted)(const char *id), items_page_fn on_page,
                     void *owner)
{
    struct looking looking = { .on_page = on_page, .owner = owner };
    struct problems problems;
    struct pack *pack = NULL;
    char file[WORLD_PATH];

    problems_init(&problems);
    assert_int_equal(pack_load("screens/items", &problems, &pack), ERR_OK);
    problems_done(&problems);
    for (size_t i = 0; i < pack_count(pack); i++) {
        looking.item = pack_item(pack, i);
        if (!is_wanted(looking.item->id))
            continue;
        snprintf(file, sizeof file, "screens/items/%s.yaml", looking.item->id);
        look_at_item(glass, settings, file, &looking);
    }
    pack_free(pack);
}
