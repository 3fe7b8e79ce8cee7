/* How a session ends: by what stands on the page, whatever broke before. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/mem.h"
#include "tests/soak/visit_state.h"
#include "tests/tty/play.h"
#include "tests/tty/world.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum {
    LOOK_MS = 20, /* that the program really has, before time passes */
    ACTS_MOST = 200,
    RECEIPTS_MORE = 1024
};

/* A line is answered before what follows from it is painted. */
void visit_says(struct visit *visit, const char *line)
{
    if (!drive_sim(visit->drive, line))
        fail_msg("the simulators do not take: %s", line);
    assert_true(drive_sim(visit->drive, "clock +0s"));
}

static bool has(const struct visit *visit, const char *id)
{
    return drive_element(visit->drive, id);
}

static bool is_at(const struct visit *visit, const char *screen)
{
    return strcmp(drive_screen(visit->drive), screen) == 0;
}

/* ---- Waiting ---------------------------------------------------------------- */

static json_t *page_seen;

static bool is_painted_anew(struct drive *drive)
{
    return drive_page(drive) != page_seen;
}

/* The disk goes by the real clock while a case is being stored. */
void visit_waits(struct visit *visit)
{
    page_seen = json_incref(drive_page(visit->drive));
    bool has_changed = drive_comes(visit->drive, is_painted_anew, LOOK_MS);
    json_decref(page_seen);
    bool is_storing =
        strcmp(drive_value(visit->drive, "send.progress"), "0/2") == 0;
    if (!has_changed)
        visit_says(visit, is_storing ? "clock +0s" : "clock +1s");
}

static json_int_t number_left;

static bool is_another(struct drive *drive)
{
    return json_integer_value(json_object_get(drive_page(drive), "page")) !=
           number_left;
}

/* While the office is asked the page is about to be another. */
static void await_rest(struct visit *visit)
{
    for (int i = 0; i < ACTS_MOST && play_is_at_work(visit->drive); i++)
        visit_waits(visit);
}

static void press_by(struct visit *visit, enum drive_hand hand, const char *id)
{
    number_left =
        json_integer_value(json_object_get(drive_page(visit->drive), "page"));
    drive_press(visit->drive, hand, id);
    drive_wait_until(visit->drive, is_another, "another page");
}

static void press(struct visit *visit, const char *id)
{
    press_by(visit, visit->citizen.hand, id);
}

void visit_opens_help(struct visit *visit)
{
    press_by(visit, HAND_TOUCH, "footer.help");
    drive_wait_element(visit->drive, "help.title");
}

/* ---- To the end of the matter --------------------------------------------- */

static void keep_receipt(struct visit *visit)
{
    struct visits *visits = visit->visits;
    char receipt[VISIT_RECEIPT], *at = receipt;
    bool is_delivered = has(visit, "state.delivered");

    drive_see(visit->drive, "receipt.number");
    for (const char *from = drive_value(visit->drive, "receipt.number");
         *from && at + 1 < receipt + sizeof receipt; from++)
        if (*from != ' ')
            *at++ = *from;
    *at = '\0';
    if (visits->cases > 0 &&
        strcmp(visits->receipts[visits->cases - 1], receipt) == 0)
        return; /* the same page */
    if (visits->cases == visits->cases_most) {
        size_t had = (size_t)visits->cases_most * sizeof *visits->receipts;
        visits->cases_most += RECEIPTS_MORE;
        visits->receipts =
            mem_resize(visits->receipts, had,
                       (size_t)visits->cases_most * sizeof *visits->receipts);
    }
    memcpy(visits->receipts[visits->cases++], receipt, sizeof receipt);
    if (!is_delivered)
        return; /* the office would not know it yet */
    drive_see(visit->drive, "receipt.code");
    snprintf(visits->lookup, sizeof visits->lookup, "%s",
             drive_value(visit->drive, "receipt.code"));
    memcpy(visits->receipt, receipt, sizeof receipt);
    if (strcmp(visit->citizen.item, "residence-permit") == 0)
        snprintf(visits->sender, sizeof visits->sender, "%s", visits->number);
}

/* A certificate has a number of its own. */
static bool has_receipt(const struct visit *visit)
{
    return strcmp(visit->citizen.item, "si-insured-proof") != 0;
}

static void act_on_result(struct visit *visit)
{
    if (has_receipt(visit))
        keep_receipt(visit);
    else
        visit->visits->certificates++;
    if (!visit->prints && has(visit, "no-paper"))
        press(visit, "no-paper");
    else
        press(visit, "footer.go");
}

static void act_on_printing(struct visit *visit)
{
    pid_t draw = visit->mishap == MISHAP_draw_killed
                     ? world_child(drive_pid(visit->drive), "kiosk-draw")
                     : 0;
    if (draw > 0)
        kill(draw, SIGKILL);
    visit_waits(visit);
    if (has(visit, "leave")) /* a job that fails at once leaves by itself */
        visit_waits(visit);
    if (has(visit, "leave"))
        press(visit, "leave");
}

static void act_on_paper(struct visit *visit)
{
    bool denies = !visit->was_denied && has(visit, "no") &&
                  dice_percent(&visit->visits->dice, 10);

    visit->was_denied = true;
    press(visit, denies ? "no" : has(visit, "yes") ? "yes" : "footer.go");
}

static bool is_rated(struct drive *drive)
{
    return is_another(drive) || drive_element(drive, "rate.why");
}

