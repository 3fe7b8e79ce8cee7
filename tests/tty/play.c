#include "tests/tty/play.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A made-up person: the number's check character is right. */
#define PERSON                                                                 \
    "card resident name=测试人 number=411303199003070017 valid_to=long-term"

static void write_text(struct drive *drive, enum drive_hand hand,
                       const char *text)
{
    switch (hand) {
    case HAND_KEYBOARD:
        drive_type(drive, hand, text);
        return;
    case HAND_TOUCH:
        drive_press(drive, hand, "way");
        return;
    case HAND_KEYS:
        drive_press(drive, hand, "footer.go");
        drive_wait(drive, "ways", NULL);
        drive_check_painted(drive);
        drive_press(drive, hand, "way");
        return;
    }
}

static int large_rows; /* 0: letters as they are */

void play_in_large_print(int rows)
{
    large_rows = rows;
}

static int rows_of(struct drive *drive)
{
    return (int)json_integer_value(json_object_get(drive_page(drive), "rows"));
}

static int rows_left;

static bool has_other_rows(struct drive *drive)
{
    return rows_of(drive) != rows_left;
}

static void enlarge(struct drive *drive, enum drive_hand hand)
{
    while (rows_of(drive) != large_rows) {
        rows_left = rows_of(drive);
        assert_true(rows_left > large_rows);
        drive_press(drive, hand, "footer.help");
        drive_wait_element(drive, "help.title");
        drive_press(drive, hand, "large");
        drive_wait_until(drive, has_other_rows, "larger letters");
        drive_wait(drive, "home", NULL);
    }
}

static char pages_out[32];

static bool is_printing(struct drive *drive)
{
    return strcmp(drive_screen(drive), "printing") == 0;
}

/* Of none, while the slip is being drawn. */
static bool is_page_begun(struct drive *drive)
{
    const char *pages = drive_value(drive, "print.progress");

    return !is_printing(drive) || (*pages && strcmp(pages, pages_out) != 0);
}

bool play_is_at_work(struct drive *drive)
{
    json_t *element;
    size_t i;

    json_array_foreach(json_object_get(drive_page(drive), "elements"), i,
                       element)
    {
        const char *kind = json_string_value(json_object_get(element, "kind"));
        if (kind && strcmp(kind, "progress") == 0)
            return true;
    }
    return false;
}

void play_printed(struct drive *drive)
{
    *pages_out = '\0';
    drive_wait_until(drive, is_page_begun, "the printer");
    while (is_printing(drive)) {
        snprintf(pages_out, sizeof pages_out, "%s",
                 drive_value(drive, "print.progress"));
        assert_true(drive_sim(drive, "clock +1s"));
        drive_wait_until(drive, is_page_begun, "the next page of the paper");
    }
}

void play(struct drive *drive, enum drive_hand hand, const struct scene *scenes,
          size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct scene *scene = &scenes[i];
        drive_wait(drive, scene->screen, scene->step);
        if (large_rows && strcmp(scene->screen, "home") == 0)
            enlarge(drive, hand);
        drive_check_painted(drive);
        switch (scene->deed) {
        case DEED_PRESS:
            drive_press(drive, hand, scene->what);
            break;
        case DEED_TYPE:
            drive_type(drive, hand, scene->what);
            break;
        case DEED_WRITE:
            write_text(drive, hand, scene->what);
            break;
        case DEED_SIM:
            assert_true(drive_sim(drive, scene->what));
            break;
        case DEED_PRINT:
            play_printed(drive);
            break;
        case DEED_WAIT:
            break;
        }
    }
}

static void read_receipt(struct drive *drive, char *receipt, char *code)
{
    drive_wait(drive, "result", "result");
    const char *value = drive_value(drive, "receipt.number");
    assert_int_equal(strlen(value), 14); /* 4-4-4 */
    snprintf(receipt, 16, "%s", value);
    drive_see(drive, "receipt.code");
    assert_int_equal(strlen(drive_value(drive, "receipt.code")), 4);
    if (code)
        snprintf(code, 8, "%s", drive_value(drive, "receipt.code"));
}

