/* kiosk's attract page, from the start of its process, against a menu of
 * dialog's, turn and turn about. */
#include "tests/bench/figure.h"
#include "tests/bench/first_page.h"

#include <unistd.h>

enum { ROUNDS = 25 };

/* Its state folder is made new and thrown away each time. */
static double measure_kiosk(const char *build)
{
    /* One of the items' titles, and the last line: letters on which every
     * language of the page agrees. */
    static const char *const words[] = { "Touch the screen or press", "12345",
                                         "F12", "Ctrl-C", NULL };
    char program[512];
    char demo[] = "--demo";
    char *argv[] = { program, demo, NULL };
    snprintf(program, sizeof program, "%s/kiosk", build);
    return first_page_ms(argv, words);
}

static int print(double kiosk[ROUNDS], double dialog[ROUNDS])
{
    char note[160];
    double middle = figure_median(kiosk, ROUNDS);
    double reference = figure_median(dialog, ROUNDS);
    double ratio = middle / reference;

    snprintf(note, sizeof note,
             "least %.1f; dialog --menu %.1f, least %.1f; %d rounds", kiosk[0],
             reference, dialog[0], (int)ROUNDS);
    figure_print("first-page", middle, "ms", ratio, "at most 4 x dialog",
                 ratio <= 4, note);
    return 0;
}

int main(void)
{
    static double kiosk[ROUNDS], dialog[ROUNDS];
    const char *build = getenv("KIOSK_BUILD");

    if (access(FIRST_PAGE_DIALOG, X_OK) != 0) {
        puts("first-page|-|ms|-|-|skipped|dialog is not installed");
        return 0;
    }
    /* The first of each reads the programs from the disk. */
    for (int round = -1; round < ROUNDS; round++) {
        double ms = measure_kiosk(build ? build : "build");
        double reference_ms = first_page_dialog_ms();
        if (ms < 0 || reference_ms < 0) {
            fprintf(stderr, "start_bench: %s did not paint its page\n",
                    ms < 0 ? "kiosk" : "dialog");
            return 1;
        }
        if (round >= 0) {
            kiosk[round] = ms;
            dialog[round] = reference_ms;
        }
    }
    return print(kiosk, dialog);
}
