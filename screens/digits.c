#include "screens/digits.h"

#include <stdio.h>
#include <string.h>

/* "3 digits to go", as long as there are any. */
static const char *missing(const struct screen *screen, const struct view *view,
                           const struct digits *digits, const char *typed)
{
    size_t len = strlen(typed);
    char number[24];

    if (len >= digits->count)
        return ""; /* or nobody knows how many there will be */
    unsigned long left = (unsigned long)(digits->count - len);
    snprintf(number, sizeof number, "%lu", left);
    return screen_text_with(
        screen, TN(view, "{count} digit to go", "{count} digits to go", left),
        "count", number);
}

/* The pad's own keys say what these do. */
static void add_footer(struct view *view, bool is_empty, bool may_leave)
{
    view_footer(view, "footer.back", is_empty ? "*" : "", T(view, "Back"));
    if (!is_empty) {
        struct element *delete =
            view_footer(view, "footer.delete", "*", T(view, "Delete"));
        view_set_short(view, delete, TC(view, "short", "Del"));
    }
    struct element *go = view_footer(view, "footer.go", "#",
                                     !is_empty   ? T(view, "Go on")
                                     : may_leave ? T(view, "Leave empty")
                                                 : T(view, "Other ways"));
    if (is_empty)
        view_set_short(view, go,
                       may_leave ? TC(view, "short", "Skip")
                                 : TC(view, "short", "Others"));
}

const char *digits_describe(const struct screen *screen, struct view *view,
                            const struct digits *digits)
{
    const char *typed =
        view_field(view, digits->id, digits->label, digits->initial,
                   TYPING_DIGITS, digits->most ? digits->most : digits->count);

    view_set_number(view, digits->groups ? digits->groups : "",
                    missing(screen, view, digits, typed));
    view_keys(view, "keys", digits->more_key);
    add_footer(view, !*typed, digits->may_leave);
    return typed;
}
