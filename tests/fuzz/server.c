/* SPDX-License-Identifier: Apache-2.0 */
/* What cg_client.c calls of libcurl. */
#include "server.h"

#include "fuzz.h"

#define CURL_DISABLE_TYPECHECK
#include <apr_strings.h>
#include <curl/curl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define ORIGIN_LINE "Origin: "
#define ORIGIN_PLACE "$O"

static struct {
    apr_pool_t *p;
    const char *text, *end;
    const char *next;         /* where the next answer begins */
    apr_array_header_t *sent; /* of struct sent: one for each request */
} server;

/* Header lines, as they were sent. */
struct sent {
    const char *text;
    apr_size_t len;
};

/* The one handle: what it was told of the request at hand. */
struct handle {
    curl_write_callback on_header, on_body;
    curl_xferinfo_callback on_progress;
    void *header_ctx, *body_ctx, *progress_ctx;
    char *problem;
    const struct curl_slist *lines;
    long status;
    int is_interim;
};

static struct handle *handle_of(CURL *curl)
{
    return (struct handle *)curl;
}

void server_begin(apr_pool_t *p, const char *text, const char *end)
{
    server.p = p;
    server.text = server.next = text;
    server.end = end;
    server.sent = apr_array_make(p, 32, sizeof(struct sent));
}

int server_requests(void)
{
    return server.sent->nelts;
}

const char *server_header(int i, apr_size_t *len)
{
    const struct sent *sent = &APR_ARRAY_IDX(server.sent, i, struct sent);

    *len = sent->len;
    return sent->text;
}

static void keep_line(struct sent *sent, const char *line, apr_size_t len)
{
    char *longer = apr_palloc(server.p, sent->len + len);

    memcpy(longer, sent->text, sent->len);
    memcpy(longer + sent->len, line, len);
    *sent = (struct sent){longer, sent->len + len};
}

static const char *line_end(const char *line, const char *end)
{
    const char *feed = memchr(line, '\n', (size_t)(end - line));

    return feed ? feed + 1 : end;
}

/* As libcurl finds the end of a header. */
static int is_empty(const char *line)
{
    return *line == '\r' || *line == '\n';
}

/* The next answer: from *text to what is returned. */
static const char *take_answer(const char **text)
{
    const char *line = server.next;

    *text = line;
    while (line < server.end) {
        const char *after = line_end(line, server.end);

        if (*line == '=' && after - line <= 2) {
            server.next = after < server.end ? after : server.text;
            return line;
        }
        line = after;
    }
    server.next = server.text;
    return line;
}

static const char *origin_of(const struct handle *curl)
{
    for (const struct curl_slist *line = curl->lines; line; line = line->next) {
        if (strncmp(line->data, ORIGIN_LINE, sizeof ORIGIN_LINE - 1) == 0)
            return line->data + sizeof ORIGIN_LINE - 1;
    }
    return "";
}

/* A copy of a line, of its own size and without a NUL, with the first $O replaced. */
static char *expand(const struct handle *curl, const char *line, apr_size_t *len)
{
    const char *origin = origin_of(curl), *at = line, *end = line + *len;
    apr_size_t origin_len = strlen(origin), before;
    char *out;

    while (end - at >= 2 && memcmp(at, ORIGIN_PLACE, 2) != 0)
        at++;
    if (end - at < 2)
        return apr_pmemdup(server.p, line, *len);
    before = (apr_size_t)(at - line);
    out = apr_palloc(server.p, *len - 2 + origin_len);
    memcpy(out, line, before);
    memcpy(out + before, origin, origin_len);
    memcpy(out + before + origin_len, at + 2, *len - before - 2);
    *len += origin_len - 2;
    return out;
}

static void read_status(struct handle *curl, const char *line, apr_size_t len)
{
    const char *status = memchr(line, ' ', len);

    if (len < 5 || memcmp(line, "HTTP/", 5) != 0)
        return;
    curl->is_interim = status && status + 1 < line + len && status[1] == '1';
    if (status && line + len - status > 4)
        curl->status = atol(apr_pstrmemdup(server.p, status + 1, 3));
}

/* Lines up to an empty one and with it; where to go on, or NULL where the client wants no more.
 * sent: NULL for a trailer. */
static const char *send_lines(struct handle *curl, struct sent *sent, const char *line,
                              const char *end)
{
    while (line < end) {
        const char *after = line_end(line, end);
        apr_size_t len = (apr_size_t)(after - line);
        char *expanded = expand(curl, line, &len);

        read_status(curl, expanded, len);
        if (sent)
            keep_line(sent, expanded, len);
        if (curl->on_header(expanded, 1, len, curl->header_ctx) != len)
            return NULL;
        if (is_empty(line))
            return after;
        line = after;
    }
    return line;
}

