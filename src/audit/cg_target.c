/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_target.h"

#include <apr_strings.h>
#include <http_core.h>

static unsigned how_to_decode(const core_dir_config *defaults)
{
    if (!defaults->allow_encoded_slashes)
        return AP_UNESCAPE_URL_KEEP_UNRESERVED | AP_UNESCAPE_URL_FORBID_SLASHES;
    if (!defaults->decode_encoded_slashes)
        return AP_UNESCAPE_URL_KEEP_UNRESERVED | AP_UNESCAPE_URL_KEEP_SLASHES;
    return AP_UNESCAPE_URL_KEEP_UNRESERVED;
}

const char *cg_target_path(apr_pool_t *p, const cg_host *host, const char *path, int *status)
{
    const core_server_config *core = ap_get_core_module_config(host->server->module_config);
    const core_dir_config *defaults = ap_get_core_module_config(host->server->lookup_defaults);
    unsigned how = AP_NORMALIZE_NOT_ABOVE_ROOT;
    char *read;

    while (path[0] == '/' && path[1] == '/')
        path++; /* ap_parse_uri: else it would be taken for a host */
    read = apr_pstrdup(p, path);
    if (core->merge_slashes != AP_CORE_CONFIG_OFF)
        how |= AP_NORMALIZE_MERGE_SLASHES;
    *status = HTTP_BAD_REQUEST;
    if (!ap_normalize_path(read, how | AP_NORMALIZE_DECODE_UNRESERVED))
        return NULL;
    *status = ap_unescape_url_ex(read, how_to_decode(defaults));
    if (*status != OK)
        return NULL;
    if (defaults->allow_encoded_slashes && defaults->decode_encoded_slashes)
        ap_normalize_path(read, how);
    return read;
}
