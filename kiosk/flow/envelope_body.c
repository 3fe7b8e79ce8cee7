/* What is written into an envelope: header and body. */
#include "kiosk/flow/envelope_body.h"

#include <jansson.h>
#include <string.h>

#include "kiosk/base/chance.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/fill.h"
#include "kiosk/flow/asked.h"
#include "kiosk/flow/person.h"
#include "kiosk/flow/shared.h"
#include "kiosk/flow/slot.h"

/* What fields of a card are called, as msgids. */
static const struct {
    const char *field;
    const char *label;
} card_labels[] = {
    { "kind", N_("Kind of card") },
    { "name", N_("Name") },
    { "sex", N_("Sex") },
    { "ethnic", N_("Ethnic group") },
    { "birth", N_("Date of birth") },
    { "address", N_("Address on the card") },
    { "number", N_("ID number") },
    { "authority", N_("Issued by") },
    { "valid_from", N_("Valid from") },
    { "valid_to", N_("Valid to") },
    { "permit_number", N_("Travel permit number") },
    { "issue_count", N_("Times issued") },
    { "english_name", N_("Name in English") },
    { "nationality", N_("Nationality") },
    { "version", N_("Version of the card") },
    { "renewals", N_("Times renewed") },
};

/* Values of a card that are words of ours. */
static const struct {
    const char *value;
    const char *text;
} card_words[] = {
    { "male", N_("male") },
    { "female", N_("female") },
    { "unknown", N_("unknown") },
    { "unstated", N_("not stated") },
    { "long-term", N_("long-term") },
    { "resident", N_("resident identity card") },
    { "hmt", N_("residence permit for Hong Kong, Macao and Taiwan residents") },
    { "foreigner-2017", N_("foreigner's permanent residence card (2017)") },
    { "foreigner-2023", N_("foreigner's permanent residence card (2023)") },
};

enum { LABEL_BYTES = 512 };

static int add_to_buf(const char *bytes, size_t len, void *owner)
{
    struct buf *buf = owner;

    buf_add(buf, bytes, len);
    return buf->is_cut ? -1 : 0;
}

/* root is given up, also on failure.  jansson makes NULL of what is not valid
 * UTF-8, and an object that could not take one of its values is wrong. */
static enum err dump(json_t *root, bool is_whole, struct buf *out)
{
    enum err err = ERR_OK;

    if (!root || !is_whole)
        err = ERR_BAD_INPUT;
    else if (json_dump_callback(root, add_to_buf, out,
                                JSON_COMPACT | JSON_SORT_KEYS) != 0)
        err = ERR_TOO_BIG;
    json_decref(root);
    return err;
}

static bool put(json_t *object, const char *key, json_t *value)
{
    return json_object_set_new(object, key, value) == 0;
}

static bool put_text(json_t *object, const char *key, const char *text)
{
    return put(object, key, json_string(text));
}

/* "key": {"zh_CN": …, "en": …} */
static bool put_languages(json_t *object, const char *key,
                          const char *const texts[LANGUAGE_COUNT])
{
    json_t *both = json_object();
    bool is_whole = true;

    for (int i = 0; i < LANGUAGE_COUNT; i++)
        is_whole = put_text(both, language_name((enum language)i), texts[i]) &&
                   is_whole;
    return put(object, key, both) && is_whole;
}

static bool put_words(json_t *object, const char *key,
                      const struct envelope_input *input,
                      const struct words *words)
{
    enum { FILLED_BYTES = 16 * 1024 };
    struct buf filled[LANGUAGE_COUNT];
    const char *texts[LANGUAGE_COUNT];
    bool is_whole;

    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        buf_init(&filled[i], FILLED_BYTES);
        walk_fill(input->item, words, input->answers, (enum language)i,
                  &filled[i]);
        texts[i] = filled[i].text;
    }
    is_whole = put_languages(object, key, texts);
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        buf_done(&filled[i]);
    return is_whole;
}

/* An entry of "answers" with what every one has, borrowed; NULL: not valid
 * UTF-8.  "order" tells those who show them how the citizen saw them. */
static json_t *add_answer(json_t *body, const struct answers *answers,
                          const char *name)
{
    json_t *entry = json_object();
    json_t *all = json_object_get(body, "answers");
    json_t *order = json_object_get(body, "order");

    /* Taken by its new owner first, so that a failure leaves nothing over. */
    if (!put(all, name, entry) ||
        !put_text(entry, "value", answers_get(answers, name)) ||
        !put_text(entry, "source",
                  source_name(answers_source(answers, name))) ||
        json_array_append_new(order, json_string(name)) != 0)
        return NULL;
    return entry;
}

