#include "devices/printer/spool/reason.h"

#include <string.h>

/* How grave a keyword's ending makes it (RFC 8011, 5.4.12); one without an
 * ending counts as an error. */
enum grave { GRAVE_REPORT, GRAVE_WARNING, GRAVE_ERROR };

/* The gravest first: the first row that a printer names is its state.
 *
 * at_least: with a lower ending the printer still prints, e.g. one of two trays
 * is empty.  is_printers: see reasons_forget_printer(). */
static const struct row {
    const char *keyword;
    enum grave at_least;
    bool is_printers;
    struct judgement judgement;
} rows[] = {
#define ROW(keyword, grave, is_printers, state, why, action)                   \
    {                                                                          \
        keyword, GRAVE_##grave, is_printers,                                   \
        {                                                                      \
            DEVICE_##state, ERR_##why, ACTION_##action                         \
        }                                                                      \
    }
    ROW("cups-missing-filter", REPORT, false, BROKEN, DEVICE, CONFIGURATION),
    ROW("cups-insecure-filter", REPORT, false, BROKEN, DEVICE, CONFIGURATION),
    ROW("shutdown", REPORT, true, UNPLUGGED, NO_DEVICE, CLEAR),
    ROW("offline", REPORT, true, UNPLUGGED, NO_DEVICE, CLEAR),
    ROW("timed-out", REPORT, true, UNPLUGGED, NO_DEVICE, CLEAR),
    ROW("deactivated", REPORT, false, BROKEN, DEVICE, CONFIGURATION),
    ROW("paused", REPORT, false, BROKEN, DEVICE, MAINTENANCE),
    ROW("moving-to-paused", REPORT, false, BROKEN, DEVICE, MAINTENANCE),
    ROW("spool-area-full", ERROR, false, BROKEN, DISK_FULL, MAINTENANCE),
    ROW("cover-open", WARNING, true, BLOCKED, COVER_OPEN, CLEAR),
    ROW("door-open", WARNING, true, BLOCKED, COVER_OPEN, CLEAR),
    ROW("interlock-open", WARNING, true, BLOCKED, COVER_OPEN, CLEAR),
    ROW("media-jam", WARNING, true, BLOCKED, PAPER_JAM, CLEAR),
    ROW("media-empty", ERROR, true, BLOCKED, PAPER_OUT, CLEAR),
    ROW("media-needed", WARNING, true, BLOCKED, PAPER_OUT, CLEAR),
    ROW("input-tray-missing", ERROR, true, BLOCKED, PAPER_OUT, CLEAR),
    ROW("marker-supply-empty", ERROR, true, BLOCKED, INK_OUT, CLEAR),
    ROW("toner-empty", ERROR, true, BLOCKED, INK_OUT, CLEAR),
    ROW("output-area-full", ERROR, true, BLOCKED, DEVICE, CLEAR),
    ROW("output-tray-missing", ERROR, true, BLOCKED, DEVICE, CLEAR),
    ROW("marker-waste-full", ERROR, true, BROKEN, DEVICE, MAINTENANCE),
    ROW("marker-waste-receptacle-full", ERROR, true, BROKEN, DEVICE,
        MAINTENANCE),
    ROW("developer-empty", ERROR, true, BROKEN, DEVICE, MAINTENANCE),
    ROW("opc-life-over", ERROR, true, BROKEN, DEVICE, MAINTENANCE),
    ROW("fuser-over-temp", ERROR, true, BROKEN, DEVICE, MAINTENANCE),
    ROW("interpreter-resource-unavailable", ERROR, true, BROKEN, DEVICE,
        MAINTENANCE),
    ROW("fuser-under-temp", ERROR, true, READY, OK, WAIT),
    ROW("connecting-to-device", REPORT, false, READY, OK, WAIT),
    ROW("stopping", REPORT, false, READY, OK, WAIT),
#undef ROW
};

enum { ROW_COUNT = sizeof(rows) / sizeof(rows[0]) };

static bool take_ending(const char *keyword, size_t *len, const char *ending)
{
    size_t more = strlen(ending);

    if (*len <= more || strncmp(keyword + *len - more, ending, more) != 0)
        return false;
    *len -= more;
    return true;
}

/* The keyword's length without its ending. */
static size_t cut_ending(const char *keyword, enum grave *ret_grave)
{
    size_t len = strlen(keyword);

    *ret_grave = GRAVE_ERROR;
    if (take_ending(keyword, &len, "-error"))
        return len;
    if (take_ending(keyword, &len, "-warning"))
        *ret_grave = GRAVE_WARNING;
    else if (take_ending(keyword, &len, "-report"))
        *ret_grave = GRAVE_REPORT;
    return len;
}

static const struct row *find_row(const char *keyword, enum grave *ret_grave)
{
    size_t len = cut_ending(keyword, ret_grave);

    for (size_t i = 0; i < ROW_COUNT; i++)
        if (strlen(rows[i].keyword) == len &&
            strncmp(rows[i].keyword, keyword, len) == 0)
            return &rows[i];
    return NULL;
}

void reasons_add(struct reasons *reasons, const char *keyword)
{
    size_t len = strlen(keyword);

    if (reasons->count == REASONS_MAX || len >= REASON_BYTES)
        return;
    memcpy(reasons->keywords[reasons->count++], keyword, len + 1);
}

void reasons_forget_printer(struct reasons *reasons)
{
    size_t kept = 0;

    for (size_t i = 0; i < reasons->count; i++) {
        enum grave grave;
        const struct row *row = find_row(reasons->keywords[i], &grave);

        if (row && row->is_printers)
            continue;
        if (kept != i)
            memcpy(reasons->keywords[kept], reasons->keywords[i], REASON_BYTES);
        kept++;
    }
    reasons->count = kept;
}

struct judgement reasons_judge(const struct reasons *reasons)
{
    static const struct judgement ready = { DEVICE_READY, ERR_OK, ACTION_NONE };
    static const struct judgement refusing = { DEVICE_BROKEN, ERR_DEVICE,
                                               ACTION_CONFIGURATION };
    static const struct judgement stopped = { DEVICE_BROKEN, ERR_DEVICE,
                                              ACTION_MAINTENANCE };
    const struct row *worst = NULL;

    for (size_t i = 0; i < reasons->count; i++) {
        enum grave grave;
        const struct row *row = find_row(reasons->keywords[i], &grave);
        bool counts =
            row &&
            (grave >= row->at_least || reasons->is_stopped ||
             (reasons->has_one_paper && row->judgement.why == ERR_PAPER_OUT));

        if (counts && (!worst || row < worst))
            worst = row;
    }
    if (worst && worst->judgement.state != DEVICE_READY)
        return worst->judgement;
    if (reasons->is_refusing)
        return refusing;
    if (reasons->is_stopped)
        return stopped;
    return worst ? worst->judgement : ready;
}
