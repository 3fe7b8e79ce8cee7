#include "kiosk/export.h"

#include "kiosk/base/file.h"
#include "kiosk/store/outbox_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_BYTES = 512 };

/* Only where there is a lock already: who has the disk of a dead machine in
 * hand may be somebody else, and must leave no file of theirs behind. */
static int lock_state(const char *folder, int *ret_lock)
{
    char path[PATH_BYTES];

    snprintf(path, sizeof path, "%s/kiosk.lock", folder);
    *ret_lock = -1;
    if (!file_exists(path) || file_lock(path, ret_lock) != ERR_EXISTS)
        return EXIT_SUCCESS;
    fprintf(stderr,
            "kiosk: %s: the terminal is running and sends these cases itself; "
            "to export them, stop it first (systemctl stop kiosk)\n",
            folder);
    return EXIT_FAILURE;
}

static int begin(const char *folder, struct outbox_export **ret_export)
{
    char path[PATH_BYTES];

    snprintf(path, sizeof path, "%s/kiosk.sqlite", folder);
    enum err err = outbox_export_begin(path, ret_export);
    if (!err)
        return EXIT_SUCCESS;
    fprintf(stderr, "kiosk: %s: %s (%s)\n", path,
            err == ERR_NOT_FOUND ? "no terminal has kept anything here"
            : err == ERR_EXISTS  ? "another program has it open"
                                 : err_text(err),
            err_name(err));
    return EXIT_FAILURE;
}

static void on_damaged(void *owner, const char *id)
{
    (void)owner;
    fprintf(stderr,
            "kiosk: case %s is damaged on this disk; it is written all the "
            "same\n",
            id);
}

/* NULL when it is lost; the hub may know it from before. */
static const unsigned char *read_key(const char *folder, struct key **ret_key)
{
    char path[PATH_BYTES];

    snprintf(path, sizeof path, "%s/machine.key", folder);
    *ret_key = NULL;
    if (!key_open(path, KEY_SIGN, false, ret_key))
        return key_public(*ret_key);
    fprintf(stderr,
            "kiosk: %s: this machine's key cannot be read; the hub takes the "
            "cases only if it has heard of the machine before\n",
            path);
    return NULL;
}

static int write_file(struct outbox_export *export, const char *folder,
                      const char *path)
{
    struct key *key;

    const unsigned char *public = read_key(folder, &key);
    enum err err = outbox_export_write(export, path, public, on_damaged, NULL);
    key_close(key);
    if (!err) {
        printf("%" PRId64 " cases written to %s; they stay here as well.\n"
               "At the hub: kiosk-hub import FILE --state DIR\n",
               outbox_export_count(export), path);
        return EXIT_SUCCESS;
    }
    if (outbox_export_store_failed(export))
        fprintf(stderr, "kiosk: %s: the outbox cannot be read to its end: %s\n",
                folder, err_text(err));
    else
        fprintf(stderr, "kiosk: %s: %s (%s)\n", path,
                err == ERR_EXISTS ? "this is there already and is not replaced"
                                  : "this file cannot be written",
                err_name(err));
    return EXIT_FAILURE;
}

int export_run(const struct settings *settings, const char *path)
{
    const char *folder = settings->state_folder;
    struct outbox_export *export = NULL;
    int lock;

    int code = lock_state(folder, &lock);
    if (!code)
        code = begin(folder, &export);
    if (!code && outbox_export_count(export) == 0)
        puts("No case waits here; no file was written.");
    else if (!code)
        code = write_file(export, folder, path);
    outbox_export_end(export);
    file_unlock(lock);
    return code;
}

int outbox_command(int argc, char **argv, const struct program *program)
{
    const char *settings_file = NULL;
    struct settings settings;

    (void)program;
    if (argc < 2 || strcmp(argv[1], "export") != 0)
        return command_complain("after outbox, export is expected", "");
    if (argc < 3 || !*argv[2] || argv[2][0] == '-')
        return command_complain("after export, the file to write is expected",
                                "");
    if (argc == 5 && strcmp(argv[3], "--settings") == 0)
        settings_file = argv[4];
    else if (argc != 3)
        return command_complain(
            "after the file, --settings FILE may follow, not", argv[3]);
    int code = command_read_settings(settings_file, &settings);
    if (code == EXIT_SUCCESS)
        code = export_run(&settings, argv[2]);
    settings_done(&settings);
    return code;
}
