/* SPDX-License-Identifier: Apache-2.0 */
#include "cg_child.h"

#include <apr_file_io.h>
#include <apr_poll.h>
#include <apr_portable.h>
#include <apr_signal.h>
#include <apr_strings.h>
#include <apr_thread_proc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READ_SIZE 65536
/* How often an end is looked for where the pipes are closed already. */
#define WAIT_STEP (APR_USEC_PER_SEC / 100)
/* As shells have it, where a program could not be run. */
#define EXIT_NOT_RUN 127

/* The ends of three pipes: those that are ours, and those of the program. */
typedef struct pipes {
    apr_file_t *ours[3];
    apr_file_t *its[3];
} pipes;

/* A child at work. */
typedef struct running {
    apr_pool_t *p;
    cg_child *child;
    cg_buffer *out;
    cg_buffer *err;
    pipes pipes;
    apr_pollset_t *set;
    apr_proc_t process;
    apr_size_t written; /* of the input */
    int open;           /* how many pipes are still looked at */
    apr_time_t deadline;
} running;

/* For end_group: the process group of the program, while there is one. */
static volatile pid_t group;

/* A program in a group of its own does not get the terminal's Ctrl-C; it must not outlive us. */
static void end_group(int signal_number)
{
    if (group > 0)
        kill(-group, SIGKILL);
    apr_signal(signal_number, SIG_DFL);
    (void)raise(signal_number);
}

static void watch_signals(void (*handler)(int))
{
    apr_signal(SIGINT, handler);
    apr_signal(SIGTERM, handler);
    apr_signal(SIGHUP, handler);
}

static apr_status_t forget(void *buffer)
{
    free(((cg_buffer *)buffer)->bytes);
    return APR_SUCCESS;
}

static cg_buffer *make_buffer(apr_pool_t *p, apr_size_t max)
{
    cg_buffer *buffer = apr_pcalloc(p, sizeof *buffer);

    buffer->max = max;
    apr_pool_cleanup_register(p, buffer, forget, apr_pool_cleanup_null);
    return buffer;
}

/* Keeps what there is room for. Memory that cannot be had counts as full. */
static void keep(cg_buffer *buffer, const char *bytes, apr_size_t len)
{
    apr_size_t left = buffer->max - buffer->len;

    if (len > left) {
        buffer->is_full = 1;
        len = left;
    }
    if (buffer->len + len + 1 > buffer->room) {
        apr_size_t room = 2 * (buffer->len + len + 1);
        char *grown = realloc(buffer->bytes, room);

        if (!grown) {
            buffer->is_full = 1;
            return;
        }
        buffer->bytes = grown;
        buffer->room = room;
    }
    memcpy(buffer->bytes + buffer->len, bytes, len);
    buffer->len += len;
    buffer->bytes[buffer->len] = '\0';
}

static apr_status_t make_pipes(apr_pool_t *p, pipes *all)
{
    apr_status_t status = apr_file_pipe_create_ex(&all->its[0], &all->ours[0], APR_READ_BLOCK, p);

    for (int i = 1; i < 3 && status == APR_SUCCESS; i++)
        status = apr_file_pipe_create_ex(&all->ours[i], &all->its[i], APR_FULL_BLOCK, p);
    return status;
}

/* In the child, which has nothing else to do. */
static void become(running *run)
{
    static const char problem[] = "cannot be run\n";
    apr_os_file_t number;

    setpgid(0, 0);
    for (int i = 0; i < 3; i++) {
        apr_os_file_get(&number, run->pipes.its[i]);
        if (dup2(number, i) < 0)
            _exit(EXIT_NOT_RUN);
    }
    for (int i = 0; i < 3; i++) {
        apr_file_close(run->pipes.ours[i]);
        apr_file_close(run->pipes.its[i]);
    }
    watch_signals(SIG_DFL);
    apr_signal(SIGPIPE, SIG_DFL);
    execv(run->child->program, (char *const *)(const void *)run->child->arguments);
    (void)!write(STDERR_FILENO, problem, sizeof problem - 1);
    _exit(EXIT_NOT_RUN);
}

static apr_status_t start(running *run)
{
    apr_status_t status;

    group = 0;
    watch_signals(end_group);
    status = apr_proc_fork(&run->process, run->p);
    if (status == APR_INCHILD)
        become(run);
    if (status != APR_INPARENT)
        return status;
    setpgid(run->process.pid, run->process.pid); /* whoever of the two comes first */
    group = run->process.pid;
    for (int i = 0; i < 3; i++)
        apr_file_close(run->pipes.its[i]);
    return APR_SUCCESS;
}

static void watch(running *run, int i)
{
    apr_pollfd_t entry = {.p = run->p,
                          .desc_type = APR_POLL_FILE,
                          .reqevents = i == 0 ? APR_POLLOUT : APR_POLLIN,
                          .desc.f = run->pipes.ours[i]};

    if (apr_pollset_add(run->set, &entry) == APR_SUCCESS)
        run->open++;
}

