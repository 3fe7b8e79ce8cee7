/* Reading of .mo files (GNU gettext manual, "The Format of GNU MO Files").
 *
 * A catalogue is the mapped file: two tables of (length, offset) pairs, for the
 * msgids, which are sorted, and their translations.  i18n_open() checks every
 * pair once, so that a look-up needs no further check: a text lies inside the
 * file and ends with NUL. */
#include "kiosk/base/i18n.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/file.h"
#include "kiosk/base/text.h"

enum {
    PATH_BYTES = 4096,
    KEY_BYTES = 1024,
    HEADER_BYTES = 28,
    CONTEXT_END = '\004'
};

/* How the number of things chooses a form.  No more is needed, so no
 * expression is evaluated: a catalogue with other rules is refused. */
enum plural { PLURAL_NONE, PLURAL_ONE_OR_MANY };

struct catalogue {
    const unsigned char *bytes; /* NULL: not open */
    size_t len;
    bool is_swapped; /* written on a machine of the other byte order */
    uint32_t count;
    uint32_t msgids, texts; /* where the tables begin */
    enum plural plural;
};

static struct catalogue catalogues[LANGUAGE_COUNT];

static const char *const names[LANGUAGE_COUNT] = {
    [LANGUAGE_ZH_CN] = "zh_CN",
    [LANGUAGE_EN] = "en",
};

const char *language_name(enum language language)
{
    return names[language];
}

enum err language_find(const char *name, enum language *ret)
{
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        if (strcmp(names[i], name) == 0) {
            *ret = (enum language)i;
            return ERR_OK;
        }
    }
    return ERR_NOT_FOUND;
}

