/* The machines' journals, as far as heartbeats tell of them.
 *
 * The hub notes number and hash of each machine's newest record.  The machine
 * is told what was noted, and says in its next heartbeat what it holds at that
 * number: only then a higher number is believed.  So a journal that was rolled
 * back shows at once, and one that was rolled back and has grown again, too.
 * What was noted stays noted until staff says that the new one is right. */
#include "kiosk/hub/hub_parts.h"

#include <string.h>

#include "kiosk/base/event.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"

enum { PATH_BYTES_MAX = 4096, KEY_FILE_MAX = 512 };

/* What a heartbeat says. */
struct claim {
    struct journal_head head;
    struct journal_head known; /* number 0: nothing */
    const char *key;           /* sealed; NULL: none */
};

/* Both files are in DIR/journal: the sealed key as it was told first, and what
 * `journal-accept` leaves for the running hub. */
static void journal_path(struct buf *path, const char *state,
                         const char *machine, const char *suffix)
{
    buf_init(path, PATH_BYTES_MAX);
    buf_add_format(path, "%s/journal/%s%s", state, machine, suffix);
}

/* ---- Keys ---- */

static enum err keep_key(const char *path, const char *key)
{
    struct buf text;

    buf_init(&text, KEY_FILE_MAX);
    buf_add_format(&text, "%s\n", key);
    enum err err = file_replace(path, text.text, text.len, 0600);
    buf_done(&text);
    return err;
}

/* The first one told is kept.  False: now it is another, so the journal was
 * begun anew. */
static bool is_same_key(const struct hub *hub, const char *machine,
                        const char *key)
{
    bool is_same = true;
    char *kept = NULL;
    size_t len = 0;
    struct buf path;

    if (key == NULL)
        return true;
    journal_path(&path, hub->state, machine, ".key");
    enum err err = file_read(path.text, KEY_FILE_MAX, &kept, &len);
    if (err == ERR_NOT_FOUND)
        /* Else it is told again with the next heartbeat. */
        err = keep_key(path.text, key);
    else if (!err)
        is_same = len == strlen(key) + 1 && memcmp(kept, key, len - 1) == 0;
    mem_free(kept);
    buf_done(&path);
    return is_same;
}

enum err hub_journal_key(const char *state, const char *file, struct buf *text)
{
    struct key *office_key = NULL;
    char *sealed = NULL;
    size_t len = 0;
    struct buf path;

    buf_init(&path, PATH_BYTES_MAX);
    buf_add_format(&path, "%s/office.key", state);
    enum err err = key_open(path.text, KEY_OPEN, false, &office_key);
    buf_done(&path);
    if (err)
        return err;
    err = file_read(file, KEY_FILE_MAX, &sealed, &len);
    if (!err && len > 0 && sealed[len - 1] == '\n')
        sealed[len - 1] = '\0';
    if (!err)
        err = journal_key_open(office_key, sealed, text);
    mem_free(sealed);
    key_close(office_key);
    return err;
}

/* ---- What a heartbeat says ---- */

static bool take_head(json_t *object, struct journal_head *ret_head)
{
    json_t *number = json_object_get(object, "number");
    const char *hash = json_string_value(json_object_get(object, "hash"));
    struct journal_head head = { .number = json_integer_value(number) };

    if (head.number < 1 || hash == NULL ||
        hex_decode(hash, head.hash, sizeof(head.hash)))
        return false;
    *ret_head = head;
    return true;
}

/* False when it says nothing that could be noted. */
static bool take_claim(json_t *health, struct claim *claim)
{
    json_t *journal = json_object_get(health, "journal");

    memset(claim, 0, sizeof(*claim));
    if (!take_head(journal, &claim->head))
        return false;
    (void)take_head(json_object_get(journal, "known"), &claim->known);
    claim->key = json_string_value(json_object_get(journal, "key"));
    if (claim->key != NULL && strlen(claim->key) != JOURNAL_SEALED_BYTES - 1)
        claim->key = NULL;
    return true;
}

