/* One person's way through an item in parts, by ten keys, for tests in which
 * something goes wrong between the parts.  Each part waits for the page that
 * it begins on and leaves when the next page stands. */
#pragma once

#include "tests/tty/drive.h"

/* A made-up person whose name, number and telephone stand nowhere else, so
 * that they can be looked for. */
#define PERSON_NAME   "欧阳㼆昕"
#define PERSON_NUMBER "411303199003070017"
#define PERSON_PHONE  "13977665544"
#define PERSON_CARD                                                            \
    "card resident name=" PERSON_NAME " number=" PERSON_NUMBER                 \
    " valid_to=long-term"

/* Waits until a program that has just been started has found its hub, and so
 * knows the key to seal to: no person is as quick as a test. */
void person_awaits_hub(struct drive *drive);
/* The hub is away while the clock goes on ("clock +90s"), and comes back. */
void person_loses_hub(struct drive *drive, const char *clock);
/* From the attract page or the home page to "lay down your card". */
void person_to_card(struct drive *drive);
/* A simulator's line, and the time that a reading takes. */
void person_lay(struct drive *drive, const char *line);
/* From "take back your card" to the description of where one lives. */
void person_to_street(struct drive *drive);
/* From there to the page that reads the answers back. */
void person_to_review(struct drive *drive);
/* From there to the result, whatever it is. */
void person_send(struct drive *drive);
/* All of that, with PERSON_CARD. */
void person_apply(struct drive *drive);
/* From the attract or home page to the 12345 description. */
void person_to_description(struct drive *drive);
/* An anonymous 12345 request, from the attract or home page to the result. */
void person_report(struct drive *drive, const char *text);
/* To the goodbye page, without a rating where one is asked for. */
void person_to_bye(struct drive *drive);
/* From the result to the attract page, without paper. */
void person_leave(struct drive *drive);

/* The result page's state: its element stands there. */
void person_sees(struct drive *drive, const char *id);
/* Time passes until this element stands on the page; on the result page the
 * person stays awake. */
void person_comes_to(struct drive *drive, const char *id);
/* The address of the progress page, copied (64 bytes). */
void person_address(struct drive *drive, char url[64]);
