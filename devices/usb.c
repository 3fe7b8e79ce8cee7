#include "devices/usb.h"

#include "devices/usb_find.h"
#include "kiosk/base/mem.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>

/* The probe opens every place at once. */
enum { MAGIC = 0x75736221, PLACES_MAX = 32, USERS_MAX = PLACES_MAX + 8 };

enum operation { OP_NONE, OP_WRITE, OP_READ, OP_RESET };

/* bytes belong to the thread from the asking to its answer, else to the loop. */
struct usb {
    int magic;
    uintptr_t ticket; /* what the loop is given instead of a pointer */
    struct loop *loop;
    const struct usb_id *ids;
    const char *place;
    struct usb_events events;
    void *owner;
    struct usb *next; /* bus.users */
    uint8_t *bytes;

    /* The loop's: */
    bool is_busy;

    /* Asked of the thread, under lock: */
    enum operation asked;
    int pipe, timeout_ms;
    size_t len;
    bool wants_cancel, wants_look, is_closing;

    /* Told by it, under lock: */
    bool has_done, has_state, is_posted, is_gone;
    enum err done_err, state_err;
    size_t done_len;
    struct usb_place state_place;

    /* The thread's: */
    struct usb_claimed claimed;
    struct libusb_transfer *transfer;
    enum operation flying; /* whose answer the bus owes */
    bool is_lost;          /* was unplugged */
    bool was_told;
    enum err told;
};

/* Asked for by usb_list(). */
struct list {
    struct list *next; /* bus.lists */
    struct loop *loop;
    const struct usb_id *ids;
    void (*done)(void *owner, const struct device_place *places, size_t count);
    void *owner;
    struct device_place places[PLACES_MAX];
    size_t count;
};

/* One for the program, made with its first user and gone with its last. */
static struct bus {
    pthread_t thread;
    int users_count; /* the loop's */
    /* Under lock: */
    libusb_context *context; /* NULL: libusb cannot be had */
    struct usb *users;
    struct list *lists;
    bool is_stopping;
    /* The thread's: */
    bool has_changed; /* something was plugged in */
} bus;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER; /* where no context is */
static pthread_cond_t gone = PTHREAD_COND_INITIALIZER;
static uintptr_t last_ticket;

/* ---- Telling the loop (on the thread) ---------------------------------- */

static void on_news(void *owner);

/* Under lock. */
static void post(struct usb *usb)
{
    if (usb->is_posted || usb->is_closing)
        return;
    usb->is_posted = true;
    loop_post(usb->loop, on_news, (void *)usb->ticket);
}

static void tell_done(struct usb *usb, enum err err, size_t len)
{
    pthread_mutex_lock(&lock);
    usb->has_done = true;
    usb->done_err = err;
    usb->done_len = len;
    post(usb);
    pthread_mutex_unlock(&lock);
}

static void tell_state(struct usb *usb, enum err err)
{
    if (err && usb->was_told && usb->told == err)
        return;
    usb->was_told = true;
    usb->told = err;
    pthread_mutex_lock(&lock);
    usb->has_state = true;
    usb->state_err = err;
    usb->state_place = usb->claimed.place;
    post(usb);
    pthread_mutex_unlock(&lock);
}

/* ---- The thread -------------------------------------------------------- */

static enum err err_of_transfer(enum libusb_transfer_status status)
{
    switch (status) {
    case LIBUSB_TRANSFER_COMPLETED:
        return ERR_OK;
    case LIBUSB_TRANSFER_TIMED_OUT:
        return ERR_TIMEOUT;
    case LIBUSB_TRANSFER_CANCELLED:
        return ERR_CANCELLED;
    case LIBUSB_TRANSFER_NO_DEVICE:
        return ERR_NO_DEVICE;
    case LIBUSB_TRANSFER_OVERFLOW:
        return ERR_TOO_BIG;
    case LIBUSB_TRANSFER_STALL:
    case LIBUSB_TRANSFER_ERROR:
        return ERR_DEVICE;
    }
    return ERR_DEVICE;
}

static void LIBUSB_CALL on_transfer(struct libusb_transfer *transfer)
{
    struct usb *usb = transfer->user_data;
    assert(usb->magic == MAGIC);
    enum err err = err_of_transfer(transfer->status);

    if (transfer->status == LIBUSB_TRANSFER_NO_DEVICE)
        usb->is_lost = true;
    usb->flying = OP_NONE;
    tell_done(usb, err, (size_t)transfer->actual_length);
}

