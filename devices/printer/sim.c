/* A pretended slip printer.
 *
 * A copy is a file N.pdf, written when its last page came out.  A printer that
 * runs out of paper, is opened or dies in the middle writes nothing of the copy
 * that it was at, and forgets the job: nothing of it comes out after a refill.
 * `printer die N` makes the next job that reaches its Nth page fail there; the
 * printer stays broken until staff put paper in or close the cover.  At
 * `printer wait N` it waits for paper there instead, as real ones do. */
#include "devices/printer/sim.h"

#include "devices/printer/pdf.h"
#include "devices/words.h"
#include "kiosk/base/buf.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_MS = 400, PATH_BYTES = 512, PAGES_MAX = PDF_PAGES_MAX };

struct sim {
    struct timer *timer; /* runs while a page is printed */
    int page_ms;
    char folder[PATH_BYTES];
    int next_file;

    bool has_paper, is_covered, is_dead;
    int die_at;  /* a job's page, from 1; 0: never */
    int wait_at; /* the same, for finding no paper there */
    bool is_waiting;
    bool is_mute; /* of the next page that comes out nothing will be heard */

    bool has_job;
    struct device_job job;
    int pages_each; /* pages of one copy */
    int pages;      /* that came out so far, of all copies */
};

/* --- what the printer is ------------------------------------------------ */

static enum err hindrance(const struct sim *sim)
{
    if (sim->is_dead)
        return ERR_DEVICE;
    if (!sim->is_covered)
        return ERR_COVER_OPEN;
    return sim->has_paper ? ERR_OK : ERR_PAPER_OUT;
}

static void tell_state(struct device *device)
{
    const struct sim *sim = device_memory(device);
    enum err why = hindrance(sim);

    if (!why)
        device_changed(device, DEVICE_READY, ERR_OK, ACTION_NONE);
    else if (why == ERR_DEVICE)
        device_changed(device, DEVICE_BROKEN, why, ACTION_MAINTENANCE);
    else
        device_changed(device, DEVICE_BLOCKED, why, ACTION_CLEAR);
}

/* --- the job ------------------------------------------------------------ */

static int total_pages(const struct sim *sim)
{
    return sim->pages_each * sim->job.copies;
}

static void end_job(struct device *device, enum err err)
{
    struct sim *sim = device_memory(device);

    timer_stop(sim->timer);
    sim->is_waiting = false;
    if (!sim->has_job)
        return;
    sim->has_job = false;
    if (err == ERR_TIMEOUT)
        device_printed(device, PRINT_UNKNOWN, sim->pages, total_pages(sim));
    else
        device_printed(device, err ? PRINT_FAILED : PRINT_DONE, sim->pages,
                       total_pages(sim));
    sim->job = (struct device_job){ 0 };
    device_finished(device, err, NULL);
}

static enum err write_copy(struct sim *sim)
{
    char path[PATH_BYTES + 32];
    enum err err;

    do /* another printer may put its paper there, too */
        (void)snprintf(path, sizeof(path), "%s/%d.pdf", sim->folder,
                       sim->next_file++);
    while (file_exists(path));
    err = file_replace(path, sim->job.pdf, sim->job.pdf_len, 0600);
    return err;
}

static void on_page(void *owner)
{
    struct device *device = owner;
    struct sim *sim = device_memory(device);
    enum err err = ERR_OK;

    if (sim->die_at == sim->pages + 1) {
        sim->die_at = 0;
        sim->is_dead = true;
        end_job(device, ERR_DEVICE);
        tell_state(device);
        return;
    }
    if (sim->wait_at == sim->pages + 1) {
        sim->wait_at = 0;
        sim->has_paper = false;
        sim->is_waiting = true;
        tell_state(device);
        return;
    }
    if (sim->is_mute) {
        sim->is_mute = false;
        end_job(device, ERR_TIMEOUT);
        return;
    }
    sim->pages++;
    if (sim->pages % sim->pages_each == 0)
        err = write_copy(sim);
    if (err || sim->pages == total_pages(sim)) {
        end_job(device, err);
        return;
    }
    device_printed(device, PRINT_PRINTING, sim->pages, total_pages(sim));
    timer_start(sim->timer, sim->page_ms);
}

static void sim_start(struct device *device, const struct device_job *job)
{
    struct sim *sim = device_memory(device);
    enum err err = hindrance(sim);

    sim->has_job = true;
    sim->job = *job;
    sim->pages = 0;
    sim->pages_each = job->pdf ? pdf_count_pages(job->pdf, job->pdf_len) : 1;
    if (job->kind != JOB_PRINT || !job->pdf || job->pdf_len == 0 ||
        job->copies < 1 || job->copies > PAGES_MAX) {
        sim->job.copies = 1;
        err = ERR_BAD_INPUT;
    }
    if (err) {
        end_job(device, err);
        return;
    }
    device_printed(device, PRINT_SENT, 0, total_pages(sim));
    device_printed(device, PRINT_PRINTING, 0, total_pages(sim));
    timer_start(sim->timer, sim->page_ms);
}

