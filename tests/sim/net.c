#include "tests/sim/net.h"

#include "kiosk/backend/transport.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MAGIC = 0x666c6974, PATH_BYTES = 128, LATE_MOST_MS = 90000 };

/* One exchange on its way.  It has up to three times: when the hub gets the
 * request, when it gets it once more, when the terminal is told. */
struct flight {
    int magic;
    struct net *net;
    struct flight *next;       /* net.flights */
    struct exchange *exchange; /* NULL: nobody waits for it any more */
    char path[PATH_BYTES];
    const char *method;
    char headers[TRANSPORT_HEADERS_MAX][TRANSPORT_HEADER_BYTES];
    size_t header_count;
    char *body;
    size_t body_len;
    struct timer *arrives, *again, *told;
    bool is_cut; /* the answer comes in part */
    enum err err;
    int status;
    char *answer;
    size_t answer_len;
};

struct net {
    struct loop *loop;
    struct dice *dice;
    struct net_events events;
    void *owner;
    struct hub *hub;
    unsigned trouble;
    int64_t skew_ms; /* the hub's clock minus the terminal's */
    bool is_down, is_dumb;
    struct flight *flights;
    struct transport_carrier carrier;
    struct net_counts counts;
};

/* ---- The hub's side ----------------------------------------------------- */

static const char *header(void *owner, const char *name)
{
    const struct flight *flight = owner;
    size_t len = strlen(name);

    for (size_t i = 0; i < flight->header_count; i++)
        if (strncasecmp(flight->headers[i], name, len) == 0 &&
            strncmp(flight->headers[i] + len, ": ", 2) == 0)
            return flight->headers[i] + len + 2;
    return NULL;
}

static const char *argument(void *owner, const char *name)
{
    (void)owner;
    (void)name;
    return NULL;
}

static void ask_hub(struct flight *flight, bool keeps_answer)
{
    struct net *net = flight->net;
    struct hub_request request = {
        .listener = HUB_TERMINALS,
        .method = flight->method,
        .path = flight->path,
        .body = flight->body,
        .body_len = flight->body_len,
        .header = header,
        .argument = argument,
        .owner = flight,
    };
    struct hub_response response;

    if (!net->hub) {
        flight->err = ERR_OFFLINE;
        return;
    }
    int64_t now_ms = clock_monotonic_ms(), wall_ms = clock_wall_ms();
    clock_pretend(now_ms, wall_ms + net->skew_ms);
    hub_handle(net->hub, &request, &response);
    clock_pretend(now_ms, wall_ms);
    if (keeps_answer) {
        mem_free(flight->answer);
        flight->status = response.status;
        flight->answer_len = response.body.len;
        flight->answer = mem_copy_bytes(response.body.text, response.body.len);
        flight->err = ERR_OK;
    }
    hub_response_done(&response);
    net->events.on_hub(net->owner);
    /* One that dies over a request answers nothing. */
    if (!net->hub)
        flight->err = ERR_OFFLINE;
}

/* ---- Flights ------------------------------------------------------------ */

static void land(struct flight *flight)
{
    struct flight **at = &flight->net->flights;

    while (*at != flight)
        at = &(*at)->next;
    *at = flight->next;
    timer_free(flight->arrives);
    timer_free(flight->again);
    timer_free(flight->told);
    mem_free(flight->body);
    mem_free(flight->answer);
    flight->magic = 0;
    mem_free(flight);
}

static void land_if_over(struct flight *flight)
{
    if (!timer_is_running(flight->arrives) &&
        !timer_is_running(flight->again) && !timer_is_running(flight->told))
        land(flight);
}

static void on_arrival(void *owner)
{
    struct flight *flight = owner;

    assert(flight->magic == MAGIC);
    ask_hub(flight, true);
    land_if_over(flight);
}

static void on_arrival_again(void *owner)
{
    struct flight *flight = owner;

    assert(flight->magic == MAGIC);
    ask_hub(flight, false);
    land_if_over(flight);
}

static void on_told(void *owner)
{
    struct flight *flight = owner;
    struct exchange *exchange = flight->exchange;

    assert(flight->magic == MAGIC);
    flight->exchange = NULL;
    if (exchange && flight->is_cut && !flight->err)
        transport_carried(exchange, ERR_BAD_ANSWER, 0, "", 0);
    else if (exchange)
        transport_carried(exchange, flight->err, flight->status,
                          flight->answer ? flight->answer : "",
                          flight->err ? 0 : flight->answer_len);
    land_if_over(flight);
}

static void fly_well(struct flight *flight)
{
    int64_t there_ms = dice_between(flight->net->dice, 2, 40);

    timer_start(flight->arrives, there_ms);
    timer_start(flight->told,
                there_ms + dice_between(flight->net->dice, 1, 40));
}