static int LIBUSB_CALL on_hotplug(libusb_context *context,
                                  libusb_device *device,
                                  libusb_hotplug_event event, void *owner)
{
    (void)context;
    (void)owner;
    if (event == LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED) {
        bus.has_changed = true;
        return 0;
    }
    pthread_mutex_lock(&lock);
    for (struct usb *usb = bus.users; usb; usb = usb->next)
        if (usb->claimed.device == device)
            usb->is_lost = true;
    pthread_mutex_unlock(&lock);
    return 0;
}

static void open_context(void)
{
    libusb_context *context;

    if (bus.context || libusb_init(&context))
        return;
    int events =
        LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT;
    (void)libusb_hotplug_register_callback(
        context, events, LIBUSB_HOTPLUG_NO_FLAGS, LIBUSB_HOTPLUG_MATCH_ANY,
        LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY, on_hotplug, NULL,
        NULL);
    pthread_mutex_lock(&lock);
    bus.context = context;
    pthread_mutex_unlock(&lock);
}

static void look(struct usb *usb)
{
    if (!bus.context) {
        tell_state(usb, ERR_DEVICE);
        return;
    }
    enum err err = usb_find(bus.context, usb->ids, usb->place, &usb->claimed);
    tell_state(usb, err);
}

static void lose(struct usb *usb)
{
    pthread_mutex_lock(&lock);
    bool is_asked = usb->asked != OP_NONE; /* of the device that is gone */
    usb->asked = OP_NONE;
    pthread_mutex_unlock(&lock);
    if (is_asked)
        tell_done(usb, ERR_NO_DEVICE, 0);
    usb_release(&usb->claimed);
    usb->is_lost = false;
    tell_state(usb, ERR_NO_DEVICE);
    look(usb); /* it may be back already, or be another */
}

static void begin_transfer(struct usb *usb, enum operation op, int pipe,
                           size_t len, int timeout_ms)
{
    const struct usb_claimed *claimed = &usb->claimed;
    uint8_t end = op == OP_WRITE ? claimed->out[pipe] : claimed->in[pipe];

    libusb_fill_bulk_transfer(usb->transfer, claimed->handle, end, usb->bytes,
                              (int)len, on_transfer, usb, (unsigned)timeout_ms);
    if (claimed->is_interrupt)
        usb->transfer->type = LIBUSB_TRANSFER_TYPE_INTERRUPT;
    int code = libusb_submit_transfer(usb->transfer);
    if (!code) {
        usb->flying = op;
        return;
    }
    usb->is_lost = code == LIBUSB_ERROR_NO_DEVICE;
    tell_done(usb, usb->is_lost ? ERR_NO_DEVICE : ERR_DEVICE, 0);
}

static void reset_port(struct usb *usb)
{
    int code = libusb_reset_device(usb->claimed.handle);

    usb->is_lost = code != LIBUSB_SUCCESS; /* it comes back as a new one */
    tell_done(usb, code ? ERR_NO_DEVICE : ERR_OK, 0);
}

static void begin(struct usb *usb)
{
    pthread_mutex_lock(&lock);
    enum operation op = usb->asked;
    int pipe = usb->pipe, timeout_ms = usb->timeout_ms;
    size_t len = usb->len;
    bool was_cancelled = usb->wants_cancel;
    usb->asked = OP_NONE;
    pthread_mutex_unlock(&lock);

    if (op == OP_NONE)
        return;
    if (was_cancelled)
        tell_done(usb, ERR_CANCELLED, 0);
    else if (!usb->claimed.handle)
        tell_done(usb, ERR_NO_DEVICE, 0);
    else if (op == OP_RESET)
        reset_port(usb);
    else
        begin_transfer(usb, op, pipe, len, timeout_ms);
}

/* A pipe that stalled takes nothing until this was said. */
static void heal_stall(struct usb *usb)
{
    if (usb->transfer->status != LIBUSB_TRANSFER_STALL)
        return;
    usb->transfer->status = LIBUSB_TRANSFER_COMPLETED;
    if (usb->claimed.handle && !usb->is_lost)
        (void)libusb_clear_halt(usb->claimed.handle, usb->transfer->endpoint);
}

/* The transfer knows the context, which may go next. */
static void let_go(struct usb *usb)
{
    libusb_free_transfer(usb->transfer);
    usb_release(&usb->claimed);
    pthread_mutex_lock(&lock);
    usb->is_gone = true;
    pthread_cond_broadcast(&gone);
    pthread_mutex_unlock(&lock);
}

