/* printer/cups with the real kiosk-print, the real cupsd and a printer whose
 * paper can be taken out: what comes out is what was drawn, and nothing of one
 * person comes out for the next, whatever dies in between. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/device.h"
#include "kiosk/paper/answer.h"
#include "kiosk/paper/draw.h"
#include "kiosk/paper/slip.h"
#include "tests/devices/lab.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATIENCE_MS = 30000, OUTPUT_BYTES = 32 * 1024 * 1024 };

static const char *hindrance; /* why there is no laboratory, or NULL */
static char print_path[256];

/* One terminal's printer, and what was said of it. */
struct bench {
    struct loop *loop;
    struct lab *lab;
    struct device *printer;
    bool was_printed[PRINT_COUNT]; /* each state that was told */
    int pages, total;
    int finished;
    enum err err;
    enum print_state last;
};

static void on_finished(void *owner, struct device *device, uint32_t job,
                        enum err err, const struct card *card)
{
    struct bench *bench = owner;

    (void)device, (void)job, (void)card;
    bench->finished++;
    bench->err = err;
}

static void on_printed(void *owner, struct device *device, uint32_t job,
                       enum print_state state, int pages, int total)
{
    struct bench *bench = owner;

    (void)device, (void)job;
    bench->was_printed[state] = true;
    bench->last = state;
    bench->pages = pages;
    bench->total = total;
}

static const struct device_events events = { .on_finished = on_finished,
                                             .on_printed = on_printed };

static const struct driver *find_driver(const char *name)
{
    for (size_t i = 0; driver_table[i]; i++)
        if (strcmp(driver_table[i]->name, name) == 0)
            return driver_table[i];
    return NULL;
}

static void open_printer(struct bench *bench, const char *queue,
                         const char *paper)
{
    bench->printer =
        device_new(bench->loop, find_driver("printer/cups"), &events, bench);
    device_set(bench->printer, "print_path", print_path);
    device_set(bench->printer, "queue", queue);
    device_set(bench->printer, "server", LAB_SERVER);
    device_set(bench->printer, "mark", "kiosk-0001");
    device_set(bench->printer, "paper", paper);
    device_set(bench->printer, "limit_ms", "6000");
    device_set(bench->printer, "watch_ms", "200");
    device_set(bench->printer, "trouble_ms", "200");
    device_open(bench->printer);
}

static int set_up(void **state)
{
    struct bench *bench = mem_new(sizeof(*bench));

    *state = bench;
    if (hindrance)
        return 0;
    bench->loop = loop_new();
    bench->lab = lab_new(bench->loop);
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;

    if (!hindrance) {
        device_free(bench->printer);
        lab_free(bench->lab);
        loop_free(bench->loop);
    }
    mem_free(bench);
    return 0;
}

static void need_lab(void)
{
    if (!hindrance)
        return;
    print_message("skipped: printing through CUPS: %s\n", hindrance);
    skip();
}

/* --- waiting for what is meant ------------------------------------------ */

static bool has_ended(const struct bench *bench)
{
    return bench->finished > 0;
}

static bool is_ready(const struct bench *bench)
{
    return device_state_of(bench->printer) == DEVICE_READY;
}

static bool is_blocked(const struct bench *bench)
{
    return device_state_of(bench->printer) == DEVICE_BLOCKED;
}

static bool is_broken(const struct bench *bench)
{
    return device_state_of(bench->printer) == DEVICE_BROKEN;
}

static bool is_unknown_queue(const struct bench *bench)
{
    return device_why(bench->printer) == ERR_NOT_FOUND;
}

static void until(struct bench *bench, bool (*is_so)(const struct bench *),
                  const char *what)
{
    int64_t end = clock_monotonic_ms() + PATIENCE_MS;

    while (!is_so(bench)) {
        if (clock_monotonic_ms() > end)
            fail_msg("never came: %s", what);
        loop_turn(bench->loop, 100);
    }
}
#define UNTIL(bench, is_so) until(bench, is_so, #is_so)