/* The ways of going wrong. */
static void fly_badly(struct flight *flight, int64_t answer_max_ms)
{
    struct net *net = flight->net;
    int64_t there_ms = dice_between(net->dice, 2, 4000);

    switch (dice_below(net->dice, 7)) {
    case 0: /* refused at the door */
        net->counts.refused++;
        flight->err = ERR_OFFLINE;
        timer_start(flight->told, there_ms);
        break;
    case 1: /* the request is lost */
        net->counts.lost++;
        flight->err = ERR_TIMEOUT;
        timer_start(flight->told, answer_max_ms);
        break;
    case 2: /* its answer is */
        net->counts.lost++;
        timer_start(flight->arrives, there_ms);
        flight->is_cut = true;
        timer_start(flight->told, answer_max_ms);
        break;
    case 3: /* it comes when nobody waits any more */
        net->counts.late++;
        flight->err = ERR_TIMEOUT;
        timer_start(flight->told, answer_max_ms);
        timer_start(flight->arrives,
                    answer_max_ms + dice_between(net->dice, 1, LATE_MOST_MS));
        break;
    case 4: /* twice */
        net->counts.doubled++;
        fly_well(flight);
        timer_start(flight->again, dice_between(net->dice, 2, LATE_MOST_MS));
        break;
    case 5: /* cut in the middle of the answer */
        net->counts.cut++;
        fly_well(flight);
        flight->is_cut = true;
        break;
    default: /* slow */
        timer_start(flight->arrives, there_ms);
        timer_start(flight->told, there_ms + dice_between(net->dice, 1, 15000));
        break;
    }
}

static void copy_request(struct flight *flight,
                         const struct exchange_settings *settings)
{
    const char *path = strstr(settings->url, "/v1/");

    assert(path && strlen(path) < sizeof flight->path);
    memcpy(flight->path, path, strlen(path) + 1);
    flight->method = settings->method;
    memcpy(flight->headers, settings->headers, sizeof flight->headers);
    flight->header_count = settings->header_count;
    flight->body = mem_copy_bytes(settings->body ? settings->body : "",
                                  settings->body_len);
    flight->body_len = settings->body_len;
}

static void tell_packet(struct net *net, const struct flight *flight)
{
    for (size_t i = 0; i < flight->header_count; i++)
        net->events.on_packet(net->owner, flight->headers[i],
                              strlen(flight->headers[i]));
    net->events.on_packet(net->owner, flight->body, flight->body_len);
}

static void begin(void *owner, struct exchange *exchange,
                  const struct exchange_settings *settings,
                  int64_t answer_max_ms)
{
    struct net *net = owner;
    struct flight *flight = mem_new(sizeof *flight);

    flight->magic = MAGIC;
    flight->net = net;
    flight->exchange = exchange;
    copy_request(flight, settings);
    flight->arrives = timer_new(net->loop, "sim: there", on_arrival, flight);
    flight->again =
        timer_new(net->loop, "sim: again", on_arrival_again, flight);
    flight->told = timer_new(net->loop, "sim: back", on_told, flight);
    flight->next = net->flights;
    net->flights = flight;
    net->counts.exchanges++;
    if (!net->is_dumb && strcmp(flight->method, "PUT") == 0)
        tell_packet(net, flight);
    if (net->is_dumb || net->is_down || !net->hub) {
        flight->err = ERR_OFFLINE;
        timer_start(flight->told, 5);
    } else if (dice_percent(net->dice, net->trouble)) {
        fly_badly(flight, answer_max_ms);
    } else {
        fly_well(flight);
    }
}

static void give_up(void *owner, struct exchange *exchange)
{
    struct net *net = owner;

    for (struct flight *flight = net->flights; flight; flight = flight->next)
        if (flight->exchange == exchange)
            flight->exchange = NULL; /* the request goes its way */
}

/* ---- Settings ----------------------------------------------------------- */

void net_set_hub(struct net *net, struct hub *hub)
{
    net->hub = hub;
}

void net_set_trouble(struct net *net, unsigned percent)
{
    net->trouble = percent;
}

void net_set_cut(struct net *net, bool is_cut)
{
    net->is_down = is_cut;
}

void net_set_skew(struct net *net, int64_t ms)
{
    net->skew_ms = ms;
}

void net_set_dumb(struct net *net, bool is_dumb)
{
    net->is_dumb = is_dumb;
}

struct net_counts net_count(const struct net *net)
{
    return net->counts;
}

struct net *net_new(struct loop *loop, struct dice *dice,
                    const struct net_events *events, void *owner)
{
    struct net *net = mem_new(sizeof *net);

    net->loop = loop;
    net->dice = dice;
    net->events = *events;
    net->owner = owner;
    net->carrier = (struct transport_carrier){ begin, give_up, net };
    transport_carry(&net->carrier);
    return net;
}

void net_free(struct net *net)
{
    if (!net)
        return;
    transport_carry(NULL);
    while (net->flights)
        land(net->flights);
    mem_free(net);
}
