/* SPDX-License-Identifier: Apache-2.0 */
/* A virtual host of any lines, below a main server that has some (cgfuzz/targets.py), and a request
 * to it, through all of the audit: what may stand in no .htaccess, such as RewriteMap, Location
 * sections and rules that know the whole URL, and what is inherited. The report is sound
 * (audited.h). The input: a request, then the lines. */
#include "mod_fuzz.h"

#include "../fuzz.h"
#include "audited.h"

#include "cg_module.h"

#include <apr_strings.h>
#include <http_core.h>
#include <string.h>
#include <strings.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* Directives and sections that are read, besides the module's own. Others could start programs, read
 * any file, have the audit search the whole disk, or end the process. */
static const char *const known[] = {"BrowserMatch",
                                    "BrowserMatchNoCase",
                                    "Header",
                                    "RequestHeader",
                                    "RewriteBase",
                                    "RewriteCond",
                                    "RewriteEngine",
                                    "RewriteMap",
                                    "RewriteOptions",
                                    "RewriteRule",
                                    "ServerAlias",
                                    "ServerName",
                                    "SetEnv",
                                    "SetEnvIf",
                                    "SetEnvIfExpr",
                                    "SetEnvIfNoCase",
                                    "UnsetEnv",
                                    "UseCanonicalName",
                                    "Directory",
                                    "DirectoryMatch",
                                    "Files",
                                    "FilesMatch",
                                    "Location",
                                    "LocationMatch",
                                    "If",
                                    "ElseIf",
                                    "Else",
                                    "Limit",
                                    "LimitExcept"};

/* Non-zero where a line goes on in the next, which is then no line of its own. */
static int goes_on(const char *line)
{
    apr_size_t len = strlen(line);

    while (len && line[len - 1] == '\r')
        len--;
    return len && line[len - 1] == '\\';
}

/* httpd's own parser of expressions ends the process where a quotation mark follows the colon in
 * %{NAME:...}. */
static int ends_httpd(const char *line)
{
    while ((line = strstr(line, "%{")) != NULL) {
        const char *colon = strchr(line, ':');

        line += 2;
        if (colon && colon[strcspn(colon, "\"'}")] != '}')
            return 1;
    }
    return 0;
}

static int is_read(const char *line)
{
    const char *word = line + strspn(line, " \t");
    apr_size_t len;

    word += *word == '<';
    word += *word == '/';
    len = strspn(word, LETTERS);
    if (goes_on(line) || ends_httpd(line))
        return 0;
    if (len > 4 && strncasecmp(word, "Cors", 4) == 0)
        return strncasecmp(word, "CorsAllowOriginFile", len) != 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strlen(known[i]) == len && strncasecmp(word, known[i], len) == 0)
            return 1;
    }
    return 0;
}

/* The lines as a virtual host, in a file. */
static const char *write_host(apr_pool_t *p, const char *rest, const char *end)
{
    const char *path = ap_server_root_relative(p, "host.conf");
    const char *text = "<VirtualHost 127.0.0.1:80>\n";
    char *line;

    while ((line = fuzz_line(p, &rest, end)) != NULL) {
        if (is_read(line))
            text = apr_pstrcat(p, text, line, "\n", NULL);
    }
    text = apr_pstrcat(p, text, "</VirtualHost>\n", NULL);
    audited_write(path, text, strlen(text));
    return path;
}

/* Reads a file as httpd reads its configuration. @return 0 where it is refused */
static int read_file(apr_pool_t *p, const char *path, ap_directive_t **tree)
{
    cmd_parms parms = {.override = RSRC_CONF | OR_ALL,
                       .override_opts = OPT_ALL | OPT_SYM_OWNER | OPT_MULTI,
                       .limited = -1,
                       .pool = p,
                       .server = fuzz_server};
    const char *error;

    apr_pool_create(&parms.temp_pool, p);
    FUZZ_MUST(ap_pcfg_openfile(&parms.config_file, p, path) == APR_SUCCESS);
    error = ap_build_config(&parms, p, parms.temp_pool, tree);
    ap_cfg_closefile(parms.config_file);
    if (!error)
        error = ap_walk_config(*tree, &parms, fuzz_server->lookup_defaults);
    return error == NULL;
}

/* The audit of both servers, and the request. */
static void check(apr_pool_t *p, const cg_question *question)
{
    const apr_array_header_t *hosts;

    ap_fixup_virtual_hosts(p, fuzz_server);
    hosts = cg_inventory_read(p, fuzz_server, ap_conftree, &cors_guard_module);
    FUZZ_MUST(hosts->nelts == 2);
    json_decref(audited_report(p, hosts));
    if (question)
        audited_explain(p, hosts, question);
}

void fuzz_one(apr_pool_t *p, const char *text, apr_size_t len)
{
    const char *rest = apr_pstrmemdup(p, text, len), *end = rest + len;
    ap_directive_t *tree = NULL, *last = ap_conftree;
    cg_question question;
    int asks = audited_question(p, &rest, end, &question);

    while (last->next)
        last = last->next;
    FUZZ_MUST(!fuzz_server->next);
    if (read_file(p, write_host(p, rest, end), &tree)) {
        last->next = tree;
        check(p, asks ? &question : NULL);
    }
    last->next = NULL;
    fuzz_server->next = NULL;
}
