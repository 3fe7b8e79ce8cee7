#include "kiosk/probe.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/equip.h"

#include <jansson.h>

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum {
    MAGIC = 0x70726f62,
    FOUND_MAX = 32,
    SETTLE_MS = 8000, /* a device says by then what it is */
    INTERRUPTED = 130
};

/* A device that is, or may be, plugged in. */
struct found {
    struct probe *probe;
    const struct driver *driver;
    struct device_place place; /* path "": a driver that cannot look */
    struct device *device;
    bool is_told;
};

struct probe {
    int magic;
    struct loop *loop;
    const struct settings *settings;
    const struct probe_options *options;
    struct found found[FOUND_MAX];
    size_t count;
    const struct driver *const *asked; /* whose places are being looked for */
    struct timer *settle;
    struct timer *time;
    struct timer *next; /* devices are never freed inside their callbacks */
    struct signal_watch *interrupt;

    int lock;           /* held while a reader is recorded, or -1 */
    bool is_in_service; /* a kiosk uses this state, and its printer */
    bool is_reading, is_over;
    struct device *reader; /* one of found's, or its own */
    bool owns_reader;
    uint32_t job;
    bool has_failed;
    int code;
};

static void print_json(json_t *json)
{
    (void)json_dumpf(json, stdout, JSON_COMPACT);
    putchar('\n');
    (void)fflush(stdout);
    json_decref(json);
}

static void end(struct probe *probe, int code)
{
    if (probe->is_over)
        return;
    probe->is_over = true;
    probe->code = code;
    loop_stop(probe->loop);
}

/* ---- A line for each device -------------------------------------------- */

static void print_device(const struct found *found)
{
    const struct device *device = found->device;
    char since[40], ids[16];
    enum err why = device_why(device);
    json_t *json = json_pack("{s:s}", "driver", found->driver->name);

    if (*found->place.path) {
        snprintf(ids, sizeof ids, "%04x:%04x", found->place.id.vendor,
                 found->place.id.product);
        json_object_set_new(json, "place", json_string(found->place.path));
        json_object_set_new(json, "ids", json_string(ids));
    }
    clock_format_iso(device_since_ms(device), false, since, sizeof since);
    json_object_set_new(
        json, "state", json_string(device_state_name(device_state_of(device))));
    json_object_set_new(json, "since", json_string(since));
    json_object_set_new(
        json, "action",
        json_string(device_action_name(device_action_of(device))));
    if (why)
        json_object_set_new(json, "why", json_string(err_name(why)));
    print_json(json);
}

static void begin_reading(struct probe *probe);

static bool is_settled(const struct found *found)
{
    return device_state_of(found->device) != DEVICE_STARTING;
}

/* In the order of the places, when all of them are known. */
static void look_whether_settled(struct probe *probe, bool is_time_over)
{
    if (probe->is_reading || probe->is_over)
        return;
    for (size_t i = 0; !is_time_over && i < probe->count; i++)
        if (!is_settled(&probe->found[i]))
            return;
    timer_stop(probe->settle);
    if (probe->count == 0)
        fprintf(stderr, "kiosk: no device was found\n");
    for (size_t i = 0; i < probe->count; i++)
        print_device(&probe->found[i]);
    probe->is_reading = true;
    timer_start(probe->next, 0);
}

static void on_settle_over(void *owner)
{
    look_whether_settled(owner, true);
}

static void on_next(void *owner)
{
    struct probe *probe = owner;

    if (probe->options->reads_card)
        begin_reading(probe);
    else
        end(probe, PROBE_DONE);
}

/* ---- A card ------------------------------------------------------------ */

/* The line's keys, in its order, and the kinds of card that have them. */
#define RESIDENT       (1u << CARD_RESIDENT)
#define HMT            (1u << CARD_HMT)
#define FOREIGNER_2017 (1u << CARD_FOREIGNER_2017)
#define FOREIGNER_2023 (1u << CARD_FOREIGNER_2023)
#define ALL            (RESIDENT | HMT | FOREIGNER_2017 | FOREIGNER_2023)

static const struct {
    const char *name;
    unsigned kinds;
    bool is_date;
} card_keys[] = {
    { "kind", ALL, false },
    { "name", ALL, false },
    { "sex", ALL, false },
    { "ethnic", RESIDENT, false },
    { "birth", ALL, true },
    { "address", RESIDENT | HMT, false },
    { "number", ALL, false },
    { "authority", RESIDENT | HMT | FOREIGNER_2017, false },
    { "valid_from", ALL, true },
    { "valid_to", ALL, true },
    { "permit_number", HMT, false },
    { "issue_count", HMT, false },
    { "english_name", FOREIGNER_2017 | FOREIGNER_2023, false },
    { "nationality", FOREIGNER_2017 | FOREIGNER_2023, false },
    { "version", FOREIGNER_2017, false },
    { "renewals", FOREIGNER_2023, false },
};

