/* kiosk-print: prints one job on one queue of CUPS, or looks how that queue is.
 * A child of the terminal; libcups may block, and may be killed with it. */
#include "devices/printer/spool/order.h"
#include "kiosk/base/sandbox.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "kiosk-print: the kiosk's side of CUPS\n"
    "\n"
    "  kiosk-print          carries out the order that stands in the first "
    "line\n"
    "                       of its input, answers a line for each step, ends\n"
    "  kiosk-print --help   this text\n"
    "\n"
    "To see how a queue is:\n"
    "  {\"watch\": 1, \"queue\": \"slips\", \"server\": "
    "\"/run/cups/cups.sock\",\n"
    "   \"mark\": \"kiosk-0001\", \"paper\": \"80mm\"}   in one line\n"
    "It cancels the jobs of that name in that queue.\n"
    "devices/printer/spool/README.md lists every key.\n";

static int serve(void)
{
    struct spool_request request;
    struct talk talk;
    const char *line;
    size_t len;
    enum err err = ERR_BAD_INPUT;

    talk_init(&talk, STDIN_FILENO, STDOUT_FILENO);
    if (talk_wait(&talk, -1, &line, &len) == SAID_LINE)
        err = spool_read_request(line, len, &request);
    if (!err) {
        order_carry_out(&talk, &request);
        spool_request_done(&request);
    } else {
        talk_answer(&talk,
                    &(struct spool_answer){ .is_end = true, .err = err });
    }
    talk_done(&talk);
    return err ? 1 : 0;
}

int main(int argc, char **argv)
{
    struct sigaction ignore = { .sa_handler = SIG_IGN };

    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        (void)fputs(help, stdout);
        return 0;
    }
    if (argc != 1) {
        (void)fputs(help, stderr);
        return 2;
    }
    (void)sigaction(SIGPIPE, &ignore, NULL);
    if (sandbox_enter(SANDBOX_PRINT)) {
        (void)fputs("kiosk-print: cannot give up its rights\n", stderr);
        return 1;
    }
    return serve();
}
