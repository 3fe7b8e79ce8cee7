#include "kiosk/commands.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/file_own.h"
#include "kiosk/crypto/signer.h"
#include "kiosk/kept.h"
#include "kiosk/store/terminal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Half of a day's receipt numbers: where the last one is not known, those
 * before it may have been given out today. */
enum { RECEIPT_SAFE = 499 };

static int fail(const struct settings *settings, enum err err)
{
    fprintf(stderr, "kiosk: %s: %s (%s)\n", settings->state_folder,
            err_text(err), err_name(err));
    return EXIT_FAILURE;
}

/* Root would leave files that the terminal cannot read, or should not. */
static int fail_key(const struct settings *settings, enum kept_file file,
                    enum err err)
{
    char path[KEPT_PATH_BYTES];

    if (err != ERR_KEY_EXPOSED)
        return fail(settings, err);
    kept_path(settings->state_folder, file, path);
    fprintf(stderr,
            "kiosk: %s: this key is not used, because of its %s. It must be a "
            "file of 0600, no link, of the user who runs the kiosk and this "
            "command (runuser -u kiosk -- ...).\n",
            path, key_complaint(path));
    return EXIT_FAILURE;
}

/* ---- Fingerprint ------------------------------------------------------- */

static void on_provider(void *owner, enum err err)
{
    enum err *answer = owner;
    *answer = err ? ERR_CHILD : ERR_EXISTS; /* anything but "not yet" */
}

static int print_provider(const struct settings *settings)
{
    char hex[CRYPTO_HEX_DIGEST];
    enum err answer = ERR_OK;
    struct loop *loop = loop_new();
    struct signer *signer =
        signer_of_provider(loop, settings->key_provider, on_provider, &answer);

    while (answer == ERR_OK)
        loop_turn(loop, 1000);
    const unsigned char *public_key = signer_public(signer);
    if (public_key) {
        key_fingerprint(public_key, hex);
        puts(hex);
    } else {
        fprintf(stderr,
                "kiosk: %s: the key provider does not tell its key; "
                "kiosk/crypto/README.md has what it must say\n",
                settings->key_provider);
    }
    int code = public_key ? EXIT_SUCCESS : EXIT_FAILURE;
    signer_free(signer);
    loop_free(loop);
    return code;
}

int command_fingerprint(const struct settings *settings)
{
    const char *folder = settings->state_folder;
    char path[KEPT_PATH_BYTES], hex[CRYPTO_HEX_DIGEST];
    struct key *key = NULL;
    bool is_new = false;

    if (*settings->key_provider)
        return print_provider(settings);
    enum err err = kept_check(folder, true, &is_new);
    if (err == ERR_FOLDER_LOST)
        is_new = true;
    if (is_new)
        err = kept_begin(folder);
    if (err && err != ERR_STORE_LOST)
        return fail(settings, err);
    if (is_new && geteuid() == 0)
        fprintf(stderr,
                "kiosk: %s: a key that root makes is not used by a terminal of "
                "another user: chown -R kiosk: %s, or run this as that user "
                "(runuser -u kiosk -- ...)\n",
                folder, folder);
    kept_path(folder, KEPT_KEY, path);
    err = key_open(path, KEY_SIGN, is_new, &key);
    if (err)
        return fail_key(settings, KEPT_KEY, err);
    key_fingerprint(key_public(key), hex);
    puts(hex);
    key_close(key);
    return EXIT_SUCCESS;
}

/* ---- Another key ------------------------------------------------------- */

static enum err fingerprint_of(const char *folder, enum kept_file file,
                               bool may_make, char hex[CRYPTO_HEX_DIGEST])
{
    char path[KEPT_PATH_BYTES];
    struct key *key = NULL;

    kept_path(folder, file, path);
    enum err err = key_open(path, KEY_SIGN, may_make, &key);
    if (err)
        return err;
    key_fingerprint(key_public(key), hex);
    key_close(key);
    return ERR_OK;
}

static void print_enrol(const char *fresh, const char *old)
{
    printf("kiosk-hub enrol %s --replaces %.64s --state DIR\n", fresh, old);
    fputs("Run the line above on the hub's machine. The terminal takes the new "
          "key with its\nnext report of health after that; cases that wait "
          "go out by themselves.\n",
          stderr);
}

static int lock_state(const struct settings *settings, int *ret_fd)
{
    char path[KEPT_PATH_BYTES];

    kept_path(settings->state_folder, KEPT_LOCK, path);
    enum err err = file_lock_soon(path, ret_fd);
    if (!err)
        return EXIT_SUCCESS;
    if (err != ERR_EXISTS)
        return fail(settings, err);
    fprintf(stderr,
            "kiosk: %s: a kiosk is using this state folder; stop it first "
            "(systemctl stop kiosk)\n",
            settings->state_folder);
    return EXIT_FAILURE;
}