bool play_paper_says(struct drive *drive, const char *words)
{
    char path[WORLD_PATH], name[32];
    struct world_said said;

    if (access("/usr/bin/pdftotext", X_OK))
        return true;
    snprintf(name, sizeof name, "paper/%zu.pdf",
             drive_count_files(drive, "paper", ".pdf"));
    world_join(path, drive_folder(drive), name);
    const char *const argv[] = { "/usr/bin/pdftotext", path, "-", NULL };
    world_run(argv, &said);
    return said.code == 0 && strstr(said.out, words);
}

void play_read_code(struct drive *drive, char *code)
{
    char path[WORLD_PATH], name[32];
    size_t len;

    snprintf(name, sizeof name, "codes/%zu.json",
             drive_count_files(drive, "codes", ".json"));
    world_join(path, drive_folder(drive), name);
    char *text = world_read(path, &len);
    json_t *sent = json_loads(text ? text : "", 0, NULL);
    const char *digits = json_string_value(json_object_get(sent, "code"));
    assert_non_null(digits);
    snprintf(code, 8, "%s", digits);
    json_decref(sent);
    free(text);
}

static const struct scene ending[] = {
    { "result", NULL, DEED_PRESS, "footer.go" },
    { "printing", NULL, DEED_PRINT, NULL },
    { "paper", NULL, DEED_PRESS, "yes" },
};

static void play_ending(struct drive *drive, enum drive_hand hand,
                        const char *rating)
{
    size_t before = drive_count_files(drive, "paper", ".pdf");
    play(drive, hand, ending, sizeof ending / sizeof *ending);
    if (rating) {
        drive_wait(drive, "rating", NULL);
        drive_check_painted(drive);
        drive_press(drive, hand, rating);
    }
    drive_wait(drive, "bye", NULL);
    drive_check_painted(drive);
    drive_press(drive, hand, "footer.go");
    drive_wait(drive, "attract", NULL);
    assert_int_equal(drive_count_files(drive, "paper", ".pdf"), before + 1);
}

void play_permit(struct drive *drive, enum drive_hand hand, char *receipt,
                 char *code)
{
    static const struct scene scenes[] = {
        { "attract", NULL, DEED_PRESS, "attract.begin" },
        { "home", NULL, DEED_PRESS, "item.residence-permit" },
        { "guide", "guide", DEED_PRESS, "footer.go" },
        { "choice", "registered", DEED_PRESS, "option.yes" },
        { "card", "card", DEED_SIM, PERSON },
        { "card", "card", DEED_SIM, "clock +5s" },
        { "take back", "card", DEED_PRESS, "footer.go" },
        { "choice", "county", DEED_PRESS, "option.411303" },
        { "choice", "township", DEED_PRESS, "option.411303005" },
        { "field", "street", DEED_WRITE, "建设路 12 号" },
        { "choice", "ground", DEED_PRESS, "option.work" },
        { "choice", "home_proof", DEED_PRESS, "option.lease" },
        { "choice", "ground_proof", DEED_PRESS, "option.contract" },
        { "field", "phone", DEED_TYPE, "13800001111" },
    };
    static const struct scene rest[] = {
        { "field", "phone", DEED_PRESS, "footer.go" },
        { "review", "review", DEED_PRESS, "footer.go" },
        { "review", "declare", DEED_PRESS, "footer.go" },
    };
    play(drive, hand, scenes, sizeof scenes / sizeof *scenes);
    drive_wait_element(drive, "confirm.value");
    assert_string_equal(drive_value(drive, "confirm.value"), "138 0000 1111");
    play(drive, hand, rest, sizeof rest / sizeof *rest);
    read_receipt(drive, receipt, code);
    assert_true(drive_sim(drive, "card lift"));
    play_ending(drive, hand, "no");
    assert_true(play_paper_says(drive, receipt));
}

