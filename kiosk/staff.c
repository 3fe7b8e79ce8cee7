#include "kiosk/staff.h"

#include "kiosk/base/buf.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/fault.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/crypto/crypto.h"
#include "kiosk/kept.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAGIC = 0x73746166,
    FILE_MAX_BYTES = 256,
    FILE_MODE = 0600,
    PERIOD_MOST = 4,
    FAILURES_MOST = 1000000,
    WAIT_MS = 100
};

static const char tries_form[] = "kiosk-tries 1 ";
static const char out_form[] = "kiosk-out 1 ";

/* ---- Which PIN may be one ---------------------------------------------- */

/* Those that people choose first, as lists of leaked PINs have them, beside
 * what the rules below find. */
static const char *const first_guesses[] = {
    "112233", "123321", "102030", "147258",  "258369",    "159357",
    "159753", "123654", "520131", "5201314", "1314520",   "110119",
    "110120", "112358", "314159", "3141592", "147258369", "789456123",
    "123789", "987321", "456123", "321654",
};

/* 123456, 654321, 222222, also over the ten (7890123). */
static bool is_row(const char *pin)
{
    for (int step = 0; step < 10; step++) {
        const char *at = pin;
        bool is_known = step <= 1 || step == 9;
        while (is_known && at[1] && (at[0] - '0' + step) % 10 == at[1] - '0')
            at++;
        if (is_known && !at[1])
            return true;
    }
    return false;
}

/* 121212, 123123, 12341234. */
static bool is_repeated(const char *pin)
{
    size_t len = strlen(pin);

    for (size_t period = 1; period <= PERIOD_MOST; period++) {
        size_t at = period;
        while (at < len && pin[at] == pin[at - period])
            at++;
        if (at == len && len >= 2 * period)
            return true;
    }
    return false;
}

const char *staff_pin_mistake(const char *pin)
{
    size_t len = strlen(pin);

    if (strspn(pin, "0123456789") != len || len < STAFF_PIN_LEAST ||
        len > STAFF_PIN_MOST)
        return N_("A staff PIN has 6 to 12 digits and nothing else.");
    bool is_weak = is_row(pin) || is_repeated(pin);
    for (size_t i = 0; i < sizeof first_guesses / sizeof *first_guesses; i++)
        is_weak = is_weak || strcmp(pin, first_guesses[i]) == 0;
    return is_weak ? N_("This PIN is one that anybody tries first. Choose "
                        "digits without a pattern.")
                   : NULL;
}

/* ---- Files ------------------------------------------------------------- */

/* Whole numbers behind the form's name, count of them; ERR_CORRUPT. */
static enum err read_numbers(const char *folder, enum kept_file file,
                             const char *form, int64_t *numbers, int count)
{
    char path[KEPT_PATH_BYTES];
    char *text = NULL;
    size_t len;

    kept_path(folder, file, path);
    enum err err = file_read(path, FILE_MAX_BYTES, &text, &len);
    if (err)
        return err == ERR_TOO_BIG ? ERR_CORRUPT : err;
    const char *at = text + strlen(form);
    bool is_right = strncmp(text, form, strlen(form)) == 0;
    for (int i = 0; is_right && i < count; i++) {
        char *end;
        is_right = *at >= '0' && *at <= '9';
        numbers[i] = strtoll(at, &end, 10);
        is_right = is_right && *end == (i + 1 < count ? ' ' : '\n');
        at = end + 1;
    }
    mem_free(text);
    return is_right ? ERR_OK : ERR_CORRUPT;
}

static enum err write_numbers(const char *folder, enum kept_file file,
                              const char *form, const int64_t *numbers,
                              int count)
{
    char path[KEPT_PATH_BYTES];
    struct buf text;

    kept_path(folder, file, path);
    buf_init(&text, FILE_MAX_BYTES);
    buf_add_text(&text, form);
    for (int i = 0; i < count; i++)
        buf_add_format(&text, "%" PRId64 "%c", numbers[i],
                       i + 1 < count ? ' ' : '\n');
    enum err err = file_replace(path, text.text, text.len, FILE_MODE);
    buf_done(&text);
    return err;
}

