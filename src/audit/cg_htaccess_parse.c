/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_htaccess_parse.h"

#include "cg_expr_limit.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <http_config.h>
#include <http_core.h>
#include <string.h>
#include <util_varbuf.h>

/* What ap_build_config begins with, so that both read lines alike. */
#define LINE_INITIALLY 200

/* Reading lines */

/* What is left of a text. */
typedef struct rest {
    const char *at;
    const char *end;
} rest;

static apr_status_t next_byte(char *byte, void *from)
{
    rest *left = from;

    if (left->at == left->end)
        return APR_EOF;
    *byte = *left->at++;
    return APR_SUCCESS;
}

/* As apr_file_gets: up to the line feed, or what fits. */
static apr_status_t next_line(void *line, apr_size_t size, void *from)
{
    rest *left = from;
    apr_size_t most = (apr_size_t)(left->end - left->at);
    const char *feed;

    if (!most)
        return APR_EOF;
    if (size <= 1)
        return APR_SUCCESS;
    if (most > size - 1)
        most = size - 1;
    feed = memchr(left->at, '\n', most);
    if (feed)
        most = (apr_size_t)(feed - left->at) + 1;
    memcpy(line, left->at, most);
    ((char *)line)[most] = '\0';
    left->at += most;
    return APR_SUCCESS;
}

static ap_configfile_t *open_text(apr_pool_t *p, const cg_htaccess_text *text)
{
    rest *left = apr_palloc(p, sizeof *left);

    *left = (rest){text->bytes, text->bytes + text->length};
    return ap_pcfg_open_custom(p, text->file, left, next_byte, next_line, NULL);
}

/* Problems */

static void refuse(cg_htaccess_parse *parse, unsigned line, const char *said)
{
    const char *dots = strlen(said) > CG_HTACCESS_SAID_MAX ? "..." : "", *place;
    char *shown = apr_psprintf(parse->p, "%.*s%s", CG_HTACCESS_SAID_MAX, said, dots);

    for (char *at = shown; *at; at++) {
        if (apr_iscntrl(*at))
            *at = ' ';
    }
    /* Our own directives tell the line themselves, as httpd does not. */
    place = apr_psprintf(parse->p, "line %u: ", line);
    if (strncmp(shown, place, strlen(place)) == 0)
        place = "";
    parse->problem =
        apr_pstrcat(parse->p, "httpd answers 500 in this directory: ", place, shown, NULL);
    parse->status = HTTP_INTERNAL_SERVER_ERROR;
}

static void leave_unread(cg_htaccess_parse *parse, unsigned line, const char *reason)
{
    parse->problem = apr_psprintf(parse->p, "line %u: %s", line, reason);
}

/* Looking over a text before httpd's functions read it: what they would carry out at once, and how
 * deep they would call themselves. */
typedef struct overview {
    cg_htaccess_parse *parse;
    apr_pool_t *p;
    unsigned line;
    int depth;
    int sections;
} overview;

/* The first word as ap_build_config takes it: <IfModule>'s may end in ">" already. */
static const char *first_word(apr_pool_t *p, const char *line)
{
    char *word = ap_getword_conf(p, &line);
    apr_size_t length = strlen(word);

    if (length && word[length - 1] == '>')
        word[length - 1] = '\0';
    return word;
}

/* Errs towards deep: what begins a section either way does, and what ends one must both ways. */
static void count_depth(overview *seen, const char *word, const char *resolved)
{
    int ends = strncmp(word, "</", 2) == 0, resolved_ends = strncmp(resolved, "</", 2) == 0;

    if ((*word == '<' && !ends) || (*resolved == '<' && !resolved_ends)) {
        seen->depth++;
        seen->sections++;
    } else if (ends && resolved_ends && seen->depth > 0) {
        seen->depth--;
    }
}

static int may_be_read(overview *seen, const char *name)
{
    const cg_htaccess_parse *parse = seen->parse;
    const cg_command *command = cg_commands_find(parse->commands, name);

    if (!command || !command->is_on_read || command->is_safe ||
        !cg_override_permits(&parse->override, name, command->places))
        return 1;
    leave_unread(seen->parse, seen->line,
                 apr_psprintf(parse->p,
                              "%s%s is carried out on reading, which this audit leaves to httpd",
                              name, *name == '<' ? ">" : ""));
    return 0;
}

/* Non-zero where a quotation mark stands in what begins behind "%{NAME:", up to its brace; there may
 * be others in it. */
static int has_quote(const char *text)
{
    int depth = 1;

    for (; *text && depth > 0; text++) {
        if (*text == '\'' || *text == '"')
            return 1;
        if (text[0] == '%' && text[1] == '{')
            depth++;
        else if (*text == '}' && text[-1] != '\\')
            depth--;
    }
    return 0;
}

/* httpd's parser of expressions ends the process where it meets a quotation mark behind the colon of
 * a variable: %{HTTP:Origin'} ("flex scanner jammed"). Errs towards meeting one, as quotes of the
 * line and backslashes may be taken away before. */
static int ends_httpd(const char *text)
{
    while ((text = strstr(text, "%{")) != NULL) {
        for (text += 2; apr_isalnum(*text) || *text == '_';)
            text++;
        if (*text == ':' && has_quote(text + 1))
            return 1;
    }
    return 0;
}

