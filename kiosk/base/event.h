/* What the machine did: one table of events, one way to record them.
 *
 * There is no printf-like log, so a citizen's data has no way in: an event has
 * typed fields, each a number, a name from our own tables or an identifier
 * that we made.  EVENT_TABLE rows: id, level, kept in the journal or not, the
 * words, the fields allowed; event_record() asserts them. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum event_level {
    EVENT_LEVEL_ERROR, /* someone must come */
    EVENT_LEVEL_WARN,  /* we went on */
    EVENT_LEVEL_INFO   /* one a step */
};

/* field, its name in JSON, is it text (else an integer) */
#define FIELD_TABLE(X)                                                         \
    X(CASE, "case", true)                                                      \
    X(ITEM, "item", true)                                                      \
    X(STEP, "step", true)                                                      \
    X(SCREEN, "screen", true)                                                  \
    X(ENDING, "ending", true)                                                  \
    X(DEVICE, "device", true)                                                  \
    X(STATE, "state", true)                                                    \
    X(ERR, "err", true)                                                        \
    X(VERSION, "version", true)                                                \
    X(CHILD, "child", true)                                                    \
    X(NUMBER, "number", false)                                                 \
    X(TRIES, "tries", false)                                                   \
    X(TOTAL, "count", false)                                                   \
    X(MS, "ms", false)                                                         \
    X(COPY, "copy", false)                                                     \
    X(MACHINE, "machine", true)

enum event_field {
    FIELD_END, /* ends the arguments of event_record */
#define X(id, name, is_text) FIELD_##id,
    FIELD_TABLE(X)
#undef X
        FIELD_KIND_COUNT
};

#define FIELD_BIT(field) (1u << (FIELD_##field))

/* Beside the fields allowed: recorded by the full hour.  When a session began
 * and ended tells when what stands between was done, and an anonymous report
 * may tell no more than its hour.  An event that may name a case and names none
 * (FIELD_CASE with NULL) is about such a report, and by the hour, too. */
#define EVENT_BY_HOUR (1u << 31)

