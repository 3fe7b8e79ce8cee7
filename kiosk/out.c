#include "kiosk/out.h"

#include "kiosk/base/buf.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/fill.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/mem.h"
#include "kiosk/ui/ui.h"

#include <assert.h>
#include <stdio.h>

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

/* The attract page's sentence, and its words for the reason. */
static void describe(struct out *out, enum language language)
{
    static const char sentence[] =
        N_("Out of service since {time}. Please go to {place}, telephone "
           "{phone}.");
    static const char *const ids[LANGUAGE_COUNT] = { "machine.out",
                                                     "machine.out.other" };
    bool is_english = language == LANGUAGE_EN;
    const struct fill fills[] = {
        { "time", out->since },
        { "place", is_english ? out->settings->elsewhere_en
                              : out->settings->elsewhere_zh },
        { "phone", out->settings->phone },
    };
    struct buf text;

    buf_init(&text, TEXT_BYTES);
    fill_text(&text, i18n_text(language, sentence), fills,
              sizeof fills / sizeof *fills);
    view_notice(out->view, ids[language], TONE_WARN, text.text);
    buf_done(&text);
}

static void paint(struct out *out)
{
    out->is_dirty = false;
    view_begin(out->view, "out", LANGUAGE_ZH_CN);
    view_heading(out->view, "machine.name", out->settings->place_zh);
    describe(out, LANGUAGE_ZH_CN);
    describe(out, LANGUAGE_EN);
    view_text(out->view, "machine.why",
              i18n_text(LANGUAGE_ZH_CN, err_text(ERR_UNSTEADY)));
    view_text(out->view, "machine.why.other", err_text(ERR_UNSTEADY));
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
