/* What the page of records needs; the interface is explained in screen.h. */
#include "kiosk/app_state.h"

#include <string.h>

enum { LINE_BYTES = 4096 };

void screen_ask_list(struct screen *screen)
{
    const char *number = screen_answer(screen, "card_number");

    asking_list(screen->app->asking, number ? number : "",
                screen_step(screen)->kind);
}

/* Appends the row as an answer. */
static enum err line_of(const struct screen *screen, size_t at,
                        struct buf *line)
{
    return record_of_row(screen_item(screen), screen_step(screen),
                         office_row(screen_office(screen), at), line);
}

enum err screen_look_at_list(const struct screen *screen)
{
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < screen_record_count(screen); i++) {
        struct buf line;

        buf_init(&line, LINE_BYTES);
        err = line_of(screen, i, &line);
        buf_done(&line);
    }
    return err;
}

size_t screen_record_count(const struct screen *screen)
{
    return office_row_count(screen_office(screen));
}

static void add_column(const struct screen *screen, const char *line, size_t n,
                       struct buf *out)
{
    const struct step *column = record_column(screen_step(screen), n);
    struct buf part;

    if (column->is_hidden)
        return;
    buf_init(&part, LINE_BYTES);
    record_part(line, n + 1, &part);
    if (part.len > 0) {
        buf_add_text(out, out->len > 0 ? "\u3000" : "");
        walk_text_of(screen_item(screen), column, part.text, SOURCE_COMPUTED,
                     screen_session(screen)->language, out);
    }
    buf_done(&part);
}

const char *screen_record_text(const struct screen *screen, size_t at)
{
    size_t count =
        record_column_count(screen_item(screen), screen_step(screen));
    struct buf *out = &screen->app->words;
    struct buf line;

    buf_clear(out);
    buf_init(&line, LINE_BYTES);
    if (!line_of(screen, at, &line))
        for (size_t i = 0; i < count; i++)
            add_column(screen, line.text, i, out);
    buf_done(&line);
    return out->text;
}

bool screen_is_record(const struct screen *screen, size_t at)
{
    const char *known = screen_answer(screen, screen_step(screen)->answer);
    struct buf line;

    buf_init(&line, LINE_BYTES);
    bool is_it =
        known && !line_of(screen, at, &line) && strcmp(known, line.text) == 0;
    buf_done(&line);
    return is_it;
}

enum err screen_choose_record(struct screen *screen, size_t at)
{
    const char *name = screen_step(screen)->answer;
    struct buf line;
    enum err err = ERR_OK;

    buf_init(&line, LINE_BYTES);
    if (at < screen_record_count(screen))
        err = line_of(screen, at, &line);
    else
        buf_add_text(&line, RECORD_NONE);
    if (!err)
        err = screen_set_answer(screen, name, line.text, SOURCE_SHARED);
    buf_done(&line);
    return err;
}
