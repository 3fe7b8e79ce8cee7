#include "tests/pictures/glass.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include <cairo.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/text.h"
#include "tests/tty/world.h"

enum {
    WAIT_MS = 60000,
    LOOK_MS = 25,    /* between two looks at the picture */
    STILL_LOOKS = 3, /* so many alike: it stands still */
    DISPLAYS = 40,   /* numbers that are tried */
    XWD_HEADER = 0,  /* its words, of four bytes, the high one first */
    XWD_WIDTH = 4,
    XWD_HEIGHT = 5,
    XWD_BITS = 11,
    XWD_LINE = 12,
    XWD_COLORS = 19,
    XWD_COLOR_BYTES = 12,
    ARGS_MAX = 24,
    SHADES = 12,
    SPARE_FIRST = 195, /* keycodes that no keyboard of a hall sends */
    SPARE_KEYS = 60
};

const struct glass_size glass_sizes[GLASS_SIZES] = {
    { 100, 32, 20, 17, 33 },
    { 80, 24, 27, 23, 45 },
    { 40, 15, 44, 37, 72 },
};

struct glass {
    const struct glass_size *size;
    char folder[WORLD_PATH];
    char program[WORLD_PATH]; /* a script: the session with kiosk inside */
    char session[WORLD_PATH];
    pid_t display, window, terminal;
    uint32_t spare[SPARE_KEYS]; /* characters on keys that nobody has */
    int spare_count;
    const unsigned char *memory;
    size_t memory_bytes;
};

/* ---- What is needed ----------------------------------------------------- */

const char *glass_hindrance(void)
{
    static const struct {
        const char *path, *words;
    } needed[] = {
        { "/usr/bin/Xvfb", "no Xvfb here" },
        { "/usr/bin/xterm", "no xterm here" },
        { "/usr/bin/matchbox-window-manager", "no matchbox here" },
        { "/usr/bin/xdotool", "no xdotool here" },
        { "/usr/bin/xmodmap", "no xmodmap here" },
        { "/usr/bin/xauth", "no xauth here" },
        { "/usr/bin/xwininfo", "no xwininfo here" },
        { "/usr/bin/zbarimg", "no zbarimg here" },
    };
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (access(needed[i].path, X_OK))
            return needed[i].words;
    return NULL;
}

/* ---- The server ---------------------------------------------------------- */

/* A child that goes with us; out: where its standard output shall go, or -1. */
static pid_t spawn(const char *const *argv, int out)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid > 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    int null = open("/dev/null", O_RDWR);
    dup2(null, STDIN_FILENO);
    dup2(out >= 0 ? out : null, STDOUT_FILENO);
    if (!getenv("KIOSK_TEST_LOUD"))
        dup2(null, STDERR_FILENO);
    execv(argv[0], (char **)(uintptr_t)argv);
    _exit(127);
}

static void bury(pid_t *pid)
{
    if (*pid <= 0)
        return;
    kill(*pid, SIGTERM);
    waitpid(*pid, NULL, 0);
    *pid = 0;
}

/* "display 123" comes once clients are taken; nothing, when the number is
 * somebody else's. */
static bool is_up(int out)
{
    char line[64];
    struct pollfd fd = { .fd = out, .events = POLLIN };

    if (poll(&fd, 1, WAIT_MS) <= 0)
        return false;
    ssize_t len = read(out, line, sizeof line - 1);
    return len > 8 && memcmp(line, "display ", 8) == 0;
}

static bool try_display(struct glass *glass, int number)
{
    char name[16], shape[32];
    int out[2];
    const char *argv[] = { glass->session, "display", "/usr/bin/Xvfb", name,
                           "-screen",      "0",       shape,           "-fbdir",
                           glass->folder,  NULL };

    snprintf(name, sizeof name, ":%d", number);
    snprintf(shape, sizeof shape, "%dx%dx24",
             glass->size->cols * glass->size->cell_width,
             glass->size->rows * glass->size->cell_height);
    setenv("DISPLAY", name, 1);
    assert_int_equal(pipe(out), 0);
    fcntl(out[0], F_SETFD, FD_CLOEXEC);
    fcntl(out[1], F_SETFD, FD_CLOEXEC);
    glass->display = spawn(argv, out[1]);
    close(out[1]);
    bool is = is_up(out[0]);
    close(out[0]);
    if (!is)
        bury(&glass->display);
    return is;
}

