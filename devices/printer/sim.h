/* A pretended slip printer: what comes out of it are the files 1.pdf, 2.pdf …
 * in the folder of its setting "folder".  README.md lists the lines it takes;
 * its setting "page_ms" says how long a page takes. */
#pragma once

#include "kiosk/device.h"

extern const struct driver printer_sim_driver;