static int look_at(overview *seen, const char *line)
{
    const char *word, *resolved, *expanded = line;

    if (*line == '#' || !*line)
        return 1;
    if (strstr(line, "${"))
        expanded = ap_resolve_env(seen->p, line);
    if (ends_httpd(line) || ends_httpd(expanded)) {
        leave_unread(seen->parse, seen->line,
                     "a quotation mark in %{NAME:...}, at which httpd may end its process");
        return 0;
    }
    word = first_word(seen->p, line);
    resolved = strstr(word, "${") ? first_word(seen->p, expanded) : word;
    count_depth(seen, word, resolved);
    if (seen->depth > CG_HTACCESS_NESTED_MAX) {
        leave_unread(seen->parse, seen->line,
                     apr_psprintf(seen->parse->p, "sections stand in each other more than %d deep",
                                  CG_HTACCESS_NESTED_MAX));
        return 0;
    }
    if (seen->sections > CG_HTACCESS_SECTIONS_MAX) {
        leave_unread(
            seen->parse, seen->line,
            apr_psprintf(seen->parse->p, "more than %d sections", CG_HTACCESS_SECTIONS_MAX));
        return 0;
    }
    return may_be_read(seen, resolved);
}

/* Returns 0 where there is a problem. */
static int look_over(cg_htaccess_parse *parse, apr_pool_t *scratch)
{
    ap_configfile_t *file = open_text(scratch, parse->text);
    overview seen = {.parse = parse};
    struct ap_varbuf line;
    apr_status_t status;

    apr_pool_create(&seen.p, scratch);
    ap_varbuf_init(scratch, &line, LINE_INITIALLY);
    while ((status = ap_varbuf_cfg_getline(&line, file, HUGE_STRING_LEN)) == APR_SUCCESS) {
        seen.line = file->line_number;
        if (!look_at(&seen, line.buf))
            return 0;
        apr_pool_clear(seen.p);
    }
    if (status == APR_EOF)
        return 1;
    refuse(parse, file->line_number,
           status == APR_ENOSPC ? "Line too long" : ap_pcfg_strerror(scratch, file, status));
    return 0;
}

/* Trees */

/* Whether a directive stays in a copy of the tree. */
typedef int keeps(const cg_htaccess_parse *parse, const cg_command *command, const char *name);

/* What is to be carried out. What is not known or allowed stays, and httpd says so before it calls
 * a handler. */
static int is_carried_out(const cg_htaccess_parse *parse, const cg_command *command,
                          const char *name)
{
    return !command || command->is_safe ||
           !cg_override_permits(&parse->override, name, command->places);
}

/* What is in force: AllowOverride Nonfatal=... lets others pass. */
static int is_in_force(const cg_htaccess_parse *parse, const cg_command *command, const char *name)
{
    return command && cg_override_permits(&parse->override, name, command->places);
}

/* What the handlers of sections parse themselves. */
static const char *limited_args(const cg_htaccess_parse *parse, const ap_directive_t *node)
{
    if (ap_cstr_casecmp(node->directive, "<If") == 0 ||
        ap_cstr_casecmp(node->directive, "<ElseIf") == 0)
        return cg_expr_limit_of_section(parse->p, node->args).text;
    return node->args;
}

/* Calls itself no deeper than CG_HTACCESS_NESTED_MAX. */
static ap_directive_t *copy_tree(const cg_htaccess_parse *parse, const ap_directive_t *from,
                                 ap_directive_t *parent, keeps *keep)
{
    ap_directive_t *first = NULL, *last = NULL;

    for (; from; from = from->next) {
        const cg_command *command = cg_commands_find(parse->commands, from->directive);
        ap_directive_t *copy;

        if (!keep(parse, command, from->directive))
            continue;
        copy = apr_pmemdup(parse->p, from, sizeof *from);
        copy->next = NULL;
        copy->parent = parent;
        copy->first_child = copy_tree(parse, from->first_child, copy, keep);
        if (keep == is_carried_out)
            copy->args = limited_args(parse, from);
        if (last)
            last->next = copy;
        else
            first = copy;
        last = copy;
    }
    return first;
}

/* httpd tells .htaccess by its two pools being one (ap_check_cmd_context), and handlers keep to
 * that: no expression may read files then, no method is registered. ap_conftree and what Define
 * has set are not touched. Handlers write to cmd->server at most through what it points to. */
static cmd_parms parameters(const cg_htaccess_parse *parse)
{
    const apr_table_t *list = parse->override.list;

    return (cmd_parms){
        .override = parse->override.directives,
        .override_opts = parse->override.options,
        .override_list = list ? apr_table_copy(parse->p, list) : NULL,
        .limited = -1,
        .config_file = open_text(parse->p, parse->text),
        .pool = parse->p,
        .temp_pool = parse->p,
        .server = apr_pmemdup(parse->p, parse->server, sizeof *parse->server),
        .path = apr_pstrdup(parse->p, parse->directory),
    };
}

void cg_htaccess_parse_text(cg_htaccess_parse *parse)
{
    const cg_section_maker maker = {parse->p, parse->commands->self, NULL, apr_hash_make(parse->p)};
    const cg_section_file file = {parse->text->name, parse->text->file, parse->directory,
                                  parse->server};
    ap_conf_vector_t *config;
    ap_directive_t *tree = NULL;
    cmd_parms parms;
    apr_pool_t *scratch;
    const char *said;

    apr_pool_create(&scratch, parse->p);
    if (!look_over(parse, scratch))
        return;
    apr_pool_destroy(scratch);
    config = ap_create_per_dir_config(parse->p);
    parms = parameters(parse);
    said = ap_build_config(&parms, parse->p, parse->p, &tree);
    if (!said)
        said = ap_walk_config(copy_tree(parse, tree, NULL, is_carried_out), &parms, config);
    if (said)
        refuse(parse,
               parms.err_directive ? (unsigned)parms.err_directive->line_num
                                   : parms.config_file->line_number,
               said);
    else
        parse->section = cg_section_of_htaccess(&maker, &file,
                                                copy_tree(parse, tree, NULL, is_in_force), config);
}
