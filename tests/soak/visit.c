#include "tests/soak/visit.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/flow/card.h"
#include "tests/left/citizen.h"
#include "tests/soak/visit_state.h"
#include "tests/tty/letters.h"
#include "tests/tty/world.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROWS = 32,
    ROWS_LARGE = 22,
    PAGES_WALKED = 16,
    PAUSE_MOST_S = 600,
    NIGHT_S = 12 * 3600,
    MENDING_MOST = 200
};

#define F9  "\033[20~"
#define F12 "\033[24~"

static const char *const mishap_words[] = { "",
#define X(name, share, words) words,
                                            MISHAPS(X)
#undef X
};

static const char *const ending_words[] = {
#define X(name, share, words) words,
    ENDINGS(X)
#undef X
};

const char *visits_mishap(enum mishap mishap)
{
    return mishap_words[mishap];
}

const char *visits_ending(enum ending ending)
{
    return ending_words[ending];
}

const char *visits_plan(const struct visits *visits)
{
    return visits->plan;
}

/* ---- Who comes ------------------------------------------------------------ */

static enum mishap draw_mishap(struct dice *dice)
{
    static const unsigned shares[] = { 0,
#define X(name, share, words) share,
                                       MISHAPS(X)
#undef X
    };
    unsigned at = dice_below(dice, 100);

    for (int i = 1; i < MISHAP_COUNT; i++) {
        if (at < shares[i])
            return (enum mishap)i;
        at -= shares[i];
    }
    return MISHAP_NONE;
}

static enum ending draw_ending(struct dice *dice)
{
    static const unsigned shares[] = {
#define X(name, share, words) share,
        ENDINGS(X)
#undef X
    };
    unsigned all = 0;

    for (int i = 0; i < ENDING_COUNT; i++)
        all += shares[i];
    unsigned at = dice_below(dice, all);
    for (int i = 0; i < ENDING_COUNT; i++) {
        if (at < shares[i])
            return (enum ending)i;
        at -= shares[i];
    }
    return ENDING_done;
}

/* Of whom the demonstration's office has a record and a telephone; without an
 * X, which has no key on a page of digits. */
static void make_up_number(struct dice *dice, char number[24])
{
    do {
        snprintf(number, 24, "411303%u%02u%02u%03u",
                 1950 + dice_below(dice, 50), 1 + dice_below(dice, 12),
                 1 + dice_below(dice, 28), 1 + dice_below(dice, 996));
        number[17] = id_number_check_character(number);
        number[18] = '\0';
    } while (number[17] == 'X');
}

static const char *answer(struct citizen *citizen, const char *step)
{
    struct visit *visit = citizen->owner;
    struct visits *visits = visit->visits;

    if (strcmp(step, "how") == 0)
        return visit->asks_by_receipt ? "receipt" : "card";
    if (strcmp(step, "receipt") == 0)
        return visits->receipt;
    if (strcmp(step, "lookup") == 0)
        return visits->lookup;
    return NULL;
}

static unsigned pick(struct citizen *citizen, unsigned below)
{
    struct visit *visit = citizen->owner;
    return dice_below(&visit->visits->dice, below);
}

static void invite(struct visits *visits, struct visit *visit)
{
    static const char *const names[] = { "测试人", "欧阳试", "张三样",
                                         "李四样" };
    struct dice *dice = &visits->dice;
    size_t item = dice_below(dice, (unsigned)pack_count(visits->pack));

    *visit = (struct visit){ .visits = visits,
                             .mishap = draw_mishap(dice),
                             .ending = draw_ending(dice),
                             .is_english = dice_percent(dice, 30),
                             .prints = dice_percent(dice, 15) };
    make_up_number(dice, visits->number);
    bool asks = strcmp(pack_item(visits->pack, item)->id, "case-progress") == 0;
    if (asks && *visits->sender && dice_percent(dice, 60))
        snprintf(visits->number, sizeof visits->number, "%s", visits->sender);
    visit->asks_by_receipt = *visits->receipt && dice_percent(dice, 40);
    snprintf(visits->card, sizeof visits->card,
             "card resident name=%s number=%s valid_to=long-term",
             names[dice_below(dice, 4)], visits->number);
    visit->citizen = (struct citizen){
        .drive = visits->drive,
        .item = pack_item(visits->pack, item)->id,
        .about = pack_item(visits->pack, item),
        .types_number = visit->mishap == MISHAP_NONE && dice_percent(dice, 15),
        .hand = dice_percent(dice, 50) ? HAND_TOUCH : HAND_KEYS,
        .card = visits->card,
        .number = visits->number,
        .takes_way = dice_percent(dice, 85),
        .answer = answer,
        .pick = pick,
        .owner = visit,
    };
    snprintf(visits->plan, sizeof visits->plan, "%s, %s, %s, %s, %s",
             visit->citizen.item, visit->is_english ? "en" : "zh_CN",
             visit->citizen.hand == HAND_TOUCH ? "touch" : "keys",
             ending_words[visit->ending], mishap_words[visit->mishap]);
    visits->of_item[item]++;
    visits->of_ending[visit->ending]++;
}