static const char *card_text(const char *field, const char *value,
                             enum language language)
{
    if (strcmp(field, "ethnic") == 0)
        return card_ethnic_text(value, language);
    if (strcmp(field, "sex") == 0 || strcmp(field, "kind") == 0 ||
        strcmp(field, "valid_to") == 0)
        for (size_t i = 0; i < sizeof card_words / sizeof *card_words; i++)
            if (strcmp(card_words[i].value, value) == 0)
                return i18n_text(language, card_words[i].text);
    return value;
}

const char *envelope_card_label(const char *field)
{
    for (size_t i = 0; i < sizeof card_labels / sizeof *card_labels; i++)
        if (strcmp(card_labels[i].field, field) == 0)
            return card_labels[i].label;
    return field;
}

void envelope_person_label(const struct step *step, const char *field,
                           enum language language, struct buf *out)
{
    const char *label = i18n_text(language, envelope_card_label(field));
    const struct fill fills[] = { { "field", label },
                                  { "role", words_in(&step->role, language) } };

    if (!person_is_other(step))
        buf_add_text(out, label);
    else
        /* TRANSLATORS: what stands on somebody's card: "Name of your spouse" */
        fill_text(out, i18n_text(language, N_("{field} of {role}")), fills, 2);
}

static bool add_card_field(json_t *body, const struct envelope_input *input,
                           const struct step *step, const char *field)
{
    const char *value = person_get(step, input->answers, field);
    const char *texts[LANGUAGE_COUNT], *labels[LANGUAGE_COUNT];
    struct buf label[LANGUAGE_COUNT];
    char name[PERSON_NAME_BYTES];
    json_t *entry;
    bool is_whole;

    if (!value)
        return true;
    person_answer(step, field, name);
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        buf_init(&label[i], LABEL_BYTES);
        envelope_person_label(step, field, (enum language)i, &label[i]);
        texts[i] = card_text(field, value, (enum language)i);
        labels[i] = label[i].text;
    }
    entry = add_answer(body, input->answers, name);
    is_whole =
        entry && put_languages(entry, "text", texts) &&
        put_languages(entry, "label", labels) &&
        (!person_is_other(step) || put_text(entry, "person", step->person));
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        buf_done(&label[i]);
    return is_whole;
}

static bool add_card(json_t *body, const struct envelope_input *input,
                     const struct step *step)
{
    const char *const *fields = person_fields(input->item, step);

    if (!fields[0] || envelope_is_anonymous(input->item, input->answers))
        return true;
    if (!add_card_field(body, input, step, "kind"))
        return false;
    for (size_t i = 0; fields[i]; i++)
        if (!add_card_field(body, input, step, fields[i]))
            return false;
    return true;
}

/* Where the session knows the main person from an earlier item, too. */
static bool add_own_card(json_t *body, const struct envelope_input *input)
{
    static const struct step own = { .screen = "card" };

    return add_card(body, input, &own);
}

/* ---- What other offices have on record ----------------------------------- */

/* Of a field, or of the record's day where field is NULL. */
static bool add_recorded(json_t *body, const struct envelope_input *input,
                         const struct shared_kind *kind,
                         const struct shared_field *field, const char *day)
{
    const char *texts[LANGUAGE_COUNT], *labels[LANGUAGE_COUNT];
    struct buf text[LANGUAGE_COUNT];
    char name[SHARED_NAME_BYTES];
    json_t *entry;
    bool is_whole;

    shared_name(kind, field, name);
    const char *value = answers_get(input->answers, name);
    if (!value)
        return true;
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        buf_init(&text[i], LABEL_BYTES);
        if (field)
            shared_text(field, value, (enum language)i, &text[i]);
        else
            buf_add_text(&text[i], value);
        texts[i] = text[i].text;
        labels[i] =
            i18n_text((enum language)i, field ? field->label : kind->label);
    }
    entry = add_answer(body, input->answers, name);
    is_whole = entry && put_languages(entry, "text", texts) &&
               put_languages(entry, "label", labels) &&
               put_text(entry, "record", kind->name) &&
               put_text(entry, "as_of", day);
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        buf_done(&text[i]);
    return is_whole;
}

