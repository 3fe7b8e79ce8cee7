/* Nothing of a citizen is left: after each kind of ending, in each item of the
 * pack, the terminal's memory and its helpers', its state and all temporary
 * folders are searched for what the citizen gave, in every form that a library
 * keeps text in.  Apart from the hub, whose it then is, and the simulators'
 * paper and codes, which the citizen takes away.
 *
 * KIOSK_CANARY=full (make canary) crosses every item, ending and language;
 * KIOSK_CANARY_SHOW shows what stands around whatever is found. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/item.h"
#include "tests/left/citizen.h"
#include "tests/left/look.h"
#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum {
    LOOKED_LEAST_BYTES = 2 * 1024 * 1024, /* fewer, and it looked nowhere */
    BACKS_MOST = 60,
    TURNS_MOST = 8,
    EACH = 3 /* of so many endings one, where not all is crossed */
};

#define OTHER_CARD "card resident number=110101196003070011"

static struct search *citizen_search;
static struct pack *pack;
static char world[WORLD_PATH], kept[WORLD_PATH];
static char share[WORLD_PATH], settings[WORLD_PATH];
static time_t begun;
static const char *why_not; /* nothing can be looked at; NULL: it can */
static struct drive *drive;

static bool is_full(void)
{
    const char *how = getenv("KIOSK_CANARY");
    return how && strcmp(how, "full") == 0;
}

/* ---- What is looked at ------------------------------------------------- */

static void look_everywhere(struct look *look, pid_t pid, bool is_there)
{
    /* The last two are command_line_test's, which may run at this moment. */
    static const char *const taken_away[] = { "/hub",          "/paper",
                                              "/codes",        "/slip.pdf",
                                              "/slip.pdf.new", NULL };
    look_begin(look, citizen_search);
    look->except = "kiosk-hub";
    look->since = begun;
    look->is_shown = getenv("KIOSK_CANARY_SHOW") && !is_there;
    if (pid)
        look_process(look, pid);
    look_folder(look, "/tmp", taken_away);
    look_folder(look, "/var/tmp", taken_away);
    look_folder(look, "/dev/shm", taken_away);
}

static void nothing_is_left(const char *item, const char *after)
{
    struct look look;

    assert_true(drive_sim(drive, "clock +0s"));
    look_everywhere(&look, drive_pid(drive), false);
    assert_true(look.bytes > LOOKED_LEAST_BYTES);
    if (look.count)
        fail_msg("%s, %s: %zu halves of marks are left\n%s", item, after,
                 look.count, look.where);
}

static void turn_back(void)
{
    static const char page_up[] = "\033[5~";

    assert_true(drive_sim(drive, "clock +1s"));
    for (int i = 0; i < TURNS_MOST; i++)
        drive_bytes(drive, page_up, strlen(page_up));
    drive_swallowed(drive);
    assert_true(drive_sim(drive, "clock +0s"));
}

/* While the citizen is there the same search does find them: in text of ours
 * and on the painted screen, on one of the page's turns. */
static void much_is_there(void)
{
    struct look look;

    turn_back();
    do {
        look_everywhere(&look, drive_pid(drive), true);
        assert_true(look.of_form[FORM_UTF8] > 0);
    } while (!look.of_form[FORM_CELLS] && drive_turns(drive, HAND_KEYS));
    assert_true(look.of_form[FORM_CELLS] > 0);
}

/* The drawn slip alone: of it only the printer's simulator knows more. */
static void slip_is_there(void)
{
    struct look look;
    struct search *slip_search =
        search_new(&citizen_marks[citizen_mark_count - 1], 1);

    look_begin(&look, slip_search);
    look_process(&look, drive_pid(drive));
    assert_true(look.count > 0);
    search_free(slip_search);
}

/* ---- The endings ------------------------------------------------------- */

static void start(void)
{
    struct drive_options options = {
        .rows = 32, .cols = 100, .folder = kept, .settings = settings
    };
    drive = drive_start(&options);
    person_awaits_hub(drive);
}

static void is_at_attract(void)
{
    drive_wait(drive, "attract", NULL);
}

static bool has_left_result(struct drive *which)
{
    return strcmp(drive_screen(which), "result") != 0;
}

/* A certificate is printed before its result; who only asked just ends. */
static void print_and_take(void)
{
    if (strcmp(drive_screen(drive), "result") != 0) {
        drive_press(drive, HAND_TOUCH, "footer.end");
        is_at_attract();
        return;
    }
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait_until(drive, has_left_result, "what follows the result");
    if (strcmp(drive_screen(drive), "printing") == 0) {
        assert_true(drive_sim(drive, "clock +5s"));
        drive_wait(drive, "paper", NULL);
        drive_press(drive, HAND_KEYS, "yes");
    }
    person_to_bye(drive);
    drive_press(drive, HAND_KEYS, "footer.go");
    is_at_attract();
}

