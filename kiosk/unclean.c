#include "kiosk/unclean.h"

#include "kiosk/base/buf.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { PATH_BYTES = 512, FILE_MAX_BYTES = 4096, TIMES_MAX = 2 * UNCLEAN_MOST };

static void path_of(struct buf *path, const char *state_folder)
{
    buf_init(path, PATH_BYTES);
    buf_add_text(path, state_folder);
    buf_add_text(path, "/running");
}

/* A clock that was set back in between makes a time lie ahead; that far away
 * it says nothing, as one long past. */
static bool is_recent(int64_t time_ms, int64_t now_ms)
{
    int64_t apart_ms = now_ms - time_ms;
    return apart_ms <= UNCLEAN_WINDOW_MS && apart_ms >= -UNCLEAN_WINDOW_MS;
}

/* Those of the file's times that count, oldest first, and how many.  A line
 * that is no number (the disk's fault) is passed over. */
static int read_times(const char *text, int64_t now_ms,
                      int64_t times[TIMES_MAX])
{
    int count = 0;

    while (*text) {
        char *end;
        int64_t time_ms = strtoll(text, &end, 10);
        bool is_line = *text >= '0' && *text <= '9' && *end == '\n';
        if (is_line && is_recent(time_ms, now_ms)) {
            if (count == TIMES_MAX)
                memmove(times, times + 1, sizeof *times * (size_t)--count);
            times[count++] = time_ms;
        }
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return count;
}

static enum err write_times(const char *path, const int64_t *times, int count)
{
    struct buf lines;

    buf_init(&lines, FILE_MAX_BYTES);
    for (int i = 0; i < count; i++)
        buf_add_format(&lines, "%lld\n", (long long)times[i]);
    enum err err = file_replace(path, lines.text, lines.len, 0600);
    buf_done(&lines);
    return err;
}

enum err unclean_begin(const char *state_folder, int *ret_count)
{
    int64_t times[TIMES_MAX + 1];
    struct buf path;
    char *text = NULL;
    size_t len;
    int64_t now_ms = clock_wall_ms();

    *ret_count = 0;
    enum err err = file_make_folder(state_folder, 0700);
    if (err)
        return err;
    path_of(&path, state_folder);
    err = file_read(path.text, FILE_MAX_BYTES, &text, &len);
    if (!err) {
        *ret_count = read_times(text, now_ms, times);
        times[(*ret_count)++] = now_ms;
    }
    err = write_times(path.text, times, *ret_count);
    mem_free(text);
    buf_done(&path);
    return err;
}

void unclean_end(const char *state_folder)
{
    struct buf path;

    path_of(&path, state_folder);
    enum err err = file_remove(path.text);
    (void)err; /* a disk that fails is told elsewhere */
    buf_done(&path);
}