static void map_memory(struct glass *glass)
{
    char path[WORLD_PATH];
    struct stat about;

    world_join(path, glass->folder, "Xvfb_screen0");
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(fstat(fd, &about), 0);
    glass->memory_bytes = (size_t)about.st_size;
    glass->memory =
        mmap(NULL, glass->memory_bytes, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    assert_true(glass->memory != MAP_FAILED);
}

/* Without knowing the size of its letters the program tries no others: pictures
 * are of one size. */
static void write_program(struct glass *glass, bool with_large)
{
    char kiosk[WORLD_PATH], script[3 * WORLD_PATH];

    world_program(kiosk, "kiosk");
    snprintf(script, sizeof script,
             "#!/bin/sh\nexec '%s' terminal %s '%s' \"$@\"\n", glass->session,
             with_large ? "" : "/usr/bin/env -u KIOSK_FONT_SIZE", kiosk);
    world_join(glass->program, glass->folder, "kiosk");
    world_write(glass->program, script, 0755);
}

void glass_allow_large(struct glass *glass)
{
    write_program(glass, true);
}

struct glass *glass_new(const struct glass_size *size)
{
    struct glass *glass = mem_new(sizeof *glass);
    char cookie[WORLD_PATH], points[16], here[WORLD_PATH];
    const char *window[] = { glass->session, "window", NULL };
    int number = 100 + (int)(getpid() % 400);
    int tried = 0;

    glass->size = size;
    world_folder(glass->folder);
    const char *other = getenv("KIOSK_SESSION");
    assert_non_null(getcwd(here, sizeof here));
    world_join(glass->session, other ? "" : here,
               other ? other : "kiosk/hall/session");
    world_join(cookie, glass->folder, "xauthority");
    snprintf(points, sizeof points, "%d", size->font_size);
    setenv("XAUTHORITY", cookie, 1);
    setenv("KIOSK_FONT_SIZE", points, 1);
    while (!try_display(glass, number + tried))
        assert_true(++tried < DISPLAYS);
    map_memory(glass);
    glass->window = spawn(window, -1);
    write_program(glass, false);
    return glass;
}

void glass_free(struct glass *glass)
{
    if (!glass)
        return;
    bury(&glass->terminal);
    bury(&glass->window);
    bury(&glass->display);
    if (glass->memory)
        munmap((void *)(uintptr_t)glass->memory, glass->memory_bytes);
    world_remove(glass->folder);
    mem_free(glass);
}

/* ---- Keys and touches ---------------------------------------------------- */

void glass_do(struct glass *glass, const char *const *words)
{
    const char *argv[ARGS_MAX] = { "/usr/bin/xdotool" };
    static struct world_said said;
    (void)glass;

    for (int i = 0; words[i]; i++) {
        assert_in_range(i, 0, ARGS_MAX - 3);
        argv[i + 1] = words[i];
    }
    world_run(argv, &said);
    if (said.code)
        fail_msg("xdotool %s: %s", words[0], said.err);
}

/* A press and its release as the driver writes them for a terminal. */
static bool touch(struct glass *glass, const char *bytes)
{
    char x[16], y[16], *end;

    if (strncmp(bytes, "\033[<0;", 5) != 0)
        return false;
    long col = strtol(bytes + 5, &end, 10);
    assert_int_equal(*end, ';');
    long row = strtol(end + 1, NULL, 10);
    snprintf(x, sizeof x, "%ld",
             (col - 1) * glass->size->cell_width + glass->size->cell_width / 2);
    snprintf(y, sizeof y, "%ld",
             (row - 1) * glass->size->cell_height +
                 glass->size->cell_height / 2);
    glass_do(glass, (const char *[]){ "mousemove", x, y, "click", "1", NULL });
    return true;
}

/* The character's key is put on the keyboard first, where it stays: xdotool
 * would take it away again before a slow xterm has looked for it. */
static void write_char(struct glass *glass, uint32_t code_point)
{
    static struct world_said said;
    char line[64], name[16];
    const char *argv[] = { "/usr/bin/xmodmap", "-e", line, NULL };
    int at = 0;

    while (at < glass->spare_count && glass->spare[at] != code_point)
        at++;
    snprintf(name, sizeof name, "U%04X", (unsigned int)code_point);
    if (at == glass->spare_count) {
        assert_in_range(at, 0, SPARE_KEYS - 1);
        glass->spare[glass->spare_count++] = code_point;
        snprintf(line, sizeof line, "keycode %d = %s", SPARE_FIRST + at, name);
        world_run(argv, &said);
        if (said.code)
            fail_msg("xmodmap %s: %s", line, said.err);
    }
    glass_do(glass, (const char *[]){ "key", name, NULL });
}

static void write_text(struct glass *glass, const char *text)
{
    while (*text) {
        uint32_t code_point;
        size_t len = text_decode(text, strlen(text), &code_point);
        assert_true(len > 0);
        write_char(glass, code_point);
        text += len;
    }
}

static const char *key_of(char c, char name[2])
{
    switch (c) {
    case '#':
        return "numbersign";
    case '*':
        return "asterisk";
    case '\r':
        return "Return";
    case '\t':
        return "Tab";
    case '\033':
        return "Escape";
    case '\x7f':
        return "BackSpace";
    default:
        name[0] = c;
        name[1] = '\0';
        return c >= '0' && c <= '9' ? name : NULL;
    }
}

/* NULL: no function key. */
static const char *function_of(const char *bytes)
{
    static const struct {
        const char *bytes, *key;
    } keys[] = { { "\033OQ", "F2" },
                 { "\033OR", "F3" },
                 { "\033[20~", "F9" },
                 { "\033[21~", "F10" },
                 { "\033[24~", "F12" } };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(bytes, keys[i].bytes) == 0)
            return keys[i].key;
    return NULL;
}

