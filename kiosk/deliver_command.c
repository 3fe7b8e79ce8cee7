#include "kiosk/deliver_command.h"

#include "kiosk/base/file.h"
#include "kiosk/delivered.h"

#include <stdio.h>
#include <stdlib.h>

static int deliver(const char *folder)
{
    struct problems problems;
    size_t count = 0;

    problems_init(&problems);
    enum err err = delivered_compile(folder, &problems, &count);
    fputs(problems.text.text, stderr);
    if (err && problems.count == 0)
        fprintf(stderr, "kiosk: %s: cannot be compiled: %s (%s)\n", folder,
                err_text(err), err_name(err));
    problems_done(&problems);
    printf("%zu pack%s written\n", count, count == 1 ? "" : "s");
    return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

int deliver_command(int argc, char **argv, const struct program *program)
{
    (void)program;
    if (argc != 2 || !*argv[1] || argv[1][0] == '-')
        return command_complain("after deliver, one folder of items is "
                                "expected",
                                "");
    command_tell_screens();
    if (!file_is_folder(argv[1])) {
        fprintf(stderr, "kiosk: %s: a folder of items is expected\n", argv[1]);
        return EXIT_FAILURE;
    }
    return deliver(argv[1]);
}