static bool sends(const struct citizen *citizen)
{
    const struct item *item = pack_find(pack, citizen->item);

    for (size_t i = 0; i < item->step_count; i++)
        if (strcmp(item->steps[i].screen, "send") == 0)
            return true;
    return false;
}

/* A word that the person is who they say, a place in time, records to choose from
 * and the word that a fee is paid come only from an office that answers. */
static bool needs_office(const struct citizen *citizen)
{
    static const char *const theirs[] = { "check", "slot", "record" };
    const struct item *item = pack_find(pack, citizen->item);

    for (size_t i = 0; i < item->step_count; i++)
        for (size_t j = 0; j < sizeof theirs / sizeof *theirs; j++)
            if (strcmp(item->steps[i].screen, theirs[j]) == 0)
                return true;
    return false;
}

static bool reaches_review(struct citizen *citizen)
{
    bool has_come = citizen_goes(citizen, "review");

    assert_true(has_come || citizen_is_turned_away(citizen));
    return has_come && !citizen_is_turned_away(citizen);
}

static bool ends_done(struct citizen *citizen)
{
    if (!reaches_review(citizen))
        return false;
    if (sends(citizen)) { /* then all of it stands on that page */
        citizen_reveals(citizen);
        much_is_there();
    }
    assert_false(citizen_goes(citizen, "bye"));
    print_and_take();
    return true;
}

/* The office cannot be reached: the case stays here, sealed. */
static bool ends_saved(struct citizen *citizen)
{
    if (!sends(citizen))
        return false;
    if (needs_office(citizen) && !reaches_review(citizen))
        return false;
    assert_true(drive_sim(drive, "network down"));
    assert_false(citizen_goes(citizen, "bye"));
    bool has_come = !citizen_is_turned_away(citizen);
    if (has_come) {
        person_sees(drive, "state.saved");
        print_and_take();
        nothing_is_left(citizen->item, "while it is not sent");
    }
    assert_true(drive_sim(drive, "network up"));
    return has_come;
}

/* The slip is drawn and waits in the printer for paper; the citizen goes. */
static bool ends_without_paper(struct citizen *citizen)
{
    if (!sends(citizen))
        return false;
    if (!reaches_review(citizen))
        return false;
    assert_false(citizen_goes(citizen, "bye"));
    assert_true(drive_sim(drive, "printer wait 1"));
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "printing", NULL);
    assert_true(drive_sim(drive, "clock +5s"));
    drive_wait_element(drive, "leave");
    slip_is_there();
    drive_press(drive, HAND_KEYS, "leave");
    drive_wait(drive, "paper", NULL);
    drive_press(drive, HAND_KEYS, "footer.go");
    person_to_bye(drive);
    assert_true(drive_sim(drive, "clock +16s"));
    is_at_attract();
    nothing_is_left(citizen->item, "while the printer has no paper");
    assert_true(drive_sim(drive, "paper in"));
    return true;
}

static bool is_asked_or_over(struct drive *which)
{
    return strcmp(drive_screen(which), "stop") == 0 ||
           strcmp(drive_screen(which), "attract") == 0;
}

/* What is not sent yet is asked for once. */
static void press_end(void)
{
    drive_press(drive, HAND_TOUCH, "footer.end");
    drive_wait_until(drive, is_asked_or_over, "the end, or a question");
    if (strcmp(drive_screen(drive), "stop") == 0)
        drive_press(drive, HAND_KEYS, "end");
    is_at_attract();
}

static bool ends_by_key(struct citizen *citizen)
{
    if (!reaches_review(citizen))
        return false;
    press_end();
    return true;
}

static bool ends_idle(struct citizen *citizen)
{
    if (!reaches_review(citizen))
        return false;
    assert_true(drive_sim(drive, "clock +91s"));
    drive_wait(drive, "idle", NULL);
    assert_true(drive_sim(drive, "clock +31s"));
    is_at_attract();
    return true;
}

/* On request, from the page that says what is held. */
static bool ends_erased(struct citizen *citizen)
{
    if (!reaches_review(citizen))
        return false;
    drive_press(drive, HAND_KEYS, "footer.help");
    drive_wait_element(drive, "help.title");
    drive_press(drive, HAND_KEYS, "held");
    drive_wait_element(drive, "held.title");
    drive_press(drive, HAND_KEYS, "erase");
    is_at_attract();
    return true;
}

