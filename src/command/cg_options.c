/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_options.h"

#include "cg_catalogue.h"
#include "cg_message.h"
#include "cg_pattern.h"

#include <apr_getopt.h>
#include <apr_strings.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In this help a column of options, then their meaning. */
#define HELP_COLUMN 24
/* Longer than anybody waits for an answer. */
#define TIMEOUT_MAX 86400
/* Letters that work as "-f" too, as httpd's own do. To apr_getopt_long the others are numbers
 * that no letter has. */
#define SHORT_LETTERS "fDoh"
#define LONG_ONLY 256

/* Every option of every subcommand: reading and help both come from here. */
static const struct {
    const char *name;
    int letter;
    const char *argument; /* NULL: it takes none */
    const char *text;
} known[] = {
    {"format", 'F', "FORMAT", "text (default), json or sarif"},
    {"format", 'G', "FORMAT", "text (default) or json"},
    {"fail-on", 'l', "LEVEL",
     "exit with 1 for findings of this level and above:\n"
     "critical, high, medium (default), low, info, or never"},
    {"baseline", 'b', "FILE", "accept the findings that this file names"},
    {"output", 'o', "FILE", "write to FILE instead of standard output"},
    {"conf", 'f', "CONF", "the configuration, instead of httpd's own"},
    {"httpd", 'p', "PROGRAM", "apache2ctl, httpd or another program that runs it"},
    {"define", 'D', "NAME", "as httpd's -D; may be repeated"},
    {"timeout", 't', "SECONDS", "how long httpd may take (default: 600)"},
    {"timeout", 'T', "SECONDS", "how long one answer may take (default: 10)"},
    {"origin", 'O', "ORIGIN",
     "the origin of the page that asks, such as\n"
     "https://app.example.com"},
    {"origin", 'P', "ORIGIN", "an origin that is meant to read; may be repeated"},
    {"method", 'm', "METHOD", "the request's method (default: GET)"},
    {"header", 'H', "'NAME: VALUE'", "a header that the page sets; may be repeated"},
    {"credentials", 'c', NULL, "the request carries the user's cookies"},
    {"cacert", 'a', "FILE", "the certificates of a CA of your own (PEM)"},
    {"insecure", 'k', NULL, "accept any certificate"},
    {"proxy", 'x', "URL", "send the requests through this proxy"},
    {"connect-to", 'C', "HOST:PORT", "connect there, whatever host the URL names"},
    {"reason", 'r', "TEXT", "why the findings are accepted"},
    {"expires", 'e', "DATE", "the last day of that (default: in 90 days)"},
    {"help", 'h', NULL, "this help"},
    {"version", 'V', NULL, "the version"},
};
#define KNOWN_COUNT (sizeof known / sizeof *known)

static int takes(const cg_subcommand *command, int letter)
{
    return letter == 'h' || letter == 'V' || strchr(command->options, letter) != NULL;
}

/* For say_refused. */
typedef struct refusal {
    apr_pool_t *p;
    const cg_subcommand *command;
} refusal;

/* What apr_getopt itself would say, as a message of ours. */
static void say_refused(void *ctx, const char *format, ...)
{
    va_list arguments;
    const refusal *from = ctx;
    char *text;

    va_start(arguments, format);
    text = apr_pvsprintf(from->p, format, arguments);
    va_end(arguments);
    /* "PROGRAM: invalid option: --x\n" */
    if (strstr(text, ": "))
        text = strstr(text, ": ") + 2;
    text[strcspn(text, "\n")] = '\0';
    cg_say("%s; cors-audit %s --help lists the options", text, from->command->name);
}

