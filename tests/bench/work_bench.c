/* Two kinds of work whose time a citizen or a start pays for, without a target:
 * reading the items, and drawing one slip. */
#include "tests/bench/figure.h"

#include "kiosk/base/child.h"
#include "kiosk/base/file.h"
#include "kiosk/flow/item.h"
#include "kiosk/screen.h"

#include <assert.h>
#include <string.h>

enum { LOADS = 40, SLIPS = 20, SCREENS_MAX = 64, ANSWER_BYTES = 8 << 20 };

static const char *build_folder(void)
{
    const char *build = getenv("KIOSK_BUILD");
    return build ? build : "build";
}

/* ---- Items ------------------------------------------------------------- */

static void tell_screens(void)
{
    static const char *names[SCREENS_MAX];
    size_t count = 0;
    for (const struct screen_kind *const *kind = screen_table; *kind; kind++)
        if ((*kind)->is_step && count + 1 < SCREENS_MAX)
            names[count++] = (*kind)->name;
    item_set_screens(names);
}

static int measure_items(void)
{
    static double times[LOADS];
    char folder[512], note[64];
    struct problems problems;
    struct pack *pack = NULL;
    size_t count = 0;

    tell_screens();
    snprintf(folder, sizeof folder, "%s/share/items", build_folder());
    for (int i = 0; i < LOADS; i++) {
        problems_init(&problems);
        double begin_ms = figure_now_ms();
        enum err err = pack_load(folder, &problems, &pack);
        times[i] = figure_now_ms() - begin_ms;
        problems_done(&problems);
        if (err)
            return 1;
        count = pack_count(pack);
        pack_free(pack);
    }
    double middle = figure_median(times, LOADS);
    snprintf(note, sizeof note, "%zu items, least %.2f", count, times[0]);
    figure_print("items-loaded", middle, "ms", 0, "", 1, note);
    return 0;
}

/* ---- Slips ------------------------------------------------------------- */

static const char request[] =
    "{\"draw\":1,\"paper\":\"80mm\",\"languages\":[\"zh_CN\",\"en\"],"
    "\"slip\":{\"title\":\"收件回执\",\"blocks\":["
    "{\"kind\":\"fact\",\"label\":\"事项\",\"value\":\"居住证申领\"},"
    "{\"kind\":\"fact\",\"label\":\"回执号\",\"value\":\"3100 6327 0014\","
    "\"large\":true},"
    "{\"kind\":\"fact\",\"label\":\"查询码\",\"value\":\"4821\"},"
    "{\"kind\":\"text\",\"text\":\"请在 5 个工作日内带上身份证和租房合同到"
    "卧龙区七一派出所核对原件，核对后才算受理。\"},"
    "{\"kind\":\"qr\",\"payload\":\"http://127.0.0.1:8437/p/"
    "4f1c9d2a7be84403a1d0c5f6e7b8990a\",\"text\":\"扫码查进度\"}]}}";

struct drawing {
    int answers;
    bool is_drawn, has_ended;
};

static void on_line(void *owner, const char *line, size_t len)
{
    struct drawing *drawing = owner;
    static const char wanted[] = "\"pdf\"";
    drawing->answers++;
    for (size_t i = 0; i + sizeof wanted <= len && !drawing->is_drawn; i++)
        drawing->is_drawn = memcmp(line + i, wanted, sizeof wanted - 1) == 0;
}

static void on_end(void *owner, enum err err, int status)
{
    struct drawing *drawing = owner;
    (void)err;
    (void)status;
    drawing->has_ended = true;
}

/* The time until the answer is here; negative: there was none. */
static double draw(struct loop *loop, struct child *child,
                   struct drawing *drawing)
{
    int before = drawing->answers;
    double begin_ms = figure_now_ms();
    drawing->is_drawn = false;
    child_send(child, request, sizeof request - 1);
    while (drawing->answers == before && !drawing->has_ended)
        loop_turn(loop, 1000);
    return drawing->is_drawn ? figure_now_ms() - begin_ms : -1;
}

static int measure_slips(void)
{
    static const struct child_profile profile = {
        .name = "kiosk-draw",
        .line_max_bytes = ANSWER_BYTES,
    };
    static const struct child_events events = { on_line, on_end };
    static double times[SLIPS];
    char program[512], note[64];
    const char *argv[] = { program, NULL };
    struct drawing drawing = { 0 };
    struct loop *loop = loop_new();
    struct child *child = NULL;

    snprintf(program, sizeof program, "%s/kiosk-draw", build_folder());
    double begin_ms = figure_now_ms();
    enum err err = child_run(loop, &profile, argv, &events, &drawing, &child);
    assert(err == ERR_OK);
    double first_ms = draw(loop, child, &drawing);
    first_ms = first_ms < 0 ? first_ms : figure_now_ms() - begin_ms;
    for (int i = 0; i < SLIPS; i++)
        times[i] = draw(loop, child, &drawing);
    child_free(child);
    loop_free(loop);
    double middle = figure_median(times, SLIPS);
    if (first_ms < 0 || times[0] < 0)
        return 1;
    figure_print("slip-drawn", first_ms, "ms", 0, "", 1,
                 "80 mm with a QR code, from the start of kiosk-draw");
    snprintf(note, sizeof note, "least %.1f", times[0]);
    figure_print("slip-drawn-again", middle, "ms", 0, "", 1, note);
    return 0;
}

int main(void)
{
    int code = measure_items();
    return measure_slips() || code;
}
