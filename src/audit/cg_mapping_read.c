/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_mapping_rule.h"

#include <apr_fnmatch.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include <http_config.h>
#include <http_core.h>
#include <string.h>

/* What is read next: the mapping, a directive's arguments. */
typedef struct reader {
    apr_pool_t *p;
    cg_mapping *mapping;
    const char *args;
} reader;

static const char *next(reader *in)
{
    return cg_tree_argument(in->p, &in->args);
}

static cg_mapping_rule *push(apr_array_header_t *rules, cg_reach reach, const char *target)
{
    cg_mapping_rule *added = apr_array_push(rules);

    added->reach = reach;
    added->target = target;
    return added;
}

/* The directory without slashes at its end, absolute. */
static const char *directory(apr_pool_t *p, const char *path)
{
    char *absolute = ap_server_root_relative(p, path);
    apr_size_t len;

    if (!absolute)
        return NULL;
    absolute = apr_pstrdup(p, absolute);
    for (len = strlen(absolute); len > 0 && absolute[len - 1] == '/'; len--)
        absolute[len - 1] = '\0';
    return absolute;
}

static void read_alias(reader *in)
{
    const char *prefix = next(in);
    const char *target = next(in);

    if (!prefix || !target || !(target = directory(in->p, target)))
        return;
    push(in->mapping->aliases, CG_REACH_FILE, target)->prefix = prefix;
}

static void read_alias_match(reader *in)
{
    const char *pattern = next(in);
    const ap_regex_t *regex = pattern ? ap_pregcomp(in->p, pattern, AP_REG_EXTENDED) : NULL;

    in->mapping->open = 1;
    if (regex)
        push(in->mapping->aliases, CG_REACH_UNSURE, NULL)->regex = regex;
}

static void read_wsgi(reader *in)
{
    const char *prefix = next(in);

    in->mapping->open = 1;
    if (prefix)
        push(in->mapping->aliases, CG_REACH_UNSURE, NULL)->prefix = prefix;
}

static void read_proxy(reader *in, int is_regex)
{
    const char *from = next(in);
    const char *target;
    cg_mapping_rule *added;

    if (from && strcmp(from, "~") == 0) {
        is_regex = 1;
        from = next(in);
    }
    target = next(in);
    if (!from || !target)
        return;
    added = push(in->mapping->proxies, CG_REACH_NONE, target);
    if (is_regex)
        added->regex = ap_pregcomp(in->p, from, AP_REG_EXTENDED);
    if (!added->regex)
        added->prefix = from;
}

static void read_proxy_pass(reader *in)
{
    read_proxy(in, 0);
}

static void read_proxy_pass_match(reader *in)
{
    read_proxy(in, 1);
}

static void read_proxy_inherit(reader *in)
{
    const char *value = next(in);

    in->mapping->proxies_own_only = value && ap_cstr_casecmp(value, "off") == 0;
}

/* Redirect [status] URL-path [target]: the path is the first that begins with a slash. */
static void read_redirect(reader *in)
{
    const char *word = next(in);

    while (word && *word != '/')
        word = next(in);
    if (word)
        push(in->mapping->redirects, CG_REACH_NONE, NULL)->prefix = word;
}

/* RedirectMatch [status] regex [target]. */
static void read_redirect_match(reader *in)
{
    static const char *const statuses[] = {"permanent", "temp", "seeother", "gone"};
    const char *word = next(in);
    int is_status = word && apr_isdigit(*word);
    const ap_regex_t *regex;

    for (size_t i = 0; word && i < sizeof statuses / sizeof *statuses; i++)
        is_status |= ap_cstr_casecmp(word, statuses[i]) == 0;
    if (is_status)
        word = next(in);
    regex = word ? ap_pregcomp(in->p, word, AP_REG_EXTENDED) : NULL;
    if (regex)
        push(in->mapping->redirects, CG_REACH_NONE, NULL)->regex = regex;
}

static void read_rewrite_engine(reader *in)
{
    const char *value = next(in);

    in->mapping->rewrite_engine =
        value && ap_cstr_casecmp(value, "on") == 0 ? CG_SWITCH_ON : CG_SWITCH_OFF;
}

static void read_rewrite_options(reader *in)
{
    const char *value;

    while ((value = next(in))) {
        if (ap_cstr_casecmpn(value, "InheritDown", 11) == 0)
            in->mapping->rewrites_inherit_down = 1;
        else if (ap_cstr_casecmpn(value, "Inherit", 7) == 0)
            in->mapping->rewrites_inherit = 1;
    }
}

static void read_rewrite_condition(reader *in)
{
    in->mapping->conditions = 1;
}

/* Whether one of these flags is in "[NC,R=301,L]"; a name ends the flag, or "=" does. */
static int has_flag(const char *flags, const char *name, const char *long_name)
{
    while (flags && *flags) {
        apr_size_t len;

        flags += strspn(flags, "[, ");
        len = strcspn(flags, "=,] ");
        if ((len == strlen(name) && ap_cstr_casecmpn(flags, name, len) == 0) ||
            (len == strlen(long_name) && ap_cstr_casecmpn(flags, long_name, len) == 0))
            return 1;
        flags += strcspn(flags, ",");
    }
    return 0;
}

static int is_redirect(const char *target, const char *flags)
{
    return has_flag(flags, "R", "redirect") || has_flag(flags, "F", "forbidden") ||
           has_flag(flags, "G", "gone") || ap_cstr_casecmpn(target, "http://", 7) == 0 ||
           ap_cstr_casecmpn(target, "https://", 8) == 0;
}