/* Nobody came back to what was covered, half a word under it. */
static bool ends_covered(struct citizen *citizen)
{
    if (!citizen_goes(citizen, ""))
        return false;
    drive_press(drive, HAND_TOUCH, "footer.help");
    drive_wait_element(drive, "help.title");
    drive_press(drive, HAND_KEYS, "time");
    drive_wait(drive, "cover", NULL);
    assert_true(drive_sim(drive, "clock +301s"));
    is_at_attract();
    return true;
}

static bool ends_half_typed(struct citizen *citizen)
{
    if (!citizen_goes(citizen, ""))
        return false;
    assert_true(drive_sim(drive, "clock +121s"));
    is_at_attract();
    return true;
}

static bool ends_typed_number(struct citizen *citizen)
{
    citizen->types_number = true;
    assert_false(citizen_goes(citizen, "bye"));
    bool has_typed = citizen->types_number;
    assert_true(drive_sim(drive, "clock +121s"));
    is_at_attract();
    return has_typed;
}

static bool is_new_page(struct drive *which)
{
    return json_integer_value(json_object_get(drive_page(which), "page")) !=
           json_integer_value(json_object_get(drive_page(which), "left"));
}

/* Behind what is paid for no way leads back. */
static bool ends_backed_out(struct citizen *citizen)
{
    if (!reaches_review(citizen))
        return false;
    for (int i = 0; strcmp(drive_screen(drive), "home") != 0 &&
                    !drive_element(drive, "payment.paid");
         i++) {
        assert_true(i < BACKS_MOST);
        json_object_set(drive_page(drive), "left",
                        json_object_get(drive_page(drive), "page"));
        drive_press(drive, HAND_TOUCH, "footer.back");
        drive_wait_until(drive, is_new_page, "the page before");
    }
    press_end();
    return true;
}

static bool is_confirmed_or_over(struct drive *which)
{
    return drive_element(which, "end.confirm") ||
           strcmp(drive_screen(which), "attract") == 0;
}

/* Somebody else's card ends the session of the first, who had read theirs. */
static bool ends_by_other_card(struct citizen *citizen)
{
    if (!citizen_goes(citizen, "take back"))
        return false;
    citizen_lifts(citizen);
    person_lay(drive, OTHER_CARD);
    drive_wait(drive, "stop", NULL);
    assert_true(drive_sim(drive, "card lift"));
    drive_press(drive, HAND_KEYS, "end");
    drive_wait_until(drive, is_confirmed_or_over, "the end, or a question");
    if (strcmp(drive_screen(drive), "stop") == 0)
        drive_press(drive, HAND_KEYS, "end");
    is_at_attract();
    return true;
}

static bool ends_killed(struct citizen *citizen)
{
    struct look look;

    if (!reaches_review(citizen))
        return false;
    drive_kill(drive);
    look_everywhere(&look, 0, false);
    if (look.count)
        fail_msg("%s, killed: left in files\n%s", citizen->item, look.where);
    start();
    return true;
}

static bool ends_aborted(struct citizen *citizen)
{
    struct look look;

    if (!reaches_review(citizen))
        return false;
    kill(drive_pid(drive), SIGABRT);
    assert_int_equal(drive_left(drive), 128 + SIGABRT);
    look_everywhere(&look, 0, false);
    if (look.count)
        fail_msg("%s, aborted: left in files\n%s", citizen->item, look.where);
    start();
    return true;
}

/* ---- Items times endings ----------------------------------------------- */

static bool is_in_english(struct drive *which)
{
    const char *language =
        json_string_value(json_object_get(drive_page(which), "language"));
    return language && strcmp(language, "en") == 0;
}

/* An answer that the clock leapt over is taken for silence; the office is asked
 * again a little later. */
static void await_office(void)
{
    enum { TRIES_MOST = 2000 };

    for (int i = 0; strstr(drive_text(drive, "header.trouble"), "网络"); i++) {
        assert_true(i < TRIES_MOST);
        assert_true(drive_sim(drive, "clock +1s"));
    }
}

struct ending {
    const char *words;
    bool (*end)(struct citizen *citizen);
};

/* How a visit went that did not end as it should. */
enum visited { VISITED, VISITED_NO_SUCH, VISITED_TURNED_AWAY };

/* From the attract page to the attract page. */
static enum visited visit(const struct item *item, const struct ending *ending,
                          bool is_english, size_t who)
{
    struct citizen citizen = {
        .drive = drive, .item = item->id, .about = item, .who = who
    };
    enum visited visited = VISITED;

    is_at_attract();
    await_office();
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    if (is_english) {
        drive_press(drive, HAND_TOUCH, "footer.language");
        drive_wait_until(drive, is_in_english, "the page in English");
    }
    if (!ending->end(&citizen)) /* without a card, or a field, say */
        visited = citizen_is_turned_away(&citizen) ? VISITED_TURNED_AWAY
                                                   : VISITED_NO_SUCH;
    if (visited != VISITED && strcmp(drive_screen(drive), "attract") != 0) {
        assert_true(drive_sim(drive, "clock +121s"));
        assert_true(drive_sim(drive, "clock +121s")); /* of a page of its own */
        is_at_attract();
    }
    nothing_is_left(item->id, ending->words);
    return visited;
}

