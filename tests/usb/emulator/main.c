/* A bus with identity card readers that behave, or misbehave, as they are
 * told, behind the unmodified libusb of any program.
 *
 *     emulator [--control FD] [--keep FD] [--plug "four 1"]… -- PROGRAM …
 *
 * Runs PROGRAM with umockdev's preload library and ends as it ends.  Lines on
 * FD are answered by one line each (see controls[] below); --keep FD is left
 * open for PROGRAM.  The readers speak the SAM protocol in either wiring; the
 * card on one is given by the bytes in its chip. */
#include "tests/usb/emulator/emulator.h"

#include <glib-unix.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const step_names[STEPS] = { "status", "find", "select",
                                               "text", "address" };
static const char *const fault_names[FAULTS] = {
    "none",   "checksum", "long",   "short", "huge",    "split",
    "merged", "garbage",  "stall",  "late",  "silence", "dead",
    "other",  "unplug",   "status", "lift",  "torn",
};

struct reader readers[PLACES + 1];
UMockdevTestbed *bed;
GRecMutex lock;
int hold_ms = HOLD_MS;
static GMainLoop *main_loop;
static int exit_code;
static int control_fd = -1;

/* ---- Control ----------------------------------------------------------- */

static int to_number(const char *text)
{
    return (int)strtol(text, NULL, 0);
}

static size_t from_hex(const char *hex, uint8_t *bytes, size_t max)
{
    size_t len = 0;
    unsigned value;
    for (; len < max && hex[0] && hex[1]; hex += 2, len++) {
        char pair[3] = { hex[0], hex[1], 0 };
        value = (unsigned)strtoul(pair, NULL, 16);
        bytes[len] = (uint8_t)value;
    }
    return len;
}

static struct reader *reader_at(const char *word)
{
    int place = word ? to_number(word) : 0;
    return place > 0 && place <= PLACES ? &readers[place] : NULL;
}

static int index_of(const char *word, const char *const *names, int count)
{
    for (int i = 0; word && i < count; i++)
        if (strcmp(word, names[i]) == 0)
            return i;
    return -1;
}

/* plug PLACE four|pair|none [ID] */
static bool control_plug(struct reader *reader, char **words)
{
    static const char *const names[] = { "four", "pair", "none" };
    int wiring = index_of(words[0], names, 3);
    if (wiring < 0)
        return false;
    unplug(reader);
    plug(reader, (enum wiring)wiring, words[1] ? words[1] : "0400:c35a");
    return true;
}

static bool control_unplug(struct reader *reader, char **words)
{
    (void)words;
    unplug(reader);
    return true;
}

/* card PLACE TEXT PHOTO ADDRESS: hexadecimal; - for none */
static bool control_card(struct reader *reader, char **words)
{
    if (!words[0] || !words[1] || !words[2])
        return false;
    memset(reader->text, 0, sizeof reader->text);
    memset(reader->photo, 0, sizeof reader->photo);
    memset(reader->address, 0, sizeof reader->address);
    reader->text_len = from_hex(words[0], reader->text, TEXT_BYTES);
    if (*words[1] != '-')
        memset(reader->photo, 0x57, sizeof reader->photo);
    reader->has_address = *words[2] != '-';
    if (reader->has_address)
        from_hex(words[2], reader->address, ADDRESS_BYTES);
    reader->has_card = true;
    reader->was_read = reader->is_selected = false;
    return true;
}

static bool control_lift(struct reader *reader, char **words)
{
    (void)words;
    reader->has_card = reader->was_read = reader->is_selected = false;
    return true;
}

/* fault PLACE NAME STEP TIMES [STATUS, or milliseconds when late] */
static bool control_fault(struct reader *reader, char **words)
{
    int fault = index_of(words[0], fault_names, FAULTS);
    int step = fault > 0 ? index_of(words[1], step_names, STEPS) : 0;

    if (fault < 0 || step < 0)
        return false;
    reader->fault = (enum fault)fault;
    reader->fault_step = (enum step)step;
    reader->fault_times = fault && words[2] ? to_number(words[2]) : -1;
    int number = fault && words[2] && words[3] ? to_number(words[3]) : 0;
    reader->fault_status = number;
    reader->late_ms = number;
    if (!fault)
        reader->is_dead = false;
    return true;
}

/* takes PLACE MS: what the reader itself needs for the text */
static bool control_takes(struct reader *reader, char **words)
{
    if (!words[0])
        return false;
    reader->delay_ms = to_number(words[0]);
    return true;
}

/* spin PLACE: reaps are answered at once, for benches */
static bool control_spin(struct reader *reader, char **words)
{
    (void)reader;
    (void)words;
    hold_ms = 0;
    return true;
}

static bool control_replay(struct reader *reader, char **words)
{
    return words[0] && replay_load(reader, words[0]);
}

/* busy PLACE TIMES: so often another program has it */
static bool control_busy(struct reader *reader, char **words)
{
    if (!words[0])
        return false;
    reader->busy_times = to_number(words[0]);
    return true;
}

