#include "kiosk/hub/checks.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"

enum {
    CHECKS_MAX = 512,
    PER_MACHINE_MAX = 8, /* a machine serves one person at a time */
    PACES_MAX = 512,
    /* A code that is too old is known as such for a while, and no longer. */
    LATE_MS = 15 * 60 * 1000
};

/* How often codes were sent to a number since since_ms. */
struct pace {
    char number[PERSON_NUMBER_BYTES]; /* "": free */
    int count;
    int64_t since_ms, last_ms;
};

struct checks {
    struct check list[CHECKS_MAX]; /* a token of "": free */
    struct pace paces[PACES_MAX];
};

struct checks *checks_new(void)
{
    return mem_new(sizeof(struct checks));
}

void checks_free(struct checks *checks)
{
    mem_free(checks); /* zeroes */
}

static bool is_over(const struct check *check, int64_t now_ms)
{
    int64_t late_ms = check->is_good ? 0 : LATE_MS;

    return check->token[0] == '\0' || now_ms >= check->until_ms + late_ms;
}

/* Wipes what is over, and what the new check takes the place of. */
static void drop_old(struct checks *checks, const char *machine,
                     const char *number)
{
    int64_t now_ms = clock_monotonic_ms();

    for (size_t i = 0; i < CHECKS_MAX; i++) {
        struct check *check = &checks->list[i];
        bool is_same = !check->is_good && strcmp(check->number, number) == 0 &&
                       strcmp(check->machine, machine) == 0;

        if (check->token[0] != '\0' && (is_same || is_over(check, now_ms)))
            mem_wipe(check, sizeof(*check));
    }
}

/* The one that ends first; machine NULL: of all. */
static struct check *find_oldest(struct checks *checks, const char *machine,
                                 int *ret_count)
{
    struct check *oldest = NULL;

    *ret_count = 0;
    for (size_t i = 0; i < CHECKS_MAX; i++) {
        struct check *check = &checks->list[i];

        if (check->token[0] == '\0' ||
            (machine != NULL && strcmp(check->machine, machine) != 0))
            continue;
        (*ret_count)++;
        if (oldest == NULL || check->until_ms < oldest->until_ms)
            oldest = check;
    }
    return oldest;
}

static struct check *find_room(struct checks *checks, const char *machine)
{
    struct check *oldest;
    int count;

    oldest = find_oldest(checks, machine, &count);
    if (count >= PER_MACHINE_MAX)
        return oldest;
    for (size_t i = 0; i < CHECKS_MAX; i++) {
        if (checks->list[i].token[0] == '\0')
            return &checks->list[i];
    }
    return find_oldest(checks, NULL, &count);
}

struct check *checks_add(struct checks *checks, const char *machine,
                         const char *number)
{
    struct check *check;

    drop_old(checks, machine, number);
    check = find_room(checks, machine);
    mem_wipe(check, sizeof(*check));
    token_make(check->token);
    snprintf(check->machine, sizeof(check->machine), "%s", machine);
    snprintf(check->number, sizeof(check->number), "%s", number);
    return check;
}

struct check *checks_find(struct checks *checks, const char *machine,
                          const char *token)
{
    int64_t now_ms = clock_monotonic_ms();

    if (!token_is_ok(token))
        return NULL;
    for (size_t i = 0; i < CHECKS_MAX; i++) {
        struct check *check = &checks->list[i];

        if (!is_over(check, now_ms) &&
            mac_equal(check->token, token, TOKEN_CHARS) &&
            strcmp(check->machine, machine) == 0)
            return check;
    }
    return NULL;
}

const struct check *checks_find_good(struct checks *checks, const char *machine,
                                     const char *token)
{
    const struct check *check = checks_find(checks, machine, token);

    return check != NULL && check->is_good ? check : NULL;
}

/* ---- How often codes are sent ---- */

static const struct pace *find_pace(const struct checks *checks,
                                    const char *number)
{
    for (size_t i = 0; i < PACES_MAX; i++) {
        if (strcmp(checks->paces[i].number, number) == 0)
            return &checks->paces[i];
    }
    return NULL;
}

int64_t checks_wait_ms(const struct checks *checks, const char *number)
{
    const struct pace *pace = find_pace(checks, number);
    int64_t now_ms = clock_monotonic_ms(), until_ms;

    if (pace == NULL || now_ms >= pace->since_ms + CHECK_HOUR_MS)
        return 0;
    until_ms = pace->count >= CHECK_CODES_AN_HOUR
                   ? pace->since_ms + CHECK_HOUR_MS
                   : pace->last_ms + CHECK_AGAIN_MS;
    return until_ms > now_ms ? until_ms - now_ms : 0;
}

static struct pace *pace_room(struct checks *checks, const char *number)
{
    struct pace *oldest = &checks->paces[0];

    for (size_t i = 0; i < PACES_MAX; i++) {
        struct pace *pace = &checks->paces[i];

        if (strcmp(pace->number, number) == 0)
            return pace;
        if (pace->last_ms < oldest->last_ms)
            oldest = pace;
    }
    mem_wipe(oldest, sizeof(*oldest));
    return oldest;
}

void checks_note_sent(struct checks *checks, const char *number)
{
    struct pace *pace = pace_room(checks, number);
    int64_t now_ms = clock_monotonic_ms();

    if (pace->number[0] == '\0' || now_ms >= pace->since_ms + CHECK_HOUR_MS) {
        snprintf(pace->number, sizeof(pace->number), "%s", number);
        pace->count = 0;
        pace->since_ms = now_ms;
    }
    pace->count++;
    pace->last_ms = now_ms;
}

void checks_note_good(struct checks *checks, const char *number)
{
    for (size_t i = 0; i < PACES_MAX; i++) {
        if (strcmp(checks->paces[i].number, number) == 0)
            mem_wipe(&checks->paces[i], sizeof(checks->paces[i]));
    }
}
