/* Which pack is active: versions only rise, what fails leaves the old one, and
 * after a power cut at any write one is there, the old or the new. */
#define _GNU_SOURCE /* memmem */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/event.h"
#include "kiosk/base/fault.h"
#include "kiosk/base/file.h"
#include "kiosk/base/file_own.h"
#include "kiosk/base/mem.h"
#include "kiosk/crypto/crypto.h"
#include "kiosk/flow/pack_form.h"
#include "kiosk/packs.h"
#include "tests/unit/item_pages.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_BYTES = 256, RECORDED_BYTES = 2048, WRITES_MOST = 50 };

static char state[PATH_BYTES], file[PATH_BYTES];
static char recorded[RECORDED_BYTES];

static void on_event(void *owner, const struct event_record_of *event)
{
    size_t len = strlen(recorded);

    (void)owner;
    snprintf(recorded + len, sizeof recorded - len, "%s%s\n", event->name,
             event->fields);
}

static int begin(void **unused)
{
    if (item_folder_make(unused))
        return -1;
    snprintf(state, sizeof state, "%s/state", item_folder());
    snprintf(file, sizeof file, "%s/new.pack", item_folder());
    recorded[0] = '\0';
    event_set_sink(on_event, NULL);
    return file_make_folder(state, 0700) ? -1 : 0;
}

static int end(void **unused)
{
    event_set_sink(NULL, NULL);
    fault_set_judge(NULL);
    return item_folder_remove(unused);
}

/* The good item with another title, compiled as that version. */
static void compile(int version, const char *title, const char *division)
{
    struct pack_about about = { .version = version };
    struct pack *pack = NULL;
    struct buf text, bytes;
    const char *at = strstr(item_good, "Small");

    buf_init(&text, 64 * 1024);
    buf_add(&text, item_good, (size_t)(at - item_good));
    buf_add_text(&text, title);
    buf_add_text(&text, at + strlen("Small"));
    item_write("small.yaml", text.text);
    pack = item_load_silently("");
    memcpy(about.division, division, strlen(division));
    buf_init(&bytes, PACK_BYTES_MAX);
    assert_int_equal(pack_compile(pack, &about, &bytes), ERR_OK);
    assert_int_equal(file_replace(file, bytes.text, bytes.len, 0644), ERR_OK);
    pack_free(pack);
    item_write("small.yaml", item_good);
    buf_done(&bytes);
    buf_done(&text);
}

static enum pack_fault activate(void)
{
    struct pack_about about;
    int active;

    return packs_place(state, "", file, &about, &active);
}

static struct packs *start(void)
{
    struct packs *packs = packs_new(state, item_folder(), "");
    struct problems problems;

    problems_init(&problems);
    assert_int_equal(packs_open(packs, &problems), ERR_OK);
    problems_done(&problems);
    assert_non_null(packs_now(packs));
    return packs;
}

static void check(const struct packs *packs, int version, const char *title)
{
    assert_int_equal(packs_state(packs)->active.version, version);
    assert_string_equal(pack_item(packs_now(packs), 0)->title.in[LANGUAGE_EN],
                        title);
}

static void count_file(void *owner, const char *name)
{
    (void)name;
    ++*(int *)owner;
}

static int count_packs(void)
{
    char path[PATH_BYTES + 8];
    int count = 0;

    snprintf(path, sizeof path, "%s/packs", state);
    assert_int_equal(file_list(path, ".pack", count_file, &count), ERR_OK);
    return count;
}

struct moving {
    const char *from, *to;
};

static void move_one(void *owner, const char *name)
{
    const struct moving *moving = owner;
    char from[2 * PATH_BYTES], to[2 * PATH_BYTES];

    snprintf(from, sizeof from, "%s/%s", moving->from, name);
    snprintf(to, sizeof to, "%s/%s", moving->to, name);
    assert_int_equal(file_move(from, to), ERR_OK);
}

static void move_all(const char *from, const char *to)
{
    struct moving moving = { from, to };

    assert_int_equal(file_list(from, "", move_one, &moving), ERR_OK);
}

static void test_none(void **unused)
{
    struct packs *packs = start();

    (void)unused;
    check(packs, 0, "Small");
    assert_false(packs_look(packs));
    assert_string_equal(recorded, "");
    packs_free(packs);
}

