/* Somebody at another machine of the same hub: the demonstration's hub told
 * where it listens, and signed requests go there beside the kiosk's own. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* kiosk into the folder, with a kiosk-hub that writes down where it is. */
void rival_install(const char *folder);
/* How far that machine's clock is ahead; the demonstration's hub follows it. */
void rival_ahead(int64_t ms);
/* Asks that hub; the HTTP status, and the answer's body.  json NULL: without a
 * body.  Where the hub's clock is another it is asked again by that. */
int rival_ask(const char *folder, const char *method, const char *path,
              const char *json, char *body, size_t size);
