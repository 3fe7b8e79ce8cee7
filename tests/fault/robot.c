#include "tests/fault/robot.h"

#include <jansson.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "tests/tty/world.h"

enum {
    LINES_MAX = 1024 * 1024,
    LOOK_MS = 150,    /* without a word: then time passes */
    NUDGES_MAX = 150, /* seconds of the program's clock on one page */
    NUDGES_ALL = 250, /* in one walk: pages that lead to each other */
    ACTS_MAX = 24,    /* on one page: it leads no further */
    PAGES_MOST = 500, /* more of them lead nowhere, either */
    END_MS = 20000,
    FIRST_PAGE_MS = 20000
};

struct robot {
    const struct robot_order *order;
    struct robot_run *run;
    pid_t pid;
    int terminal, report, pipe;
    char *lines;
    size_t len;
    json_t *page;
    char seen[512];   /* what the page was that was acted on */
    bool is_settling; /* a line was sent; its answer is awaited */
    bool has_begun, has_laid, has_ended, is_over;
    bool has_acted; /* on this page */
    int nudges, all_nudges, acts, pages;
    /* In the path: the first act about this page, and the one that is due. */
    size_t first, due;
};

/* ---- The page ------------------------------------------------------------- */

static const char *member(const json_t *of, const char *name)
{
    const char *text = json_string_value(json_object_get(of, name));
    return text ? text : "";
}

static json_t *element(const struct robot *robot, const char *id)
{
    size_t i;
    json_t *at;
    json_array_foreach(json_object_get(robot->page, "elements"), i, at)
    {
        if (strcmp(member(at, "id"), id) == 0)
            return at;
    }
    return NULL;
}

static bool is_screen(const struct robot *robot, const char *name)
{
    return strcmp(member(robot->page, "screen"), name) == 0;
}

static void note_what_is_said(struct robot *robot)
{
    struct robot_run *run = robot->run;

    run->said_safe |= element(robot, "state.saved") != NULL ||
                      element(robot, "state.conflict") != NULL ||
                      strstr(member(element(robot, "send.progress"), "text"),
                             "已经存好") != NULL;
    run->said_delivered |= element(robot, "state.delivered") != NULL;
    run->said_not_stored |= element(robot, "stop.not-stored") != NULL;
    snprintf(run->page, sizeof run->page, "%.31s %.31s",
             member(robot->page, "screen"), member(robot->page, "step"));
}

/* Which page and turn this is; another one is acted on anew. */
static void describe(const struct robot *robot, char *text, size_t size)
{
    snprintf(
        text, size, "%lld|%.64s|%.64s|%s|%s",
        (long long)json_integer_value(json_object_get(robot->page, "page")),
        member(element(robot, "footer.go"), "text"),
        member(robot->page, "screen"),
        element(robot, "confirm.value") ? "confirm" : "",
        element(robot, "attract.begin") ? "begin" : "");
}

/* ---- Acting --------------------------------------------------------------- */

static void say(struct robot *robot, const char *line)
{
    char text[256];
    int len = snprintf(text, sizeof text, "%s\n", line);

    if (robot->pipe < 0) {
        char path[WORLD_PATH];
        snprintf(path, sizeof path, "%.480s/sim", robot->order->state_folder);
        robot->pipe = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    }
    if (robot->pipe >= 0 && write(robot->pipe, text, (size_t)len) != len)
        robot->has_ended = true;
    robot->is_settling = true;
}

static void type(struct robot *robot, const char *text)
{
    size_t len = strlen(text);
    if (write(robot->terminal, text, len) != (ssize_t)len)
        robot->has_ended = true;
}

static void stop_here(struct robot *robot, enum robot_end end)
{
    robot->is_over = true;
    robot->run->end = end;
}

enum pressed { PRESSED, PRESSED_TURNED, PRESSED_NOT };

/* Turned: towards it.  Not: it stands nowhere here. */
static enum pressed press(struct robot *robot, const char *id)
{
    const char *key = member(element(robot, id), "key");
    bool is_go = strcmp(id, "footer.go") == 0;
    bool turns = strchr(member(element(robot, "footer.go"), "text"), '/');

