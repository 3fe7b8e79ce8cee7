#include "kiosk/packs.h"

#include "kiosk/base/event.h"
#include "kiosk/base/file.h"
#include "kiosk/base/file_own.h"
#include "kiosk/base/mem.h"
#include "kiosk/delivered.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FOLDER_BYTES = 512,
    PATH_BYTES = FOLDER_BYTES + PACK_HASH_CHARS + 16,
    NOTE_MAX_BYTES = 128,
    FILE_MODE = 0600
};

struct packs {
    char *folder; /* packs/ in the state folder */
    char *items_folder, *division;
    struct pack *now;
    struct packs_state state;
    bool is_untold;     /* state.fault is not recorded yet */
    bool is_lost;       /* it is about the active one */
    bool is_new_untold; /* that another became active is not recorded yet */
};

/* ---- Notes --------------------------------------------------------------- */

static const char active_note[] = "active", next_note[] = "next",
                  refused_note[] = "refused", told_note[] = "refused.told",
                  lock_file[] = "lock";

/* VERSION WORD */
struct note {
    int version;
    char word[PACK_HASH_CHARS + 1];
};

static void path_of(const char *folder, const char *name, char path[PATH_BYTES])
{
    snprintf(path, PATH_BYTES, "%s/%s", folder, name);
}

static void pack_path(const char *folder, const char *hash,
                      char path[PATH_BYTES])
{
    snprintf(path, PATH_BYTES, "%s/%s.pack", folder, hash);
}

static bool parse_note(const char *text, struct note *note)
{
    char *end;
    long version = strtol(text, &end, 10);
    size_t len;

    if (*text < '0' || *text > '9' || version < 0 ||
        version > PACK_VERSION_MAX || *end != ' ')
        return false;
    len = strcspn(++end, "\n");
    if (len == 0 || len > PACK_HASH_CHARS || strcmp(end + len, "\n") != 0)
        return false;
    note->version = (int)version;
    memcpy(note->word, end, len);
    note->word[len] = '\0';
    return true;
}

/* False: there is none that can be read. */
static bool read_note(const char *folder, const char *name, struct note *note)
{
    char path[PATH_BYTES];
    char *text = NULL;
    size_t len = 0;
    enum file_fault fault = FILE_FAULT_NONE;

    path_of(folder, name, path);
    if (file_read_own(path, NOTE_MAX_BYTES, &text, &len, &fault))
        return false;
    bool is_note = parse_note(text, note);
    mem_free(text);
    return is_note;
}

static bool read_hash_note(const char *folder, const char *name,
                           struct note *note)
{
    return read_note(folder, name, note) &&
           strlen(note->word) == PACK_HASH_CHARS &&
           strspn(note->word, "0123456789abcdef") == PACK_HASH_CHARS;
}

static enum err write_note(const char *folder, const char *name, int version,
                           const char *word)
{
    char path[PATH_BYTES], text[NOTE_MAX_BYTES];
    int len = snprintf(text, sizeof text, "%d %s\n", version, word);

    path_of(folder, name, path);
    return file_replace(path, text, (size_t)len, FILE_MODE);
}

/* One that cannot be taken away is found again, and does no harm. */
static void forget(const char *path)
{
    enum err err = file_remove(path);
    (void)err;
}

static void forget_note(const char *folder, const char *name)
{
    char path[PATH_BYTES];

    path_of(folder, name, path);
    forget(path);
}

/* ---- Opening ------------------------------------------------------------- */

/* The file is what its note says. */
static enum pack_fault open_noted(const char *folder, const struct note *note,
                                  const char *division, struct pack **ret_pack)
{
    char path[PATH_BYTES];
    struct pack *pack = NULL;

    pack_path(folder, note->word, path);
    enum pack_fault fault = pack_open(path, true, &pack);
    if (fault)
        return fault;
    const struct pack_about *about = pack_about(pack);
    if (strcmp(about->hash, note->word) != 0 || about->version != note->version)
        fault = PACK_FAULT_DAMAGED;
    else if (!pack_fits_division(about, division))
        fault = PACK_FAULT_DIVISION;
    if (fault)
        pack_free(pack);
    else
        *ret_pack = pack;
    return fault;
}

static int active_version(const char *folder)
{
    struct note note;

    return read_hash_note(folder, active_note, &note) ? note.version : 0;
}

/* ---- Taking -------------------------------------------------------------- */

static void refuse(struct packs *packs, int version, enum pack_fault fault)
{
    packs->is_untold = packs->is_untold || packs->state.fault != fault ||
                       packs->state.fault_version != version;
    packs->state.fault = fault;
    packs->state.fault_version = version;
    packs->is_lost = false;
    enum err err =
        write_note(packs->folder, told_note, version, pack_fault_name(fault));
    (void)err; /* then it is not known any more after the next start */
}