static bool add_record(json_t *body, const struct envelope_input *input,
                       const struct shared_kind *kind)
{
    char name[SHARED_NAME_BYTES];

    shared_name(kind, NULL, name);
    const char *day = answers_get(input->answers, name);
    bool is_whole = !day || add_recorded(body, input, kind, NULL, day);
    for (size_t i = 0; day && is_whole && kind->fields[i].name; i++)
        is_whole = add_recorded(body, input, kind, &kind->fields[i], day);
    return is_whole;
}

static bool add_records(json_t *body, const struct envelope_input *input,
                        const struct step *step)
{
    for (size_t i = 0; i < SHARED_KINDS; i++)
        if (shared_asks(step, &shared_kinds[i]) &&
            !add_record(body, input, &shared_kinds[i]))
            return false;
    return true;
}

/* Beside an answer: what it was taken from and of which day, or that it is the
 * person's own word although an office has another. */
static bool put_origin(json_t *entry, const struct envelope_input *input,
                       const struct step *step)
{
    const struct shared_kind *kind = NULL;
    const struct shared_field *field;
    char name[SHARED_NAME_BYTES];
    bool differs;
    const char *from = asked_shared(step, input->answers, &differs);

    if (!from || !shared_parse(from, &kind, &field))
        return true;
    shared_name(kind, NULL, name);
    const char *day = answers_get(input->answers, name);
    if (differs)
        return put_text(entry, "differs", from);
    return put_text(entry, "from", from) && put_text(entry, "as_of", day);
}

static bool add_step(json_t *body, const struct envelope_input *input,
                     const struct step *step)
{
    enum { TEXT_BYTES = 16 * 1024 };
    json_t *entry = add_answer(body, input->answers, step->answer);
    struct buf texts[LANGUAGE_COUNT];
    const char *shown[LANGUAGE_COUNT];
    bool is_whole;

    if (!entry)
        return false;
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        buf_init(&texts[i], TEXT_BYTES);
        walk_text(input->item, step, input->answers, (enum language)i,
                  &texts[i]);
        shown[i] = texts[i].text;
    }
    is_whole = put_languages(entry, "text", shown) &&
               put_words(entry, "label", input, &step->label) &&
               put_origin(entry, input, step) &&
               (!slot_is(step) ||
                put_text(entry, "hold", input->hold ? input->hold : ""));
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        buf_done(&texts[i]);
    return is_whole;
}

static bool add_steps(json_t *body, const struct envelope_input *input)
{
    const struct item *item = input->item;

    for (size_t i = 0; i < item->step_count; i++) {
        const struct step *step = &item->steps[i];

        if (person_is_other(step) && walk_shows(step, input->answers) &&
            !add_card(body, input, step))
            return false;
        if (shared_is_step(step) && walk_shows(step, input->answers) &&
            !add_records(body, input, step))
            return false;
        if (!step->answer || !answers_get(input->answers, step->answer) ||
            !walk_shows(step, input->answers))
            continue;
        if (!add_step(body, input, step))
            return false;
    }
    return true;
}

/* What today() was for its rules: "2026-11-23". */
static bool put_today(json_t *body, const struct answers *answers)
{
    enum { DAY_MS = 24 * 60 * 60 * 1000 };
    struct clock_fields day = clock_split(answers_today(answers) * DAY_MS);
    struct buf text;
    bool is_whole;

    buf_init(&text, 32);
    buf_add_format(&text, "%04d-%02d-%02d", day.year, day.month, day.day);
    is_whole = put_text(body, "today", text.text);
    buf_done(&text);
    return is_whole;
}

static bool put_salt(json_t *body)
{
    unsigned char salt[16];
    struct buf hex;
    bool is_whole;

    chance_bytes(salt, sizeof salt);
    buf_init(&hex, 2 * sizeof salt);
    buf_add_hex(&hex, salt, sizeof salt);
    is_whole = put_text(body, "salt", hex.text);
    buf_done(&hex);
    return is_whole;
}

/* ---- The slip, for a phone ----------------------------------------------- */

struct slip_rows {
    json_t *rows;
    enum language language;
    size_t at;
    bool is_whole;
};