/* "20310704" as 2031-07-04; what is no date stays as it is on the card. */
static json_t *value_of(const char *value, bool is_date)
{
    char date[16];

    if (!is_date || !clock_is_date(value))
        return json_string(value);
    snprintf(date, sizeof date, "%.4s-%.2s-%.2s", value, value + 4, value + 6);
    return json_string(date);
}

static void print_card(const struct card *card)
{
    json_t *json = json_object();

    for (size_t i = 0; i < sizeof card_keys / sizeof *card_keys; i++) {
        if (!(card_keys[i].kinds & 1u << card->kind))
            continue;
        const char *value = card_field(card, card_keys[i].name);
        assert(value);
        json_object_set_new(json, card_keys[i].name,
                            value_of(value, card_keys[i].is_date));
    }
    json_object_set_new(json, "photo", json_boolean(card->has_photo));
    print_json(json_pack("{s:o}", "card", json));
}

static void ask_for_card(struct probe *probe)
{
    struct device_job job = { .kind = JOB_READ_CARD };

    if (probe->job || probe->is_over ||
        device_state_of(probe->reader) != DEVICE_READY)
        return;
    probe->job = device_start(probe->reader, &job);
}

/* A reader that was pulled may be plugged in again; one that is broken and did
 * not come round by itself is what the technician came for. */
static void reader_changed(struct probe *probe)
{
    enum device_state state = device_state_of(probe->reader);

    if (state == DEVICE_READY) {
        probe->has_failed = false;
        ask_for_card(probe);
    } else if (state == DEVICE_BROKEN) {
        fprintf(stderr, "kiosk: the card reader does not work: %s\n",
                err_text(device_why(probe->reader)));
        end(probe, PROBE_FAILED);
    }
}

static void on_state(void *owner, struct device *device)
{
    struct probe *probe = owner;

    assert(probe->magic == MAGIC);
    if (!probe->is_reading)
        look_whether_settled(probe, false);
    else if (device == probe->reader)
        reader_changed(probe);
}

static void on_finished(void *owner, struct device *device, uint32_t job,
                        enum err err, const struct card *card)
{
    struct probe *probe = owner;

    assert(probe->magic == MAGIC);
    (void)device;
    if (job != probe->job)
        return;
    probe->job = 0;
    if (!err && card) {
        print_card(card);
        end(probe, PROBE_DONE);
        return;
    }
    probe->has_failed = true;
    ask_for_card(probe);
}

static void on_retry(void *owner, struct device *device, uint32_t job,
                     enum err why)
{
    (void)owner;
    (void)device;
    (void)job;
    fprintf(stderr, "kiosk: %s\n", err_text(why));
}

static const struct device_events device_events = {
    .on_state = on_state,
    .on_finished = on_finished,
    .on_retry = on_retry,
};

static void on_time_over(void *owner)
{
    struct probe *probe = owner;
    bool has_reader = device_state_of(probe->reader) != DEVICE_UNPLUGGED;

    fprintf(stderr, "kiosk: %s within %d s\n",
            has_reader ? "no card was read" : "no card reader came",
            probe->options->seconds);
    end(probe, probe->has_failed ? PROBE_FAILED : PROBE_TIME_OVER);
}

static struct device *
open_device(struct probe *probe, const struct driver *driver, const char *place)
{
    const struct probe_options *options = probe->options;
    struct device *device =
        equip_with(probe->loop, probe->settings, driver, &device_events, probe);

    if (place)
        device_set(device, "place", place);
    if (options->record && driver->class == DEVICE_CARD)
        device_set(device, "record", options->record);
    if (options->print_path)
        device_set(device, "print_path", options->print_path);
    device_open(device);
    return device;
}

/* The one that the settings name, else the first that works; if there is none
 * yet, whichever is plugged in. */
static void choose_reader(struct probe *probe)
{
    const char *place = probe->settings->card_place;

    for (size_t i = 0; i < probe->count; i++) {
        struct found *found = &probe->found[i];
        if (found->driver->class != DEVICE_CARD)
            continue;
        bool is_named = !*place || strcmp(place, found->place.path) == 0;
        bool works = device_state_of(found->device) == DEVICE_READY;
        if (is_named && (works || !probe->reader))
            probe->reader = found->device;
        if (is_named && works)
            return;
    }
}

