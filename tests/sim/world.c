/* memmem() */
#define _GNU_SOURCE
#include "tests/sim/world.h"

#include "kiosk/app_state.h"
#include "kiosk/base/chance.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/fault.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/delivery_state.h"
#include "kiosk/flow/item.h"
#include "kiosk/hub/hub_store.h"
#include "kiosk/kept.h"
#include "kiosk/store/vfs.h"
#include "kiosk/store/writer.h"
#include "tests/sim/cashier.h"
#include "tests/sim/citizen.h"
#include "tests/sim/disk.h"
#include "tests/sim/drawer.h"
#include "tests/sim/net.h"
#include "tests/sim/stage.h"
#include "tests/sim/world_state.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum {
    TURNS_MOST = 400,    /* of the loop, at one time */
    STEPS_MOST = 200000, /* in one session: it would go on for ever */
    HEAL_MOST_MS = 6 * 3600 * 1000,
    CRASH_WITHIN = 120, /* operations of the disk; a session has 26 to 90 */
    SKEW_MOST_MS = 3 * 86400 * 1000,
    SUDDEN = 3,       /* power cuts in a thousand steps … */
    SUDDEN_THEN = 60, /* … and just when something was promised */
};

const char *sabotage_name(enum sabotage sabotage)
{
    static const char *const names[SABOTAGE_COUNT] = { "none", "lax", "no-sync",
                                                       "doubled" };
    return names[sabotage];
}

/* ---- Faults ------------------------------------------------------------- */

void world_fail(struct world *world, const char *what, const char *about)
{
    if (!world->fault[0])
        snprintf(world->fault, sizeof world->fault,
                 "%s%s%s (session %llu, %lld ms)", what, *about ? ": " : "",
                 about, (unsigned long long)world->sessions,
                 (long long)(clock_monotonic_ms() - STAGE_START_MS));
}

void world_hash(struct world *world, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;
    uint64_t hash = world->hash;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
    world->hash = hash;
}

static void hash_text(struct world *world, const char *text)
{
    if (text)
        world_hash(world, text, strlen(text) + 1);
}

/* Bytes as hex, so that a trace has lines. */
static void trace(struct world *world, const char *what, const void *bytes,
                  size_t len)
{
    if (!world->trace)
        return;
    buf_add_text(world->trace, what);
    buf_add_char(world->trace, ' ');
    buf_add_hex(world->trace, bytes, len);
    buf_add_char(world->trace, '\n');
}

static void trace_page(struct world *world)
{
    const struct ui *ui = world->app->ui;

    for (size_t i = 0; world->trace && i < ui_place_count(ui); i++) {
        const struct ui_place *place = ui_place(ui, i);
        const struct element *element = place->element;
        buf_add_format(world->trace, "%lld %s %s %s|%s|%s %d %d %d %d\n",
                       (long long)world->app->page, element->id,
                       element->text ? element->text : "",
                       element->value ? element->value : "",
                       place->row_text ? place->row_text : "",
                       place->text ? place->text : "", place->row, place->col,
                       place->is_chosen, place->is_focus);
    }
}

/* ---- What is seen and said ---------------------------------------------- */

static struct record *record_of(struct world *world, const char *id)
{
    for (size_t i = world->record_count; i-- > 0;)
        if (strcmp(world->records[i].id, id) == 0)
            return &world->records[i];
    return NULL;
}

static struct record *add_record(struct world *world, const char *id)
{
    if (world->record_count == world->record_room) {
        size_t room = world->record_room ? 2 * world->record_room : 64;
        world->records = mem_resize(world->records,
                                    world->record_room * sizeof *world->records,
                                    room * sizeof *world->records);
        world->record_room = room;
    }
    struct record *record = &world->records[world->record_count++];
    *record = (struct record){ .citizen = world->citizen.index };
    snprintf(record->id, sizeof record->id, "%s", id);
    return record;
}

static bool says(const struct world *world, const char *zh, const char *en)
{
    for (size_t i = 0; i < view_count(world->app->view); i++) {
        const struct element *element = view_element(world->app->view, i);
        if (element->text &&
            (strstr(element->text, zh) || strstr(element->text, en)))
            return true;
    }
    return false;
}

