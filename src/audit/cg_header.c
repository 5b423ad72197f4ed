/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_header.h"

#include "cg_header_edit.h"
#include "cg_header_line.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <string.h>

struct cg_header {
    apr_array_header_t *lines; /* of cg_header_line */
    int writes_cors;
};

static int names_cors(const cg_header_line *line)
{
    return !line->is_request && ap_cstr_casecmpn(line->name, "Access-Control-", 15) == 0;
}

cg_header *cg_header_read(apr_pool_t *p, cg_header *lines, const ap_directive_t *node,
                          cg_recipe_scope scope)
{
    cg_header_line read;

    if (!cg_tree_is(node, "Header") && !cg_tree_is(node, "RequestHeader"))
        return lines;
    if (!lines) {
        lines = apr_pcalloc(p, sizeof *lines);
        lines->lines = apr_array_make(p, 2, sizeof(cg_header_line));
    }
    if (!cg_header_line_read(p, node, scope, &read))
        return lines;
    APR_ARRAY_PUSH(lines->lines, cg_header_line) = read;
    lines->writes_cors |= names_cors(&read);
    return lines;
}

int cg_header_writes_cors(const cg_header *lines)
{
    return lines->writes_cors;
}

apr_array_header_t *cg_header_cors_lines(apr_pool_t *p, const cg_header *lines)
{
    apr_array_header_t *found = apr_array_make(p, 2, sizeof(const ap_directive_t *));

    for (int i = 0; i < lines->lines->nelts; i++) {
        const cg_header_line *line = &APR_ARRAY_IDX(lines->lines, i, const cg_header_line);

        if (names_cors(line) && line->action != CG_HEADER_UNSET && line->action != CG_HEADER_NOTE)
            APR_ARRAY_PUSH(found, const ap_directive_t *) = line->node;
    }
    return found;
}

/* Who made a header line what it is: for what the report names. */

static apr_array_header_t *makers_of(cg_run *run, const apr_table_t *table, const char *name)
{
    char *key = apr_pstrcat(run->p, table == run->r->err_headers_out ? "a" : "s", name, NULL);
    apr_array_header_t *makers;

    ap_str_tolower(key);
    makers = apr_hash_get(run->makers, key, APR_HASH_KEY_STRING);
    if (!makers) {
        makers = apr_array_make(run->p, 2, sizeof(const ap_directive_t *));
        apr_hash_set(run->makers, key, APR_HASH_KEY_STRING, makers);
    }
    return makers;
}

static void note_makers(cg_run *run, const apr_table_t *table, const cg_header_line *line,
                        const apr_array_header_t *used)
{
    apr_array_header_t *makers = makers_of(run, table, line->name);

    if (line->action == CG_HEADER_SET || line->action == CG_HEADER_UNSET)
        makers->nelts = 0;
    APR_ARRAY_PUSH(makers, const ap_directive_t *) = line->node;
    for (int i = 0; i < used->nelts; i++) {
        const apr_array_header_t *setters =
            apr_hash_get(run->setters, APR_ARRAY_IDX(used, i, const char *), APR_HASH_KEY_STRING);

        if (setters)
            apr_array_cat(makers, setters);
    }
}

/* Carrying out */

static int has_member(const char *list, const char *member)
{
    size_t len = strlen(member);

    while (*list) {
        const char *begin;

        while (apr_isspace(*list))
            list++;
        begin = list;
        while (*list && *list != ',') {
            if (*list++ != '"')
                continue;
            while (*list && *list != '"')
                list++;
            list += *list == '"';
        }
        if ((size_t)(list - begin) == len && strncmp(begin, member, len) == 0)
            return 1;
        list += *list == ',';
    }
    return 0;
}

static void echo(cg_run *run, const cg_header_line *line)
{
    const apr_array_header_t *headers = apr_table_elts(run->r->headers_in);

    for (int i = 0; i < headers->nelts; i++) {
        const apr_table_entry_t *each = &APR_ARRAY_IDX(headers, i, apr_table_entry_t);

        if (line->regex && cg_run_finds(run, line->node, line->regex, each->key, NULL))
            apr_table_addn(run->r->headers_out, each->key, each->val);
    }
}

