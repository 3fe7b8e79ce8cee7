/* Settings of one terminal: one YAML file, read once at start.
 *
 * One table (settings.c) gives name, kind, limits, default and explanation of
 * each; help, the example file and the checks come from it.  Texts live until
 * settings_done(). */
#pragma once

#include "kiosk/base/err.h"
#include "kiosk/base/yaml.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct settings {
    char *place_zh, *place_en;
    char *machine_number;
    char *terminal; /* four digits */
    char *desk_zh, *desk_en;
    char *division; /* six digits */
    char *phone;
    char *hours; /* "08:30-17:30" or "00:00-24:00" */
    char *elsewhere_zh, *elsewhere_en;
    char *after_hours_zh, *after_hours_en;
    char *language;
    bool high_contrast, sound;
    char *large_font;
    int64_t large_size, larger_size;
    int64_t idle_s, idle_warn_s, bye_s;
    char *state_folder, *share_folder;
    int64_t reserve_mib;
    char *key_provider;
    char *card_driver, *card_place, *card_ids, *card_wiring;
    char *printer_driver, *paper;
    char *printer_queue, *printer_server;
    char *a4_driver, *a4_queue;
    char *hub_url, *hub_ca, *hub_office_key, *hub_public_url;
    int64_t hub_answer_s, send_wait_s, heartbeat_s;
};

/* All defaults. */
void settings_init(struct settings *settings);
void settings_done(struct settings *settings);

/* Reads a file over the defaults; every mistake is a line in problems. */
MUST_CHECK enum err settings_read(struct settings *settings, const char *path,
                                  struct problems *problems);

void settings_print_help(FILE *out);
void settings_print_example(FILE *out);

/* The minute of the day at which the hall opens. */
int settings_opens(const struct settings *settings);
/* Whether the hall is open at that minute of the day. */
bool settings_is_open(const struct settings *settings, int minute_of_day);
