#include "kiosk/slip.h"

#include "kiosk/office.h"
#include "kiosk/slip_parts.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/fill.h"
#include "kiosk/flow/arrival.h"
#include "kiosk/flow/receipt.h"
#include "kiosk/flow/slot.h"

#include <stdio.h>
#include <string.h>

enum { BOOKING_BYTES = 512 };

/* One slip being composed, in one language after the other. */
struct slip {
    const struct slip_facts *facts;
    const struct session_case *made;
    const struct item *item;
    struct slip_parts parts;
};

static const char *say(const struct slip *slip, const char *msgid)
{
    return slip_say(&slip->parts, msgid);
}

static void add_text(struct slip *slip, const char *kind, const char *text)
{
    slip_add_text(&slip->parts, kind, text);
}

static void add_fact(struct slip *slip, const char *label, const char *value,
                     bool is_large)
{
    slip_add_fact(&slip->parts, label, value, is_large);
}

static void add_rule(struct slip *slip)
{
    slip_add_rule(&slip->parts);
}

static void add_time(struct slip *slip)
{
    struct clock_fields at = clock_split(slip->made->wall_ms);
    char text[80];

    if (!slip->made->is_hour_only) {
        slip_add_moment(&slip->parts, say(slip, "Sent from here"),
                        slip->made->wall_ms);
        return;
    }
    /* Of an anonymous report only the hour. */
    snprintf(text, sizeof text, "%04d-%02d-%02d %02d:00", at.year, at.month,
             at.day, at.hour);
    add_fact(slip, say(slip, "Sent from here"), text, false);
}

static const struct arrival *arrival(const struct slip *slip)
{
    return arrival_of(slip->item, slip->facts->answers);
}

static void add_state(struct slip *slip)
{
    bool is_delivered = slip->made->state == CASE_DELIVERED;
    const char *state = N_("safe in this machine, not yet delivered");

    if (*slip->made->said) /* a reprint says how far it has come by now */
        state = office_state_words(slip->made->said);
    else if (is_delivered)
        state = arrival(slip)->slip;
    add_fact(slip, say(slip, "State"), say(slip, state), false);
}

/* What an accepted case is booked for; false: for nothing. */
static bool add_booking(struct slip *slip)
{
    const struct item *item = slip->item;
    const struct answers *answers = slip->facts->answers;
    bool is_booked = false;
    struct buf text;

    if (strcmp(slip->made->said, "accepted") != 0)
        return false;
    buf_init(&text, BOOKING_BYTES);
    for (size_t i = 0; i < item->step_count; i++) {
        const struct step *step = &item->steps[i];
        const char *value =
            slot_is(step) ? answers_get(answers, step->answer) : NULL;

        if (!value)
            continue;
        buf_clear(&text);
        slot_text(item, step, value, slip->parts.language, &text);
        add_fact(slip, words_in(&step->label, slip->parts.language), text.text,
                 true);
        is_booked = true;
    }
    buf_done(&text);
    return is_booked;
}

/* A reprint of what the office has begun to deal with: its words, what it is
 * booked for, and what is to be done in that state. */
static void add_said(struct slip *slip)
{
    const char *text = slip->facts->office_text;
    bool has_text = text && *text;

    if (has_text)
        add_fact(slip, say(slip, "The office says"), text, false);
    bool is_booked = add_booking(slip);
    add_fact(
        slip, say(slip, "What comes next"),
        say(slip, office_state_next(slip->made->said, has_text, is_booked)),
        false);
}

/* The office has begun: what was to be done at first is no more. */
static bool has_begun(const struct slip *slip)
{
    const char *said = slip->made->said;
    return *said && strcmp(said, "delivered") != 0;
}

static void add_qr(struct slip *slip)
{
    const char *url = slip->facts->progress_url;
    if (!*url)
        return;
    slip_add_qr(&slip->parts, url,
                slip->facts->is_demo
                    ? say(slip, "Demonstration: a phone cannot open this QR "
                                "code.")
                    : say(slip, "Scan to follow your matter. Details need the "
                                "lookup code."));
}

static void on_told(void *owner, const struct slip_told *told)
{
    struct slip *slip = owner;

    if (has_begun(slip) && !walk_is_contact(told->id))
        return;
    switch (told->kind) {
    case SLIP_TOLD_FACT:
        add_fact(slip, told->label, told->text, false);
        break;
    case SLIP_TOLD_TEXT:
        add_text(slip, "text", told->text);
        break;
    case SLIP_TOLD_TABLE:
        slip_add_table(&slip->parts, told->cells, told->columns, told->rows);
        break;
    case SLIP_TOLD_QR:
        slip_add_qr(&slip->parts, told->text, told->label);
        break;
    case SLIP_TOLD_PROGRESS:
        add_qr(slip);
        break;
    case SLIP_TOLD_RULE:
        add_rule(slip);
        break;
    }
}

