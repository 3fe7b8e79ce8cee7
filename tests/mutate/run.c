#include "tests/mutate/run.h"

#include <string.h>

#include "kiosk/base/mem.h"

enum { LINE_MAX_BYTES = 8192, NAME_BYTES = 64 };

struct trial {
    const struct run *run;
    const char *path;
    char item[NAME_BYTES]; /* its name, without .yaml */
    struct judge *judge;
    struct tally *tally;
};

static void name_item(struct trial *trial)
{
    const char *slash = strrchr(trial->path, '/');
    const char *name = slash ? slash + 1 : trial->path;
    const char *dot = strrchr(name, '.');
    size_t len = dot ? (size_t)(dot - name) : strlen(name);

    if (len >= sizeof trial->item)
        len = sizeof trial->item - 1;
    memcpy(trial->item, name, len);
    trial->item[len] = '\0';
}

static void count(struct tally *tally, const struct change *change,
                  enum found_by by)
{
    tally->changes++;
    tally->kind_changes[change->kind]++;
    if (by == FOUND_NOTHING)
        return;
    tally->found++;
    tally->found_by[by]++;
    tally->kind_found[change->kind]++;
}

static const char *reason_of(const struct trial *trial,
                             const struct change *change)
{
    const char *reason = NULL;
    struct buf told;

    if (!trial->run->looked)
        return NULL;
    buf_init(&told, LINE_MAX_BYTES);
    change_tell(change, trial->item, &told);
    reason = looked_reason(trial->run->looked, told.text);
    buf_done(&told);
    return reason;
}

static void tell(const struct trial *trial, const struct change *change,
                 enum found_by by, const char *message)
{
    struct buf line;

    buf_init(&line, LINE_MAX_BYTES);
    buf_add_format(&line, "%s:%zu: %s: %s: %s: ", trial->path, change->line,
                   change_kind_name(change->kind), change->where, change->what);
    if (by != FOUND_NOTHING) {
        buf_add_format(&line, "found: %s", message);
    } else {
        const char *reason = reason_of(trial, change);

        trial->tally->fresh += !reason;
        buf_add_format(&line, "LIVED, %s%s", reason ? "looked at: " : "new",
                       reason ? reason : "");
    }
    if (by == FOUND_NOTHING || trial->run->tells_all)
        trial->run->on_line(trial->run->owner, line.text);
    buf_done(&line);
}

static void try_one(const struct trial *trial, const struct change *change)
{
    size_t len, made_len = 0;
    const char *text = judge_text(trial->judge, &len);
    char *made = edit_apply(&change->edit, text, len, &made_len);
    struct buf message;

    buf_init(&message, LINE_MAX_BYTES / 2);
    enum found_by by = judge_try(trial->judge, made, made_len, &message);
    count(trial->tally, change, by);
    tell(trial, change, by, message.text);
    buf_done(&message);
    mem_free(made);
}

static void on_stale(void *owner, const char *change)
{
    const struct trial *trial = owner;
    struct buf line;

    buf_init(&line, LINE_MAX_BYTES);
    buf_add_format(&line, "%s: looked at, and lives no more (take it away): %s",
                   trial->path, change);
    trial->run->on_line(trial->run->owner, line.text);
    buf_done(&line);
}

static enum err try_all(struct trial *trial, struct buf *problems)
{
    struct changes changes;
    size_t len;
    const char *text = judge_text(trial->judge, &len);
    struct tree *tree = tree_read(text, len);

    if (!tree) {
        buf_add_format(problems, "%s: this is no YAML that can be changed\n",
                       trial->path);
        return ERR_BAD_INPUT;
    }
    changes_make(tree, &changes);
    for (size_t i = 0; i < changes.count; i += trial->run->each)
        try_one(trial, &changes.list[i]);
    if (trial->run->looked && trial->run->each == 1)
        looked_stale(trial->run->looked, trial->item, on_stale, trial);
    changes_done(&changes);
    tree_free(tree);
    return ERR_OK;
}

enum err run_file(const struct run *run, const char *path, struct buf *problems,
                  struct tally *ret_tally)
{
    struct tally tally = { 0 };
    struct trial trial = { .run = run, .path = path, .tally = &tally };
    enum err err = judge_open(path, problems, &trial.judge);

    if (err)
        return err;
    name_item(&trial);
    err = try_all(&trial, problems);
    judge_close(trial.judge);
    if (!err)
        *ret_tally = tally;
    return err;
}

void tally_add(struct tally *sum, const struct tally *tally)
{
    sum->changes += tally->changes;
    sum->found += tally->found;
    sum->fresh += tally->fresh;
    for (size_t i = 0; i < FOUND_NOTHING; i++)
        sum->found_by[i] += tally->found_by[i];
    for (size_t i = 0; i < CHANGE_COUNT; i++) {
        sum->kind_changes[i] += tally->kind_changes[i];
        sum->kind_found[i] += tally->kind_found[i];
    }
}

bool tally_is_enough(const struct tally *tally)
{
    return tally->found * 100 >= tally->changes * RUN_PERCENT;
}

static void tell_share(size_t changes, size_t found, struct buf *out)
{
    size_t tenths = changes ? found * 1000 / changes : 1000;

    buf_add_format(out, "%zu changes, %zu found (%zu.%zu %%)", changes, found,
                   tenths / 10, tenths % 10);
}

void tally_tell(const struct tally *tally, struct buf *out)
{
    tell_share(tally->changes, tally->found, out);
    buf_add_format(out,
                   ": %zu when it is read, %zu by its tests, %zu by walking "
                   "its ways\n",
                   tally->found_by[FOUND_READING], tally->found_by[FOUND_TEST],
                   tally->found_by[FOUND_WAYS]);
    for (int i = 0; i < CHANGE_COUNT; i++) {
        if (!tally->kind_changes[i])
            continue;
        buf_add_format(out, "  %-9s", change_kind_name((enum change_kind)i));
        tell_share(tally->kind_changes[i], tally->kind_found[i], out);
        buf_add_char(out, '\n');
    }
}
