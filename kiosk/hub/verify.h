/* Whether a certificate is genuine: by the address in its code, or by its
 * number and code (and the file's digest), for whoever was given one. */
#pragma once

#include "kiosk/hub/hub_parts.h"
#include "kiosk/hub/pages.h"

/* GET or POST of "/v" or "/v/ADDRESS". */
void hub_verify(struct hub *hub, const struct hub_request *request,
                const struct page_frame *frame, struct hub_response *response);
