/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_audit_host.h"
#include "cg_explain.h"
#include "cg_explain_question.h"
#include "cg_report.h"
#include "cg_target.h"

#include <apr_strings.h>
#include <stdio.h>
#include <string.h>

static json_t *text_or_null(const char *text)
{
    return text ? cg_report_text(text) : json_null();
}

/* Adds a place to an object, as "file" and "line". */
static json_t *placed(json_t *object, const char *file, int line)
{
    json_object_set_new(object, "file", text_or_null(file));
    json_object_set_new(object, "line", file ? json_integer(line) : json_null());
    return object;
}

static json_t *sections_json(const apr_array_header_t *sections)
{
    json_t *list = json_array();

    for (int i = 0; i < sections->nelts; i++) {
        const cg_section *section = APR_ARRAY_IDX(sections, i, const cg_section *);
        json_t *one = json_pack("{s:o}", "section", cg_report_text(section->text));

        json_array_append_new(list, placed(one, section->place.file, section->place.line));
    }
    return list;
}

static json_t *texts_json(const apr_array_header_t *texts)
{
    json_t *list = json_array();

    for (int i = 0; i < texts->nelts; i++)
        json_array_append_new(list, cg_report_text(APR_ARRAY_IDX(texts, i, const char *)));
    return list;
}

static json_t *policy_json(const cg_explanation *made)
{
    static const char *const modes[] = {[CG_MODE_ON] = "On",
                                        [CG_MODE_OFF] = "Off",
                                        [CG_MODE_REPORT] = "Report",
                                        [CG_MODE_ENFORCE] = "Enforce"};
    const char *reason;
    const cg_place *place;
    json_t *object;

    if (!made->policy)
        return json_null();
    reason = cg_reason_name(made->decision.reason);
    place = cg_policy_place(made->policy);
    object = json_pack("{s:s, s:s, s:o}", "mode", modes[cg_policy_mode(made->policy)], "state",
                       cg_state_name(made->decision.state), "reason", text_or_null(reason));
    return placed(object, place->file, place->line);
}

static json_t *headers_json(const apr_table_t *headers)
{
    const apr_array_header_t *entries = apr_table_elts(headers);
    json_t *list = json_array();

    for (int i = 0; i < entries->nelts; i++) {
        const apr_table_entry_t *entry = &APR_ARRAY_IDX(entries, i, apr_table_entry_t);

        json_array_append_new(
            list, json_pack("[o, o]", cg_report_text(entry->key), cg_report_text(entry->val)));
    }
    return list;
}

/* A name may hold any bytes, and a key must be UTF-8 too. */
static json_t *variables_json(const apr_table_t *variables)
{
    const apr_array_header_t *entries = apr_table_elts(variables);
    json_t *object = json_object();

    for (int i = 0; i < entries->nelts; i++) {
        const apr_table_entry_t *entry = &APR_ARRAY_IDX(entries, i, apr_table_entry_t);
        json_t *name = cg_report_text(entry->key);

        json_object_set_new(object, json_string_value(name), cg_report_text(entry->val));
        json_decref(name);
    }
    return object;
}

