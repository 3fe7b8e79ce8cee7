/* F12 in the demonstration: the simulators' lines, by hand. */
#include "kiosk/screen.h"

#include <stdio.h>
#include <string.h>

struct act {
    const char *line;
    const char *words;
};

static const struct act acts[] = {
    { "card resident", N_("Lay down an ID card") },
    { "card hmt", N_("Lay down a Hong Kong, Macao or Taiwan permit") },
    { "card foreigner-2017", N_("Lay down a foreigner's card of 2017") },
    { "card foreigner-2023", N_("Lay down a foreigner's card of 2023") },
    { "card resident valid_to=20200101", N_("Lay down an expired card") },
    { "card unknown", N_("Lay down something else") },
    { "card two", N_("Lay down two cards") },
    { "card lift", N_("Lift the card") },
    { "reader unplug", N_("Unplug the reader") },
    { "reader plug", N_("Plug the reader in") },
    { "paper out", N_("Take the paper out") },
    { "paper in", N_("Put paper in") },
    { "cover open", N_("Open the printer's cover") },
    { "cover closed", N_("Close the printer's cover") },
    { "printer die 1", N_("Let the printer die at its next page") },
    { "network down", N_("Cut the network") },
    { "network up", N_("Mend the network") },
    { "clock +90s", N_("Let 90 seconds pass") },
    { "case accepted", N_("The office accepts the case sent last") },
    { "case correct", N_("The office wants something added to it") },
    { "case finished", N_("The office has finished it") },
    { "case withdrawn", N_("It is withdrawn") },
    { "cashier pay", N_("Somebody pays by the code shown last") },
    { "printer wait 1", N_("Let the printer wait for paper at its next page") },
    { "printer mute", N_("Let nobody know what came out of the printer") },
};

enum { ACT_COUNT = sizeof acts / sizeof *acts };

static void act_row(void *owner, size_t at, const char **ret_value,
                    const char **ret_text)
{
    const struct screen *screen = owner;
    *ret_value = acts[at].line;
    *ret_text = i18n_text(screen_session(screen)->language, acts[at].words);
}

static void simulate_describe(const struct screen *screen, struct view *view)
{
    view_heading(view, "simulate.title",
                 T(view, "Demonstration: what shall happen?"));
    if (*screen_demo_pin(screen))
        view_fact(view, "simulate.pin",
                  T(view, "Staff PIN of this demonstration"),
                  screen_demo_pin(screen));
    const char *code = screen_demo_code(screen);
    if (*code)
        view_fact(view, "simulate.code", T(view, "Code that was sent last"),
                  code);
    view_list(view, "act", ACT_COUNT, NULL, act_row, (void *)screen);
    view_footer(view, "footer.back", "*", T(view, "Back"));
}

static void simulate_event(struct screen *screen,
                           const struct screen_event *event)
{
    if (event->kind != SCREEN_CHOICE)
        return;
    if (strcmp(event->choice, "act") == 0) {
        enum err err = screen_pretend(screen, event->value);
        (void)err; /* these lines are all known to the simulators */
    }
    screen_close(screen);
}

const struct screen_kind simulate_screen = {
    .name = "simulate",
    .word = "help",
    .describe = simulate_describe,
    .event = simulate_event,
};
