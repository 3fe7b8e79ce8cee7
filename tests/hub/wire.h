/* A client on the line: with a real kiosk-hub process at the other end, or the
 * rude one.  The bench of client_test and rude_test; every wait turns the loop
 * until something is so, and gives up only after PATIENCE_MS. */
#pragma once

#include "kiosk/backend/client.h"
#include "kiosk/base/child.h"
#include "tests/hub/rude.h"
#include "tests/hub/sample.h"

enum {
    PATIENCE_MS = 30 * 1000, /* past it a test gives up */
    ANSWER_MAX_MS = 20 * 1000,
    SHORT_MS = 200,
    HOUR_MS = 60 * 60 * 1000
};

/* A program of ours, while it runs. */
struct process {
    struct child *child;
    bool has_ended;
    int status;
    char line[512];      /* the first it said */
    char terminals[128]; /* of a hub */
    unsigned char office_key[CRYPTO_PUBLIC_BYTES];
};

struct heard {
    int count;
    enum err err;
    bool is_new;
    char case_number[64];
    char state[64];
    char step[64];
    int64_t clock_off_ms;
    struct client *to_free; /* in the middle of done */
};

struct wire {
    char folder[64];
    char state[80];
    struct loop *loop;
    struct key *machine; /* the signer's */
    struct signer *signer;
    struct process hub;
    struct client *client;
    struct rude *rude;
    struct heard heard;
};

/* Waits for it, and frees the child. */
void wire_wait_for_end(struct wire *wire, struct process *process);
/* The exit status of a program that ends by itself. */
int wire_run(struct wire *wire, const char *const *argv);
/* … and the first line it printed, or "". */
int wire_run_heard(struct wire *wire, const char *const *argv, char line[512]);
const char *wire_hub_program(void);
/* Until it said where it listens.  where: HOST:PORT; extra: up to five more
 * arguments, or NULL. */
void wire_start_hub(struct wire *wire, const char *where,
                    const char *const extra[5]);
void wire_start_demo_hub(struct wire *wire);
/* SIGKILL. */
void wire_kill_hub(struct wire *wire);
/* Notes the answer in a struct heard. */
void wire_on_done(void *owner, const struct client_answer *answer);
void wire_new_client(struct wire *wire, const char *url, const char *ca,
                     int64_t answer_max_ms);
/* For cmocka; the loop finds what was left open. */
int wire_set_up(void **state);
int wire_tear_down(void **state);
enum err wire_wait_for_answer(struct wire *wire);
/* These ask and wait for the answer, which also stands in wire->heard. */
enum err wire_send_bytes(struct wire *wire, const struct sample *sample,
                         const struct buf *bytes);
enum err wire_send(struct wire *wire, const struct sample *sample);
enum err wire_ask(struct wire *wire, const char *id);
enum err wire_beat(struct wire *wire);
