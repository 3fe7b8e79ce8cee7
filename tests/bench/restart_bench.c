/* A hall's terminal that was killed with 1,000 cases in its outbox: from the
 * start of the next process to its attract page, and to the first of the cases
 * on its way to the hub.
 *
 * The cases are real envelopes, put by outbox_put.  The hub is a socket here
 * that hears the request and never answers, so the outbox stays as it is for
 * the next round.  Each round: a run that is killed (kill -9) once its page
 * stands, then the run that is measured, which ends in order. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/bench/figure.h"
#include "tests/bench/first_page.h"
#include "tests/hub/sample.h"
#include "tests/tty/hall_run.h"
#include "tests/tty/world.h"

#include "kiosk/base/buf.h"
#include "kiosk/base/file.h"
#include "kiosk/base/loop.h"
#include "kiosk/store/terminal.h"

#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CASES = 1000, IN_FLIGHT = 16, ROUNDS = 15, HEARD_MAX = 2048 };

static const double TARGET_MS = 1000;

static char folder[WORLD_PATH], program[WORLD_PATH], settings[WORLD_PATH];

/* ---- The hub that hears ------------------------------------------------- */

static int listener;
static _Atomic double heard_ms; /* when the first case came; 0: none yet */

/* One connection at a time is enough: the client sends one case at a time, and
 * what it says of its health may wait. */
static void hear(int fd)
{
    char bytes[HEARD_MAX] = "";
    size_t len = 0;

    while (len + 1 < sizeof bytes) {
        ssize_t got = recv(fd, bytes + len, sizeof bytes - 1 - len, 0);
        if (got <= 0)
            break;
        len += (size_t)got;
        bytes[len] = '\0';
        if (strncmp(bytes, "PUT /v1/cases/", 14) == 0) {
            double none = 0;
            atomic_compare_exchange_strong(&heard_ms, &none, figure_now_ms());
            break;
        }
    }
}

static void *hear_one(void *owner)
{
    int fd = (int)(intptr_t)owner;
    char byte;

    hear(fd);
    /* It waits for an answer until it ends itself. */
    while (recv(fd, &byte, 1, 0) > 0)
        continue;
    close(fd);
    return NULL;
}

static void *hear_all(void *owner)
{
    (void)owner;
    for (;;) {
        pthread_t thread;
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            return NULL;
        if (pthread_create(&thread, NULL, hear_one, (void *)(intptr_t)fd))
            close(fd);
        else
            pthread_detach(thread);
    }
}

static unsigned listen_here(void)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t size = sizeof at;
    pthread_t thread;

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(listener >= 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&at, size), 0);
    assert_int_equal(listen(listener, 16), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &size), 0);
    assert_int_equal(pthread_create(&thread, NULL, hear_all, NULL), 0);
    pthread_detach(thread);
    return ntohs(at.sin_port);
}

/* ---- The outbox ---------------------------------------------------------- */

struct filling {
    struct terminal_store *store;
    struct key *machine;
    const unsigned char *office;
    int next, stored;
    size_t bytes;
};

static void put_next(struct filling *filling);

static void on_open(void *owner, enum err err,
                    const struct terminal_state *state)
{
    (void)owner;
    (void)state;
    assert_int_equal(err, ERR_OK);
}

static void on_stored(void *owner, enum err err,
                      const struct journal_head *head)
{
    struct filling *filling = owner;
    (void)head;
    assert_int_equal(err, ERR_OK);
    filling->stored++;
    put_next(filling);
}

static void put_next(struct filling *filling)
{
    struct sample sample;
    struct buf bytes;

    if (filling->next == CASES)
        return;
    int number = ++filling->next;
    sample_init(&sample, filling->machine, filling->office);
    sample_envelope(&sample, &bytes);
    struct outbox_case entry = {
        .number = number,
        .receipt_sequence = number,
        .wall_ms = sample.wall_ms,
        .bytes = (const unsigned char *)bytes.text,
        .len = bytes.len,
    };
    memcpy(entry.id, sample.id, sizeof entry.id);
    snprintf(entry.receipt, sizeof entry.receipt, "00016327%04u",
             (unsigned)number % 10000u);
    snprintf(entry.receipt_day, sizeof entry.receipt_day, "20261123");
    snprintf(entry.item, sizeof entry.item, "hotline-12345");
    filling->bytes += bytes.len;
    outbox_put(filling->store, &entry, on_stored, filling);
    buf_done(&bytes);
}

