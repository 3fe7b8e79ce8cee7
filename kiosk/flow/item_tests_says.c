/* What a test expects to be read on a page.  The page's words are those of the
 * item (what the product says around them is the screens'), filled in as on the
 * page itself: the question with its help and its law, also where one asks why;
 * what is offered; the lines that stand there; and the stop at which it ends. */
#include "kiosk/flow/item_tests.h"

#include <string.h>

enum { PAGE_BYTES = 256 * 1024 };

struct page {
    const struct item *item;
    const struct step *step;
    const struct answers *answers;
    enum language language;
    struct buf text; /* what stands there, each text on its own line */
};

static void add(struct page *page, const struct words *words)
{
    if (!words || !words->in[LANGUAGE_ZH_CN])
        return;
    walk_fill(page->item, words, page->answers, page->language, &page->text);
    buf_add_char(&page->text, '\n');
}

static void add_options(struct page *page)
{
    size_t count = walk_option_count(page->step, page->answers);
    const struct words *text, *note;
    const char *value;

    for (size_t i = 0; i < count; i++) {
        walk_option(page->step, page->answers, i, &value, &text, &note);
        add(page, text);
        add(page, note);
    }
}

static void add_lines(struct page *page)
{
    for (size_t i = 0; i < page->step->line_count; i++) {
        const struct line *line = &page->step->lines[i];

        if (!walk_shows_line(line, page->answers))
            continue;
        add(page, &line->label);
        add(page, &line->text);
    }
}

static void add_stop(struct page *page)
{
    const struct stop *stop = walk_stop(page->step, page->answers);

    if (!stop)
        return;
    add(page, &stop->reason);
    add(page, &stop->done);
    for (size_t i = 0; i < stop->way_count; i++)
        add(page, &stop->ways[i]);
}

static void write_page(struct page *page)
{
    const struct step *step = page->step;

    buf_clear(&page->text);
    add(page, &step->section);
    add(page, &step->ask);
    add(page, &step->hint);
    add(page, &step->why);
    add(page, walk_basis(step));
    add(page, &step->label);
    add(page, &step->text);
    add_options(page);
    add(page, &step->way);
    add_lines(page);
    add_stop(page);
}

/* In either language: one that has no other is refused when it is read. */
static bool stands(struct page *page, const char *text)
{
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        page->language = (enum language)i;
        write_page(page);
        if (*text && strstr(page->text.text, text))
            return true;
    }
    return false;
}

static const struct yaml *first_missing(const struct trial *trial,
                                        const struct step *step,
                                        const struct yaml *texts)
{
    struct page page = { .item = trial->item,
                         .step = step,
                         .answers = trial->answers };
    const struct yaml *missing = NULL;

    buf_init(&page.text, PAGE_BYTES);
    for (size_t i = 0; texts && i < texts->count && !missing; i++)
        if (!stands(&page, texts->items[i]->text))
            missing = texts->items[i];
    buf_done(&page.text);
    return missing;
}

void trial_look_at_says(struct trial *trial, const struct step *step)
{
    const struct yaml *says = yaml_get(trial->test, "says");
    const struct yaml *missing =
        first_missing(trial, step, yaml_get(says, step->id));

    if (missing)
        trial_fail(trial, missing,
                   "\"%.60s\" cannot be read on the page \"%s\"", missing->text,
                   step->id);
}

static bool comes(const struct yaml *pages, const char *page)
{
    for (size_t i = 0; i < pages->count; i++)
        if (strcmp(pages->items[i]->text, page) == 0)
            return true;
    return false;
}

void trial_compare_says(struct trial *trial)
{
    const struct yaml *says = yaml_get(trial->test, "says");
    const struct yaml *pages = yaml_get(trial->test, "pages");

    for (size_t i = 0; says && i < says->count; i++)
        if (!comes(pages, says->keys[i]->text))
            trial_fail(trial, says->keys[i],
                       "the page \"%.60s\" does not come here",
                       says->keys[i]->text);
}
