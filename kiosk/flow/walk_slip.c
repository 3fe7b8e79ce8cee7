/* What a slip says of a case beside its numbers and its state. */
#include "kiosk/flow/materials.h"

#include "kiosk/base/err.h"
#include "kiosk/base/fill.h"

#include <string.h>

enum { TEXT_MAX = 4096 };

const struct step *walk_result(const struct item *item)
{
    for (size_t i = 0; i < item->step_count; i++)
        if (strcmp(item->steps[i].screen, "result") == 0)
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

static void tell_line(const struct item *item, const struct answers *answers,
                      enum language language, const struct line *line,
                      const struct walk_slip *slip)
{
    struct buf text;

    if (!walk_shows_line(line, answers))
        return;
    buf_init(&text, TEXT_MAX);
    walk_fill(item, &line->text, answers, language, &text);
    slip->row(slip->owner, line->id, words_in(&line->label, language),
              text.text);
    buf_done(&text);
}

/* Papers that were promised. */
static void tell_papers(const struct item *item, const struct answers *answers,
                        enum language language, const struct walk_slip *slip)
{
    const struct step *page = materials_page(item);
    struct buf text;

    if (!page || !answers_get(answers, page->answer))
        return;
    buf_init(&text, TEXT_MAX);
    walk_text(item, page, answers, language, &text);
    slip->row(slip->owner, "papers", words_in(&page->label, language),
              text.text);
    buf_done(&text);
}

static void tell_contact(const struct item *item, enum language language,
                         const struct walk_slip *slip)
{
    const struct fill fill = { "contact", words_in(&item->contact, language) };
    struct buf text;

    buf_init(&text, TEXT_MAX);
    fill_text(
        &text,
        i18n_text(language, N_("Contact {contact}; please give the receipt "
                               "number.")),
        &fill, 1);
    slip->row(slip->owner, "contact",
              i18n_text(language, N_("To ask, correct or withdraw")),
              text.text);
    buf_done(&text);
}

void walk_slip(const struct item *item, const struct answers *answers,
               enum language language, const struct walk_slip *slip)
{
    const struct step *step = walk_result(item);

    for (size_t i = 0; step && i < step->line_count; i++)
        tell_line(item, answers, language, &step->lines[i], slip);
    tell_papers(item, answers, language, slip);
    tell_contact(item, language, slip);
    slip->row(slip->owner, "complain",
              i18n_text(language, N_("To complain about the service")),
              i18n_text(language, N_("Call 12345")));
}
