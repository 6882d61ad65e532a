/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes to and from one client, with or without TLS, and the ways of failing that concern how bytes
 * are sent. It must not know what the bytes mean. Every operation ends: sockets have timeouts,
 * endless sending has a limit. */
#include "server.h"

#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ENDLESS_LIMIT = 64 << 20 };

static int receive(struct channel *channel, uint8_t *out, size_t size)
{
    int wanted = size > 16384 ? 16384 : (int)size;
    return channel->ssl ? SSL_read(channel->ssl, out, wanted)
                        : (int)recv(channel->fd, out, (size_t)wanted, 0);
}

bool channel_read(struct channel *channel, uint8_t *out, size_t size)
{
    for (size_t at = 0; at < size;) {
        int got = receive(channel, out + at, size - at);
        if (got <= 0)
            return false;
        at += (size_t)got;
    }
    return true;
}

bool channel_write(struct channel *channel, const uint8_t *data, size_t size)
{
    for (size_t at = 0; at < size;) {
        int chunk = size - at > 16384 ? 16384 : (int)(size - at);
        int sent = channel->ssl ? SSL_write(channel->ssl, data + at, chunk)
                                : (int)send(channel->fd, data + at, (size_t)chunk, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        at += (size_t)sent;
    }
    return true;
}

/* Silence: says nothing until the client leaves or the time of one operation is over. */
void channel_wait_for_close(struct channel *channel)
{
    time_t end = time(NULL) + IO_SECONDS;
    uint8_t ignored[512];
    while (time(NULL) < end && recv(channel->fd, ignored, sizeof ignored, 0) > 0) {
    }
}

void channel_close(struct channel *channel)
{
    if (channel->ssl != NULL) {
        SSL_shutdown(channel->ssl);
        SSL_free(channel->ssl);
    }
    /* Unread bytes would turn the close into a reset and could destroy an answer on its way. */
    shutdown(channel->fd, SHUT_WR);
    struct timeval brief = {.tv_sec = 1};
    setsockopt(channel->fd, SOL_SOCKET, SO_RCVTIMEO, &brief, sizeof brief);
    uint8_t ignored[512];
    for (int i = 0; i < 64 && recv(channel->fd, ignored, sizeof ignored, 0) > 0; i++) {
    }
    close(channel->fd);
}

void channel_reset(struct channel *channel)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt(channel->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    SSL_free(channel->ssl);
    close(channel->fd);
}

static void send_single_bytes(struct channel *channel, const uint8_t *data, size_t size,
                              unsigned pause)
{
    time_t end = time(NULL) + IO_SECONDS;
    for (size_t at = 0; at < size && channel_write(channel, data + at, 1) && time(NULL) < end;
         at++) {
        if (pause != 0)
            sleep(pause);
    }
}

static void send_endless(struct channel *channel, const uint8_t *answer, size_t size)
{
    size_t sent = 0;
    while (sent < ENDLESS_LIMIT && channel_write(channel, answer, size))
        sent += size;
}

/* The same answer twice in one piece, so that a client gets both in one record. */
static size_t twice(uint8_t *answer, size_t size)
{
    if (size > TVS_MESSAGE_MAX / 2)
        return size;
    memcpy(answer + size, answer, size);
    return 2 * size;
}

/* What a well-formed answer becomes; with FAULT_NONE it is simply sent. */
void fault_answer(struct channel *channel, enum fault fault, uint8_t *answer, size_t size)
{
    switch (fault) {
    case FAULT_DRIP:
        send_single_bytes(channel, answer, size, 1);
        break;
    case FAULT_SPLIT:
        send_single_bytes(channel, answer, size, 0);
        break;
    case FAULT_ENDLESS:
        send_endless(channel, answer, twice(answer, size));
        break;
    case FAULT_SHORT:
        channel_write(channel, answer, size / 2);
        break;
    case FAULT_HALF:
        channel_write(channel, answer, size / 2);
        channel_wait_for_close(channel);
        break;
    case FAULT_HALF_RESET:
        channel_write(channel, answer, size / 2);
        sleep(1); /* a reset overtakes what was sent */
        channel_reset(channel);
        break;
    case FAULT_NO_GOODBYE:
        channel_write(channel, answer, size);
        if (channel->ssl != NULL)
            SSL_set_quiet_shutdown(channel->ssl, 1);
        break;
    case FAULT_GARBAGE:
        for (size_t i = 0; i < size; i++)
            answer[i] = (uint8_t)(i * 167 + 13);
        channel_write(channel, answer, size);
        break;
    case FAULT_HUGE:
        answer[8] = answer[9] = 0xff;
        channel_write(channel, answer, size);
        channel_wait_for_close(channel);
        break;
    case FAULT_TWO_ANSWERS:
        channel_write(channel, answer, twice(answer, size));
        break;
    case FAULT_WRONG_SESSION:
        answer[7] ^= 1;
        channel_write(channel, answer, size);
        break;
    case FAULT_WRONG_TYPE:
        answer[2] = answer[2] == 2 ? 4 : 2;
        channel_write(channel, answer, size);
        break;
    case FAULT_BAD_DISCRIMINATOR:
        answer[0] = 0x58;
        channel_write(channel, answer, size);
        break;
    default:
        channel_write(channel, answer, size);
        break;
    }
}
