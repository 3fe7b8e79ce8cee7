/* Entries of a group, for the page that asks for another one. */
#include "kiosk/app_state.h"

#include "kiosk/flow/walk_group.h"

size_t screen_entry_count(const struct screen *screen)
{
    return walk_group_count(screen->app->session.answers,
                            screen_step(screen)->group);
}

const char *screen_entry_title(const struct screen *screen, size_t entry)
{
    const struct session *session = &screen->app->session;
    struct buf *out = &screen->app->words;

    buf_clear(out);
    walk_group_title(screen_step(screen), entry, session->language, out);
    return out->text;
}

const char *screen_entry_text(const struct screen *screen, size_t entry)
{
    const struct session *session = &screen->app->session;
    struct buf *out = &screen->app->words;

    buf_clear(out);
    walk_group_text(session->item, session->answers, screen_step(screen)->group,
                    entry, session->language, out);
    return out->text;
}

static enum err note_room(struct screen *screen, enum err err)
{
    screen->app->has_no_room |= err == ERR_TOO_BIG;
    return err;
}

enum err screen_look_at_entry(struct screen *screen, size_t entry)
{
    const struct session *session = &screen->app->session;

    return note_room(screen,
                     walk_group_would_drop(session->item, session->answers,
                                           screen_step(screen)->group, entry,
                                           &screen->app->falls));
}

/* Where the way goes on without this page: at the page of the last entry that
 * is left. */
static int page_of(const struct session *session, const char *group,
                   size_t entry)
{
    const struct step *page = walk_group_page(session->item, group, entry);

    return page ? (int)(page - session->item->steps) : session->at;
}

enum err screen_remove_entry(struct screen *screen, size_t entry)
{
    struct session *session = &screen->app->session;
    const char *group = screen_step(screen)->group;
    enum err err =
        note_room(screen, walk_group_remove(session->item, session->answers,
                                            group, entry));
    size_t left;

    if (err)
        return err;
    screen_forget_typed(screen);
    left = walk_group_count(session->answers, group);
    if (left == 0) {
        screen_next(screen);
        return ERR_OK;
    }
    session->at = page_of(session, group, left);
    screen_go(screen, "another", "");
    return ERR_OK;
}
