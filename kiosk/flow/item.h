/* Items: one YAML file each under screens/items/, loaded and checked at start.
 *
 * A pack is all of them with the lists they use.  Everything a loaded item
 * points to lives until pack_free.  A mistake anywhere is a line
 * "file:line:column: what was expected" in problems, and the pack is refused.
 * What each key means stands in screens/items/README.md. */
#pragma once

#include "kiosk/base/i18n.h"
#include "kiosk/base/yaml.h"
#include "kiosk/flow/rule.h"

#include <stdbool.h>
#include <stddef.h>

enum item_need { NEED_NO, NEED_WISHED, NEED_MUST };

/* How sure the office must be of the person; each includes those before it. */
enum assurance {
    ASSURANCE_NONE,
    ASSURANCE_TYPED,     /* a number typed by hand */
    ASSURANCE_CODE,      /* that, and a code to the number on file */
    ASSURANCE_CARD,      /* a card that was read */
    ASSURANCE_CARD_CHECK /* that, and a code or a member of the staff */
};
/* As items, envelopes and the hub spell it. */
const char *assurance_name(enum assurance assurance);

enum field_type {
    FIELD_TYPE_MOBILE,
    FIELD_TYPE_TEXT,
    FIELD_TYPE_RECEIPT, /* a receipt number */
    FIELD_TYPE_CODE,    /* its lookup code */
    FIELD_TYPE_COUNT
};

/* A named list from lists/NAME.tsv: value, parent, zh_CN, en. */
struct list_row {
    const char *value;
    const char *parent; /* "" in a list without parents */
    struct words text;
};

struct list {
    const char *name;
    struct list_row *rows;
    size_t count;
};

struct option {
    const char *value;
    struct words text;
    struct words note; /* a second line, may be empty */
    struct rule *when; /* NULL: always */
};

/* The item cannot go on here: why, and at most three ways on. */
struct stop {
    const char *id;
    struct rule *when;
    struct words reason;
    struct words done; /* what was and was not done */
    struct words ways[3];
    size_t way_count;
};

/* A line of a guide, of a result, or of what to bring. */
struct line {
    const char *id;
    struct words label;
    struct words text;
    struct rule *when;
};

struct step {
    const char *id;
    const char *screen; /* a screen kind's name */
    const char *answer; /* the answer it gives, or NULL */
    struct rule *when;  /* NULL: always */
    struct words ask;   /* the question, the page's heading */
    struct words hint;
    struct words why;   /* legal basis, shown under 为什么问 */
    struct words label; /* the answer's name on review, slip and errors */

    /* choice */
    struct option *options;
    size_t option_count;
    const struct list *list; /* instead of options */
    const char *under;       /* the answer whose value is the rows' parent */

    /* field */
    enum field_type type;
    size_t max_chars;

    /* choice, field: the way round for who cannot answer; the answer is then
     * "later" with these words. NULL texts: none. */
    struct words way;

    /* card */
    bool may_type; /* a typed number is allowed */

    /* certificate: which one, as the authority calls it */
    const char *kind;

    /* guide, result, certificate: what stands there; review: the declaration */
    struct line *lines;
    size_t line_count;
    struct words text;

    struct stop *stops;
    size_t stop_count;
};

struct item {
    const char *id;
    const char *file;
    char hash[65]; /* SHA-256 of the file */
    int version;
    int order;        /* place on the home page */
    const char *code; /* its implementation code (实施编码), or NULL */
    struct words title, summary, bring;
    struct words authority; /* who reads the card: the notice's {authority} */
    struct words unit;      /* who gets the case */
    struct words contact;   /* whom to ask, correct or withdraw */
    const char *hours;      /* "08:30-17:00", or NULL: the terminal's */
    enum item_need network, reader, printer;
    bool needs_a4; /* the printer is one for A4 */
    enum assurance assurance;
    const char **card_fields;          /* NULL-terminated; may be empty */
    const char *anonymous_when_answer; /* with … = */
    const char *anonymous_when_value;  /* … the case holds only the hour */
    struct words notice;               /* the full text of the notice */
    int notice_version;
    char notice_hash[65];
    struct step *steps;
    size_t step_count;
};

struct pack;

MUST_CHECK enum err pack_load(const char *folder, struct problems *problems,
                              struct pack **ret_pack);
/* One item with the lists beside it, for who writes it. */
MUST_CHECK enum err pack_load_one(const char *file, struct problems *problems,
                                  struct pack **ret_pack);
void pack_free(struct pack *pack);

/* In the order of the home page. */
size_t pack_count(const struct pack *pack);
const struct item *pack_item(const struct pack *pack, size_t at);
const struct item *pack_find(const struct pack *pack, const char *id);

/* NULL when there is none. */
const struct step *item_step(const struct item *item, const char *id);

/* It can be begun at this minute of the day. */
bool item_is_open(const struct item *item, int minute_of_day);

/* Every screen kind that a step may name, told by whoever owns the screens, so
 * that a misspelt one is found at load. NULL-terminated; before pack_load. */
void item_set_screens(const char *const *names);