static void type(void *owner, const char *bytes, size_t len)
{
    struct glass *glass = owner;
    char text[512], name[2];

    snprintf(text, sizeof text, "%.*s", (int)len, bytes);
    if (touch(glass, text))
        return;
    const char *function = function_of(text);
    if (function) {
        glass_do(glass, (const char *[]){ "key", function, NULL });
        return;
    }
    if (strspn(text, "0123456789#*\r\t\033\x7f") != len) {
        write_text(glass, text);
        return;
    }
    for (size_t i = 0; i < len; i++)
        glass_do(glass, (const char *[]){ "key", key_of(text[i], name), NULL });
}

/* ---- The program --------------------------------------------------------- */

static struct drive *start(struct glass *glass, struct drive_options *options)
{
    options->rows = glass->size->rows;
    options->cols = glass->size->cols;
    options->program = glass->program;
    options->type = type;
    options->type_owner = glass;
    struct drive *drive = drive_start(options);

    int64_t end_ms = clock_monotonic_ms() + WAIT_MS;
    /* The window is laid over the whole glass a moment after it opens. */
    for (;;) {
        json_int_t rows =
            json_integer_value(json_object_get(drive_page(drive), "rows"));
        json_int_t cols =
            json_integer_value(json_object_get(drive_page(drive), "cols"));
        if (rows == glass->size->rows && cols == glass->size->cols)
            return drive;
        if (clock_monotonic_ms() > end_ms)
            fail_msg("the glass holds %dx%d", (int)cols, (int)rows);
        assert_true(drive_sim(drive, "clock +0s"));
    }
}

struct drive *glass_start(struct glass *glass, const char *settings,
                          const char *folder)
{
    struct drive_options options = { .settings = settings, .folder = folder };

    return start(glass, &options);
}

struct drive *glass_preview(struct glass *glass, const char *settings,
                            const char *file)
{
    struct drive_options options = { .settings = settings, .preview = file };

    return start(glass, &options);
}

