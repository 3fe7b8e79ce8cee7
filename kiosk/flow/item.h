/* Items: one YAML file each under screens/items/, loaded and checked at start.
 *
 * A pack is all of them with the lists they use.  Everything a loaded item
 * points to lives until pack_free.  A mistake anywhere is a line
 * "file:line:column: error: what was expected" in problems, and the pack is
 * refused; what is only to be looked at is a warning there.
 * What each key means stands in screens/items/README.md.
 *
 * A pack may also come compiled (pack.h); its items have no YAML, so their
 * places (at, root) and tests are NULL. */
#pragma once

#include "kiosk/base/i18n.h"
#include "kiosk/base/yaml.h"
#include "kiosk/rule/rule.h"

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

/* What each is stands in kiosk/flow/field.h. */
enum field_type {
    FIELD_TYPE_MOBILE,
    FIELD_TYPE_TEXT,
    FIELD_TYPE_RECEIPT, /* a receipt number */
    FIELD_TYPE_CODE,    /* its lookup code */
    FIELD_TYPE_ID_NUMBER,
    FIELD_TYPE_DATE,
    FIELD_TYPE_MONTH,
    FIELD_TYPE_NUMBER,
    FIELD_TYPE_MONEY,
    FIELD_TYPE_POSTCODE,
    FIELD_TYPE_BANK_CARD,
    FIELD_TYPE_CREDIT_CODE,
    FIELD_TYPE_EMAIL,
    FIELD_TYPE_PLATE,
    FIELD_TYPE_YES_NO, /* of a choice: its two options */
    FIELD_TYPE_COUNT
};

/* What an item asks of a field beside its type's form; field.c looks at it in
 * one place, when somebody has typed. */
struct field_check {
    const char *min, *max; /* in the type's notation; NULL: not said */
    bool with_fen;         /* money: fen are typed, too */
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
    char hash[65]; /* SHA-256 of its file */
};

enum { DIVISION_LISTS = 2 };

/* A condition (or what is computed), and the lists that its division_name( )
 * looks into. */
struct rule {
    struct rule_program *program; /* of a compiled pack: NULL until asked for */
    const char *text;             /* with the conditions that it names in it */
    const struct rule_declared *names; /* the item's; it knows so many */
    size_t known;
    const struct list *divisions[DIVISION_LISTS];
    bool is_value; /* it may be of any kind; else true or false */
};
/* Its program, made now if need be; NULL: it cannot be. */
const struct rule_program *item_rule_program(const struct rule *rule);

struct option {
    const struct yaml *at; /* where it stands in the file */
    const char *value;
    struct words text;
    struct words note; /* a second line, may be empty */
    struct rule *when; /* NULL: always */
    bool is_alone;     /* choices: who chooses it chooses nothing else */
};

/* The item cannot go on here: why, and at most three ways on. */
struct stop {
    const struct yaml *at;
    const char *id;
    struct rule *when;
    const char *when_text; /* as it is written */
    struct words reason;
    struct words done; /* what was and was not done */
    struct words ways[3];
    size_t way_count;
};

/* A line of a guide, of a result, or of what to bring. */
struct line {
    const struct yaml *at;
    const char *id;
    struct words label;
    struct words text;
    struct rule *when;
    bool is_unverified; /* it stands on facts that nobody has verified */
};

/* What is said where an answer is not as it must be: a mistake that does not go
 * on, a doubt that asks once more, or something to know. */
enum allowed_severity { ALLOWED_ERROR, ALLOWED_WARNING, ALLOWED_INFORMATION };

struct allowed {
    const struct yaml *at;
    const char *id;
    struct rule *must; /* over this answer and earlier ones */
    struct words message;
    enum allowed_severity severity;
};

/* A time that the law sets or the office promises. */
struct item_time {
    int days; /* 0: it is not said */
    bool working;
    bool unverified;
};

/* "15 日", "3 个工作日"; "15 days". */
void item_time_text(const struct item_time *time, enum language language,
                    struct buf *out);

/* A fact in words. */
struct item_fact {
    struct words text;
    bool unverified;
};

/* What kind of matter it is (事项类型).  Penalties, compulsion, levies and
 * inspections do not belong on a terminal. */
