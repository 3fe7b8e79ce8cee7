/* Holds a writer's thread inside a job, so that whatever a test queues in the
 * meantime is surely one group. */
#pragma once

#include "kiosk/store/writer.h"

/* To be queued; it does nothing but wait for gate_open(). */
struct writer_job *gate_job(void);
/* Returns once the thread is inside. */
void gate_wait_entered(void);
void gate_open(void);