static void assert_printer(const struct bench *bench, enum device_state state,
                           enum err why, enum device_action action)
{
    assert_string_equal(device_state_name(device_state_of(bench->printer)),
                        device_state_name(state));
    assert_string_equal(err_name(device_why(bench->printer)), err_name(why));
    assert_string_equal(device_action_name(device_action_of(bench->printer)),
                        device_action_name(action));
}

static void assert_job(const struct bench *bench, enum print_state state,
                       enum err err)
{
    assert_int_equal(bench->finished, 1);
    assert_string_equal(print_state_name(bench->last), print_state_name(state));
    assert_string_equal(err_name(bench->err), err_name(err));
}

/* --- slips -------------------------------------------------------------- */

#define QR      "https://example.cn/p/0123456789abcdef"
#define SECTION "{\"kind\":\"text\",\"text\":\"%s\"},{\"kind\":\"rule\"},"

/* A slip with a QR code; is_long: two pages of A4. */
static void draw(struct buf *pdf, const char *paper, bool is_chinese,
                 bool is_long)
{
    struct buf json, why;

    buf_init(&json, SLIP_LINE_BYTES);
    buf_init(&why, SLIP_WHY_BYTES);
    buf_init(pdf, DRAW_PDF_BYTES);
    buf_add_format(&json,
                   "{\"draw\":1,\"paper\":\"%s\",\"slip\":{\"title\":\"%s\","
                   "\"blocks\":[",
                   paper, is_chinese ? "收件回执" : "Receipt");
    for (int i = 0; is_long && i < 24; i++)
        buf_add_format(&json, SECTION, is_chinese ? "请保存好" : "Keep it");
    buf_add_format(&json,
                   "{\"kind\":\"fact\",\"label\":\"%s\",\"value\":"
                   "\"3100 6327 0014\",\"large\":true},{\"kind\":\"qr\","
                   "\"payload\":\"" QR "\",\"text\":\"%s\"}]}}",
                   is_chinese ? "回执号" : "Receipt number",
                   is_chinese ? "扫码查进度" : "Scan to follow");
    if (answer_draw(json.text, json.len, pdf, &why))
        fail_msg("not drawn: %s", why.text);
    buf_done(&why);
    buf_done(&json);
}

static uint32_t start_bytes(struct bench *bench, const void *pdf, size_t len)
{
    struct device_job job = {
        .kind = JOB_PRINT, .pdf = pdf, .pdf_len = len, .copies = 1
    };

    memset(bench->was_printed, 0, sizeof(bench->was_printed));
    bench->finished = 0;
    bench->pages = 0;
    return device_start(bench->printer, &job);
}

/* Two pages of A4: there is a middle in which things can happen. */
static uint32_t start_long(struct bench *bench)
{
    struct buf pdf;
    uint32_t job;

    draw(&pdf, "A4", true, true);
    job = start_bytes(bench, pdf.text, pdf.len);
    buf_done(&pdf);
    assert_true(job != 0);
    return job;
}

/* --- what came out ------------------------------------------------------ */

static void on_name(void *owner, const char *name)
{
    struct buf *names = owner;

    buf_add_text(names, name);
    buf_add_char(names, ' ');
}

static int count_out(void)
{
    struct buf names;
    int count = 0;

    buf_init(&names, 65536);
    assert_int_equal(file_list(LAB_PAPER, ".pdf", on_name, &names), ERR_OK);
    for (size_t i = 0; i < names.len; i++)
        count += names.text[i] == ' ';
    buf_done(&names);
    return count;
}

/* The next person's slip, one page: it comes out, and it alone.  That is what
 * "nothing of the last one comes out, ever" means at the printer. */