/* ---- What breaks ---------------------------------------------------------- */

static void kill_child(struct visit *visit, const char *name)
{
    pid_t pid = world_child(drive_pid(visit->drive), name);
    if (pid > 0)
        kill(pid, SIGKILL);
}

/* The page says what is wrong with the reader until it is there again. */
static void unplug_reader(struct visit *visit)
{
    visit_says(visit, "reader unplug");
    visit_says(visit, "clock +2s");
    visit_says(visit, "reader plug");
    visit_says(visit, "clock +5s");
}

static void lay_odd_card(struct visit *visit)
{
    visit_says(visit, dice_percent(&visit->visits->dice, 50) ? "card unknown"
                                                             : "card two");
    visit_says(visit, "clock +5s");
    visit_says(visit, "card lift");
    visit_says(visit, "clock +5s");
}

static void break_writing(struct visit *visit)
{
    if (!citizen_goes(&visit->citizen, ""))
        return;
    kill_child(visit, "kiosk-ime");
    visit_says(visit, "clock +1s");
    visit->citizen.hand = HAND_TOUCH;
    visit->citizen.takes_way = true;
}

static bool writes_first(const struct visit *visit)
{
    const struct item *item =
        pack_find(visit->visits->pack, visit->citizen.item);

    for (size_t i = 0; i < item->step_count; i++)
        if (strcmp(item->steps[i].screen, "field") == 0)
            return item->steps[i].type == FIELD_TYPE_TEXT;
    return false;
}

/* What breaks on the way; the rest does at the end of it, or in printing. */
static void walk_into_mishap(struct visit *visit)
{
    switch (visit->mishap) {
    case MISHAP_reader_unplugged:
    case MISHAP_odd_card:
        if (!citizen_goes(&visit->citizen, "card"))
            return;
        if (strcmp(drive_screen(visit->drive), "card") != 0)
            return; /* its item never asks for one */
        if (visit->mishap == MISHAP_odd_card)
            lay_odd_card(visit);
        else
            unplug_reader(visit);
        break;
    case MISHAP_ime_killed:
        if (writes_first(visit))
            break_writing(visit);
        break;
    case MISHAP_NONE:
    case MISHAP_network_down:
    case MISHAP_hub_killed:
    case MISHAP_paper_out:
    case MISHAP_paper_waited_for:
    case MISHAP_printer_dies:
    case MISHAP_cover_open:
    case MISHAP_draw_killed:
    case MISHAP_COUNT:
        break;
    }
}

static void break_before_end(struct visit *visit)
{
    static const char *const lines[MISHAP_COUNT] = {
        [MISHAP_network_down] = "network down",
        [MISHAP_paper_out] = "paper out",
        [MISHAP_paper_waited_for] = "printer wait 1",
        [MISHAP_printer_dies] = "printer die 1",
        [MISHAP_cover_open] = "cover open",
    };

    if (lines[visit->mishap])
        visit_says(visit, lines[visit->mishap]);
    if (visit->mishap == MISHAP_hub_killed)
        kill_child(visit, "kiosk-hub");
}

static bool is_online(struct drive *drive)
{
    return strcmp(drive_screen(drive), "attract") == 0 &&
           !strstr(drive_text(drive, "header.trouble"), "网络");
}

/* A new hub runs, and the kiosk, which may not have missed the old one, knows
 * that it has to look for it: else the next one's page would change under their
 * finger. */
static void await_hub(struct visit *visit)
{
    visit_says(visit, "network down");
    for (int i = 0; !world_child(drive_pid(visit->drive), "kiosk-hub") ||
                    is_online(visit->drive);
         i++) {
        assert_true(i < MENDING_MOST);
        visit_waits(visit);
    }
}

/* Everything works again before the next one comes; a printer that was to break
 * may have waited for a later one's slip to do so. */
static void mend(struct visit *visit)
{
    static const char *const lines[] = { "card lift", "network up", "paper in",
                                         "cover closed" };

    if (visit->mishap == MISHAP_hub_killed)
        await_hub(visit);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        visit_says(visit, lines[i]);
    if (visit->mishap != MISHAP_NONE)
        visit->visits->of_mishap[visit->mishap]++;
}

/* Up to ten minutes, sometimes a night.  A clock that leaps over an answer of
 * the hub's takes it for silence: it is asked again. */