static void test_taken_between_sessions(void **unused)
{
    struct packs *packs = start();

    (void)unused;
    compile(2, "Two", "");
    assert_int_equal(activate(), PACK_FAULT_NONE);
    check(packs, 0, "Small"); /* until somebody looks */
    assert_true(packs_look(packs));
    check(packs, 2, "Two");
    assert_string_equal(recorded, "PACK_ACTIVE{\"number\":2}\n");
    assert_false(packs_look(packs));
    compile(3, "Three", "");
    assert_int_equal(activate(), PACK_FAULT_NONE);
    assert_true(packs_look(packs));
    check(packs, 3, "Three");
    assert_int_equal(count_packs(), 1); /* the one before is gone */
    packs_free(packs);
    packs = start();
    check(packs, 3, "Three");
    packs_free(packs);
}

static void test_taken_at_start(void **unused)
{
    struct packs *packs;

    (void)unused;
    compile(5, "Five", "");
    assert_int_equal(activate(), PACK_FAULT_NONE);
    packs = start();
    check(packs, 5, "Five");
    assert_string_equal(recorded, ""); /* the journal is not open yet */
    assert_false(packs_look(packs));
    assert_string_equal(recorded, "PACK_ACTIVE{\"number\":5}\n");
    packs_free(packs);
}

static void test_versions_rise(void **unused)
{
    struct packs *packs = start();

    (void)unused;
    compile(4, "Four", "");
    assert_int_equal(activate(), PACK_FAULT_NONE);
    assert_int_equal(activate(), PACK_FAULT_VERSION); /* it waits already */
    assert_true(packs_look(packs));
    assert_int_equal(activate(), PACK_FAULT_VERSION);
    compile(3, "Three", "");
    assert_int_equal(activate(), PACK_FAULT_VERSION);
    recorded[0] = '\0';
    assert_false(packs_look(packs));
    assert_string_equal(recorded,
                        "PACK_REFUSED{\"state\":\"version\",\"number\":3}\n");
    check(packs, 4, "Four");
    assert_int_equal(packs_state(packs)->fault, PACK_FAULT_VERSION);
    assert_int_equal(packs_state(packs)->fault_version, 3);
    /* Back: the old content as a new version. */
    compile(5, "Three", "");
    assert_int_equal(activate(), PACK_FAULT_NONE);
    assert_true(packs_look(packs));
    check(packs, 5, "Three");
    assert_false(packs_look(packs)); /* what was refused is over */
    assert_int_equal(packs_state(packs)->fault, PACK_FAULT_NONE);
    packs_free(packs);
}

/* One that somebody puts there by hand: the terminal looks for itself. */
static void test_older_one_put_there(void **unused)
{
    char real[PATH_BYTES], from[PATH_BYTES + 8], to[PATH_BYTES + 8];
    struct packs *packs = start();

    (void)unused;
    compile(4, "Four", "");
    assert_int_equal(activate(), PACK_FAULT_NONE);
    assert_true(packs_look(packs));
    memcpy(real, state, sizeof real);
    snprintf(state, sizeof state, "%s/other", item_folder());
    compile(3, "Three", "");
    assert_int_equal(activate(), PACK_FAULT_NONE);
    snprintf(from, sizeof from, "%s/packs", state);
    memcpy(state, real, sizeof state);
    snprintf(to, sizeof to, "%s/packs", state);
    move_all(from, to);
    recorded[0] = '\0';
    assert_false(packs_look(packs));
    assert_string_equal(recorded,
                        "PACK_REFUSED{\"state\":\"version\",\"number\":3}\n");
    check(packs, 4, "Four");
    assert_int_equal(count_packs(), 1);
    packs_free(packs);
    packs = start();
    check(packs, 4, "Four");
    packs_free(packs);
}

static void test_refused_is_remembered(void **unused)
{
    struct packs *packs = start();

    (void)unused;
    assert_int_equal(file_replace(file, "no pack", 7, 0644), ERR_OK);
    assert_int_equal(activate(), PACK_FAULT_NO_PACK);
    assert_false(packs_look(packs));
    assert_string_equal(recorded,
                        "PACK_REFUSED{\"state\":\"no pack\",\"number\":0}\n");
    assert_false(packs_look(packs)); /* once */
    packs_free(packs);
    recorded[0] = '\0';
    packs = start();
    assert_false(packs_look(packs));
    assert_string_equal(recorded, "");
    assert_int_equal(packs_state(packs)->fault, PACK_FAULT_NO_PACK);
    check(packs, 0, "Small");
    packs_free(packs);
}