#define EVENT_TABLE(X)                                                         \
    X(STARTED, INFO, true, N_("program started"), FIELD_BIT(VERSION))          \
    X(ENDED_UNCLEAN, WARN, true, N_("the last run did not end in order"),      \
      FIELD_BIT(TOTAL))                                                        \
    X(RESTING, ERROR, true,                                                    \
      N_("out of service for a while, after several unclean ends"),            \
      FIELD_BIT(TOTAL))                                                        \
    X(STOPPED, INFO, true, N_("program stopped"), 0)                           \
    X(HUB_UP, INFO, true, N_("hub reachable"), 0)                              \
    X(HUB_DOWN, WARN, true, N_("hub not reachable"), FIELD_BIT(ERR))           \
    X(HUB_CLOCK, WARN, true, N_("hub's clock differs"), FIELD_BIT(MS))         \
    X(SESSION_BEGUN, INFO, true, N_("session begun"),                          \
      FIELD_BIT(NUMBER) | EVENT_BY_HOUR)                                       \
    X(SESSION_ENDED, INFO, true, N_("session ended and wiped"),                \
      FIELD_BIT(NUMBER) | FIELD_BIT(ENDING) | FIELD_BIT(STATE) |               \
          EVENT_BY_HOUR)                                                       \
    X(ITEM_BEGUN, INFO, false, N_("item begun"), FIELD_BIT(ITEM))              \
    X(CASE_STORED, INFO, true, N_("case stored, sealed"),                      \
      FIELD_BIT(CASE) | FIELD_BIT(ITEM) | FIELD_BIT(NUMBER))                   \
    X(CASE_DELIVERED, INFO, true, N_("case delivered"),                        \
      FIELD_BIT(CASE) | FIELD_BIT(TRIES))                                      \
    X(CASE_WAITS, WARN, true, N_("case could not be sent yet"),                \
      FIELD_BIT(CASE) | FIELD_BIT(TRIES) | FIELD_BIT(ERR))                     \
    X(CASE_CONFLICT, ERROR, true, N_("case refused by the hub, staff needed"), \
      FIELD_BIT(CASE) | FIELD_BIT(STEP) | FIELD_BIT(ERR))                      \
    X(CASE_REFUSED, WARN, false,                                               \
      N_("a case was refused: the item's rules do not let it through"),        \
      FIELD_BIT(ITEM) | FIELD_BIT(STEP) | FIELD_BIT(STATE))                    \
    X(CASE_NOT_STORED, ERROR, true, N_("case could not be stored"),            \
      FIELD_BIT(ERR))                                                          \
    X(CARD_READ, INFO, false, N_("card read"), FIELD_BIT(MS))                  \
    X(CARD_FAILED, INFO, false, N_("card not read"), FIELD_BIT(ERR))           \
    X(SLIP_PRINTED, INFO, true, N_("slip printed"),                            \
      FIELD_BIT(CASE) | FIELD_BIT(COPY))                                       \
    X(SLIP_FAILED, WARN, true, N_("slip not printed"),                         \
      FIELD_BIT(CASE) | FIELD_BIT(COPY) | FIELD_BIT(ERR))                      \
    X(SLIP_DENIED, WARN, true, N_("citizen says the slip did not come out"),   \
      FIELD_BIT(CASE) | FIELD_BIT(COPY))                                       \
    X(DEVICE_STATE, WARN, true, N_("device changed its state"),                \
      FIELD_BIT(DEVICE) | FIELD_BIT(STATE) | FIELD_BIT(ERR))                   \
    X(CHILD_ENDED, WARN, true, N_("a helper ended unexpectedly"),              \
      FIELD_BIT(CHILD) | FIELD_BIT(ERR) | FIELD_BIT(NUMBER))                   \
    X(STORE_FAILED, ERROR, false, N_("the store cannot be used"),              \
      FIELD_BIT(ERR))                                                          \
    X(STORE_UPGRADED, WARN, true, N_("store upgraded"), FIELD_BIT(NUMBER))     \
    X(STORE_BEGUN, WARN, true, N_("a new store was begun"), 0)                 \
    X(STORE_MENDED, WARN, true, N_("the store can be used again"), 0)          \
    X(RESERVE_USED, WARN, true,                                                \
      N_("the disk is full, the room kept in reserve is used"), 0)             \
    X(KEY_REFUSED, ERROR, false, N_("the machine's key is not used"),          \
      FIELD_BIT(STATE) | FIELD_BIT(ERR))                                       \
    X(KEY_REPLACED, WARN, true, N_("the machine's key was replaced"), 0)       \
    X(KEY_REVOKED, ERROR, true, N_("the office revoked this machine's key"),   \
      0)                                                                       \
    X(KEY_PROVIDER, ERROR, true, N_("the key provider failed"),                \
      FIELD_BIT(ERR))                                                          \
    X(CLOCK_JUMPED, WARN, true, N_("wall clock jumped"), FIELD_BIT(MS))        \
    X(HELP_CALLED, WARN, true, N_("a citizen asks for help"), 0)               \
    X(STAFF_REFUSED, WARN, true, N_("a wrong staff PIN"), FIELD_BIT(TRIES))    \
    X(STAFF_PIN_FAILED, WARN, true, N_("the staff PIN could not be checked"),  \
      FIELD_BIT(ERR))                                                          \
    X(STAFF_BEGUN, INFO, true, N_("staff opened the staff page"), 0)           \
    X(STAFF_ENDED, INFO, true, N_("staff left the staff page"), 0)             \
    X(STAFF_CONFIRMED, INFO, true, N_("staff confirmed with their PIN"), 0)    \
    X(STAFF_OUT, WARN, true, N_("staff took the machine out of service"), 0)   \
    X(STAFF_BACK, WARN, true, N_("staff put the machine back into service"),   \
      0)                                                                       \
    X(STAFF_REFILLED, INFO, true, N_("staff refilled the printer"), 0)         \
    X(STAFF_PRINTED, INFO, true, N_("test slip printed"), 0)                   \
    X(STAFF_NOT_PRINTED, WARN, true, N_("test slip not printed"),              \
      FIELD_BIT(ERR))                                                          \
    X(JOURNAL_FAILED, ERROR, false, N_("the journal cannot be written"),       \
      FIELD_BIT(ERR))                                                          \
    X(JOURNAL_RESUMED, WARN, false,                                            \
      N_("the journal is written again, so many records are missing"),         \
      FIELD_BIT(TOTAL))                                                        \
    X(JOURNAL_PRUNED, INFO, true, N_("old records were taken away"),           \
      FIELD_BIT(NUMBER))                                                       \
    X(JOURNAL_DIFFERS, ERROR, true,                                            \
      N_("the hub knows another journal of this machine"), FIELD_BIT(NUMBER))  \
    X(JOURNAL_FORGED, ERROR, true,                                             \
      N_("a machine's journal was rolled back or forged"),                     \
      FIELD_BIT(MACHINE) | FIELD_BIT(NUMBER))                                  \
    X(JOURNAL_ACCEPTED, WARN, true,                                            \
      N_("a machine's new journal was accepted by staff"),                     \
      FIELD_BIT(MACHINE) | FIELD_BIT(NUMBER))                                  \
    X(CASE_CHANGED, INFO, false, N_("the office said how a case stands"),      \
      FIELD_BIT(CASE) | FIELD_BIT(STATE))                                      \
    X(ORDER_REFUSED, WARN, false,                                              \
      N_("an order of the office could not be carried out"), FIELD_BIT(ERR))   \
    X(PACK_ACTIVE, INFO, true, N_("a pack of items became active"),            \
      FIELD_BIT(NUMBER))                                                       \
    X(PACK_REFUSED, WARN, true, N_("a pack of items was not taken"),           \
      FIELD_BIT(NUMBER) | FIELD_BIT(STATE))                                    \
    X(PACK_LOST, ERROR, true, N_("the active pack of items cannot be used"),   \
      FIELD_BIT(NUMBER) | FIELD_BIT(STATE))

enum event_id {
#define X(id, level, journal, words, fields) EVENT_##id,
    EVENT_TABLE(X)
#undef X
        EVENT_COUNT
};

/* A recorded event, as the sink sees it; valid during the call. */
struct event_record_of {
    enum event_id id;
    enum event_level level;
    bool is_journal;
    const char *name;   /* "CASE_STORED" */
    const char *words;  /* English */
    const char *fields; /* JSON object, keys in table order: {"case":"…"} */
    int64_t wall_ms;
    bool is_by_hour; /* wall_ms is the full hour, so nobody may add more */
};

typedef void (*event_sink_fn)(void *owner, const struct event_record_of *event);

/* Pairs of field and value, ended by FIELD_END: text fields take const char *,
 * number fields int64_t.  Fields that the table does not allow abort; text
 * that is not [A-Za-z0-9_ .:/-] or longer than 80 bytes is recorded as "?".
 *   event_record(EVENT_CASE_WAITS, FIELD_CASE, id, FIELD_TRIES, (int64_t)3,
 *                FIELD_END); */
void event_record(enum event_id id, ...);

/* One sink, set by main: journal and standard error. */
void event_set_sink(event_sink_fn sink, void *owner);
