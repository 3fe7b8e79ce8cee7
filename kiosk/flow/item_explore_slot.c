/* Which appointments are tried on a page that offers them: where no rule looks at
 * it one day is enough; else each day that a rule names and those beside it, and
 * some days from now on. */
#include "kiosk/flow/explorer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/flow/slot.h"

enum { DAYS_TRIED = 7, DATE_LEN = CALENDAR_DATE_BYTES - 1 };

static void try_value(struct explorer *explorer, int at, const char *value)
{
    const struct item *item = explorer->item;

    if (!explorer->is_cut &&
        slot_holds(item, &item->steps[at], explorer->answers, value))
        (void)explorer_try(explorer, at, value);
}

static void try_day(struct explorer *explorer, int at, const struct slot *usual,
                    int64_t day)
{
    struct slot slot = *usual;
    char value[SLOT_VALUE_BYTES];

    calendar_date(day, slot.date);
    slot_write(&slot, value);
    try_value(explorer, at, value);
}

static void try_named(struct explorer *explorer, int at,
                      const struct slot *usual)
{
    for (size_t i = 0; i < explorer->rules.text_count; i++) {
        char date[CALENDAR_DATE_BYTES] = "", digits[9];

        if (explorer->rules.texts[i].len != DATE_LEN)
            continue;
        memcpy(date, explorer->rules.texts[i].bytes, DATE_LEN);
        snprintf(digits, sizeof digits, "%.4s%.2s%.2s", date, date + 5,
                 date + 8);
        if (!clock_is_date(digits))
            continue;
        int64_t day = clock_days_of_date((int)strtol(date, NULL, 10),
                                         (int)strtol(date + 5, NULL, 10),
                                         (int)strtol(date + 8, NULL, 10));
        for (int by = -1; by <= 1; by++)
            try_day(explorer, at, usual, day + by);
    }
}

void explorer_try_slot(struct explorer *explorer, int at)
{
    const struct page *page = &explorer->pages[at];
    char value[SLOT_VALUE_BYTES];
    int days = page->is_asked ? DAYS_TRIED : 1;
    struct slot usual;

    for (int nth = 0; nth < days; nth++)
        if (slot_make_up(explorer->item, &explorer->item->steps[at],
                         explorer->answers, nth, value))
            try_value(explorer, at, value);
    if (page->is_asked &&
        slot_make_up(explorer->item, &explorer->item->steps[at],
                     explorer->answers, 0, value) &&
        slot_read(value, &usual))
        try_named(explorer, at, &usual);
}
