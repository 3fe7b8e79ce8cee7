/* The inside of the item loader: the table of keys and what reads them.  Only
 * item*.c and the tests include this; everybody else has item.h.
 *
 * Reading is driven by the table: a map in the file belongs to a place, each
 * key of the map is looked up among the keys of that place, and the row says
 * what kind of value stands there and where it goes in the struct.  Texts are
 * not copied: they are the YAML tree's, which lives as long as the item. */
#pragma once

#include "kiosk/flow/item.h"
#include "kiosk/flow/lists.h"
#include "kiosk/flow/pack.h"

enum place {
    PLACE_ITEM,
    PLACE_NEEDS,
    PLACE_NOTICE,
    PLACE_ANONYMOUS,
    PLACE_STEP,
    PLACE_OPTION,
    PLACE_SECTION,
    PLACE_STOP,
    PLACE_LINE,
    PLACE_CODES,
    PLACE_TIME,
    PLACE_FACT,
    PLACE_TEST,
    PLACE_TEST_CARD,
    PLACE_SLIP_PART,
    PLACE_SLIP_TABLE,
    PLACE_SLIP_ROW,
    PLACE_ALLOWED,
    PLACE_OVERLAY, /* of an overlay's file, beside the keys of the item */
    PLACE_COUNT
};

/* What stands behind a key. */
enum takes {
    TAKES_ITEM_ID,      /* a-z 0-9 and - */
    TAKES_CODE,         /* limit characters of A-Z and 0-9 */
    TAKES_HOURS,        /* HH:MM-HH:MM */
    TAKES_NAME,         /* a-z 0-9 and _, as rules can name it */
    TAKES_VALUE,        /* a-z 0-9 - and _, not "later" */
    TAKES_SCREEN,       /* a screen kind's name */
    TAKES_NUMBER,       /* int from 1 to limit */
    TAKES_COUNT,        /* int from 0 to limit */
    TAKES_PAGES,        /* of a compound step: keys of a step, by part */
    TAKES_LIMIT,        /* a value of the field's own type */
    TAKES_BOOL,         /* true or false */
    TAKES_WORD,         /* one of words; an enum, in their order */
    TAKES_TEXT,         /* any text, kept as it is */
    TAKES_DATE,         /* YYYY-MM-DD, kept as it is */
    TAKES_WORDS,        /* {zh_CN: …, en: …} */
    TAKES_RULE,         /* an expression, true or false */
    TAKES_VALUE_RULE,   /* an expression that is worth something */
    TAKES_SOURCES,      /* names of answers and of card_… */
    TAKES_CONDITIONS,   /* names of rules */
    TAKES_LIST,         /* the name of a list */
    TAKES_CARD_FIELDS,  /* names of card fields */
    TAKES_DIVISIONS,    /* codes of divisions */
    TAKES_WAYS,         /* a list of words */
    TAKES_NAMES,        /* a list of texts, kept as it is */
    TAKES_ANSWERS,      /* a map of texts, kept as it is */
    TAKES_OFFERS,       /* a map of lists of texts, kept as it is */
    TAKES_REFUSED,      /* a map of maps of texts, kept as it is */
    TAKES_WARNED,       /* the same, or of lists of texts */
    TAKES_CARDS,        /* a map of maps of the inner place, kept as it is */
    TAKES_MAP,          /* a map of its own place */
    TAKES_MAPS,         /* a list of maps, each a struct of its own */
    TAKES_FILLED,       /* a text in no language, {answers} in it */
    TAKES_CELLS,        /* a list of words, or of texts in no language */
    TAKES_PAPERS,       /* a list of papers; an int of ITEM_PAPER_… bits */
    TAKES_RECORDS,      /* kinds of records (shared.h) */
    TAKES_TEST_RECORDS, /* records with fields, kept as it is */
    TAKES_TESTS         /* a list of maps, kept as it is */
};

