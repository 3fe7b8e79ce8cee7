#include "kiosk/hub/enrolment.h"

#include <string.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/crypto/crypto.h"

enum {
    PATH_BYTES_MAX = 4096,
    FILE_BYTES_MAX = 256,
    LINE_MAX_KEYS = 64 /* replacements in a machine's life that are followed */
};

static const char replaces_word[] = "replaces ";

bool enrolment_is_fingerprint(const char *text)
{
    return strlen(text) == CRYPTO_HEX_DIGEST - 1 &&
           strspn(text, "0123456789abcdef") == CRYPTO_HEX_DIGEST - 1;
}

static void join(struct buf *path, const char *state, const char *folder,
                 const char *name)
{
    buf_init(path, PATH_BYTES_MAX);
    buf_add_text(path, state);
    buf_add_char(path, '/');
    buf_add_text(path, folder);
    buf_add_char(path, '/');
    buf_add_text(path, name);
}

enum err enrolment_make_folders(const char *state)
{
    static const char *const folders[] = { "enrol", "replaced", "revoked",
                                           "journal" };
    enum err err = ERR_OK;
    struct buf path;

    for (size_t i = 0; !err && i < sizeof(folders) / sizeof(*folders); i++) {
        join(&path, state, folders[i], "");
        err = file_make_folder(path.text, 0700);
        buf_done(&path);
    }
    return err;
}

static bool stands_in(const char *state, const char *folder, const char *name)
{
    struct buf path;
    bool is_there;

    join(&path, state, folder, name);
    is_there = file_exists(path.text);
    buf_done(&path);
    return is_there;
}

static enum err put(const char *state, const char *folder, const char *name,
                    const char *text)
{
    struct buf path;
    enum err err;

    join(&path, state, folder, name);
    err = file_replace(path.text, text, strlen(text), 0600);
    buf_done(&path);
    return err;
}

enum enrolment enrolment_of(const char *state, const char *fingerprint)
{
    if (stands_in(state, "revoked", fingerprint))
        return ENROLMENT_REVOKED;
    if (stands_in(state, "replaced", fingerprint))
        return ENROLMENT_REPLACED;
    return stands_in(state, "enrol", fingerprint) ? ENROLMENT_GOOD
                                                  : ENROLMENT_NONE;
}

/* The key that this one replaces; false: it is the machine's first. */
static bool read_before(const char *state, const char *fingerprint,
                        char before[CRYPTO_HEX_DIGEST])
{
    struct buf path;
    char *text = NULL;
    size_t len = 0;
    bool has = false;

    join(&path, state, "enrol", fingerprint);
    if (!file_read(path.text, FILE_BYTES_MAX, &text, &len) &&
        strncmp(text, replaces_word, strlen(replaces_word)) == 0) {
        const char *name = text + strlen(replaces_word);
        size_t chars = strcspn(name, "\n");
        has = chars == CRYPTO_HEX_DIGEST - 1;
        if (has) {
            memcpy(before, name, chars);
            before[chars] = '\0';
        }
    }
    mem_free(text);
    buf_done(&path);
    return has && enrolment_is_fingerprint(before);
}

enum err enrolment_add(const char *state, const char *fingerprint,
                       const char *replaces)
{
    char before[CRYPTO_HEX_DIGEST];
    struct buf text;
    enum enrolment known;
    enum err err;

    if (!enrolment_is_fingerprint(fingerprint) ||
        (replaces && (!enrolment_is_fingerprint(replaces) ||
                      strcmp(replaces, fingerprint) == 0)))
        return ERR_BAD_INPUT;
    err = enrolment_make_folders(state);
    if (err)
        return err;
    known = enrolment_of(state, fingerprint);
    if (known == ENROLMENT_REVOKED || known == ENROLMENT_REPLACED)
        return ERR_REFUSED;
    /* Said once more without it, its predecessor is not forgotten; a key whose
     * line leads to itself would be everybody's. */
    if (read_before(state, fingerprint, before)) {
        if (replaces && strcmp(before, replaces) != 0)
            return ERR_CONFLICT;
        return ERR_OK;
    }
    if (replaces && enrolment_follows(state, replaces, fingerprint))
        return ERR_CONFLICT;
    buf_init(&text, FILE_BYTES_MAX);
    if (replaces)
        buf_add_format(&text, "%s%s\n", replaces_word, replaces);
    err = put(state, "enrol", fingerprint, text.len ? text.text : "");
    buf_done(&text);
    return err;
}

enum err enrolment_revoke(const char *state, const char *fingerprint)
{
    enum err err;

    if (!enrolment_is_fingerprint(fingerprint))
        return ERR_BAD_INPUT;
    err = enrolment_make_folders(state);
    return err ? err : put(state, "revoked", fingerprint, "");
}

enum err enrolment_settle(const char *state, const char *fingerprint)
{
    char before[CRYPTO_HEX_DIGEST];

    if (!read_before(state, fingerprint, before) ||
        stands_in(state, "replaced", before))
        return ERR_OK;
    return put(state, "replaced", before, "");
}

bool enrolment_follows(const char *state, const char *fingerprint,
                       const char *before)
{
    char at[CRYPTO_HEX_DIGEST];

    memcpy(at, fingerprint, sizeof(at));
    for (int i = 0; i < LINE_MAX_KEYS; i++) {
        if (!read_before(state, at, at))
            return false;
        if (strcmp(at, before) == 0)
            return true;
    }
    return false;
}