enum item_type {
    ITEM_TYPE_UNSAID,
    ITEM_TYPE_LICENCE,
    ITEM_TYPE_BENEFIT,
    ITEM_TYPE_CONFIRMATION,
    ITEM_TYPE_REWARD,
    ITEM_TYPE_RULING,
    ITEM_TYPE_OTHER_POWER,
    ITEM_TYPE_PUBLIC_SERVICE
};
/* As items and envelopes spell it; and its two digits in a catalogue code. */
const char *item_type_name(enum item_type type);
const char *item_type_code(enum item_type type);

/* How the office deals with it. */
enum case_type { CASE_TYPE_UNSAID, CASE_TYPE_IMMEDIATE, CASE_TYPE_PROMISED };
const char *case_type_name(enum case_type type);

/* Who may do it here (服务对象).  As items and envelopes spell it, "" where it
 * is not said. */
enum item_audience {
    AUDIENCE_UNSAID,
    AUDIENCE_NATURAL,
    AUDIENCE_LEGAL,
    AUDIENCE_BOTH
};
const char *item_audience_name(enum item_audience audience);

/* The task area of the city's plan that it serves; "T3". */
enum plan_area {
    AREA_UNSAID,
    AREA_T1,
    AREA_T2,
    AREA_T3,
    AREA_T4,
    AREA_T5,
    AREA_T6,
    AREA_COUNT
};
const char *plan_area_name(enum plan_area area);

/* Where it stands on a home page of many items; their order is that of their
 * keys there, from 1. */
enum item_theme {
    THEME_UNSAID,
    THEME_WORK,
    THEME_MEDICAL,
    THEME_POLICE,
    THEME_HOUSING,
    THEME_FAMILY,
    THEME_SUPPORT,
    THEME_BUSINESS,
    THEME_HOTLINE,
    THEME_PROGRESS,
    THEME_COUNT
};
/* As items spell it; and a msgid, what a citizen reads. */
const char *item_theme_name(enum item_theme theme);
const char *item_theme_words(enum item_theme theme);

/* A choice that asks for one of the papers of the matter; its options are then
 * MATERIAL_BROUGHT, … and not the author's. */
enum material { MATERIAL_NONE, MATERIAL_REQUIRED, MATERIAL_MAY_FOLLOW };
#define MATERIAL_BROUGHT "brought"
#define MATERIAL_FOLLOWS "follows"
#define MATERIAL_MISSING "missing"

enum { PERSONS_MAX = 3 }; /* of an item, beside the main one: person.h */

struct step {
    const struct yaml *at;
    const char *id;
    const char *screen;    /* a screen kind's name */
    const char *answer;    /* the answer it gives, or NULL */
    struct rule *when;     /* NULL: always */
    const char *when_text; /* as it is written, or NULL */
    struct words ask;      /* the question, the page's heading */
    struct words hint;
    struct words why;       /* what it is needed for, in words */
    struct item_fact basis; /* the law that says so */
    bool is_sensitive;      /* besides the types that always are */
    struct words label;     /* the answer's name on review, slip and errors */

    /* the first of a part of a long matter (tasks.h): the part's name, and how
     * many minutes it takes; 0: it is not said */
    struct words section;
    int section_minutes;

    /* choice, choices */
    struct option *options;
    size_t option_count;
    const struct list *list; /* instead of options */
    const char *under;       /* the answer whose value is the rows' parent */
    enum material material;

    /* choices: so many are chosen (choices.h); most 0: as many as there are */
    int least, most;

    /* field */
    enum field_type type;
    size_t max_chars; /* the most that are typed */
    struct field_check check;

    /* field: of a day or month the earlier answer before which it must not lie;
     * of an ID number, that it is nobody's of whom the case tells already */
    const char *not_before;
    bool is_another_person;

    /* of a group: its name, the entry from 1, and how many there may be; on the
     * page another also what one is called, with {n} */
    const char *group; /* NULL: of none */
    int entry, least_entries, most_entries;
    struct words entry_words;

    /* choice, field: the way round for who cannot answer; the answer is then
     * "later" with these words. NULL texts: none. */
    struct words way;

