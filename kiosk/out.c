#include "kiosk/out.h"

#include "kiosk/base/buf.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/fill.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/mem.h"
#include "kiosk/ui/ui.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { OUT_MAGIC = 0x006f7574, TEXT_BYTES = 2048 };

struct out {
    int magic;
    struct loop *loop;
    const struct settings *settings;
    struct ui *ui;
    struct view *view;
    char since[8];
    bool is_dirty;
    bool was_painted;
};

static void say(struct out *out, enum language language, const char *id,
                const char *msgid, const struct fill *fills, size_t count)
{
    bool is_first = language == LANGUAGE_ZH_CN;
    struct buf text;
    char full_id[32];

    (void)snprintf(full_id, sizeof full_id, "%s%s", id,
                   is_first ? "" : ".other");
    buf_init(&text, TEXT_BYTES);
    fill_text(&text, i18n_text(language, msgid), fills, count);
    if (strcmp(id, "machine.out") == 0)
        view_notice(out->view, full_id, TONE_WARN, text.text);
    else
        view_text(out->view, full_id, text.text);
    buf_done(&text);
}

/* What happened, why, what was and was not done, who helps: the attract page's
 * sentences, for whoever stood here when the program ended, too. */
static void describe(struct out *out, enum language language)
{
    const struct settings *settings = out->settings;
    bool is_english = language == LANGUAGE_EN;
    const struct fill fills[] = {
        { "time", out->since },
        { "place",
          is_english ? settings->elsewhere_en : settings->elsewhere_zh },
        { "desk", is_english ? settings->desk_en : settings->desk_zh },
        { "phone", settings->phone },
    };
    size_t count = sizeof fills / sizeof *fills;

    say(out, language, "machine.out",
        N_("Out of service since {time}. Please go to {place}, telephone "
           "{phone}."),
        fills, count);
    say(out, language, "machine.why", err_text(ERR_UNSTEADY), fills, count);
    say(out, language, "machine.done",
        N_("What was being filled in here was erased, not sent. What the "
           "screen called stored or delivered is not lost."),
        fills, count);
    say(out, language, "machine.help",
        N_("For help ask at {desk}, telephone {phone}."), fills, count);
}

static void paint(struct out *out)
{
    out->is_dirty = false;
    view_begin(out->view, "out", LANGUAGE_ZH_CN);
    view_heading(out->view, "machine.name", out->settings->place_zh);
    describe(out, LANGUAGE_ZH_CN);
    describe(out, LANGUAGE_EN);
    assert(!view_mistake(out->view));
    ui_paint(out->ui, out->view, !out->was_painted);
    out->was_painted = true;
}

static void on_input(void *owner, const struct ui_input *input)
{
    struct out *out = owner;
    assert(out->magic == OUT_MAGIC);
    if (input->kind == UI_CHANGED)
        out->is_dirty = true;
}

static void on_turn(void *owner)
{
    struct out *out = owner;
    assert(out->magic == OUT_MAGIC);
    if (out->is_dirty)
        paint(out);
}

enum err out_new(struct loop *loop, const struct settings *settings, int fd_in,
                 int fd_out, const char *term, struct out **ret_out)
{
    struct clock_fields now = clock_split(clock_wall_ms());
    struct out *out = mem_new(sizeof *out);

    *out = (struct out){ .magic = OUT_MAGIC,
                         .loop = loop,
                         .settings = settings,
                         .view = view_new() };
    (void)snprintf(out->since, sizeof out->since, "%02d:%02d", now.hour,
                   now.minute);
    enum err err = ui_open(loop, fd_in, fd_out, term, on_input, out, &out->ui);
    if (err) {
        out_free(out);
        return err;
    }
    ui_set_theme(out->ui,
                 settings->high_contrast ? UI_THEME_CONTRAST : UI_THEME_NORMAL);
    loop_on_turn(loop, on_turn, out);
    paint(out);
    *ret_out = out;
    return ERR_OK;
}

void out_free(struct out *out)
{
    if (!out)
        return;
    loop_on_turn(out->loop, NULL, NULL);
    ui_close(out->ui);
    view_free(out->view);
    mem_free(out);
}
