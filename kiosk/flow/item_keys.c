/* The one table of what an item's file may say.  screens/items/README.md has a
 * row for each row here; a test compares the two. */
#include "kiosk/flow/item_load.h"

#include <string.h>

#define ITEM(field)   offsetof(struct item, field)
#define STEP(field)   offsetof(struct step, field)
#define OPTION(field) offsetof(struct option, field)
#define STOP(field)   offsetof(struct stop, field)
#define LINE(field)   offsetof(struct line, field)

#define ON_ASKING (ON_CHOICE | ON_FIELD)
/* What the office is asked for in the session. */
#define ON_OFFICE (ON_CHECK | ON_CERTIFICATE | ON_CASES)

/* place, name, kind, allowed on, required on, offset, limit, inner, means */
const struct key_row item_keys[] = {
    { PLACE_ITEM, "id", TAKES_ITEM_ID, ON_ALL, ON_ALL, ITEM(id), 0, 0,
      "the item's name, the same as the file's" },
    { PLACE_ITEM, "version", TAKES_NUMBER, ON_ALL, ON_ALL, ITEM(version),
      1000000, 0, "from 1; raise it whenever the item changes" },
    { PLACE_ITEM, "order", TAKES_NUMBER, ON_ALL, ON_ALL, ITEM(order), 1000, 0,
      "its place on the home page, the smallest first" },
    { PLACE_ITEM, "code", TAKES_ITEM_CODE, ON_ALL, 0, ITEM(code), 0, 0,
      "its implementation code, 31 characters, once it is verified" },
    { PLACE_ITEM, "title", TAKES_WORDS, ON_ALL, ON_ALL, ITEM(title), 0, 0,
      "the item's name for people" },
    { PLACE_ITEM, "summary", TAKES_WORDS, ON_ALL, ON_ALL, ITEM(summary), 0, 0,
      "the tile's first line: what it does" },
    { PLACE_ITEM, "bring", TAKES_WORDS, ON_ALL, ON_ALL, ITEM(bring), 0, 0,
      "the tile's second line: what to bring, how long, what it costs" },
    { PLACE_ITEM, "authority", TAKES_WORDS, ON_ALL, ON_ALL, ITEM(authority), 0,
      0, "on whose behalf the card is read" },
    { PLACE_ITEM, "unit", TAKES_WORDS, ON_ALL, ON_ALL, ITEM(unit), 0, 0,
      "the office that gets the case" },
    { PLACE_ITEM, "contact", TAKES_WORDS, ON_ALL, ON_ALL, ITEM(contact), 0, 0,
      "whom to ask, and who corrects or withdraws what was sent" },
    { PLACE_ITEM, "hours", TAKES_HOURS, ON_ALL, 0, ITEM(hours), 0, 0,
      "when it can be begun, HH:MM-HH:MM; without it, while the terminal is "
      "open" },
    { PLACE_ITEM, "needs", TAKES_MAP, ON_ALL, ON_ALL, 0, 0, PLACE_NEEDS,
      "what must work for the item to be offered" },
    { PLACE_ITEM, "assurance", TAKES_ASSURANCE, ON_ALL, ON_ALL, ITEM(assurance),
      0, 0,
      "how sure the office must be of the person: none, typed, code, card, "
      "card and check" },
    { PLACE_ITEM, "card_fields", TAKES_CARD_FIELDS, ON_ALL, 0,
      ITEM(card_fields), 16, 0,
      "what is kept of the card; all else is dropped at once" },
    { PLACE_ITEM, "notice", TAKES_MAP, ON_ALL, 0, 0, 0, PLACE_NOTICE,
      "the privacy notice; required with a card step" },
    { PLACE_ITEM, "anonymous", TAKES_MAP, ON_ALL, 0, 0, 0, PLACE_ANONYMOUS,
      "the answer that makes a case anonymous" },
    { PLACE_ITEM, "steps", TAKES_MAPS, ON_ALL, ON_ALL, ITEM(steps),
      ITEM_STEPS_MAX, PLACE_STEP, "the pages, in their order" },

    { PLACE_NEEDS, "network", TAKES_NEED, ON_ALL, ON_ALL, ITEM(network), 0, 0,
      "no, wished or must" },
    { PLACE_NEEDS, "reader", TAKES_NEED, ON_ALL, ON_ALL, ITEM(reader), 0, 0,
      "no, wished or must" },
    { PLACE_NEEDS, "printer", TAKES_NEED, ON_ALL, ON_ALL, ITEM(printer), 0, 0,
      "no, wished or must" },
    { PLACE_NEEDS, "a4", TAKES_BOOL, ON_ALL, 0, ITEM(needs_a4), 0, 0,
      "true: the printer is one for A4" },

    { PLACE_NOTICE, "version", TAKES_NUMBER, ON_ALL, ON_ALL,
      ITEM(notice_version), 1000000, 0,
      "from 1; raise it whenever the notice changes" },
    { PLACE_NOTICE, "text", TAKES_WORDS, ON_ALL, ON_ALL, ITEM(notice), 0, 0,
      "the full text: who, purpose, which data, ground, how long, rights" },

    { PLACE_ANONYMOUS, "when", TAKES_NAME, ON_ALL, ON_ALL,
      ITEM(anonymous_when_answer), 0, 0, "the answer's name" },
    { PLACE_ANONYMOUS, "is", TAKES_VALUE, ON_ALL, ON_ALL,
      ITEM(anonymous_when_value), 0, 0, "the value that means anonymous" },

    { PLACE_STEP, "id", TAKES_NAME, ON_ALL, ON_ALL, STEP(id), 0, 0,
      "the step's name, unique in the item" },
    { PLACE_STEP, "screen", TAKES_SCREEN, ON_ALL, ON_ALL, STEP(screen), 0, 0,
      "the kind of page" },
    { PLACE_STEP, "when", TAKES_RULE, ON_ALL, 0, STEP(when), 0, 0,
      "the rule that must hold for the page to be shown" },
    { PLACE_STEP, "answer", TAKES_NAME, ON_ASKING | ON_OTHER, 0, STEP(answer),
      0, 0, "the answer's name, when it is not the step's" },
    { PLACE_STEP, "ask", TAKES_WORDS, ON_ALL, ON_ASKING, STEP(ask), 0, 0,
      "the question, the page's heading" },
    { PLACE_STEP, "hint", TAKES_WORDS, ON_ALL, 0, STEP(hint), 0, 0,
      "one sentence of help under the question" },
    { PLACE_STEP, "why", TAKES_WORDS, ON_ASKING | ON_CARD | ON_OTHER, 0,
      STEP(why), 0, 0, "the legal basis, shown under why we ask" },
    { PLACE_STEP, "label", TAKES_WORDS, ON_ASKING | ON_OTHER, ON_ASKING,
      STEP(label), 0, 0, "the answer's name on review, slip and errors" },
    { PLACE_STEP, "options", TAKES_MAPS, ON_CHOICE, 0, STEP(options),
      ITEM_OPTIONS_MAX, PLACE_OPTION, "what can be chosen" },
    { PLACE_STEP, "list", TAKES_LIST, ON_CHOICE, 0, STEP(list), 0, 0,
      "instead of options: the name of a file in lists/" },
    { PLACE_STEP, "under", TAKES_NAME, ON_CHOICE, 0, STEP(under), 0, 0,
      "the earlier answer that is the rows' parent" },
    { PLACE_STEP, "type", TAKES_FIELD_TYPE, ON_FIELD, ON_FIELD, STEP(type), 0,
      0, "mobile, text, receipt (a receipt number) or code (its lookup code)" },
    { PLACE_STEP, "max", TAKES_SIZE, ON_FIELD, 0, STEP(max_chars), 1000, 0,
      "the most characters of a text" },
    { PLACE_STEP, "way", TAKES_WORDS, ON_ASKING, 0, STEP(way), 0, 0,
      "the way round for who cannot answer; the answer is then \"later\"" },
    { PLACE_STEP, "may_type", TAKES_BOOL, ON_CARD, 0, STEP(may_type), 0, 0,
      "true: without a card the number may be typed" },
    { PLACE_STEP, "kind", TAKES_VALUE, ON_CERTIFICATE, ON_CERTIFICATE,
      STEP(kind), 0, 0, "what the authority calls the certificate" },
    { PLACE_STEP, "lines", TAKES_MAPS,
      ON_GUIDE | ON_RESULT | ON_CERTIFICATE | ON_OTHER, ON_GUIDE | ON_RESULT,
      STEP(lines), 32, PLACE_LINE, "what stands on the page" },
    { PLACE_STEP, "text", TAKES_WORDS, ON_DECLARE | ON_REVIEW | ON_OTHER,
      ON_DECLARE, STEP(text), 0, 0, "the declaration" },
    { PLACE_STEP, "stops", TAKES_MAPS,
      ON_ASKING | ON_CARD | ON_OFFICE | ON_OTHER, 0, STEP(stops), 8, PLACE_STOP,
      "where the item cannot go on here" },

    { PLACE_OPTION, "value", TAKES_VALUE, ON_ALL, ON_ALL, OPTION(value), 0, 0,
      "what is sent, unique in the step" },
    { PLACE_OPTION, "text", TAKES_WORDS, ON_ALL, ON_ALL, OPTION(text), 0, 0,
      "what is read" },
    { PLACE_OPTION, "note", TAKES_WORDS, ON_ALL, 0, OPTION(note), 0, 0,
      "a second, smaller line" },
    { PLACE_OPTION, "when", TAKES_RULE, ON_ALL, 0, OPTION(when), 0, 0,
      "the rule that must hold for it to be offered" },

    { PLACE_STOP, "id", TAKES_NAME, ON_ALL, ON_ALL, STOP(id), 0, 0,
      "the stop's name, unique in the step" },
    { PLACE_STOP, "when", TAKES_RULE, ON_ALL, ON_ALL, STOP(when), 0, 0,
      "the rule that stops; it may use this step's answer" },
    { PLACE_STOP, "reason", TAKES_WORDS, ON_ALL, ON_ALL, STOP(reason), 0, 0,
      "what is the matter, and why" },
    { PLACE_STOP, "done", TAKES_WORDS, ON_ALL, ON_ALL, STOP(done), 0, 0,
      "what was and what was not done" },
    { PLACE_STOP, "ways", TAKES_WAYS, ON_ALL, ON_ALL, STOP(ways), 3, 0,
      "one to three ways on, each a text" },

    { PLACE_LINE, "id", TAKES_NAME, ON_ALL, ON_ALL, LINE(id), 0, 0,
      "the line's name, unique in the step" },
    { PLACE_LINE, "label", TAKES_WORDS, ON_ALL, ON_ALL, LINE(label), 0, 0,
      "what the line is about" },
    { PLACE_LINE, "text", TAKES_WORDS, ON_ALL, ON_ALL, LINE(text), 0, 0,
      "what it says" },
    { PLACE_LINE, "when", TAKES_RULE, ON_ALL, 0, LINE(when), 0, 0,
      "the rule that must hold for it to stand there" },
};
const size_t item_key_count = sizeof item_keys / sizeof *item_keys;

