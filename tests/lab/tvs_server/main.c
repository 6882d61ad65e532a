/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ucmtrust-tvs-server: listens, and gives each client a thread, 64 at most. Prints "listening
 * ADDR:PORT" when ready. It must not know what is spoken (connection.c). Runs as any user; SIGTERM
 * and SIGINT end it at once. */
#include "server.h"

#include <netdb.h>
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
static pthread_mutex_t count_lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned connections;

struct client {
    int fd;
    char peer[PEER_SIZE];
};

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
        if (bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, CONNECTIONS_MAX) != 0) {
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

static bool count_connection(int change)
{
    pthread_mutex_lock(&count_lock);
    bool allowed = change < 0 || connections < CONNECTIONS_MAX;
    if (allowed)
        connections = change < 0 ? connections - 1 : connections + 1;
    pthread_mutex_unlock(&count_lock);
    return allowed;
}

static void *serve(void *argument)
{
    struct client *client = argument;
    connection_serve(client->fd, client->peer, context, &options, &store);
    free(client);
    count_connection(-1);
    return NULL;
}

static void start_client(int fd, const struct sockaddr *address, socklen_t size)
{
    struct timeval limit = {.tv_sec = IO_SECONDS};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    struct client *client = count_connection(1) ? calloc(1, sizeof *client) : NULL;
    if (client == NULL) {
        close(fd);
        return;
    }
    client->fd = fd;
    address_text(address, size, client->peer, sizeof client->peer);
    pthread_t thread;
    if (pthread_create(&thread, NULL, serve, client) == 0) {
        pthread_detach(thread);
        return;
    }
    close(fd);
    free(client);
    count_connection(-1);
}

static void accept_clients(int listener)
{
    for (;;) {
        struct sockaddr_storage address;
        socklen_t size = sizeof address;
        int fd = accept(listener, (struct sockaddr *)&address, &size);
        if (fd >= 0)
            start_client(fd, (struct sockaddr *)&address, size);
    }
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
    accept_clients(listener);
}
