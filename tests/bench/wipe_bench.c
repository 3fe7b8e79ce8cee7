/* How long a session's wipe takes: session_wipe() with all that registered for
 * it, and the stack below.  The app runs in this process, in a pseudo-terminal
 * that a child reads empty, with every answer of the item given and its review
 * painted; what is measured is what stands between the citizen's end and the
 * attract page. */
#include "tests/bench/figure.h"

#include "kiosk/app_state.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"

#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Anybody's; nothing is sent. */
#define OFFICE_KEY "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo="

enum { ROUNDS = 300, TURNS = 8, TARGET_MS = 5, SCREENS_MAX = 64 };

static const char *build_folder(void)
{
    const char *build = getenv("KIOSK_BUILD");
    return build ? build : "build";
}

static void tell_screens(void)
{
    static const char *names[SCREENS_MAX];
    size_t count = 0;
    for (const struct screen_kind *const *kind = screen_table; *kind; kind++)
        if ((*kind)->is_step && count + 1 < SCREENS_MAX)
            names[count++] = (*kind)->name;
    item_set_screens(names);
}

static pid_t read_empty(int master)
{
    char bytes[65536];
    pid_t pid = fork();

    if (pid == 0) {
        while (read(master, bytes, sizeof bytes) > 0)
            continue;
        _exit(0);
    }
    return pid;
}

static int fill_session(struct app *app, const struct item *item)
{
    int review = 0;

    app_begin_session(app);
    session_start_item(&app->session, item);
    for (size_t i = 0; i < item->step_count; i++) {
        const struct step *step = &item->steps[i];
        if (strcmp(step->screen, "review") == 0 && !review)
            review = (int)i;
        if (step->answer &&
            answers_set(app->session.answers, step->answer,
                        "紫藤暗巷里弄丁卯一〇三栋", SOURCE_CITIZEN))
            return -1;
    }
    app->session.at = review;
    pages_open(app, "review", review, "");
    return 0;
}

static int measure(struct app *app, struct loop *loop, const struct item *item)
{
    static double times[ROUNDS];
    char note[96];

    for (int turn = 0; turn < TURNS; turn++)
        loop_turn(loop, 50);
    for (int round = 0; round < ROUNDS; round++) {
        if (fill_session(app, item))
            return 1;
        loop_turn(loop, 0);
        if (!app->session.is_open)
            return 1;
        double begin_ms = figure_now_ms();
        session_wipe(&app->session);
        mem_wipe_stack();
        times[round] = figure_now_ms() - begin_ms;
        app_end_session(app, "end");
        loop_turn(loop, 0);
    }
    double middle = figure_median(times, ROUNDS);
    snprintf(note, sizeof note, "least %.2f, 99 of 100 in %.2f; %d sessions",
             times[0], times[ROUNDS * 99 / 100], (int)ROUNDS);
    figure_print("session-wiped", middle, "ms", 0, "less than 5 ms",
                 middle < TARGET_MS, note);
    return 0;
}

static int run(int slave, const char *folder)
{
    struct problems problems;
    struct settings settings;
    struct pack *pack = NULL;
    struct app *app = NULL;
    struct loop *loop = loop_new();
    char items[512];

    tell_screens();
    snprintf(items, sizeof items, "%s/share/items", build_folder());
    problems_init(&problems);
    settings_init(&settings);
    int code = pack_load(items, &problems, &pack) ? 1 : 0;
    problems_done(&problems);
    struct app_parts parts = {
        .loop = loop,
        .settings = &settings,
        .pack = pack,
        .state_folder = folder,
        .draw_path = "",
        .print_path = "",
        .fd_in = slave,
        .fd_out = slave,
        .term = "xterm-256color",
        .is_demo = false,
    };
    if (!code)
        code = app_new(&parts, &app) ? 1 : 0;
    if (!code)
        code =
            app_set_office(app, "http://127.0.0.1:9", OFFICE_KEY, "") ? 1 : 0;
    if (!code)
        code = measure(app, loop, pack_item(pack, 0));
    app_free(app);
    pack_free(pack);
    settings_done(&settings);
    loop_free(loop);
    return code;
}

int main(void)
{
    struct winsize size = { .ws_row = 32, .ws_col = 100 };
    char folder[64];
    int master, slave;

    if (file_make_temporary(folder, sizeof folder) ||
        openpty(&master, &slave, NULL, NULL, &size))
        return 1;
    pid_t reader = read_empty(master);
    int code = run(slave, folder);
    kill(reader, SIGKILL);
    waitpid(reader, NULL, 0);
    return file_remove_tree(folder) ? 1 : code;
}
