/* SPDX-License-Identifier: Apache-2.0 */
/* Times one decision of src/core. Arguments: a file of origins for hostile preflights, then pairs of
 * a name and a file of origins or patterns; beside each of these lies one with the origins that are
 * asked for, "FILE.asked". Prints "name.what TAB nanoseconds" lines: the median of ROUNDS. */
#include "cg_acrh.h"
#include "cg_decide.h"
#include "cg_suffix.h"

#include <apr_file_io.h>
#include <apr_general.h>
#include <apr_strings.h>
#include <apr_time.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 7
#define ROUND_USEC 20000
#define HOSTILE_BYTES (800 * 1024)

typedef struct asked {
    const char *method;
    const char *request_method;
    const char *request_headers;
} asked;

/* What is timed: requests by turns, so that no single origin stays in the nearest cache alone. */
typedef struct task {
    const cg_policy *policy;
    const asked *sent;
    char **origins;
    unsigned count;
    cg_state state; /* what each of them must be */
} task;

static void quit(const char *what, const char *which)
{
    fprintf(stderr, "core_bench: %s: %s\n", what, which);
    exit(1);
}

static const char *header(const void *ctx, const char *name)
{
    const asked *sent = ctx;

    if (strcmp(name, "Access-Control-Request-Method") == 0)
        return sent->request_method;
    if (strcmp(name, "Access-Control-Request-Headers") == 0)
        return sent->request_headers;
    return NULL;
}

static const char *scheme(const void *ctx)
{
    (void)ctx;
    return "https";
}

static char *read_file(apr_pool_t *p, const char *path, apr_size_t *len)
{
    apr_file_t *file;
    apr_finfo_t info;
    char *text;

    if (apr_file_open(&file, path, APR_FOPEN_READ, 0, p) != APR_SUCCESS ||
        apr_file_info_get(&info, APR_FINFO_SIZE, file) != APR_SUCCESS)
        quit("cannot be read", path);
    *len = (apr_size_t)info.size;
    text = apr_palloc(p, *len + 1);
    if (apr_file_read_full(file, text, *len, len) != APR_SUCCESS)
        quit("cannot be read", path);
    text[*len] = '\0';
    apr_file_close(file);
    return text;
}

static cg_names *names(apr_pool_t *p, cg_names_kind kind, const char *args)
{
    static const cg_place place = {"bench", 1};
    cg_names *made = cg_names_make(p, kind, &place);
    char *last, *copy = apr_pstrdup(p, args);

    for (char *arg = apr_strtok(copy, " ", &last); arg; arg = apr_strtok(NULL, " ", &last)) {
        const char *error = cg_names_add(p, made, arg);

        if (error)
            quit(arg, error);
    }
    return made;
}

static cg_policy *make_policy(apr_pool_t *p, const char *file)
{
    static const cg_setting on = {1, {"bench", 2}};
    cg_place place = {"bench", 3};
    cg_policy *policy = apr_pcalloc(p, sizeof *policy);
    apr_size_t len;
    const char *content = read_file(p, file, &len), *error;

    policy->origins = cg_origins_make(p, &place);
    error = cg_origins_add_lines(p, policy->origins, file, content, len);
    if (error)
        quit(file, error);
    policy->credentials = &on;
    policy->methods = names(p, CG_NAMES_METHODS, "GET POST PUT DELETE");
    policy->headers = names(p, CG_NAMES_HEADERS, "Content-Type X-Requested-With Authorization");
    return policy;
}

static void decide_many(const task *todo, unsigned times)
{
    for (unsigned i = 0; i < times; i++) {
        cg_facts facts = {.method = todo->sent->method,
                          .origin = todo->origins[i % todo->count],
                          .scheme = scheme,
                          .host = "api.site.example",
                          .header = header,
                          .request = todo->sent};
        cg_decision decision = cg_decide(todo->policy, &facts);

        if (decision.state != todo->state)
            quit(cg_state_name(decision.state), facts.origin);
    }
}

static double nanoseconds(const task *todo, unsigned times)
{
    apr_time_t start = apr_time_now();

    decide_many(todo, times);
    return (double)(apr_time_now() - start) * 1000 / times;
}