static void sim_stop(struct device *device)
{
    end_job(device, ERR_CANCELLED);
}

/* --- opening and closing ------------------------------------------------ */

static void on_name(void *owner, const char *name)
{
    struct sim *sim = owner;
    char *end;
    long number = strtol(name, &end, 10);

    if (strcmp(end, ".pdf") == 0 && number >= sim->next_file &&
        number < 1000000000)
        sim->next_file = (int)number + 1;
}

static enum err open_folder(struct sim *sim, const char *folder)
{
    enum err err;

    if (!folder || !*folder || strlen(folder) >= sizeof(sim->folder))
        return ERR_BAD_INPUT;
    memcpy(sim->folder, folder, strlen(folder) + 1);
    err = file_make_folder(folder, 0700);
    if (!err)
        err = file_list(folder, ".pdf", on_name, sim);
    return err;
}

static void sim_open(struct device *device)
{
    struct sim *sim = device_memory(device);

    sim->page_ms =
        words_milliseconds(device_setting(device, "page_ms"), PAGE_MS);
    sim->next_file = 1;
    sim->has_paper = true;
    sim->is_covered = true;
    sim->timer = timer_new(device_loop(device), "printer/sim", on_page, device);
    device_opened(device, open_folder(sim, device_setting(device, "folder")));
}

static void sim_close(struct device *device)
{
    struct sim *sim = device_memory(device);

    timer_free(sim->timer);
    sim->timer = NULL;
    device_closed(device);
}

/* --- the simulator's lines ---------------------------------------------- */

/* What staff did, and what it does to the job that runs. */
static void changed(struct device *device)
{
    struct sim *sim = device_memory(device);
    enum err why = hindrance(sim);

    if (why) {
        end_job(device, why);
    } else if (sim->is_waiting) {
        sim->is_waiting = false;
        timer_start(sim->timer, sim->page_ms);
    }
    tell_state(device);
}

static enum err pretend_paper(struct device *device, const char *word)
{
    struct sim *sim = device_memory(device);

    if (strcmp(word, "in") == 0) {
        sim->has_paper = true;
        sim->is_dead = false;
    } else if (strcmp(word, "out") == 0) {
        sim->has_paper = false;
    } else {
        return ERR_BAD_INPUT;
    }
    changed(device);
    return ERR_OK;
}

static enum err pretend_cover(struct device *device, const char *word)
{
    struct sim *sim = device_memory(device);

    if (strcmp(word, "closed") == 0) {
        sim->is_covered = true;
        sim->is_dead = false;
    } else if (strcmp(word, "open") == 0) {
        sim->is_covered = false;
    } else {
        return ERR_BAD_INPUT;
    }
    changed(device);
    return ERR_OK;
}

static enum err pretend_printer(struct device *device, const char *word,
                                const char **line)
{
    struct sim *sim = device_memory(device);
    struct word count;
    enum err err;
    char *end;
    long page;

    if (strcmp(word, "mute") == 0 && !(*line)[strspn(*line, " \t")]) {
        sim->is_mute = true;
        return ERR_OK;
    }
    if ((strcmp(word, "die") != 0 && strcmp(word, "wait") != 0) ||
        !words_next(line, &count, &err) || err)
        return ERR_BAD_INPUT;
    page = strtol(count.value, &end, 10);
    if (*count.key || *end || end == count.value || page < 1 ||
        page > PAGES_MAX || (*line)[strspn(*line, " \t")])
        return ERR_BAD_INPUT;
    *(*word == 'd' ? &sim->die_at : &sim->wait_at) = (int)page;
    return ERR_OK;
}

static enum err sim_pretend(struct device *device, const char *line)
{
    struct word what, which;
    enum err err;
    bool is_printer;

    if (!words_next(&line, &what, &err) || err || *what.key)
        return ERR_NOT_FOUND;
    is_printer = strcmp(what.value, "printer") == 0;
    if (!is_printer && strcmp(what.value, "paper") != 0 &&
        strcmp(what.value, "cover") != 0)
        return ERR_NOT_FOUND;
    if (!words_next(&line, &which, &err) || err || *which.key)
        return ERR_BAD_INPUT;
    if (is_printer)
        return pretend_printer(device, which.value, &line);
    if (line[strspn(line, " \t")])
        return ERR_BAD_INPUT;
    return strcmp(what.value, "paper") == 0
               ? pretend_paper(device, which.value)
               : pretend_cover(device, which.value);
}

const struct driver printer_sim_driver = {
    .name = "printer/sim",
    .class = DEVICE_PRINTER,
    .memory = sizeof(struct sim),
    .open = sim_open,
    .close = sim_close,
    .start = sim_start,
    .stop = sim_stop,
    .look = tell_state,
    .pretend = sim_pretend,
};
