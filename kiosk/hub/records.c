#include "kiosk/hub/records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"

enum { SEQUENCE_AT = 14, BIRTH_AT = 6, GROWN_UP = 18, FIRST_YEAR = 2019 };

/* While one record is made. */
struct making {
    const struct people *people;
    const char *number;
    struct person person;
    unsigned char dice[PEOPLE_DICE_BYTES];
    size_t at;
};

static unsigned roll(struct making *making, unsigned below)
{
    return making->dice[making->at++ % sizeof(making->dice)] % below;
}

static bool has_sequence(const char *number, const char *sequence)
{
    return strncmp(number + SEQUENCE_AT, sequence, strlen(sequence)) == 0;
}

static int age_of(const struct making *making)
{
    char birth[9];

    snprintf(birth, sizeof(birth), "%.8s", making->number + BIRTH_AT);
    return clock_age(birth, clock_wall_ms());
}

/* ---- Fields, one function each; value has SHARED_VALUE_BYTES ---- */

static void put(char *value, const char *text)
{
    snprintf(value, SHARED_VALUE_BYTES, "%s", text);
}

/* What is on the card nobody told the register that is made up here. */
static void make_other_name(struct making *making, char *value)
{
    if (has_sequence(making->number, "999"))
        put(value, "演示甲");
}

static void make_birth(struct making *making, char *value)
{
    const char *birth = making->number + BIRTH_AT;

    snprintf(value, SHARED_VALUE_BYTES, "%.4s-%.2s-%.2s", birth, birth + 4,
             birth + 6);
}

static void make_ethnic(struct making *making, char *value)
{
    put(value, roll(making, 12) == 0 ? "03" : "01");
}

static void make_phone(struct making *making, char *value)
{
    put(value, making->person.phone);
}

static void make_marital(struct making *making, char *value)
{
    static const char *const words[] = { "married",   "married",  "married",
                                         "unmarried", "divorced", "widowed" };
    unsigned which = roll(making, 6);

    put(value, age_of(making) < 22 ? "unmarried" : words[which]);
}

static const struct place {
    const char *code, *name;
} places[] = {
    { "411302", "南阳市宛城区" }, { "411303", "南阳市卧龙区" },
    { "411322", "南阳市方城县" }, { "411325", "南阳市内乡县" },
    { "411381", "邓州市" },
};

/* The same of the county and of the address. */
static const struct place *place_of(const struct making *making)
{
    size_t count = sizeof(places) / sizeof(places[0]);

    return &places[making->dice[PEOPLE_DICE_BYTES - 1] % count];
}

static void make_address(struct making *making, char *value)
{
    snprintf(value, SHARED_VALUE_BYTES, "河南省%s青鸾演示大道%u号",
             place_of(making)->name, 1 + roll(making, 200));
}

static void make_county(struct making *making, char *value)
{
    put(value, place_of(making)->code);
}

static void make_household(struct making *making, char *value)
{
    put(value, roll(making, 8) == 0 ? "collective" : "family");
}

static void make_head(struct making *making, char *value)
{
    static const char *const names[] = { "演示乙", "演示丙", "演示丁" };

    put(value, names[roll(making, 3)]);
}

static void make_scheme(struct making *making, char *value)
{
    put(value, making->person.has[SCHEME_EMPLOYEE] ? "employee" : "resident");
}

static void make_unit(struct making *making, char *value)
{
    put(value, making->person.has[SCHEME_EMPLOYEE] ? "南阳演示有限公司"
                                                   : "演示路社区");
}

static void make_since(struct making *making, char *value)
{
    unsigned year = 2009 + roll(making, 10);

    snprintf(value, SHARED_VALUE_BYTES, "%u-%02u", year, 1 + roll(making, 12));
}

static void make_until(struct making *making, char *value)
{
    unsigned year = making->person.is_active ? 2025 : 2022;

    snprintf(value, SHARED_VALUE_BYTES, "%u-%02u", year, 1 + roll(making, 12));
}

static void make_insured(struct making *making, char *value)
{
    put(value, making->person.is_active ? "paying" : "paused");
}

static void make_plate(struct making *making, char *value)
{
    unsigned high = roll(making, 100), low = roll(making, 256);

    snprintf(value, SHARED_VALUE_BYTES, "豫R%02u%03u", high, low);
}

static void make_vehicle(struct making *making, char *value)
{
    put(value, roll(making, 5) == 0 ? "motorcycle" : "small-car");
}

static void make_valid(struct making *making, char *value)
{
    snprintf(value, SHARED_VALUE_BYTES, "%u-%02u-28", 2027 + roll(making, 2),
             1 + roll(making, 12));
}

static void make_business(struct making *making, char *value)
{
    snprintf(value, SHARED_VALUE_BYTES, "南阳演示%u号商店",
             1 + roll(making, 200));
}

