#include "tests/tty/drive_state.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"

static const char *build_folder(void)
{
    const char *build = getenv("KIOSK_BUILD");
    return build ? build : "build";
}

const char *drive_errors(const struct drive *drive)
{
    return drive->errors;
}

/* ---- Starting ---------------------------------------------------------- */

static void child(const struct drive *drive,
                  const struct drive_options *options, int report)
{
    char program[PATH_BYTES], number[16];
    const char *argv[16];
    int argc = 0;

    if (options->program)
        snprintf(program, sizeof program, "%s", options->program);
    else
        snprintf(program, sizeof program, "%s/kiosk", build_folder());
    snprintf(number, sizeof number, "%d", report);
    argv[argc++] = program;
    argv[argc++] = options->preview ? "preview" : "--demo";
    if (options->preview)
        argv[argc++] = options->preview;
    argv[argc++] = "--state";
    argv[argc++] = drive->folder;
    argv[argc++] = "--report";
    argv[argc++] = number;
    if (options->settings) {
        argv[argc++] = "--settings";
        argv[argc++] = options->settings;
    }
    argv[argc] = NULL;
    setenv("TERM", "xterm-256color", 1);
    char points[16];
    snprintf(points, sizeof points, "%d", options->letters);
    if (options->letters)
        setenv("KIOSK_FONT_SIZE", points, 1);
    else if (!options->type) /* an xterm's session tells its own */
        unsetenv("KIOSK_FONT_SIZE");
    dup2(open(drive->errors, O_WRONLY | O_CREAT | O_APPEND, 0600), 2);
    execv(program, (char **)argv);
    _exit(127);
}

static void open_vterm(struct drive *drive)
{
    drive->vterm = vterm_new(drive->rows, drive->cols);
    vterm_set_utf8(drive->vterm, 1);
    drive->screen = vterm_obtain_screen(drive->vterm);
    vterm_screen_enable_altscreen(drive->screen, 1);
    vterm_screen_reset(drive->screen, 1);
}

static void open_pipe(struct drive *drive)
{
    char path[PATH_BYTES + 8];
    snprintf(path, sizeof path, "%s/sim", drive->folder);
    drive->pipe = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(drive->pipe >= 0);
}

static void choose_errors(struct drive *drive, const char *given)
{
    if (given) {
        snprintf(drive->errors, sizeof drive->errors, "%s", given);
        return;
    }
    snprintf(drive->errors, sizeof drive->errors, "/tmp/kiosk-errors-XXXXXX");
    int fd = mkstemp(drive->errors);
    assert_true(fd >= 0);
    close(fd);
    drive->is_own_errors = true;
}

/* The attract page may be painted before it, or not. */
static bool shows_item(struct drive *drive)
{
    const char *screen = drive_screen(drive);
    return *screen && strcmp(screen, "attract") != 0;
}

struct drive *drive_start(const struct drive_options *options)
{
    struct drive *drive = mem_new(sizeof *drive);
    int report[2];
    struct winsize size = { .ws_row = (unsigned short)options->rows,
                            .ws_col = (unsigned short)options->cols };

    buf_init(&drive->said, SAID_MAX);
    drive->rows = drive->first_rows = options->rows;
    drive->cols = drive->first_cols = options->cols;
    drive->points = options->letters;
    drive->type = options->type;
    drive->type_owner = options->type_owner;
    drive->pipe = -1;
    drive->bytes = mem_new(REPORT_MAX);
    if (options->folder) {
        snprintf(drive->folder, sizeof drive->folder, "%s", options->folder);
    } else {
        snprintf(drive->folder, sizeof drive->folder, "/tmp/kiosk-tty-XXXXXX");
        assert_non_null(mkdtemp(drive->folder));
        drive->is_own_folder = true;
    }
    choose_errors(drive, options->errors);
    assert_int_equal(pipe(report), 0);
    fcntl(report[0], F_SETFD, FD_CLOEXEC);
    open_vterm(drive);
    drive->pid = forkpty(&drive->terminal, drive->slave, NULL, &size);
    assert_true(drive->pid >= 0);
    if (drive->pid == 0)
        child(drive, options, report[1]);
    close(report[1]);
    fcntl(drive->terminal, F_SETFD, FD_CLOEXEC);
    drive->report = report[0];
    if (options->preview)
        drive_wait_until(drive, shows_item, "the first page of the item");
    else
        drive_wait(drive, "attract", NULL);
    open_pipe(drive);
    return drive;
}

static void free_drive(struct drive *drive)
{
    char command[PATH_BYTES + 16];

    close(drive->terminal);
    close(drive->report);
    if (drive->pipe >= 0)
        close(drive->pipe);
    vterm_free(drive->vterm);
    json_decref(drive->page);
    json_decref(drive->answer);
    if (drive->is_own_folder) {
        snprintf(command, sizeof command, "%s", drive->folder);
        pid_t pid = fork();
        if (pid == 0) {
            execlp("rm", "rm", "-rf", command, (char *)NULL);
            _exit(127);
        }
        waitpid(pid, NULL, 0);
    }
    if (drive->is_own_errors)
        unlink(drive->errors);
    mem_free(drive->bytes);
    buf_done(&drive->said);
    mem_free(drive);
}

/* ---- Ending ------------------------------------------------------------ */

bool drive_is_gone(struct drive *drive)
{
    int status;
    if (drive->pid && waitpid(drive->pid, &status, WNOHANG) == drive->pid) {
        drive->status = status;
        drive->pid = 0;
    }
    return drive->pid == 0;
}

/* As a shell says it. */
int drive_exit_code(const struct drive *drive)
{
    return WIFEXITED(drive->status) ? WEXITSTATUS(drive->status)
                                    : 128 + WTERMSIG(drive->status);
}

int drive_end(struct drive *drive)
{
    ssize_t done = write(drive->pipe, "quit\n", 5);
    assert_int_equal(done, 5);
    return drive_left(drive);
}

int drive_left(struct drive *drive)
{
    int64_t end = clock_monotonic_ms() + WAIT_MS;
    while (!drive_is_gone(drive)) {
        if (clock_monotonic_ms() > end)
            fail_msg("the program does not end");
        drive_pump(drive, 20);
    }
    /* A core would hold what the citizen said; no limit of the test's keeps it
     * from being written. */
    assert_false(WIFSIGNALED(drive->status) && WCOREDUMP(drive->status));
    int code = drive_exit_code(drive);
    if (code)
        drive_show_errors(drive);
    free_drive(drive);
    return code;
}

void drive_kill(struct drive *drive)
{
    if (!drive_is_gone(drive)) {
        kill(drive->pid, SIGKILL);
        waitpid(drive->pid, NULL, 0);
    }
    free_drive(drive);
}

const char *drive_folder(const struct drive *drive)
{
    return drive->folder;
}

pid_t drive_pid(const struct drive *drive)
{
    return drive->pid;
}

size_t drive_count_files(const struct drive *drive, const char *folder,
                         const char *suffix)
{
    char path[PATH_BYTES + 64];
    size_t count = 0;
    struct dirent *entry;

    snprintf(path, sizeof path, "%s/%s", drive->folder, folder);
    DIR *dir = opendir(path);
    while (dir && (entry = readdir(dir))) {
        size_t len = strlen(entry->d_name), tail = strlen(suffix);
        count += len >= tail && strcmp(entry->d_name + len - tail, suffix) == 0;
    }
    if (dir)
        closedir(dir);
    return count;
}
