/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The TVS server's command line. Everything it needs to know comes from here; nothing is read from
 * the environment. It must not open files (tls.c, store.c and main.c do). */
#include "server.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const FAULT_NAMES[FAULT_COUNT] = {
    [FAULT_NONE] = "none",
    [FAULT_SILENT_ACCEPT] = "silent-accept",
    [FAULT_SILENT_ANSWER] = "silent-answer",
    [FAULT_DRIP] = "drip",
    [FAULT_RESET_ACCEPT] = "reset-accept",
    [FAULT_RESET_REQUEST] = "reset-request",
    [FAULT_GARBAGE] = "garbage",
    [FAULT_HUGE] = "huge",
    [FAULT_ENDLESS] = "endless",
    [FAULT_WRONG_SESSION] = "wrong-session",
    [FAULT_OTHER_CERTIFICATE] = "other-certificate",
    [FAULT_TWO_ANSWERS] = "two-answers",
    [FAULT_SPLIT] = "split",
    [FAULT_CLOSE_BEFORE_ANSWER] = "close-before-answer",
    [FAULT_WRONG_TYPE] = "wrong-type",
    [FAULT_BAD_DISCRIMINATOR] = "bad-discriminator",
    [FAULT_SHORT] = "short",
    [FAULT_HALF] = "half",
    [FAULT_HALF_RESET] = "half-reset",
    [FAULT_NO_GOODBYE] = "no-goodbye",
    [FAULT_RENEGOTIATE] = "renegotiate",
    [FAULT_RENEGOTIATE_OTHER] = "renegotiate-other",
    [FAULT_RENEGOTIATE_ENDLESS] = "renegotiate-endless",
    [FAULT_KEY_UPDATES] = "key-updates",
};

static const char USAGE[] =
    "usage: ucmtrust-tvs-server --store DIR (--cert PEM --key PEM | --plain) [options]\n"
    "  --listen ADDR:PORT          default 127.0.0.1:2445; port 0 takes a free one and prints it\n"
    "  --store DIR                 certificates in <store>/*.pem|der or <node>/<store>/*.pem|der\n"
    "  --cert PEM --key PEM        the server's certificate and key\n"
    "  --second-cert PEM --second-key PEM   shown by the fault renegotiate-other\n"
    "  --tls-min V --tls-max V     1.0, 1.1, 1.2 or 1.3 (default 1.0 to 1.3)\n"
    "  --ciphers LIST              cipher suites up to TLS 1.2, such as AES256-SHA\n"
    "  --client-cert MODE          none, optional or required (default none)\n"
    "  --client-ca PEM             who must have issued it (default: anyone)\n"
    "  --plain                     no TLS\n"
    "  --ttl N                     time to live in answers (default 86400)\n"
    "  --query-tags I,S            answer queries only with these tags of issuer and serial\n"
    "  --query-off                 reset the connection on a query\n"
    "  --once, --requests N        requests served on a connection (default 1)\n"
    "  --clients N                 served at a time, others wait (default 64)\n"
    "  --delay MS                  wait so long before each answer\n"
    "  --together N                answer nobody before N requests are waiting\n"
    "  --silent N                  say nothing at own addresses whose last number N divides\n"
    "  --log FILE                  one line per event\n"
    "  --fault NAME                ";

const char *fault_name(enum fault fault)
{
    return FAULT_NAMES[fault];
}

static bool usage(void)
{
    fputs(USAGE, stderr);
    for (int i = 1; i < FAULT_COUNT; i++)
        fprintf(stderr, "%s%s",
                i == 1       ? ""
                : i % 5 == 0 ? "\n                              "
                             : " ",
                FAULT_NAMES[i]);
    fputc('\n', stderr);
    return false;
}

static bool parse_number(const char *text, unsigned long max, unsigned long *out)
{
    char *end = NULL;
    unsigned long value = strtoul(text, &end, 10);
    if (end == text || *end != '\0' || value > max)
        return false;
    *out = value;
    return true;
}

static bool parse_count(const char *text, unsigned long max, unsigned *out)
{
    unsigned long number = 0;
    if (!parse_number(text, max, &number) || number == 0)
        return false;
    *out = (unsigned)number;
    return true;
}

static bool parse_listen(struct options *options, const char *text)
{
    const char *colon = strrchr(text, ':');
    unsigned long port = 0;
    if (colon == NULL || !parse_number(colon + 1, 65535, &port))
        return false;
    size_t size = (size_t)(colon - text);
    if (size >= 2 && text[0] == '[' && text[size - 1] == ']') {
        text++;
        size -= 2;
    }
    if (size == 0 || size >= sizeof options->host)
        return false;
    memcpy(options->host, text, size);
    options->host[size] = '\0';
    snprintf(options->port, sizeof options->port, "%lu", port);
    return true;
}