static void serve(struct usb *usb)
{
    pthread_mutex_lock(&lock);
    bool is_closing = usb->is_closing, wants_look = usb->wants_look;
    bool wants_cancel = usb->wants_cancel;
    usb->wants_look = false;
    if (usb->flying)
        usb->wants_cancel = false;
    pthread_mutex_unlock(&lock);

    if (usb->is_gone)
        return;
    if (usb->flying) {
        if (is_closing || wants_cancel)
            (void)libusb_cancel_transfer(usb->transfer);
        return; /* on_transfer comes */
    }
    if (is_closing) {
        let_go(usb);
        return;
    }
    heal_stall(usb);
    if (usb->is_lost)
        lose(usb);
    if (!usb->claimed.handle && (bus.has_changed || wants_look))
        look(usb);
    begin(usb);
    if (usb->is_lost && !usb->flying)
        lose(usb); /* just now: nothing may come that ends the wait */
}

static void on_listed(void *owner);

static void serve_lists(void)
{
    for (;;) {
        pthread_mutex_lock(&lock);
        struct list *list = bus.lists;
        if (list)
            bus.lists = list->next;
        pthread_mutex_unlock(&lock);
        if (!list)
            return;
        if (bus.context)
            list->count =
                usb_find_all(bus.context, list->ids, list->places, PLACES_MAX);
        loop_post(list->loop, on_listed, list);
    }
}

/* Those who were there when the round began; nobody leaves before is_gone. */
static void serve_all(void)
{
    struct usb *users[USERS_MAX];
    size_t count = 0;

    pthread_mutex_lock(&lock);
    for (struct usb *usb = bus.users; usb && count < USERS_MAX; usb = usb->next)
        if (!usb->is_gone)
            users[count++] = usb;
    pthread_mutex_unlock(&lock);
    for (size_t i = 0; i < count; i++)
        serve(users[i]);
    bus.has_changed = false;
    serve_lists();
}

/* Under lock: nothing that a loop has asked for waits. */
static bool is_quiet(void)
{
    for (const struct usb *usb = bus.users; usb; usb = usb->next)
        if (!usb->is_gone && (usb->asked || usb->wants_look || usb->is_closing))
            return false;
    return !bus.lists && !bus.is_stopping;
}

static void wait_for_work(void)
{
    if (bus.context) {
        (void)libusb_handle_events_completed(bus.context, NULL);
        return;
    }
    pthread_mutex_lock(&lock);
    while (is_quiet())
        pthread_cond_wait(&wake, &lock);
    pthread_mutex_unlock(&lock);
}

static void *run_thread(void *owner)
{
    bool is_stopping = false;

    (void)owner;
    while (!is_stopping) {
        open_context();
        serve_all();
        wait_for_work();
        pthread_mutex_lock(&lock);
        is_stopping = bus.is_stopping;
        pthread_mutex_unlock(&lock);
    }
    if (bus.context)
        libusb_exit(bus.context);
    bus.context = NULL;
    return NULL;
}

/* ---- The loop's side --------------------------------------------------- */

/* Under lock. */
static void wake_thread(void)
{
    if (bus.context)
        libusb_interrupt_event_handler(bus.context);
    pthread_cond_signal(&wake);
}