/* The size of one, for the note. */
static size_t fill(const char *state, const unsigned char *office)
{
    char path[WORLD_PATH];
    struct filling filling = { .office = office };
    struct loop *loop = loop_new();

    assert_int_equal(file_make_folder(state, 0700), ERR_OK);
    world_join(path, state, "machine.key");
    assert_int_equal(key_open(path, KEY_SIGN, true, &filling.machine), ERR_OK);
    world_join(path, state, "kiosk.sqlite");
    filling.store = terminal_store_new(loop, path, on_open, NULL);
    for (int i = 0; i < IN_FLIGHT; i++)
        put_next(&filling);
    while (filling.stored < CASES)
        loop_turn(loop, 1000);
    terminal_store_free(filling.store);
    key_close(filling.machine);
    loop_free(loop);
    return filling.bytes / CASES;
}

static size_t make_world(void)
{
    const char *build = getenv("KIOSK_BUILD");
    char text[3 * WORLD_PATH], state[WORLD_PATH], path[WORLD_PATH], real[4096];
    struct key *office;
    struct buf base64;

    /* On the disk that the build is on, never on a RAM disk. */
    assert_non_null(realpath(build ? build : "build", real));
    snprintf(folder, sizeof folder, "%.400s/restart-XXXXXX", real);
    assert_non_null(mkdtemp(folder));
    world_program(program, "kiosk");
    world_join(settings, folder, "settings.yaml");
    world_join(state, folder, "state");
    world_join(path, folder, "office.key");
    assert_int_equal(key_open(path, KEY_OPEN, true, &office), ERR_OK);
    size_t len = fill(state, key_public(office));
    buf_init(&base64, 64);
    buf_add_base64(&base64, key_public(office), CRYPTO_PUBLIC_BYTES);
    snprintf(text, sizeof text,
             "state_folder: \"%s\"\nhub_url: \"http://127.0.0.1:%u\"\n"
             "hub_office_key: \"%s\"\n",
             state, listen_here(), base64.text);
    world_write(settings, text, 0600);
    buf_done(&base64);
    key_close(office);
    return len;
}

/* ---- Measuring ----------------------------------------------------------- */

static void kill_one(void)
{
    const char *argv[] = { program, "--settings", settings, NULL };
    struct hall_run *run = hall_run_start(argv, NULL);
    hall_run_sees(run, "请触摸屏幕或按任意键开始");
    (void)hall_run_end(run, SIGKILL);
}

static bool has_heard(void)
{
    return heard_ms > 0;
}

static bool measure(double *ret_page_ms, double *ret_sent_ms)
{
    static char option[] = "--settings";
    static const char *const words[] = { "Touch the screen or press", "12345",
                                         NULL };
    char *argv[] = { program, option, settings, NULL };

    kill_one();
    heard_ms = 0;
    double start_ms = figure_now_ms();
    *ret_page_ms = first_page_until_ms(argv, words, has_heard);
    *ret_sent_ms = heard_ms - start_ms;
    return *ret_page_ms >= 0 && heard_ms > 0;
}

int main(void)
{
    static double page[ROUNDS], sent[ROUNDS];
    char note[160];
    int code = 0;

    size_t len = make_world();
    for (int round = 0; !code && round < ROUNDS; round++) {
        code = measure(&page[round], &sent[round]) ? 0 : 1;
        if (code)
            fprintf(stderr, "restart_bench: no page, or no case was sent\n");
    }
    if (!code) {
        double most = figure_part(page, ROUNDS, 1);
        snprintf(note, sizeof note,
                 "after kill -9, %d cases of %zu bytes wait; most %.1f; %d "
                 "rounds",
                 (int)CASES, len, most, (int)ROUNDS);
        figure_print("restart-1000-page", figure_median(page, ROUNDS), "ms", 0,
                     "at most 1 s", most <= TARGET_MS, note);
        most = figure_part(sent, ROUNDS, 1);
        snprintf(note, sizeof note,
                 "the hub hears the first of them; most %.1f", most);
        figure_print("restart-1000-sent", figure_median(sent, ROUNDS), "ms", 0,
                     "", 1, note);
    }
    world_remove(folder);
    return code;
}
