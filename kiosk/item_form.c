#include "kiosk/item_form.h"

#include "kiosk/base/child.h"
#include "kiosk/base/file.h"
#include "kiosk/base/fill.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/envelope.h"
#include "kiosk/flow/field.h"

#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TEXT_BYTES = 4 * 1024,
    REQUEST_BYTES = 256 * 1024,
    ANSWER_BYTES = 6 * 1024 * 1024
};

/* To be written on. */
static const char blank[] = "________________________________";

struct form {
    const struct item *item;
    json_t *blocks;
    int questions;
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

/* What is filled from answers stays open: {unit} and the like do not.  Nothing
 * where there are no words. */
static void add_words(struct form *form, const char *kind, const char *before,
                      const struct words *words, struct answers *none)
{
    struct buf zh, en;

    if (!words->in[LANGUAGE_ZH_CN])
        return;

    buf_init(&zh, TEXT_BYTES);
    buf_init(&en, TEXT_BYTES);
    walk_fill(form->item, words, none, LANGUAGE_ZH_CN, &zh);
    walk_fill(form->item, words, none, LANGUAGE_EN, &en);
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

static void add_line(struct form *form, const char *msgid)
{
    char label[256];

    snprintf(label, sizeof label, "%s　%s", i18n_text(LANGUAGE_ZH_CN, msgid),
             i18n_text(LANGUAGE_EN, msgid));
    json_array_append_new(form->blocks,
                          json_pack("{s:s, s:s, s:s}", "kind", "fact", "label",
                                    label, "value", blank));
}

/* On paper nobody looks at a rule. */
static const char *may_be_empty(const struct step *step)
{
    return strcmp(step->required->text, "false") == 0
               ? N_("This may be left empty.")
               : N_("This may be left empty where it does not apply to you.");
}

static void add_question(struct form *form, const struct step *step,
                         struct answers *none)
{
    char number[16];

    add_rule(form);
    snprintf(number, sizeof number, "%d. ", ++form->questions);
    add_words(form, "text", number, &step->ask, none);
    if (step->when)
        add_said(form, "small", "",
                 N_("Leave this out if it does not apply to you."));
    if (step->required)
        add_said(form, "small", "", may_be_empty(step));
    add_words(form, "small", "", &step->hint, none);
}

/* A box for each digit where their number is known, grouped as they are read. */
static void add_blank(struct form *form, const struct step *step)
{
    const struct field_kind *kind = field_kind(step->type);
    const char *groups = kind->groups ? kind->groups : "";
    size_t count = kind->digits, in_group = 0;
    struct buf text;

    if (count == 0) {
        add(form, "text", blank);
        return;
    }
    buf_init(&text, TEXT_BYTES);
    for (size_t i = 0; i < count; i++) {
        if (*groups && in_group == (size_t)(*groups - '0')) {
            buf_add_text(&text, "|  ");
            groups++;
            in_group = 0;
        }
        buf_add_text(&text, "|__");
        in_group++;
    }
    buf_add_text(&text, "|");
    add(form, "text", text.text);
    buf_done(&text);
}

static void add_choice(struct form *form, const struct step *step,
                       struct answers *none)
{
    add_question(form, step, none);
    for (size_t i = 0; i < step->option_count; i++)
        add_words(form, "text", "[  ] ", &step->options[i].text, none);
    if (step->list)
        add(form, "text", blank);
    add_words(form, "text", "[  ] ", &step->way, none);
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

static void add_card(struct form *form)
{
    const struct item *item = form->item;

    add_rule(form);
    for (size_t i = 0; item->card_fields[i]; i++)
        add_line(form, envelope_card_label(item->card_fields[i]));
}

static void add_guide(struct form *form, const struct step *step,
                      struct answers *none)
{
    for (size_t i = 0; i < step->line_count; i++) {
        const struct line *line = &step->lines[i];

        if (walk_shows_line(line, none))
            add_words(form, "small", "", &line->text, none);
    }
}

static void add_step(struct form *form, const struct step *step,
                     struct answers *none)
{
    if (strcmp(step->screen, "guide") == 0) {
        add_guide(form, step, none);
    } else if (strcmp(step->screen, "card") == 0) {
        add_card(form);
    } else if (strcmp(step->screen, "choice") == 0) {
        add_choice(form, step, none);
    } else if (strcmp(step->screen, "materials") == 0) {
        add_papers(form, step);
    } else if (strcmp(step->screen, "field") == 0) {
        add_question(form, step, none);
        add_blank(form, step);
        if (step->type == FIELD_TYPE_MONEY)
            add_said(form, "small", "", N_("yuan"));
        add_words(form, "text", "[  ] ", &step->way, none);
    } else if (strcmp(step->screen, "declare") == 0) {
        add_rule(form);
        add_words(form, "text", "", &step->text, none);
    }
}

static int on_piece(const char *bytes, size_t len, void *owner)
{
    buf_add(owner, bytes, len);
    return 0;
}

void item_form_compose(const struct item *item, struct buf *out)
{
    struct answers *none = answers_new();
    struct form form = { .item = item, .blocks = json_array() };

    add_said(&form, "text", "",
             N_("Fill this in while the machine does not work, and hand it in "
                "at the counter. Tick what applies."));
    add_words(&form, "text", "", &item->unit, none);
    for (size_t i = 0; i < item->step_count; i++)
        add_step(&form, &item->steps[i], none);
    add_rule(&form);
    add_line(&form, N_("Signature"));
    add_line(&form, N_("Date"));
    json_t *request =
        json_pack("{s:i, s:s, s:[s, s], s:{s:s, s:s, s:s, s:o}}", "draw", 1,
                  "paper", "A4", "languages", "zh_CN", "en", "slip", "title",
                  words_in(&item->title, LANGUAGE_ZH_CN), "subtitle",
                  words_in(&item->title, LANGUAGE_EN), "running", item->id,
                  "blocks", form.blocks);
    int failed = json_dump_callback(request, on_piece, out, JSON_COMPACT);
    (void)failed; /* a request that is cut is refused by its reader */
    json_decref(request);
    answers_free(none);
}

/* ---- Drawn by kiosk-draw -------------------------------------------------- */

struct drawing {
    const char *path;
    bool has_answer, has_ended;
    enum err err;
};

static enum err write_pdf(const char *path, const char *text)
{
    size_t room = strlen(text) / 4 * 3 + 3, len = 0;
    unsigned char *pdf = mem_new(room);
    enum err err = base64_decode(text, strlen(text), pdf, room, &len);

    if (!err)
        err = file_replace(path, pdf, len, 0644);
    mem_free(pdf);
    return err;
}

static void on_drawn(void *owner, const char *line, size_t len)
{
    struct drawing *drawing = owner;
    json_t *answer = json_loadb(line, len, 0, NULL);
    const char *pdf = json_string_value(json_object_get(answer, "pdf"));
    const char *error = json_string_value(json_object_get(answer, "error"));

    drawing->has_answer = true;
    drawing->err = pdf ? write_pdf(drawing->path, pdf) : ERR_CHILD;
    if (!pdf)
        fprintf(stderr, "kiosk: this form cannot be drawn: %s\n",
                error ? error : "no answer");
    json_decref(answer);
}

static void on_end(void *owner, enum err err, int status)
{
    struct drawing *drawing = owner;

    (void)status;
    drawing->has_ended = true;
    if (!drawing->has_answer)
        drawing->err = err ? err : ERR_CHILD;
}

static enum err draw(const char *draw_path, const struct buf *request,
                     const char *path)
{
    static const struct child_profile profile = {
        .name = "kiosk-draw",
        .run_max_ms = 30000,
        .line_max_bytes = ANSWER_BYTES,
    };
    static const struct child_events events = { on_drawn, on_end };
    const char *argv[] = { draw_path, NULL };
    struct drawing drawing = { .path = path };
    struct loop *loop = loop_new();
    struct child *child = NULL;

    enum err err = child_run(loop, &profile, argv, &events, &drawing, &child);
    if (!err) {
        child_send(child, request->text, request->len);
        child_close_input(child);
        while (!drawing.has_ended)
            loop_turn(loop, 1000);
        err = drawing.err;
    }
    child_free(child);
    loop_free(loop);
    return err;
}

int item_form_print(const struct item *item, const char *draw_path,
                    const char *path)
{
    struct buf request;

    buf_init(&request, REQUEST_BYTES);
    item_form_compose(item, &request);
    enum err err = draw(draw_path, &request, path);
    buf_done(&request);
    if (!err)
        return EXIT_SUCCESS;
    fprintf(stderr, "kiosk: %s: it is not written (%s)\n", path, err_name(err));
    return EXIT_FAILURE;
}