/* A rule that is none, behind a hash that fits: the command refuses it, and so
 * does the terminal where somebody put it there by hand. */
static void test_unproven(void **unused)
{
    char path[2 * PATH_BYTES], hex[CRYPTO_HEX_DIGEST];
    char *bytes = NULL;
    size_t len = 0;
    struct packs *packs = start();

    (void)unused;
    compile(2, "Two", "");
    assert_int_equal(file_read(file, PACK_BYTES_MAX, &bytes, &len), ERR_OK);
    char *at = memmem(bytes, len, "age >= 18", 9);
    assert_non_null(at);
    memcpy(at, "age >= >=", 9);
    digest_of(bytes + PACK_AT_HASHED, len - PACK_AT_HASHED,
              (unsigned char *)bytes + PACK_AT_HASH);
    digest_hex(bytes + PACK_AT_HASHED, len - PACK_AT_HASHED, hex);
    assert_int_equal(file_replace(file, bytes, len, 0600), ERR_OK);
    assert_int_equal(activate(), PACK_FAULT_UNPROVEN);
    assert_false(packs_look(packs));
    recorded[0] = '\0';
    snprintf(path, sizeof path, "%s/packs/%s.pack", state, hex);
    assert_int_equal(file_replace(path, bytes, len, 0600), ERR_OK);
    mem_free(bytes);
    snprintf(path, sizeof path, "%s/packs/next", state);
    char note[CRYPTO_HEX_DIGEST + 8];
    int note_len = snprintf(note, sizeof note, "2 %s\n", hex);
    assert_int_equal(file_replace(path, note, (size_t)note_len, 0600), ERR_OK);
    assert_false(packs_look(packs));
    check(packs, 0, "Small");
    assert_false(file_exists(path));
    assert_int_equal(count_packs(), 0);
    packs_free(packs);
}

static void test_another_division(void **unused)
{
    (void)unused;
    compile(2, "Two", "411381");
    assert_int_equal(activate(), PACK_FAULT_DIVISION);
}

/* The n-th file that ends in .pack is changed; its note waits. */
static void damage(void)
{
    char path[PATH_BYTES + 80], note[128];
    char *text = NULL;
    size_t len = 0;

    snprintf(path, sizeof path, "%s/packs/next", state);
    if (!file_exists(path))
        snprintf(path, sizeof path, "%s/packs/active", state);
    assert_int_equal(file_read(path, sizeof note, &text, &len), ERR_OK);
    snprintf(path, sizeof path, "%s/packs/%.64s.pack", state,
             strchr(text, ' ') + 1);
    mem_free(text);
    assert_int_equal(file_read(path, PACK_BYTES_MAX, &text, &len), ERR_OK);
    text[len / 2] ^= 1;
    assert_int_equal(file_replace(path, text, len, 0600), ERR_OK);
    mem_free(text);
}

static void test_damaged_while_it_waits(void **unused)
{
    struct packs *packs = start();

    (void)unused;
    compile(2, "Two", "");
    assert_int_equal(activate(), PACK_FAULT_NONE);
    assert_true(packs_look(packs));
    recorded[0] = '\0';
    compile(3, "Three", "");
    assert_int_equal(activate(), PACK_FAULT_NONE);
    damage();
    assert_false(packs_look(packs));
    assert_string_equal(recorded,
                        "PACK_REFUSED{\"state\":\"damaged\",\"number\":3}\n");
    check(packs, 2, "Two");
    assert_false(packs_look(packs));
    assert_int_equal(count_packs(), 1);
    packs_free(packs);
    packs = start();
    check(packs, 2, "Two");
    assert_int_equal(packs_state(packs)->fault, PACK_FAULT_DAMAGED);
    packs_free(packs);
}

