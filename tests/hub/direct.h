/* A hub called directly, without sockets: the bench of hub_test and pages_test.
 * The clock is pretended and stands at DIRECT_START_MS; one machine is enrolled,
 * the stranger is not. */
#pragma once

#include "kiosk/flow/request.h"
#include "kiosk/hub/hub.h"
#include "tests/hub/sample.h"

#define ZEROS "0000000000000000000000000000000"
/* 2026-11-24 14:03:05 in China. */
#define DIRECT_START_MS INT64_C(1795500185000)

enum { MINUTE_MS = 60 * 1000 };

/* Made up, with right check digits. */
#define DIRECT_NUMBER   "411303199003070017"
#define DIRECT_NUMBER_2 "411302195602290017"

/* How the pretended drawer answers. */
enum drawer_mood { DRAWER_AT_ONCE, DRAWER_LATER, DRAWER_FAILS, DRAWER_REFUSES };

struct direct {
    char folder[64];
    const char *items;            /* its folder of items; NULL: none */
    struct hub_items *read_items; /* at each opening */
    bool is_demo;
    bool sends_codes; /* into folder/codes */
    bool follows_clock;
    enum drawer_mood drawer;
    int drawn;          /* how often it was asked */
    uint32_t drawn_job; /* of the last time */
    struct buf drawn_request;
    struct hub *hub;
    struct key *machine;
    struct key *stranger;
    struct hub_response response; /* the last one */
    bool has_response;
    struct request_proof proof; /* of the last request */
    /* Of the next request: */
    int64_t sign_off_ms;
    const char *language;
    const char *lang;
};

void direct_open(struct direct *direct);
void direct_reopen(struct direct *direct);
void direct_enrol(struct direct *direct, const struct key *machine);
int direct_set_up(void **state);
int direct_tear_down(void **state);
/* Hands over what stands in direct->proof; the answer's status. */
int direct_hand_over(struct direct *direct, const struct hub_request *about);
/* A phone at the progress page of this address; the answer's status. */
int direct_visit(struct direct *direct, const char *method, const char *address,
                 const char *body);
/* The same, signed by that key. */
int direct_send_as(struct direct *direct, const struct key *key,
                   const struct request_line *line);
int direct_send(struct direct *direct, const char *method, const char *path,
                const void *body, size_t len);
/* Borrowed until the next call. */
const char *direct_path(const char *id);
/* From the machine, in JSON. */
int direct_post(struct direct *direct, const char *path, const char *json);
int direct_post_as(struct direct *direct, const struct key *key,
                   const char *path, const char *json);
/* A member of the last response's object; "" or 0 when there is none. */
void direct_text_of(const struct direct *direct, const char *name,
                    char text[256]);
int64_t direct_number_of(const struct direct *direct, const char *name);
/* What the drawer makes for a job. */
void direct_paper(uint32_t job, struct buf *pdf);
/* A case, from the machine that made it. */
int direct_put(struct direct *direct, const struct sample *sample);
void direct_sample(struct direct *direct, struct sample *sample);
/* About the last response. */
bool direct_says(const struct direct *direct, const char *text);
const char *direct_header(const struct direct *direct, const char *name);
void direct_assert_problem(const struct direct *direct, int status,
                           const char *name);
/* Runs one statement on the closed hub's store and opens the hub again. */
void direct_sql(struct direct *direct, const char *sql, int64_t *ret_number);