    if (*key && !(is_go && turns)) {
        type(robot, key);
        return PRESSED;
    }
    if (is_go && !turns && is_screen(robot, "field")) {
        type(robot, "\r"); /* where # is a character like any other */
        return PRESSED;
    }
    if (turns)
        type(robot, "#");
    return turns ? PRESSED_TURNED : PRESSED_NOT;
}

static void press_or_stop(struct robot *robot, const char *id)
{
    if (press(robot, id) == PRESSED_NOT)
        stop_here(robot, ROBOT_PAGE);
}

/* What begins like it up to its dot, copied: another day is offered today, say.
 * False: there is none. */
static bool find_alike(const struct robot *robot, const char *what,
                       char id[PATH_WHAT_BYTES])
{
    size_t len = strcspn(what, "."), i;
    json_t *at;

    json_array_foreach(json_object_get(robot->page, "elements"), i, at)
    {
        const char *own = member(at, "id");
        if (strncmp(own, what, len + 1) != 0 || !*member(at, "key") ||
            strncmp(own, "footer.", 7) == 0)
            continue;
        snprintf(id, PATH_WHAT_BYTES, "%s", own);
        return true;
    }
    return false;
}

/* The code that the demo's hub sent last. */
static void read_code(const struct robot *robot, char code[8])
{
    char path[WORLD_PATH];
    size_t len;

    code[0] = '\0';
    for (int i = 1;; i++) {
        snprintf(path, sizeof path, "%.480s/codes/%d.json",
                 robot->order->state_folder, i);
        if (access(path, R_OK))
            return;
        char *text = world_read(path, &len);
        json_t *sent = json_loads(text ? text : "", 0, NULL);
        snprintf(code, 8, "%s", member(sent, "code"));
        json_decref(sent);
        free(text);
    }
}

static void act_on_attract(struct robot *robot)
{
    if (element(robot, "machine.out"))
        stop_here(robot, ROBOT_PAGE);
    else if (robot->has_begun)
        stop_here(robot, ROBOT_DONE);
    else if (press(robot, "attract.begin") == PRESSED)
        robot->has_begun = true;
}

/* Of many items the home page shows the themes. */
static void act_on_items(struct robot *robot)
{
    const struct item *item = robot->order->item;
    char id[160], theme[64];

    snprintf(id, sizeof id, "item.%.120s", item->id);
    snprintf(theme, sizeof theme, "theme.%s", item_theme_name(item->theme));
    if (!element(robot, id) && element(robot, theme))
        press_or_stop(robot, theme);
    else
        press_or_stop(robot, id);
}

/* The code that the office sent is another one each time. */
static void write_text(struct robot *robot, const char *text)
{
    char code[8];

    if (element(robot, "code"))
        read_code(robot, code);
    type(robot, element(robot, "code") ? code : text);
    type(robot, "\r");
}

/* Who was not read the first time takes it up and lays it down again. */
static void say_line(struct robot *robot, const char *line)
{
    bool is_card =
        strncmp(line, "card ", 5) == 0 && strcmp(line, "card lift") != 0;

    if (is_card && robot->has_laid)
        say(robot, "card lift");
    robot->has_laid = robot->has_laid || is_card;
    say(robot, line);
}

/* False: not yet done. */
static bool do_act(struct robot *robot, const struct path_act *act)
{
    char id[PATH_WHAT_BYTES];

    switch (act->act) {
    case CITIZEN_SAYS:
        say_line(robot, act->what);
        return true;
    case CITIZEN_TYPES:
        write_text(robot, act->what);
        return true;
    case CITIZEN_PRESSES:
        break;
    }
    enum pressed pressed = press(robot, act->what);
    if (pressed == PRESSED_NOT && find_alike(robot, act->what, id))
        pressed = press(robot, id);
    if (pressed == PRESSED_NOT)
        stop_here(robot, ROBOT_PAGE);
    return pressed == PRESSED;
}

