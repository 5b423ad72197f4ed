/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a target on files, without libFuzzer: replay FILE|FOLDER... A folder's files are its corpus.
 * Nothing to run is a failure. */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int (*target)(const uint8_t *data, size_t size);
static unsigned count;

static void end_with(const char *what, const char *path)
{
    (void)fprintf(stderr, "replay: %s %s\n", what, path);
    exit(EXIT_FAILURE);
}

/* The input stands in a block of its own size, so that sanitizers know its end. */
static void run_file(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(size ? size : 1);

    if (!file || !data || fread(data, 1, size, file) != size || fclose(file) != 0)
        end_with("cannot read", path);
    /* Before it runs, since a crash tells nothing of its input. */
    printf("%s\n", path);
    (void)fflush(stdout);
    target(data, size);
    free(data);
    count++;
}

static void run(const char *path);

static void run_folder(const char *path)
{
    struct dirent **entries;
    int number = scandir(path, &entries, NULL, alphasort);
    char file[4096];

    if (number < 0)
        end_with("cannot read", path);
    for (int i = 0; i < number; i++) {
        if (entries[i]->d_name[0] != '.') {
            (void)snprintf(file, sizeof file, "%s/%s", path, entries[i]->d_name);
            run(file);
        }
        free(entries[i]);
    }
    free(entries);
}

static void run(const char *path)
{
    struct stat found;

    if (stat(path, &found) != 0)
        end_with("cannot read", path);
    if (S_ISDIR(found.st_mode))
        run_folder(path);
    else
        run_file(path, (size_t)found.st_size);
}

/* In place of libFuzzer's, for httpd/mod_fuzz.c. */
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*one)(const uint8_t *data, size_t size));

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*one)(const uint8_t *data, size_t size))
{
    target = one;
    for (int i = 1; i < *argc; i++)
        run((*argv)[i]);
    if (!count)
        end_with("found no input in", *argc > 1 ? (*argv)[1] : "nothing");
    printf("%u inputs\n", count);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    return LLVMFuzzerRunDriver(&argc, &argv, LLVMFuzzerTestOneInput);
}