/* What the command refused, once. */
static void hear_refused(struct packs *packs)
{
    struct note note;

    if (!read_note(packs->folder, refused_note, &note))
        return;
    enum pack_fault fault = pack_fault_find(note.word);
    forget_note(packs->folder, refused_note);
    if (fault)
        refuse(packs, note.version, fault);
}

static enum pack_fault make_active(struct packs *packs)
{
    char next[PATH_BYTES], active[PATH_BYTES];

    path_of(packs->folder, next_note, next);
    path_of(packs->folder, active_note, active);
    return file_move(next, active) ? PACK_FAULT_NOT_KEPT : PACK_FAULT_NONE;
}

/* Files of no use any more: of the pack before, of one that was refused, of a
 * power cut. */
struct sweep {
    const char *folder;
    const char *keep; /* the hash of the active one, or "" */
};

static void on_file(void *owner, const char *name)
{
    const struct sweep *sweep = owner;
    size_t len = strlen(sweep->keep);

    if (len == 0 || strncmp(name, sweep->keep, len) != 0)
        forget_note(sweep->folder, name);
}

static void sweep(const struct packs *packs)
{
    struct note active = { .word = "" };
    struct sweep sweeping = { packs->folder, active.word };

    (void)read_hash_note(packs->folder, active_note, &active);
    enum err err = file_list(packs->folder, ".pack", on_file, &sweeping);
    (void)err; /* they only take up room */
}

static void use(struct packs *packs, struct pack *pack)
{
    pack_free(packs->now);
    packs->now = pack;
    packs->state.active = *pack_about(pack);
}

/* next is where its note says, whole, proven, newer, and noted as active. */
static enum pack_fault take(struct packs *packs, const struct note *next,
                            struct pack **ret_pack)
{
    struct pack *pack = NULL;
    enum pack_fault fault =
        next->version > active_version(packs->folder)
            ? open_noted(packs->folder, next, packs->division, &pack)
            : PACK_FAULT_VERSION;

    if (!fault)
        fault = pack_prove(pack);
    if (!fault)
        fault = make_active(packs);
    if (fault)
        pack_free(pack);
    else
        *ret_pack = pack;
    return fault;
}

/* With the lock held, so that the note is no other in between. */
static bool take_locked(struct packs *packs)
{
    struct note next;
    struct pack *pack = NULL;

    if (!read_hash_note(packs->folder, next_note, &next))
        return false;
    enum pack_fault fault = take(packs, &next, &pack);
    if (fault) {
        refuse(packs, next.version, fault);
        if (fault == PACK_FAULT_NOT_KEPT)
            return false; /* and tries again */
        forget_note(packs->folder, next_note);
        sweep(packs);
        return false;
    }
    use(packs, pack);
    sweep(packs);
    forget_note(packs->folder, told_note);
    packs->state.fault = PACK_FAULT_NONE;
    packs->state.fault_version = 0;
    packs->is_untold = false;
    packs->is_new_untold = true;
    return true;
}

/* True: another pack is in use. */
static bool take_next(struct packs *packs)
{
    char path[PATH_BYTES];
    int lock = -1;

    path_of(packs->folder, next_note, path);
    if (!file_exists(path))
        return false;
    path_of(packs->folder, lock_file, path);
    if (file_lock(path, &lock))
        return false; /* somebody is placing another: later */
    bool is_taken = take_locked(packs);
    file_unlock(lock);
    return is_taken;
}

/* True: the active one is in use. */
static bool take_active(struct packs *packs)
{
    char path[PATH_BYTES];
    struct note note = { 0 };
    struct pack *pack = NULL;
    enum pack_fault fault = PACK_FAULT_DAMAGED;

    path_of(packs->folder, active_note, path);
    if (!file_exists(path))
        return false;
    if (read_hash_note(packs->folder, active_note, &note))
        fault = open_noted(packs->folder, &note, packs->division, &pack);
    if (!fault) {
        use(packs, pack);
        return true;
    }
    packs->state.fault = fault;
    packs->state.fault_version = note.version;
    packs->is_untold = packs->is_lost = true;
    return false;
}

/* ---- For the terminal ---------------------------------------------------- */

struct packs *packs_new(const char *state_folder, const char *items_folder,
                        const char *division)
{
    struct packs *packs = mem_new(sizeof *packs);
    char path[PATH_BYTES];

    path_of(state_folder, "packs", path);
    packs->folder = mem_copy_text(path);
    packs->items_folder = mem_copy_text(items_folder);
    packs->division = mem_copy_text(division);
    return packs;
}

void packs_free(struct packs *packs)
{
    if (!packs)
        return;
    pack_free(packs->now);
    mem_free(packs->folder);
    mem_free(packs->items_folder);
    mem_free(packs->division);
    mem_free(packs);
}