/* At another office, which knows nothing of what was paid. */
static void begin_anew(void)
{
    assert_int_equal(drive_end(drive), 0);
    world_remove(kept);
    start();
}

static bool anyone_ends(const struct item *item, const struct ending *ending,
                        bool is_english)
{
    for (size_t who = 0; who < people_coming_count; who++)
        if (visit(item, ending, is_english, who) != VISITED_TURNED_AWAY)
            return true;
    return false;
}

/* By the first of those who come whom the item is for, and who has not paid all
 * that there is to pay. */
static void end_in_language(const struct item *item,
                            const struct ending *ending, bool is_english)
{
    if (anyone_ends(item, ending, is_english))
        return;
    begin_anew();
    if (!anyone_ends(item, ending, is_english))
        fail_msg("%s, %s: it is for nobody who comes", item->id, ending->words);
}

/* In each item; where not all is crossed, the items take turns, and their
 * languages. */
static void end_each(const struct ending *ending)
{
    static size_t turn;

    if (why_not) {
        print_message("skipped: %s\n", why_not);
        skip();
    }
    for (size_t i = 0; i < pack_count(pack); i++) {
        size_t at = (turn + i) % (2 * EACH);
        for (int language = 0; language < 2; language++)
            if (is_full() || at == (size_t)language * EACH)
                end_in_language(pack_item(pack, i), ending, language == 1);
    }
    turn++;
}

#define ENDINGS(X)                                                             \
    X(done, "done")                                                            \
    X(saved, "done without the office")                                        \
    X(without_paper, "left without the slip")                                  \
    X(by_key, "ended by its key")                                              \
    X(idle, "left standing")                                                   \
    X(erased, "erased on request")                                             \
    X(covered, "left covered in the middle of a word")                         \
    X(half_typed, "left standing in the middle of a word")                     \
    X(typed_number, "left standing with a typed number")                       \
    X(backed_out, "backed out")                                                \
    X(by_other_card, "another person's card")                                  \
    X(killed, "killed, started again")                                         \
    X(aborted, "aborted, started again")

#define X(name, words)                                                         \
    static void test_##name(void **state)                                      \
    {                                                                          \
        static const struct ending ending = { words, ends_##name };            \
        (void)state;                                                           \
        end_each(&ending);                                                     \
    }
ENDINGS(X)
#undef X

/* ---- Around ------------------------------------------------------------ */

/* The hall's items, and one in which who comes along may type their number. */
static enum err make_share(void)
{
    char real[WORLD_PATH], items[WORLD_PATH], text[2 * WORLD_PATH];
    static struct world_said said;
    struct problems problems;

    world_join(share, world, "share");
    world_join(settings, world, "settings.yaml");
    world_join(items, share, "items");
    world_program(real, "share");
    const char *const copy[] = { "/bin/cp", "-r", real, share, NULL };
    world_run(copy, &said);
    const char *const add[] = { "/bin/cp", "tests/tty/family-move.yaml", items,
                                NULL };
    world_run(add, &said);
    snprintf(text, sizeof text, "share_folder: %s\n", share);
    world_write(settings, text, 0600);
    problems_init(&problems);
    enum err err = pack_load(items, &problems, &pack);
    problems_done(&problems);
    return err;
}

static int open_world(void **state)
{
    /* A core file would be written here if anything let it. */
    struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };

    (void)state;
    (void)setrlimit(RLIMIT_CORE, &all);
    begun = (time_t)(clock_wall_ms() / 1000);
    world_folder(world);
    if (make_share())
        return -1;
    citizen_search = search_new(citizen_marks, citizen_mark_count);
    world_join(kept, world, "state");
    start();
    if (mem_is_checked())
        why_not = "a sanitizer keeps what was freed, to find who uses it";
    else if (!look_may_read(drive_pid(drive)))
        why_not = "only root may read another process's memory";
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    int code = drive_end(drive);
    search_free(citizen_search);
    pack_free(pack);
    world_remove(world);
    return code;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
#define X(name, words) cmocka_unit_test(test_##name),
        ENDINGS(X)
#undef X
    };

    if (argc > 1) /* one of them, by its name */
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("canary", tests, open_world,
                                       close_world);
}