static int ascending(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

static void measure(const char *name, const char *what, const task *todo)
{
    double rounds[ROUNDS];
    unsigned times = 1;

    while (nanoseconds(todo, times) * times < ROUND_USEC * 1000.0)
        times *= 2;
    for (int i = 0; i < ROUNDS; i++)
        rounds[i] = nanoseconds(todo, times);
    qsort(rounds, ROUNDS, sizeof *rounds, ascending);
    printf("%s.%s\t%.2f\n", name, what, rounds[ROUNDS / 2]);
}

static char **split_lines(apr_pool_t *p, char *text, unsigned *count)
{
    char *last, **lines = NULL;
    unsigned room = 0;

    *count = 0;
    for (char *line = apr_strtok(text, "\n", &last); line; line = apr_strtok(NULL, "\n", &last)) {
        if (*count == room) {
            char **larger = apr_palloc(p, sizeof *larger * (room = 2 * room + 64));

            if (*count)
                memcpy(larger, lines, sizeof *larger * *count);
            lines = larger;
        }
        lines[(*count)++] = line;
    }
    return lines;
}

static void measure_list(apr_pool_t *p, const char *name, const char *file)
{
    static const asked get = {"GET", NULL, NULL};
    static const asked preflight = {"OPTIONS", "PUT", "content-type,x-requested-with"};
    char *stranger = apr_pstrdup(p, "https://not-in-the-list.example");
    task todo = {.policy = make_policy(p, file)};
    apr_size_t len;

    todo.origins =
        split_lines(p, read_file(p, apr_pstrcat(p, file, ".asked", NULL), &len), &todo.count);
    todo.sent = &get;
    todo.state = CG_STATE_ALLOWED;
    measure(name, "allowed", &todo);
    todo.sent = &preflight;
    todo.state = CG_STATE_PREFLIGHT_ALLOWED;
    measure(name, "preflight", &todo);
    todo.sent = &get;
    todo.origins = &stranger;
    todo.count = 1;
    todo.state = CG_STATE_DENIED;
    measure(name, "denied", &todo);
}

/* Text repeated until it fills len bytes. */
static char *repeated(apr_pool_t *p, const char *text, apr_size_t len)
{
    apr_size_t each = strlen(text);
    char *filled = apr_palloc(p, len + 1);

    for (apr_size_t i = 0; i < len; i++)
        filled[i] = text[i % each];
    filled[len - len % each] = '\0';
    return filled;
}

/* The worst that can be sent: what is longer than CG_ACRH_MAX, empty elements, and as many allowed
 * names as fit. */
static void measure_hostile(apr_pool_t *p, const char *file)
{
    char *origin = apr_pstrdup(p, "https://app.example");
    asked sent = {"OPTIONS", "PUT", repeated(p, ",", HOSTILE_BYTES)};
    task todo = {.policy = make_policy(p, file), .sent = &sent, .origins = &origin, .count = 1};

    todo.state = CG_STATE_PREFLIGHT_DENIED;
    measure("hostile", "commas-800KB", &todo);
    sent.request_headers = repeated(p, "a,", HOSTILE_BYTES);
    measure("hostile", "names-800KB", &todo);
    sent.request_headers = repeated(p, ",", CG_ACRH_MAX);
    measure("hostile", "commas-8KB", &todo);
    todo.state = CG_STATE_PREFLIGHT_ALLOWED;
    sent.request_headers = repeated(p, "content-type,", CG_ACRH_MAX);
    sent.request_headers = apr_pstrcat(p, sent.request_headers, "content-type", NULL);
    if (strlen(sent.request_headers) > CG_ACRH_MAX)
        sent.request_headers = repeated(p, "content-type,", CG_ACRH_MAX - 13);
    measure("hostile", "allowed-names-8KB", &todo);
}

int main(int argc, const char *const *argv)
{
    apr_pool_t *pool = NULL;

    if (apr_initialize() != APR_SUCCESS || apr_pool_create(&pool, NULL) != APR_SUCCESS)
        quit("apr", "not to be had");
    cg_suffix_open(pool);
    if (argc < 4 || argc % 2)
        quit("usage", "core_bench HOSTILE-FILE NAME FILE [NAME FILE ...]");
    measure_hostile(pool, argv[1]);
    for (int i = 2; i < argc; i += 2)
        measure_list(pool, argv[i], argv[i + 1]);
    apr_pool_destroy(pool);
    apr_terminate();
    return 0;
}