static json_t *lines_json(const apr_array_header_t *nodes)
{
    json_t *list = json_array();

    for (int i = 0; i < nodes->nelts; i++) {
        const ap_directive_t *node = APR_ARRAY_IDX(nodes, i, const ap_directive_t *);
        json_t *one = placed(json_object(), node->filename, node->line_num);

        json_object_set_new(one, "directive", cg_report_text(node->directive));
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *unresolved_json(const apr_array_header_t *unresolved)
{
    json_t *list = json_array();

    for (int i = 0; i < unresolved->nelts; i++) {
        const cg_unresolved *each = &APR_ARRAY_IDX(unresolved, i, cg_unresolved);
        json_t *one = json_object();

        placed(one, each->node ? each->node->filename : NULL,
               each->node ? each->node->line_num : 0);
        json_object_set_new(one, "reason", cg_report_text(each->reason));
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *host_json(apr_pool_t *p, const cg_host *host)
{
    json_t *object = json_pack("{s:o}", "name", cg_report_text(cg_audit_host_name(p, host)));

    return placed(object, host->place.file, host->place.line);
}

static json_t *answer_json(apr_pool_t *p, const cg_explain_question *question, const cg_walk *walk,
                           const cg_explanation *made)
{
    const cg_outcome *outcome = made->outcome;
    json_t *answer = json_object();

    json_object_set_new(answer, "url", cg_report_text(question->url));
    json_object_set_new(answer, "method", cg_report_text(question->asked.method));
    json_object_set_new(answer, "origin", text_or_null(question->asked.origin));
    json_object_set_new(answer, "host", host_json(p, walk->host));
    json_object_set_new(answer, "path", text_or_null(walk->path));
    json_object_set_new(answer, "sections", sections_json(outcome->sections));
    json_object_set_new(answer, "unsure", texts_json(walk->unsure));
    json_object_set_new(answer, "policy", policy_json(made));
    json_object_set_new(answer, "guarded", json_boolean(made->is_guarded));
    json_object_set_new(answer, "status", made->status ? json_integer(made->status) : json_null());
    json_object_set_new(answer, "headers", headers_json(made->headers));
    json_object_set_new(answer, "variables", variables_json(outcome->variables));
    json_object_set_new(answer, "lines", lines_json(outcome->nodes));
    json_object_set_new(answer, "unresolved", unresolved_json(outcome->unresolved));
    return answer;
}

static json_t *error_json(const char *url, const char *error)
{
    return json_pack("{s:o, s:o}", "url", text_or_null(url), "error", cg_report_text(error));
}

static json_t *answer_to(apr_pool_t *p, const json_t *json, const apr_array_header_t *hosts,
                         cg_htaccess_store *store)
{
    cg_explain_question question;
    const char *error = cg_explain_question_read(p, json, &question);
    const cg_host *host;
    const char *path;
    cg_walk *walk;
    int status;

    if (error)
        return error_json(question.url, error);
    host = cg_walk_host_at(p, hosts, question.at, question.name, question.port);
    path = cg_target_path(p, host, question.path, &status);
    if (!path)
        return error_json(question.url, apr_psprintf(p, "httpd answers %d to this path", status));
    walk = cg_walk_make(p, host, path, NULL, store);
    walk = cg_walk_served(p, walk, store);
    return answer_json(p, &question, walk, cg_explain(p, walk, &question.asked));
}

/* What stdin holds; NULL and an error where that cannot be read as an array. */
static json_t *read_questions(apr_pool_t *p, const char **error)
{
    char *text = apr_palloc(p, CG_EXPLAIN_INPUT_MAX + 1);
    size_t len = fread(text, 1, CG_EXPLAIN_INPUT_MAX + 1, stdin);
    json_error_t problem;
    json_t *questions;

    if (ferror(stdin) || len > CG_EXPLAIN_INPUT_MAX) {
        *error =
            ferror(stdin)
                ? "the questions on stdin cannot be read"
                : apr_psprintf(p, "the questions on stdin are more than %" APR_SIZE_T_FMT " bytes",
                               CG_EXPLAIN_INPUT_MAX);
        return NULL;
    }
    questions = json_loadb(text, len, 0, &problem);
    if (json_is_array(questions))
        return questions;
    *error = questions ? "the questions on stdin are not a JSON array"
                       : apr_psprintf(p, "the questions on stdin are not JSON: line %d: %s",
                                      problem.line, problem.text);
    json_decref(questions);
    return NULL;
}

static void write_and_forget(json_t *json)
{
    json_dumpf(json, stdout, JSON_COMPACT);
    json_decref(json);
}

/* "tool" as every document of this module has it. */
static void write_head(void)
{
    json_t *report = cg_report_make("");
    json_t *tool = json_incref(json_object_get(report, "tool"));

    (void)fputs("{\"tool\":", stdout);
    write_and_forget(tool ? tool : json_pack("{s:s}", "name", "mod_cors_guard"));
    (void)fprintf(stdout, ",\"schema\":%d,\"answers\":[", CG_REPORT_SCHEMA);
    json_decref(report);
}

/* Answers are written one by one, and what each took is forgotten: memory does not grow with their
 * number. */
void cg_explain_all(apr_pool_t *p, const apr_array_header_t *hosts, cg_htaccess_store *store)
{
    const char *error = NULL;
    apr_pool_t *each;
    json_t *questions;

    apr_pool_create(&each, p);
    questions = read_questions(each, &error);
    if (!questions) {
        write_and_forget(json_pack("{s:o}", "error", cg_report_text(error)));
        (void)fputs("\n", stdout);
        return;
    }
    write_head();
    for (size_t i = 0; i < json_array_size(questions); i++) {
        apr_pool_clear(each);
        (void)fputs(i ? ",\n" : "\n", stdout);
        write_and_forget(answer_to(each, json_array_get(questions, i), hosts, store));
    }
    (void)fputs("]}\n", stdout);
    json_decref(questions);
    apr_pool_destroy(each);
}
