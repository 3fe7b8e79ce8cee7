/* Whether all ways through two versions of an item are the same, so that what
 * one walk told of the first holds of the second, too: half of all changes
 * touch words only, and a walk of a large item takes a second.  Where it says
 * no without need, time is lost; where a difference were overlooked, a change
 * would be told to live that a walk finds, never the other way round. */
#pragma once

#include "kiosk/flow/item.h"

bool item_walks_alike(const struct item *one, const struct item *other);