void play_hotline(struct drive *drive, enum drive_hand hand, char *receipt)
{
    static const struct scene scenes[] = {
        { "attract", NULL, DEED_PRESS, "attract.begin" },
        { "home", NULL, DEED_PRESS, "item.hotline-12345" },
        { "guide", "guide", DEED_PRESS, "footer.go" },
        { "choice", "kind", DEED_PRESS, "option.complaint" },
        { "choice", "topic", DEED_PRESS, "option.pollution" },
        { "choice", "county", DEED_PRESS, "option.411321" },
        { "choice", "township", DEED_PRESS, "option.411321102" },
        { "field", "landmark", DEED_WRITE, "车站对面" },
        { "field", "description", DEED_WRITE, "夜里施工，噪声很大。" },
    };
    static const struct scene anonymous[] = {
        { "choice", "contact_by", DEED_PRESS, "option.anonymous" },
        { "review", "review", DEED_PRESS, "footer.go" },
    };
    static const struct scene called[] = {
        { "choice", "contact_by", DEED_PRESS, "option.phone" },
        { "field", "phone", DEED_TYPE, "13800002222" },
    };
    static const struct scene called_rest[] = {
        { "field", "phone", DEED_PRESS, "footer.go" },
        { "choice", "disclose", DEED_PRESS, "option.no" },
        { "review", "review", DEED_PRESS, "footer.go" },
    };
    play(drive, hand, scenes, sizeof scenes / sizeof *scenes);
    if (hand == HAND_KEYBOARD) {
        play(drive, hand, anonymous, sizeof anonymous / sizeof *anonymous);
    } else {
        play(drive, hand, called, sizeof called / sizeof *called);
        drive_wait_element(drive, "confirm.value");
        play(drive, hand, called_rest,
             sizeof called_rest / sizeof *called_rest);
    }
    read_receipt(drive, receipt, NULL);
    play_ending(drive, hand, NULL);
    assert_true(play_paper_says(drive, receipt));
}

/* ---- What the office is asked for -------------------------------------------- */

static json_int_t left_page;

static json_int_t page_number(struct drive *drive)
{
    return json_integer_value(json_object_get(drive_page(drive), "page"));
}

static bool is_elsewhere(struct drive *drive)
{
    return page_number(drive) != left_page;
}

/* The first of a page's options, as an id. */
bool play_first(struct drive *drive, const char *beginning, char id[64])
{
    json_t *elements = json_object_get(drive_page(drive), "elements");

    for (size_t i = 0; i < json_array_size(elements); i++) {
        const char *is = json_string_value(
            json_object_get(json_array_get(elements, i), "id"));
        if (strncmp(is, beginning, strlen(beginning)) != 0)
            continue;
        snprintf(id, 64, "%s", is);
        return true;
    }
    return false;
}

void play_first_option(struct drive *drive, char id[64])
{
    if (!play_first(drive, "option.", id))
        fail_msg("a page without options");
}

/* The authority may ask which insurance and which year; the first will do. */
static void answer_questions(struct drive *drive, enum drive_hand hand)
{
    char id[64];

    while (strcmp(drive_screen(drive), "review") != 0) {
        left_page = page_number(drive);
        if (strcmp(drive_screen(drive), "choice") == 0) {
            play_first_option(drive, id);
            drive_check_painted(drive);
            drive_press(drive, hand, id);
        }
        drive_wait_until(drive, is_elsewhere, "the next page");
    }
}

