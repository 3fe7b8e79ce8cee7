# Every arrow points down: a file may include its own module or a lower one,
# and a library is known only to the modules named here.
BEGIN {
    split("base=1 crypto=2 rule=2 store=3 flow=3 backend=4 ui=4 hub=4 paper=4 ime=4 " \
          "kiosk=5 devices=6 screens=6 tests=7", a, " ")
    for (i in a) { split(a[i], p, "="); rank[p[1]] = p[2] }
    split("uv.h=base unistr.h=base uniwidth.h=base unilbrk.h=base " \
          "uninorm.h=base unictype.h=base unitypes.h=base unicase.h=base " \
          "openssl/=crypto sqlite3.h=store,hub microhttpd.h=hub " \
          "curl/curl.h=backend yaml.h=base ncurses.h=ui curses.h=ui " \
          "libusb.h=devices term.h=ui qrencode.h=ui,paper cairo=paper pango/=paper " \
          "umockdev.h=tests glib.h=tests glib-unix.h=tests " \
          "linux/usbdevice_fs.h=tests " \
          "cups/=devices rime_api.h=ime opencc/=ime " \
          "jansson.h=base,crypto,rule,backend,flow,hub,paper,ime,kiosk,devices", b, " ")
    for (i in b) { split(b[i], p, "="); owner[p[1]] = "," p[2] "," }
    # Headers of C and POSIX (and the few of Linux that base needs).
    split("assert ctype dlfcn errno fcntl inttypes limits locale poll pthread " \
          "setjmp signal stdarg stdbool stddef stdint stdio stdlib string " \
          "strings termios time unistd wchar wctype pty dirent math malloc iconv " \
          "sys/types sys/stat sys/socket sys/wait sys/ioctl sys/mman " \
          "sys/file sys/inotify sys/vfs sys/resource sys/prctl sys/random sys/statvfs sys/time " \
          "sys/un sys/mount link net/if sys/syscall sys/ptrace linux/audit linux/filter linux/seccomp sched stdatomic linux/close_range netinet/in arpa/inet netdb cmocka vterm", c, " ")
    for (i in c) system_header[c[i] ".h"] = 1
}
function module(path, part) {
    sub(/^\.\//, "", path)
    split(path, part, "/")
    return part[1] == "kiosk" && (part[2] in rank) ? part[2] : part[1]
}
function complain(what) { print FILENAME ":" FNR ": " what; bad = 1 }
/^#include "/ {
    split($0, quoted, "\""); from = module(FILENAME); to = module(quoted[2])
    if (!(to in rank)) complain("unknown module " to)
    else if (from != to && rank[to] >= rank[from])
        complain(from " must not include " to)
    else if (from == "screens" &&
             quoted[2] !~ /^(kiosk\/(screen|ui\/view)\.h|screens\/)/)
        complain("a screen knows kiosk/screen.h and kiosk/ui/view.h, not " \
                 quoted[2])
    # The simulator looks inside: its citizens see what the page says.  The bench
    # measures one call of it.
    else if (quoted[2] == "kiosk/app_state.h" && FILENAME !~ /^tests\/sim\// &&
             FILENAME !~ /^tests\/bench\/wipe_bench\.c$/ &&
             FILENAME !~ /kiosk\/[a-z_]*\.c$/)
        complain("only kiosk/*.c share app_state.h")
}
/^#include </ {
    split($0, angled, "[<>]"); from = module(FILENAME); known = 0
    for (lib in owner) {
        if (index(angled[2], lib) != 1) continue
        known = 1
        if (!index(owner[lib], "," from ",") && from != "tests")
            complain("only " owner[lib] " may know <" angled[2] ">")
    }
    if (angled[2] ~ /^microhttpd/ && from == "hub" && FILENAME !~ /hub\/serve\.c$/)
        complain("<microhttpd.h> stands in kiosk/hub/serve.c only")
    if (angled[2] ~ /^libusb/ && from != "tests" && FILENAME !~ /devices\/usb(_find)?\.[ch]$/)
        complain("<libusb.h> stands in devices/usb.c and usb_find only")
    if (angled[2] ~ /^cups\// && FILENAME !~ /devices\/printer\/spool\//)
        complain("<cups/> stands in devices/printer/spool only")
    if (!known && !(angled[2] in system_header))
        complain("<" angled[2] "> is neither C, POSIX nor a library of ours")
}
END { exit bad }