/* The last character follows from the others: the one that is accepted. */
static void make_credit_code(struct making *making, char *value)
{
    static const char signs[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    const struct shared_field *field =
        shared_field_find(shared_kind_find("enterprise"), "credit_code");
    unsigned high = roll(making, 256), low = roll(making, 256);

    for (size_t i = 0; i + 1 < sizeof(signs); i++) {
        snprintf(value, SHARED_VALUE_BYTES, "92411300MA%03u%03uX%c", high, low,
                 signs[i]);
        if (shared_is_value(field, value))
            return;
    }
    value[0] = '\0';
}

static void make_role(struct making *making, char *value)
{
    put(value, roll(making, 3) == 0 ? "legal-representative" : "operator");
}

/* A field of shared_table.c that has no row here is in no record. */
static const struct maker {
    const char *kind, *field;
    void (*make)(struct making *making, char *value);
} makers[] = {
    { "person", "name", make_other_name },
    { "person", "birth", make_birth },
    { "person", "ethnic", make_ethnic },
    { "person", "phone", make_phone },
    { "person", "marital", make_marital },
    { "household", "address", make_address },
    { "household", "county", make_county },
    { "household", "type", make_household },
    { "household", "head", make_head },
    { "insurance", "scheme", make_scheme },
    { "insurance", "unit", make_unit },
    { "insurance", "since", make_since },
    { "insurance", "until", make_until },
    { "insurance", "state", make_insured },
    { "vehicle", "plate", make_plate },
    { "vehicle", "kind", make_vehicle },
    { "vehicle", "valid_until", make_valid },
    { "enterprise", "name", make_business },
    { "enterprise", "credit_code", make_credit_code },
    { "enterprise", "role", make_role },
};

/* ---- Records ---- */

static bool has_record(struct making *making, const struct shared_kind *kind)
{
    if (strcmp(kind->name, "insurance") == 0)
        return making->person.has[SCHEME_EMPLOYEE] ||
               (making->person.has[SCHEME_RESIDENT] && roll(making, 2) == 0);
    if (strcmp(kind->name, "vehicle") == 0)
        return roll(making, 3) == 0 && age_of(making) >= GROWN_UP;
    if (strcmp(kind->name, "enterprise") == 0)
        return roll(making, 5) == 0 && age_of(making) >= GROWN_UP;
    return true;
}

static void make_fields(struct making *making, const struct shared_kind *kind,
                        struct record_made *made)
{
    for (size_t i = 0; kind->fields[i].name != NULL; i++) {
        for (size_t j = 0; j < sizeof(makers) / sizeof(makers[0]); j++) {
            if (strcmp(makers[j].kind, kind->name) == 0 &&
                strcmp(makers[j].field, kind->fields[i].name) == 0)
                makers[j].make(making, made->values[i]);
        }
    }
}

static enum err begin(struct making *making, const struct shared_kind *kind)
{
    enum err err = people_find(making->people, making->number, clock_wall_ms(),
                               &making->person);

    if (!err)
        err = people_dice(making->people, making->number, kind->name,
                          making->dice);
    return err;
}

enum err records_make(const struct people *people, const char *number,
                      const struct shared_kind *kind,
                      struct record_made *ret_made)
{
    struct making making = { .people = people, .number = number };
    enum err err = begin(&making, kind);

    if (!err && has_sequence(number, "000"))
        err = ERR_NOT_FOUND;
    if (!err && has_sequence(number, "998"))
        err = ERR_OFFLINE;
    if (!err && !has_record(&making, kind))
        err = ERR_NOT_FOUND;
    if (!err) {
        memset(ret_made, 0, sizeof(*ret_made));
        snprintf(ret_made->day, sizeof(ret_made->day), "%u-%02u-%02u",
                 FIRST_YEAR + roll(&making, 7), 1 + roll(&making, 12),
                 1 + roll(&making, 28));
        make_fields(&making, kind, ret_made);
    }
    mem_wipe(&making, sizeof(making));
    return err;
}

bool records_are_none(const struct people *people, const char *number)
{
    struct person person;
    bool is_known =
        people_find(people, number, clock_wall_ms(), &person) == ERR_OK;

    mem_wipe(&person, sizeof(person));
    return !is_known || has_sequence(number, "000");
}

enum judge_looked records_look(void *owner, const char *number,
                               const struct shared_kind *kind,
                               struct shared_record *ret_record)
{
    struct records_look *look = owner;
    enum err err = records_make(look->people, number, kind, &look->made);

    if (err)
        return err == ERR_NOT_FOUND ? JUDGE_NO_RECORD : JUDGE_NOT_LOOKED;
    *ret_record = (struct shared_record){ .day = look->made.day };
    for (size_t i = 0; kind->fields[i].name != NULL; i++) {
        if (look->made.values[i][0] != '\0')
            ret_record->values[i] = look->made.values[i];
    }
    return JUDGE_LOOKED;
}
