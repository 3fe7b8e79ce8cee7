#include "kiosk/test_slip.h"

#include "kiosk/base/clock.h"
#include "kiosk/slip_parts.h"

void test_slip_compose(const struct settings *settings, const char *paper,
                       enum language language, bool is_demo, struct buf *out)
{
    /* Rare and dense characters, the narrowest and the widest digits: what is
     * worn or dry shows here first. */
    static const char sample[] = "南阳卧龙宛城欧阳㼆昕 0123456789 ABCXYZ";
    struct slip_parts parts = { language, json_array() };
    const struct slip_head head = {
        .title = slip_say(&parts, N_("Test slip")),
        .footer = slip_say(&parts, N_("For the staff. Nothing of anybody "
                                      "stands on this slip.")),
        .is_demo = is_demo,
    };

    slip_add_text(&parts, "text", sample);
    slip_add_terminal(&parts, settings);
    slip_add_moment(&parts, slip_say(&parts, N_("Time")), clock_wall_ms());
    slip_add_fact(&parts, slip_say(&parts, N_("Paper")), paper, false);
    slip_add_fact(&parts, slip_say(&parts, N_("Version")), KIOSK_VERSION,
                  false);
    slip_finish(&parts, &head, paper, out);
}