void glass_run(struct glass *glass, const char *const *argv)
{
    const char *all[ARGS_MAX] = { glass->session, "terminal" };

    bury(&glass->terminal);
    if (!argv)
        return;
    for (int i = 0; argv[i]; i++) {
        assert_in_range(i, 0, ARGS_MAX - 4);
        all[i + 2] = argv[i];
    }
    glass->terminal = spawn(all, -1);
}

/* ---- The picture --------------------------------------------------------- */

static uint32_t word(const struct glass *glass, int at)
{
    const unsigned char *bytes = glass->memory + 4 * at;
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
           (uint32_t)bytes[2] << 8 | bytes[3];
}

static const unsigned char *pixels(const struct glass *glass)
{
    return glass->memory + word(glass, XWD_HEADER) +
           (size_t)word(glass, XWD_COLORS) * XWD_COLOR_BYTES;
}

static uint64_t fingerprint(const struct glass *glass)
{
    const unsigned char *at = pixels(glass);
    size_t bytes = (size_t)word(glass, XWD_LINE) * word(glass, XWD_HEIGHT);
    uint64_t sum = 1469598103934665603u;

    for (size_t i = 0; i + 8 <= bytes; i += 8) {
        uint64_t next;
        memcpy(&next, at + i, sizeof next);
        sum = (sum ^ next) * 1099511628211u;
    }
    return sum;
}

static uint64_t look(struct glass *glass, bool must_differ, uint64_t before)
{
    int64_t end_ms = clock_monotonic_ms() + WAIT_MS;
    uint64_t last = fingerprint(glass);

    for (int alike = 0; alike < STILL_LOOKS;) {
        if (clock_monotonic_ms() > end_ms)
            fail_msg("the picture does not come to rest");
        (void)poll(NULL, 0, LOOK_MS);
        uint64_t now = fingerprint(glass);
        bool is_alike = now == last && !(must_differ && now == before);
        alike = is_alike ? alike + 1 : 0;
        last = now;
    }
    return last;
}

uint64_t glass_still(struct glass *glass)
{
    return look(glass, false, 0);
}

uint64_t glass_changed(struct glass *glass, uint64_t before)
{
    return look(glass, true, before);
}

/* Letters have many shades; an empty window has one or two. */
static bool has_letters(const struct glass *glass)
{
    const unsigned char *at = pixels(glass);
    size_t count = (size_t)word(glass, XWD_LINE) * word(glass, XWD_HEIGHT) / 4;
    uint32_t seen[SHADES];
    int shades = 0;

    for (size_t i = 0; i < count && shades < SHADES; i++) {
        uint32_t color;
        bool is_new = true;
        memcpy(&color, at + 4 * i, sizeof color);
        for (int k = 0; k < shades; k++)
            is_new = is_new && seen[k] != color;
        if (is_new)
            seen[shades++] = color;
    }
    return shades == SHADES;
}

uint64_t glass_written(struct glass *glass)
{
    int64_t end_ms = clock_monotonic_ms() + WAIT_MS;
    uint64_t now = glass_still(glass);

    while (!has_letters(glass)) {
        assert_true(clock_monotonic_ms() < end_ms);
        now = glass_still(glass);
    }
    return now;
}

void glass_save(struct glass *glass, const char *path)
{
    int width = (int)word(glass, XWD_WIDTH);
    int height = (int)word(glass, XWD_HEIGHT);

    assert_int_equal(word(glass, XWD_BITS), 32);
    /* cairo only reads it; a server of this machine has its byte order. */
    cairo_surface_t *surface = cairo_image_surface_create_for_data(
        (unsigned char *)(uintptr_t)pixels(glass), CAIRO_FORMAT_RGB24, width,
        height, (int)word(glass, XWD_LINE));
    assert_int_equal(cairo_surface_write_to_png(surface, path),
                     CAIRO_STATUS_SUCCESS);
    cairo_surface_destroy(surface);
}

int glass_windows(struct glass *glass)
{
    const char *argv[] = { "/usr/bin/xwininfo", "-root", "-tree", NULL };
    static struct world_said said;
    int count = 0;
    (void)glass;

    world_run(argv, &said);
    assert_int_equal(said.code, 0);
    for (const char *line = said.out; *line; line++)
        count += *line == '\n';
    return count;
}