static bool parse_version(const char *text, int *out)
{
    static const struct {
        const char *name;
        int version;
    } versions[] = {{"1.0", TLS1_VERSION},
                    {"1.1", TLS1_1_VERSION},
                    {"1.2", TLS1_2_VERSION},
                    {"1.3", TLS1_3_VERSION}};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        if (strcmp(text, versions[i].name) == 0) {
            *out = versions[i].version;
            return true;
        }
    }
    return false;
}

static bool parse_client_certificate(const char *text, enum client_certificate *out)
{
    static const char *const names[] = {"none", "optional", "required"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(text, names[i]) == 0) {
            *out = (enum client_certificate)i;
            return true;
        }
    }
    return false;
}

static bool parse_fault(const char *text, enum fault *out)
{
    for (int i = 0; i < FAULT_COUNT; i++) {
        if (strcmp(text, FAULT_NAMES[i]) == 0) {
            *out = (enum fault)i;
            return true;
        }
    }
    return false;
}

static bool parse_tags(const char *text, struct options *options)
{
    if (strlen(text) != 3 || text[1] != ',' || text[0] < '4' || text[0] > '6' || text[2] < '4' ||
        text[2] > '6' || text[0] == text[2])
        return false;
    options->issuer_tag = (uint8_t)(text[0] - '0');
    options->serial_tag = (uint8_t)(text[2] - '0');
    return true;
}

/* Options whose value is taken as it is, and those without one. False: it is none of them. */
static bool keep_one(struct options *options, int code, const char *value)
{
    switch (code) {
    case 'c':
        options->certificate = value;
        return true;
    case 'k':
        options->key = value;
        return true;
    case 'x':
        options->second_certificate = value;
        return true;
    case 'X':
        options->second_key = value;
        return true;
    case 's':
        options->store = value;
        return true;
    case 'C':
        options->ciphers = value;
        return true;
    case 'a':
        options->client_ca = value;
        return true;
    case 'L':
        options->log = value;
        return true;
    case 'p':
        options->plain = true;
        return true;
    case 'Q':
        options->query_off = true;
        return true;
    case '1':
        options->requests = 1;
        return true;
    default:
        return false;
    }
}

static bool parse_one(struct options *options, int code, const char *value)
{
    unsigned long number = 0;
    switch (code) {
    case 'l':
        return parse_listen(options, value);
    case 'm':
        return parse_version(value, &options->tls_min);
    case 'M':
        return parse_version(value, &options->tls_max);
    case 'q':
        return parse_client_certificate(value, &options->client_certificate);
    case 't':
        if (!parse_number(value, UINT32_MAX, &number))
            return false;
        options->ttl = (uint32_t)number;
        return true;
    case 'T':
        return parse_tags(value, options);
    case 'n':
        return parse_count(value, 1000000, &options->requests);
    case 'N':
        return parse_count(value, CLIENTS_MAX, &options->clients);
    case 'd':
        return parse_count(value, 60000, &options->delay_ms);
    case 'W':
        return parse_count(value, CLIENTS_MAX, &options->together);
    case 'S':
        return parse_count(value, 255, &options->silent);
    case 'f':
        return parse_fault(value, &options->fault);
    default:
        return keep_one(options, code, value);
    }
}

bool options_parse(struct options *options, int argc, char **argv)
{
    static const struct option known[] = {
        {"listen", required_argument, NULL, 'l'},     {"cert", required_argument, NULL, 'c'},
        {"key", required_argument, NULL, 'k'},        {"store", required_argument, NULL, 's'},
        {"tls-min", required_argument, NULL, 'm'},    {"tls-max", required_argument, NULL, 'M'},
        {"ciphers", required_argument, NULL, 'C'},    {"client-cert", required_argument, NULL, 'q'},
        {"client-ca", required_argument, NULL, 'a'},  {"plain", no_argument, NULL, 'p'},
        {"ttl", required_argument, NULL, 't'},        {"query-tags", required_argument, NULL, 'T'},
        {"query-off", no_argument, NULL, 'Q'},        {"once", no_argument, NULL, '1'},
        {"requests", required_argument, NULL, 'n'},   {"log", required_argument, NULL, 'L'},
        {"fault", required_argument, NULL, 'f'},      {"clients", required_argument, NULL, 'N'},
        {"delay", required_argument, NULL, 'd'},      {"together", required_argument, NULL, 'W'},
        {"silent", required_argument, NULL, 'S'},     {"second-cert", required_argument, NULL, 'x'},
        {"second-key", required_argument, NULL, 'X'}, {NULL, 0, NULL, 0},
    };
    *options = (struct options){.host = "127.0.0.1",
                                .port = "2445",
                                .ttl = 86400,
                                .requests = 1,
                                .clients = CLIENTS_DEFAULT,
                                .tls_min = TLS1_VERSION,
                                .tls_max = TLS1_3_VERSION};
    for (int code; (code = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (!parse_one(options, code, optarg)) {
            if (code != '?')
                fprintf(stderr, "bad value: %s\n", optarg);
            return usage();
        }
    }
    bool complete =
        options->store != NULL && (options->plain || (options->certificate && options->key));
    return complete && optind == argc ? true : usage();
}
