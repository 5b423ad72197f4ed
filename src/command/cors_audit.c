/* SPDX-License-Identifier: Apache-2.0 */
/* cors-audit: see docs/audit.md and docs/cors-audit.8. This file is its face: the subcommands
 * and the help. */
#include "cg_subcommand.h"
#include "cg_message.h"
#include "cg_options.h"
#include "cg_suffix.h"
#include "cg_version.h"

#include <apr_general.h>
#include <apr_signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SERVER_OPTIONS "fpDto"
#define EXITS "\nExits with 0: all is well, 1: something was found, 2: it could not look.\n"

/* The first is meant where none is named. Letters: cg_options.c. */
static const cg_subcommand commands[] = {
    {"audit", "", "what every virtual host lets other origins read",
     "Reads the configuration of httpd without starting it, and every .htaccess file.\n"
     "The default program is the first of apache2ctl, apachectl, httpd and apache2.",
     SERVER_OPTIONS "Flb", CG_FORMAT_TEXT | CG_FORMAT_JSON | CG_FORMAT_SARIF, 0, 0,
     cg_audit_command},
    {"explain", "URL --origin ORIGIN", "what this configuration answers to one request",
     "Tells which sections apply, who answers, and what a browser makes of the answer.\n"
     "Nothing is sent.",
     SERVER_OPTIONS "GOmHc", CG_FORMAT_TEXT | CG_FORMAT_JSON, 1, 1, cg_explain_command},
    {"probe", "URL...", "what a running site really answers",
     "Sends requests with foreign origins. For sites of your own.", "FlPTakxCo",
     CG_FORMAT_TEXT | CG_FORMAT_JSON | CG_FORMAT_SARIF, 1, -1, cg_probe_command},
    {"diff", "OLD.json NEW.json", "what changed between two reports",
     "Compares two files that cors-audit --format json wrote. Something is found where\n"
     "an origin, credentials, a method or a header was added.",
     "Go", CG_FORMAT_TEXT | CG_FORMAT_JSON, 2, 2, cg_diff_command},
    {"baseline", "", "a file that accepts what an audit finds now",
     "Read it, correct the reasons, and give it to cors-audit --baseline.", SERVER_OPTIONS "re",
     CG_FORMAT_TEXT, 0, 0, cg_baseline_command},
};
#define COMMAND_COUNT (sizeof commands / sizeof *commands)

static void help_of(const cg_subcommand *command)
{
    printf("Usage: cors-audit %s [OPTION]...%s%s\n\n%s\n\n",
           command == commands ? "[audit]" : command->name, *command->arguments ? " " : "",
           command->arguments, command->text);
    cg_options_help(command);
    printf(EXITS);
}

static void help(void)
{
    printf("Usage: cors-audit [COMMAND] [OPTION]...\n\n"
           "What the virtual hosts of this httpd let other origins read.\n\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        printf("  %-10s%s%s\n", commands[i].name, commands[i].summary, i == 0 ? " (default)" : "");
    printf("\ncors-audit COMMAND --help lists the options of each.\n" EXITS);
}

static const cg_subcommand *command_named(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(name, commands[i].name) == 0)
            return &commands[i];
    }
    return NULL;
}

static int end_output(void)
{
    return fflush(stdout) == 0 && !ferror(stdout)
               ? CG_EXIT_CLEAN
               : cg_say("standard output: not all of it could be written");
}

static int run(apr_pool_t *p, int argc, const char *const *argv)
{
    int is_named = argc > 1 && *argv[1] != '-';
    const cg_subcommand *command = is_named ? command_named(argv[1]) : commands;
    cg_options options;

    if (!command)
        return cg_say("%s is no command; cors-audit --help lists them", argv[1]);
    switch (cg_options_read(p, command, argc, argv, is_named ? 2 : 1, &options)) {
    case CG_ASKED_RUN:
        return command->run(p, &options);
    case CG_ASKED_HELP:
        is_named ? help_of(command) : help();
        return end_output();
    case CG_ASKED_VERSION:
        printf("cors-audit (" CG_TOOL ") " CG_VERSION "\n");
        return end_output();
    default:
        return CG_EXIT_FAILED;
    }
}

int main(int argc, const char *const *argv)
{
    const char *const *arguments = argv;
    apr_pool_t *p;
    int result;

    if (apr_app_initialize(&argc, &arguments, NULL) != APR_SUCCESS ||
        apr_pool_create(&p, NULL) != APR_SUCCESS) {
        (void)fputs("cors-audit: APR could not be set up\n", stderr);
        return CG_EXIT_FAILED;
    }
    apr_signal(SIGPIPE, SIG_IGN); /* a pipe that was closed is told of where it is written to */
    cg_suffix_open(p);
    result = run(p, argc, arguments);
    apr_pool_destroy(p);
    apr_terminate();
    return result;
}
