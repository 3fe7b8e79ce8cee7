#include "kiosk/item_form.h"

#include "kiosk/base/fill.h"
#include "kiosk/base/mem.h"
#include "kiosk/draw_file.h"
#include "kiosk/flow/choices.h"
#include "kiosk/flow/envelope.h"
#include "kiosk/flow/field.h"
#include "kiosk/flow/person.h"
#include "kiosk/flow/payment.h"
#include "kiosk/flow/record.h"
#include "kiosk/flow/walk_group.h"

#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FORM_ENTRIES = 4, /* of a group, at most; more are no form any more */
    TEXT_BYTES = 4 * 1024,
    REQUEST_BYTES = 256 * 1024,
    ANSWER_BYTES = 6 * 1024 * 1024
};

/* To be written on. */
static const char blank[] = "________________________________";
/* Within a sentence. */
static const char gap[] = "______";

struct form {
    const struct item *item;
    const struct answers *none;
    const struct answers *open; /* a line to write on in place of each */
    json_t *blocks;
    int questions;
    int entry; /* of a group, whose pages come now; 0: none */
};

/* ---- What stands on it --------------------------------------------------- */

static void add(struct form *form, const char *kind, const char *text)
{
    if (*text)
        json_array_append_new(
            form->blocks, json_pack("{s:s, s:s}", "kind", kind, "text", text));
}

/* Both languages in one line, once where they are the same. */
static void add_both(struct form *form, const char *kind, const char *before,
                     const char *zh, const char *en)
{
    struct buf text;

    buf_init(&text, TEXT_BYTES);
    buf_add_format(&text, "%s%s", before, zh);
    if (*en && strcmp(zh, en) != 0)
        buf_add_format(&text, "　%s", en);
    add(form, kind, text.text);
    buf_done(&text);
}

/* What is filled from answers stays open, a line to think one's own of: {unit}
 * and the like do not.  Nothing where there are no words. */
static void add_words(struct form *form, const char *kind, const char *before,
                      const struct words *words)
{
    struct buf zh, en;

    if (!words->in[LANGUAGE_ZH_CN])
        return;

    buf_init(&zh, TEXT_BYTES);
    buf_init(&en, TEXT_BYTES);
    walk_fill(form->item, words, form->open, LANGUAGE_ZH_CN, &zh);
    walk_fill(form->item, words, form->open, LANGUAGE_EN, &en);
    add_both(form, kind, before, zh.text, en.text);
    buf_done(&zh);
    buf_done(&en);
}

static void add_said(struct form *form, const char *kind, const char *before,
                     const char *msgid)
{
    add_both(form, kind, before, i18n_text(LANGUAGE_ZH_CN, msgid),
             i18n_text(LANGUAGE_EN, msgid));
}

static void add_rule(struct form *form)
{
    json_array_append_new(form->blocks, json_pack("{s:s}", "kind", "rule"));
}

static void add_blank_line(struct form *form, const char *label)
{
    json_array_append_new(form->blocks,
                          json_pack("{s:s, s:s, s:s}", "kind", "fact", "label",
                                    label, "value", blank));
}

static void add_line(struct form *form, const char *msgid)
{
    char label[256];

    snprintf(label, sizeof label, "%s　%s", i18n_text(LANGUAGE_ZH_CN, msgid),
             i18n_text(LANGUAGE_EN, msgid));
    add_blank_line(form, label);
}

/* On paper nobody looks at a rule. */
static const char *may_be_empty(const struct step *step)
{
    return strcmp(step->required->text, "false") == 0
               ? N_("This may be left empty.")
               : N_("This may be left empty where it does not apply to you.");
}

static void add_question(struct form *form, const struct step *step)
{
    char number[16];

    add_rule(form);
    snprintf(number, sizeof number, "%d. ", ++form->questions);
    add_words(form, "text", number, &step->ask);
    if (step->when)
        add_said(form, "small", "",
                 N_("Leave this out if it does not apply to you."));
    if (step->required)
        add_said(form, "small", "", may_be_empty(step));
    add_words(form, "small", "", &step->hint);
}

/* What stands behind each group of boxes of a day or a month. */
static const char *unit_of(const struct step *step, size_t group)
{
    static const char *const units[] = { " 年  ", " 月  ", " 日" };

    if (step->type == FIELD_TYPE_DATE || step->type == FIELD_TYPE_MONTH)
        return units[group < 2 ? group : 2];
    return "  ";
}