    /* choice, field: kiosk/flow/asked.h */
    struct rule *required; /* NULL: always; else it may be left empty */
    struct allowed *allowed;
    size_t allowed_count;
    const char *default_value; /* stands there before anybody answered */
    const char **prefill; /* answers and card_…, the first that fits stands
                                  there; NULL-terminated, or NULL */
    bool is_fixed;        /* what was prefilled the person cannot change */
    bool is_masked;       /* where others may look on; besides the types
                                  that always are */

    /* computed: a step without a page */
    struct rule *value;
    bool is_hidden; /* stands neither on the review nor on a slip */

    /* card */
    const char *person;  /* whose it is, when not the main person's: a name
                            that its answers begin with; see person.h */
    struct words role;   /* who that is, for people: "your spouse" */
    const char **fields; /* … and what is kept of their card */
    bool may_type;       /* a typed number is allowed */
    bool takes_minors;   /* who is under 16 may do it here */

    /* materials: how long papers that follow may take, and the days off */
    struct item_time within;
    const struct list *holidays;

    /* shared: whose records are asked for, by their kinds (shared.h);
     * NULL-terminated */
    const char **records;
    /* slot: where, as the hub's calendar has it; or {answer} */
    const char *place;

    /* certificate: which one, as the authority calls it */
    const char *kind;

    /* payment: the answer that says how much, the record that is paid for (or
     * NULL), and what for, in words */
    const char *amount, *about;
    struct words what;

    /* guide, result, certificate: what stands there; review: the declaration */
    struct line *lines;
    size_t line_count;
    struct words text;

    struct stop *stops;
    size_t stop_count;
};

/* The papers that a slip may be printed on, as bits. */
enum { ITEM_PAPER_58 = 1, ITEM_PAPER_80 = 2, ITEM_PAPER_A4 = 4 };

enum {
    ITEM_SLIP_PARTS_MAX = 24,
    ITEM_SLIP_ROWS_MAX = 24,
    ITEM_SLIP_COLUMNS_MAX = 6
};

/* Texts side by side. */
struct slip_cells {
    struct words in[ITEM_SLIP_COLUMNS_MAX];
    size_t count;
};

struct slip_row {
    const struct yaml *at;
    const char *id; /* for overlays; or NULL */
    struct slip_cells cells;
    struct rule *when; /* NULL: always */
};

enum slip_rule { SLIP_RULE_NONE, SLIP_RULE_LINE };

/* One thing that stands on the slip between what every slip begins and ends
 * with: exactly one of fact, line, text, qr, rule and a table (columns). */
struct slip_part {
    const struct yaml *at;
    const char *id;     /* for overlays; or NULL */
    const char *fact;   /* an answer's name */
    const char *line;   /* the id of a line of the result page */
    struct words text;  /* or NULLs */
    const char *qr;     /* "progress", or what the code holds */
    struct words label; /* what such a code is for */
    enum slip_rule rule;
    struct rule *when; /* NULL: always */
    int papers;        /* ITEM_PAPER_…; 0: all of them */
    /* a table: rows, or one for each entry of the group each */
    struct slip_cells columns;
    struct slip_row *rows;
    size_t row_count;
    const char *each;
    struct slip_cells cells;
};

struct item {
    const char *id;
    const char *file;
    char hash[65]; /* of all that it is made of: item_hash.h */
    int version;
    int order; /* place on the home page */
    /* Codes of the catalogue of government matters, or NULL: 基本编码 (12
     * characters), 实施编码 (31) and 业务办理项编码 (33). */
    const char *catalogue_code, *code, *handling_code;
    enum item_type type;
    enum case_type case_type;
    const char **divisions; /* where it is offered; NULL: everywhere */
    struct item_time legal_time, promised_time;
    struct item_fact fee, basis;
    int minutes; /* at this machine; 0: it is not said */
    enum item_audience audience;
    enum item_theme theme;
    enum plan_area area;
    bool is_for_elders;    /* stands first where one reads large print */
    struct words keywords; /* what it is found by, too, parted by spaces */
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
    struct slip_part *slip; /* NULL: the lines of the result page */
    size_t slip_count;
    const struct yaml *root;  /* the whole, with its overlays */
    const struct yaml *tests; /* for item_tests_run; NULL: none */
    const char *overlay;      /* the last file laid over it; NULL: none */
};