static void assert_only_next_comes_out(struct bench *bench)
{
    int before = count_out();
    struct buf pdf;

    lab_paper(100);
    UNTIL(bench, is_ready);
    draw(&pdf, "A4", false, false);
    assert_true(start_bytes(bench, pdf.text, pdf.len) != 0);
    buf_done(&pdf);
    UNTIL(bench, has_ended);
    assert_job(bench, PRINT_DONE, ERR_OK);
    assert_int_equal(count_out(), before + 1);
}

static char *run_to_text(struct bench *bench, const char *const *argv,
                         size_t *ret_len)
{
    char *bytes;

    assert_int_equal(lab_run(bench->lab, argv, "/run/lab/output"), 0);
    assert_int_equal(
        file_read("/run/lab/output", OUTPUT_BYTES, &bytes, ret_len), ERR_OK);
    return bytes;
}

static char *text_of(struct bench *bench, const char *pdf, size_t *ret_len)
{
    return run_to_text(
        bench,
        (const char *const[]){ "/usr/bin/pdftotext", "-raw", pdf, "-", NULL },
        ret_len);
}

/* A picture of a page's grey values, at so many points an inch. */
static char *pixels_of(struct bench *bench, const char *pdf, const char *dpi,
                       size_t *ret_len)
{
    char *bytes;

    assert_int_equal(lab_run(bench->lab,
                             (const char *const[]){
                                 "/usr/bin/pdftoppm", "-r", dpi, "-gray",
                                 "-singlefile", pdf, "/run/lab/page", NULL },
                             NULL),
                     0);
    assert_int_equal(
        file_read("/run/lab/page.pgm", OUTPUT_BYTES, &bytes, ret_len), ERR_OK);
    return bytes;
}

static void assert_same_text(struct bench *bench, const char *printed)
{
    size_t drawn_len, printed_len;
    char *a = text_of(bench, "/run/lab/drawn.pdf", &drawn_len);
    char *b = text_of(bench, printed, &printed_len);

    assert_string_equal(a, b);
    mem_free(a);
    mem_free(b);
}

/* CUPS puts a roll's page on paper of whole points, so it may be moved by less
 * than half of one: at 72 dpi pixels may be a little darker or lighter. */
static void assert_same_pixels(struct bench *bench, const char *printed)
{
    size_t drawn_len, printed_len, difference = 0;
    char *a = pixels_of(bench, "/run/lab/drawn.pdf", "72", &drawn_len);
    char *b = pixels_of(bench, printed, "72", &printed_len);

    assert_int_equal(drawn_len, printed_len);
    for (size_t i = 0; i < drawn_len; i++)
        difference += (size_t)abs((unsigned char)a[i] - (unsigned char)b[i]);
    print_message("difference %zu of 255\n", difference / drawn_len);
    assert_true(difference / drawn_len < 8);
    mem_free(a);
    mem_free(b);
}

static void assert_qr(struct bench *bench, const char *printed)
{
    size_t len;
    char *text = pixels_of(bench, printed, "203", &len);

    mem_free(text);
    text = run_to_text(bench,
                       (const char *const[]){ "/usr/bin/zbarimg", "-q", "--raw",
                                              "/run/lab/page.pgm", NULL },
                       &len);
    assert_string_equal(text, QR "\n");
    mem_free(text);
}

/* --- with paper --------------------------------------------------------- */

static void print_and_compare(struct bench *bench, const char *paper,
                              bool is_chinese, int number)
{
    char printed[64];
    struct buf pdf;

    draw(&pdf, paper, is_chinese, false);
    assert_int_equal(
        file_replace("/run/lab/drawn.pdf", pdf.text, pdf.len, 0600), ERR_OK);
    assert_true(start_bytes(bench, pdf.text, pdf.len) != 0);
    buf_done(&pdf);
    UNTIL(bench, has_ended);
    assert_job(bench, PRINT_DONE, ERR_OK);
    assert_true(bench->was_printed[PRINT_SENT]);
    assert_int_equal(bench->pages, 1);
    assert_int_equal(bench->total, 1);

    assert_int_equal(count_out(), number);
    (void)snprintf(printed, sizeof(printed), LAB_PAPER "/%d-1.pdf", number);
    assert_same_text(bench, printed);
    assert_same_pixels(bench, printed);
    assert_qr(bench, printed);
}

