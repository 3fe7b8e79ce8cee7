/* What a running program weighs and holds, as the kernel tells it.  Only root
 * may ask (the program is not dumpable). */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct weight {
    long pss_kib, own_kib; /* own: nobody shares it */
    int descriptors, threads, children;
    long secret_bytes; /* of its secret memory that are not zero */
};

/* False where it may not be asked. */
bool weight_take(pid_t pid, struct weight *ret_weight);