static void recall(struct packs *packs)
{
    struct note note;

    if (!read_note(packs->folder, told_note, &note))
        return;
    packs->state.fault = pack_fault_find(note.word);
    packs->state.fault_version = note.version;
}

enum err packs_open(struct packs *packs, struct problems *problems)
{
    struct pack *pack = NULL;

    recall(packs);
    if (take_next(packs) || take_active(packs))
        return ERR_OK;
    enum err err =
        delivered_open(packs->items_folder, packs->division, problems, &pack);
    if (!err)
        use(packs, pack);
    return err;
}

static void tell_fault(struct packs *packs)
{
    if (!packs->is_untold)
        return;
    packs->is_untold = false;
    event_record(packs->is_lost ? EVENT_PACK_LOST : EVENT_PACK_REFUSED,
                 FIELD_NUMBER, (int64_t)packs->state.fault_version, FIELD_STATE,
                 pack_fault_name(packs->state.fault), FIELD_END);
}

bool packs_look(struct packs *packs)
{
    hear_refused(packs);
    tell_fault(packs);
    bool is_new = take_next(packs);
    tell_fault(packs);
    if (packs->is_new_untold)
        event_record(EVENT_PACK_ACTIVE, FIELD_NUMBER,
                     (int64_t)packs->state.active.version, FIELD_END);
    packs->is_new_untold = false;
    return is_new;
}

const struct pack *packs_now(const struct packs *packs)
{
    return packs->now;
}

const struct packs_state *packs_state(const struct packs *packs)
{
    return &packs->state;
}

/* ---- For the command line ------------------------------------------------ */

/* The version above which the next must be. */
static int highest_version(const char *folder)
{
    struct note next;
    /* In this order: what is taken in between is then seen as active. */
    int waiting = read_hash_note(folder, next_note, &next) ? next.version : 0;
    int active = active_version(folder);

    return waiting > active ? waiting : active;
}

static enum pack_fault check(const struct pack *pack, const char *division,
                             int above)
{
    const struct pack_about *about = pack_about(pack);

    if (!pack_fits_division(about, division))
        return PACK_FAULT_DIVISION;
    if (about->version <= above)
        return PACK_FAULT_VERSION;
    return pack_prove(pack);
}

/* A copy of ours, and what is in it: the file may change behind us. */
static enum pack_fault copy(const char *folder, const char *file,
                            const struct note *note)
{
    char path[PATH_BYTES];
    char *bytes = NULL;
    size_t len = 0;
    struct pack *pack = NULL;

    pack_path(folder, note->word, path);
    if (file_read(file, PACK_BYTES_MAX, &bytes, &len))
        return PACK_FAULT_UNREADABLE;
    enum err err = file_replace(path, bytes, len, FILE_MODE);
    mem_free(bytes);
    if (err)
        return PACK_FAULT_NOT_KEPT;
    enum pack_fault fault = pack_open(path, true, &pack);
    if (!fault && strcmp(pack_about(pack)->hash, note->word) != 0)
        fault = PACK_FAULT_DAMAGED;
    pack_free(pack);
    return fault;
}

static enum pack_fault place(const char *folder, const char *division,
                             const char *file, struct pack_about *about,
                             int above)
{
    struct pack *pack = NULL;
    struct note note = { 0 };

    enum pack_fault fault = pack_open(file, false, &pack);
    if (fault)
        return fault;
    *about = *pack_about(pack);
    fault = check(pack, division, above);
    pack_free(pack);
    note.version = about->version;
    memcpy(note.word, about->hash, sizeof note.word);
    if (!fault)
        fault = copy(folder, file, &note);
    if (!fault && write_note(folder, next_note, note.version, note.word))
        fault = PACK_FAULT_NOT_KEPT;
    return fault;
}

enum pack_fault packs_place(const char *state_folder, const char *division,
                            const char *file, struct pack_about *ret_about,
                            int *ret_active)
{
    char folder[FOLDER_BYTES], path[PATH_BYTES];
    int lock = -1;

    *ret_about = (struct pack_about){ 0 };
    snprintf(folder, sizeof folder, "%s/packs", state_folder);
    path_of(folder, lock_file, path);
    *ret_active = 0;
    if (file_make_folder(folder, 0700) || file_lock(path, &lock))
        return PACK_FAULT_NOT_KEPT;
    *ret_active = highest_version(folder);
    enum pack_fault fault =
        place(folder, division, file, ret_about, *ret_active);
    if (fault) {
        enum err err = write_note(folder, refused_note, ret_about->version,
                                  pack_fault_name(fault));
        (void)err; /* who runs the command is told */
    }
    file_unlock(lock);
    return fault;
}
