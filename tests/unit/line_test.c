/* The lines between printer/cups and kiosk-print, and what both read in a
 * PDF. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "devices/printer/line.h"
#include "devices/printer/pdf.h"

#include <stdio.h>
#include <string.h>

static const struct spool_request print_request = {
    .order = SPOOL_PRINT,
    .number = 7,
    .queue = "slips",
    .server = "/run/cups/cups.sock",
    .device = "ipp://printer.local/ipp/print",
    .mark = "kiosk-\"1\"",
    .paper = PAPER_58,
    .copies = 2,
    .pdf = (unsigned char *)"%PDF",
    .pdf_len = 4,
};

static void test_request_there_and_back(void **state)
{
    struct spool_request read;
    struct buf line;

    (void)state;
    buf_init(&line, SPOOL_REQUEST_BYTES);
    spool_write_request(&print_request, &line);
    assert_null(memchr(line.text, '\n', line.len));
    assert_int_equal(spool_read_request(line.text, line.len, &read), ERR_OK);
    assert_int_equal(read.order, SPOOL_PRINT);
    assert_int_equal(read.number, 7);
    assert_string_equal(read.queue, "slips");
    assert_string_equal(read.server, "/run/cups/cups.sock");
    assert_string_equal(read.device, "ipp://printer.local/ipp/print");
    assert_string_equal(read.mark, "kiosk-\"1\"");
    assert_int_equal(read.paper, PAPER_58);
    assert_int_equal(read.copies, 2);
    assert_int_equal(read.pdf_len, 4);
    assert_memory_equal(read.pdf, "%PDF", 4);
    spool_request_done(&read);
    buf_done(&line);
}

static void test_orders_without_a_document(void **state)
{
    struct spool_request request = print_request, read;
    struct buf line;

    (void)state;
    buf_init(&line, SPOOL_REQUEST_BYTES);
    request.order = SPOOL_WATCH;
    spool_write_request(&request, &line);
    assert_null(strstr(line.text, "pdf"));
    assert_int_equal(spool_read_request(line.text, line.len, &read), ERR_OK);
    assert_int_equal(read.order, SPOOL_WATCH);
    assert_null(read.pdf);
    buf_clear(&line);
    request.order = SPOOL_CANCEL;
    spool_write_request(&request, &line);
    assert_string_equal(line.text, "{\"cancel\":7}");
    assert_int_equal(spool_read_request(line.text, line.len, &read), ERR_OK);
    assert_int_equal(read.order, SPOOL_CANCEL);
    buf_done(&line);
}

#define WHERE "\"queue\":\"q\",\"server\":\"s\",\"mark\":\"m\",\"paper\":\"A4\""

static void test_bad_requests(void **state)
{
    static const char *const lines[] = {
        "",
        "nonsense",
        "[]",
        "{}",
        "{\"print\":-1}",
        "{\"watch\":1}",
        "{\"watch\":1,\"queue\":\"q\",\"server\":\"s\",\"mark\":\"m\"}",
        "{\"print\":1," WHERE ",\"copies\":1}",
        "{\"print\":1," WHERE ",\"copies\":0,\"pdf\":\"JVBE\"}",
        "{\"print\":1," WHERE ",\"copies\":100,\"pdf\":\"JVBE\"}",
        "{\"print\":1," WHERE ",\"copies\":1,\"pdf\":\"***\"}",
        "{\"print\":1," WHERE ",\"copies\":1,\"pdf\":\"\"}",
        "{\"print\":1," WHERE ",\"device\":7,\"copies\":1,\"pdf\":\"JVBE\"}",
    };
    struct spool_request read;

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        if (!spool_read_request(lines[i], strlen(lines[i]), &read))
            fail_msg("taken: %s", lines[i]);
}

static void test_answer_there_and_back(void **state)
{
    const struct spool_answer answer = {
        .number = 7,
        .is_end = true,
        .err = ERR_PAPER_OUT,
        .is_clean = true,
        .has_job = true,
        .state = PRINT_FAILED,
        .pages = 1,
        .has_printer = true,
        .printer = DEVICE_BLOCKED,
        .why = ERR_PAPER_OUT,
        .action = ACTION_CLEAR,
        .device = "ipp://localhost/",
    };
    struct spool_answer read;
    struct buf line;

    (void)state;
    buf_init(&line, SPOOL_ANSWER_BYTES);
    spool_write_answer(&answer, &line);
    assert_int_equal(spool_read_answer(line.text, line.len, &read), ERR_OK);
    assert_memory_equal(&read.number, &answer.number, sizeof(read.number));
    assert_true(read.is_end && read.is_clean && read.has_job);
    assert_int_equal(read.err, ERR_PAPER_OUT);
    assert_int_equal(read.state, PRINT_FAILED);
    assert_int_equal(read.pages, 1);
    assert_int_equal(read.printer, DEVICE_BLOCKED);
    assert_int_equal(read.why, ERR_PAPER_OUT);
    assert_int_equal(read.action, ACTION_CLEAR);
    assert_string_equal(read.device, "ipp://localhost/");
    buf_done(&line);
}

/* A child that was taken over must not lead the terminal astray. */
static void test_bad_answers(void **state)
{
    static const char *const lines[] = {
        "{\"answer\":1}",
        "{\"answer\":1,\"end\":1,\"err\":\"OK\",\"clean\":true}",
        "{\"answer\":1,\"end\":true,\"err\":\"BOGUS\",\"clean\":true}",
        "{\"answer\":1,\"end\":true,\"err\":\"OK\",\"clean\":true,"
        "\"state\":\"gone\",\"pages\":1}",
        "{\"answer\":1,\"end\":true,\"err\":\"OK\",\"clean\":true,"
        "\"state\":\"done\",\"pages\":-1}",
        "{\"answer\":1,\"end\":true,\"err\":\"OK\",\"clean\":true,"
        "\"printer\":\"ready\"}",
    };
    struct spool_answer read;

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        if (!spool_read_answer(lines[i], strlen(lines[i]), &read))
            fail_msg("taken: %s", lines[i]);
}

static void test_pages_and_sizes(void **state)
{
    static const char pdf[] = "/Type /Pages /Type /Page\n"
                              "/MediaBox [ 0 0 164.4 100 ] /Type\n/Page\n"
                              "/MediaBox [ 0 0 164.4 292.85342 ]";
    static const char bad[] = "/MediaBox [ 0 0 nonsense ] /MediaBox [0 0 1e9 "
                              "1e9] /MediaBox [ 0 0 5";
    int width = 0, height = 0;

    (void)state;
    assert_int_equal(pdf_count_pages(pdf, sizeof(pdf) - 1), 2);
    assert_int_equal(pdf_count_pages("", 0), 1);
    assert_true(pdf_page_size(pdf, sizeof(pdf) - 1, &width, &height));
    assert_int_equal(width, 5800);
    assert_int_equal(height, 10331);
    assert_false(pdf_page_size(bad, sizeof(bad) - 1, &width, &height));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_request_there_and_back),
        cmocka_unit_test(test_orders_without_a_document),
        cmocka_unit_test(test_bad_requests),
        cmocka_unit_test(test_answer_there_and_back),
        cmocka_unit_test(test_bad_answers),
        cmocka_unit_test(test_pages_and_sizes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