static void test_what_is_drawn_comes_out(void **state)
{
    static const char *const papers[] = { "58mm", "80mm", "A4" };
    struct bench *bench = *state;

    need_lab();
    for (int i = 0; i < 3; i++) {
        open_printer(bench, LAB_QUEUE, papers[i]);
        UNTIL(bench, is_ready);
        print_and_compare(bench, papers[i], true, 2 * i + 1);
        print_and_compare(bench, papers[i], false, 2 * i + 2);
        device_free(bench->printer);
        bench->printer = NULL;
    }
}

/* What CUPS keeps: no document, no name of a person, no history of ours. */
static void test_nothing_stays_in_cups(void **state)
{
    struct bench *bench = *state;
    struct buf names;
    char *log;
    size_t len;

    need_lab();
    open_printer(bench, LAB_QUEUE, "A4");
    UNTIL(bench, is_ready);
    assert_only_next_comes_out(bench);
    buf_init(&names, 4096);
    assert_int_equal(file_list("/run/lab/spool", "", on_name, &names), ERR_OK);
    assert_string_equal(names.text, "");
    buf_done(&names);
    assert_int_equal(file_read("/run/lab/log/error", OUTPUT_BYTES, &log, &len),
                     ERR_OK);
    assert_null(strstr(log, "3100"));
    mem_free(log);
}

/* --- paper, cover ------------------------------------------------------- */

static void test_no_paper_from_the_start(void **state)
{
    struct bench *bench = *state;
    struct buf pdf;

    need_lab();
    open_printer(bench, LAB_QUEUE, "80mm");
    UNTIL(bench, is_ready);
    lab_tray(false);
    draw(&pdf, "80mm", true, false);
    assert_true(start_bytes(bench, pdf.text, pdf.len) != 0);
    buf_done(&pdf);
    UNTIL(bench, has_ended);
    assert_job(bench, PRINT_FAILED, ERR_PAPER_OUT);
    UNTIL(bench, is_blocked);
    assert_printer(bench, DEVICE_BLOCKED, ERR_PAPER_OUT, ACTION_CLEAR);
    lab_tray(true);
    UNTIL(bench, is_ready);
    assert_int_equal(count_out(), 0);
}

static void test_running_out_in_the_middle(void **state)
{
    struct bench *bench = *state;

    need_lab();
    open_printer(bench, LAB_QUEUE, "A4");
    UNTIL(bench, is_ready);
    lab_paper(1);
    (void)start_long(bench);
    UNTIL(bench, is_blocked);
    assert_printer(bench, DEVICE_BLOCKED, ERR_PAPER_OUT, ACTION_CLEAR);
    assert_false(has_ended(bench));
    assert_int_equal(bench->total, 2);
    assert_int_equal(count_out(), 1);
    lab_paper(100);
    UNTIL(bench, has_ended);
    assert_job(bench, PRINT_DONE, ERR_OK);
    assert_int_equal(bench->pages, 2);
    assert_int_equal(count_out(), 2);
    UNTIL(bench, is_ready);
}

static void test_cover_open_in_the_middle(void **state)
{
    struct bench *bench = *state;

    need_lab();
    open_printer(bench, LAB_QUEUE, "A4");
    UNTIL(bench, is_ready);
    lab_cover(true);
    (void)start_long(bench);
    UNTIL(bench, is_blocked);
    assert_printer(bench, DEVICE_BLOCKED, ERR_COVER_OPEN, ACTION_CLEAR);
    lab_cover(false);
    UNTIL(bench, has_ended);
    assert_job(bench, PRINT_DONE, ERR_OK);
    assert_int_equal(count_out(), 2);
}

