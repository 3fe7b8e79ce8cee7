/* Answers: names here, values in secret memory. */
#include "kiosk/flow/walk.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"

enum {
    ANSWER_NAME_BYTES = 40,
    ANSWER_VALUE_MAX = 4096,
    ANSWERS_BYTES_MAX = 256 * 1024,
    ROOM_AT_FIRST = 16
};

/* Entries 0 … count-1 are in use, in the order in which they were first
 * answered; names are unique. */
struct answer {
    char name[ANSWER_NAME_BYTES];
    uint32_t hash; /* of the name: most others differ in it */
    char *value;   /* secret memory */
    enum source source;
};

struct answers {
    struct answer *entries;
    size_t count, room;
    size_t bytes; /* of all values */
    int64_t today;
};

const char *source_name(enum source source)
{
    switch (source) {
    case SOURCE_CARD:
        return "card";
    case SOURCE_CITIZEN:
        return "citizen";
    case SOURCE_LATER:
        return "later";
    case SOURCE_LEFT:
        return "left";
    case SOURCE_COMPUTED:
        return "computed";
    case SOURCE_ANSWER:
        return "answer";
    case SOURCE_SHARED:
        return "shared";
    case SOURCE_NONE:
    case SOURCE_COUNT:
        break;
    }
    return "none";
}

struct answers *answers_new(void)
{
    struct answers *answers = mem_new(sizeof *answers);

    answers_begin(answers, clock_wall_ms());
    return answers;
}

void answers_begin(struct answers *answers, int64_t wall_ms)
{
    answers->today = rule_day(wall_ms);
}

int64_t answers_today(const struct answers *answers)
{
    return answers->today;
}

void answers_free(struct answers *answers)
{
    if (!answers)
        return;
    answers_wipe(answers);
    mem_free(answers->entries);
    mem_free(answers);
}

void answers_swap(struct answers *one, struct answers *other)
{
    struct answers kept = *one;

    *one = *other;
    *other = kept;
}

/* FNV-1a */
static uint32_t hash_of(const char *name)
{
    uint32_t hash = 2166136261u;

    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619u;
    return hash;
}

static struct answer *find(const struct answers *answers, const char *name)
{
    uint32_t hash = hash_of(name);

    for (size_t i = 0; i < answers->count; i++)
        if (answers->entries[i].hash == hash &&
            strcmp(answers->entries[i].name, name) == 0)
            return (struct answer *)&answers->entries[i];
    return NULL;
}

static struct answer *add_entry(struct answers *answers)
{
    size_t room = answers->room ? answers->room * 2 : ROOM_AT_FIRST;

    if (answers->count == answers->room) {
        answers->entries = mem_resize(answers->entries,
                                      answers->room * sizeof *answers->entries,
                                      room * sizeof *answers->entries);
        answers->room = room;
    }
    return &answers->entries[answers->count++];
}

enum err answers_set(struct answers *answers, const char *name,
                     const char *value, enum source source)
{
    struct answer *answer = find(answers, name);
    size_t len = strlen(value), before;
    char *copy;

    before = answer ? strlen(answer->value) : 0;
    if (strlen(name) >= ANSWER_NAME_BYTES || len > ANSWER_VALUE_MAX ||
        answers->bytes - before + len > ANSWERS_BYTES_MAX ||
        (!answer && answers->count == ANSWERS_MOST))
        return ERR_TOO_BIG;
    copy = secret_copy_text(value);
    if (!copy)
        return ERR_TOO_BIG;
    if (!answer) {
        answer = add_entry(answers);
        memcpy(answer->name, name, strlen(name) + 1);
        answer->hash = hash_of(name);
    }
    secret_free(answer->value);
    answer->value = copy;
    answers->bytes += len - before;
    answer->source = source;
    return ERR_OK;
}

const char *answers_get(const struct answers *answers, const char *name)
{
    const struct answer *answer = find(answers, name);

    return answer ? answer->value : NULL;
}

enum source answers_source(const struct answers *answers, const char *name)
{
    const struct answer *answer = find(answers, name);

    return answer ? answer->source : SOURCE_NONE;
}

size_t answers_count(const struct answers *answers)
{
    return answers->count;
}

const char *answers_name(const struct answers *answers, size_t at)
{
    assert(at < answers->count);
    return answers->entries[at].name;
}

static void forget_at(struct answers *answers, size_t at)
{
    answers->bytes -= strlen(answers->entries[at].value);
    secret_free(answers->entries[at].value);
    answers->count--;
    memmove(&answers->entries[at], &answers->entries[at + 1],
            (answers->count - at) * sizeof answers->entries[0]);
    memset(&answers->entries[answers->count], 0, sizeof answers->entries[0]);
}

void answers_forget(struct answers *answers, const char *name)
{
    struct answer *answer = find(answers, name);

    if (answer)
        forget_at(answers, (size_t)(answer - answers->entries));
}

void answers_wipe(struct answers *answers)
{
    while (answers->count > 0)
        forget_at(answers, answers->count - 1);
}

enum err answers_copy(const struct answers *answers, struct answers **ret_copy)
{
    struct answers *copy = mem_new(sizeof *copy);
    enum err err = ERR_OK;

    copy->today = answers->today;
    for (size_t i = 0; !err && i < answers->count; i++)
        err =
            answers_set(copy, answers->entries[i].name,
                        answers->entries[i].value, answers->entries[i].source);
    if (err)
        answers_free(copy);
    else
        *ret_copy = copy;
    return err;
}