/* Screen kinds as bits: which steps may (must) have a key. */
enum {
    ON_GUIDE = 1,
    ON_CARD = 2,
    ON_CHOICE = 4,
    ON_FIELD = 8,
    ON_REVIEW = 16,
    ON_DECLARE = 32,
    ON_SEND = 64,
    ON_RESULT = 128,
    ON_CHECK = 256,
    ON_CERTIFICATE = 512,
    ON_CASES = 1024,
    ON_MATERIALS = 2048,
    ON_CHOICES = 4096,
    ON_CLOSING = 8192,
    ON_TASKS = 16384,
    ON_COMPUTED = 32768,      /* a step without a page */
    ON_MONTH_RANGE = 1 << 16, /* compound steps: several pages, item_expand.c */
    ON_DATE_RANGE = 1 << 17,
    ON_DIVISION = 1 << 18,
    ON_ADDRESS = 1 << 19,
    ON_PERSON = 1 << 20,
    ON_GROUP = 1 << 21,
    ON_ANOTHER = 1 << 22, /* made of a group only */
    ON_OTHER = 1 << 23, /* a screen kind that this loader knows nothing about */
    ON_SHARED = 1 << 24,
    ON_ALL = (1 << 25) - 1,
    ON_PAGES = ON_ALL & ~ON_COMPUTED, /* every step with one */
    ON_RANGES = ON_MONTH_RANGE | ON_DATE_RANGE,
    ON_COMPOUND = ON_RANGES | ON_DIVISION | ON_ADDRESS | ON_PERSON | ON_GROUP
};

struct key_row {
    enum place place;
    const char *name;
    enum takes kind;
    unsigned allowed, required; /* ON_…; beside steps ON_ALL or 0 */
    size_t offset;              /* in the place's struct */
    size_t limit;               /* greatest number, longest list */
    enum place inner;           /* TAKES_MAP, TAKES_MAPS, TAKES_TESTS */
    const char *means;          /* for messages and the README's table */
    const char *example;        /* what may stand behind the key */
    const char *words;          /* TAKES_WORD: "no|wished|must" */
};

extern const struct key_row item_keys[];
extern const size_t item_key_count;

/* "the item", "a step": for messages and the README. */
const char *item_place_name(enum place place);
/* NULL: no such key there. */
const struct key_row *item_key_find(enum place place, const char *name);
unsigned item_screen_bit(const char *screen);
/* "choice, field" */
void item_screen_bits_text(unsigned bits, struct buf *out);

enum {
    ITEM_FILE_MAX = 1024 * 1024,
    ITEM_OPTIONS_MAX = 89, /* two-digit numbers, from 11 on */
    ITEM_NAMES_BUILT_IN = 4,
    ITEM_PERSON_NAMES = 3,  /* of another person: kind, birth, age */
    ITEM_SHARED_NAMES = 32, /* of records */
    ITEM_NAMES_MAX = 2 * ITEM_STEPS_MAX + ITEM_NAMES_BUILT_IN +
                     PERSONS_MAX * ITEM_PERSON_NAMES + ITEM_SHARED_NAMES,
    ITEM_CONDITIONS_MAX = 32,
    ITEM_OVERLAYS_MAX = 3, /* of a province, a city, a county */
    ITEM_FILES_MAX = 1 + ITEM_OVERLAYS_MAX
};

struct loaded;

/* A rule with a name. */
struct condition {
    const char *name;
    const struct yaml *name_node, *rule_node;
    const struct yaml *whole; /* with what it names put in its place; NULL
                                 while that is not known, or it is wrong */
    size_t needs;             /* how many names must be known for it */
    bool is_used, is_opening;
};

/* Which entry of which group a step made of one belongs to. */
struct entry_mark {
    const struct yaml *node; /* the step */
    const char *group;
    int entry, least, most;
    struct words words;    /* of another: the entry's, with {n} */
    bool is_last;          /* behind it rules have the group as a list */
    const struct yaml *id; /* the group's */
    const char *when_text; /* what brings the entry up; NULL: nothing */
};

/* What lives as long as the item and stands in none of its files: texts with
 * facts filled in, maps with overlays laid over them. */
struct made;
void *item_make(struct loaded *loaded, size_t size);
void item_made_free(struct loaded *loaded);

