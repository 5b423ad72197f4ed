/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_htaccess_text.h"

#include "cg_htaccess.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <errno.h>
#include <fcntl.h>
#include <http_config.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int is_missing(int error)
{
    return error == ENOENT || error == ENOTDIR;
}

/* What httpd does where it cannot open the file: AH00529. */
static void deny(apr_pool_t *p, cg_htaccess_text *text, const char *reason)
{
    text->problem = apr_psprintf(p, "httpd answers 403 in this directory: %s", reason);
    text->status = HTTP_FORBIDDEN;
}

static void deny_irregular(apr_pool_t *p, cg_htaccess_text *text)
{
    deny(p, text, "it is not a regular file");
}

static void set_error(apr_pool_t *p, cg_htaccess_text *text, const cg_identity *identity, int error)
{
    char reason[120];

    apr_strerror(error, reason, sizeof reason);
    if (error == EACCES && !cg_identity_is_exact(identity))
        text->problem = apr_pstrdup(p, reason);
    else
        deny(p, text, reason);
}

/* Opening a FIFO or a device may block, or do something, so nothing but a regular file is opened;
 * should it have become something else meanwhile, O_NONBLOCK and the caller's fstat do the rest.
 * Returns a descriptor, or -1 and errno; 0 in *is_regular: it is something else. */
static int open_regular(const char *file, int *is_regular)
{
    struct stat found;

    *is_regular = 1;
    if (stat(file, &found) != 0)
        return -1;
    if (!S_ISREG(found.st_mode)) {
        *is_regular = 0;
        return -1;
    }
    return open(file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

static apr_ssize_t read_all(int descriptor, char *bytes, apr_size_t most)
{
    apr_size_t length = 0;

    while (length < most) {
        ssize_t count = read(descriptor, bytes + length, most - length);

        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return -1;
        if (count == 0)
            break;
        length += (apr_size_t)count;
    }
    return (apr_ssize_t)length;
}

/* httpd would read a line with a NUL byte up to that, or go on in its middle, depending on how long
 * the line is: nobody means it. */
static void take(cg_htaccess_text *text, char *bytes, apr_size_t length)
{
    if (memchr(bytes, '\0', length)) {
        text->problem = "it has a NUL byte in it";
        return;
    }
    if (!length || bytes[length - 1] != '\n')
        bytes[length++] = '\n';
    bytes[length] = '\0';
    text->bytes = bytes;
    text->length = length;
}

static void read_descriptor(apr_pool_t *p, cg_htaccess_text *text, int descriptor)
{
    struct stat found;
    apr_ssize_t length;
    char *bytes;

    if (fstat(descriptor, &found) != 0 || !S_ISREG(found.st_mode)) {
        deny_irregular(p, text);
        return;
    }
    if (found.st_size > CG_HTACCESS_SIZE_MAX) {
        text->problem = apr_psprintf(p, "it is larger than %d kB", CG_HTACCESS_SIZE_MAX / 1024);
        return;
    }
    /* One byte more shows that it grew; a line feed and a NUL go behind. */
    bytes = apr_palloc(p, (apr_size_t)found.st_size + 3);
    length = read_all(descriptor, bytes, (apr_size_t)found.st_size + 1);
    if (length < 0)
        text->problem = apr_pstrdup(p, strerror(errno));
    else if (length > found.st_size)
        text->problem = "it grew while it was read";
    else
        take(text, bytes, (apr_size_t)length);
}

/* Returns 0 where there is no such file. */
static int read_file(apr_pool_t *p, const cg_identity *identity, cg_htaccess_text *text)
{
    struct stat found;
    int descriptor, is_regular, error;

    /* Most directories have none: that is told fast, and is no secret. */
    if (stat(text->file, &found) != 0 && is_missing(errno))
        return 0;
    if (!cg_identity_take(identity)) {
        text->problem = "the rights of httpd's User could not be taken on to read it";
        return 1;
    }
    descriptor = open_regular(text->file, &is_regular);
    error = errno;
    cg_identity_give_back(identity);
    if (descriptor < 0) {
        if (is_regular && is_missing(error))
            return 0;
        if (is_regular)
            set_error(p, text, identity, error);
        else
            deny_irregular(p, text);
        return 1;
    }
    read_descriptor(p, text, descriptor);
    close(descriptor);
    return 1;
}

/* See ap_parse_htaccess. */
const cg_htaccess_text *cg_htaccess_text_read(apr_pool_t *p, const cg_identity *identity,
                                              const char *directory, const char *names)
{
    while (*names) {
        const char *name = ap_getword_conf(p, &names);
        cg_htaccess_text text = {apr_pstrcat(p, directory, name, NULL), name, NULL, 0, NULL, 0};

        if (*name && read_file(p, identity, &text))
            return apr_pmemdup(p, &text, sizeof text);
    }
    return NULL;
}

static int begins(const char *at, const char *word)
{
    return ap_cstr_casecmpn(at, word, strlen(word)) == 0;
}

int cg_htaccess_text_mentions_cors(const cg_htaccess_text *text)
{
    for (const char *at = text->bytes; at && *at; at++) {
        if ((*at == 'a' || *at == 'A') && begins(at, "access-control-"))
            return 1;
        if ((*at == 'c' || *at == 'C') && begins(at, "cors"))
            return 1;
    }
    return 0;
}
