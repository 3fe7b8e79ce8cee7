/* What the emulator's files share: readers, and what they are told to do.
 *
 *   main.c   runs the program, takes the lines
 *   bus.c    the ioctls of usbfs, plugging and unplugging
 *   sam.c    what a reader answers, rightly or not
 *   replay.c what a real one answered
 *
 * Everything below is under lock: the library serves each device node on a
 * thread of its own. */
#pragma once

#include <glib.h>
#include <umockdev.h>

#include <stdbool.h>
#include <stdint.h>

enum {
    PLACES = 12, /* ports of the one hub */
    PACKET = 64,
    TEXT_BYTES = 256,
    PHOTO_BYTES = 1024,
    ADDRESS_BYTES = 70,
    HOLD_MS = 1, /* a reap that finds nothing waits so long: see README */
    PIPES = 2
};

enum wiring { WIRING_FOUR, WIRING_PAIR, WIRING_NONE };

enum step {
    STEP_STATUS,
    STEP_FIND,
    STEP_SELECT,
    STEP_TEXT,
    STEP_ADDRESS,
    STEPS
};

enum fault {
    FAULT_NONE,
    FAULT_CHECKSUM, /* the answer's checksum is wrong */
    FAULT_LONG,     /* its length says more than comes */
    FAULT_SHORT,    /* its length says less */
    FAULT_HUGE,     /* its length is 0xFFFF */
    FAULT_SPLIT,    /* it comes in packets of a few bytes */
    FAULT_MERGED,   /* another answer comes in front, in the same packet */
    FAULT_GARBAGE,  /* bytes in front of the preamble */
    FAULT_STALL,    /* the pipe stalls */
    FAULT_LATE,     /* it comes when nobody waits any more */
    FAULT_SILENCE,  /* it never comes */
    FAULT_DEAD,     /* nothing comes until the port is reset */
    FAULT_OTHER,    /* the answer to another question comes instead */
    FAULT_UNPLUG,   /* the plug is pulled instead of an answer */
    FAULT_STATUS,   /* a status instead of an answer */
    FAULT_LIFT,     /* the card is lifted */
    FAULT_TORN,     /* half of it comes */
    FAULTS
};

struct urb {
    UMockdevIoctlData *data;
    int end;
};

struct reader {
    int place;
    enum wiring wiring;
    bool is_plugged;
    int number; /* of its device node */
    UMockdevIoctlBase *handler;
    char *node, *sys;

    int busy_times; /* that another program has it when it is claimed */
    bool has_card, is_selected, was_read;
    uint8_t text[TEXT_BYTES], photo[PHOTO_BYTES], address[ADDRESS_BYTES];
    size_t text_len;
    bool has_address;

    enum fault fault;
    enum step fault_step;
    int fault_times; /* -1: for ever */
    int fault_status;
    int late_ms;
    int delay_ms; /* what the reader itself takes for the text */

    GByteArray *command;   /* what came so far */
    GQueue packets[PIPES]; /* of GByteArray: to be read */
    bool is_stalled;
    bool is_dead;
    GQueue waiting; /* of struct urb: reads without an answer yet */
    GQueue done;    /* of UMockdevIoctlData: to be reaped */
    UMockdevIoctlClient *reaper; /* held until there is something */
    guint hold;
    GByteArray *last; /* the answer before */
    int commands, opens, resets;
    GPtrArray *replay; /* see replay.c; NULL: none */
    guint replay_at;
};

extern struct reader readers[PLACES + 1];
extern UMockdevTestbed *bed;
extern GRecMutex lock;
extern int hold_ms;

/* bus.c */
void bus_init(void);
void plug(struct reader *reader, enum wiring wiring, const char *id);
void unplug(struct reader *reader);
/* What came in from the reader goes to the reads that wait. */
void give(struct reader *reader);

/* sam.c */
void push_packets(struct reader *reader, int pipe, const uint8_t *bytes,
                  size_t len, size_t packet);
/* Bytes of a command, in any pieces. */
void take_command(struct reader *reader, const uint8_t *bytes, size_t len);

/* replay.c */
bool replay_load(struct reader *reader, const char *path);
void replay_answer(struct reader *reader, const uint8_t *command);