/* Whether a terminal of that division (six digits) offers it: in a city's item
 * every county of the city does. */
bool item_is_offered_in(const struct item *item, const char *division);
/* Whose overlays lie over the items of a division: the part of the items' folder
 * ("overlays/411300"), from its province's on; false: it has none of that
 * level. */
enum { DIVISION_LEVELS = 3 };
bool item_overlay_part(const char *division, size_t level, struct buf *out);

struct answers;

/* The item's own tests: answers in, pages and submission out.  Each that fails
 * is an error in problems; returns how many there are. */
size_t item_tests_run(const struct item *item, struct problems *problems);
/* Goes as one of them goes, with its cards and on its day: the answers at the
 * end, the last page.  False: it fails, and problems tell how. */
bool item_test_play(const struct item *item, const struct yaml *test,
                    struct problems *problems, struct answers *answers,
                    const struct step **ret_last, int64_t *ret_wall_ms);

/* Walks every way that the item's rules can tell apart, and tells what never
 * comes (pages, options, stops, lines), rules that decide nothing, choices
 * with nothing to choose; and what it could not try. */
void item_explore(const struct item *item, struct problems *problems);

/* The same item with so many entries of each group at most, for who draws it;
 * its steps are freed by mem_free, all else is the item's. */
struct item item_with_entries(const struct item *item, int entries);

/* Its pages, and which follow which: each edge with what it needs, as the rules
 * are written; as lines of text, and as a picture (SVG). */
void item_paths_text(const struct item *item, struct buf *out);
void item_paths_svg(const struct item *item, struct buf *out);

/* What one item may grow to: pages, compound steps as all of theirs; and
 * entries of a group. */
enum { ITEM_STEPS_MAX = 512, ITEM_ENTRIES_MAX = 40 };

struct pack;

MUST_CHECK enum err pack_load(const char *folder, struct problems *problems,
                              struct pack **ret_pack);
/* The same for a terminal of that division, with the overlays of its province,
 * city and county (folder/overlays/DIVISION/ITEM.yaml) laid over the items, in
 * this order.  "": none. */
MUST_CHECK enum err pack_load_for(const char *folder, const char *division,
                                  struct problems *problems,
                                  struct pack **ret_pack);
/* One item with the lists beside it, for who writes it; of an overlay's file
 * the item with its overlays. */
MUST_CHECK enum err pack_load_one(const char *file, struct problems *problems,
                                  struct pack **ret_pack);
void pack_free(struct pack *pack);

/* In the order of the home page. */
size_t pack_count(const struct pack *pack);
const struct item *pack_item(const struct pack *pack, size_t at);
const struct item *pack_find(const struct pack *pack, const char *id);

/* There are more items than a home page has room for: it shows themes.  Never of
 * a pack in which an item has none (one that an older version compiled). */
enum { PACK_TILES_MAX = 8 };
bool pack_has_themes(const struct pack *pack);

/* What somebody looks for: at most so many letters a-z and digits; a digit from
 * 2 to 9 is each letter of its key, too, as on a telephone ("599" finds 居住证,
 * whose initials are jzz).  True where they stand in the item's title or
 * keywords: in words as they are written, or as the initials of Chinese ones. */
enum { ITEM_LOOKED_MAX = 12 };
bool item_is_found(const struct item *item, const char *looked);

/* NULL when there is none. */
const struct step *item_step(const struct item *item, const char *id);

/* It can be begun at this minute of the day. */
bool item_is_open(const struct item *item, int minute_of_day);

/* Every rule of its pages, options, stops and lines, page by page; then those
 * of its slip. */
void item_step_each_rule(const struct step *step,
                         void (*on_rule)(void *owner, const struct rule *rule),
                         void *owner);
void item_each_rule(const struct item *item,
                    void (*on_rule)(void *owner, const struct rule *rule),
                    void *owner);

/* Every screen kind that a step may name, told by whoever owns the screens, so
 * that a misspelt one is found at load. NULL-terminated; before pack_load. */
void item_set_screens(const char *const *names);

/* What items may say, as the loader's table has it: a JSON Schema for editors,
 * and the tables of keys in screens/items/README.md. */
void item_schema(struct buf *out);
void item_keys_tables(struct buf *out);
