/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_sarif.h"

#include "cg_member.h"

#include <apr_hash.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

/* For a directive in a macro httpd writes, in place of a file, "macro 'x' (defined on line 3 of
 * "/a.conf") used on line 7 of "/b.conf"" (mod_macro, make_sub). Where it is used is what can be
 * opened. */
const char *cg_sarif_file(apr_pool_t *p, const json_t *place, int *line)
{
    const char *text = cg_member_text(place, "file");
    static const char used[] = " used on line ";
    const char *at = strncmp(text, "macro '", 7) == 0 ? strstr(text, used) : NULL;
    const char *begin, *end;

    for (const char *next = at; next; next = strstr(next + 1, used))
        at = next;
    *line = cg_member_number(place, "line");
    if (!at || !(begin = strchr(at, '"')) || !(end = strchr(begin + 1, '"')))
        return text;
    *line = (int)strtol(at + strlen(used), NULL, 10);
    return apr_pstrmemdup(p, begin + 1, (apr_size_t)(end - begin - 1));
}

/* A path as a URI reference (RFC 3986), or as a file URI (RFC 8089) where it is absolute. */
static const char *uri_of(apr_pool_t *p, const char *path)
{
    static const char hex[] = "0123456789ABCDEF", scheme[] = "file://";
    char *uri = apr_palloc(p, 3 * strlen(path) + sizeof scheme), *end = uri;

    if (*path == '/') {
        memcpy(end, scheme, sizeof scheme - 1);
        end += sizeof scheme - 1;
    }
    for (; *path; path++) {
        unsigned char byte = (unsigned char)*path;

        if (apr_isascii(byte) && (apr_isalnum(byte) || strchr("/-._~", byte))) {
            *end++ = (char)byte;
        } else {
            *end++ = '%';
            *end++ = hex[byte >> 4];
            *end++ = hex[byte & 15];
        }
    }
    *end = '\0';
    return uri;
}

json_t *cg_sarif_location(apr_pool_t *p, const json_t *place)
{
    int line;
    const char *file = cg_sarif_file(p, place, &line);
    json_t *location = json_object(), *physical;

    if (!*file)
        return location;
    physical = json_pack("{s:{s:s}}", "artifactLocation", "uri", uri_of(p, file));
    if (line > 0)
        json_object_set_new(physical, "region", json_pack("{s:i}", "startLine", line));
    json_object_set_new(location, "physicalLocation", physical);
    return location;
}

/* Non-zero the first time. */
static int is_new(apr_hash_t *seen, const char *text)
{
    if (apr_hash_get(seen, text, APR_HASH_KEY_STRING))
        return 0;
    apr_hash_set(seen, text, APR_HASH_KEY_STRING, text);
    return 1;
}

json_t *cg_sarif_logical_locations(apr_pool_t *p, const json_t *places)
{
    json_t *locations = json_array();
    apr_hash_t *seen = apr_hash_make(p);

    for (size_t i = 0; i < json_array_size(places); i++) {
        const json_t *place = json_array_get(places, i);
        const char *host = cg_member_text(place, "host"),
                   *section = cg_member_text(place, "section");
        const char *name = *section ? apr_pstrcat(p, host, " ", section, NULL) : host;

        if (is_new(seen, name))
            json_array_append_new(locations,
                                  json_pack("{s:s, s:s, s:s}", "name", *section ? section : host,
                                            "fullyQualifiedName", name, "kind", "resource"));
    }
    return locations;
}

json_t *cg_sarif_related(apr_pool_t *p, const json_t *lines)
{
    json_t *related = json_array();
    apr_hash_t *seen = apr_hash_make(p);

    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *line = json_array_get(lines, i);
        const char *name =
            apr_psprintf(p, "%d %s", cg_member_number(line, "line"), cg_member_text(line, "file"));
        json_t *location;

        if (!is_new(seen, name) || i == 0)
            continue;
        location = cg_sarif_location(p, line);
        json_object_set_new(location, "id", json_integer((json_int_t)i));
        json_object_set_new(location, "message", cg_sarif_message("This line takes part."));
        json_array_append_new(related, location);
    }
    return related;
}