static void note_promises(struct world *world, const char *screen)
{
    const struct session_case *made = &world->app->session.submitted;
    struct record *record = NULL;

    if (!made->id[0])
        return;
    record = record_of(world, made->id);
    if (!record && strcmp(screen, "send") == 0)
        record = add_record(world, made->id);
    if (!record)
        return;
    if (strcmp(screen, "result") == 0) {
        record->is_safe |= says(world, "已存本机", "Safe here");
        record->is_delivered |= says(world, "已送达", "Delivered");
    }
    record->is_not_stored |=
        made->state == CASE_NOT_STORED && made->err != ERR_UNSURE;
}

/* A page that was painted since. */
static void look(struct world *world)
{
    struct app *app = world->app;

    if (app->depth == 0 || world->seen_generation == view_generation(app->view))
        return;
    world->seen_generation = view_generation(app->view);
    const char *screen = pages_top(app)->kind->name;
    world->counts->pages++;
    hash_text(world, screen);
    for (size_t i = 0; i < view_count(app->view); i++) {
        const struct element *element = view_element(app->view, i);
        hash_text(world, element->id);
        hash_text(world, element->text);
        hash_text(world, element->value);
    }
    trace_page(world);
    note_promises(world, screen);
}

static void on_slip(void *owner, const char *request, size_t len)
{
    struct world *world = owner;
    struct record *record = record_of(world, world->app->session.submitted.id);

    world->counts->slips++;
    /* Paper promises, too. */
    if (record) {
        record->is_delivered |=
            memmem(request, len, "收件回执", strlen("收件回执")) != NULL;
        record->is_safe = true;
    }
    world_hash(world, request, len);
    if (world->trace) {
        buf_add(world->trace, request, len);
        buf_add_char(world->trace, '\n');
    }
}

static void on_packet(void *owner, const void *bytes, size_t len)
{
    world_hash(owner, bytes, len);
    trace(owner, "sent", bytes, len);
}

/* ---- The hub ------------------------------------------------------------ */

static void on_hub_back(void *owner)
{
    struct world *world = owner;
    enum disk_end end =
        dice_percent(&world->dice, 50) ? DISK_POWER_CUT : DISK_KILLED;

    hub_close(world->hub);
    world->hub = NULL;
    disk_recover(world->hub_disk, end, &world->dice);
    stage_open_hub(world);
}

void world_restart_hub(struct world *world, const struct disk_copy *copy)
{
    net_set_hub(world->net, NULL);
    hub_close(world->hub);
    world->hub = NULL;
    disk_put_back(world->hub_disk, copy);
    stage_open_hub(world);
}

void world_look_at_hub(struct world *world)
{
    if (!disk_is_dead(world->hub_disk))
        return;
    world->counts->hub_crashes++;
    net_set_hub(world->net, NULL);
    timer_start(world->hub_back, dice_between(&world->dice, 100, 20000));
}

static void on_hub(void *owner)
{
    world_look_at_hub(owner);
}

/* ---- The terminal ------------------------------------------------------- */

static void set_settings(struct settings *settings)
{
    settings_init(settings);
    mem_free(settings->state_folder);
    mem_free(settings->card_driver);
    mem_free(settings->printer_driver);
    settings->state_folder = mem_copy_text(stage.terminal);
    settings->card_driver = mem_copy_text("card/sim");
    settings->printer_driver = mem_copy_text("printer/sim");
    mem_free(settings->a4_driver);
    settings->a4_driver = mem_copy_text("printer/sim");
    settings->reserve_mib = 0; /* of a disk that is not pretended */
}

void world_start_terminal(struct world *world)
{
    struct app_parts parts = {
        .loop = world->loop,
        .settings = &world->settings,
        .pack = stage.pack,
        .state_folder = stage.terminal,
        .draw_path = "kiosk-draw",
        .print_path = "kiosk-print",
        .ime_path = "kiosk-ime",
        .ime_data = "ime",
        .paper_folder = stage.paper,
        .fd_in = -1,
        .fd_out = -1,
        .term = "pretended",
    };
    struct buf key;

    enum err err = app_new(&parts, &world->app);
    assert(!err);
    event_set_sink(app_record, world->app);
    world->seen_generation = 0;
    world->was_open = false;
    buf_init(&key, 64);
    buf_add_base64(&key, world->office_key, sizeof world->office_key);
    err = app_set_office(world->app, "http://127.0.0.1:9", key.text,
                         "http://127.0.0.1:8");
    assert(!err);
    buf_done(&key);
}