static void test_paper_after_the_session(void **state)
{
    struct bench *bench = *state;
    uint32_t job;

    need_lab();
    open_printer(bench, LAB_QUEUE, "A4");
    UNTIL(bench, is_ready);
    lab_paper(1);
    job = start_long(bench);
    UNTIL(bench, is_blocked);
    device_stop(bench->printer, job);
    UNTIL(bench, has_ended);
    assert_int_equal(bench->err, ERR_CANCELLED);
    lab_paper(100);
    assert_only_next_comes_out(bench);
}

/* The process of kiosk-print in this namespace, or 0. */
static int find_child(void)
{
    for (int pid = 2; pid < 4096; pid++) {
        char path[64], *name;
        size_t len;
        bool is_it;

        (void)snprintf(path, sizeof(path), "/proc/%d/comm", pid);
        if (!file_exists(path) || file_read(path, 64, &name, &len))
            continue;
        is_it = strcmp(name, "kiosk-print\n") == 0;
        mem_free(name);
        if (is_it)
            return pid;
    }
    return 0;
}

static bool is_child_gone(const struct bench *bench)
{
    (void)bench;
    return find_child() == 0;
}

/* The terminal ends while a slip is stuck: its child cancels it yet. */
static void test_paper_after_the_terminal(void **state)
{
    struct bench *bench = *state;

    need_lab();
    open_printer(bench, LAB_QUEUE, "A4");
    UNTIL(bench, is_ready);
    lab_paper(1);
    (void)start_long(bench);
    UNTIL(bench, is_blocked);
    device_free(bench->printer);
    assert_true(find_child() > 0);
    until(bench, is_child_gone, "the child's end");
    lab_paper(100);
    open_printer(bench, LAB_QUEUE, "A4");
    assert_only_next_comes_out(bench);
}

/* --- the queue ---------------------------------------------------------- */

static void test_queue_paused(void **state)
{
    struct bench *bench = *state;

    need_lab();
    open_printer(bench, LAB_QUEUE, "A4");
    UNTIL(bench, is_ready);
    lab_paper(1);
    (void)start_long(bench);
    UNTIL(bench, is_blocked);
    lab_admin(bench->lab, (const char *const[]){ "/usr/sbin/cupsdisable",
                                                 LAB_QUEUE, NULL });
    UNTIL(bench, has_ended);
    assert_job(bench, PRINT_FAILED, ERR_DEVICE);
    UNTIL(bench, is_broken);
    assert_printer(bench, DEVICE_BROKEN, ERR_DEVICE, ACTION_MAINTENANCE);
    lab_paper(100);
    lab_admin(bench->lab,
              (const char *const[]){ "/usr/sbin/cupsenable", LAB_QUEUE, NULL });
    assert_only_next_comes_out(bench);
}

static void test_queue_removed(void **state)
{
    struct bench *bench = *state;

    need_lab();
    open_printer(bench, LAB_QUEUE, "A4");
    UNTIL(bench, is_ready);
    lab_paper(1);
    (void)start_long(bench);
    UNTIL(bench, is_blocked);
    lab_admin(bench->lab, (const char *const[]){ "/usr/sbin/lpadmin", "-x",
                                                 LAB_QUEUE, NULL });
    UNTIL(bench, has_ended);
    assert_true(bench->err != ERR_OK && bench->last != PRINT_DONE);
    UNTIL(bench, is_unknown_queue);
    assert_printer(bench, DEVICE_BROKEN, ERR_NOT_FOUND, ACTION_CONFIGURATION);
    lab_admin(bench->lab,
              (const char *const[]){ "/usr/sbin/lpadmin", "-p", LAB_QUEUE, "-E",
                                     "-v", "ipp://localhost:8631/ipp/print",
                                     "-m", "everywhere", NULL });
    assert_only_next_comes_out(bench);
}

