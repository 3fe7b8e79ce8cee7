#include "kiosk/flow/materials.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/err.h"
#include "kiosk/base/fill.h"

#include <string.h>

enum { TEXT_MAX = 4096, DATE_LEN = CALENDAR_DATE_BYTES - 1 };

const struct step *materials_page(const struct item *item)
{
    for (size_t i = 0; i < item->step_count; i++)
        if (strcmp(item->steps[i].screen, "materials") == 0)
            return &item->steps[i];
    return NULL;
}

const struct step *materials_answered(const struct item *item,
                                      const struct answers *answers,
                                      const char *value, size_t n)
{
    for (size_t i = 0; i < item->step_count; i++) {
        const struct step *step = &item->steps[i];
        const char *answer =
            step->material ? answers_get(answers, step->answer) : NULL;

        if (answer && strcmp(answer, value) == 0 && n-- == 0)
            return step;
    }
    return NULL;
}

void materials_due(const struct step *page, const struct answers *answers,
                   char date[CALENDAR_DATE_BYTES], bool *ret_is_sure)
{
    int64_t day = calendar_last_day(page->holidays, answers_today(answers),
                                    &page->within, ret_is_sure);

    calendar_date(day, date);
}

void materials_promise(const struct item *item, const struct step *page,
                       const struct answers *answers, struct buf *out)
{
    char date[CALENDAR_DATE_BYTES];
    const struct step *step;
    bool is_sure;

    materials_due(page, answers, date, &is_sure);
    buf_add_text(out, date);
    for (size_t i = 0;
         (step = materials_answered(item, answers, MATERIAL_FOLLOWS, i)); i++)
        buf_add_format(out, " %s", step->answer);
}

/* ---- For people ---------------------------------------------------------- */

/* Every day of that year is set. */
static bool is_sure(const struct step *page, const char *date)
{
    for (size_t i = 0; page->holidays && i < page->holidays->count; i++)
        if (strncmp(page->holidays->rows[i].value, date, 4) == 0)
            return true;
    return false;
}

void materials_day(const struct step *page, const char *date,
                   enum language language, struct buf *out)
{
    if (strlen(date) < DATE_LEN)
        return;
    if (language == LANGUAGE_ZH_CN)
        buf_add_format(out, "%.4s年%.2s月%.2s日", date, date + 5, date + 8);
    else
        buf_add_format(out, "%.10s", date);
    if (!is_sure(page, date))
        buf_add_text(out, i18n_text(language, N_(" (later if public holidays "
                                                 "fall into it)")));
}

static const struct words *label_of(const struct item *item, const char *name,
                                    size_t len)
{
    for (size_t i = 0; i < item->step_count; i++) {
        const struct step *step = &item->steps[i];

        if (step->material && strlen(step->answer) == len &&
            memcmp(step->answer, name, len) == 0)
            return &step->label;
    }
    return NULL;
}

static void add_labels(const struct item *item, const char *names,
                       enum language language, struct buf *out)
{
    const char *between = "";

    for (const char *at = names; *at;) {
        at += strspn(at, " ");
        size_t len = strcspn(at, " ");
        const struct words *label = label_of(item, at, len);

        if (label) {
            buf_add_text(out, between);
            buf_add_text(out, words_in(label, language));
            between = language == LANGUAGE_ZH_CN ? "、" : ", ";
        }
        at += len;
    }
}

void materials_text(const struct item *item, const struct step *page,
                    const char *promise, enum language language,
                    struct buf *out)
{
    struct buf day, papers;

    buf_init(&day, TEXT_MAX);
    buf_init(&papers, TEXT_MAX);
    materials_day(page, promise, language, &day);
    add_labels(item, promise + strcspn(promise, " "), language, &papers);
    const struct fill fills[] = { { "date", day.text },
                                  { "papers", papers.text },
                                  { "unit", words_in(&item->unit, language) } };
    fill_text(
        out,
        i18n_text(language, N_("{papers}, to {unit} by {date} at the latest")),
        fills, sizeof fills / sizeof *fills);
    buf_done(&papers);
    buf_done(&day);
}
