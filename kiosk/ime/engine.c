#include "kiosk/ime/engine.h"

#include "kiosk/base/file.h"

#include <rime_api.h>

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { PATH_BYTES = 4096, READING_BYTES = 256, LOG_FATAL = 3 };

static const char *const schema_ids[ENGINE_SCHEMA_COUNT] = {
    [ENGINE_PINYIN] = "kiosk_pinyin",
    [ENGINE_STROKES] = "kiosk_strokes",
};

static struct engine {
    RimeApi *api;
    RimeSessionId sessions[ENGINE_SCHEMA_COUNT];
    char reading[READING_BYTES];
} engine;

/* ---- Starting ---------------------------------------------------------- */

static void set_up(RimeTraits *traits, const char *build)
{
    traits->distribution_name = "kiosk";
    traits->distribution_code_name = "kiosk";
    traits->distribution_version = "1";
    traits->app_name = "rime.kiosk";
    traits->min_log_level = LOG_FATAL;
    traits->log_dir = "";
    traits->prebuilt_data_dir = build;
    traits->staging_dir = build;
    engine.api = rime_get_api();
    engine.api->setup(traits);
}

enum err engine_compile(const char *folder, const char *source,
                        const char *user)
{
    char build[PATH_BYTES];
    RIME_STRUCT(RimeTraits, traits);

    (void)snprintf(build, sizeof build, "%s/build", folder);
    traits.shared_data_dir = source;
    traits.user_data_dir = user;
    set_up(&traits, build);
    engine.api->deployer_initialize(&traits);
    bool is_fine = engine.api->deploy();
    engine.api->finalize();
    for (size_t i = 0; i < ENGINE_SCHEMA_COUNT && is_fine; i++) {
        char path[PATH_BYTES + 64];
        (void)snprintf(path, sizeof path, "%s/%s.table.bin", build,
                       schema_ids[i]);
        is_fine = file_exists(path);
    }
    return is_fine ? ERR_OK : ERR_CORRUPT;
}

static bool begin(enum engine_schema schema)
{
    RimeApi *api = engine.api;
    char id[64] = "";

    engine.sessions[schema] = api->create_session();
    return engine.sessions[schema] &&
           api->select_schema(engine.sessions[schema], schema_ids[schema]) &&
           api->get_current_schema(engine.sessions[schema], id, sizeof id) &&
           strcmp(id, schema_ids[schema]) == 0;
}

static void count_word(void *owner, const char *word, bool is_whole)
{
    (void)word;
    (void)is_whole;
    ++*(size_t *)owner;
}

/* A question to each: tables are opened when they are first needed. */
static bool warm_up(void)
{
    size_t words = 0, characters = 0;

    engine_ask(ENGINE_PINYIN, "nihao", 1, count_word, &words);
    engine_ask(ENGINE_STROKES, "h", 1, count_word, &characters);
    return words == 1 && characters == 1;
}

enum err engine_open(const char *folder)
{
    char build[PATH_BYTES];
    RIME_STRUCT(RimeTraits, traits);

    (void)snprintf(build, sizeof build, "%s/build", folder);
    traits.shared_data_dir = folder;
    traits.user_data_dir = folder; /* nothing is written */
    set_up(&traits, build);
    engine.api->initialize(&traits);
    for (int i = 0; i < ENGINE_SCHEMA_COUNT; i++)
        if (!begin((enum engine_schema)i))
            return ERR_CORRUPT;
    return warm_up() ? ERR_OK : ERR_CORRUPT;
}

void engine_close(void)
{
    if (engine.api)
        engine.api->finalize();
    engine = (struct engine){ 0 };
}

/* ---- Asking ------------------------------------------------------------ */

static RimeSessionId write_input(enum engine_schema schema, const char *input)
{
    RimeSessionId session = engine.sessions[schema];

    engine.api->clear_composition(session);
    for (const char *c = input; *c; c++)
        (void)engine.api->process_key(session, (unsigned char)*c, 0);
    return session;
}

/* What the composition shows, from where nothing is picked yet. */
static void keep_reading(RimeSessionId session)
{
    RIME_STRUCT(RimeContext, context);

    engine.reading[0] = '\0';
    if (!engine.api->get_context(session, &context))
        return;
    const char *shown = context.composition.preedit;
    if (shown && context.composition.sel_start >= 0 &&
        (size_t)context.composition.sel_start <= strlen(shown))
        (void)snprintf(engine.reading, sizeof engine.reading, "%s",
                       shown + context.composition.sel_start);
    (void)engine.api->free_context(&context);
}

void engine_ask(enum engine_schema schema, const char *input, size_t most,
                engine_word_fn on_word, void *owner)
{
    assert(schema < ENGINE_SCHEMA_COUNT);
    RimeSessionId session = write_input(schema, input);
    RimeCandidateListIterator next = { 0 };
    size_t count = 0;

    keep_reading(session);
    if (!engine.api->candidate_list_begin(session, &next))
        return;
    while (count < most && engine.api->candidate_list_next(&next)) {
        /* What is still to be written stands in the comment. */
        const char *comment = next.candidate.comment;
        on_word(owner, next.candidate.text, !comment || !*comment);
        count++;
    }
    engine.api->candidate_list_end(&next);
}

const char *engine_reading(void)
{
    return engine.reading;
}

static size_t count_letters(const char *text)
{
    size_t count = 0;

    for (const char *c = text; *c; c++)
        count += *c >= 'a' && *c <= 'z';
    return count;
}

const char *engine_rest(const char *input, size_t at)
{
    RimeSessionId session = write_input(ENGINE_PINYIN, input);

    if (!engine.api->select_candidate(session, at))
        return NULL;
    RIME_STRUCT(RimeStatus, status);
    bool is_composing = false;
    if (engine.api->get_status(session, &status)) {
        is_composing = status.is_composing;
        (void)engine.api->free_status(&status);
    }
    engine.reading[0] = '\0';
    if (is_composing)
        keep_reading(session);
    size_t left = count_letters(engine.reading);
    const char *rest = input + strlen(input);
    while (rest > input && left > 0) {
        rest--;
        left -= *rest >= 'a' && *rest <= 'z';
    }
    return rest;
}