/* CUPS has no such names; nothing is printed anywhere else. */
static void test_queue_name_with_spaces(void **state)
{
    struct bench *bench = *state;

    need_lab();
    open_printer(bench, "slips of the hall", "A4");
    UNTIL(bench, is_broken);
    assert_true(device_action_of(bench->printer) == ACTION_CONFIGURATION);
    assert_int_equal(start_bytes(bench, "%PDF", 4), 0);
}

static void print_garbage(struct bench *bench)
{
    static const char garbage[] = "%PDF-1.4\n/MediaBox [ 0 0 200 300 ]\nno.";

    UNTIL(bench, is_ready);
    assert_true(start_bytes(bench, garbage, sizeof(garbage) - 1) != 0);
    UNTIL(bench, has_ended);
    assert_true(bench->last == PRINT_FAILED && bench->err != ERR_OK);
    assert_int_equal(count_out(), 0);
    UNTIL(bench, is_ready);
}

static void test_document_that_no_printer_takes(void **state)
{
    struct bench *bench = *state;

    need_lab();
    open_printer(bench, LAB_QUEUE, "80mm");
    print_garbage(bench);
}

/* A queue that has no way from PDF to its printer: CUPS itself refuses. */
static void test_document_that_cups_refuses(void **state)
{
    static const char ppd[] = "*PPD-Adobe: \"4.3\"\n"
                              "*FormatVersion: \"4.3\"\n"
                              "*FileVersion: \"1.0\"\n"
                              "*LanguageVersion: English\n"
                              "*LanguageEncoding: ISOLatin1\n"
                              "*Manufacturer: \"Test\"\n"
                              "*ModelName: \"Test\"\n"
                              "*Product: \"(Test)\"\n"
                              "*NickName: \"Test\"\n"
                              "*PCFileName: \"TEST.PPD\"\n"
                              "*cupsFilter: \"application/x-nothing 0 -\"\n";
    struct bench *bench = *state;

    need_lab();
    assert_int_equal(
        file_replace("/run/lab/refusing.ppd", ppd, sizeof(ppd) - 1, 0644),
        ERR_OK);
    lab_admin(bench->lab, (const char *const[]){
                              "/usr/sbin/lpadmin", "-p", "refusing", "-E", "-v",
                              "ipp://localhost:8631/ipp/print", "-P",
                              "/run/lab/refusing.ppd", NULL });
    open_printer(bench, "refusing", "80mm");
    print_garbage(bench);
    assert_int_equal(bench->err, ERR_BAD_INPUT);
}

/* --- what dies ---------------------------------------------------------- */

static void test_cups_killed(void **state)
{
    struct bench *bench = *state;

    need_lab();
    open_printer(bench, LAB_QUEUE, "A4");
    UNTIL(bench, is_ready);
    lab_paper(1);
    (void)start_long(bench);
    UNTIL(bench, is_blocked);
    lab_kill_cups(bench->lab);
    UNTIL(bench, has_ended);
    assert_job(bench, PRINT_UNKNOWN, ERR_CHILD);
    UNTIL(bench, is_broken);
    assert_printer(bench, DEVICE_BROKEN, ERR_CHILD, ACTION_MAINTENANCE);
    lab_start_cups(bench->lab); /* it still has the job, and sends it again */
    UNTIL(bench, is_blocked);   /* looked at, thus cleared */
    assert_only_next_comes_out(bench);
}

static void test_cups_silent(void **state)
{
    struct bench *bench = *state;

    need_lab();
    open_printer(bench, LAB_QUEUE, "A4");
    UNTIL(bench, is_ready);
    lab_paper(1);
    (void)start_long(bench);
    UNTIL(bench, is_blocked);
    assert_int_equal(kill(lab_cups_pid(bench->lab), SIGSTOP), 0);
    UNTIL(bench, has_ended);
    assert_job(bench, PRINT_UNKNOWN, ERR_TIMEOUT);
    UNTIL(bench, is_broken);
    assert_int_equal(kill(lab_cups_pid(bench->lab), SIGCONT), 0);
    UNTIL(bench, is_blocked); /* looked at, thus cleared */
    assert_only_next_comes_out(bench);
}