/* Signals are the loop's. */
static void start_thread(void)
{
    sigset_t all, before;

    bus.is_stopping = false;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int code = pthread_create(&bus.thread, NULL, run_thread, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    assert(code == 0);
    (void)code;
}

static void bus_use(void)
{
    if (bus.users_count++ == 0)
        start_thread();
}

static void bus_leave(void)
{
    if (--bus.users_count > 0)
        return;
    pthread_mutex_lock(&lock);
    bus.is_stopping = true;
    wake_thread();
    pthread_mutex_unlock(&lock);
    pthread_join(bus.thread, NULL);
}

static struct usb *find_user(uintptr_t ticket)
{
    pthread_mutex_lock(&lock);
    struct usb *usb = bus.users;
    while (usb && usb->ticket != ticket)
        usb = usb->next;
    pthread_mutex_unlock(&lock);
    return usb;
}

static void on_news(void *owner)
{
    uintptr_t ticket = (uintptr_t)owner;
    struct usb *usb = find_user(ticket);

    if (!usb)
        return;
    assert(usb->magic == MAGIC);
    pthread_mutex_lock(&lock);
    usb->is_posted = false;
    bool has_done = usb->has_done, has_state = usb->has_state;
    enum err done_err = usb->done_err, state_err = usb->state_err;
    size_t len = usb->done_len;
    struct usb_place place = usb->state_place;
    usb->has_done = usb->has_state = false;
    pthread_mutex_unlock(&lock);

    if (has_done) {
        usb->is_busy = false;
        usb->events.on_done(usb->owner, done_err, usb->bytes, len);
    }
    if (!find_user(ticket))
        return;
    if (!usb->is_busy)
        mem_wipe(usb->bytes, USB_BYTES_MAX); /* a card's, perhaps */
    if (has_state)
        usb->events.on_state(usb->owner, state_err, &place);
}

struct usb *usb_open(struct loop *loop, const struct usb_id *ids,
                     const char *place, const struct usb_events *events,
                     void *owner)
{
    struct usb *usb = mem_new(sizeof *usb);

    *usb = (struct usb){
        .magic = MAGIC,
        .loop = loop,
        .ids = ids,
        .place = place,
        .events = *events,
        .owner = owner,
        .bytes = secret_new(USB_BYTES_MAX),
        .transfer = libusb_alloc_transfer(0),
        .wants_look = true,
    };
    assert(usb->bytes && usb->transfer); /* at start there is room */
    assert(bus.users_count < USERS_MAX);
    bus_use();
    pthread_mutex_lock(&lock);
    usb->ticket = ++last_ticket;
    usb->next = bus.users;
    bus.users = usb;
    wake_thread();
    pthread_mutex_unlock(&lock);
    return usb;
}

static void remove_user(const struct usb *usb)
{
    struct usb **at = &bus.users;
    while (*at != usb)
        at = &(*at)->next;
    *at = usb->next;
}

void usb_close(struct usb *usb)
{
    if (!usb)
        return;
    assert(usb->magic == MAGIC);
    pthread_mutex_lock(&lock);
    usb->is_closing = true;
    wake_thread();
    while (!usb->is_gone)
        pthread_cond_wait(&gone, &lock);
    remove_user(usb);
    pthread_mutex_unlock(&lock);
    bus_leave();
    secret_free(usb->bytes);
    usb->magic = 0;
    mem_free(usb);
}

bool usb_is_busy(const struct usb *usb)
{
    return usb->is_busy;
}

static void ask(struct usb *usb, enum operation op, int pipe, size_t len,
                int timeout_ms)
{
    assert(usb->magic == MAGIC && !usb->is_busy);
    usb->is_busy = true;
    pthread_mutex_lock(&lock);
    usb->asked = op;
    usb->pipe = pipe;
    usb->len = len;
    usb->wants_cancel = false; /* it meant an operation before this */
    usb->timeout_ms = timeout_ms > 0 ? timeout_ms : 1; /* 0 is for ever */
    wake_thread();
    pthread_mutex_unlock(&lock);
}

void usb_write(struct usb *usb, int pipe, const void *bytes, size_t len,
               int timeout_ms)
{
    assert(len <= USB_BYTES_MAX && pipe >= 0 && pipe < USB_PIPES);
    mem_wipe(usb->bytes, USB_BYTES_MAX);
    memcpy(usb->bytes, bytes, len);
    ask(usb, OP_WRITE, pipe, len, timeout_ms);
}

void usb_read(struct usb *usb, int pipe, size_t len, int timeout_ms)
{
    assert(len <= USB_BYTES_MAX && pipe >= 0 && pipe < USB_PIPES);
    mem_wipe(usb->bytes, USB_BYTES_MAX);
    ask(usb, OP_READ, pipe, len, timeout_ms);
}

void usb_reset(struct usb *usb)
{
    ask(usb, OP_RESET, 0, 0, 0);
}

void usb_cancel(struct usb *usb)
{
    if (!usb->is_busy)
        return;
    pthread_mutex_lock(&lock);
    usb->wants_cancel = true;
    wake_thread();
    pthread_mutex_unlock(&lock);
}

void usb_look_again(struct usb *usb)
{
    pthread_mutex_lock(&lock);
    usb->wants_look = true;
    wake_thread();
    pthread_mutex_unlock(&lock);
}

/* ---- Listing ----------------------------------------------------------- */

static void on_listed(void *owner)
{
    struct list *list = owner;

    list->done(list->owner, list->places, list->count);
    mem_free(list);
    bus_leave();
}

void usb_list(struct loop *loop, const struct usb_id *ids,
              void (*done)(void *owner, const struct device_place *places,
                           size_t count),
              void *owner)
{
    struct list *list = mem_new(sizeof *list);

    *list = (struct list){
        .loop = loop,
        .ids = ids,
        .done = done,
        .owner = owner,
    };
    bus_use();
    pthread_mutex_lock(&lock);
    list->next = bus.lists;
    bus.lists = list;
    wake_thread();
    pthread_mutex_unlock(&lock);
}