/* Then what was delivered is offered, and somebody must come. */
static void test_active_one_damaged(void **unused)
{
    struct packs *packs;

    (void)unused;
    compile(2, "Two", "");
    assert_int_equal(activate(), PACK_FAULT_NONE);
    packs_free(start());
    recorded[0] = '\0';
    damage();
    packs = start();
    check(packs, 0, "Small");
    assert_false(packs_look(packs));
    assert_string_equal(recorded,
                        "PACK_LOST{\"state\":\"damaged\",\"number\":2}\n");
    compile(2, "Two", "");
    assert_int_equal(activate(), PACK_FAULT_VERSION);
    compile(3, "Two", "");
    assert_int_equal(activate(), PACK_FAULT_NONE);
    assert_true(packs_look(packs));
    check(packs, 3, "Two");
    packs_free(packs);
}

static void test_no_strangers_file(void **unused)
{
    char path[PATH_BYTES + 16];
    struct packs *packs;

    (void)unused;
    compile(2, "Two", "");
    assert_int_equal(activate(), PACK_FAULT_NONE);
    snprintf(path, sizeof path, "%s/packs/next", state);
    assert_int_equal(chmod(path, 0666), 0);
    packs = start();
    check(packs, 0, "Small");
    assert_int_equal(chmod(path, 0600), 0);
    assert_true(packs_look(packs));
    packs_free(packs);
}

/* ---- Power cuts ---------------------------------------------------------- */

/* From the write with this number on nothing is written any more. */
static int writes, cut_at;

static bool is_cut(const char *name)
{
    static const char *const places[] = { "file.replace", "file.move",
                                          "file.append", "file.folder" };

    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (strcmp(places[i], name) == 0)
            return writes++ >= cut_at;
    return false;
}

static void cut_once(bool *ret_was_cut)
{
    struct packs *packs = start();

    writes = 0;
    fault_set_judge(is_cut);
    enum pack_fault fault = activate();
    (void)fault;
    (void)packs_look(packs);
    fault_set_judge(NULL);
    *ret_was_cut = writes > cut_at;
    packs_free(packs);
}

static void test_cut_at_every_write(void **unused)
{
    bool was_cut = true, was_old = false;
    char path[PATH_BYTES + 8];

    (void)unused;
    snprintf(path, sizeof path, "%s/packs", state);
    for (cut_at = 0; was_cut && cut_at < WRITES_MOST; cut_at++) {
        if (file_is_folder(path))
            assert_int_equal(file_remove_tree(path), ERR_OK);
        compile(1, "Old", "");
        assert_int_equal(activate(), PACK_FAULT_NONE);
        packs_free(start());
        compile(2, "New", "");
        cut_once(&was_cut);
        /* The machine starts again: one of both is there. */
        struct packs *packs = start();
        bool is_old = packs_state(packs)->active.version == 1;

        check(packs, is_old ? 1 : 2, is_old ? "Old" : "New");
        was_old = was_old || is_old;
        packs_free(packs);
    }
    assert_true(was_old);
    assert_false(was_cut); /* the last round had its way */
    assert_true(cut_at >= 4);
}

/* One write fails and the machine goes on: the old one is active until the new
 * one is. */
static bool fails_once(const char *name)
{
    if (strcmp(name, "file.replace") != 0 && strcmp(name, "file.move") != 0)
        return false;
    return writes++ == cut_at;
}

static void test_one_write_fails(void **unused)
{
    (void)unused;
    for (cut_at = 0; cut_at < 6; cut_at++) {
        struct packs *packs = start();
        int before = packs_state(packs)->active.version;

        compile(before + 1, "New", "");
        writes = 0;
        fault_set_judge(fails_once);
        bool is_placed = activate() == PACK_FAULT_NONE;
        (void)packs_look(packs);
        fault_set_judge(NULL);
        (void)packs_look(packs); /* the next minute */
        assert_int_equal(packs_state(packs)->active.version,
                         before + is_placed);
        packs_free(packs);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(test_none),
        TEST(test_taken_between_sessions),
        TEST(test_taken_at_start),
        TEST(test_versions_rise),
        TEST(test_older_one_put_there),
        TEST(test_refused_is_remembered),
        TEST(test_unproven),
        TEST(test_another_division),
        TEST(test_damaged_while_it_waits),
        TEST(test_active_one_damaged),
        TEST(test_no_strangers_file),
        TEST(test_cut_at_every_write),
        TEST(test_one_write_fails),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
