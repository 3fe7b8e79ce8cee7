#include "kiosk/hub/hub_store_marks.h"

/* Until the office has said something of it. */
#define TO_LOOK_AT                                                             \
    " FROM cases WHERE mark != '' AND (state = 'delivered' OR"                 \
    " (state = 'correction' AND mark = 'slot-lost'))"

static enum err count_marked(struct store *store, int64_t *ret_count)
{
    struct sqlite3_stmt *row =
        store_prepare(store, "SELECT count(*)" TO_LOOK_AT);
    bool is_row;
    enum err err = store_step(row, &is_row);

    *ret_count = !err && is_row ? store_column_int(row, 0) : 0;
    store_reset(row);
    return err;
}

enum err hub_store_marked(struct store *store, int most,
                          void (*on_case)(void *owner,
                                          const struct marked_case *found),
                          void *owner, int64_t *ret_count)
{
    struct sqlite3_stmt *row;
    bool is_row = false;
    enum err err = count_marked(store, ret_count);

    if (err || *ret_count == 0)
        return err;
    row = store_prepare(
        store, "SELECT case_number, receipt, item, version, received_ms,"
               " mark" TO_LOOK_AT " ORDER BY received_ms DESC, case_number DESC"
               " LIMIT ?1");
    store_bind_int(row, 1, most);
    err = store_step(row, &is_row);
    while (!err && is_row) {
        const struct marked_case found = {
            .case_number = store_column_text(row, 0),
            .receipt = store_column_text(row, 1),
            .item = store_column_text(row, 2),
            .version = store_column_int(row, 3),
            .received_ms = store_column_int(row, 4),
            .mark = store_column_text(row, 5),
        };

        if (found.case_number && found.receipt && found.item && found.mark)
            on_case(owner, &found);
        err = store_step(row, &is_row);
    }
    store_reset(row);
    return err;
}