/* A rule that may redirect or not leaves what is not redirected where it was. */
static void read_rewrite_rule(reader *in)
{
    const char *pattern = next(in);
    const char *target = next(in);
    const char *flags = next(in);
    int conditional = in->mapping->conditions;
    int negated = pattern && *pattern == '!';
    int proxied = has_flag(flags, "P", "proxy");
    int redirected = target && !proxied && is_redirect(target, flags);
    const ap_regex_t *regex;

    in->mapping->conditions = 0;
    if (!pattern || !target || (redirected && conditional) ||
        (strcmp(target, "-") == 0 && !redirected && !proxied))
        return;
    regex =
        ap_pregcomp(in->p, pattern + negated, has_flag(flags, "NC", "nocase") ? AP_REG_ICASE : 0);
    if (regex) {
        cg_mapping_rule *added = push(in->mapping->rewrites, CG_REACH_UNSURE, NULL);

        if (redirected || (proxied && !conditional))
            added->reach = CG_REACH_NONE;
        added->regex = regex;
        added->is_negated = negated != 0;
    }
}

static void read_computed_root(reader *in)
{
    const char *value = next(in);

    in->mapping->computed_root = value && ap_cstr_casecmp(value, "none") != 0;
}

static void read_user_directory(reader *in)
{
    const char *value = next(in);

    if (value && ap_cstr_casecmp(value, "disabled") != 0)
        in->mapping->user_directories = 1;
}

static void read_directive(apr_pool_t *p, cg_mapping *mapping, const ap_directive_t *node)
{
    static const struct {
        const char *name;
        void (*read)(reader *in);
    } readers[] = {
        {"Alias", read_alias},
        {"ScriptAlias", read_alias},
        {"AliasMatch", read_alias_match},
        {"ScriptAliasMatch", read_alias_match},
        {"WSGIScriptAliasMatch", read_alias_match},
        {"WSGIScriptAlias", read_wsgi},
        {"ProxyPass", read_proxy_pass},
        {"ProxyPassMatch", read_proxy_pass_match},
        {"ProxyPassInherit", read_proxy_inherit},
        {"Redirect", read_redirect},
        {"RedirectTemp", read_redirect},
        {"RedirectPermanent", read_redirect},
        {"RedirectMatch", read_redirect_match},
        {"RewriteEngine", read_rewrite_engine},
        {"RewriteOptions", read_rewrite_options},
        {"RewriteCond", read_rewrite_condition},
        {"RewriteRule", read_rewrite_rule},
        {"VirtualDocumentRoot", read_computed_root},
        {"VirtualDocumentRootIP", read_computed_root},
        {"VirtualScriptAlias", read_computed_root},
        {"VirtualScriptAliasIP", read_computed_root},
        {"UserDir", read_user_directory},
    };
    reader in = {p, mapping, node->args};

    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        if (cg_tree_is(node, readers[i].name))
            readers[i].read(&in);
    }
}

/* Which rule a directive inside a Location makes; 0: none. */
static int reach_in_location(apr_pool_t *p, const ap_directive_t *node, cg_reach *reach,
                             const char **target)
{
    const char *args = node->args;

    *target = NULL;
    *reach = CG_REACH_UNSURE;
    if (cg_tree_is(node, "ProxyPass")) {
        *target = cg_tree_argument(p, &args);
        *reach = CG_REACH_NONE;
        return 1;
    }
    return cg_tree_is(node, "ProxyPassMatch") || cg_tree_is(node, "Alias") ||
           cg_tree_is(node, "ScriptAlias") || cg_tree_is(node, "Redirect");
}

static void read_location(apr_pool_t *p, cg_mapping *mapping, const ap_directive_t *location)
{
    int is_regex = cg_tree_is(location, "<LocationMatch");
    const char *path = cg_tree_section_path(p, location, &is_regex);

    for (const ap_directive_t *node = path ? location->first_child : NULL; node;
         node = node->next) {
        const char *target;
        cg_reach reach;
        cg_mapping_rule *added;

        if (!reach_in_location(p, node, &reach, &target))
            continue;
        added = push(mapping->in_locations, reach, target);
        if (is_regex)
            added->regex = ap_pregcomp(p, path, AP_REG_EXTENDED);
        if (!added->regex)
            added->prefix = path;
        added->is_fnmatch = !added->regex && apr_fnmatch_test(path) != 0;
        if (is_regex || added->is_fnmatch)
            added->reach = CG_REACH_UNSURE;
        mapping->open |= added->reach == CG_REACH_UNSURE;
    }
}

static cg_mapping *make(apr_pool_t *p, const cg_mapping *main)
{
    cg_mapping *mapping = apr_pcalloc(p, sizeof *mapping);

    mapping->main = main;
    mapping->in_locations = apr_array_make(p, 0, sizeof(cg_mapping_rule));
    mapping->proxies = apr_array_make(p, 0, sizeof(cg_mapping_rule));
    mapping->rewrites = apr_array_make(p, 0, sizeof(cg_mapping_rule));
    mapping->redirects = apr_array_make(p, 0, sizeof(cg_mapping_rule));
    mapping->aliases = apr_array_make(p, 0, sizeof(cg_mapping_rule));
    return mapping;
}

cg_mapping *cg_mapping_read(apr_pool_t *p, const server_rec *server, const ap_directive_t *own,
                            const cg_mapping *main)
{
    const core_server_config *core = ap_get_core_module_config(server->module_config);
    cg_mapping *mapping = make(p, main);

    if (core->ap_document_root)
        mapping->document_root = directory(p, core->ap_document_root);
    for (const ap_directive_t *node = own; node; node = node->next) {
        if (cg_tree_is(node, "<Location") || cg_tree_is(node, "<LocationMatch"))
            read_location(p, mapping, node);
        else if (*node->directive != '<')
            read_directive(p, mapping, node);
    }
    return mapping;
}