/* Who was not content is asked why, on the same page. */
static void act_on_rating(struct visit *visit)
{
    char id[16];

    if (has(visit, "rate.why")) {
        press(visit, "other");
        return;
    }
    snprintf(id, sizeof id, "score.%u", dice_below(&visit->visits->dice, 6));
    number_left =
        json_integer_value(json_object_get(drive_page(visit->drive), "page"));
    drive_press(visit->drive, visit->citizen.hand, has(visit, id) ? id : "no");
    drive_wait_until(visit->drive, is_rated, "the rating to be taken");
}

static void act_on_bye(struct visit *visit)
{
    if (visit->ending == ENDING_again && has(visit, "again")) {
        press(visit, "again");
        visit->ending = ENDING_key;
    } else if (dice_percent(&visit->visits->dice, 30)) {
        visit_says(visit, "clock +16s");
    } else {
        press(visit, "footer.go");
    }
}

/* What is not sent yet is asked for once; a page without that key is left
 * standing. */
static void act_to_end(struct visit *visit)
{
    if (has(visit, "end"))
        press(visit, "end");
    else if (has(visit, "footer.end"))
        press_by(visit, HAND_TOUCH, "footer.end");
    else
        visit_says(visit, "clock +121s");
}

/* Whoever lays down another's card is stopped as they should be. */
static void act_on_stop(struct visit *visit)
{
    if (visit->ending != ENDING_other_card)
        visit->visits->stops++;
    act_to_end(visit);
}

static void act_on_progress(struct visit *visit)
{
    if (!has(visit, "case.state"))
        visit_waits(visit);
    else
        press(visit,
              visit->prints && has(visit, "reprint") ? "reprint" : "footer.go");
}

static void act_on_review(struct visit *visit)
{
    press(visit, "footer.go");
}

static void stay(struct visit *visit)
{
    press_by(visit, HAND_KEYS, "idle.warn");
}

static const struct {
    const char *screen;
    void (*act)(struct visit *visit);
} acts[] = {
    { "review", act_on_review },
    { "progress", act_on_progress },
    { "result", act_on_result },
    { "printing", act_on_printing },
    { "paper", act_on_paper },
    { "rating", act_on_rating },
    { "bye", act_on_bye },
    { "stop", act_on_stop },
    { "idle", stay },
};

static void act(struct visit *visit)
{
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        if (is_at(visit, acts[i].screen)) {
            acts[i].act(visit);
            return;
        }
    }
    act_to_end(visit);
}

static void finish(struct visit *visit)
{
    for (int i = 0; !is_at(visit, "attract"); i++) {
        if (i > ACTS_MOST) {
            drive_show(visit->drive, "this session has no end");
            fail_msg("this session has no end");
        }
        act(visit);
    }
}

/* ---- Other ends ------------------------------------------------------------- */

static void walk_away(struct visit *visit)
{
    visit_says(visit, "card lift");
    for (int i = 0; !is_at(visit, "attract"); i++) {
        if (i > ACTS_MOST) {
            drive_show(visit->drive, "an empty place stays as it is");
            fail_msg("an empty place stays as it is");
        }
        visit_says(visit, "clock +121s");
    }
}

static void warn_first(struct visit *visit)
{
    visit_says(visit, "clock +91s");
    if (is_at(visit, "idle"))
        stay(visit);
    walk_away(visit);
}

static void cover(struct visit *visit)
{
    if (!has(visit, "footer.help")) {
        walk_away(visit);
        return;
    }
    visit_opens_help(visit);
    press_by(visit, HAND_TOUCH, "time");
    drive_wait(visit->drive, "cover", NULL);
    visit_says(visit, "clock +301s");
    drive_wait(visit->drive, "attract", NULL);
}

static void erase(struct visit *visit)
{
    if (!has(visit, "footer.help")) {
        walk_away(visit);
        return;
    }
    visit_opens_help(visit);
    press(visit, "held");
    press(visit, "erase");
    drive_wait(visit->drive, "attract", NULL);
}

static void call_help(struct visit *visit)
{
    if (has(visit, "footer.help")) {
        visit_opens_help(visit);
        press(visit, "staff");
        press(visit, "footer.back");
        if (has(visit, "help.title"))
            press(visit, "footer.back");
    }
    finish(visit);
}

/* Only where this person's was read. */
static void lay_other_card(struct visit *visit)
{
    if (is_at(visit, "take back")) {
        visit_says(visit, "card lift");
        visit_says(visit, "card resident number=110101196003070011");
        visit_says(visit, "clock +5s");
        drive_wait(visit->drive, "stop", NULL);
        visit_says(visit, "card lift");
    }
    finish(visit);
}

void visit_ends(struct visit *visit)
{
    await_rest(visit);
    /* Who leaves that page by another way has a receipt, too. */
    if (is_at(visit, "result") && has_receipt(visit))
        keep_receipt(visit);
    switch (visit->ending) {
    case ENDING_idle:
        walk_away(visit);
        return;
    case ENDING_warned:
        warn_first(visit);
        return;
    case ENDING_covered:
        cover(visit);
        return;
    case ENDING_erased:
        erase(visit);
        return;
    case ENDING_other_card:
        lay_other_card(visit);
        return;
    case ENDING_helped:
        call_help(visit);
        return;
    case ENDING_key:
        while (!is_at(visit, "attract"))
            act_to_end(visit);
        return;
    case ENDING_done:
    case ENDING_again:
    case ENDING_large:
    case ENDING_COUNT:
        finish(visit);
        return;
    }
}
