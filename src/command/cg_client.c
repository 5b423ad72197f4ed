/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_client.h"

#include "cg_browser.h"
#include "cg_page.h"
#include "cg_token.h"
#include "cg_version.h"

#include <apr_strings.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

struct cg_client {
    CURL *curl;
    const cg_options *options;
    struct curl_slist *connect_to;
    char problem[CURL_ERROR_SIZE];
};

/* An answer that is being read. */
typedef struct reading {
    apr_pool_t *p;
    cg_reply *reply;
    apr_size_t header_len;
    apr_size_t body_len;
    apr_time_t header_end; /* 0: not yet */
    apr_size_t kept_len;
    int lines;      /* that were kept */
    int is_folding; /* the last line was kept, and may go on in the next */
    int is_interim; /* the header is that of a 1xx answer, before the one that counts */
    int is_large;   /* the header is */
    int is_enough;  /* of the body */
} reading;

static int is_kept(const char *name, apr_size_t len)
{
    static const char prefix[] = "Access-Control-";

    return (len > sizeof prefix - 1 && cg_token_is(name, sizeof prefix - 1, prefix)) ||
           cg_token_is(name, len, "Vary") || cg_token_is(name, len, "Location");
}

/* To a recipient, a space stands where a line was folded (RFC 9112, 5.2). */
static void unfold(const reading *r, const char *line, apr_size_t len)
{
    const apr_array_header_t *all = apr_table_elts(r->reply->headers);
    apr_table_entry_t *last = &APR_ARRAY_IDX(all, all->nelts - 1, apr_table_entry_t);

    last->val = apr_pstrcat(r->p, last->val, " ", cg_browser_trimmed(r->p, line, len), NULL);
}

static void take_line(reading *r, const char *line, apr_size_t len)
{
    const char *colon = memchr(line, ':', len), *name;

    if (r->is_folding && (*line == ' ' || *line == '\t')) {
        r->lines++;
        r->kept_len += len;
        unfold(r, line, len);
        return;
    }
    r->is_folding = 0;
    if (!colon || !is_kept(line, (apr_size_t)(colon - line)))
        return;
    r->lines++;
    r->kept_len += len;
    name = apr_pstrmemdup(r->p, line, (apr_size_t)(colon - line));
    apr_table_addn(r->reply->headers, name,
                   cg_browser_trimmed(r->p, colon + 1, (apr_size_t)(line + len - colon) - 1));
    r->is_folding = 1;
}

/* A line of the header, or of the header of an interim answer before it. */
static void take_header_line(reading *r, const char *line, apr_size_t len)
{
    if (len >= 5 && memcmp(line, "HTTP/", 5) == 0) {
        const char *status = memchr(line, ' ', len);

        apr_table_clear(r->reply->headers);
        r->is_folding = 0;
        r->is_interim = status && status + 1 < line + len && status[1] == '1';
    } else if (len == 0 || *line == '\r' || *line == '\n') {
        r->header_end = r->is_interim ? 0 : apr_time_now();
    } else {
        take_line(r, line, len);
    }
}

/* What comes behind the header is the trailer behind the body, which no browser looks at. */
static size_t on_header(char *line, size_t size, size_t count, void *ctx)
{
    reading *r = ctx;
    apr_size_t len = size * count;

    r->header_len += len;
    if (!r->header_end)
        take_header_line(r, line, len);
    r->is_large = r->header_len > CG_CLIENT_HEADER_MAX || r->lines > CG_CLIENT_LINES_MAX ||
                  r->kept_len > CG_CLIENT_KEPT_MAX;
    return r->is_large ? 0 : len;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *ctx)
{
    reading *r = ctx;

    (void)bytes;
    r->body_len += size * count;
    if (r->body_len <= CG_CLIENT_BODY_MAX)
        return size * count;
    r->is_enough = 1;
    return 0;
}

static int on_progress(void *ctx, curl_off_t down_all, curl_off_t down, curl_off_t up_all,
                       curl_off_t up)
{
    reading *r = ctx;

    (void)down_all;
    (void)down;
    (void)up_all;
    (void)up;
    if (r->body_len > 0 && apr_time_now() - r->header_end > CG_CLIENT_BODY_WAIT)
        r->is_enough = 1;
    return r->is_enough;
}

static apr_status_t close_client(void *ctx)
{
    cg_client *client = ctx;

    curl_easy_cleanup(client->curl);
    curl_slist_free_all(client->connect_to);
    curl_global_cleanup();
    return APR_SUCCESS;
}

cg_client *cg_client_make(apr_pool_t *p, const cg_options *options)
{
    cg_client *client = apr_pcalloc(p, sizeof *client);

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return NULL;
    client->curl = curl_easy_init();
    client->options = options;
    if (options->connect_to)
        client->connect_to =
            curl_slist_append(NULL, apr_pstrcat(p, "::", options->connect_to, NULL));
    apr_pool_cleanup_register(p, client, close_client, apr_pool_cleanup_null);
    return client->curl ? client : NULL;
}

