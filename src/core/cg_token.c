/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_token.h"

#include <apr_cstr.h>
#include <string.h>

/* One bit for each byte below 128: "!#$%&'*+-.^_`|~", digits, letters. */
static const apr_uint32_t token_bits[4] = {0, 0x03ff6cfa, 0xc7fffffe, 0x57ffffff};

int cg_token_byte(unsigned char byte)
{
    return byte < 128 && (token_bits[byte >> 5] >> (byte & 31) & 1);
}

int cg_token_valid(const char *text, apr_size_t len)
{
    for (apr_size_t i = 0; i < len; i++) {
        if (!cg_token_byte((unsigned char)text[i]))
            return 0;
    }
    return len > 0;
}

unsigned char cg_token_lower(unsigned char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte | 0x20) : byte;
}

int cg_token_is(const char *text, apr_size_t len, const char *word)
{
    return len == strlen(word) && apr_cstr_casecmpn(text, word, len) == 0;
}

static int one_of(const char *name, const char *const *list)
{
    for (; *list; list++) {
        if (apr_cstr_casecmp(name, *list) == 0)
            return 1;
    }
    return 0;
}

int cg_method_forbidden(const char *method)
{
    static const char *const methods[] = {"CONNECT", "TRACE", "TRACK", NULL};

    return one_of(method, methods);
}

int cg_method_safelisted(const char *method, apr_size_t len)
{
    return (len == 3 && memcmp(method, "GET", 3) == 0) ||
           (len == 4 && (memcmp(method, "HEAD", 4) == 0 || memcmp(method, "POST", 4) == 0));
}

const char *cg_method_normalised(const char *method)
{
    static const char *const methods[] = {"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"};

    for (apr_size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (apr_cstr_casecmp(method, methods[i]) == 0)
            return methods[i];
    }
    return NULL;
}

int cg_header_forbidden(const char *name)
{
    static const char *const names[] = {"Accept-Charset",
                                        "Accept-Encoding",
                                        "Connection",
                                        "Content-Length",
                                        "Cookie",
                                        "Cookie2",
                                        "Date",
                                        "DNT",
                                        "Expect",
                                        "Host",
                                        "Keep-Alive",
                                        "Origin",
                                        "Referer",
                                        "Set-Cookie",
                                        "TE",
                                        "Trailer",
                                        "Upgrade",
                                        "Transfer-Encoding",
                                        "Via",
                                        NULL};

    return apr_cstr_casecmpn(name, "Sec-", 4) == 0 || apr_cstr_casecmpn(name, "Proxy-", 6) == 0 ||
           apr_cstr_casecmpn(name, "Access-Control-", 15) == 0 || one_of(name, names);
}

int cg_header_unexposable(const char *name)
{
    static const char *const names[] = {"Set-Cookie",
                                        "Set-Cookie2",
                                        "Origin",
                                        "Access-Control-Request-Method",
                                        "Access-Control-Request-Headers",
                                        "Access-Control-Request-Private-Network",
                                        NULL};

    return one_of(name, names);
}