/* ---- Attempts ---------------------------------------------------------- */

int64_t staff_pause_ms(int64_t failures)
{
    int64_t pause_ms = STAFF_PAUSE_MS;

    if (failures <= STAFF_FREE_TRIES)
        return 0;
    for (int64_t i = STAFF_FREE_TRIES + 1;
         i < failures && pause_ms < STAFF_PAUSE_MOST_MS; i++)
        pause_ms *= 2;
    return pause_ms < STAFF_PAUSE_MOST_MS ? pause_ms : STAFF_PAUSE_MOST_MS;
}

int64_t staff_left_ms(const struct staff_tries *tries)
{
    int64_t pause_ms = staff_pause_ms(tries->failures);
    int64_t left_ms = tries->since_ms + pause_ms - clock_monotonic_ms();

    if (left_ms > pause_ms)
        left_ms = pause_ms;
    return left_ms > 0 ? left_ms : 0;
}

static enum err write_tries(const char *folder, const struct staff_tries *tries)
{
    const int64_t numbers[] = { tries->failures, tries->since_ms };
    return write_numbers(folder, KEPT_STAFF_TRIES, tries_form, numbers, 2);
}

/* *ret_is_new: the pause begins anew, which must be written before it ends.
 * Damage is taken for what it may hide. */
