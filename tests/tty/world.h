/* What stands around a run of the program: folders, other programs and their
 * exit codes, children found in /proc, the hub's pages for phones, and whether
 * something stands in a file.  A failure here fails the test that asked. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { WORLD_PATH = 512, WORLD_TEXT = 65536 };

/* Joins two parts of a path. */
void world_join(char path[WORLD_PATH], const char *folder, const char *name);
/* The absolute path of one of our programs, as built. */
void world_program(char path[WORLD_PATH], const char *name);
/* A new folder under /tmp; world_remove() takes it away with all in it. */
void world_folder(char path[WORLD_PATH]);
void world_remove(const char *path);
/* FOLDER/state, empty: as the one who installs makes it for a terminal. */
void world_state(const char *folder);
void world_write(const char *path, const char *text, int mode);
/* The whole file with a NUL behind it, to mem_free(); NULL when it is not there. */
char *world_read(const char *path, size_t *ret_len);

/* A new folder that is a disk of its own, of so many bytes, seen by this
 * program and its children only; it goes with them.  False where that is
 * forbidden; ret_why then says what was. */
bool world_small_disk(char path[WORLD_PATH], size_t bytes,
                      const char **ret_why);
void world_remove_disk(const char *path);
/* Writes into FOLDER/ballast until nothing fits any more. */
void world_fill_disk(const char *folder);

/* kiosk copied into the folder, so that it finds there the kiosk-hub that is
 * this shell script; everything else of it is as built. */
void world_install(const char *folder, const char *hub_script);

/* Runs a program to its end.  Both streams end in a NUL. */
struct world_said {
    int code; /* 128 + signal, where it was killed */
    char out[WORLD_TEXT], err[WORLD_TEXT];
};
void world_run(const char *const *argv, struct world_said *ret_said);

/* In the folder: what is delivered as "share", with further items of tests/tty
 * in it ("parts.yaml", …, NULL), and settings that name it. */
void world_items(const char *folder, const char *const *items,
                 char settings[WORLD_PATH]);

/* A child by its name; 0: there is none (now). */
pid_t world_child(pid_t parent, const char *name);

/* GET of an http address on loopback: the status, with the answer's text in
 * body; 0 when nobody listens. */
int world_get(const char *url, char *body, size_t size);

/* Whether these bytes stand in a file of the folder or below, in its name or
 * its contents; ret_where (WORLD_PATH) then names it.  Files whose name ends
 * in except are passed over. */
bool world_holds(const char *folder, const char *bytes, const char *except,
                 char *ret_where);