const char *item_place_name(enum place place)
{
    static const char *const names[PLACE_COUNT] = {
        [PLACE_ITEM] = "the item",     [PLACE_NEEDS] = "needs",
        [PLACE_NOTICE] = "the notice", [PLACE_ANONYMOUS] = "anonymous",
        [PLACE_STEP] = "a step",       [PLACE_OPTION] = "an option",
        [PLACE_STOP] = "a stop",       [PLACE_LINE] = "a line",
    };

    return names[place];
}

const struct key_row *item_key_find(enum place place, const char *name)
{
    for (size_t i = 0; i < item_key_count; i++)
        if (item_keys[i].place == place && strcmp(item_keys[i].name, name) == 0)
            return &item_keys[i];
    return NULL;
}

static const struct {
    const char *screen;
    unsigned bit;
} bits[] = {
    { "guide", ON_GUIDE },   { "card", ON_CARD },
    { "choice", ON_CHOICE }, { "field", ON_FIELD },
    { "review", ON_REVIEW }, { "declare", ON_DECLARE },
    { "send", ON_SEND },     { "result", ON_RESULT },
    { "check", ON_CHECK },   { "certificate", ON_CERTIFICATE },
    { "cases", ON_CASES },   { "other pages", ON_OTHER },
};

unsigned item_screen_bit(const char *screen)
{
    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++)
        if (strcmp(bits[i].screen, screen) == 0)
            return bits[i].bit;
    return ON_OTHER;
}

void item_screen_bits_text(unsigned wanted, struct buf *out)
{
    const char *between = "";

    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
        if (!(wanted & bits[i].bit))
            continue;
        buf_add_text(out, between);
        buf_add_text(out, bits[i].screen);
        between = ", ";
    }
}
