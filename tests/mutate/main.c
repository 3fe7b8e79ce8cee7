/* mutate [--each N] [--all] [--looked FILE] FILE|FOLDER ...: is a slip of the
 * hand in an item's file found?  README.md says how it is read. */
#include "tests/mutate/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/file.h"
#include "kiosk/command_line.h"

enum { PATH_BYTES = 1024, TEXT_MAX = 2 * 1024 * 1024, EACH_MAX = 100000 };

struct program_run {
    struct run run;
    const char *folder; /* now looked into */
    struct tally sum;
    size_t files;
    bool is_bad, is_under;
};

static void on_line(void *owner, const char *line)
{
    (void)owner;
    puts(line);
    fflush(stdout);
}

static void print_tally(const char *name, const struct tally *tally)
{
    struct buf text;

    buf_init(&text, TEXT_MAX);
    tally_tell(tally, &text);
    printf("%s: %s", name, text.text);
    if (tally->fresh)
        printf("  %zu of those that live are new: nobody has looked at them\n",
               tally->fresh);
    fflush(stdout);
    buf_done(&text);
}

static void run_path(struct program_run *all, const char *path)
{
    struct tally tally = { 0 };
    struct buf problems;

    buf_init(&problems, TEXT_MAX);
    enum err err = run_file(&all->run, path, &problems, &tally);
    if (err) {
        fprintf(stderr, "%smutate: %s: %s\n", problems.text, path,
                problems.len ? "as it is it has an error: nothing is tried"
                             : err_text(err));
        all->is_bad = true;
    } else {
        print_tally(path, &tally);
        tally_add(&all->sum, &tally);
        all->files++;
        if (!tally_is_enough(&tally)) {
            printf("%s: under %d %%\n", path, RUN_PERCENT);
            all->is_under = true;
        }
    }
    buf_done(&problems);
}

static void on_item(void *owner, const char *name)
{
    struct program_run *all = owner;
    char path[PATH_BYTES];

    snprintf(path, sizeof path, "%s/%s", all->folder, name);
    run_path(all, path);
}

static void run_given(struct program_run *all, const char *given)
{
    if (!file_is_folder(given)) {
        run_path(all, given);
        return;
    }
    all->folder = given;
    enum err err = file_list(given, ".yaml", on_item, all);
    if (err) {
        fprintf(stderr, "mutate: %s: %s\n", given, err_text(err));
        all->is_bad = true;
    }
}

static int complain(void)
{
    fputs("usage: mutate [--each N] [--all] [--looked FILE] FILE|FOLDER ...\n",
          stderr);
    return EXIT_USAGE;
}

static bool read_looked(struct program_run *all, const char *path)
{
    struct buf problem;

    buf_init(&problem, TEXT_MAX);
    enum err err = looked_read(path, &problem, &all->run.looked);
    if (err)
        fprintf(stderr, "mutate: %s: %s\n", path,
                problem.len ? problem.text : err_text(err));
    buf_done(&problem);
    return !err;
}

/* How many words were options; 0: they cannot be meant. */
static int take_options(struct program_run *all, int argc, char **argv)
{
    int at = 1;

    for (; at < argc && strncmp(argv[at], "--", 2) == 0; at++) {
        bool has_value = at + 1 < argc;

        if (strcmp(argv[at], "--all") == 0)
            all->run.tells_all = true;
        else if (strcmp(argv[at], "--each") == 0 && has_value)
            all->run.each = (size_t)command_parse_count(argv[++at], EACH_MAX);
        else if (strcmp(argv[at], "--looked") == 0 && has_value) {
            if (!read_looked(all, argv[++at]))
                return 0;
        } else
            return 0;
    }
    return all->run.each > 0 && at < argc ? at : 0;
}

int main(int argc, char **argv)
{
    struct program_run all = { .run = { .each = 1, .on_line = on_line } };
    int at = take_options(&all, argc, argv);

    if (!at) {
        looked_free(all.run.looked);
        return complain();
    }
    command_tell_screens();
    for (; at < argc; at++)
        run_given(&all, argv[at]);
    if (all.files > 1)
        print_tally("all", &all.sum);
    looked_free(all.run.looked);
    return all.is_bad || all.is_under ? EXIT_FAILURE : EXIT_SUCCESS;
}
