#include "kiosk/command_line.h"

#include "kiosk/base/file.h"
#include "kiosk/base/i18n.h"
#include "kiosk/flow/item.h"
#include "kiosk/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int command_complain(const char *what, const char *about)
{
    fprintf(stderr, "kiosk: %s%s%s\nkiosk --help shows how it is used.\n", what,
            *about ? ": " : "", about);
    return EXIT_USAGE;
}

int command_parse_count(const char *text, int most)
{
    int count = 0;

    for (; *text >= '0' && *text <= '9' && count <= most; text++)
        count = count * 10 + (*text - '0');
    return *text || count > most ? 0 : count;
}

int command_read_settings(const char *file, struct settings *settings)
{
    struct problems problems;
    int code = EXIT_SUCCESS;

    settings_init(settings);
    if (!file)
        return code;
    problems_init(&problems);
    if (settings_read(settings, file, &problems)) {
        if (problems.count == 0)
            fprintf(stderr, "kiosk: %s: this settings file cannot be read\n",
                    file);
        fputs(problems.text.text, stderr);
        code = EXIT_USAGE;
    }
    problems_done(&problems);
    return code;
}

void command_find_share(const struct program *program,
                        const struct settings *settings,
                        char ret_share[SHARE_PATH_BYTES])
{
    if (settings && *settings->share_folder) {
        snprintf(ret_share, SHARE_PATH_BYTES, "%s", settings->share_folder);
        return;
    }
    snprintf(ret_share, SHARE_PATH_BYTES, "%s/share", program->folder);
    if (!file_is_folder(ret_share))
        snprintf(ret_share, SHARE_PATH_BYTES, "%s/../../share/kiosk",
                 program->folder);
}

bool command_open_words(const char *share)
{
    char path[SHARE_PATH_BYTES + sizeof "/locales"];

    snprintf(path, sizeof path, "%s/locales", share);
    if (!i18n_open(path))
        return true;
    fprintf(stderr, "kiosk: %s: the translations cannot be read\n", path);
    return false;
}

void command_tell_screens(void)
{
    static const char *names[64];
    size_t count = 0;

    for (const struct screen_kind *const *kind = screen_table; *kind; kind++)
        if ((*kind)->is_step && count + 1 < sizeof names / sizeof *names)
            names[count++] = (*kind)->name;
    item_set_screens(names);
}

/* systemd writes the exact time beside each line, and the order of lines would
 * give that of the journal's records away, too.  Where someone must come, that
 * weighs more. */
static bool may_write(const struct program *program,
                      const struct event_record_of *event)
{
    return program->may_write_events &&
           (!event->is_by_hour || event->level == EVENT_LEVEL_ERROR);
}

void command_write_event(void *owner, const struct event_record_of *event)
{
    if (may_write(owner, event))
        fprintf(stderr, "%s %s %s\n", event->name, event->words, event->fields);
}