/* The office is asked, a case stored, a paper printed. */
static bool is_at_work(const struct robot *robot)
{
    size_t i;
    json_t *at;

    json_array_foreach(json_object_get(robot->page, "elements"), i, at)
    {
        if (strcmp(member(at, "kind"), "progress") == 0)
            return true;
    }
    return false;
}

/* What the citizen did about such a page, act by act, and again from the first.
 * A page that the citizen did not meet goes on by its own key. */
static void act_by_path(struct robot *robot)
{
    const struct path *path = robot->order->path;
    const char *screen = member(robot->page, "screen");
    const char *step = member(robot->page, "step");
    size_t at = 0;

    if (!path_next(path, screen, step, robot->due, &at)) {
        (void)press(robot, "footer.go");
        return;
    }
    if (!robot->has_acted)
        robot->first = at;
    else if (at != robot->due)
        at = robot->first; /* all was done, and here it stands */
    robot->due = at;
    robot->has_acted = true;
    if (do_act(robot, &path->acts[at]))
        robot->due = at + 1;
}

static void act(struct robot *robot)
{
    if (is_screen(robot, "attract"))
        act_on_attract(robot);
    else if (is_screen(robot, "home") || is_screen(robot, "theme"))
        act_on_items(robot);
    else if (is_screen(robot, "stop"))
        stop_here(robot, ROBOT_PAGE);
    else if (is_screen(robot, "idle"))
        type(robot, "\t");
    else if (!is_at_work(robot))
        act_by_path(robot);
}

/* The 250 ms of a new page pass first. */
static void settle(struct robot *robot)
{
    /* While a case is being stored the disk has the real time it needs. */
    bool is_storing =
        strcmp(member(element(robot, "send.progress"), "value"), "0/2") == 0;
    say(robot, is_storing ? "clock +0s" : "clock +1s");
}

/* The first page only, after a restart. */
static void look(struct robot *robot)
{
    if (!element(robot, "machine.out") &&
        robot->order->is_enough(robot->order->owner))
        stop_here(robot, ROBOT_DONE);
}

static void on_settled(struct robot *robot)
{
    char now[sizeof robot->seen];

    if (!robot->page)
        return;
    if (!robot->order->item) {
        look(robot);
        return;
    }
    describe(robot, now, sizeof now);
    if (strcmp(now, robot->seen) == 0 && ++robot->acts > ACTS_MAX)
        return; /* it had its chances: only time may help */
    if (strcmp(now, robot->seen) != 0) {
        robot->acts = 0;
        robot->has_acted = false;
    }
    if (robot->acts % 4 == 0)
        act(robot);
    memcpy(robot->seen, now, sizeof now);
}

/* ---- Reading -------------------------------------------------------------- */

static void take_line(struct robot *robot, const char *line, size_t len)
{
    char before[sizeof robot->seen], now[sizeof robot->seen];
    json_t *json = json_loadb(line, len, 0, NULL);

    if (json_object_get(json, "sim")) {
        json_decref(json);
        robot->is_settling = false;
        on_settled(robot);
        return;
    }
    if (!json_object_get(json, "screen")) {
        json_decref(json);
        return; /* half a line of a program that ended */
    }
    describe(robot, before, sizeof before);
    json_decref(robot->page);
    robot->page = json;
    if (++robot->pages > PAGES_MOST)
        stop_here(robot, ROBOT_PAGE);
    note_what_is_said(robot);
    describe(robot, now, sizeof now);
    if (strcmp(before, now) != 0)
        robot->nudges = 0;
    if (!robot->is_settling)
        settle(robot);
}

static void read_report(struct robot *robot)
{
    char *newline;
    ssize_t len =
        read(robot->report, robot->lines + robot->len, LINES_MAX - robot->len);

    if (len <= 0) {
        robot->has_ended = true;
        return;
    }
    robot->len += (size_t)len;
    while (!robot->is_over &&
           (newline = memchr(robot->lines, '\n', robot->len))) {
        size_t line = (size_t)(newline - robot->lines);
        take_line(robot, robot->lines, line);
        robot->len -= line + 1;
        memmove(robot->lines, newline + 1, robot->len);
    }
    if (robot->len == LINES_MAX)
        robot->has_ended = true;
}

