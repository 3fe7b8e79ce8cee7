#include "kiosk/base/fault.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

enum { PLANS_MAX = 16 };

/* The store asks from its own thread, hence the lock; in life no plan exists
 * and the counter alone answers. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int plan_count;
static struct {
    const char *name; /* a string literal of the test's; NULL: free */
    int times;
} plans[PLANS_MAX];

static bool (*judge_fn)(const char *name); /* counts as a plan */

static int find(const char *name)
{
    for (int i = 0; i < PLANS_MAX; i++)
        if (plans[i].name && strcmp(plans[i].name, name) == 0)
            return i;
    return -1;
}

static void forget(int i)
{
    plans[i].name = NULL;
    plan_count--;
}

bool fault_is_due(const char *name)
{
    if (plan_count == 0)
        return false;
    if (judge_fn)
        return judge_fn(name);
    pthread_mutex_lock(&lock);
    int i = find(name);
    if (i >= 0 && plans[i].times > 0 && --plans[i].times == 0)
        forget(i);
    pthread_mutex_unlock(&lock);
    return i >= 0;
}

void fault_plan(const char *name, int times)
{
    pthread_mutex_lock(&lock);
    int i = find(name);
    if (i >= 0)
        forget(i);
    for (i = 0; times != 0 && i < PLANS_MAX; i++) {
        if (plans[i].name)
            continue;
        plans[i].name = name;
        plans[i].times = times;
        plan_count++;
        break;
    }
    assert(i < PLANS_MAX);
    pthread_mutex_unlock(&lock);
}

void fault_set_judge(bool (*judge)(const char *name))
{
    plan_count += (judge != NULL) - (judge_fn != NULL);
    judge_fn = judge;
}