/* There is no old key to go on with until the hub knows the new one.  The store
 * is bound to both before the new one is there: a power cut in between is mended
 * by doing this again. */
static int replace_lost(const struct settings *settings)
{
    const char *folder = settings->state_folder;
    char store[KEPT_PATH_BYTES], next[KEPT_PATH_BYTES], path[KEPT_PATH_BYTES];
    char fresh[CRYPTO_HEX_DIGEST], machines[MACHINES_BYTES];
    struct terminal_glance glance;
    int lock = -1;

    int code = lock_state(settings, &lock);
    if (code)
        return code;
    kept_path(folder, KEPT_STORE, store);
    kept_path(folder, KEPT_NEXT_KEY, next);
    kept_path(folder, KEPT_KEY, path);
    enum err err = terminal_store_look(store, &glance);
    if (!err)
        err = fingerprint_of(folder, KEPT_NEXT_KEY, true, fresh);
    if (!err) {
        snprintf(machines, sizeof machines, "%.64s %s", glance.machines, fresh);
        err = terminal_store_rebind(store, machines);
    }
    if (!err)
        err = file_move(next, path);
    file_unlock(lock);
    if (err)
        return fail_key(settings, KEPT_NEXT_KEY, err);
    print_enrol(fresh, glance.machines[0] ? glance.machines : "OLD");
    return EXIT_SUCCESS;
}

int command_key_replace(const struct settings *settings)
{
    const char *folder = settings->state_folder;
    char old[CRYPTO_HEX_DIGEST], fresh[CRYPTO_HEX_DIGEST];
    bool is_new = false;

    if (*settings->key_provider) {
        fputs("kiosk: the key is the key provider's: replace it there, let it "
              "say \"replaces\", and enrol it at the hub first\n",
              stderr);
        return EXIT_FAILURE;
    }
    enum err err = kept_check(folder, true, &is_new);
    if (err == ERR_KEY_LOST)
        return replace_lost(settings);
    if (!err && is_new) {
        fprintf(stderr,
                "kiosk: %s: no kiosk has begun here yet, so no hub waits for "
                "a key of it and none is to be replaced. Enrol the one that it "
                "will have (kiosk fingerprint FILE).\n",
                folder);
        return EXIT_FAILURE;
    }
    if (err)
        return fail(settings, err);
    err = fingerprint_of(folder, KEPT_KEY, false, old);
    if (err)
        return fail_key(settings, KEPT_KEY, err);
    /* One that is there waits still: it is named again. */
    err = fingerprint_of(folder, KEPT_NEXT_KEY, true, fresh);
    if (err)
        return fail_key(settings, KEPT_NEXT_KEY, err);
    print_enrol(fresh, old);
    return EXIT_SUCCESS;
}

/* ---- Another store ----------------------------------------------------- */

static bool may_leave(const struct settings *settings,
                      const struct terminal_glance *glance, bool leaves_waiting)
{
    if (leaves_waiting || glance->waiting == 0)
        return true;
    fprintf(stderr,
            "kiosk: %s: %" PRId64 " cases wait in the store that is here. Let "
            "them be sent, or take them to the hub (kiosk outbox export), "
            "first; or say --leave-waiting.\n",
            settings->state_folder, glance->waiting);
    return false;
}

static int begin_anew(const struct settings *settings, bool leaves_waiting)
{
    const char *folder = settings->state_folder;
    char store[KEPT_PATH_BYTES], aside[KEPT_PATH_BYTES];
    struct terminal_glance glance = { 0 };
    struct clock_fields today = clock_split(clock_wall_ms());

    kept_path(folder, KEPT_STORE, store);
    /* One that cannot be read tells nothing; that is why this is done. */
    enum err unreadable = terminal_store_look(store, &glance);
    if (!unreadable && !may_leave(settings, &glance, leaves_waiting))
        return EXIT_FAILURE;
    if (unreadable) {
        snprintf(glance.receipt_day, sizeof glance.receipt_day, "%04u%02u%02u",
                 (unsigned)today.year % 10000, (unsigned)today.month % 100,
                 (unsigned)today.day % 100);
        glance.receipt_sequence = RECEIPT_SAFE;
    }
    enum err err = kept_set_aside(folder, aside);
    if (!err)
        err = terminal_store_begin(store, &glance);
    if (err)
        return fail(settings, err);
    if (*aside)
        printf("%s\n", aside);
    fputs(*aside ? "What there was of the store is in the folder above. The "
                   "next start makes another.\n"
                 : "There was nothing of a store here. The next start makes "
                   "one.\n",
          stderr);
    return EXIT_SUCCESS;
}

int command_store_new(const struct settings *settings, bool leaves_waiting)
{
    int lock = -1;

    if (!file_is_folder(settings->state_folder))
        return fail(settings, ERR_FOLDER_LOST);
    int code = lock_state(settings, &lock);
    if (code)
        return code;
    code = begin_anew(settings, leaves_waiting);
    file_unlock(lock);
    return code;
}
