/* Room on the disk that is kept for what was begun: a file of some MiB in the
 * state folder.  When the disk is full it is removed, so that the citizen who is
 * in the middle can still send and print; then no new case is begun before it
 * stands there again. */
#include "kiosk/delivery_state.h"

#include "kiosk/base/file.h"
#include "kiosk/base/file_own.h"
#include "kiosk/base/mem.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* The least room a disk must have for a case to be begun, beside the reserve. */
enum { FREE_LEAST_BYTES = 4 * 1024 * 1024, MIB = 1024 * 1024 };

/* Taking room writes, so the store's thread does it. */
struct reserve_work {
    struct delivery *delivery;
    char path[KEPT_PATH_BYTES];
    uint64_t bytes;
};

static uint64_t wanted(const struct delivery *delivery)
{
    return (uint64_t)delivery->settings->reserve_mib * MIB;
}

static bool is_there(const struct delivery *delivery)
{
    char path[KEPT_PATH_BYTES];
    uint64_t has = 0;

    kept_path(delivery->folder, KEPT_RESERVE, path);
    enum err err = file_size(path, &has);
    return !err && has == wanted(delivery);
}

bool reserve_has_room(const struct delivery *delivery, uint64_t free_bytes)
{
    return free_bytes >= FREE_LEAST_BYTES &&
           delivery->reserve != RESERVE_MISSING;
}

static enum err work(void *owner)
{
    const struct reserve_work *job = owner;
    return file_take_room(job->path, job->bytes);
}

static void on_worked(void *owner, enum err err)
{
    struct reserve_work *job = owner;
    struct delivery *delivery = job->delivery;

    assert(delivery->magic == DELIVERY_MAGIC);
    mem_free(job);
    delivery->reserve_work = NULL;
    if (!err)
        delivery->reserve = RESERVE_KEPT;
    else if (err == ERR_DISK_FULL)
        delivery->reserve = RESERVE_MISSING;
    else
        delivery->reserve = RESERVE_NONE; /* the store tells of such a disk */
    delivery_tell_health(delivery);
}

void reserve_keep(struct delivery *delivery)
{
    struct reserve_work *job;

    if (wanted(delivery) == 0) {
        delivery->reserve = RESERVE_NONE;
        return;
    }
    if (is_there(delivery)) {
        delivery->reserve = RESERVE_KEPT;
        return;
    }
    if (delivery->reserve_work || !delivery->store)
        return;
    /* Somebody else took it away: not for long, perhaps. */
    if (delivery->reserve == RESERVE_KEPT)
        delivery->reserve = RESERVE_UNKNOWN;
    job = mem_new(sizeof *job);
    job->delivery = delivery;
    job->bytes = wanted(delivery);
    kept_path(delivery->folder, KEPT_RESERVE, job->path);
    delivery->reserve_work = job;
    terminal_store_work(delivery->store, work, on_worked, job);
}

void reserve_open(struct delivery *delivery)
{
    /* One that was just used is not taken again while its user still needs
     * it. */
    if (delivery->reserve == RESERVE_UNKNOWN)
        reserve_keep(delivery);
}

bool reserve_release(struct delivery *delivery)
{
    char path[KEPT_PATH_BYTES];

    if (!is_there(delivery) || wanted(delivery) == 0)
        return false;
    kept_path(delivery->folder, KEPT_RESERVE, path);
    if (file_remove(path))
        return false;
    delivery->reserve = RESERVE_MISSING;
    event_record(EVENT_RESERVE_USED, FIELD_END);
    return true;
}

void reserve_release_if_short(struct delivery *delivery)
{
    uint64_t bytes = 0;
    enum err err = file_free_bytes(delivery->folder, &bytes);

    if (!err && bytes < FREE_LEAST_BYTES && reserve_release(delivery))
        delivery_tell_health(delivery);
}