/* A box for each digit where their number is known, grouped as they are read. */
static void add_blank(struct form *form, const struct step *step)
{
    const struct field_kind *kind = field_kind(step->type);
    const char *groups = kind->groups ? kind->groups : "";
    size_t count = kind->digits, in_group = 0, group = 0;
    struct buf text;

    if (count == 0) {
        add(form, "text", blank);
        return;
    }
    buf_init(&text, TEXT_BYTES);
    for (size_t i = 0; i < count; i++) {
        buf_add_text(&text, "|__");
        in_group++;
        if (!groups[group] || in_group < (size_t)(groups[group] - '0'))
            continue;
        buf_add_text(&text, "|");
        buf_add_text(&text, unit_of(step, group++));
        in_group = 0;
    }
    if (in_group > 0)
        buf_add_text(&text, "|");
    while (text.len > 0 && text.text[text.len - 1] == ' ')
        text.text[--text.len] = '\0';
    add(form, "text", text.text);
    buf_done(&text);
}

static void add_options(struct form *form, const struct step *step)
{
    for (size_t i = 0; i < step->option_count; i++)
        add_words(form, "text", "[  ] ", &step->options[i].text);
    if (step->list)
        add(form, "text", blank);
    add_words(form, "text", "[  ] ", &step->way);
}

static void add_choice(struct form *form, const struct step *step)
{
    add_question(form, step);
    add_options(form, step);
}

/* How many are to be ticked, where that is not one or more. */
static void add_limits(struct form *form, const struct step *step)
{
    struct buf texts[LANGUAGE_COUNT];

    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        buf_init(&texts[i], TEXT_BYTES);
        choices_limits(step, (enum language)i, &texts[i]);
    }
    add_both(form, "small", "", texts[LANGUAGE_ZH_CN].text,
             texts[LANGUAGE_EN].text);
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        buf_done(&texts[i]);
}

static void add_choices(struct form *form, const struct step *step)
{
    add_question(form, step);
    add_said(form, "small", "", N_("Tick all that apply."));
    add_limits(form, step);
    add_options(form, step);
}

/* By when what is not there yet is to follow. */
static void add_papers(struct form *form, const struct step *step)
{
    struct buf texts[LANGUAGE_COUNT];

    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        enum language language = (enum language)i;
        struct buf time;

        buf_init(&time, TEXT_BYTES);
        buf_init(&texts[i], TEXT_BYTES);
        item_time_text(&step->within, language, &time);
        const struct fill fill = { "time", time.text };
        fill_text(&texts[i],
                  i18n_text(language, N_("Papers that may follow are to be "
                                         "brought within {time}.")),
                  &fill, 1);
        buf_done(&time);
    }
    add_both(form, "small", "", texts[LANGUAGE_ZH_CN].text,
             texts[LANGUAGE_EN].text);
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        buf_done(&texts[i]);
}

static void add_card(struct form *form, const struct step *step)
{
    const char *const *fields = person_fields(form->item, step);
    struct buf label;

    add_rule(form);
    if (person_is_other(step) && step->when)
        add_said(form, "small", "",
                 N_("Leave this out if it does not apply to you."));
    for (size_t i = 0; fields[i]; i++) {
        buf_init(&label, TEXT_BYTES);
        envelope_person_label(step, fields[i], LANGUAGE_ZH_CN, &label);
        buf_add_text(&label, "　");
        envelope_person_label(step, fields[i], LANGUAGE_EN, &label);
        add_blank_line(form, label.text);
        buf_done(&label);
    }
}

static void add_guide(struct form *form, const struct step *step)
{
    for (size_t i = 0; i < step->line_count; i++) {
        const struct line *line = &step->lines[i];

        if (walk_shows_line(line, form->none))
            add_words(form, "small", "", &line->text);
    }
}

/* Above the first page of each entry of a group, what it is called; behind the
 * last that is printed, where the others go. */
static void add_entry(struct form *form, const struct step *step)
{
    const struct step *page =
        step->group
            ? walk_group_page(form->item, step->group, (size_t)step->entry)
            : NULL;
    struct buf titles[LANGUAGE_COUNT];

    if (page == step && step->entry == FORM_ENTRIES &&
        step->most_entries > step->entry)
        add_said(form, "small", "",
                 N_("Further ones on a sheet of their own."));
    if (!page || page == step || form->entry == step->entry)
        return;
    form->entry = step->entry;
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        buf_init(&titles[i], TEXT_BYTES);
        walk_group_title(page, (size_t)step->entry, (enum language)i,
                         &titles[i]);
    }
    add_rule(form);
    add_both(form, "text", "", titles[LANGUAGE_ZH_CN].text,
             titles[LANGUAGE_EN].text);
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        buf_done(&titles[i]);
}

/* Who comes here has nothing to hand in. */
static void add_closing(struct form *form, const struct step *step)
{
    add_rule(form);
    add_words(form, "text", "", &step->ask);
    add_words(form, "small", "", &step->hint);
    add_guide(form, step);
    if (step->when)
        add_said(form, "small", "",
                 N_("If this applies to you, nothing need be handed in; if "
                    "not, please go on below."));
}