static void unwatch(running *run, const apr_pollfd_t *entry)
{
    apr_pollset_remove(run->set, entry);
    apr_file_close(entry->desc.f);
    run->open--;
}

static void give_input(running *run, const apr_pollfd_t *entry)
{
    const char *input = run->child->input;
    apr_size_t len = strlen(input) - run->written;
    apr_status_t status = apr_file_write(entry->desc.f, input + run->written, &len);

    if (status == APR_SUCCESS)
        run->written += len;
    if ((status != APR_SUCCESS && !APR_STATUS_IS_EAGAIN(status)) || !input[run->written])
        unwatch(run, entry);
}

static void take_output(running *run, const apr_pollfd_t *entry)
{
    char bytes[READ_SIZE];
    apr_size_t len = sizeof bytes;
    apr_status_t status = apr_file_read(entry->desc.f, bytes, &len);

    if (status != APR_SUCCESS) {
        unwatch(run, entry);
        return;
    }
    keep(entry->desc.f == run->pipes.ours[1] ? run->out : run->err, bytes, len);
}

/* Reads and writes until both outputs are closed, the time is over or there is too much. */
static void exchange(running *run)
{
    while (run->open > 0 && !run->out->is_full) {
        apr_interval_time_t left = run->deadline - apr_time_now();
        const apr_pollfd_t *ready;
        apr_int32_t count = 0;
        apr_status_t status;

        if (left <= 0)
            return;
        status = apr_pollset_poll(run->set, left, &count, &ready);
        if (status != APR_SUCCESS && !APR_STATUS_IS_EINTR(status))
            return;
        for (apr_int32_t i = 0; i < count; i++) {
            if (ready[i].desc.f == run->pipes.ours[0])
                give_input(run, &ready[i]);
            else
                take_output(run, &ready[i]);
        }
    }
}

/* Waits for the end, and brings it about where it does not come in time. Then, or where the
 * program wrote too much, whatever it started is ended with it. */
static void finish(running *run)
{
    cg_child *child = run->child;
    apr_exit_why_e why = APR_PROC_EXIT;
    apr_status_t status = APR_CHILD_NOTDONE;

    while (!child->out->is_full && run->open == 0) {
        status = apr_proc_wait(&run->process, &child->exit_code, &why, APR_NOWAIT);
        if (!APR_STATUS_IS_CHILD_NOTDONE(status) || apr_time_now() >= run->deadline)
            break;
        apr_sleep(WAIT_STEP);
    }
    if (APR_STATUS_IS_CHILD_NOTDONE(status)) {
        child->is_late = !child->out->is_full;
        kill(-run->process.pid, SIGKILL);
        apr_proc_wait(&run->process, &child->exit_code, &why, APR_WAIT);
    }
    group = 0;
    watch_signals(SIG_DFL);
    child->is_killed = APR_PROC_CHECK_SIGNALED(why) != 0;
}

static const char *problem_of(apr_pool_t *p, apr_status_t status)
{
    char text[128];

    return apr_pstrdup(p, apr_strerror(status, text, sizeof text));
}

const char *cg_child_run(apr_pool_t *p, cg_child *child)
{
    running run = {.p = p, .child = child};
    apr_status_t status = make_pipes(p, &run.pipes);

    child->out = run.out = make_buffer(p, CG_CHILD_OUTPUT_MAX);
    child->err = run.err = make_buffer(p, CG_CHILD_MESSAGES_MAX);
    if (status == APR_SUCCESS)
        status = apr_pollset_create(&run.set, 3, p, 0);
    if (status == APR_SUCCESS)
        status = start(&run);
    if (status != APR_SUCCESS)
        return problem_of(p, status);
    run.deadline = apr_time_now() + child->timeout;
    watch(&run, 1);
    watch(&run, 2);
    if (child->input && *child->input)
        watch(&run, 0);
    else
        apr_file_close(run.pipes.ours[0]);
    exchange(&run);
    finish(&run);
    return NULL;
}

static int is_program(apr_pool_t *p, const char *path)
{
    apr_finfo_t info;

    return apr_stat(&info, path, APR_FINFO_TYPE, p) == APR_SUCCESS && info.filetype == APR_REG &&
           access(path, X_OK) == 0;
}

const char *cg_child_find(apr_pool_t *p, const char *name)
{
    const char *listed = getenv("PATH");
    char *folders = apr_pstrcat(p, listed ? listed : "", ":/usr/local/sbin:/usr/sbin:/sbin", NULL);
    char *last;

    if (strchr(name, '/'))
        return is_program(p, name) ? name : NULL;
    for (char *folder = apr_strtok(folders, ":", &last); folder;
         folder = apr_strtok(NULL, ":", &last)) {
        const char *path = apr_pstrcat(p, folder, "/", name, NULL);

        if (is_program(p, path))
            return path;
    }
    return NULL;
}
