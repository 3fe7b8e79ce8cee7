#include "kiosk/hub/people.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/crypto/crypto.h"

enum {
    PATH_BYTES = 4096,
    ID_CHARS = 18,
    SEQUENCE_AT = 14,
    ALL_MONTHS = (1 << 12) - 1
};

struct people {
    struct key *key; /* NULL: nobody is known */
};

enum err people_open(const char *state, bool is_demo,
                     struct people **ret_people)
{
    struct people *people = mem_new(sizeof(*people));
    char path[PATH_BYTES];
    enum err err = ERR_OK;

    if (is_demo) {
        snprintf(path, sizeof(path), "%s/people.key", state);
        err = key_open(path, KEY_MAC, true, &people->key);
    }
    if (err) {
        mem_free(people);
        return err;
    }
    *ret_people = people;
    return ERR_OK;
}

void people_close(struct people *people)
{
    if (people == NULL)
        return;
    if (people->key != NULL)
        key_close(people->key);
    mem_free(people);
}

/* What a record is made of: as good as dice, and the same each time. */
struct dice {
    unsigned char bytes[CRYPTO_DIGEST_BYTES];
    size_t at;
};

static unsigned roll(struct dice *dice, unsigned below)
{
    return dice->bytes[dice->at++ % sizeof(dice->bytes)] % below;
}

static void make_name(struct dice *dice, struct person *person)
{
    static const char *const family[] = { "王", "李", "张", "刘", "陈", "杨",
                                          "赵", "黄", "周", "吴", "徐", "孙" };
    static const char *const given[] = { "建国", "秀英", "志强", "桂兰",
                                         "海霞", "文博", "玉梅", "俊杰",
                                         "小燕", "国庆", "雪",   "军" };

    snprintf(person->name, sizeof(person->name), "%s%s",
             family[roll(dice, sizeof(family) / sizeof(family[0]))],
             given[roll(dice, sizeof(given) / sizeof(given[0]))]);
}

static void make_phone(struct dice *dice, struct person *person)
{
    person->phone[0] = '1';
    person->phone[1] = (char)('3' + roll(dice, 7));
    for (int i = 2; i < 11; i++)
        person->phone[i] = (char)('0' + roll(dice, 10));
    person->phone[11] = '\0';
}

/* A third have both schemes, a third each one of them. */
static void make_schemes(struct dice *dice, struct person *person)
{
    unsigned which = roll(dice, 3);

    person->has[SCHEME_EMPLOYEE] = which != 1;
    person->has[SCHEME_RESIDENT] = which != 2;
}

/* The months of a year that are over; all of one that is. */
static unsigned months_until(int year, const struct clock_fields *now)
{
    if (year < now->year)
        return ALL_MONTHS;
    return (1u << (now->month - 1)) - 1;
}

/* Two to six years up to the last one with a month that is over.  Of employees
 * some months are missing; others pay once for a whole year. */
static void make_years(struct dice *dice, struct person *person,
                       int64_t wall_ms)
{
    struct clock_fields now = clock_split(wall_ms);
    int last = now.month > 1 ? now.year : now.year - 1;
    unsigned begins = roll(dice, 6), gap = roll(dice, 24);

    person->year_count = 2 + (int)roll(dice, PERSON_YEARS_MAX - 1);
    person->first_year = last - person->year_count + 1;
    person->is_active = roll(dice, 8) != 0;
    for (int i = 0; i < person->year_count; i++) {
        unsigned months = months_until(person->first_year + i, &now);

        person->paid[SCHEME_RESIDENT][i] = (uint16_t)months;
        if (i == 0)
            months &= ALL_MONTHS << begins;
        if (i == 1 && gap < PERSON_MONTHS)
            months &= ~(1u << gap);
        person->paid[SCHEME_EMPLOYEE][i] = (uint16_t)months;
    }
    for (int i = 0; i < SCHEME_COUNT; i++) {
        if (!person->has[i])
            memset(person->paid[i], 0, sizeof(person->paid[i]));
    }
}

enum err people_find(const struct people *people, const char *number,
                     int64_t wall_ms, struct person *ret_person)
{
    struct person person = { 0 };
    struct dice dice = { 0 };
    enum err err;

    if (people->key == NULL || id_number_check(number) != NUMBER_OK ||
        strncmp(number + SEQUENCE_AT, "997", 3) == 0)
        return ERR_NOT_FOUND;
    memcpy(person.number, number, ID_CHARS);
    if (person.number[ID_CHARS - 1] == 'x')
        person.number[ID_CHARS - 1] = 'X';
    if (strncmp(number + SEQUENCE_AT, "000", 3) == 0) {
        *ret_person = person; /* nothing but the number is known */
        return ERR_OK;
    }
    err = mac(people->key, person.number, ID_CHARS, dice.bytes);
    if (err)
        return err;
    make_schemes(&dice, &person);
    make_name(&dice, &person);
    make_phone(&dice, &person);
    make_years(&dice, &person, wall_ms);
    *ret_person = person;
    mem_wipe(&person, sizeof(person));
    mem_wipe(&dice, sizeof(dice));
    return ERR_OK;
}

enum err people_dice(const struct people *people, const char *number,
                     const char *purpose,
                     unsigned char ret_bytes[PEOPLE_DICE_BYTES])
{
    char text[PERSON_NUMBER_BYTES + 32];
    unsigned char bytes[CRYPTO_DIGEST_BYTES];
    enum err err;

    _Static_assert((int)CRYPTO_DIGEST_BYTES == (int)PEOPLE_DICE_BYTES,
                   "one size");
    if (people->key == NULL || id_number_check(number) != NUMBER_OK)
        return ERR_NOT_FOUND;
    snprintf(text, sizeof(text), "%.17s %s", number, purpose);
    err = mac(people->key, text, strlen(text), bytes);
    if (!err)
        memcpy(ret_bytes, bytes, sizeof(bytes));
    mem_wipe(text, sizeof(text));
    mem_wipe(bytes, sizeof(bytes));
    return err;
}

enum err people_mark(const struct people *people, const char *number,
                     const char *about,
                     unsigned char ret_mark[CRYPTO_DIGEST_BYTES])
{
    char text[PERSON_NUMBER_BYTES + 64];
    enum err err;

    if (people->key == NULL || id_number_check(number) != NUMBER_OK ||
        strncmp(number + 14, "000", 3) == 0)
        return ERR_NOT_FOUND;
    snprintf(text, sizeof(text), "%.17s%c %s", number,
             number[17] == 'x' ? 'X' : number[17], about);
    err = mac(people->key, text, strlen(text), ret_mark);
    mem_wipe(text, sizeof(text));
    return err;
}