static void close_others(struct probe *probe)
{
    for (size_t i = 0; i < probe->count; i++) {
        if (probe->found[i].device == probe->reader)
            continue;
        device_free(probe->found[i].device);
        probe->found[i].device = NULL;
    }
}

static const struct driver *driver_that_finds(void)
{
    for (const struct driver *const *driver = driver_table; *driver; driver++)
        if ((*driver)->class == DEVICE_CARD && (*driver)->find)
            return *driver;
    return NULL;
}

static void begin_reading(struct probe *probe)
{
    choose_reader(probe);
    close_others(probe);
    timer_start(probe->time, (int64_t)probe->options->seconds * 1000);
    if (probe->reader) {
        reader_changed(probe);
        return;
    }
    const struct driver *driver = driver_that_finds();
    assert(driver);
    probe->owns_reader = true;
    probe->reader = open_device(probe, driver, NULL);
}

/* ---- Looking for devices ----------------------------------------------- */

static void add(struct probe *probe, const struct driver *driver,
                const struct device_place *place)
{
    struct found *found = &probe->found[probe->count];

    if (probe->count == FOUND_MAX)
        return;
    probe->count++;
    *found = (struct found){ .probe = probe, .driver = driver };
    if (place)
        found->place = *place;
    found->device = open_device(probe, driver, place ? place->path : NULL);
}

static void ask_next(struct probe *probe);

static void on_places(void *owner, const struct device_place *places,
                      size_t count)
{
    struct probe *probe = owner;

    assert(probe->magic == MAGIC);
    for (size_t i = 0; i < count; i++)
        add(probe, *probe->asked, &places[i]);
    probe->asked++;
    ask_next(probe);
}

/* A printer is one queue, so only the settings know it; in service it is left
 * alone, since whoever opens it clears it of what is being printed. */
static bool is_configured(const struct probe *probe,
                          const struct driver *driver)
{
    return strcmp(driver->name, probe->settings->printer_driver) == 0 &&
           !driver->pretend && !probe->is_in_service;
}

static void ask_next(struct probe *probe)
{
    for (; *probe->asked; probe->asked++) {
        const struct driver *driver = *probe->asked;
        if (driver->find) {
            driver->find(probe->loop, on_places, probe);
            return;
        }
        if (is_configured(probe, driver))
            add(probe, driver, NULL);
    }
    timer_start(probe->settle, SETTLE_MS);
    look_whether_settled(probe, false);
}

static void on_interrupt(void *owner, int number)
{
    (void)number;
    end(owner, INTERRUPTED);
}

/* ---- The whole --------------------------------------------------------- */

static void look_for_kiosk(struct probe *probe)
{
    const char *folder = probe->settings->state_folder;
    char path[512];

    if (!file_is_folder(folder))
        return;
    snprintf(path, sizeof path, "%s/kiosk.lock", folder);
    probe->is_in_service = file_lock(path, &probe->lock) == ERR_EXISTS;
    if (probe->options->record)
        return; /* no kiosk may begin meanwhile */
    file_unlock(probe->lock);
    probe->lock = -1;
}

static void close_all(struct probe *probe)
{
    for (size_t i = 0; i < probe->count; i++)
        device_free(probe->found[i].device);
    if (probe->owns_reader)
        device_free(probe->reader);
    timer_free(probe->settle);
    timer_free(probe->time);
    timer_free(probe->next);
    signal_free(probe->interrupt);
    loop_free(probe->loop);
    file_unlock(probe->lock);
}

int probe_run(const struct settings *settings,
              const struct probe_options *options)
{
    struct probe probe = {
        .magic = MAGIC,
        .loop = loop_new(),
        .settings = settings,
        .options = options,
        .asked = driver_table,
        .lock = -1,
    };

    look_for_kiosk(&probe);
    if (options->record && probe.is_in_service) {
        /* Recording is for a test card on a machine that serves nobody. */
        fprintf(stderr, "kiosk: this machine is in service; stop the kiosk "
                        "before you record\n");
        loop_free(probe.loop);
        return PROBE_FAILED;
    }
    if (options->record && file_append(options->record, "", 0)) {
        fprintf(stderr, "kiosk: %s: this file cannot be written\n",
                options->record);
        close_all(&probe);
        return PROBE_FAILED;
    }
    probe.settle = timer_new(probe.loop, "settle", on_settle_over, &probe);
    probe.time = timer_new(probe.loop, "probe", on_time_over, &probe);
    probe.next = timer_new(probe.loop, "probe next", on_next, &probe);
    probe.interrupt = signal_new(probe.loop, SIGINT, on_interrupt, &probe);
    ask_next(&probe);
    if (!probe.is_over)
        loop_run(probe.loop);
    close_all(&probe);
    return probe.code;
}
