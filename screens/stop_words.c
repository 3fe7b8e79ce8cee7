/* What stop pages say; stop.c shows it. */
#include "screens/stop.h"

#include "kiosk/screen.h"

#include <string.h>

/* The ways on, and whether nothing leads back. */
#define ELSEWHERE { STOP_WAY_OTHER_ITEM, STOP_WAY_STAFF, STOP_WAY_END }, false
#define AGAIN     { STOP_WAY_AGAIN, STOP_WAY_OTHER_ITEM, STOP_WAY_STAFF }, false
#define SENT      { STOP_WAY_OTHER_ITEM, STOP_WAY_STAFF, STOP_WAY_END }, true

const struct common_stop common_stops[] = {
    { "card-expired", "card.expired",
      N_("This card expired on {date} and cannot be used here. Please ask at "
         "the counter."),
      N_("Only a card that is valid today can be used."),
      N_("Nothing was sent, and nothing of the card was kept."), ELSEWHERE },
    { "card-other", "card.other",
      N_("This is not the same person's card. To protect privacy, please "
         "finish and start again."),
      N_("What one person entered is never mixed with another person's card."),
      N_("Nothing of this card was kept."), ELSEWHERE },
    { "card-same", "card.same",
      N_("The person of this ID card, or number, is part of this matter "
         "already."),
      N_("Each person needs an ID card of their own; nobody is two people in "
         "one matter."),
      N_("Nothing was kept of what was just read or typed. What you entered "
         "before is still here."),
      AGAIN },
    { "card-child", "card.child",
      N_("The person of this card is under 14. A guardian does this for them, "
         "at the counter, with the ID papers of both."),
      N_("What is known of a child under 14 may be used only with a guardian's "
         "consent."),
      N_("Nothing was done and nothing was sent."), ELSEWHERE },
    { "card-minor", "card.minor",
      N_("The person of this card is under 16. A guardian or close relative "
         "does this for them, at the counter, with the ID papers of both."),
      N_("For somebody under 16 an adult comes along; only at the counter can "
         "that be seen."),
      N_("Nothing was done and nothing was sent."), ELSEWHERE },
    { "card-unreadable", "card.unreadable",
      N_("What this card says could not be taken in."),
      N_("The card may be damaged, or it was moved while it was read."),
      N_("Nothing was sent, and nothing of the card was kept."), AGAIN },
    { "counter", "stop.counter",
      N_("Without the card this is done at the counter. Please bring your "
         "original papers."),
      N_("At the counter somebody can compare you and your papers; this "
         "machine cannot."),
      N_("Nothing was sent."), AGAIN },
    { "service-away", "service.away",
      N_("{System} cannot be reached. Nothing was done and nothing was sent."),
      N_("There is no connection to the office now."),
      N_("What you entered is still here until you end."), AGAIN },
    { "issue-away", "stop.issue-away", N_("{System} did not answer in time."),
      N_("There is no connection to the office now, or it is busy."),
      N_("Nothing was printed. If the certificate was made, trying again "
         "brings the same one, not a second."),
      AGAIN },
    { "certificate-broken", "stop.certificate-broken",
      N_("The certificate did not arrive whole, so it is not printed."),
      N_("What came is not exactly what the office said that it had made."),
      N_("Nothing was printed. Trying again brings the same certificate."),
      AGAIN },
    { "content-wrong", "stop.content-wrong",
      N_("If what the office has on file is not right, ask {contact} to "
         "correct it."),
      N_("This machine prints what the office has on file and cannot change "
         "it."),
      N_("Nothing was printed."), ELSEWHERE },
    { "paper-none", "paper.none",
      N_("This machine has no {paper} and cannot print now."),
      N_("This matter needs a printed paper, and the paper has run out."),
      N_("Nothing was printed and no certificate was made. You can go on here "
         "as soon as it works."),
      AGAIN },
    { "printer-away", "stop.printer-away", N_("This machine cannot print now."),
      N_("This matter needs a printed paper, and the printer does not work."),
      N_("Nothing was printed and no certificate was made. You can go on here "
         "as soon as it works."),
      AGAIN },
    { "no-room", "stop.no-room",
      N_("This machine could not take in what you just gave it."),
      N_("The memory in which it keeps answers until the end is full."),
      N_("What you gave last was not kept, and nothing was sent. What you "
         "answered before is still here."),
      AGAIN },
    { "still-storing", "stop.still-storing",
      N_("Storing your form takes this machine too long."),
      N_("The storage of this machine is busy or failing."),
      N_("It is not sure that it was stored. If it was, it is sent by itself; "
         "please ask the staff before you fill it in again."),
      SENT },
    { "unsure", "stop.unsure",
      N_("This machine could not find out whether your form was stored."),
      N_("The storage of this machine did not confirm what was written."),
      N_("It is not sure that it was stored. If it was, it is sent by itself; "
         "please ask the staff before you fill it in again."),
      SENT },
    { "not-stored", "stop.not-stored",
      N_("This machine could not store your form safely."),
      N_("The storage of this machine did not take it."),
      N_("Nothing was sent and nothing was stored. Your answers are still "
         "here."),
      AGAIN },
};

const size_t common_stop_count = sizeof common_stops / sizeof *common_stops;

const struct common_stop *common_stop_find(const char *id)
{
    for (size_t i = 0; i < common_stop_count; i++)
        if (strcmp(common_stops[i].id, id) == 0)
            return &common_stops[i];
    return NULL;
}

static const struct {
    const char *id, *words;
} ways[] = {
    [STOP_WAY_AGAIN] = { "again", N_("Try again") },
    [STOP_WAY_OTHER_ITEM] = { "other-item", N_("Do something else here") },
    [STOP_WAY_STAFF] = { "staff", N_("Call the staff") },
    [STOP_WAY_END] = { "end", N_("End and erase") },
};

const char *stop_way_id(enum stop_way way)
{
    return ways[way].id;
}

const char *stop_way_words(enum stop_way way)
{
    return ways[way].words;
}
