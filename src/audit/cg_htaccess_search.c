/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_htaccess_store.h"

#include <apr_strings.h>
#include <apr_time.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How often a terminal is told how far the search is, and after how many directories the clock is
 * looked at. */
#define PROGRESS_INTERVAL (APR_USEC_PER_SEC / 4)
#define PROGRESS_DIRECTORIES 64

#define LEVELS_MAX (CG_HTACCESS_DEPTH_MAX + 1)
#define PATH_SIZE (APR_PATH_MAX + LEVELS_MAX * (NAME_MAX + 1) + 1)

/* A directory that is being read. */
typedef struct level {
    DIR *entries;
    int descriptor;    /* that of entries */
    apr_size_t length; /* of its path, with "/" at its end */
    int has_file;
} level;

typedef struct search {
    cg_htaccess_store *store;
    apr_hash_t *names;
    apr_array_header_t *found;
    char *path;
    int depth; /* of levels, from 0; -1: done */
    level levels[LEVELS_MAX];
} search;

static void show_progress(unsigned directories)
{
    static apr_time_t shown;
    apr_time_t now;

    if (directories % PROGRESS_DIRECTORIES || !isatty(STDERR_FILENO))
        return;
    now = apr_time_now();
    if (now - shown < PROGRESS_INTERVAL)
        return;
    shown = now;
    (void)fprintf(stderr, "\rLooking for .htaccess files: %u directories", directories);
    (void)fflush(stderr);
}

void cg_htaccess_end_progress(void)
{
    if (!isatty(STDERR_FILENO))
        return;
    (void)fprintf(stderr, "\r\033[K");
    (void)fflush(stderr);
}

static void tell_error(search *in, int error)
{
    char reason[120];

    apr_strerror(error, reason, sizeof reason);
    cg_htaccess_tell_unread(in->store, in->path, reason);
}

/* What is gone by now, or no directory any more, is not there to be read. */
static int is_gone(int error)
{
    return error == ENOENT || error == ENOTDIR || error == ELOOP;
}

/* Goes into a directory whose path is in->path, up to length. */
static void enter(search *in, int parent, const char *name, apr_size_t length)
{
    int descriptor =
        openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    DIR *entries = descriptor < 0 ? NULL : fdopendir(descriptor);

    if (!entries) {
        int error = errno;

        if (descriptor >= 0)
            close(descriptor);
        if (!is_gone(error))
            tell_error(in, error);
        return;
    }
    in->levels[++in->depth] = (level){entries, descriptor, length, 0};
    show_progress(++in->store->covered.directories);
}

static void leave(search *in)
{
    level *at = &in->levels[in->depth--];

    closedir(at->entries);
}

static int is_dots(const char *name)
{
    return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

/* What no configuration means to serve, unless it says so. */
static int is_of_the_system(const char *path)
{
    return strcmp(path, "/proc/") == 0 || strcmp(path, "/sys/") == 0 || strcmp(path, "/dev/") == 0;
}

/* Without asking the file system where the entry itself tells. */
static int type_of(const level *at, const struct dirent *entry)
{
    struct stat found;

    if (entry->d_type != DT_UNKNOWN)
        return entry->d_type;
    if (fstatat(at->descriptor, entry->d_name, &found, AT_SYMLINK_NOFOLLOW) != 0)
        return DT_UNKNOWN;
    if (S_ISDIR(found.st_mode))
        return DT_DIR;
    return S_ISLNK(found.st_mode) ? DT_LNK : DT_REG;
}

static int leads_to_directory(const level *at, const char *name)
{
    struct stat found;

    return fstatat(at->descriptor, name, &found, 0) == 0 && S_ISDIR(found.st_mode);
}

static int is_full(search *in)
{
    if (in->store->covered.directories < CG_HTACCESS_DIRECTORIES_MAX)
        return 0;
    cg_htaccess_tell_unread(
        in->store, in->path,
        apr_psprintf(in->store->p,
                     "more than %d directories: neither it nor others behind it were looked into",
                     CG_HTACCESS_DIRECTORIES_MAX));
    return 1;
}

/* Returns 0 where the search ends. */
static int look_into(search *in, const level *at, const char *name)
{
    apr_size_t length = strlen(name);

    memcpy(in->path + at->length, name, length);
    memcpy(in->path + at->length + length, "/", 2);
    if (is_of_the_system(in->path))
        return 1;
    if (is_full(in))
        return 0;
    if (in->depth == CG_HTACCESS_DEPTH_MAX)
        cg_htaccess_tell_unread(
            in->store, in->path,
            apr_psprintf(in->store->p, "more than %d directories deep", CG_HTACCESS_DEPTH_MAX));
    else
        enter(in, at->descriptor, name, at->length + length + 1);
    return 1;
}

static int look_at(search *in, level *at, const struct dirent *entry)
{
    int type;

    if (is_dots(entry->d_name))
        return 1;
    if (!at->has_file && apr_hash_get(in->names, entry->d_name, APR_HASH_KEY_STRING)) {
        at->has_file = 1;
        APR_ARRAY_PUSH(in->found, const char *) =
            apr_pstrmemdup(in->store->p, in->path, at->length);
    }
    type = type_of(at, entry);
    if (type == DT_LNK && leads_to_directory(at, entry->d_name))
        in->store->covered.links++;
    return type != DT_DIR || look_into(in, at, entry->d_name);
}

/* Reads the deepest directory on. */
static int step(search *in)
{
    level *at = &in->levels[in->depth];
    const struct dirent *entry;

    in->path[at->length] = '\0';
    errno = 0;
    entry = readdir(at->entries);
    if (entry)
        return look_at(in, at, entry);
    if (errno)
        tell_error(in, errno);
    leave(in);
    return 1;
}

void cg_htaccess_search(cg_htaccess_store *store, const char *directory, apr_hash_t *names,
                        apr_array_header_t *found)
{
    search in = {.store = store, .names = names, .found = found, .depth = -1};
    apr_pool_t *p;

    if (strlen(directory) >= APR_PATH_MAX)
        return;
    apr_pool_create(&p, store->p);
    in.path = apr_palloc(p, PATH_SIZE);
    apr_cpystrn(in.path, directory, APR_PATH_MAX);
    if (!is_full(&in))
        enter(&in, AT_FDCWD, directory, strlen(directory));
    while (in.depth >= 0 && step(&in))
        continue;
    while (in.depth >= 0)
        leave(&in);
    apr_pool_destroy(p);
}