static uint32_t word_at(const struct catalogue *catalogue, size_t at)
{
    const unsigned char *b = catalogue->bytes + at;

    if (catalogue->is_swapped)
        return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
               (uint32_t)b[2] << 8 | b[3];
    return (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 |
           b[0];
}

static const char *string_at(const struct catalogue *catalogue, uint32_t table,
                             uint32_t index, size_t *ret_len)
{
    *ret_len = word_at(catalogue, table + (size_t)index * 8);
    return (const char *)catalogue->bytes +
           word_at(catalogue, table + (size_t)index * 8 + 4);
}

static bool is_string_ok(const struct catalogue *catalogue, uint32_t table,
                         uint32_t index)
{
    size_t len = word_at(catalogue, table + (size_t)index * 8);
    size_t at = word_at(catalogue, table + (size_t)index * 8 + 4);

    if (at >= catalogue->len || len >= catalogue->len - at)
        return false;
    const char *text = (const char *)catalogue->bytes + at;
    if (text[len] != '\0')
        return false;
    /* The forms of a plural stand one after the other, each ended by NUL. */
    for (size_t done = 0; done <= len; done += strlen(text + done) + 1)
        if (!text_is_valid(text + done, strlen(text + done)))
            return false;
    return true;
}

static bool is_table_ok(const struct catalogue *catalogue, uint32_t table)
{
    return table >= HEADER_BYTES && table <= catalogue->len &&
           catalogue->count <= (catalogue->len - table) / 8;
}

static enum err check_strings(const struct catalogue *catalogue)
{
    size_t ignored;

    for (uint32_t i = 0; i < catalogue->count; i++) {
        if (!is_string_ok(catalogue, catalogue->msgids, i) ||
            !is_string_ok(catalogue, catalogue->texts, i))
            return ERR_CORRUPT;
        if (i > 0 &&
            strcmp(string_at(catalogue, catalogue->msgids, i - 1, &ignored),
                   string_at(catalogue, catalogue->msgids, i, &ignored)) >= 0)
            return ERR_CORRUPT;
    }
    return ERR_OK;
}

static const char *find(const struct catalogue *catalogue, const char *key,
                        size_t *ret_len)
{
    uint32_t low = 0, high = catalogue->bytes ? catalogue->count : 0;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(
            key, string_at(catalogue, catalogue->msgids, middle, ret_len));

        if (order == 0)
            return string_at(catalogue, catalogue->texts, middle, ret_len);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* The entry of the empty msgid is the file's header. */
static enum err read_plural(struct catalogue *catalogue)
{
    size_t len;
    const char *header = find(catalogue, "", &len);
    const char *rule = header ? strstr(header, "Plural-Forms:") : NULL;

    if (!rule)
        return ERR_CORRUPT;
    rule += strlen("Plural-Forms:");
    rule += strspn(rule, " ");
    if (strncmp(rule, "nplurals=1; plural=0;", 21) == 0)
        catalogue->plural = PLURAL_NONE;
    else if (strncmp(rule, "nplurals=2; plural=(n != 1);", 28) == 0 ||
             strncmp(rule, "nplurals=2; plural=n != 1;", 26) == 0)
        catalogue->plural = PLURAL_ONE_OR_MANY;
    else
        return ERR_CORRUPT;
    return ERR_OK;
}

static enum err check(struct catalogue *catalogue)
{
    if (catalogue->len < HEADER_BYTES)
        return ERR_CORRUPT;
    if (word_at(catalogue, 0) == 0xde120495)
        catalogue->is_swapped = true;
    if (word_at(catalogue, 0) != 0x950412de)
        return ERR_CORRUPT;
    if (word_at(catalogue, 4) >> 16 > 1)
        return ERR_TOO_NEW;
    catalogue->count = word_at(catalogue, 8);
    catalogue->msgids = word_at(catalogue, 12);
    catalogue->texts = word_at(catalogue, 16);
    if (!is_table_ok(catalogue, catalogue->msgids) ||
        !is_table_ok(catalogue, catalogue->texts))
        return ERR_CORRUPT;
    enum err err = check_strings(catalogue);
    return err ? err : read_plural(catalogue);
}

static enum err open_one(const char *folder, enum language language)
{
    char path[PATH_BYTES];
    struct catalogue catalogue = { 0 };
    const void *bytes;
    int len = snprintf(path, sizeof path, "%s/%s.mo", folder, names[language]);

    if (len < 0 || (size_t)len >= sizeof path)
        return ERR_TOO_BIG;
    enum err err = file_map(path, &bytes, &catalogue.len);
    if (err)
        return err;
    catalogue.bytes = bytes;
    err = check(&catalogue);
    if (err) {
        file_unmap(bytes, catalogue.len);
        return err;
    }
    catalogues[language] = catalogue;
    return ERR_OK;
}

enum err i18n_open(const char *folder)
{
    i18n_close();
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        if (i == LANGUAGE_EN)
            continue; /* the msgids are English */
        enum err err = open_one(folder, (enum language)i);
        if (err) {
            i18n_close();
            return err;
        }
    }
    return ERR_OK;
}

void i18n_close(void)
{
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        if (catalogues[i].bytes)
            file_unmap(catalogues[i].bytes, catalogues[i].len);
        catalogues[i] = (struct catalogue){ 0 };
    }
}

const char *i18n_text(enum language language, const char *msgid)
{
    size_t len;
    /* The empty msgid would find the header. */
    const char *text = *msgid ? find(&catalogues[language], msgid, &len) : NULL;

    return text && *text ? text : msgid;
}

const char *i18n_text_in(enum language language, const char *context,
                         const char *msgid)
{
    char key[KEY_BYTES];
    size_t ignored;
    int len = snprintf(key, sizeof key, "%s%c%s", context, CONTEXT_END, msgid);

    if (len < 0 || (size_t)len >= sizeof key)
        return msgid;
    const char *text = find(&catalogues[language], key, &ignored);
    return text && *text ? text : msgid;
}

const char *i18n_text_many(enum language language, const char *one,
                           const char *many, unsigned long n)
{
    const struct catalogue *catalogue = &catalogues[language];
    size_t len;
    const char *text = *one ? find(catalogue, one, &len) : NULL;

    if (!text || !*text)
        return n == 1 ? one : many;
    if (catalogue->plural == PLURAL_ONE_OR_MANY && n != 1 && strlen(text) < len)
        return text + strlen(text) + 1;
    return text;
}

const char *words_in(const struct words *words, enum language language)
{
    if (words->in[language])
        return words->in[language];
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        if (words->in[i])
            return words->in[i];
    return "";
}
