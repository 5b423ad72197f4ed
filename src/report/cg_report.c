/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_report.h"

json_t *cg_report_make(const char *generated)
{
    return json_pack("{s:i, s:s}", "schema", CG_REPORT_SCHEMA, "generated", generated);
}

json_t *cg_report_add_host(json_t *report, const char *name, const char *address, unsigned port,
                           const cg_place *place)
{
    (void)name;
    (void)address;
    (void)port;
    (void)place;
    return report;
}

void cg_report_add_policy(json_t *host, const cg_report_policy *policy)
{
    (void)host;
    (void)policy;
}

void cg_report_add_finding(json_t *report, const cg_report_finding *finding)
{
    (void)report;
    (void)finding;
}

void cg_report_cover(json_t *report, unsigned hosts, unsigned sections, unsigned htaccess,
                     unsigned directories, unsigned links)
{
    (void)report;
    (void)hosts;
    (void)sections;
    (void)htaccess;
    (void)directories;
    (void)links;
}

void cg_report_add_unread(json_t *report, const char *path, const char *reason)
{
    (void)report;
    (void)path;
    (void)reason;
}

void cg_report_add_unresolved(json_t *report, const cg_place *place, const char *reason)
{
    (void)report;
    (void)place;
    (void)reason;
}

void cg_report_finish(json_t *report)
{
    (void)report;
}

json_t *cg_report_text(const char *text)
{
    return json_string(text);
}
