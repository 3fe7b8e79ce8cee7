#include "kiosk/ui/paint.h"

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/ui/qr.h"

#include <errno.h>
#include <locale.h>
#include <ncurses.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

enum { ROWS_MOST = 500, COLS_MOST = 1000 };

/* Button presses as SGR reports; what is pasted comes in brackets. */
static const char take_over[] = "\x1b[?1000h\x1b[?1006h\x1b[?2004h";
static const char give_back[] = "\x1b[?2004l\x1b[?1006l\x1b[?1000l";

struct paint {
    int fd_in, fd_out;
    FILE *in, *out;
    int sink; /* where what is only to be overwritten is painted to */
    SCREEN *screen;
    struct termios saved;
    int rows, cols;
    enum ui_theme theme;
    bool is_painted_anew;
};

/* ---- Taking the terminal over ------------------------------------------ */

/* After ncurses has started, which sets modes of its own; what it does with
 * newlines on the way out stays as it likes it. */
static enum err make_raw(struct paint *paint)
{
    struct termios raw;

    if (tcgetattr(paint->fd_in, &raw) != 0)
        return ERR_NO_DEVICE;
    raw.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | IGNBRK | INLCR | IGNCR | INPCK |
                               ISTRIP | IXON | PARMRK);
    raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
    raw.c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
    raw.c_cflag |= CS8;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    return tcsetattr(paint->fd_in, TCSANOW, &raw) == 0 ? ERR_OK : ERR_NO_DEVICE;
}

/* ncurses sets handlers of its own where nobody else has one; signals are the
 * loop's business. */
static const int signals_of_ncurses[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };
enum { SIGNALS = sizeof signals_of_ncurses / sizeof signals_of_ncurses[0] };

static bool is_known(struct paint *paint, const char *term)
{
    char name[64];
    int status;

    (void)snprintf(name, sizeof name, "%s", term ? term : "");
    if (setupterm(name, paint->fd_out, &status) != OK)
        return false;
    (void)del_curterm(cur_term);
    return true;
}

static enum err start_ncurses(struct paint *paint, const char *term)
{
    struct sigaction before[SIGNALS];

    if (!is_known(paint, term)) /* newterm would lose memory over that */
        return ERR_NOT_FOUND;

    for (int i = 0; i < SIGNALS; i++)
        (void)sigaction(signals_of_ncurses[i], NULL, &before[i]);
    paint->screen = newterm(term, paint->out, paint->in);
    for (int i = 0; i < SIGNALS; i++)
        (void)sigaction(signals_of_ncurses[i], &before[i], NULL);
    return paint->screen ? ERR_OK : ERR_NOT_FOUND;
}

static void start_colors(struct paint *paint)
{
    (void)start_color();
    paint_set_theme(paint, UI_THEME_NORMAL);
}

static FILE *stream_on(int fd, const char *how)
{
    int own = dup(fd);
    FILE *stream = own < 0 ? NULL : fdopen(own, how);

    if (!stream && own >= 0)
        (void)close(own);
    return stream;
}

static enum err open_streams(struct paint *paint)
{
    paint->in = stream_on(paint->fd_in, "r");
    paint->out = stream_on(paint->fd_out, "w");
    if (!paint->in || !paint->out)
        return ERR_IO;
    return file_open_sink(&paint->sink);
}

static void write_all(struct paint *paint, const char *text)
{
    (void)fputs(text, paint->out);
    (void)fflush(paint->out);
}

static struct paint *open_blind(void)
{
    struct paint *paint = mem_new(sizeof *paint);

    paint->fd_in = paint->fd_out = paint->sink = -1;
    paint->rows = LAYOUT_ROWS_BIG;
    paint->cols = LAYOUT_COLS_BIG;
    return paint;
}

enum err paint_open(int fd_in, int fd_out, const char *term,
                    struct paint **ret_paint)
{
    if (fd_in < 0 && fd_out < 0) {
        *ret_paint = open_blind();
        return ERR_OK;
    }
    if (!isatty(fd_in) || !isatty(fd_out))
        return ERR_NO_DEVICE;
    if (MB_CUR_MAX == 1) /* a terminal paints characters, not bytes */
        (void)setlocale(LC_CTYPE, "C.UTF-8");
    struct paint *paint = mem_new(sizeof *paint);
    paint->fd_in = fd_in;
    paint->fd_out = fd_out;
    paint->sink = -1;
    if (tcgetattr(fd_in, &paint->saved) != 0) {
        mem_free(paint);
        return ERR_NO_DEVICE;
    }
    enum err err = open_streams(paint);
    if (!err)
        err = start_ncurses(paint, term);
    if (!err)
        err = make_raw(paint);
    if (err) {
        paint_close(paint);
        return err;
    }
    start_colors(paint);
    paint_measure(paint);
    write_all(paint, take_over);
    *ret_paint = paint;
    return ERR_OK;
}