/* As send_lines. */
static const char *send_body(struct handle *curl, const char *line, const char *end)
{
    while (line < end) {
        const char *after = line_end(line, end);
        apr_size_t len = (apr_size_t)(after - line);

        if (is_empty(line))
            return after;
        if (curl->on_body(apr_pmemdup(server.p, line, len), 1, len, curl->body_ctx) != len ||
            curl->on_progress(curl->progress_ctx, 0, 0, 0, 0))
            return NULL;
        line = after;
    }
    return line;
}

/* An interim answer is followed by another one. */
static CURLcode send_answer(struct handle *curl, const char *text, const char *end)
{
    struct sent *sent = apr_array_push(server.sent);

    *sent = (struct sent){"", 0};
    do {
        text = send_lines(curl, sent, text, end);
    } while (text && text < end && curl->is_interim);
    if (text)
        text = send_body(curl, text, end);
    if (text)
        text = send_lines(curl, NULL, text, end);
    return text ? CURLE_OK : CURLE_WRITE_ERROR;
}

CURLcode curl_easy_perform(CURL *handle)
{
    struct handle *curl = handle_of(handle);
    const char *text, *end = take_answer(&text), *first = text;
    CURLcode sent;

    curl->status = curl->is_interim = 0;
    if (first < end && *first == '!')
        text = line_end(first, end);
    sent = send_answer(curl, text, end);
    if (sent != CURLE_OK || text == first)
        return sent;
    first = apr_pstrmemdup(server.p, first + 1, (apr_size_t)(text - first) - 1);
    apr_cpystrn(curl->problem, first + strspn(first, "0123456789 "), CURL_ERROR_SIZE);
    return (CURLcode)(strtoul(first, NULL, 10) % CURL_LAST);
}

CURLcode(curl_easy_setopt)(CURL *handle, CURLoption option, ...)
{
    struct handle *curl = handle_of(handle);
    va_list value;

    va_start(value, option);
    switch ((int)option) {
    case CURLOPT_HEADERFUNCTION:
        curl->on_header = va_arg(value, curl_write_callback);
        break;
    case CURLOPT_HEADERDATA:
        curl->header_ctx = va_arg(value, void *);
        break;
    case CURLOPT_WRITEFUNCTION:
        curl->on_body = va_arg(value, curl_write_callback);
        break;
    case CURLOPT_WRITEDATA:
        curl->body_ctx = va_arg(value, void *);
        break;
    case CURLOPT_XFERINFOFUNCTION:
        curl->on_progress = va_arg(value, curl_xferinfo_callback);
        break;
    case CURLOPT_XFERINFODATA:
        curl->progress_ctx = va_arg(value, void *);
        break;
    case CURLOPT_ERRORBUFFER:
        curl->problem = va_arg(value, char *);
        break;
    case CURLOPT_HTTPHEADER:
        curl->lines = va_arg(value, const struct curl_slist *);
        break;
    default:
        break;
    }
    va_end(value);
    return CURLE_OK;
}

CURLcode(curl_easy_getinfo)(CURL *handle, CURLINFO info, ...)
{
    va_list value;

    va_start(value, info);
    if (info == CURLINFO_RESPONSE_CODE)
        *va_arg(value, long *) = handle_of(handle)->status;
    else
        *va_arg(value, const char **) = "127.0.0.1";
    va_end(value);
    return CURLE_OK;
}

CURL *curl_easy_init(void)
{
    return calloc(1, sizeof(struct handle));
}

void curl_easy_reset(CURL *handle)
{
    memset(handle, 0, sizeof(struct handle));
}

void curl_easy_cleanup(CURL *handle)
{
    free(handle);
}

CURLcode curl_global_init(long flags)
{
    (void)flags;
    return CURLE_OK;
}

void curl_global_cleanup(void)
{
}

const char *curl_easy_strerror(CURLcode code)
{
    (void)code;
    return "libcurl's words";
}

/* The first line first, as libcurl has them. */
struct curl_slist *curl_slist_append(struct curl_slist *first, const char *text)
{
    struct curl_slist *made = calloc(1, sizeof *made), **last = &first;

    FUZZ_MUST(made != NULL);
    made->data = strdup(text);
    while (*last)
        last = &(*last)->next;
    *last = made;
    return first;
}

void curl_slist_free_all(struct curl_slist *first)
{
    while (first) {
        struct curl_slist *next = first->next;

        free(first->data);
        free(first);
        first = next;
    }
}