void play_proof(struct drive *drive, enum drive_hand hand, char *number)
{
    static const struct scene scenes[] = {
        { "attract", NULL, DEED_PRESS, "attract.begin" },
        { "home", NULL, DEED_PRESS, "item.si-insured-proof" },
        { "guide", "guide", DEED_PRESS, "footer.go" },
        { "card", "card", DEED_SIM, PERSON },
        { "card", "card", DEED_SIM, "clock +5s" },
        { "take back", "card", DEED_PRESS, "footer.go" },
        { "check", "check", DEED_PRESS, "code" },
        { "field", "check", DEED_WAIT, NULL },
    };
    static const struct scene rest[] = {
        { "review", "proof", DEED_PRESS, "footer.go" },
        { "printing", "proof", DEED_PRINT, NULL },
        { "paper", "proof", DEED_PRESS, "yes" },
    };
    size_t before = drive_count_files(drive, "paper", ".pdf");
    char code[8];

    play(drive, hand, scenes, sizeof scenes / sizeof *scenes);
    play_read_code(drive, code);
    drive_type(drive, hand, code);
    answer_questions(drive, hand);
    play(drive, hand, rest, sizeof rest / sizeof *rest);
    drive_wait(drive, "result", "proof");
    drive_check_painted(drive);
    drive_see(drive, "certificate.number");
    snprintf(number, 40, "%s", drive_value(drive, "certificate.number"));
    assert_int_equal(drive_count_files(drive, "paper", ".pdf"), before + 1);
    assert_true(play_paper_says(drive, number));
    assert_true(play_paper_says(drive, "演示样张"));
    assert_true(drive_sim(drive, "card lift"));
    drive_press(drive, hand, "footer.go");
    drive_wait(drive, "rating", "proof");
    drive_press(drive, hand, "score.3");
    drive_wait_element(drive, "reason.207");
    drive_check_painted(drive);
    drive_press(drive, hand, "reason.207");
    drive_wait(drive, "bye", NULL);
    drive_press(drive, hand, "footer.go");
    drive_wait(drive, "attract", NULL);
}

/* From the page of the case: its slip once more, and the end. */
static void reprint(struct drive *drive, enum drive_hand hand,
                    const char *receipt)
{
    static const struct scene scenes[] = {
        { "progress", "cases", DEED_PRESS, "reprint" },
        { "printing", "cases", DEED_PRINT, NULL },
        { "paper", "cases", DEED_PRESS, "yes" },
        { "bye", NULL, DEED_PRESS, "footer.go" },
    };

    drive_wait_element(drive, "case.state");
    drive_see(drive, "receipt.number");
    assert_string_equal(drive_value(drive, "receipt.number"), receipt);
    play(drive, hand, scenes, sizeof scenes / sizeof *scenes);
    assert_true(play_paper_says(drive, receipt));
    assert_true(play_paper_says(drive, "补打"));
    drive_wait(drive, "attract", NULL);
}

void play_progress(struct drive *drive, enum drive_hand hand,
                   const char *receipt)
{
    static const struct scene scenes[] = {
        { "attract", NULL, DEED_PRESS, "attract.begin" },
        { "home", NULL, DEED_PRESS, "item.case-progress" },
        { "choice", "how", DEED_PRESS, "option.card" },
        { "card", "card", DEED_SIM, PERSON },
        { "card", "card", DEED_SIM, "clock +5s" },
        { "take back", "card", DEED_PRESS, "footer.go" },
        { "choice", "cases", DEED_WAIT, NULL },
    };

    play(drive, hand, scenes, sizeof scenes / sizeof *scenes);
    drive_wait_element(drive, "case.0");
    drive_check_painted(drive);
    assert_true(drive_sim(drive, "card lift"));
    drive_press(drive, hand, "case.0");
    drive_wait(drive, "progress", "cases");
    reprint(drive, hand, receipt);
}

void play_progress_typed(struct drive *drive, enum drive_hand hand,
                         const char *receipt, const char *code)
{
    static const struct scene begin[] = {
        { "attract", NULL, DEED_PRESS, "attract.begin" },
        { "home", NULL, DEED_PRESS, "item.case-progress" },
        { "choice", "how", DEED_PRESS, "option.receipt" },
        { "field", "receipt", DEED_WAIT, NULL },
    };
    char digits[16];
    size_t len = 0;

    for (const char *at = receipt; *at && len + 1 < sizeof digits; at++)
        if (*at != ' ')
            digits[len++] = *at;
    digits[len] = '\0';
    play(drive, hand, begin, sizeof begin / sizeof *begin);
    drive_type(drive, hand, digits);
    drive_wait_element(drive, "confirm.value");
    drive_press(drive, hand, "footer.go");
    drive_wait(drive, "field", "lookup");
    drive_type(drive, hand, code);
    drive_wait_element(drive, "confirm.value");
    drive_press(drive, hand, "footer.go");
    drive_wait(drive, "progress", "cases");
    reprint(drive, hand, receipt);
}
