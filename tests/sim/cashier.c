#include "tests/sim/cashier.h"

#include "kiosk/base/mem.h"
#include "kiosk/hub/payments.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    TOKEN_HEX = 32,
    NAME_BYTES = TOKEN_HEX + 1 + TAKING_ID_CHARS + 1,
    SOON_LEAST_MS = 100,
    SOON_MOST_MS = 8000,
    LATE_LEAST_MS = 10 * 60 * 1000, /* in time or not */
    LATE_MOST_MS = 20 * 60 * 1000
};

/* Money on its way. */
struct taking {
    char name[NAME_BYTES];
    bool is_there; /* the hub has said so */
};

struct cashier {
    struct world *world;
    struct timer *bank;
    struct taking *takings;
    size_t count, room;
};

/* False: the hub is down, or died over it. */
static bool tell_one(struct cashier *cashier, struct taking *taking)
{
    struct world *world = cashier->world;

    if (!world->hub || disk_is_dead(world->hub_disk))
        return false;
    enum err err = payments_take(world->hub, taking->name);
    if (err == ERR_NOT_FOUND)
        world_fail(world, "the hub forgot what it let somebody pay",
                   taking->name);
    taking->is_there = !err;
    world_look_at_hub(world);
    return !err;
}

bool cashier_settle(struct cashier *cashier)
{
    bool is_settled = true;

    for (size_t i = 0; i < cashier->count; i++) {
        struct taking *taking = &cashier->takings[i];
        is_settled =
            (taking->is_there || tell_one(cashier, taking)) && is_settled;
    }
    return is_settled;
}

static void on_bank(void *owner)
{
    struct cashier *cashier = owner;

    if (!cashier_settle(cashier))
        timer_start(cashier->bank, dice_between(&cashier->world->dice,
                                                SOON_LEAST_MS, SOON_MOST_MS));
}

static struct taking *add(struct cashier *cashier)
{
    if (cashier->count == cashier->room) {
        size_t room = cashier->room ? 2 * cashier->room : 16;
        cashier->takings = mem_resize(cashier->takings,
                                      cashier->room * sizeof *cashier->takings,
                                      room * sizeof *cashier->takings);
        cashier->room = room;
    }
    return &cashier->takings[cashier->count++];
}

void cashier_pay(void *owner, const char *url)
{
    struct cashier *cashier = owner;
    struct dice *dice = &cashier->world->dice;
    const char *token = strrchr(url, '/');
    struct taking *taking = add(cashier);

    assert(token && strlen(token + 1) == TOKEN_HEX);
    *taking = (struct taking){ .is_there = false };
    snprintf(taking->name, sizeof taking->name, "%s:%0*zx", token + 1,
             TAKING_ID_CHARS, cashier->count);
    bool is_late = dice_percent(dice, 10);
    timer_start(cashier->bank,
                is_late ? dice_between(dice, LATE_LEAST_MS, LATE_MOST_MS)
                        : dice_between(dice, SOON_LEAST_MS, SOON_MOST_MS));
}

size_t cashier_count(const struct cashier *cashier)
{
    return cashier->count;
}

const char *cashier_taking(const struct cashier *cashier, size_t at)
{
    return cashier->takings[at].name;
}

struct cashier *cashier_new(struct world *world)
{
    struct cashier *cashier = mem_new(sizeof *cashier);

    cashier->world = world;
    cashier->bank = timer_new(world->loop, "sim: bank", on_bank, cashier);
    return cashier;
}

void cashier_free(struct cashier *cashier)
{
    if (!cashier)
        return;
    timer_free(cashier->bank);
    mem_free(cashier->takings);
    mem_free(cashier);
}