void paint_close(struct paint *paint)
{
    if (!paint)
        return;
    if (paint->screen) {
        (void)set_term(paint->screen);
        write_all(paint, give_back);
        (void)erase(); /* what a citizen saw does not stay in the window */
        (void)refresh();
        (void)endwin();
        delscreen(paint->screen);
    }
    if (paint->in)
        (void)fclose(paint->in);
    if (paint->out)
        (void)fclose(paint->out);
    if (paint->sink >= 0)
        (void)close(paint->sink);
    if (paint->fd_in >= 0)
        (void)tcsetattr(paint->fd_in, TCSANOW, &paint->saved);
    mem_free(paint);
}

/* ---- Size and theme ---------------------------------------------------- */

static int within(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

void paint_pretend_size(struct paint *paint, int rows, int cols)
{
    paint->rows = within(rows, 1, ROWS_MOST);
    paint->cols = within(cols, 1, COLS_MOST);
}

void paint_measure(struct paint *paint)
{
    struct winsize size = { 0 };
    int rows = LAYOUT_ROWS_BIG, cols = LAYOUT_COLS_BIG;

    if (!paint->screen)
        return;
    (void)set_term(paint->screen);
    if (ioctl(paint->fd_out, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 &&
        size.ws_col > 0) {
        rows = size.ws_row;
        cols = size.ws_col;
    }
    paint->rows = within(rows, 1, ROWS_MOST);
    paint->cols = within(cols, 1, COLS_MOST);
    (void)resizeterm(paint->rows, paint->cols);
    paint->is_painted_anew = true;
}

void paint_size(const struct paint *paint, int *ret_rows, int *ret_cols)
{
    *ret_rows = paint->rows;
    *ret_cols = paint->cols;
}

static short pair_of(enum ink ink)
{
    return (short)(ink + 1);
}

void paint_set_theme(struct paint *paint, enum ui_theme theme)
{
    paint->theme = theme;
    if (!paint->screen)
        return;
    (void)set_term(paint->screen);
    if (!has_colors())
        return;
    for (int ink = 0; ink < INK_COUNT; ink++) {
        struct ink_look look = theme_look(theme, (enum ink)ink, COLORS);
        (void)init_pair(pair_of((enum ink)ink), look.text, look.ground);
    }
    paint->is_painted_anew = true;
}

void paint_forget(struct paint *paint)
{
    paint->is_painted_anew = true;
}

/* ---- Marks ------------------------------------------------------------- */

/* Without colours what stands out is turned round. */
static attr_t look_without_colors(enum ink ink)
{
    bool is_turned = ink == INK_BAND || ink == INK_FOCUS || ink == INK_BAR ||
                     ink == INK_GO || ink == INK_CALL || ink == INK_QR_DARK;
    return is_turned ? A_REVERSE : A_NORMAL;
}

static void use_ink(const struct paint *paint, enum ink ink)
{
    struct ink_look look = theme_look(paint->theme, ink, COLORS);
    attr_t attr = has_colors() ? A_NORMAL : look_without_colors(ink);

    if (look.is_bold)
        attr |= A_BOLD;
    if (look.is_underlined)
        attr |= A_UNDERLINE;
    (void)attr_set(attr, has_colors() ? pair_of(ink) : 0, NULL);
}

static void fill_row(int row, int col, int cols)
{
    (void)mvhline(row, col, ' ', cols);
}

static void put_at(int row, int col, const char *text, size_t len)
{
    (void)mvaddnstr(row, col, text, (int)len);
}

static void put_line(int row, int col, int cols)
{
    for (int i = 0; i < cols; i++)
        put_at(row, col + i, "─", strlen("─"));
}

static void put_box(const struct mark *mark)
{
    int right = mark->col + mark->cols - 1;
    int bottom = mark->row + mark->rows - 1;

    put_line(mark->row, mark->col, mark->cols);
    put_line(bottom, mark->col, mark->cols);
    for (int row = mark->row + 1; row < bottom; row++) {
        fill_row(row, mark->col, mark->cols);
        put_at(row, mark->col, "│", strlen("│"));
        put_at(row, right, "│", strlen("│"));
    }
    put_at(mark->row, mark->col, "┌", strlen("┌"));
    put_at(mark->row, right, "┐", strlen("┐"));
    put_at(bottom, mark->col, "└", strlen("└"));
    put_at(bottom, right, "┘", strlen("┘"));
}

/* By background colours; a half block only where the two halves differ.  Drawn
 * by glyphs alone, hairlines between the rows keep telephones from reading.
 * The lower half block it is: fonts let the upper one miss the cell's top. */
static void put_qr(const struct paint *paint, const struct layout *layout,
                   const struct mark *mark)
{
    for (int row = 0; row < mark->rows; row++) {
        for (int col = 0; col < mark->cols; col++) {
            bool upper = qr_is_dark(layout->qr, 2 * row, col);
            bool lower = qr_is_dark(layout->qr, 2 * row + 1, col);
            enum ink ink = upper && lower ? INK_QR_DARK
                           : upper        ? INK_QR_LIGHT_GLYPH
                           : lower        ? INK_QR_DARK_GLYPH
                                          : INK_QR;
            const char *glyph = upper == lower ? " " : "▄";
            use_ink(paint, ink);
            put_at(mark->row + row, mark->col + col, glyph, strlen(glyph));
        }
    }
}

static void put_mark(const struct paint *paint, const struct layout *layout,
                     const struct mark *mark, int focus)
{
    bool has_focus = mark->place > 0 && mark->place - 1 == focus;

    use_ink(paint, has_focus ? INK_FOCUS : mark->ink);
    switch (mark->kind) {
    case MARK_TEXT:
        put_at(mark->row, mark->col, mark->text, mark->len);
        break;
    case MARK_BOX:
        put_box(mark);
        break;
    case MARK_RULE:
        put_line(mark->row, mark->col, mark->cols);
        break;
    case MARK_FILL:
        for (int row = 0; row < mark->rows; row++)
            fill_row(mark->row + row, mark->col, mark->cols);
        break;
    case MARK_QR:
        put_qr(paint, layout, mark);
        break;
    }
}

/* The real cursor, for screen readers and for braille. */
static void put_cursor(const struct layout *layout,
                       const struct paint_focus *focus)
{
    int row = -1, col = -1;

    if (focus->place >= 0) {
        const struct ui_place *place = &layout->places[focus->place];
        /* It stands in a box, not on its frame; small windows have none. */
        bool is_box = place->rows >= 3 && layout->rows >= LAYOUT_ROWS_BIG &&
                      layout->cols >= LAYOUT_COLS_BIG;
        row = place->row - 1 + (is_box ? 1 : 0);
        col = place->col - 1 + (is_box ? 2 : 0);
    }
    if (focus->at_caret && layout->caret_row >= 0) {
        row = layout->caret_row;
        col = layout->caret_col;
    }
    (void)curs_set(row >= 0 ? 1 : 0);
    (void)move(row < 0 ? 0 : row, col < 0 ? 0 : col);
}

void paint_show(struct paint *paint, const struct layout *layout,
                const struct paint_focus *focus)
{
    int marked = focus->is_marked ? focus->place : -1;

    if (!paint->screen)
        return;
    (void)set_term(paint->screen);
    use_ink(paint, INK_PLAIN);
    bkgdset((has_colors() ? (chtype)COLOR_PAIR(pair_of(INK_PLAIN)) : 0) | ' ');
    (void)erase();
    for (size_t i = 0; i < layout->mark_count; i++)
        put_mark(paint, layout, &layout->marks[i], marked);
    put_cursor(layout, focus);
    if (paint->is_painted_anew)
        (void)clearok(curscr, TRUE);
    paint->is_painted_anew = false;
    (void)refresh();
}

/* A terminal that has what this is for says so in its description: E3 clears
 * the scroll-back, Ms sets the clipboard and the selection, here to nothing. */
static void clear_terminals_memory(struct paint *paint)
{
    const char *scroll_back = tigetstr("E3"), *clipboard = tigetstr("Ms");

    if (scroll_back && scroll_back != (char *)-1)
        write_all(paint, scroll_back);
    if (clipboard && clipboard != (char *)-1)
        write_all(paint, tiparm(clipboard, "cp", ""));
}

/* A row of which each cell looks unlike the one before and bears as many marks
 * as a cell can, so that no row of any page took more bytes to say. */
static void put_longest_row(int cols)
{
    static const wchar_t crowded[] = L"─\u20d0\u20d1\u20d2\u20d3";

    (void)erase();
    for (int col = 0; col < cols; col++) {
        cchar_t cell;
        attr_t attr = col % 2 ? A_NORMAL : A_BOLD | A_UNDERLINE;
        enum ink ink = col % 2 ? INK_BAND : INK_FOCUS;
        short pair = has_colors() ? pair_of(ink) : 0;
        (void)setcchar(&cell, crowded, attr, pair, NULL);
        (void)mvadd_wch(0, col, &cell);
    }
    (void)clearok(curscr, TRUE);
    (void)refresh();
}

/* ncurses collects what it writes row by row, each from the beginning of the
 * same room, so the ends of the longest ones stand there until a longer one
 * comes.  The terminal never sees this one. */
static void overwrite_output(const struct paint *paint)
{
    int out = fileno(paint->out);

    if (dup2(paint->sink, out) < 0)
        return;
    put_longest_row(paint->cols);
    (void)dup2(paint->fd_out, out);
}

void paint_wipe(struct paint *paint)
{
    if (!paint->screen)
        return;
    (void)set_term(paint->screen);
    clear_terminals_memory(paint);
    overwrite_output(paint);
    paint->is_painted_anew = true;
}

void paint_bell(struct paint *paint)
{
    paint_say(paint, "\a");
}

void paint_say(struct paint *paint, const char *sequence)
{
    if (paint->screen)
        write_all(paint, sequence);
}