/* Both languages have the same rows. */
static void on_row(void *owner, const char *id, const char *label,
                   const char *text)
{
    struct slip_rows *slip = owner;
    const char *name = language_name(slip->language);
    json_t *row = json_array_get(slip->rows, slip->at++);

    if (!row) {
        row = json_object();
        slip->is_whole = json_array_append_new(slip->rows, row) == 0 &&
                         put_text(row, "id", id) &&
                         put(row, "label", json_object()) &&
                         put(row, "text", json_object()) && slip->is_whole;
    }
    slip->is_whole = put_text(json_object_get(row, "label"), name, label) &&
                     put_text(json_object_get(row, "text"), name, text) &&
                     slip->is_whole;
}

static bool add_slip(json_t *body, const struct envelope_input *input)
{
    struct slip_rows slip = { .rows = json_array(), .is_whole = true };
    const struct walk_slip rows = { on_row, &slip };

    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        slip.language = (enum language)i;
        slip.at = 0;
        walk_slip(input->item, input->answers, slip.language, &rows);
        if (input->terminal.in[0])
            on_row(&slip, "terminal", i18n_text(slip.language, N_("Terminal")),
                   words_in(&input->terminal, slip.language));
    }
    return put(body, "slip", slip.rows) && slip.is_whole;
}

/* What the office's own systems file it under; what is not verified is not
 * there. */
static bool add_codes(json_t *body, const struct item *item)
{
    const struct {
        const char *name, *code;
    } codes[] = { { "catalogue", item->catalogue_code },
                  { "implementation", item->code },
                  { "handling", item->handling_code } };
    json_t *map = json_object();
    bool is_whole = true;

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i].code)
            is_whole = put_text(map, codes[i].name, codes[i].code) && is_whole;
    if (json_object_size(map) > 0)
        is_whole = put(body, "codes", json_incref(map)) && is_whole;
    json_decref(map);
    if (item->type != ITEM_TYPE_UNSAID)
        is_whole =
            put_text(body, "type", item_type_name(item->type)) && is_whole;
    if (item->case_type != CASE_TYPE_UNSAID)
        is_whole =
            put_text(body, "case_type", case_type_name(item->case_type)) &&
            is_whole;
    if (item->audience != AUDIENCE_UNSAID)
        is_whole =
            put_text(body, "audience", item_audience_name(item->audience)) &&
            is_whole;
    if (item->area != AREA_UNSAID)
        is_whole =
            put_text(body, "area", plan_area_name(item->area)) && is_whole;
    return is_whole;
}

enum err envelope_body(const struct envelope_input *input, struct buf *out)
{
    json_t *body = json_object();
    bool is_whole =
        put(body, "answers", json_object()) &&
        put(body, "order", json_array()) &&
        put_text(body, "receipt", input->receipt) &&
        put_text(body, "lookup_code", input->lookup_code) &&
        put_text(body, "address", input->address) &&
        put_text(body, "language", language_name(input->language)) &&
        put_words(body, "title", input, &input->item->title) &&
        put_words(body, "unit", input, &input->item->unit) &&
        put_today(body, input->answers) && put_salt(body) &&
        add_slip(body, input) && add_codes(body, input->item) &&
        add_own_card(body, input) && add_steps(body, input);

    return dump(body, is_whole, out);
}

enum err envelope_header(const struct envelope_input *input, const char *digest,
                         struct buf *out)
{
    const struct item *item = input->item;
    bool is_anonymous = envelope_is_anonymous(item, input->answers);
    char machine[CRYPTO_HEX_DIGEST], office[CRYPTO_HEX_DIGEST], time[32];
    json_t *header = json_object();
    bool is_whole;

    key_fingerprint(input->machine_public, machine);
    key_fingerprint(input->office_key, office);
    clock_format_iso(input->wall_ms, is_anonymous, time, sizeof time);
    is_whole =
        put_text(header, "case", input->case_id) &&
        put_text(header, "machine", machine) &&
        put(header, "number", json_integer(input->number)) &&
        put_text(header, "receipt", input->receipt) &&
        put_text(header, "item", item->id) &&
        put(header, "version", json_integer(item->version)) &&
        put_text(header, "item_hash", item->hash) &&
        put(header, "notice_version", json_integer(item->notice_version)) &&
        put_text(header, "notice_hash", item->notice_hash) &&
        put_text(header, "assurance",
                 is_anonymous ? "none" : input->assurance) &&
        put_text(header, "time", time) &&
        put(header, "suite", json_integer(ENVELOPE_SUITE)) &&
        put_text(header, "office_key", office) &&
        put_text(header, "digest", digest);
    return dump(header, is_whole, out);
}