/* One item with what it stands on. */
struct loaded {
    struct item item;
    char *files[ITEM_FILES_MAX]; /* the item's, then its overlays' */
    char file_hashes[ITEM_FILES_MAX][65];
    struct yaml *roots[ITEM_FILES_MAX];
    size_t file_count;
    const struct yaml *root; /* with all overlays */
    struct made *made;
    /* Names that rules may use: those built in, then what the steps answer,
     * in their order. */
    struct rule_declared *names; /* made with the item */
    size_t name_count, name_room;
};

/* All items of a folder, or of a compiled file; then with what is mapped. */
struct pack {
    struct loaded **items;
    size_t count, room;
    struct lists *lists;
    struct pack_about about;
    struct list *compiled_lists;
    size_t compiled_list_count;
    const void *mapped; /* NULL: nothing */
    size_t mapped_len;
};

/* While one item is read. */
struct loader {
    struct loaded *loaded;
    struct item *item;
    const char *file;
    struct problems *problems;
    struct lists *lists;
    size_t known;    /* names answered before the step now read */
    unsigned screen; /* ON_… of the step now read; ON_ALL elsewhere */
    enum place place;
    size_t own_answers; /* from names[known] on, those of the step now read */
    bool names_unverified; /* what is now read filled in a fact that is not
                              verified */
    const char *each; /* the group whose entries' parts {name} may fill in, too,
                         in what is now read; or NULL */
    unsigned facts_used; /* bits of the facts that texts filled in */
    struct condition conditions[ITEM_CONDITIONS_MAX];
    size_t condition_count;
    /* What rules that know so many answers may name, with the conditions; made
     * when it is needed first, lives as long as the item. */
    struct rule_declared *first_names[ITEM_NAMES_MAX + 1];
    struct entry_mark *marks; /* in the order of the steps */
    size_t mark_count, mark_room;
};

/* item_load.c.  overlays: the files laid over it, in their order. */
struct overlay_files {
    const char *paths[ITEM_OVERLAYS_MAX];
    size_t count;
};
MUST_CHECK enum err item_load(const char *file, const char *name,
                              struct problems *problems, struct lists *lists,
                              struct loaded **ret_loaded);
MUST_CHECK enum err item_load_over(const char *file, const char *name,
                                   const struct overlay_files *overlays,
                                   struct problems *problems,
                                   struct lists *lists,
                                   struct loaded **ret_loaded);
void item_unload(struct loaded *loaded);
/* Adds an error (a warning) at a node, unless the node is refused already. */
__attribute__((format(printf, 3, 4))) void item_complain(struct loader *loader,
                                                         const struct yaml *at,
                                                         const char *format,
                                                         ...);
__attribute__((format(printf, 3, 4))) void item_warn(struct loader *loader,
                                                     const struct yaml *at,
                                                     const char *format, ...);
void item_load_map(struct loader *loader, enum place place,
                   const struct yaml *node, void *into);
/* Only whether its keys are known and all there, for what becomes something
 * else before it is loaded. */
void item_check_keys(struct loader *loader, enum place place,
                     const struct yaml *node);
/* Only compound steps have it: it stands in no struct. */
bool item_key_is_compound(const struct key_row *row);
/* Room for so many names, with those built in; once. */
void item_names_make(struct loaded *loaded, size_t room);
/* It is among them. */
bool item_name_stands(const struct loaded *loaded, const char *name);
void item_load_value(struct loader *loader, const struct key_row *row,
                     const struct yaml *node, void *into);
/* The size of the structs that a list of that place's maps becomes, and where
 * in the struct around them their number stands; 0: there are none. */
size_t item_entry_size(enum place place, void *around, size_t **ret_count);
/* The nth of words parted by |, and its length; NULL: there is none. */
const char *item_nth_word(const char *words, size_t n, size_t *ret_len);

/* item_words.c */
/* Of what is filled in nothing is left out. */
void item_load_text(struct loader *loader, const struct key_row *row,
                    const struct yaml *node, enum language language,
                    const char **into);
/* {name} is the item's, a fact's, an answer's or, of loader->each, a part's. */
void item_fills_check(struct loader *loader, const struct yaml *node);
void item_load_words(struct loader *loader, const struct key_row *row,
                     const struct yaml *node, struct words *into);
