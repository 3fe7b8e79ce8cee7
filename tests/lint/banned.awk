# Words that have a door: file:line: the word, and the door to use instead.
# Rows: words (space separated) | files that may | the door
BEGIN {
    add("strcpy strcat strncpy strncat sprintf vsprintf gets strtok atoi atol sscanf", "", "buf.h or snprintf")
    add("system popen", "", "child_run()")
    add("sleep usleep nanosleep", "", "timer_new()")
    add("signal", "kiosk/main.c|kiosk/hub/main.c|kiosk/paper/main.c|tests/", "signal_new()")
    add("rand srand random", "", "chance_bytes()")
    add("localtime gmtime localtime_r gmtime_r mktime strftime", "", "clock_split()")
    add("getch wgetch get_wch wget_wch ungetch mousemask", "", "ui/keys.c")
    add("malloc calloc realloc free", "kiosk/base/|tests/", "mem_new(), mem_free()")
    add("time gettimeofday clock_gettime", "kiosk/base/clock.c|tests/bench/", "clock_wall_ms()")
    add("getrandom RAND_bytes RAND_priv_bytes", "kiosk/base/chance.c", "chance_bytes()")
    add("open fopen rename unlink openat creat remove mkfifo mkdtemp", "kiosk/base/file.c|kiosk/base/file_own.c|kiosk/base/folder.c|tests/", "file.h")
    add("sqlite3_open sqlite3_open_v2 sqlite3_open16", "kiosk/store/", "store_open()")
    add("fork vfork execv execve execvp execl execlp uv_spawn posix_spawn", "kiosk/base/child.c|tests/", "child_run()")
    add("pthread_create", "kiosk/store/writer.c|devices/usb.c|tests/", "loop_work(), writer_add()")
    add("getenv secure_getenv", "kiosk/main.c|tests/", "main.c takes the environment once")
    add("curl_easy_setopt", "kiosk/backend/transport.c", "the one function that sets up handles")
    add("alloca", "", "mem_new()")
}
function add(words, may, door, list, n, i) {
    n = split(words, list, " ")
    for (i = 1; i <= n; i++) { allowed[list[i]] = may; doors[list[i]] = door }
}
function may_use(word, files, n, i) {
    n = split(allowed[word], files, "|")
    for (i = 1; i <= n; i++)
        if (files[i] != "" && index(FILENAME, files[i]) > 0) return 1
    return 0
}
FNR == 1 { in_comment = 0 }
{
    line = $0
    # Comments and strings hold words, not calls.
    gsub(/\\"/, "", line)
    gsub(/"[^"]*"/, "\"\"", line)
    if (in_comment) {
        if (!sub(/.*\*\//, "", line)) next
        in_comment = 0
    }
    gsub(/\/\*[^*]*\*\//, "", line)
    if (line ~ /\/\*/) { sub(/\/\*.*/, "", line); in_comment = 1 }
    rest = line
    while (match(rest, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/)) {
        word = substr(rest, RSTART, RLENGTH); sub(/[ \t]*\($/, "", word)
        before = RSTART > 1 ? substr(rest, RSTART - 1, 1) : ""
        if ((word in allowed) && before != "." && before != ">" && !may_use(word)) {
            print FILENAME ":" FNR ": " word "() is banned here; use " doors[word]
            bad = 1
        }
        rest = substr(rest, RSTART + RLENGTH)
    }
    if (length($0) > 200) { print FILENAME ":" FNR ": this line is over 200 bytes"; bad = 1 }
}
END { exit bad }