static void set_limits(cg_client *client)
{
    apr_interval_time_t timeout =
        client->options->timeout ? client->options->timeout : CG_CLIENT_TIMEOUT;
    long milliseconds = (long)apr_time_as_msec(timeout);

    curl_easy_setopt(client->curl, CURLOPT_TIMEOUT_MS, milliseconds > 0 ? milliseconds : 1L);
    curl_easy_setopt(client->curl, CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(client->curl, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    curl_easy_setopt(client->curl, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    curl_easy_setopt(client->curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(client->curl, CURLOPT_SSL_VERIFYPEER, client->options->insecure ? 0L : 1L);
    curl_easy_setopt(client->curl, CURLOPT_SSL_VERIFYHOST, client->options->insecure ? 0L : 2L);
    if (client->options->cacert)
        curl_easy_setopt(client->curl, CURLOPT_CAINFO, client->options->cacert);
    /* An empty text, unlike none, keeps libcurl from asking the environment. */
    curl_easy_setopt(client->curl, CURLOPT_PROXY,
                     client->options->proxy ? client->options->proxy : "");
    curl_easy_setopt(client->curl, CURLOPT_CONNECT_TO, client->connect_to);
    curl_easy_setopt(client->curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

static void set_reading(cg_client *client, reading *r)
{
    curl_easy_setopt(client->curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(client->curl, CURLOPT_HEADERDATA, r);
    curl_easy_setopt(client->curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(client->curl, CURLOPT_WRITEDATA, r);
    curl_easy_setopt(client->curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(client->curl, CURLOPT_XFERINFODATA, r);
    curl_easy_setopt(client->curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(client->curl, CURLOPT_ERRORBUFFER, client->problem);
}

static struct curl_slist *add(apr_pool_t *p, struct curl_slist *lines, const char *name,
                              const char *value)
{
    struct curl_slist *longer;

    if (!value)
        return lines;
    longer = curl_slist_append(lines, apr_pstrcat(p, name, ": ", value, NULL));
    return longer ? longer : lines;
}

/* Why there is no answer; NULL where what came is one. */
static const char *problem_of(apr_pool_t *p, const cg_client *client, const reading *r,
                              CURLcode code)
{
    const char *text = *client->problem ? client->problem : curl_easy_strerror(code);

    if (code == CURLE_OK || r->is_enough)
        return NULL;
    /* libcurl has a bound for a line, and calls it that. */
    if (r->is_large || code == CURLE_OUT_OF_MEMORY)
        return apr_psprintf(p,
                            "its header has more than %lu KiB, or more than %d lines or %lu KiB "
                            "about CORS",
                            CG_CLIENT_HEADER_MAX / 1024, CG_CLIENT_LINES_MAX,
                            CG_CLIENT_KEPT_MAX / 1024);
    /* Whatever became of the body: the header is what was asked for. */
    if (r->header_end)
        return NULL;
    if (code == CURLE_PEER_FAILED_VERIFICATION)
        return apr_psprintf(p,
                            "%s (--cacert names a CA of your own, --insecure accepts any "
                            "certificate)",
                            text);
    return apr_pstrdup(p, cg_page_printable(p, text));
}

void cg_client_send(apr_pool_t *p, cg_client *client, const cg_site *site, cg_reply *reply)
{
    reading r = {.p = p, .reply = reply};
    struct curl_slist *lines = NULL;
    const char *address = NULL;
    long status = 0;

    reply->headers = apr_table_make(p, 8);
    lines = add(p, lines, "Origin", reply->origin);
    lines = add(p, lines, "Access-Control-Request-Method", reply->asked_method);
    lines = add(p, lines, "Access-Control-Request-Headers", reply->asked_header);
    *client->problem = '\0';
    curl_easy_reset(client->curl);
    set_limits(client);
    set_reading(client, &r);
    curl_easy_setopt(client->curl, CURLOPT_URL, site->url);
    curl_easy_setopt(client->curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(client->curl, CURLOPT_USERAGENT, "cors-audit/" CG_VERSION " (" CG_TOOL ")");
    curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, lines);
    if (reply->asked_method)
        curl_easy_setopt(client->curl, CURLOPT_CUSTOMREQUEST, "OPTIONS");
    reply->problem = problem_of(p, client, &r, curl_easy_perform(client->curl));
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(client->curl, CURLINFO_PRIMARY_IP, &address);
    reply->status = (int)status;
    reply->address = address && *address ? apr_pstrdup(p, address) : NULL;
    curl_slist_free_all(lines);
}
