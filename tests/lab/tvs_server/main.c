/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ucmtrust-tvs-server: listens; each of its threads serves a client, others wait until one is free.
 * Prints "listening ADDR:PORT" when ready. It must not know what is spoken (connection.c). Runs as
 * any user; SIGTERM and SIGINT end it at once. */
#include "server.h"

#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PEER_SIZE = 300 };

static struct options options;
static struct store store;
static SSL_CTX *context;
static FILE *log_file;
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;

bool log_open(const char *path)
{
    log_file = path ? fopen(path, "a") : NULL;
    return path == NULL || log_file != NULL;
}

void log_event(const char *peer, const char *format, ...)
{
    if (log_file == NULL)
        return;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    pthread_mutex_lock(&log_lock);
    fprintf(log_file, "%lld.%03ld %s ", (long long)now.tv_sec, now.tv_nsec / 1000000, peer);
    va_list arguments;
    va_start(arguments, format);
    vfprintf(log_file, format, arguments);
    va_end(arguments);
    fputc('\n', log_file);
    fflush(log_file);
    pthread_mutex_unlock(&log_lock);
}

static void stop(int number)
{
    (void)number;
    _exit(0);
}

static void set_signals(void)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN}, end = {.sa_handler = stop};
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGTERM, &end, NULL);
    sigaction(SIGINT, &end, NULL);
}

static void address_text(const struct sockaddr *address, socklen_t size, char *out, size_t out_size)
{
    char host[256] = "?", port[16] = "?";
    getnameinfo(address, size, host, sizeof host, port, sizeof port,
                NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(out, out_size, address->sa_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

static int open_listener(void)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *found = NULL;
    if (getaddrinfo(options.host, options.port, &hints, &found) != 0)
        return -1;
    int fd = socket(found->ai_family, found->ai_socktype, 0), on = 1;
    if (fd >= 0) {
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        if (bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, QUEUE_MAX) != 0) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(found);
    return fd;
}

static void announce(int fd)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    char text[PEER_SIZE];
    if (getsockname(fd, (struct sockaddr *)&address, &size) == 0) {
        address_text((struct sockaddr *)&address, size, text, sizeof text);
        printf("listening %s\n", text);
        fflush(stdout);
    }
}

/* Is the client at an address of this server that shall stay silent? */
static bool is_silent_here(int fd)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    if (options.silent == 0 || getsockname(fd, (struct sockaddr *)&address, &size) != 0 ||
        address.ss_family != AF_INET)
        return false;
    return ntohl(((struct sockaddr_in *)&address)->sin_addr.s_addr) % 256 % options.silent == 0;
}

static void serve_client(int fd, const struct sockaddr *address, socklen_t size)
{
    struct timeval limit = {.tv_sec = IO_SECONDS};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    char peer[PEER_SIZE];
    address_text(address, size, peer, sizeof peer);
    struct options here = options;
    if (is_silent_here(fd))
        here.fault = FAULT_SILENT_ACCEPT;
    connection_serve(fd, peer, context, &here, &store);
}

/* One of many. A client that finds all of them busy waits in the kernel's queue: a check that asks
 * thousands of questions at once must not look refused. */
static void *accept_clients(void *argument)
{
    const int *listener = argument;
    for (;;) {
        struct sockaddr_storage address;
        socklen_t size = sizeof address;
        int fd = accept(*listener, (struct sockaddr *)&address, &size);
        if (fd >= 0)
            serve_client(fd, (struct sockaddr *)&address, size);
    }
    return NULL;
}

static void serve_for_ever(int listener)
{
    pthread_t thread;
    for (int i = 1; i < (int)options.clients; i++) {
        if (pthread_create(&thread, NULL, accept_clients, &listener) == 0)
            pthread_detach(thread);
    }
    accept_clients(&listener);
}

int main(int argc, char **argv)
{
    if (!options_parse(&options, argc, argv))
        return 2;
    set_signals();
    if (!log_open(options.log)) {
        perror(options.log);
        return 1;
    }
    if (!store_load(&store, options.store)) {
        perror(options.store);
        return 1;
    }
    if (!options.plain && (context = tls_context(&options)) == NULL)
        return 1;
    int listener = open_listener();
    if (listener < 0) {
        fprintf(stderr, "cannot listen on %s port %s: ", options.host, options.port);
        perror(NULL);
        return 1;
    }
    announce(listener);
    serve_for_ever(listener);
}