static bool is_same_head(const struct journal_head *a,
                         const struct journal_head *b)
{
    return a->number == b->number &&
           memcmp(a->hash, b->hash, sizeof(a->hash)) == 0;
}

enum verdict { VERDICT_GOES_ON, VERDICT_UNPROVEN, VERDICT_DIFFERS };

static enum verdict judge(const struct journal_head *noted,
                          const struct claim *claim)
{
    const struct journal_head *head = &claim->head;

    if (noted->number == 0 || is_same_head(noted, head))
        return VERDICT_GOES_ON;
    if (head->number <= noted->number)
        return VERDICT_DIFFERS;
    if (claim->known.number != noted->number)
        return VERDICT_UNPROVEN;
    return is_same_head(noted, &claim->known) ? VERDICT_GOES_ON
                                              : VERDICT_DIFFERS;
}

/* ---- Accepting another one ---- */

enum err hub_journal_accept(const char *state, const char *machine)
{
    struct buf path;

    if (strlen(machine) != CRYPTO_HEX_DIGEST - 1 ||
        strspn(machine, "0123456789abcdef") != CRYPTO_HEX_DIGEST - 1)
        return ERR_BAD_INPUT;
    journal_path(&path, state, machine, ".accept");
    enum err err = file_replace(path.text, "", 0, 0600);
    buf_done(&path);
    return err;
}

/* A mark that nobody needed must not accept a forgery later on. */
static void drop_mark(const struct hub *hub, const char *machine)
{
    struct buf mark;

    journal_path(&mark, hub->state, machine, ".accept");
    if (file_exists(mark.text)) {
        enum err err = file_remove(mark.text);
        (void)err; /* it is there at the next heartbeat still */
    }
    buf_done(&mark);
}

/* The mark goes last: until then the next heartbeat accepts it again. */
static bool was_accepted(const struct hub *hub, const char *machine,
                         const struct claim *claim)
{
    struct buf mark;
    struct buf key;
    enum err err = ERR_NOT_FOUND;

    journal_path(&mark, hub->state, machine, ".accept");
    journal_path(&key, hub->state, machine, ".key");
    if (file_exists(mark.text)) {
        err = claim->key != NULL ? keep_key(key.text, claim->key) : ERR_OK;
        if (!err)
            err = file_remove(mark.text);
    }
    if (!err)
        event_record(EVENT_JOURNAL_ACCEPTED, FIELD_MACHINE, machine,
                     FIELD_NUMBER, claim->head.number, FIELD_END);
    buf_done(&mark);
    buf_done(&key);
    return !err;
}

/* ---- A heartbeat ---- */

void hub_journal_take(const struct hub *hub,
                      const struct request_sender *sender, json_t *health,
                      struct hub_journal *journal)
{
    struct claim claim;

    /* One that was delayed on its way tells of a past that is over. */
    if (!take_claim(health, &claim) || sender->wall_ms < journal->told_ms)
        return;
    journal->told_ms = sender->wall_ms;
    enum verdict verdict = judge(&journal->head, &claim);
    if (!is_same_key(hub, sender->machine, claim.key))
        verdict = VERDICT_DIFFERS;
    if (verdict == VERDICT_DIFFERS &&
        was_accepted(hub, sender->machine, &claim))
        verdict = VERDICT_GOES_ON;
    switch (verdict) {
    case VERDICT_GOES_ON:
        drop_mark(hub, sender->machine);
        journal->head = claim.head;
        journal->is_differing = false;
        break;
    case VERDICT_UNPROVEN:
        break;
    case VERDICT_DIFFERS:
        if (!journal->is_differing)
            event_record(EVENT_JOURNAL_FORGED, FIELD_MACHINE, sender->machine,
                         FIELD_NUMBER, claim.head.number, FIELD_END);
        journal->is_differing = true;
        break;
    }
}
