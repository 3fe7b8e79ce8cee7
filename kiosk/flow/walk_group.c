/* Entries of groups: which exist, how they read, taking one out. */
#include "kiosk/flow/walk_group.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/fill.h"

enum { NAME_BYTES = 64, TITLE_BYTES = 512, SHOWN_PARTS = 2 };

/* ---- Names --------------------------------------------------------------- */

/* "children_3_name" is entry 3, part "name"; 0: it is none of the group's. */
static size_t entry_of(const char *name, const char *group,
                       const char **ret_part)
{
    size_t len = strlen(group);
    char *end;
    long entry;

    if (strncmp(name, group, len) != 0 || name[len] != '_' ||
        name[len + 1] < '1' || name[len + 1] > '9')
        return 0;
    entry = strtol(name + len + 1, &end, 10);
    if (*end != '_' || entry > ITEM_ENTRIES_MAX)
        return 0;
    *ret_part = end + 1;
    return (size_t)entry;
}

static void name_more(const char *group, size_t entry, char name[NAME_BYTES])
{
    snprintf(name, NAME_BYTES, "%s_%zu_more", group, entry);
}

static const char *more_of(const struct answers *answers, const char *group,
                           size_t entry)
{
    char name[NAME_BYTES];

    name_more(group, entry, name);
    return answers_get(answers, name);
}

static bool is_yes(const char *value)
{
    return value && strcmp(value, GROUP_YES) == 0;
}

static void name_any(const char *group, char name[NAME_BYTES])
{
    snprintf(name, NAME_BYTES, "%s_any", group);
}

static bool is_another(const struct step *step)
{
    return step->group && strcmp(step->screen, "another") == 0;
}

/* ---- Which pages --------------------------------------------------------- */

bool walk_group_is_up(const struct step *step, const struct answers *answers)
{
    char any[NAME_BYTES];

    if (!step->group)
        return true;
    if (step->entry > 1)
        return is_yes(more_of(answers, step->group, (size_t)step->entry - 1));
    if (step->least_entries > 0)
        return true;
    name_any(step->group, any);
    return is_yes(answers_get(answers, any));
}

const struct step *walk_group_gate(const struct item *item,
                                   const struct step *step)
{
    char any[NAME_BYTES];

    if (!step->group)
        return NULL;
    if (step->entry > 1)
        return walk_group_page(item, step->group, (size_t)step->entry - 1);
    name_any(step->group, any);
    for (size_t i = 0; step->least == 0 && i < item->step_count; i++)
        if (item->steps[i].answer && strcmp(item->steps[i].answer, any) == 0)
            return &item->steps[i];
    return NULL;
}

bool walk_group_may_come_up(const struct item *item, size_t at,
                            const struct answers *answers, const bool *before)
{
    const struct step *step = &item->steps[at];
    char any[NAME_BYTES];

    if (walk_group_is_up(step, answers))
        return true;
    if (step->entry > 1)
        return false;
    name_any(step->group, any);
    for (size_t i = 0; i < at && !answers_get(answers, any); i++)
        if (before[i] && item->steps[i].answer &&
            strcmp(item->steps[i].answer, any) == 0)
            return true;
    return false;
}

bool walk_group_is_past(const struct item *item, const struct step *step,
                        const struct answers *answers)
{
    (void)item;
    return is_another(step) && is_yes(answers_get(answers, step->answer)) &&
           more_of(answers, step->group, (size_t)step->entry + 1);
}

bool walk_group_holds(const struct step *step, const struct answers *answers)
{
    const char *value = answers_get(answers, step->answer);

    if (is_yes(value))
        return step->entry < step->most_entries;
    return value && strcmp(value, GROUP_NO) == 0 &&
           step->entry >= step->least_entries;
}

size_t walk_group_count(const struct answers *answers, const char *group)
{
    size_t count = 0;

    for (size_t i = 0; i < answers_count(answers); i++) {
        const char *part;
        size_t entry = entry_of(answers_name(answers, i), group, &part);

        if (entry > count)
            count = entry;
    }
    return count;
}

const struct step *walk_group_page(const struct item *item, const char *group,
                                   size_t entry)
{
    for (size_t i = 0; i < item->step_count; i++)
        if (is_another(&item->steps[i]) &&
            strcmp(item->steps[i].group, group) == 0 &&
            (size_t)item->steps[i].entry == entry)
            return &item->steps[i];
    return NULL;
}

/* ---- How they read ------------------------------------------------------- */

void walk_group_title(const struct step *page, size_t entry,
                      enum language language, struct buf *out)
{
    char number[24];
    const struct fill fill = { "n", number };

    snprintf(number, sizeof number, "%zu", entry);
    fill_text(out, words_in(&page->entry_words, language), &fill, 1);
}

void walk_group_text(const struct item *item, const struct answers *answers,
                     const char *group, size_t entry, enum language language,
                     struct buf *out)
{
    int shown = 0;

    for (size_t i = 0; i < item->step_count && shown < SHOWN_PARTS; i++) {
        const struct step *step = &item->steps[i];

        if (!step->group || strcmp(step->group, group) != 0 ||
            (size_t)step->entry != entry || is_another(step) || !step->answer ||
            !answers_get(answers, step->answer))
            continue;
        if (shown++ > 0)
            buf_add_text(out, "\u3000");
        walk_text(item, step, answers, language, out);
    }
}

