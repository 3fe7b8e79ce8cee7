/* What may come of asking other offices: all of it, one record alone, nothing,
 * or no answer; and where a rule looks at a field of a few words, each of them,
 * and none. */
#include "kiosk/flow/explorer.h"

#include <string.h>

#include "kiosk/flow/shared.h"

static void go_on(struct explorer *explorer, int at, enum err err)
{
    if (err)
        explorer->is_cut = true; /* there is no room for it */
    if (!explorer->is_cut)
        (void)explorer_go_on(explorer, at);
    shared_forget(explorer->answers, &explorer->item->steps[at]);
}

static void try_nothing(struct explorer *explorer, int at, const char *state)
{
    const struct step *step = &explorer->item->steps[at];

    if (!explorer->is_cut)
        go_on(explorer, at,
              shared_take_nothing(explorer->answers, step, state));
}

static void try_records(struct explorer *explorer, int at,
                        const struct shared_record records[SHARED_KINDS])
{
    const struct item *item = explorer->item;

    if (!explorer->is_cut)
        go_on(explorer, at,
              shared_take(explorer->answers, item, &item->steps[at], records));
}

/* A rule may look at the word, or ask whether there is such a field at all. */
static void try_values(struct explorer *explorer, int at,
                       struct shared_record records[SHARED_KINDS], size_t of,
                       size_t field)
{
    const char **value = &records[of].values[field];
    const struct shared_word *word = shared_kinds[of].fields[field].words;
    const char *first = *value;

    for (; word && word->value; word++) {
        *value = word->value;
        if (strcmp(word->value, first) != 0)
            try_records(explorer, at, records);
    }
    *value = NULL;
    try_records(explorer, at, records);
    *value = first;
}

static void try_fields(struct explorer *explorer, int at,
                       struct shared_record records[SHARED_KINDS], size_t of)
{
    const struct shared_kind *kind = &shared_kinds[of];
    char name[SHARED_NAME_BYTES];

    for (size_t i = 0; kind->fields[i].name; i++) {
        shared_name(kind, &kind->fields[i], name);
        if (explored_names(&explorer->rules, name))
            try_values(explorer, at, records, of, i);
    }
}

static void try_alone(struct explorer *explorer, int at,
                      const struct shared_record records[SHARED_KINDS],
                      size_t of)
{
    struct shared_record one[SHARED_KINDS] = { { .day = NULL } };

    one[of] = records[of];
    try_records(explorer, at, one);
}

void explorer_try_shared(struct explorer *explorer, int at)
{
    const struct step *step = &explorer->item->steps[at];
    struct shared_samples samples;
    size_t count = 0;

    try_nothing(explorer, at, SHARED_NONE);
    /* Of a number that was typed no office is asked. */
    if (!shared_may_ask(explorer->answers))
        return;
    if (explorer->pages[at].is_asked)
        try_nothing(explorer, at, SHARED_AWAY);
    shared_sample(step, explorer->answers, &samples);
    try_records(explorer, at, samples.records);
    for (size_t i = 0; i < SHARED_KINDS; i++) {
        count += samples.records[i].day != NULL;
        if (samples.records[i].day)
            try_fields(explorer, at, samples.records, i);
    }
    for (size_t i = 0; count > 1 && i < SHARED_KINDS; i++)
        if (samples.records[i].day)
            try_alone(explorer, at, samples.records, i);
}
