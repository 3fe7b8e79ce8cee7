/* Who the citizens are whose traces are looked for, and what they say: people
 * who do not exist, whose words stand nowhere else.  No address, name or number
 * is that of a real person or place. */
#pragma once

#include "tests/left/search.h"

#include <stddef.h>

struct pretended {
    const char *name, *number; /* its check character is right */
};

/* Between them somebody is of the age that a matter asks for. */
extern const struct pretended people_coming[], people_brought[];
extern const size_t people_coming_count, people_brought_count;

/* All that is known of all of them; the last is a drawn slip. */
extern const struct mark citizen_marks[];
extern const size_t citizen_mark_count;

enum { PEOPLE_CARD_BYTES = 256 };

/* The simulator's line that lays down their card. */
void people_card(const struct pretended *person, char line[PEOPLE_CARD_BYTES]);

#define PEOPLE_STREET "紫藤暗巷里弄丁卯一〇三栋"
#define PEOPLE_LATIN  "Kestrelwood-Quartzmere"
#define PEOPLE_SPOKEN "夜里隐约听见古怪嗡鸣声"
#define PEOPLE_PHONE  "19283746505"