/* Without the machine it is paid where the form is handed in. */
static void add_payment(struct form *form, const struct step *step)
{
    struct buf texts[LANGUAGE_COUNT];

    add_question(form, step);
    add_words(form, "small", "", &step->what);
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        const struct fill fill = { "unit", words_in(&form->item->unit,
                                                    (enum language)i) };

        buf_init(&texts[i], TEXT_BYTES);
        fill_text(&texts[i],
                  i18n_text((enum language)i, N_("Pay it at {unit}.")), &fill,
                  1);
    }
    add_both(form, "text", "", texts[LANGUAGE_ZH_CN].text,
             texts[LANGUAGE_EN].text);
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        buf_done(&texts[i]);
}

static void add_step(struct form *form, const struct step *step)
{
    if (step->section.in[LANGUAGE_ZH_CN]) {
        add_rule(form);
        add_words(form, "text", "", &step->section);
    }
    add_entry(form, step);
    if (!step->group)
        form->entry = 0;
    if (walk_is_closing(step)) {
        add_closing(form, step);
    } else if (strcmp(step->screen, "guide") == 0) {
        add_guide(form, step);
    } else if (strcmp(step->screen, "card") == 0) {
        add_card(form, step);
    } else if (strcmp(step->screen, "choice") == 0) {
        add_choice(form, step);
    } else if (strcmp(step->screen, "choices") == 0) {
        add_choices(form, step);
    } else if (payment_is_step(step)) {
        add_payment(form, step);
    } else if (record_is_step(step)) {
        add_question(form, step);
        add(form, "text", blank);
    } else if (strcmp(step->screen, "materials") == 0) {
        add_papers(form, step);
    } else if (strcmp(step->screen, "field") == 0) {
        add_question(form, step);
        add_blank(form, step);
        if (step->type == FIELD_TYPE_MONEY)
            add_said(form, "small", "", N_("yuan"));
        add_words(form, "text", "[  ] ", &step->way);
    } else if (strcmp(step->screen, "slot") == 0) {
        add_question(form, step);
        add_line(form, N_("Day and time you wish"));
    } else if (strcmp(step->screen, "declare") == 0) {
        add_rule(form);
        add_words(form, "text", "", &step->text);
    }
}

static int on_piece(const char *bytes, size_t len, void *owner)
{
    buf_add(owner, bytes, len);
    return 0;
}

static void leave_open(struct answers *open, const struct step *step)
{
    enum err err = step->answer
                       ? answers_set(open, step->answer, gap, SOURCE_CITIZEN)
                       : ERR_OK;
    (void)err; /* then nothing stands there */
}

void item_form_compose(const struct item *item, struct buf *out)
{
    struct answers *none = answers_new(), *open = answers_new();
    struct item fewer = item_with_entries(item, FORM_ENTRIES);
    struct form form = {
        .item = &fewer, .none = none, .open = open, .blocks = json_array()
    };

    for (size_t i = 0; i < fewer.step_count; i++)
        leave_open(open, &fewer.steps[i]);

    add_said(&form, "text", "",
             N_("Fill this in while the machine does not work, and hand it in "
                "at the counter. Tick what applies."));
    add_words(&form, "text", "", &item->unit);
    for (size_t i = 0; i < fewer.step_count; i++)
        add_step(&form, &fewer.steps[i]);
    add_rule(&form);
    /* Of a card the name is asked above; without one there is no other place
     * for it. */
    if (!item->card_fields[0])
        add_line(&form, N_("Name"));
    add_line(&form, N_("Signature"));
    add_line(&form, N_("Date"));
    json_t *request =
        json_pack("{s:i, s:s, s:[s, s], s:{s:s, s:s, s:s, s:b, s:o}}", "draw",
                  1, "paper", "A4", "languages", "zh_CN", "en", "slip", "title",
                  words_in(&item->title, LANGUAGE_ZH_CN), "subtitle",
                  words_in(&item->title, LANGUAGE_EN), "running", item->id,
                  "form", 1, "blocks", form.blocks);
    int failed = json_dump_callback(request, on_piece, out, JSON_COMPACT);
    (void)failed; /* out says that it is cut */
    json_decref(request);
    mem_free(fewer.steps);
    answers_free(open);
    answers_free(none);
}

int item_form_print(const struct item *item, const char *draw_path,
                    const char *path)
{
    struct buf request;

    buf_init(&request, REQUEST_BYTES);
    item_form_compose(item, &request);
    int code = EXIT_FAILURE;
    if (request.is_cut)
        (void)fprintf(stderr,
                      "kiosk: the form has more than %d KiB of words: its "
                      "lists are too long for a paper\n",
                      REQUEST_BYTES / 1024);
    else
        code = draw_file(draw_path, &request, path);
    buf_done(&request);
    return code;
}
