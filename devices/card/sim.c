/* A pretended card reader, and the template of a real one.
 *
 * It behaves as the readers of the halls do: a card that lies there already or
 * comes while a reading is asked for is read; after that the same card must be
 * lifted before it is found again; one that is lifted in the middle, a second
 * card beside it or something that is no identity card is told once, and the
 * reading goes on until it succeeds, fails or is stopped.  Nothing is polled:
 * an idle reader costs no wake-up. */
#include "devices/card/sim.h"

#include "devices/card/made_up.h"
#include "devices/words.h"
#include "kiosk/base/mem.h"

#include <string.h>

enum { READ_MS = 300 };

enum plate { PLATE_EMPTY, PLATE_CARD, PLATE_UNKNOWN, PLATE_TWO };

struct sim {
    struct timer *timer; /* runs while something on the plate is looked at */
    int read_ms;
    bool is_unplugged;
    bool has_job;
    enum plate plate;
    bool is_done; /* what lies there was read or told about: lift it first */
    struct card card;
};

/* Looks at the plate when there is a job and something new lies there. */
static void look(struct sim *sim)
{
    if (sim->has_job && sim->plate != PLATE_EMPTY && !sim->is_done)
        timer_start(sim->timer, sim->read_ms);
}

static void on_looked(void *owner)
{
    struct device *device = owner;
    struct sim *sim = device_memory(device);

    sim->is_done = true;
    switch (sim->plate) {
    case PLATE_CARD:
        sim->has_job = false;
        device_finished(device, ERR_OK, &sim->card);
        break;
    case PLATE_UNKNOWN:
        device_retry(device, ERR_CARD_UNKNOWN);
        break;
    case PLATE_TWO:
        device_retry(device, ERR_CARD_TWO);
        break;
    case PLATE_EMPTY:
        break;
    }
}

static void sim_open(struct device *device)
{
    struct sim *sim = device_memory(device);

    sim->read_ms =
        words_milliseconds(device_setting(device, "read_ms"), READ_MS);
    sim->timer = timer_new(device_loop(device), "card/sim", on_looked, device);
    device_opened(device, ERR_OK);
}

static void sim_close(struct device *device)
{
    struct sim *sim = device_memory(device);

    timer_free(sim->timer);
    mem_wipe(sim, sizeof(*sim));
    device_closed(device);
}

static void end_job(struct device *device, enum err err)
{
    struct sim *sim = device_memory(device);

    timer_stop(sim->timer);
    if (!sim->has_job)
        return;
    sim->has_job = false;
    device_finished(device, err, NULL);
}

static void sim_start(struct device *device, const struct device_job *job)
{
    struct sim *sim = device_memory(device);

    sim->has_job = true;
    if (job->kind != JOB_READ_CARD) {
        end_job(device, ERR_DEVICE);
        return;
    }
    if (sim->is_unplugged) {
        end_job(device, ERR_NO_DEVICE);
        return;
    }
    if (sim->plate != PLATE_CARD)
        sim->is_done = false; /* a new job is told about it anew */
    look(sim);
}

static void sim_stop(struct device *device)
{
    end_job(device, ERR_CANCELLED);
}

static void lift(struct device *device)
{
    struct sim *sim = device_memory(device);
    bool was_reading = timer_is_running(sim->timer);

    timer_stop(sim->timer);
    sim->plate = PLATE_EMPTY;
    sim->is_done = false;
    mem_wipe(&sim->card, sizeof(sim->card));
    if (was_reading)
        device_retry(device, ERR_CARD_MOVED);
}

static void lay_down(struct device *device, enum plate plate,
                     const struct card *card)
{
    struct sim *sim = device_memory(device);

    lift(device);
    sim->plate = plate;
    if (card)
        sim->card = *card;
    look(sim);
}

static void unplug(struct device *device)
{
    struct sim *sim = device_memory(device);

    if (sim->is_unplugged)
        return;
    sim->is_unplugged = true;
    end_job(device, ERR_NO_DEVICE);
    device_changed(device, DEVICE_UNPLUGGED, ERR_NO_DEVICE, ACTION_CLEAR);
}

/* A reader that had no power has forgotten what it read. */
static void plug(struct device *device)
{
    struct sim *sim = device_memory(device);

    if (!sim->is_unplugged)
        return;
    sim->is_unplugged = false;
    sim->is_done = false;
    device_changed(device, DEVICE_READY, ERR_OK, ACTION_NONE);
}

/* line: what follows "card KIND". */
static enum err pretend_person(struct device *device, enum card_kind kind,
                               const char *line)
{
    struct card card;
    enum err err = made_up_card(kind, line, &card);

    if (!err)
        lay_down(device, PLATE_CARD, &card);
    mem_wipe(&card, sizeof(card));
    return err;
}

static enum err pretend_card(struct device *device, const char *word,
                             const char *line)
{
    enum card_kind kind;

    if (!card_kind_find(word, &kind))
        return pretend_person(device, kind, line);
    if (*line)
        return ERR_BAD_INPUT;
    if (strcmp(word, "lift") == 0)
        lift(device);
    else if (strcmp(word, "unknown") == 0)
        lay_down(device, PLATE_UNKNOWN, NULL);
    else if (strcmp(word, "two") == 0)
        lay_down(device, PLATE_TWO, NULL);
    else
        return ERR_BAD_INPUT;
    return ERR_OK;
}

static enum err pretend_reader(struct device *device, const char *word,
                               const char *line)
{
    if (*line)
        return ERR_BAD_INPUT;
    if (strcmp(word, "unplug") == 0)
        unplug(device);
    else if (strcmp(word, "plug") == 0)
        plug(device);
    else
        return ERR_BAD_INPUT;
    return ERR_OK;
}

static enum err sim_pretend(struct device *device, const char *line)
{
    struct word what, which;
    enum err err;

    if (!words_next(&line, &what, &err) || err || *what.key)
        return ERR_NOT_FOUND;
    if (strcmp(what.value, "card") != 0 && strcmp(what.value, "reader") != 0)
        return ERR_NOT_FOUND;
    if (!words_next(&line, &which, &err) || err || *which.key)
        return ERR_BAD_INPUT;
    line += strspn(line, " \t");
    return strcmp(what.value, "card") == 0
               ? pretend_card(device, which.value, line)
               : pretend_reader(device, which.value, line);
}

const struct driver card_sim_driver = {
    .name = "card/sim",
    .class = DEVICE_CARD,
    .memory = sizeof(struct sim),
    .open = sim_open,
    .close = sim_close,
    .start = sim_start,
    .stop = sim_stop,
    .pretend = sim_pretend,
};