void world_turn(struct world *world)
{
    for (int i = 0; i < TURNS_MOST; i++) {
        loop_turn(world->loop, 0);
        if (disk_is_dead(world->disk))
            return;
        if (world->app)
            look(world);
        if (!loop_has_posts(world->loop))
            return;
    }
    world_fail(world, "the loop finds no rest", "");
}

void world_stop_terminal(struct world *world)
{
    net_set_dumb(world->net, true);
    app_free(world->app);
    world->app = NULL;
    event_set_sink(NULL, NULL);
    world_turn(world); /* buries its helpers */
    loop_turn(world->loop, 0);
    net_set_dumb(world->net, false);
    if (secret_used_bytes() != 0)
        world_fail(world, "a terminal that ended left secrets", "");
}

/* It dies as it is and comes back with what its disk kept. */
static void crash(struct world *world)
{
    enum disk_end end =
        dice_percent(&world->dice, 70) ? DISK_POWER_CUT : DISK_KILLED;

    if (end == DISK_POWER_CUT)
        world->counts->power_cuts++;
    else
        world->counts->kills++;
    disk_die(world->disk);
    world_stop_terminal(world);
    disk_recover(world->disk, end, &world->dice);
    vfs_plan_end();
    clock_shift(dice_between(&world->dice, 500, 30000));
    world_start_terminal(world);
}

/* ---- Sessions ----------------------------------------------------------- */

void world_heal_devices(struct world *world)
{
    static const char *const lines[] = { "reader plug", "paper in",
                                         "cover closed", "card lift" };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        enum err err = app_pretend_device(world->app, lines[i]);
        assert(!err);
    }
}

/* A disk that refuses some of what it is asked, for a while. */
static void plan_disk_fault(struct world *world)
{
    struct dice *dice = &world->dice;
    struct vfs_plan plan = {
        .operation = (enum vfs_operation)dice_below(dice, VFS_OPERATION_COUNT),
        .failure = dice_percent(dice, 50) ? VFS_FAIL_IO : VFS_FAIL_FULL,
        .after = dice_below(dice, CRASH_WITHIN),
        .times = dice_percent(dice, 60) ? (int)dice_between(dice, 1, 6) : -1,
    };
    vfs_plan_fail(&plan);
    world->counts->disk_faults++;
}

/* What the next session will meet. */
static void plan_troubles(struct world *world)
{
    struct dice *dice = &world->dice;

    vfs_plan_end();
    net_set_trouble(world->net, 0);
    net_set_cut(world->net, false);
    drawer_set_trouble(world->drawer, 0);
    writer_pretend_ms(0);
    if (world->is_calm)
        return;
    net_set_trouble(world->net, dice_percent(dice, 50) ? 40 : 5);
    net_set_cut(world->net, dice_percent(dice, 15));
    if (dice_percent(dice, 10)) /* until somebody sets it right */
        net_set_skew(world->net,
                     dice_between(dice, -SKEW_MOST_MS, SKEW_MOST_MS));
    else if (dice_percent(dice, 20))
        net_set_skew(world->net, 0);
    drawer_set_trouble(world->drawer, dice_percent(dice, 10) ? 50 : 1);
    if (dice_percent(dice, 15)) /* a disk that is slow, up to two minutes */
        writer_pretend_ms(dice_percent(dice, 70)
                              ? dice_between(dice, 10, 3000)
                              : dice_between(dice, 3000, 120000));
    /* Troubles seldom come alone. */
    bool is_storm = dice_percent(dice, 10);
    if (is_storm)
        net_set_cut(world->net, true);
    if (is_storm || dice_percent(dice, 20))
        plan_disk_fault(world);
    disk_die_after(world->disk, dice_percent(dice, 85)
                                    ? (int64_t)dice_below(dice, CRASH_WITHIN)
                                    : -1);
    if (dice_percent(dice, 20))
        disk_die_after(world->hub_disk, dice_below(dice, CRASH_WITHIN));
}

/* Between two citizens, now and then: staff restart it in order, or the window
 * is another (large print). */
