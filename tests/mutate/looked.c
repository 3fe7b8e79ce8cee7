#include "tests/mutate/looked.h"

#include <string.h>

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"

enum { FILE_MAX = 1024 * 1024 };

struct entry {
    const char *change, *reason;
    bool is_living;
};

struct looked {
    char *text; /* cut into lines, which the entries are */
    struct entry *entries;
    size_t count;
};

static const char because[] = "because ";

/* False: it is neither a reason nor a change below one. */
static bool take_line(struct looked *looked, const char *line,
                      const char **reason)
{
    size_t before = sizeof because - 1;

    if (*line == '\0' || *line == '#')
        return true;
    if (strncmp(line, because, before) == 0) {
        *reason = line + before;
        return **reason != '\0';
    }
    if (!*reason || !strstr(line, ": "))
        return false;
    looked->entries[looked->count++] = (struct entry){ line, *reason, false };
    return true;
}

static enum err take_lines(struct looked *looked, struct buf *problem)
{
    const char *reason = NULL;
    size_t number = 1;

    for (char *line = looked->text; line; number++) {
        char *end = strchr(line, '\n');

        if (end)
            *end++ = '\0';
        if (!take_line(looked, line, &reason)) {
            buf_add_format(problem,
                           "line %zu: expected \"because REASON\", a comment, "
                           "or below a reason a change as it is told",
                           number);
            return ERR_BAD_INPUT;
        }
        line = end;
    }
    return ERR_OK;
}

enum err looked_read(const char *path, struct buf *problem,
                     struct looked **ret_looked)
{
    struct looked *looked = mem_new(sizeof *looked);
    size_t len = 0, lines = 1;
    enum err err = file_read(path, FILE_MAX, &looked->text, &len);

    if (!err) {
        for (size_t i = 0; i < len; i++)
            lines += looked->text[i] == '\n';
        looked->entries = mem_new(lines * sizeof *looked->entries);
        err = take_lines(looked, problem);
    }
    if (err)
        looked_free(looked);
    else
        *ret_looked = looked;
    return err;
}

void looked_free(struct looked *looked)
{
    if (!looked)
        return;
    mem_free(looked->entries);
    mem_free(looked->text);
    mem_free(looked);
}

const char *looked_reason(struct looked *looked, const char *change)
{
    for (size_t i = 0; i < looked->count; i++) {
        struct entry *entry = &looked->entries[i];

        if (strcmp(entry->change, change) != 0)
            continue;
        entry->is_living = true;
        return entry->reason;
    }
    return NULL;
}

void looked_stale(const struct looked *looked, const char *item,
                  void (*on_stale)(void *owner, const char *change),
                  void *owner)
{
    size_t len = strlen(item);

    for (size_t i = 0; i < looked->count; i++) {
        const struct entry *entry = &looked->entries[i];

        if (!entry->is_living && strncmp(entry->change, item, len) == 0 &&
            entry->change[len] == ':')
            on_stale(owner, entry->change);
    }
}