static int paper_bit(const char *paper)
{
    return strcmp(paper, "58mm") == 0   ? ITEM_PAPER_58
           : strcmp(paper, "80mm") == 0 ? ITEM_PAPER_80
                                        : ITEM_PAPER_A4;
}

static void add_told(struct slip *slip)
{
    const struct walk_told told = { on_told, slip };

    walk_slip_on(slip->item, slip->facts->answers, slip->parts.language,
                 paper_bit(slip->facts->settings->paper), &told);
}

void slip_terminal(const struct settings *settings, enum language language,
                   struct buf *out)
{
    const struct fill fills[] = {
        { "place", language == LANGUAGE_ZH_CN ? settings->place_zh
                                              : settings->place_en },
        { "number", settings->machine_number },
    };
    fill_text(out, i18n_text(language, N_("{place}, machine {number}")), fills,
              2);
}

/* Of a case that was found nobody here knows its record. */
static void add_journal(struct slip *slip)
{
    char text[64], head[24];

    if (slip->made->head.number == 0)
        return;
    /* Sixteen characters of the journal's head: a deleted record shows. */
    for (int i = 0; i < 8; i++)
        snprintf(head + (size_t)i * 2, 3, "%02X", slip->made->head.hash[i]);
    snprintf(text, sizeof text, "%lld %s", (long long)slip->made->head.number,
             head);
    add_fact(slip, say(slip, "Journal"), text, false);
}

static const char *copy_words(const struct slip *slip)
{
    /* How often a case that was found had been printed nobody knows. */
    if (*slip->made->said)
        return say(slip, "reprint");
    return slip->made->copies <= 1 ? say(slip, "first print")
                                   : say(slip, "reprint, number {count}");
}

static void add_copy(struct slip *slip)
{
    struct buf text;
    char count[16];

    snprintf(count, sizeof count, "%d", slip->made->copies);
    const struct fill fill = { "count", count };
    buf_init(&text, 128);
    fill_text(&text, copy_words(slip), &fill, 1);
    add_fact(slip, say(slip, "Print"), text.text, false);
    buf_done(&text);
}

/* The office's own, which only the office reads. */
static void add_number(struct slip *slip)
{
    const struct fill fill = { "number", slip->made->number };
    struct buf text;

    if (!*slip->made->number)
        return;
    buf_init(&text, 256);
    fill_text(&text, say(slip, "Case number {number}"), &fill, 1);
    add_text(slip, "small", text.text);
    buf_done(&text);
}

static void add_all(struct slip *slip)
{
    char grouped[15];

    add_text(slip, "text", words_in(&slip->item->title, slip->parts.language));
    receipt_group(slip->made->receipt, grouped);
    add_fact(slip, say(slip, "Receipt number"), grouped, true);
    add_fact(slip, say(slip, "Lookup code"), slip->made->lookup_code, true);
    add_state(slip);
    add_rule(slip);
    if (has_begun(slip))
        add_said(slip);
    add_told(slip);
    add_rule(slip);
    add_time(slip);
    slip_add_terminal(&slip->parts, slip->facts->settings);
    add_journal(slip);
    add_copy(slip);
    add_number(slip);
}

/* The code of the progress page stands last, unless the item has it earlier. */
static void add_last_qr(struct slip *slip)
{
    enum language last = slip->parts.language;

    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        slip->parts.language = (enum language)i;
        if (slip->parts.language == LANGUAGE_ZH_CN ||
            slip->parts.language == last)
            add_qr(slip);
    }
    slip->parts.language = last;
}

static const char *meaning(const struct slip *slip)
{
    if (has_begun(slip))
        return say(slip, "This receipt shows how far your application had come "
                         "when it was printed.");
    return say(slip, arrival(slip)->receipt);
}

static const char *title(const struct slip *slip)
{
    return slip->made->state == CASE_DELIVERED
               ? say(slip, "Receipt")
               : say(slip, "Slip of safe-keeping (not yet delivered)");
}

void slip_compose(const struct slip_facts *facts, struct buf *out)
{
    struct slip slip = {
        .facts = facts,
        .made = facts->made,
        .item = facts->item,
        .parts = { LANGUAGE_ZH_CN, json_array() },
    };
    struct slip_head head = { .title = title(&slip),
                              .is_demo = facts->is_demo };
    struct buf footer;

    buf_init(&footer, 1024);
    buf_add_text(&footer, meaning(&slip));
    add_all(&slip);
    if (facts->language != LANGUAGE_ZH_CN) {
        slip.parts.language = facts->language;
        head.subtitle = title(&slip);
        add_rule(&slip);
        add_all(&slip);
        buf_add_format(&footer, " %s", meaning(&slip));
    }
    add_last_qr(&slip);
    head.footer = footer.text;
    slip_finish(&slip.parts, &head, facts->settings->paper, out);
    buf_done(&footer);
}
