/* kiosk-draw: draws slips.  Without arguments it answers requests, a line
 * each, until its input ends; with a file it writes that slip's PDF. */
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/base/sandbox.h"
#include "kiosk/paper/answer.h"
#include "kiosk/paper/draw.h"
#include "kiosk/paper/slip.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "kiosk-draw: draws slips as PDF\n"
    "\n"
    "  kiosk-draw                       answers requests from standard input,\n"
    "                                   one JSON object a line, until it ends\n"
    "  kiosk-draw FILE.json > out.pdf   draws one request from a file\n"
    "  kiosk-draw --help                this text\n"
    "\n"
    "A request:\n"
    "  {\"draw\": 7, \"paper\": \"80mm\", \"languages\": [\"zh_CN\"],\n"
    "   \"slip\": {\"title\": \"收件回执\", \"blocks\": [\n"
    "     {\"kind\": \"fact\", \"label\": \"回执号\",\n"
    "      \"value\": \"3100 6327 0014\", \"large\": true}]}}\n"
    "kiosk/paper/README.md lists every key.\n";

static int draw_file(const char *path)
{
    struct buf pdf, why;
    char *json;
    size_t len;
    enum err err = file_read(path, SLIP_LINE_BYTES, &json, &len);

    if (err) {
        (void)fprintf(stderr, "kiosk-draw: %s: %s\n", path, err_text(err));
        return 1;
    }
    buf_init(&pdf, DRAW_PDF_BYTES);
    buf_init(&why, SLIP_WHY_BYTES);
    err = answer_draw(json, len, &pdf, &why);
    if (err)
        (void)fprintf(stderr, "%s:%s\n", path, why.text);
    else if (fwrite(pdf.text, 1, pdf.len, stdout) != pdf.len || fflush(stdout))
        err = ERR_IO;
    buf_done(&why);
    buf_done(&pdf);
    mem_free(json);
    return err ? 1 : 0;
}

static int run(const char *path)
{
    struct sigaction ignore = { .sa_handler = SIG_IGN };

    (void)sigaction(SIGPIPE, &ignore, NULL);
    draw_warm_up();
    if (sandbox_enter(SANDBOX_DRAW)) {
        (void)fprintf(stderr, "kiosk-draw: cannot give up its rights\n");
        return 1;
    }
    if (path)
        return draw_file(path);
    return answer_serve(0, 1) ? 1 : 0;
}

int main(int argc, char **argv)
{
    if (argc == 1)
        return run(NULL);
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        (void)fputs(help, stdout);
        return 0;
    }
    if (argc == 2 && argv[1][0] != '-')
        return run(argv[1]);
    (void)fputs(help, stderr);
    return 2;
}