static enum err read_tries(const char *folder, struct staff_tries *ret_tries,
                           bool *ret_is_new)
{
    int64_t now_ms = clock_monotonic_ms();
    int64_t numbers[2] = { 0, now_ms };

    enum err err =
        read_numbers(folder, KEPT_STAFF_TRIES, tries_form, numbers, 2);
    if (err == ERR_CORRUPT)
        numbers[0] = STAFF_FREE_TRIES + 1;
    *ret_is_new = err == ERR_CORRUPT || numbers[1] > now_ms;
    ret_tries->failures =
        numbers[0] < FAILURES_MOST ? numbers[0] : FAILURES_MOST;
    ret_tries->since_ms = *ret_is_new ? now_ms : numbers[1];
    return err == ERR_CORRUPT || err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* The machine was started anew since the last attempt. */
static enum err settle_tries(const char *folder, struct staff_tries *tries)
{
    bool is_new = false;
    enum err err = read_tries(folder, tries, &is_new);

    return !err && is_new ? write_tries(folder, tries) : err;
}

static enum err open_key(const char *folder, bool may_make,
                         struct key **ret_key)
{
    char path[KEPT_PATH_BYTES];

    kept_path(folder, KEPT_STAFF_KEY, path);
    return key_open(path, KEY_MAC, may_make, ret_key);
}

static enum err read_pin(const char *folder, char stored[PIN_STORED_BYTES])
{
    char path[KEPT_PATH_BYTES];
    char *text = NULL;
    size_t len;

    kept_path(folder, KEPT_STAFF_PIN, path);
    enum err err = file_read(path, PIN_STORED_BYTES - 1, &text, &len);
    if (!err)
        snprintf(stored, PIN_STORED_BYTES, "%s", text);
    mem_free(text);
    return err;
}

bool staff_folder_has_pin(const char *folder)
{
    char path[KEPT_PATH_BYTES];

    kept_path(folder, KEPT_STAFF_PIN, path);
    return file_exists(path);
}

static enum err count_then_compare(const char *folder, const struct key *key,
                                   const char *pin, const char *stored,
                                   struct staff_tries *tries)
{
    tries->failures++;
    tries->since_ms = clock_monotonic_ms();
    enum err err = write_tries(folder, tries);
    if (!err && FAULT("staff.compare"))
        err = ERR_IO;
    if (!err)
        err = pin_check(key, pin, stored);
    if (err)
        return err;
    *tries = (struct staff_tries){ 0, tries->since_ms };
    enum err kept = write_tries(folder, tries);
    (void)kept; /* it then counts as one that failed: nobody is let in by it */
    return ERR_OK;
}

enum err staff_try(const char *folder, const char *pin,
                   struct staff_tries *ret_tries)
{
    char stored[PIN_STORED_BYTES];
    struct key *key = NULL;

    enum err err = settle_tries(folder, ret_tries);
    if (!err && staff_left_ms(ret_tries) > 0)
        return ERR_CANCELLED;
    if (!err)
        err = read_pin(folder, stored);
    if (err)
        return err;
    err = open_key(folder, false, &key);
    if (err)
        return err == ERR_NOT_FOUND ? ERR_CORRUPT : err;
    err = count_then_compare(folder, key, pin, stored, ret_tries);
    key_close(key);
    return err;
}

enum err staff_forget_tries(const char *folder)
{
    const struct staff_tries none = { 0, 0 };
    return write_tries(folder, &none);
}

enum err staff_set_pin(const char *folder, const char *pin)
{
    char stored[PIN_STORED_BYTES], path[KEPT_PATH_BYTES];
    struct key *key = NULL;

    if (staff_pin_mistake(pin))
        return ERR_BAD_INPUT;
    if (!file_is_folder(folder))
        return ERR_FOLDER_LOST;
    enum err err = open_key(folder, true, &key);
    if (!err)
        err = pin_make(key, pin, stored);
    key_close(key);
    if (err)
        return err;
    kept_path(folder, KEPT_STAFF_PIN, path);
    return file_replace(path, stored, strlen(stored), FILE_MODE);
}

/* ---- In the terminal --------------------------------------------------- */

enum work { WORK_SETTLE, WORK_CHECK, WORK_TAKE, WORK_OUT };

/* One thing to do. */
struct order {
    enum work work;
    char pin[STAFF_PIN_MOST + 1];
    int64_t since_ms;
    staff_fn done;
    void *owner;
};

struct staff {
    int magic;
    struct loop *loop;
    char folder[KEPT_PATH_BYTES];
    struct staff_tries tries;
    int64_t out_since_ms;

    /* What is under way; the thread has these until it is done. */
    bool is_working;
    struct order order;
    struct staff_tries work_tries;
    enum err work_err;
    /* What was asked for while something was written, which a slow disk may take
     * its time for: it comes next. */
    bool is_waiting;
    struct order next;
};

/* On a thread of libuv's. */
static void do_work(void *owner)
{
    struct staff *staff = owner;
    const char *folder = staff->folder;
    enum err err = ERR_OK;

    assert(staff->magic == MAGIC);
    switch (staff->order.work) {
    case WORK_SETTLE:
        err = settle_tries(folder, &staff->work_tries);
        break;
    case WORK_CHECK:
        err = staff_try(folder, staff->order.pin, &staff->work_tries);
        break;
    case WORK_TAKE:
        err = staff_set_pin(folder, staff->order.pin);
        break;
    case WORK_OUT:
        err = write_numbers(folder, KEPT_STAFF_OUT, out_form,
                            &staff->order.since_ms, 1);
        break;
    }
    mem_wipe(staff->order.pin, sizeof staff->order.pin);
    mem_wipe_stack();
    staff->work_err = err;
}

static void on_worked(void *owner);

static void begin(struct staff *staff, const struct order *order)
{
    staff->is_working = true;
    staff->order = *order;
    loop_work(staff->loop, do_work, on_worked, staff);
}

static void on_worked(void *owner)
{
    struct staff *staff = owner;

    assert(staff->magic == MAGIC && staff->is_working);
    staff_fn done = staff->order.done;
    void *done_owner = staff->order.owner;
    enum work work = staff->order.work;
    enum err err = staff->work_err;

    staff->is_working = false;
    if (work == WORK_CHECK)
        staff->tries = staff->work_tries;
    else if (work == WORK_OUT && !err)
        staff->out_since_ms = staff->order.since_ms;
    if (staff->is_waiting) {
        begin(staff, &staff->next);
        staff->is_waiting = false;
        mem_wipe(&staff->next, sizeof staff->next);
    } else if (work == WORK_TAKE && !err) {
        staff_look(staff);
    }
    if (done)
        done(done_owner, err);
}

/* Behind an attempt nothing waits: who types the next one shall first know
 * what became of this one. */
static bool ask(struct staff *staff, struct order *order)
{
    bool is_taken = !staff->is_working ||
                    (staff->order.work != WORK_CHECK && !staff->is_waiting);

    if (is_taken && !staff->is_working) {
        begin(staff, order);
    } else if (is_taken) {
        staff->next = *order;
        staff->is_waiting = true;
    }
    mem_wipe(order, sizeof *order);
    return is_taken;
}

void staff_look(struct staff *staff)
{
    bool is_new = false;
    enum err err = read_tries(staff->folder, &staff->tries, &is_new);

    (void)err; /* the attempt itself tells what is wrong */
    if (is_new && !staff->is_working)
        begin(staff, &(struct order){ .work = WORK_SETTLE });
}

/* Back in service is a 0 that was written, for a name that was taken away may
 * be there again after a power cut.  A file that is damaged says "out". */
static int64_t read_out(const char *folder)
{
    int64_t since_ms = 0;
    enum err err = read_numbers(folder, KEPT_STAFF_OUT, out_form, &since_ms, 1);

    if (err == ERR_CORRUPT)
        return clock_wall_ms();
    return err ? 0 : since_ms;
}

struct staff *staff_new(struct loop *loop, const char *folder)
{
    struct staff *staff = mem_new(sizeof *staff);

    staff->magic = MAGIC;
    staff->loop = loop;
    snprintf(staff->folder, sizeof staff->folder, "%s", folder);
    staff->out_since_ms = read_out(folder);
    staff_look(staff);
    return staff;
}

void staff_free(struct staff *staff)
{
    if (!staff)
        return;
    assert(staff->magic == MAGIC);
    staff->order.done = NULL;
    staff->is_waiting = false;
    mem_wipe(&staff->next, sizeof staff->next);
    while (staff->is_working)
        loop_turn(staff->loop, WAIT_MS);
    staff->magic = 0;
    mem_free(staff);
}

static bool ask_with_pin(struct staff *staff, enum work work, const char *pin,
                         staff_fn done, void *owner)
{
    struct order order = { .work = work, .done = done, .owner = owner };

    assert(strlen(pin) < sizeof order.pin); /* no field takes more */
    snprintf(order.pin, sizeof order.pin, "%s", pin);
    return ask(staff, &order);
}

bool staff_check_pin(struct staff *staff, const char *pin, staff_fn done,
                     void *owner)
{
    return ask_with_pin(staff, WORK_CHECK, pin, done, owner);
}

bool staff_take_pin(struct staff *staff, const char *pin, staff_fn done,
                    void *owner)
{
    return ask_with_pin(staff, WORK_TAKE, pin, done, owner);
}

bool staff_is_checking(const struct staff *staff)
{
    return (staff->is_working && staff->order.work == WORK_CHECK) ||
           (staff->is_waiting && staff->next.work == WORK_CHECK);
}

bool staff_has_pin(const struct staff *staff)
{
    return staff_folder_has_pin(staff->folder);
}

int64_t staff_wait_ms(const struct staff *staff)
{
    return staff_left_ms(&staff->tries);
}

int64_t staff_failures(const struct staff *staff)
{
    return staff->tries.failures;
}

bool staff_set_out(struct staff *staff, bool is_out, staff_fn done, void *owner)
{
    return ask(staff, &(struct order){ .work = WORK_OUT,
                                       .since_ms = is_out ? clock_wall_ms() : 0,
                                       .done = done,
                                       .owner = owner });
}

int64_t staff_out_since_ms(const struct staff *staff)
{
    return staff->out_since_ms;
}
