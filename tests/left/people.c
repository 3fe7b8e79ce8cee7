#include "tests/left/people.h"

#include <stdio.h>

/* Long and strange enough, each half as well, to stand nowhere by chance. */
#define NAME         "闾丘㼆璠暗标乙亥"
#define NUMBER       "659004196402299378"
#define OTHER_NAME   "仉督䶮幽兰丙寅"
#define OTHER_NUMBER "659004197103188648"
#define ELDER_NAME   "澹台䶮霁苔痕戊午"
#define ELDER_NUMBER "659004193903175724"
#define CHILD_NAME   "禤芑㼆藿香小丁巳"
#define CHILD_NUMBER "659004201908278578"
#define HOME         "暗标省隐秘县碧落街九百七十二号"
/* At the end of each PDF that kiosk-draw makes; the terminal has no cairo. */
#define SLIP   "(https://cairographics.org))"
#define SPACED "192 8374 6505"
/* In every address that the demonstration's household register makes up, and
 * every number that its traffic police give a decision. */
#define RECORDED "青鸾演示大道"
#define DECIDED  "41130217"

/* The demonstration's traffic police have a decision against the first, and
 * several against the second (kiosk/hub/lists.h). */
const struct pretended people_coming[] = {
    { NAME, NUMBER },
    { ELDER_NAME, ELDER_NUMBER },
};
const size_t people_coming_count = sizeof people_coming / sizeof *people_coming;

const struct pretended people_brought[] = {
    { OTHER_NAME, OTHER_NUMBER },
    { CHILD_NAME, CHILD_NUMBER }, /* of age in 2037 */
};
const size_t people_brought_count =
    sizeof people_brought / sizeof *people_brought;

const struct mark citizen_marks[] = {
    { "name", NAME },
    { "number", NUMBER },
    { "birth", "19640229" },
    { "another's name", OTHER_NAME },
    { "another's number", OTHER_NUMBER },
    { "another's birth", "19710318" },
    { "elder's name", ELDER_NAME },
    { "elder's number", ELDER_NUMBER },
    { "elder's birth", "19390317" },
    { "child's name", CHILD_NAME },
    { "child's number", CHILD_NUMBER },
    { "child's birth", "20190827" },
    { "child's birth with dashes", "2019-08-27" },
    { "card's address", HOME },
    { "address", PEOPLE_STREET },
    { "Latin words", PEOPLE_LATIN },
    { "free text", PEOPLE_SPOKEN },
    { "phone", PEOPLE_PHONE },
    { "phone in groups", SPACED },
    { "recorded address", RECORDED },
    { "recorded decision", DECIDED },
    { "slip", SLIP },
};
const size_t citizen_mark_count =
    sizeof citizen_marks / sizeof citizen_marks[0];

void people_card(const struct pretended *person, char line[PEOPLE_CARD_BYTES])
{
    snprintf(line, PEOPLE_CARD_BYTES,
             "card resident name=%s number=%s address=" HOME
             " valid_to=long-term",
             person->name, person->number);
}
