/* What a slip says of a case beside its numbers and its state. */
#include "kiosk/flow/materials.h"
#include "kiosk/flow/walk_slip.h"

#include "kiosk/base/err.h"
#include "kiosk/base/fill.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 4096 };

const struct step *walk_result(const struct item *item)
{
    for (size_t i = 0; i < item->step_count; i++)
        if (item->steps[i].screen &&
            strcmp(item->steps[i].screen, "result") == 0)
            return &item->steps[i];
    return NULL;
}

bool walk_is_contact(const char *row_id)
{
    static const char *const ids[] = { "contact", "complain", "terminal" };

    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (strcmp(ids[i], row_id) == 0)
            return true;
    return false;
}

void walk_tell_fact(const struct slip_telling *telling, const char *id,
                    const char *label, const char *text)
{
    const struct slip_told told = {
        .kind = SLIP_TOLD_FACT, .id = id, .label = label, .text = text
    };

    telling->told->tell(telling->told->owner, &told);
}

void walk_tell_line(const struct slip_telling *telling, const struct line *line)
{
    struct buf text;

    if (!walk_shows_line(line, telling->answers))
        return;
    buf_init(&text, TEXT_MAX);
    walk_fill(telling->item, &line->text, telling->answers, telling->language,
              &text);
    walk_tell_fact(telling, line->id, words_in(&line->label, telling->language),
                   text.text);
    buf_done(&text);
}

/* Papers that were promised. */
static void tell_papers(const struct slip_telling *telling)
{
    const struct step *page = materials_page(telling->item);

    if (page && !walk_slip_names(telling->item, page->answer))
        walk_tell_answer(telling, page, "papers");
}

void walk_tell_answer(const struct slip_telling *telling,
                      const struct step *step, const char *id)
{
    struct buf text;

    if (!step->answer || !answers_get(telling->answers, step->answer))
        return;
    buf_init(&text, TEXT_MAX);
    if (answers_source(telling->answers, step->answer) == SOURCE_LEFT)
        buf_add_text(&text, i18n_text(telling->language, N_("Not given")));
    else
        walk_text_masked(telling->item, step, telling->answers,
                         telling->language, &text);
    walk_tell_fact(telling, id, words_in(&step->label, telling->language),
                   text.text);
    buf_done(&text);
}

static void tell_contact(const struct slip_telling *telling)
{
    enum language language = telling->language;
    const struct fill fill = { "contact",
                               words_in(&telling->item->contact, language) };
    struct buf text;

    buf_init(&text, TEXT_MAX);
    fill_text(
        &text,
        i18n_text(language, N_("Contact {contact}; please give the receipt "
                               "number.")),
        &fill, 1);
    walk_tell_fact(telling, "contact",
                   i18n_text(language, N_("To ask, correct or withdraw")),
                   text.text);
    buf_done(&text);
}

void walk_slip_on(const struct item *item, const struct answers *answers,
                  enum language language, int paper,
                  const struct walk_told *told)
{
    const struct slip_telling telling = { item, answers, language, paper,
                                          told };
    const struct step *step = walk_result(item);

    if (item->slip)
        walk_tell_parts(&telling);
    for (size_t i = 0; !item->slip && step && i < step->line_count; i++)
        walk_tell_line(&telling, &step->lines[i]);
    tell_papers(&telling);
    tell_contact(&telling);
    walk_tell_fact(&telling, "complain",
                   i18n_text(language, N_("To complain about the service")),
                   i18n_text(language, N_("Call 12345")));
}

/* ---- As labels with texts ------------------------------------------------- */

struct rows {
    const struct walk_slip *slip;
    enum language language;
};

/* "份数：1，备注：原件": what stands behind a row's first cell. */
static void add_cells(const struct slip_told *table, size_t row,
                      enum language language, struct buf *out)
{
    const char *const *cells = table->cells + row * table->columns;
    bool is_chinese = language == LANGUAGE_ZH_CN;

    for (size_t i = 1; i < table->columns; i++) {
        if (!*cells[i])
            continue;
        buf_add_format(out, "%s%s%s%s",
                       out->len == 0 ? ""
                       : is_chinese  ? "，"
                                     : ", ",
                       table->cells[i], is_chinese ? "：" : ": ", cells[i]);
    }
}

static void tell_table(const struct rows *rows, const struct slip_told *table)
{
    for (size_t i = 1; i < table->rows; i++) {
        const char *first = table->cells[i * table->columns];
        struct buf text;
        char id[64];

        snprintf(id, sizeof id, "%s.%zu", table->id, i);
        buf_init(&text, TEXT_MAX);
        add_cells(table, i, rows->language, &text);
        if (text.len > 0)
            rows->slip->row(rows->slip->owner, id, first, text.text);
        else /* nothing stands beside it */
            rows->slip->row(rows->slip->owner, id, "", first);
        buf_done(&text);
    }
}

static void on_told(void *owner, const struct slip_told *told)
{
    const struct rows *rows = owner;

    switch (told->kind) {
    case SLIP_TOLD_FACT:
    case SLIP_TOLD_QR:
    case SLIP_TOLD_TEXT:
        rows->slip->row(rows->slip->owner, told->id, told->label, told->text);
        break;
    case SLIP_TOLD_TABLE:
        tell_table(rows, told);
        break;
    case SLIP_TOLD_PROGRESS: /* every screen has it, a phone is there already */
    case SLIP_TOLD_RULE:
        break;
    }
}

void walk_slip(const struct item *item, const struct answers *answers,
               enum language language, const struct walk_slip *slip)
{
    struct rows rows = { slip, language };
    const struct walk_told told = { on_told, &rows };

    walk_slip_on(item, answers, language, ITEM_PAPER_A4, &told);
}