void walk_group_answer(const struct step *page, const char *value,
                       enum language language, struct buf *out)
{
    char number[24];
    const struct fill fill = { "count", number };

    if (is_yes(value)) {
        buf_add_text(out, i18n_text(language, N_("one more")));
        return;
    }
    snprintf(number, sizeof number, "%d", page->entry);
    fill_text(out, i18n_text(language, N_("{count} entered, no more")), &fill,
              1);
}

/* ---- Taking one out ------------------------------------------------------ */

static enum err move_answer(struct answers *answers, const char *from,
                            const char *to)
{
    const char *value = answers_get(answers, from);
    enum err err = ERR_OK;

    if (value)
        err = answers_set(answers, to, value, answers_source(answers, from));
    else
        answers_forget(answers, to);
    return err;
}

/* Entry `to` gets the answers of the next one; of its pages only, more is set
 * apart. */
static enum err move_up(const struct item *item, struct answers *answers,
                        const char *group, size_t to)
{
    enum err err = ERR_OK;

    for (size_t i = 0; i < item->step_count && !err; i++) {
        const struct step *step = &item->steps[i];
        char from[NAME_BYTES];
        const char *part;

        if (!step->group || strcmp(step->group, group) != 0 ||
            (size_t)step->entry != to || is_another(step) ||
            !entry_of(step->answer, group, &part))
            continue;
        snprintf(from, sizeof from, "%s_%zu_%s", group, to + 1, part);
        err = move_answer(answers, from, step->answer);
    }
    return err;
}

static void forget_entry(const struct item *item, struct answers *answers,
                         const char *group, size_t entry)
{
    for (size_t i = 0; i < item->step_count; i++) {
        const struct step *step = &item->steps[i];

        if (step->group && strcmp(step->group, group) == 0 &&
            (size_t)step->entry == entry && step->answer)
            answers_forget(answers, step->answer);
    }
}

/* The last that is left now ends the group, or is as far as it was. */
static enum err end_group(struct answers *answers, const char *group,
                          size_t left, bool was_last, const char *more)
{
    char name[NAME_BYTES];

    if (left == 0) {
        name_any(group, name);
        return answers_set(answers, name, GROUP_NO, SOURCE_CITIZEN);
    }
    name_more(group, left, name);
    if (was_last || more)
        return answers_set(answers, name, GROUP_NO, SOURCE_CITIZEN);
    answers_forget(answers, name);
    return ERR_OK;
}

static enum err take_out(const struct item *item, struct answers *answers,
                         const char *group, size_t entry)
{
    size_t count = walk_group_count(answers, group);
    const char *more = more_of(answers, group, count);
    enum err err = ERR_OK;

    for (size_t to = entry; to < count && !err; to++)
        err = move_up(item, answers, group, to);
    if (!err)
        err = end_group(answers, group, count - 1, entry == count, more);
    if (!err)
        forget_entry(item, answers, group, count);
    return err;
}

/* Tried on a copy, which takes their place only when all went well. */
enum err walk_group_remove(const struct item *item, struct answers *answers,
                           const char *group, size_t entry)
{
    struct answers *copy = NULL;
    enum err err = answers_copy(answers, &copy);

    if (!err)
        err = take_out(item, copy, group, entry);
    if (!err) {
        (void)walk_drop(item, copy);
        answers_swap(answers, copy);
    }
    answers_free(copy);
    return err;
}

enum err walk_group_would_drop(const struct item *item,
                               const struct answers *answers, const char *group,
                               size_t entry, struct walk_falls *ret_falls)
{
    struct answers *copy = NULL;
    enum err err = answers_copy(answers, &copy);

    if (!err)
        err = take_out(item, copy, group, entry);
    if (!err)
        err = walk_would_drop(item, copy, NULL, NULL, SOURCE_NONE, ret_falls);
    answers_free(copy);
    return err;
}

/* ---- In rules ------------------------------------------------------------ */

static struct rule_value text_value(const char *text)
{
    return rule_text(text, strlen(text));
}

/* The map of one entry; false: there is no room. */
static bool make_entry(const struct answers *answers, const char *group,
                       size_t entry, struct rule_room *room,
                       struct rule_value *ret_map)
{
    size_t count = 0, room_bytes;
    struct rule_value *pairs;
    const char *part;

    for (size_t i = 0; i < answers_count(answers); i++)
        count += entry_of(answers_name(answers, i), group, &part) == entry;
    room_bytes = (count + 1) * 2 * sizeof *pairs;
    pairs = rule_room_take(room, room_bytes);
    if (!pairs)
        return false;
    count = 0;
    for (size_t i = 0; i < answers_count(answers); i++) {
        const char *name = answers_name(answers, i);

        if (entry_of(name, group, &part) != entry || strcmp(part, "more") == 0)
            continue;
        pairs[2 * count] = text_value(part);
        pairs[2 * count + 1] = text_value(answers_get(answers, name));
        count++;
    }
    *ret_map = rule_map(pairs, count);
    return true;
}

struct rule_value walk_group_value(const struct answers *answers,
                                   const char *group, struct rule_room *room)
{
    size_t count = walk_group_count(answers, group), made = 0;
    struct rule_value *list = rule_room_take(room, (count + 1) * sizeof *list);

    while (list && made < count &&
           make_entry(answers, group, made + 1, room, &list[made]))
        made++;
    return list && made == count ? rule_list(list, count) : rule_null();
}
