#include "kiosk/kept.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/file_own.h"
#include "kiosk/base/mem.h"
#include "kiosk/store/store.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { MARK_MAX_BYTES = 64, MARK_MODE = 0600 };

static const char beginning[] = "kiosk-state 1 beginning\n";
static const char in_use[] = "kiosk-state 1 in use\n";

static const char *const names[] = {
    [KEPT_KEY] = "machine.key",
    [KEPT_NEXT_KEY] = "machine.key.next",
    [KEPT_STORE] = "kiosk.sqlite",
    [KEPT_RESERVE] = "reserve",
    [KEPT_MARK] = "begun",
    [KEPT_LOCK] = "kiosk.lock",
    [KEPT_STAFF_PIN] = "staff.pin",
    [KEPT_STAFF_KEY] = "staff.key",
    [KEPT_STAFF_TRIES] = "staff.tries",
    [KEPT_STAFF_OUT] = "staff.out",
};

/* SQLite's own beside the store: without them it may be an older state. */
static const char *const store_parts[] = { "kiosk.sqlite-wal",
                                           "kiosk.sqlite-journal",
                                           "kiosk.sqlite" };

static void join(char path[KEPT_PATH_BYTES], const char *folder,
                 const char *name)
{
    snprintf(path, KEPT_PATH_BYTES, "%s/%s", folder, name);
}

void kept_path(const char *folder, enum kept_file file,
               char path[KEPT_PATH_BYTES])
{
    join(path, folder, names[file]);
}

static bool has(const char *folder, enum kept_file file)
{
    char path[KEPT_PATH_BYTES];
    kept_path(folder, file, path);
    return file_exists(path);
}

/* Whatever there is of a store, one that SQLite calls empty included. */
static bool has_store_part(const char *folder)
{
    char path[KEPT_PATH_BYTES];
    for (size_t i = 0; i < sizeof store_parts / sizeof *store_parts; i++) {
        join(path, folder, store_parts[i]);
        if (file_exists(path))
            return true;
    }
    return false;
}

static bool has_store(const char *folder)
{
    char path[KEPT_PATH_BYTES];
    kept_path(folder, KEPT_STORE, path);
    return store_is_there(path);
}

/* A mark that cannot be read says what the careful one says. */
static enum err read_mark(const char *folder, bool *ret_is_there,
                          bool *ret_is_beginning)
{
    char path[KEPT_PATH_BYTES];
    char *text = NULL;
    size_t len = 0;

    kept_path(folder, KEPT_MARK, path);
    enum err err = file_read(path, MARK_MAX_BYTES, &text, &len);
    *ret_is_there = err != ERR_NOT_FOUND;
    *ret_is_beginning = !err && strcmp(text, beginning) == 0;
    mem_free(text);
    return err == ERR_IO ? err : ERR_OK;
}

static enum err check_folder(const char *folder)
{
    uint64_t bytes = 0;

    if (!file_is_folder(folder))
        return ERR_FOLDER_LOST;
    enum err err = file_free_bytes(folder, &bytes);
    return err == ERR_NOT_FOUND ? ERR_FOLDER_LOST : err;
}

enum err kept_check(const char *folder, bool has_key_file, bool *ret_is_new)
{
    bool is_marked = false, is_beginning = false;

    enum err err = check_folder(folder);
    if (!err)
        err = read_mark(folder, &is_marked, &is_beginning);
    if (err)
        return err;
    bool has_key = has(folder, KEPT_KEY);
    bool is_empty = !is_marked && !has_key && !has(folder, KEPT_NEXT_KEY) &&
                    !has_store(folder) && !has_store_part(folder);
    *ret_is_new = is_beginning || is_empty;
    if (*ret_is_new)
        return ERR_OK;
    if (!has_store(folder))
        return ERR_STORE_LOST;
    return has_key_file && !has_key ? ERR_KEY_LOST : ERR_OK;
}

static enum err write_mark(const char *folder, const char *text)
{
    char path[KEPT_PATH_BYTES];
    kept_path(folder, KEPT_MARK, path);
    return file_replace(path, text, strlen(text), MARK_MODE);
}

enum err kept_begin(const char *folder)
{
    bool is_there = false, is_beginning = false;

    enum err err = file_make_folder(folder, 0700);
    if (!err)
        err = read_mark(folder, &is_there, &is_beginning);
    return err || is_beginning ? err : write_mark(folder, beginning);
}

enum err kept_settle(const char *folder)
{
    char path[KEPT_PATH_BYTES];
    char *text = NULL;
    size_t len = 0;

    kept_path(folder, KEPT_MARK, path);
    enum err err = file_read(path, MARK_MAX_BYTES, &text, &len);
    bool is_settled = !err && strcmp(text, in_use) == 0;
    mem_free(text);
    return is_settled ? ERR_OK : write_mark(folder, in_use);
}

/* The database goes last: while it is here, all of it is taken for here. */
static enum err move_parts(const char *folder, const char *aside)
{
    char from[KEPT_PATH_BYTES], to[KEPT_PATH_BYTES];
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < sizeof store_parts / sizeof *store_parts;
         i++) {
        join(from, folder, store_parts[i]);
        join(to, aside, store_parts[i]);
        if (file_exists(from))
            err = file_move(from, to);
    }
    return err;
}

enum err kept_set_aside(const char *folder, char aside[KEPT_PATH_BYTES])
{
    struct clock_fields now = clock_split(clock_wall_ms());
    char name[64];

    aside[0] = '\0';
    if (!has_store_part(folder))
        return write_mark(folder, beginning);
    /* A second one of the same second would write over the first. */
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "set-aside-%04d%02d%02d-%02d%02d%02d-%d",
                 now.year, now.month, now.day, now.hour, now.minute, now.second,
                 i);
        join(aside, folder, name);
        if (!file_exists(aside))
            break;
    }
    enum err err = file_make_folder(aside, 0700);
    if (!err)
        err = move_parts(folder, aside);
    return err ? err : write_mark(folder, beginning);
}
