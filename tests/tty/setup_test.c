/* kiosk setup: the staff PIN, asked on a terminal or read from lines. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/staff.h"
#include "tests/tty/world.h"

#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define FIRST  "730582916404"
#define SECOND "48021359"

enum { SAID_BYTES = 4096, PATIENCE_MS = 20000 };

struct setup {
    char folder[WORLD_PATH], state[WORLD_PATH], settings[WORLD_PATH];
    char kiosk[WORLD_PATH];
};

static int setup_begin(void **state)
{
    static struct setup setup;
    char text[WORLD_PATH + 32];

    world_folder(setup.folder);
    world_state(setup.folder);
    world_join(setup.state, setup.folder, "state");
    world_join(setup.settings, setup.folder, "settings.yaml");
    world_program(setup.kiosk, "kiosk");
    snprintf(text, sizeof text, "state_folder: %s\n", setup.state);
    world_write(setup.settings, text, 0600);
    *state = &setup;
    return 0;
}

static int setup_end(void **state)
{
    struct setup *setup = *state;
    world_remove(setup->folder);
    return 0;
}

static bool is_pin(const struct setup *setup, const char *pin)
{
    struct staff_tries tries;
    enum err err = staff_try(setup->state, pin, &tries);
    assert_true(err == ERR_OK || err == ERR_REFUSED);
    return err == ERR_OK;
}

/* ---- Lines ---- */

static int give_lines(const struct setup *setup, const char *lines,
                      const char *option, struct world_said *said)
{
    char command[4 * WORLD_PATH];
    const char *argv[] = { "/bin/sh", "-c", command, NULL };

    snprintf(command, sizeof command,
             "printf '%s' | '%s' setup --settings '%s' %s", lines, setup->kiosk,
             setup->settings, option);
    world_run(argv, said);
    assert_null(strstr(said->out, FIRST));
    assert_null(strstr(said->err, FIRST));
    return said->code;
}

static void test_lines_of_an_installer(void **state)
{
    const struct setup *setup = *state;
    struct world_said said;

    assert_int_equal(give_lines(setup, "123456\\n", "", &said), 1);
    assert_non_null(strstr(said.err, "without a pattern"));
    assert_int_equal(give_lines(setup, "12345\\n", "", &said), 1);
    assert_non_null(strstr(said.err, "6 to 12 digits"));
    assert_int_equal(give_lines(setup, "", "", &said), 1);
    assert_non_null(strstr(said.err, "nothing was changed"));
    assert_false(staff_folder_has_pin(setup->state));
    assert_int_equal(give_lines(setup, FIRST "\\r\\n", "", &said), 0);
    assert_true(is_pin(setup, FIRST));
}

static void test_another_one(void **state)
{
    const struct setup *setup = *state;
    struct world_said said;

    assert_int_equal(give_lines(setup, FIRST, "", &said), 0);
    assert_int_equal(give_lines(setup, SECOND "\\n" SECOND "\\n", "", &said),
                     1);
    assert_non_null(strstr(said.err, "not the old PIN"));
    assert_true(is_pin(setup, FIRST));
    assert_int_equal(give_lines(setup, FIRST "\\n" SECOND "\\n", "", &said), 0);
    assert_true(is_pin(setup, SECOND));
    for (int i = 0; i < 5; i++)
        assert_int_equal(give_lines(setup, FIRST "\\n", "", &said), 1);
    assert_int_equal(give_lines(setup, SECOND "\\n" FIRST "\\n", "", &said), 1);
    assert_non_null(strstr(said.err, "too many wrong PINs"));
    /* Whoever may write there ends the pause, too. */
    assert_int_equal(give_lines(setup, FIRST "\\n", "--new", &said), 0);
    assert_true(is_pin(setup, FIRST));
}

static void test_nowhere_to_keep_it(void **state)
{
    const struct setup *setup = *state;
    struct world_said said;

    world_remove(setup->state);
    assert_int_equal(give_lines(setup, FIRST "\\n", "", &said), 1);
    assert_non_null(strstr(said.err, "FOLDER_LOST"));
}

/* ---- A terminal ---- */

struct person {
    pid_t pid;
    int terminal;
    char said[SAID_BYTES]; /* all of it */
    size_t len;
    size_t heard; /* so much of it was waited for */
};

static void sit_down(struct person *person, const struct setup *setup)
{
    *person = (struct person){ .terminal = -1 };
    person->pid = forkpty(&person->terminal, NULL, NULL, NULL);
    assert_true(person->pid >= 0);
    if (person->pid == 0) {
        execl(setup->kiosk, setup->kiosk, "setup", "--settings",
              setup->settings, (char *)NULL);
        _exit(127);
    }
}

/* False when it ended before it said that. */
static bool hears(struct person *person, const char *words)
{
    struct pollfd fd = { .fd = person->terminal, .events = POLLIN };

    while (!strstr(person->said + person->heard, words)) {
        ssize_t got = 0;
        if (poll(&fd, 1, PATIENCE_MS) <= 0 ||
            person->len + 1 >= sizeof person->said)
            fail_msg("\"%s\" was not said, but:\n%s", words, person->said);
        got = read(person->terminal, person->said + person->len,
                   sizeof person->said - person->len - 1);
        if (got <= 0)
            return false;
        person->len += (size_t)got;
    }
    person->heard =
        (size_t)(strstr(person->said + person->heard, words) - person->said) +
        strlen(words);
    return true;
}

static void says(struct person *person, const char *bytes)
{
    assert_int_equal(write(person->terminal, bytes, strlen(bytes)),
                     strlen(bytes));
}

/* Its exit code; the terminal is as it was found. */
static int gets_up(struct person *person)
{
    struct termios now;
    int status;

    (void)hears(person, "nobody says this");
    assert_int_equal(tcgetattr(person->terminal, &now), 0);
    assert_true(now.c_lflag & ECHO);
    assert_true(now.c_lflag & ISIG);
    assert_int_equal(waitpid(person->pid, &status, 0), person->pid);
    close(person->terminal);
    assert_null(strstr(person->said, FIRST));
    assert_null(strstr(person->said, SECOND));
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void test_asked_twice_without_echo(void **state)
{
    const struct setup *setup = *state;
    struct person person;

    sit_down(&person, setup);
    assert_true(hears(&person, "digits: "));
    says(&person, "000000\n");
    assert_true(hears(&person, "without a pattern"));
    assert_true(hears(&person, "digits: "));
    says(&person, FIRST "\n");
    assert_true(hears(&person, "The same again: "));
    says(&person, SECOND "\n");
    assert_true(hears(&person, "not the same"));
    assert_true(hears(&person, "digits: "));
    says(&person, FIRST "\n");
    assert_true(hears(&person, "The same again: "));
    says(&person, FIRST "\n");
    assert_true(hears(&person, "The staff PIN is set."));
    assert_int_equal(gets_up(&person), 0);
    assert_true(is_pin(setup, FIRST));
}

static void test_given_up(void **state)
{
    const struct setup *setup = *state;
    struct person person;

    sit_down(&person, setup);
    assert_true(hears(&person, "digits: "));
    says(&person, "7305\003");
    assert_true(hears(&person, "nothing was changed"));
    assert_int_equal(gets_up(&person), 1);
    assert_false(staff_folder_has_pin(setup->state));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_begin, setup_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_lines_of_an_installer),
        TEST(test_another_one),
        TEST(test_nowhere_to_keep_it),
        TEST(test_asked_twice_without_echo),
        TEST(test_given_up),
    };
    return cmocka_run_group_tests_name("setup", tests, NULL, NULL);
}