/* What is wrong with a text for people from *at on, or NULL; *at is then the
 * byte where it stands. */
const char *item_words_fault(const char *text, enum language language,
                             size_t *at);
bool item_name_is_ok(const char *name, bool with_dash);
/* The node's place in the file, moved to one of its bytes where the file has
 * them as they are here. */
struct yaml item_place_in(const struct yaml *node, size_t at);

/* item_fit.c: does a text fit its place at 40x15 and on 58-mm paper? */
void item_fit(struct loader *loader, const struct key_row *row,
              const struct yaml *node, const char *text);

/* item_facts.c: facts of the head, which {name} fills into texts. */
bool item_fact_is(const char *name, size_t len);
void item_facts_read(struct loader *loader, const struct yaml *root);
/* The text with its facts; the text itself when it names none. */
const char *item_facts_fill(struct loader *loader, const struct yaml *node,
                            enum language language);
void item_facts_check(struct loader *loader, const struct yaml *root);

/* item_codes.c */
void item_codes_check(struct loader *loader, const struct yaml *root);

/* item_asked.c: what goes with a question beside its type; what is computed. */
void item_asked_check(struct loader *loader, const struct yaml *node,
                      struct step *step);
void item_computed_check(struct loader *loader, const struct yaml *node,
                         struct step *step);
void item_load_sources(struct loader *loader, const struct key_row *row,
                       const struct yaml *node, const char ***into);
/* {name} of what is hidden in a text for people. */
bool item_is_hidden(const struct loader *loader, const char *name, size_t len);

/* item_rule.c: the only one that has rules parsed. */
void item_rule_free(struct rule *rule);
/* The same of one that may be worth anything. */
void item_load_value_rule(struct loader *loader, const struct yaml *node,
                          size_t known, struct rule **into);
void item_load_rule(struct loader *loader, const struct yaml *node,
                    size_t known, struct rule **into);
void item_conditions_read(struct loader *loader, const struct yaml *root);
void item_conditions_check(struct loader *loader);

/* item_literals.c: are the values possible that a rule compares answers with? */
void item_literals_check(struct loader *loader, const struct yaml *node,
                         const struct rule_program *program);

/* item_overlay.c: base with over laid over it. */
const struct yaml *item_overlay(struct loader *loader, const struct yaml *base,
                                const struct yaml *over);

/* item_expand.c: the item with ordinary steps in the place of compound ones. */
const struct yaml *item_expand(struct loader *loader, const struct yaml *root);

/* item_group.c: what a step that was made of a group is; NULL: it was not. */
const struct entry_mark *item_entry_mark(const struct loader *loader,
                                         const struct yaml *node);
void item_entry_take(const struct loader *loader, const struct yaml *node,
                     struct step *step);

/* item_group_parts.c: what a rule asks of entries must be among their parts. */
void item_group_parts_check(struct loader *loader, const struct yaml *node);

/* item_why.c: what is sensitive is not asked without a reason. */
void item_why_check(struct loader *loader, const struct yaml *node,
                    const struct step *step);
/* item_field.c: what goes with the type of a field, and of a choice. */
void item_field_check(struct loader *loader, const struct yaml *node,
                      struct step *step);
void item_choice_type_check(struct loader *loader, const struct yaml *node,
                            struct step *step);
/* item_choices.c: how many of a choice of many, and which alone. */
void item_choices_check(struct loader *loader, const struct yaml *node,
                        struct step *step);
/* Of one answer none is chosen alone. */
void item_alone_check(struct loader *loader, const struct step *step);
/* What a test answers such a page with: a list of texts, or one with commas. */
void item_choices_given(const struct yaml *given, struct buf *out);
/* "payments at the hub come": why such a page or field is not accepted yet;
 * NULL: it is no such kind. */
const char *item_kind_lacks(const char *name);

/* item_themes.c: many items stand under themes. */
void item_themes_check(const struct pack *pack, struct problems *problems);
/* "scanners come": why a device cannot be needed yet; NULL: it is none. */
const char *item_device_lacks(const char *name);