/* False when there was nothing. */
static bool pump(struct robot *robot, int wait_ms)
{
    char bytes[8192];
    struct pollfd fds[2] = { { .fd = robot->report, .events = POLLIN },
                             { .fd = robot->terminal, .events = POLLIN } };

    if (poll(fds, 2, wait_ms) <= 0)
        return false;
    if (fds[1].revents && read(robot->terminal, bytes, sizeof bytes) <= 0 &&
        !fds[0].revents)
        robot->has_ended = true;
    if (fds[0].revents)
        read_report(robot);
    return fds[0].revents != 0;
}

/* ---- The whole ------------------------------------------------------------ */

static void run_program(const struct robot_order *order, int report)
{
    char number[16];
    const char *argv[] = {
        order->program, "--demo", "--state", order->state_folder,
        "--report",     number,   NULL
    };

    snprintf(number, sizeof number, "%d", report);
    sigaction(SIGPIPE, &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
    setenv("TERM", "xterm-256color", 1);
    dup2(open(order->errors, O_WRONLY | O_CREAT | O_APPEND, 0600), 2);
    execv(order->program, (char **)argv);
    _exit(127);
}

static bool start(struct robot *robot)
{
    struct winsize size = { .ws_row = 32, .ws_col = 100 };
    int report[2];

    if (pipe(report))
        return false;
    fcntl(report[0], F_SETFD, FD_CLOEXEC);
    robot->pid = forkpty(&robot->terminal, NULL, NULL, &size);
    if (robot->pid == 0)
        run_program(robot->order, report[1]);
    close(report[1]);
    robot->report = report[0];
    fcntl(robot->terminal, F_SETFD, FD_CLOEXEC);
    return robot->pid > 0;
}

/* Ends by itself when told, if it still can. */
static void end(struct robot *robot)
{
    int64_t end_ms = clock_monotonic_ms() + END_MS;
    int status = 0;

    if (!robot->has_ended)
        say(robot, "quit");
    robot->is_over = true; /* nothing more is acted on */
    while (waitpid(robot->pid, &status, WNOHANG) == 0) {
        if (clock_monotonic_ms() > end_ms) {
            robot->run->end = ROBOT_STUCK;
            kill(robot->pid, SIGKILL);
        }
        /* Reads on, so that nothing it writes holds it up. */
        if (!pump(robot, 20) || robot->has_ended)
            (void)poll(NULL, 0, 2);
    }
    robot->run->code =
        WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void robot_walk(const struct robot_order *order, struct robot_run *ret_run)
{
    struct robot robot = { .order = order, .run = ret_run, .pipe = -1 };
    int64_t first_ms = clock_monotonic_ms() + FIRST_PAGE_MS;

    *ret_run = (struct robot_run){ .end = ROBOT_STUCK };
    robot.lines = mem_new(LINES_MAX);
    if (!start(&robot))
        robot.has_ended = true;
    while (!robot.is_over && !robot.has_ended) {
        if (pump(&robot, LOOK_MS) || (robot.pipe >= 0 && robot.is_settling &&
                                      robot.nudges++ < NUDGES_MAX))
            continue;
        if (!robot.page && clock_monotonic_ms() < first_ms)
            continue;
        if (!robot.page || robot.nudges++ > NUDGES_MAX)
            break;
        if (robot.all_nudges++ > NUDGES_ALL)
            stop_here(&robot, ROBOT_PAGE);
        else
            settle(&robot);
    }
    if (robot.has_ended)
        ret_run->end = ROBOT_ENDED;
    else if (!robot.is_over && robot.page && robot.nudges > NUDGES_MAX &&
             !robot.is_settling)
        ret_run->end = ROBOT_PAGE; /* it answers, and stays where it is */
    end(&robot);
    close(robot.report);
    close(robot.terminal);
    if (robot.pipe >= 0)
        close(robot.pipe);
    json_decref(robot.page);
    mem_free(robot.lines);
}