/* Joins a value to what is there, as httpd does to a line of any length. */
static void append(cg_run *run, apr_table_t *table, const cg_header_line *line, const char *value)
{
    const char *before = apr_table_get(table, line->name);

    if (before && strlen(before) + strlen(value) > CG_HEADER_VALUE_MAX)
        cg_run_unresolve(run, line->node, "the header gets longer than this audit follows");
    else if (!before || cg_run_may(run, line->node, strlen(before)))
        apr_table_mergen(table, line->name, value);
}

static void write_value(cg_run *run, apr_table_t *table, const cg_header_line *line,
                        const char *value)
{
    const char *before = apr_table_get(table, line->name);

    switch (line->action) {
    case CG_HEADER_ADD:
        apr_table_addn(table, line->name, value);
        break;
    case CG_HEADER_APPEND:
        append(run, table, line, value);
        break;
    case CG_HEADER_MERGE:
        if (!before || (cg_run_may(run, line->node, strlen(before)) && !has_member(before, value)))
            append(run, table, line, value);
        break;
    case CG_HEADER_SETIFEMPTY:
        if (!before)
            apr_table_setn(table, line->name, value);
        break;
    default:
        apr_table_setn(table, line->name, value);
        break;
    }
}

static void carry_out(cg_run *run, apr_table_t *table, const cg_header_line *line,
                      apr_array_header_t *used)
{
    switch (line->action) {
    case CG_HEADER_UNSET:
        apr_table_unset(table, line->name);
        break;
    case CG_HEADER_ECHO:
        echo(run, line);
        break;
    case CG_HEADER_EDIT:
    case CG_HEADER_EDIT_ALL:
        cg_header_edit(run, table, line, used);
        break;
    case CG_HEADER_NOTE: {
        const char *value = apr_table_get(table, line->name);

        if (value)
            apr_table_setn(run->r->notes, cg_header_value_of(run, line->node, line->value, used),
                           value);
        break;
    }
    default:
        write_value(run, table, line, cg_header_value_of(run, line->node, line->value, used));
        break;
    }
}

static int applies(cg_run *run, const cg_header_line *line, apr_array_header_t *used)
{
    const char *name = line->variable;
    int wanted = 1;

    if (line->condition)
        return cg_run_holds(run, line->node, line->condition);
    if (!name)
        return 1;
    if (*name == '!') {
        wanted = 0;
        name++;
    }
    APR_ARRAY_PUSH(used, const char *) = name;
    return (apr_table_get(run->r->subprocess_env, name) != NULL) == wanted;
}

static int is_of_phase(const cg_header_line *line, cg_header_phase phase)
{
    if (line->is_early || phase == CG_HEADER_EARLY)
        return line->is_early && phase == CG_HEADER_EARLY;
    if (line->is_request)
        return phase == CG_HEADER_REQUEST;
    return phase == (line->is_always ? CG_HEADER_ALWAYS : CG_HEADER_SUCCESS);
}

static apr_table_t *table_of(const cg_run *run, const cg_header_line *line)
{
    if (line->is_request)
        return run->r->headers_in;
    return line->is_always ? run->r->err_headers_out : run->r->headers_out;
}

/* What it takes to find a header in it. */
static apr_size_t size_of(const apr_table_t *table)
{
    return (apr_size_t)apr_table_elts(table)->nelts;
}

void cg_header_run(cg_run *run, const apr_array_header_t *places, cg_header_phase phase)
{
    for (int i = 0; i < places->nelts; i++) {
        const cg_header *place = APR_ARRAY_IDX(places, i, const cg_header *);

        for (int j = 0; j < place->lines->nelts; j++) {
            const cg_header_line *line = &APR_ARRAY_IDX(place->lines, j, cg_header_line);
            apr_array_header_t *used;

            if (!is_of_phase(line, phase))
                continue;
            if (!cg_run_may(run, line->node, size_of(table_of(run, line))))
                return;
            used = apr_array_make(run->p, 1, sizeof(const char *));
            if (!applies(run, line, used))
                continue;
            carry_out(run, table_of(run, line), line, used);
            if (!line->is_request)
                note_makers(run, table_of(run, line), line, used);
        }
    }
}