/* item_step.c */
/* Names that rules, fills and the envelope use for something else. */
bool item_name_is_reserved(const char *name);
void item_collect_names(struct loader *loader, const struct yaml *steps);
void item_step_begin(struct loader *loader, const struct yaml *node);
void item_step_check(struct loader *loader, const struct yaml *node,
                     struct step *step);
void item_check(struct loader *loader, const struct yaml *root,
                const char *file_name);
/* item_slip.c: what stands on the slip, read once all steps are. */
void item_slip_read(struct loader *loader, const struct yaml *root);
void item_slip_cells(struct loader *loader, const struct key_row *row,
                     const struct yaml *node, struct slip_cells *into);
/* The group of which a table has a row for each entry, or NULL. */
const char *item_slip_group(const struct yaml *table);
void item_slip_filled(struct loader *loader, const struct yaml *node,
                      const char **into);
void item_slip_papers(struct loader *loader, const struct yaml *node,
                      int *into);
/* item_slip_check.c: how its parts go together, and what is too much. */
void item_slip_check(struct loader *loader, const struct yaml *root);
/* item_person.c: the cards of others than the main person. */
/* The step that reads this person's card, as it is written, or NULL. */
const struct yaml *item_person_step(const struct loader *loader,
                                    const char *person);
/* "age" of spouse_age, where spouse is such a person; else NULL.  ret_step may
 * be NULL. */
const char *item_person_field(const struct loader *loader, const char *name,
                              const struct yaml **ret_step);
/* Adds the names that rules may use after that step. */
void item_person_collect(struct loader *loader, const struct yaml *step);
/* How many of the names from loader->known on the step gives. */
size_t item_person_names(const struct loader *loader, const struct yaml *step);
/* True: such an answer's name is taken by a card, which is told. */
bool item_person_claims(struct loader *loader, const struct yaml *answer);
/* card_birth and the like are answered only where birth is kept; false: it is
 * not, which is told. */
bool item_birth_is_kept(struct loader *loader, const struct yaml *node,
                        const char *name);
/* A card step; the main person's, node; and a name in a test's cards. */
void item_person_check(struct loader *loader, const struct yaml *node);
void item_person_check_own(struct loader *loader, const struct yaml *node);
void item_person_cards_check(struct loader *loader, const struct yaml *name);

/* item_shared.c: what other offices have on record. */
void item_load_records(struct loader *loader, const struct key_row *row,
                       const struct yaml *node, const char ***into);
/* Adds the names that rules may use after that step. */
void item_shared_collect(struct loader *loader, const struct yaml *step);
/* How many of the names from `from` on are of the step's records. */
size_t item_shared_names(const struct loader *loader, const struct yaml *step,
                         size_t from);
/* No answer of the author's may be called so. */
bool item_shared_is_name(const char *name);
/* What such a name may be, where that is one of a few words; else nothing is
 * told. */
void item_shared_values(const char *name,
                        void (*on_value)(void *owner, const char *value),
                        void *owner);
/* All such steps, once everything else is read. */
void item_shared_check(struct loader *loader, const struct yaml *steps);
/* True: the source is of a record that nothing asks for, which is told. */
bool item_shared_refuses(struct loader *loader, const struct yaml *node);
void item_load_test_records(struct loader *loader, const struct yaml *node);
struct answers;
/* What the test says of the records comes, at that step. */
MUST_CHECK enum err item_shared_lay(struct answers *answers,
                                    const struct item *item,
                                    const struct step *step,
                                    const struct yaml *test);

/* item_materials.c: papers, and the page that sums them up. */
void item_material_check(struct loader *loader, const struct yaml *node,
                         struct step *step);
/* steps: those before it are read. */
void item_materials_check(struct loader *loader, const struct yaml *node,
                          struct step *step);
/* item_closing.c: where the item ends without a case. */
void item_closing_check(struct loader *loader, const struct yaml *steps);
/* item_tasks.c: the parts of a long matter. */
void item_tasks_check(struct loader *loader, const struct yaml *steps);
/* item.c: what item_set_screens was told, or NULL. */
const char *const *item_known_screens(void);
/* True before item_set_screens. */
bool item_screen_is_known(const char *screen);
const char *item_screen_nearest(const char *screen);