static void change_terminal(struct world *world)
{
    static const int sizes[][2] = { { 32, 100 }, { 24, 80 }, { 15, 40 } };
    unsigned size = dice_below(&world->dice, 3);

    if (dice_percent(&world->dice, 4)) {
        world_stop_terminal(world);
        clock_shift(dice_between(&world->dice, 300, 5000));
        world_start_terminal(world);
        world_turn(world);
    }
    if (dice_percent(&world->dice, 10))
        ui_pretend_size(world->app->ui, sizes[size][0], sizes[size][1]);
}

static void next_citizen(struct world *world, uint64_t seed, unsigned index)
{
    if (!world->is_calm)
        change_terminal(world);
    world->sessions++;
    citizen_begin(&world->citizen, seed, index);
    world->citizen.read_phone = stage_read_phone;
    world->citizen.pay = cashier_pay;
    world->citizen.pay_owner = world->cashier;
    world->citizen.meddles = !world->is_calm;
    world->citizen.next_ms =
        clock_monotonic_ms() + dice_between(&world->dice, 100, 60000);
    if (world->is_calm || dice_percent(&world->dice, 60))
        world_heal_devices(world);
    world->steps = 0;
    plan_troubles(world);
}

/* Nothing of a person is left once its session has ended. */
static void check_wiped(struct world *world)
{
    const struct session *session = &world->app->session;

    if (session->submitted.id[0] || session->item ||
        answers_get(session->answers, "card_number"))
        world_fail(world, "a session's data outlives it", "");
}

/* SABOTAGE_DOUBLED: the terminal sends by itself once more. */
static void send_again(struct world *world)
{
    struct app *app = world->app;

    if (world->sabotage == SABOTAGE_DOUBLED &&
        app->session.submitted.state == CASE_SAVED && app->session.item &&
        dice_percent(&world->dice, 20))
        delivery_submit(app->delivery, &app->session);
}

static unsigned sudden(const struct world *world)
{
    enum case_state state = world->app->session.submitted.state;
    return state == CASE_SAVED || state == CASE_DELIVERED ? SUDDEN_THEN
                                                          : SUDDEN;
}

/* The next thing that happens: somebody does something, or a timer is due. */
static void step(struct world *world)
{
    struct app *app = world->app;
    int64_t now_ms = clock_monotonic_ms();
    int64_t due_ms = loop_next_ms(world->loop);
    int64_t at_ms = world->citizen.next_ms;

    if (due_ms >= 0 && due_ms < at_ms)
        at_ms = due_ms;
    if (at_ms > now_ms)
        clock_shift(at_ms - now_ms);
    if (clock_monotonic_ms() >= world->citizen.next_ms)
        citizen_act(&world->citizen, app);
    world_turn(world);
    if (!world->is_calm && dice_below(&world->dice, 1000) < sudden(world))
        disk_die(world->disk); /* at rest, between two operations */
    if (!disk_is_dead(world->disk))
        send_again(world);
}

/* Until the citizen's session is over: by itself, or by a crash. */
void world_session(struct world *world, uint64_t seed, unsigned index)
{
    next_citizen(world, seed, index);
    while (!world->fault[0]) {
        step(world);
        if (disk_is_dead(world->disk)) {
            crash(world);
            return;
        }
        bool is_open = world->app->session.is_open;
        if (world->was_open && !is_open) {
            check_wiped(world);
            check_wiped(world);
            world->was_open = false;
            return;
        }
        world->was_open = is_open;
        if (!is_open && world->citizen.is_gone)
            return; /* gone before it began */
        if (++world->steps > STEPS_MOST)
            world_fail(world, "a session does not end", "");
    }
}

/* ---- The end ------------------------------------------------------------ */