static int read_format(const char *value, cg_options *out)
{
    static const char *const names[] = {"text", "json", "sarif"};

    for (int i = 0; i < 3; i++) {
        if (strcmp(value, names[i]) == 0 && (out->command->formats & 1 << i)) {
            out->format = (cg_format)(1 << i);
            return 1;
        }
    }
    cg_say("--format %s: %s writes text%s%s", value, out->command->name,
           out->command->formats & CG_FORMAT_JSON ? ", json" : "",
           out->command->formats & CG_FORMAT_SARIF ? ", sarif" : "");
    return 0;
}

static int read_fail_on(const char *value, cg_options *out)
{
    out->fail_on =
        strcmp(value, "never") == 0 ? CG_SEVERITY_CRITICAL + 1 : cg_severity_named(value);
    if (out->fail_on >= 0)
        return 1;
    cg_say("--fail-on %s: write critical, high, medium, low, info or never", value);
    return 0;
}

static int read_timeout(const char *value, cg_options *out)
{
    char *end;
    double seconds = strtod(value, &end);

    if (end != value && !*end && seconds > 0 && seconds <= TIMEOUT_MAX) {
        out->timeout = (apr_interval_time_t)(seconds * APR_USEC_PER_SEC);
        return 1;
    }
    cg_say("--timeout %s: write seconds, above 0 and at most %d", value, TIMEOUT_MAX);
    return 0;
}

static int read_origin(apr_pool_t *p, const char *value, cg_options *out)
{
    cg_pattern pattern;
    const char *problem = NULL;

    if (strcmp(value, "null") == 0) {
        APR_ARRAY_PUSH(out->origins, const char *) = "null";
        return 1;
    }
    problem = cg_pattern_parse(p, value, strlen(value), &pattern);
    if (!problem && (pattern.subdomains || pattern.any_port))
        problem = "a page has one origin: write one, without *";
    if (!problem) {
        APR_ARRAY_PUSH(out->origins, const char *) = pattern.text;
        return 1;
    }
    cg_say("--origin %s: %s", value, problem);
    return 0;
}

/* Non-zero where the option's value was fine. */
static int read_text(apr_pool_t *p, int letter, const char *value, cg_options *out)
{
    switch (letter) {
    case 'F':
    case 'G':
        return read_format(value, out);
    case 'l':
        return read_fail_on(value, out);
    case 't':
    case 'T':
        return read_timeout(value, out);
    case 'O':
    case 'P':
        return read_origin(p, value, out);
    case 'D':
        APR_ARRAY_PUSH(out->defines, const char *) = value;
        return 1;
    case 'H':
        APR_ARRAY_PUSH(out->headers, const char *) = value;
        return 1;
    default:
        return 0;
    }
}

/* Where the value of an option is kept that needs no reading, or NULL. */
static const char **place_of(int letter, cg_options *out)
{
    switch (letter) {
    case 'b':
        return &out->baseline;
    case 'o':
        return &out->output;
    case 'f':
        return &out->config;
    case 'p':
        return &out->program;
    case 'm':
        return &out->method;
    case 'r':
        return &out->reason;
    case 'e':
        return &out->expires;
    case 'x':
        return &out->proxy;
    case 'a':
        return &out->cacert;
    case 'C':
        return &out->connect_to;
    default:
        return NULL;
    }
}

static cg_asked take(apr_pool_t *p, int letter, const char *value, cg_options *out)
{
    const char **place = place_of(letter, out);

    if (letter == 'h')
        return CG_ASKED_HELP;
    if (letter == 'V')
        return CG_ASKED_VERSION;
    if (letter == 'c')
        out->credentials = 1;
    else if (letter == 'k')
        out->insecure = 1;
    else if (place)
        *place = apr_pstrdup(p, value);
    else if (!read_text(p, letter, apr_pstrdup(p, value), out))
        return CG_ASKED_WRONG;
    return CG_ASKED_RUN;
}