static void let_time_pass(struct visit *visit)
{
    struct dice *dice = &visit->visits->dice;
    char line[32];
    int64_t pause_s =
        dice_percent(dice, 1) ? NIGHT_S : dice_between(dice, 1, PAUSE_MOST_S);

    snprintf(line, sizeof line, "clock +%ds", (int)pause_s);
    visit_says(visit, line);
    for (int i = 0; !is_online(visit->drive); i++) {
        if (i > MENDING_MOST) {
            drive_show(visit->drive, "it does not mend");
            fail_msg("it does not mend");
        }
        visit_waits(visit);
    }
}

/* ---- One session ---------------------------------------------------------- */

static bool is_in_english(struct drive *drive)
{
    const char *language =
        json_string_value(json_object_get(drive_page(drive), "language"));
    return language && strcmp(language, "en") == 0;
}

static void come_in(struct visit *visit)
{
    drive_wait(visit->drive, "attract", NULL);
    drive_press(visit->drive, visit->citizen.hand, "attract.begin");
    drive_wait(visit->drive, "home", NULL);
    if (visit->is_english) {
        drive_press(visit->drive, HAND_TOUCH, "footer.language");
        drive_wait_until(visit->drive, is_in_english, "the page in English");
    }
    if (visit->ending != ENDING_large)
        return;
    visit_opens_help(visit);
    drive_press(visit->drive, HAND_KEYS, "large");
    letters_wait_rows(visit->drive, ROWS_LARGE);
    drive_wait(visit->drive, "home", NULL);
}

/* Its tile says why not, where it cannot work now. */
static bool can_begin(struct visit *visit)
{
    char id[128];

    snprintf(id, sizeof id, "item.%s", visit->citizen.item);
    drive_see(visit->drive, id); /* perhaps behind its theme */
    if (json_object_get(drive_element(visit->drive, id), "key"))
        return true;
    visit->visits->stops++;
    visit->ending = ENDING_key;
    return false;
}

/* Far enough for its ending. */
static void walk(struct visit *visit)
{
    struct dice *dice = &visit->visits->dice;

    walk_into_mishap(visit);
    switch (visit->ending) {
    case ENDING_key:
    case ENDING_idle:
    case ENDING_warned:
    case ENDING_covered:
    case ENDING_erased:
        visit->citizen.pages_most = 1 + (int)dice_below(dice, PAGES_WALKED);
        (void)citizen_goes(&visit->citizen, "review");
        return;
    case ENDING_other_card:
        (void)citizen_goes(&visit->citizen, "take back");
        return;
    case ENDING_done:
    case ENDING_again:
    case ENDING_helped:
    case ENDING_large:
    case ENDING_COUNT:
        break;
    }
    if (citizen_goes(&visit->citizen, "review"))
        break_before_end(visit);
}

void visits_play(struct visits *visits)
{
    struct visit visit;

    drive_forget(visits->drive);
    invite(visits, &visit);
    visit.drive = visits->drive;
    come_in(&visit);
    if (can_begin(&visit))
        walk(&visit);
    visit_ends(&visit);
    mend(&visit);
    if (visit.ending == ENDING_large)
        letters_wait_rows(visits->drive, ROWS);
    let_time_pass(&visit);
    visits->sessions++;
}

/* ---- The staff's door ----------------------------------------------------- */

static void press_function(struct visits *visits, const char *bytes)
{
    assert_true(drive_sim(visits->drive, "clock +1s"));
    drive_bytes(visits->drive, bytes, strlen(bytes));
}

static void read_pin(struct visits *visits)
{
    press_function(visits, F12);
    drive_wait_element(visits->drive, "simulate.pin");
    snprintf(visits->pin, sizeof visits->pin, "%s",
             drive_value(visits->drive, "simulate.pin"));
    drive_press(visits->drive, HAND_KEYS, "footer.back");
    drive_wait(visits->drive, "attract", NULL);
}

int visits_outbox(struct visits *visits, bool prints)
{
    struct drive *drive = visits->drive;

    if (!*visits->pin)
        read_pin(visits);
    press_function(visits, F9);
    drive_wait(drive, "door", NULL);
    drive_wait_element(drive, "pin");
    drive_type(drive, HAND_KEYS, visits->pin);
    drive_wait(drive, "service", NULL);
    drive_see(drive, "service.outbox");
    int waiting = (int)strtol(drive_value(drive, "service.outbox"), NULL, 10);
    if (prints) {
        drive_press(drive, HAND_KEYS, "test-slip");
        drive_wait_element(drive, "service.slip");
        assert_true(drive_sim(drive, "clock +5s"));
        drive_press(drive, HAND_KEYS, "footer.back");
        drive_wait_gone(drive, "service.slip");
    }
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, "attract", NULL);
    visits->staff++;
    return waiting;
}
