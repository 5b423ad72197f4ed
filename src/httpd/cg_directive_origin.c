/* SPDX-License-Identifier: Apache-2.0 */
/* The setters of origins. */
#include "cg_directive.h"

#include "cg_logno.h"
#include "cg_module.h"
#include "cg_quote.h"
#include "cg_regex.h"
#include "cg_verdict.h"

#include <apr_file_io.h>
#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>

APLOG_USE_MODULE(cors_guard);

/* A CorsAllowOriginFile is read whole; this is some five million origins. */
#define FILE_MAX ((apr_off_t)256 * 1024 * 1024)

static cg_origins *origins_of(cmd_parms *cmd, cg_policy *policy)
{
    cg_place place = cg_directive_place(cmd);

    if (!policy->origins)
        policy->origins = cg_origins_make(cmd->pool, &place);
    return policy->origins;
}

/* A setter's result: the error, or what the section is refused for now that it has one origin
 * more. */
static const char *checked(cmd_parms *cmd, const cg_policy *policy, const char *error)
{
    return error ? cg_directive_refuse(cmd, error) : cg_directive_conflict(cmd, policy);
}

const char *cg_directive_allow_origin(cmd_parms *cmd, void *conf, const char *arg)
{
    cg_place place = cg_directive_place(cmd);
    const char *error = cg_directive_misplaced(cmd, 0);

    if (error)
        return error;
    return checked(cmd, conf, cg_origins_add(cmd->pool, origins_of(cmd, conf), arg, &place));
}

static const char *cannot_read(apr_pool_t *p, const char *path, apr_status_t status)
{
    char why[120];

    return apr_psprintf(p, "%s cannot be read: %s: write the path of a file with one origin a line",
                        path, apr_strerror(status, why, sizeof why));
}

/* The whole content of a regular file, in temp. */
static const char *read_file(apr_pool_t *p, apr_pool_t *temp, const char *path, char **content,
                             apr_size_t *len)
{
    apr_file_t *file;
    apr_finfo_t info;
    apr_status_t status = apr_stat(&info, path, APR_FINFO_TYPE | APR_FINFO_SIZE, temp);

    if (status != APR_SUCCESS)
        return cannot_read(p, path, status);
    if (info.filetype != APR_REG)
        return apr_psprintf(p, "%s is no file: write the path of a file with one origin a line",
                            path);
    if (info.size > FILE_MAX)
        return apr_psprintf(p, "%s has more than %d MB: split the list", path,
                            (int)(FILE_MAX >> 20));
    status = apr_file_open(&file, path, APR_FOPEN_READ | APR_FOPEN_BINARY, APR_OS_DEFAULT, temp);
    if (status != APR_SUCCESS)
        return cannot_read(p, path, status);
    *content = apr_palloc(temp, (apr_size_t)info.size + 1);
    status = apr_file_read_full(file, *content, (apr_size_t)info.size, len);
    apr_file_close(file);
    return status == APR_SUCCESS || APR_STATUS_IS_EOF(status) ? NULL : cannot_read(p, path, status);
}

/* That is no mistake of syntax, but seldom meant: a list that could not be fetched looks like this.
 * At startup httpd reads the configuration twice; once is enough for a warning. */
static void warn_of_empty_file(const cmd_parms *cmd, const char *path)
{
    const cg_place place = cg_directive_place(cmd);

    if (ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG &&
        ap_state_query(AP_SQ_RUN_MODE) == AP_SQ_RM_NORMAL)
        return;
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, cmd->server,
                 CG_LOG_EMPTY_FILE
                 "CorsAllowOriginFile (%s:%d): %s lists no origin: write one origin a line, or "
                 "CorsAllowOrigin none",
                 place.file, place.line, path);
}

const char *cg_directive_allow_origin_file(cmd_parms *cmd, void *conf, const char *arg)
{
    const char *error = cg_directive_misplaced(cmd, NOT_IN_HTACCESS);
    const char *path = ap_server_root_relative(cmd->pool, arg);
    cg_origins *origins;
    apr_pool_t *temp;
    char *content = NULL;
    apr_size_t len = 0, listed;

    if (error)
        return error;
    if (!path)
        return cg_directive_refuse(cmd,
                                   apr_psprintf(cmd->pool, "%s is no path: write that of a file",
                                                cg_quote(cmd->pool, arg, strlen(arg))));
    origins = origins_of(cmd, conf);
    listed = origins->listed;
    apr_pool_create(&temp, cmd->temp_pool);
    error = read_file(cmd->pool, temp, path, &content, &len);
    if (!error)
        error = cg_origins_add_lines(cmd->pool, origins, path, content, len);
    if (!error && origins->listed == listed)
        warn_of_empty_file(cmd, path);
    apr_pool_destroy(temp);
    return checked(cmd, conf, error);
}

const char *cg_directive_allow_origin_match(cmd_parms *cmd, void *conf, const char *arg)
{
    cg_place place = cg_directive_place(cmd);
    const char *error = cg_directive_misplaced(cmd, 0);
    cg_matcher matcher;
    cg_witness witness;

    if (error)
        return error;
    error = cg_regex_compile(cmd->pool, arg, &place, &matcher);
    if (!error) {
        cg_verdict_find(cmd->pool, &matcher, &witness);
        error = cg_origins_add_matcher(cmd->pool, origins_of(cmd, conf), &matcher, &witness);
    }
    return checked(cmd, conf, error);
}

const char *cg_directive_self_origin(cmd_parms *cmd, void *conf, const char *arg)
{
    cg_policy *policy = conf;
    const char *error = cg_directive_misplaced(cmd, 0);
    cg_pattern pattern;

    if (error)
        return error;
    error = cg_pattern_parse(cmd->pool, arg, strlen(arg), &pattern);
    if (!error && pattern.null)
        error = "null is the origin of no site: name each origin of this one, like "
                "https://www.example.com";
    if (!error && (pattern.subdomains || pattern.any_port))
        error = apr_psprintf(
            cmd->pool,
            "%s is a pattern: name each origin of this site, like https://www.example.com",
            cg_quote(cmd->pool, arg, strlen(arg)));
    if (error)
        return cg_directive_refuse(cmd, error);
    if (!policy->self) {
        policy->self = apr_palloc(cmd->pool, sizeof *policy->self);
        *policy->self = (cg_self){cg_set_make(cmd->pool, 0, 0), cg_directive_place(cmd)};
    }
    cg_set_add(policy->self->set, &pattern);
    return NULL;
}