bool world_heal(struct world *world)
{
    char why[160];
    int64_t end_ms = clock_monotonic_ms() + HEAL_MOST_MS;

    world->is_calm = true;
    plan_troubles(world);
    disk_die_after(world->disk, -1);
    disk_die_after(world->hub_disk, -1);
    while (!world->fault[0] && clock_monotonic_ms() < end_ms) {
        int64_t due_ms = loop_next_ms(world->loop);
        int64_t now_ms = clock_monotonic_ms();
        if (due_ms > now_ms)
            clock_shift(due_ms - now_ms);
        world_turn(world);
        const struct delivery *delivery = world->app->delivery;
        if (world->hub && delivery->is_store_open && delivery->is_online &&
            delivery_waiting(delivery) == 0 && !delivery->sending.is_busy &&
            cashier_settle(world->cashier))
            return true;
    }
    snprintf(why, sizeof why,
             "hub %d, hindrance %s, open %d, online %d, waiting %lld",
             world->hub != NULL,
             err_name(delivery_cannot_store(world->app->delivery)),
             world->app->delivery->is_store_open,
             world->app->delivery->is_online,
             (long long)delivery_waiting(world->app->delivery));
    world_fail(world, "what waits does not get through", why);
    return false;
}

static void init_world(struct world *world, uint64_t seed)
{
    static const struct net_events net_events = { on_packet, on_hub };

    *world = (struct world){ .dice = { seed },
                             .hash = UINT64_C(0xcbf29ce484222325) };
    clock_pretend_end();
    clock_pretend(STAGE_START_MS, STAGE_START_WALL_MS);
    chance_seed(seed);
    world->loop = loop_new_pretend();
    world->disk = disk_new(stage.terminal);
    world->hub_disk = disk_new(stage.hub);
    world->net = net_new(world->loop, &world->dice, &net_events, world);
    world->drawer = drawer_new(world->loop, &world->dice, on_slip, world);
    world->hub_back =
        timer_new(world->loop, "sim: hub back", on_hub_back, world);
    world->cashier = cashier_new(world);
    set_settings(&world->settings);
    stage_forget();
    stage_open_hub(world);
    memcpy(world->office_key, hub_office_key(world->hub),
           sizeof world->office_key);
}

struct world *world_new(uint64_t seed, struct world_counts *counts)
{
    struct world *world = mem_new(sizeof *world);

    init_world(world, seed);
    world->counts = counts;
    return world;
}

void world_free(struct world *world)
{
    vfs_plan_end();
    writer_pretend_ms(0);
    fault_plan("store.lax", 0);
    if (world->app)
        world_stop_terminal(world);
    if (world->hub)
        hub_close(world->hub);
    struct net_counts net = net_count(world->net);
    world->counts->exchanges += net.exchanges;
    world->counts->troubles +=
        net.lost + net.late + net.doubled + net.cut + net.refused;
    world->counts->simulated_ms += clock_monotonic_ms() - STAGE_START_MS;
    net_free(world->net);
    drawer_free(world->drawer);
    timer_free(world->hub_back);
    cashier_free(world->cashier);
    settings_done(&world->settings);
    loop_free(world->loop);
    disk_free(world->disk);
    disk_free(world->hub_disk);
    mem_free(world->records);
    mem_free(world);
}

static void set_sabotage(struct world *world, enum sabotage sabotage)
{
    world->sabotage = sabotage;
    fault_plan("store.lax", sabotage == SABOTAGE_LAX ? -1 : 0);
    disk_skip_syncs(world->disk, sabotage == SABOTAGE_NO_SYNC);
}

/* Somebody new, or somebody who has been here and asks how it stands. */
static unsigned who_comes(struct world *world)
{
    unsigned before = (unsigned)world->sessions;

    if (before > 0 && dice_percent(&world->dice, 25))
        return 1 + dice_below(&world->dice, before);
    return before + 1;
}

bool world_play(const struct world_settings *settings, uint64_t *ret_hash,
                struct world_counts *counts, char fault[WORLD_FAULT_BYTES])
{
    struct world *world = world_new(settings->seed, counts);

    world->is_calm = settings->is_calm;
    set_sabotage(world, settings->sabotage);
    world_start_terminal(world);
    world_turn(world);
    while (!world->fault[0] && (int)world->sessions < settings->sessions) {
        uint64_t crashes = counts->power_cuts + counts->kills;
        world_session(world, dice_next(&world->dice), who_comes(world));
        if (settings->crashes_each && !world->fault[0] &&
            crashes == counts->power_cuts + counts->kills)
            crash(world);
    }
    if (!world->fault[0] && world_heal(world))
        world_check(world);
    counts->sessions += world->sessions;
    *ret_hash = world->hash;
    snprintf(fault, WORLD_FAULT_BYTES, "%s", world->fault);
    bool is_good = !world->fault[0];
    world_free(world);
    return is_good;
}