static void test_child_killed(void **state)
{
    struct bench *bench = *state;
    int child;

    need_lab();
    open_printer(bench, LAB_QUEUE, "A4");
    UNTIL(bench, is_ready);
    lab_paper(1);
    (void)start_long(bench);
    UNTIL(bench, is_blocked);
    child = find_child();
    assert_true(child > 0);
    assert_int_equal(kill(child, SIGKILL), 0);
    UNTIL(bench, has_ended);
    assert_job(bench, PRINT_UNKNOWN, ERR_CHILD);
    UNTIL(bench, is_broken);
    UNTIL(bench, is_blocked); /* looked at, thus cleared */
    assert_only_next_comes_out(bench);
}

/* Time in which something may happen that must not. */
static void turns(struct bench *bench, int ms)
{
    int64_t end = clock_monotonic_ms() + ms;
    while (clock_monotonic_ms() < end)
        loop_turn(bench->loop, 20);
}
static bool is_printing(const struct bench *bench)
{
    return bench->was_printed[PRINT_PRINTING];
}

/* Somebody else's job keeps the queue busy when a print begins; the person goes
 * while it waits.  What was given up then is not printed afterwards. */
static void test_stopped_while_another_prints(void **state)
{
    struct bench *bench = *state;
    static struct bench other;
    struct buf pdf;
    uint32_t job;

    need_lab();
    other.loop = bench->loop;
    open_printer(&other, LAB_QUEUE, "A4");
    device_free(other.printer);
    other.printer =
        device_new(bench->loop, find_driver("printer/cups"), &events, &other);
    device_set(other.printer, "print_path", print_path);
    device_set(other.printer, "queue", LAB_QUEUE);
    device_set(other.printer, "server", LAB_SERVER);
    device_set(other.printer, "mark", "staff");
    device_set(other.printer, "paper", "A4");
    device_open(other.printer);
    open_printer(bench, LAB_QUEUE, "A4");
    UNTIL(bench, is_ready);
    UNTIL(&other, is_ready);
    lab_paper(100);
    assert_int_equal(file_replace("/run/lab/slow", "", 0, 0600), ERR_OK);
    (void)start_long(&other);
    UNTIL(&other, is_printing);
    draw(&pdf, "A4", false, false);
    job = start_bytes(bench, pdf.text, pdf.len);
    assert_true(job != 0);
    turns(bench, 600);
    device_stop(bench->printer, job); /* the session has ended */
    UNTIL(bench, has_ended);
    UNTIL(&other, has_ended);
    device_free(other.printer);
    assert_int_equal(bench->err, ERR_CANCELLED);
    assert_int_equal(count_out(), 2); /* the other's two */
}
/* cups_test "test_queue*": those alone. */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(test_##name, set_up, tear_down)
        TEST(what_is_drawn_comes_out),
        TEST(nothing_stays_in_cups),
        TEST(no_paper_from_the_start),
        TEST(running_out_in_the_middle),
        TEST(cover_open_in_the_middle),
        TEST(paper_after_the_session),
        TEST(paper_after_the_terminal),
        TEST(queue_paused),
        TEST(queue_removed),
        TEST(queue_name_with_spaces),
        TEST(document_that_no_printer_takes),
        TEST(document_that_cups_refuses),
        TEST(cups_killed),
        TEST(cups_silent),
        TEST(child_killed),
        TEST(stopped_while_another_prints),
#undef TEST
    };
    const char *build = getenv("KIOSK_BUILD");

    (void)snprintf(print_path, sizeof(print_path), "%s/kiosk-print",
                   build ? build : "build");
    hindrance = lab_enter();
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