static bool control_count(struct reader *reader, char **words)
{
    (void)reader;
    (void)words;
    return true;
}

static const struct control {
    const char *name;
    bool (*take)(struct reader *reader, char **words);
} controls[] = {
    { "plug", control_plug },     { "unplug", control_unplug },
    { "card", control_card },     { "lift", control_lift },
    { "fault", control_fault },   { "takes", control_takes },
    { "replay", control_replay }, { "spin", control_spin },
    { "count", control_count },   { "busy", control_busy },
};

static bool obey_line(char *line, struct reader **ret_reader)
{
    char *words[12] = { NULL }, *rest = line;
    int count = 0;

    for (char *word = strtok_r(line, " ", &rest); word && count < 11;
         word = strtok_r(NULL, " ", &rest))
        words[count++] = word;
    struct reader *reader = reader_at(words[1]);
    *ret_reader = reader;
    if (!reader)
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(controls); i++)
        if (strcmp(words[0], controls[i].name) == 0)
            return controls[i].take(reader, words + 2);
    return false;
}

static void answer_line(char *line)
{
    struct reader *reader = NULL;
    g_rec_mutex_lock(&lock);
    bool is_ok = obey_line(line, &reader);
    g_rec_mutex_unlock(&lock);
    char *text = g_strdup_printf("%s %d %d\n", is_ok ? "ok" : "wrong",
                                 reader ? reader->commands : 0,
                                 reader ? reader->opens : 0);
    if (control_fd >= 0 && write(control_fd, text, strlen(text)) < 0)
        exit_code = 70;
    g_free(text);
}

static gboolean on_control(gint fd, GIOCondition condition, gpointer owner)
{
    static GString *pending;
    char bytes[4096];
    char *newline;

    (void)condition;
    (void)owner;
    if (!pending)
        pending = g_string_new(NULL);
    ssize_t len = read(fd, bytes, sizeof bytes);
    if (len <= 0)
        return G_SOURCE_REMOVE;
    g_string_append_len(pending, bytes, len);
    while ((newline = strchr(pending->str, '\n'))) {
        char *line = g_strndup(pending->str, (gsize)(newline - pending->str));
        g_string_erase(pending, 0, newline - pending->str + 1);
        answer_line(line);
        g_free(line);
    }
    return G_SOURCE_CONTINUE;
}

/* ---- Running ----------------------------------------------------------- */

static void on_end(GPid pid, gint status, gpointer owner)
{
    (void)pid;
    (void)owner;
    if (!exit_code)
        exit_code =
            WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    g_main_loop_quit(main_loop);
}

/* Where the program has the sanitizer in it, that must bear another library in
 * front of its own. */
static void bear_preload(void)
{
    const char *asan = getenv("ASAN_OPTIONS");
    char *options = g_strdup_printf("%s%sverify_asan_link_order=0",
                                    asan ? asan : "", asan ? ":" : "");
    setenv("ASAN_OPTIONS", options, 1);
    g_free(options);
}

static void run_program(char **argv)
{
    pid_t pid = fork();
    if (pid == 0) {
        bear_preload();
        if (control_fd >= 0)
            close(control_fd);
        execv(argv[0], argv);
        fprintf(stderr, "emulator: %s: %s\n", argv[0], strerror(errno));
        _exit(127);
    }
    g_child_watch_add(pid, on_end, NULL);
}

/* The library tells of plugs by what it sees itself in the pretended /sys; what
 * stands beside this program mends it (tests/usb/masks). */
static void preload(char **argv)
{
    char *self, *folder, *libraries;

    if (getenv("LD_PRELOAD"))
        return;
    self = g_file_read_link("/proc/self/exe", NULL);
    folder = g_path_get_dirname(self ? self : "");
    libraries = g_strdup_printf("%s/masks.so:libumockdev-preload.so.0", folder);
    setenv("LD_PRELOAD", libraries, 1);
    execv("/proc/self/exe", argv);
    exit(70);
}

int main(int argc, char **argv)
{
    int at = 1;

    preload(argv);
    bed = umockdev_testbed_new();
    main_loop = g_main_loop_new(NULL, FALSE);
    bus_init();
    for (; at < argc && strcmp(argv[at], "--") != 0; at++) {
        if (at + 1 >= argc)
            return 64;
        if (strcmp(argv[at], "--control") == 0)
            control_fd = to_number(argv[++at]);
        else if (strcmp(argv[at], "--keep") == 0)
            (void)fcntl(to_number(argv[++at]), F_SETFD, 0);
        else if (strcmp(argv[at], "--do") == 0)
            answer_line(argv[++at]);
        else
            return 64;
    }
    if (at + 1 >= argc)
        return 64;
    if (control_fd >= 0)
        g_unix_fd_add(control_fd, G_IO_IN | G_IO_HUP, on_control, NULL);
    run_program(argv + at + 1);
    g_main_loop_run(main_loop);
    g_object_unref(bed);
    return exit_code;
}
