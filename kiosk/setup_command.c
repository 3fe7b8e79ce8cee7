#include "kiosk/setup_command.h"

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/staff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { LINE_BYTES = 64, ROUNDS = 3, CONTROL_C = 3 };

/* ---- Asking ------------------------------------------------------------ */

/* Up to the end of the line; false at the end of the input and at Ctrl-C.  One
 * byte at a time: what follows is the next answer's. */
static bool read_line(char line[LINE_BYTES])
{
    size_t len = 0;
    char c = '\0';
    ssize_t got;

    while ((got = read(STDIN_FILENO, &c, 1)) == 1 && c != '\n' &&
           c != CONTROL_C) {
        if (c != '\r' && len + 1 < LINE_BYTES) /* a longer one is no PIN */
            line[len++] = c;
    }
    line[len] = '\0';
    return c == '\n' || (got == 0 && len > 0);
}

/* Ctrl-C ends the line instead of the program, which would leave the terminal
 * without echo. */
static bool ask_quietly(const char *question, char line[LINE_BYTES])
{
    struct termios before, quiet;

    if (tcgetattr(STDIN_FILENO, &before))
        return false;
    quiet = before;
    quiet.c_lflag |= ICANON;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
    quiet.c_cc[VEOL] = CONTROL_C;
    if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet))
        return false;
    fputs(question, stderr);
    bool is_read = read_line(line);
    fputc('\n', stderr);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    return is_read;
}

static bool ask(const char *question, char line[LINE_BYTES])
{
    mem_wipe(line, LINE_BYTES);
    if (isatty(STDIN_FILENO) ? ask_quietly(question, line) : read_line(line))
        return true;
    fputs("kiosk: no PIN was given; nothing was changed\n", stderr);
    return false;
}

/* ---- The old one ------------------------------------------------------- */

static int fail(const struct settings *settings, enum err err)
{
    fprintf(stderr, "kiosk: %s: %s (%s)\n", settings->state_folder,
            err_text(err), err_name(err));
    return EXIT_FAILURE;
}

static int check_old(const struct settings *settings, const char *pin)
{
    struct staff_tries tries;
    enum err err = staff_try(settings->state_folder, pin, &tries);

    if (!err)
        return EXIT_SUCCESS;
    if (err == ERR_REFUSED)
        fputs("kiosk: this is not the old PIN. Where nobody knows it, root "
              "sets another with --new.\n",
              stderr);
    else if (err == ERR_CANCELLED)
        fprintf(stderr,
                "kiosk: too many wrong PINs; try again in %lld seconds, or "
                "with --new\n",
                (long long)(staff_left_ms(&tries) / 1000 + 1));
    else
        return fail(settings, err);
    return EXIT_FAILURE;
}

static int ask_old(const struct settings *settings)
{
    char pin[LINE_BYTES];
    int code = EXIT_FAILURE;

    if (ask("Old PIN: ", pin))
        code = check_old(settings, pin);
    mem_wipe(pin, sizeof pin);
    return code;
}

/* ---- The new one ------------------------------------------------------- */

enum round { ROUND_TAKEN, ROUND_WRONG, ROUND_OVER };

static enum round ask_new(char pin[LINE_BYTES])
{
    char again[LINE_BYTES];

    if (!ask("New PIN, 6 to 12 digits: ", pin))
        return ROUND_OVER;
    const char *mistake = staff_pin_mistake(pin);
    if (mistake) {
        fprintf(stderr, "kiosk: %s\n", mistake);
        return ROUND_WRONG;
    }
    if (!isatty(STDIN_FILENO))
        return ROUND_TAKEN;
    if (!ask("The same again: ", again))
        return ROUND_OVER;
    bool is_same = strcmp(pin, again) == 0;
    mem_wipe(again, sizeof again);
    if (!is_same)
        fputs("kiosk: these were not the same\n", stderr);
    return is_same ? ROUND_TAKEN : ROUND_WRONG;
}

static int set_new(const struct settings *settings)
{
    char pin[LINE_BYTES];
    int rounds = isatty(STDIN_FILENO) ? ROUNDS : 1;
    enum round round = ROUND_WRONG;
    int code = EXIT_FAILURE;

    while (round == ROUND_WRONG && rounds-- > 0)
        round = ask_new(pin);
    if (round == ROUND_TAKEN) {
        enum err err = staff_set_pin(settings->state_folder, pin);
        if (!err)
            err = staff_forget_tries(settings->state_folder);
        code = err ? fail(settings, err) : EXIT_SUCCESS;
    }
    mem_wipe(pin, sizeof pin);
    return code;
}

int command_setup(const struct settings *settings, bool forgets_old)
{
    const char *folder = settings->state_folder;

    if (!file_is_folder(folder))
        return fail(settings, ERR_FOLDER_LOST);
    if (staff_folder_has_pin(folder) && !forgets_old) {
        int code = ask_old(settings);
        if (code)
            return code;
    }
    int code = set_new(settings);
    if (!code)
        fputs("The staff PIN is set.\n", stderr);
    return code;
}