static cg_asked count_arguments(const cg_options *out)
{
    const cg_subcommand *command = out->command;
    int count = out->arguments->nelts;

    if (count >= command->arguments_min &&
        (command->arguments_max < 0 || count <= command->arguments_max))
        return CG_ASKED_RUN;
    if (count < command->arguments_min)
        cg_say("%s needs %s; cors-audit %s --help says more", command->name, command->arguments,
               command->name);
    else
        cg_say("%s: %s is one argument too many; cors-audit %s --help says more", command->name,
               APR_ARRAY_IDX(out->arguments, command->arguments_max, const char *), command->name);
    return CG_ASKED_WRONG;
}

static void begin(apr_pool_t *p, const cg_subcommand *command, cg_options *out)
{
    memset(out, 0, sizeof *out);
    out->command = command;
    out->format = CG_FORMAT_TEXT;
    out->fail_on = CG_SEVERITY_MEDIUM;
    out->defines = apr_array_make(p, 4, sizeof(const char *));
    out->origins = apr_array_make(p, 4, sizeof(const char *));
    out->headers = apr_array_make(p, 4, sizeof(const char *));
    out->arguments = apr_array_make(p, 4, sizeof(const char *));
}

/* The table as apr_getopt_long wants it, without what the subcommand does not take. */
static void list_options(const cg_subcommand *command, apr_getopt_option_t list[KNOWN_COUNT + 1])
{
    size_t count = 0;

    for (size_t i = 0; i < KNOWN_COUNT; i++) {
        if (takes(command, known[i].letter))
            list[count++] = (apr_getopt_option_t){
                known[i].name,
                known[i].letter + (strchr(SHORT_LETTERS, known[i].letter) ? 0 : LONG_ONLY),
                known[i].argument != NULL, known[i].text};
    }
    list[count] = (apr_getopt_option_t){NULL, 0, 0, NULL};
}

cg_asked cg_options_read(apr_pool_t *p, const cg_subcommand *command, int argc,
                         const char *const *argv, int first, cg_options *out)
{
    apr_getopt_option_t list[KNOWN_COUNT + 1];
    apr_getopt_t *reader;
    const char *value;
    cg_asked asked = CG_ASKED_RUN;
    refusal from = {p, command};
    int letter;

    begin(p, command, out);
    list_options(command, list);
    apr_getopt_init(&reader, p, argc, argv);
    reader->ind = reader->skip_start = reader->skip_end = first;
    reader->interleave = 1;
    reader->errfn = say_refused;
    reader->errarg = &from;
    while (asked == CG_ASKED_RUN) {
        apr_status_t status = apr_getopt_long(reader, list, &letter, &value);

        if (status == APR_EOF)
            break;
        asked = status == APR_SUCCESS ? take(p, letter % LONG_ONLY, value, out) : CG_ASKED_WRONG;
    }
    for (; reader->ind < argc; reader->ind++)
        APR_ARRAY_PUSH(out->arguments, const char *) = reader->argv[reader->ind];
    return asked == CG_ASKED_RUN ? count_arguments(out) : asked;
}

static void help_of(size_t i)
{
    char left[64], letter[8] = "";
    const char *text = known[i].text;

    if (strchr(SHORT_LETTERS, known[i].letter))
        apr_snprintf(letter, sizeof letter, "-%c, ", known[i].letter);
    apr_snprintf(left, sizeof left, "  %s--%s%s%s", letter, known[i].name,
                 known[i].argument ? " " : "", known[i].argument ? known[i].argument : "");
    printf("%-*s", HELP_COLUMN, left);
    if (strlen(left) >= HELP_COLUMN)
        printf("\n%*s", HELP_COLUMN, "");
    for (const char *stop; (stop = strchr(text, '\n')) != NULL; text = stop + 1)
        printf("%.*s\n%*s", (int)(stop - text), text, HELP_COLUMN, "");
    printf("%s\n", text);
}

void cg_options_help(const cg_subcommand *command)
{
    for (size_t i = 0; i < KNOWN_COUNT; i++) {
        if (takes(command, known[i].letter))
            help_of(i);
    }
}
