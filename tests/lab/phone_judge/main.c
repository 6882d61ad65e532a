/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ucmtrust-phone-judge: what common/phone says about one file that a phone is offered, given the
 * lists that it holds and what TVS answers. The lab's own phone decides the same by code of its
 * own; a test compares them. It must decide nothing itself. Prints one line: outcome, step,
 * vouching/nodes, words. */
#include "common/phone.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NODES_MAX = 8 };

struct file {
    uint8_t *data;
    size_t size;
};

struct nodes {
    struct ucm_tvs_opinion opinion[NODES_MAX];
    uint32_t count;
};

static int usage(void)
{
    fputs("usage: ucmtrust-phone-judge --file FILE [--ctl FILE] [--itl FILE] [--now SECONDS] "
          "[--no-tvs]\n"
          "  [--node NAME[,answered][,identity=FILE][,status=N][,roles=N+N][,certificate=FILE]"
          "[,until=SECONDS]]...\n",
          stderr);
    return 2;
}

static bool read_file(const char *path, struct file *out)
{
    FILE *in = fopen(path, "rb");

    out->data = malloc(UCM_INPUT_MAX);
    if (in == NULL || out->data == NULL) {
        perror(path);
        if (in != NULL)
            fclose(in);
        return false;
    }
    out->size = fread(out->data, 1, UCM_INPUT_MAX, in);
    fclose(in);
    return true;
}

/* A held list that does not decode is a mistake of the caller. */
static bool read_held(const char *path, struct ucm_trustlist *list)
{
    struct file file;

    if (!read_file(path, &file))
        return false;
    if (!ucm_trustlist_decode(file.data, file.size, list)) {
        fprintf(stderr, "%s does not decode\n", path);
        return false;
    }
    return true;
}

static uint32_t read_roles(const char *text)
{
    uint32_t roles = 0;

    for (char *end = NULL; *text != '\0'; text = *end == '+' ? end + 1 : end) {
        unsigned long role = strtoul(text, &end, 10);

        if (end == text)
            break;
        if (role < 32)
            roles |= UCM_ROLE_BIT(role);
    }
    return roles;
}

static bool read_word(const char *word, struct ucm_tvs_opinion *opinion)
{
    struct file file;

    if (strcmp(word, "answered") == 0) {
        opinion->answered = true;
    } else if (strncmp(word, "identity=", 9) == 0) {
        if (!read_file(word + 9, &file))
            return false;
        opinion->identity = file.data;
        opinion->identity_size = file.size;
    } else if (strncmp(word, "certificate=", 12) == 0) {
        if (!read_file(word + 12, &file))
            return false;
        opinion->certificate = file.data;
        opinion->certificate_size = file.size;
    } else if (strncmp(word, "status=", 7) == 0) {
        opinion->status = (uint8_t)strtoul(word + 7, NULL, 10);
    } else if (strncmp(word, "roles=", 6) == 0) {
        opinion->roles = read_roles(word + 6);
    } else if (strncmp(word, "until=", 6) == 0) {
        opinion->cached_until = strtoll(word + 6, NULL, 10);
    } else {
        return false;
    }
    return true;
}

static bool read_node(char *text, struct nodes *nodes)
{
    struct ucm_tvs_opinion *opinion = &nodes->opinion[nodes->count];
    char *word = strtok(text, ",");

    if (nodes->count == NODES_MAX || word == NULL)
        return false;
    *opinion = (struct ucm_tvs_opinion){.node = word, .asked = true};
    while ((word = strtok(NULL, ",")) != NULL) {
        if (!read_word(word, opinion))
            return false;
    }
    nodes->count++;
    return true;
}

static bool ask(void *context, const struct ucm_trustlist *file, uint32_t index,
                struct ucm_tvs_opinion *opinion)
{
    const struct nodes *nodes = context;

    (void)file;
    if (index >= nodes->count)
        return false;
    *opinion = nodes->opinion[index];
    return true;
}

static const char *step_name(enum ucm_step step)
{
#define STEP_NAME(constant, outcome, words) #constant,
    static const char *const names[UCM_STEP_COUNT] = {UCM_STEPS(STEP_NAME)};
#undef STEP_NAME

    return names[step] + strlen("UCM_STEP_");
}

static void print_decision(const struct ucm_decision *decision)
{
    static const char *const outcomes[] = {
        [UCM_ACCEPTED] = "accepted", [UCM_UNDECIDED] = "undecided", [UCM_REFUSED] = "refused"};
    char words[512];

    ucm_step_text(decision, words, sizeof words);
    printf("%s %s %u/%u %s\n", outcomes[ucm_step_outcome(decision->step)],
           step_name(decision->step), (unsigned)decision->vouching, (unsigned)decision->nodes,
           words);
}

int main(int argc, char **argv)
{
    static const struct option known[] = {
        {"file", required_argument, NULL, 'f'},
        {"ctl", required_argument, NULL, 'c'},
        {"itl", required_argument, NULL, 'i'},
        {"now", required_argument, NULL, 'n'},
        {"no-tvs", no_argument, NULL, 't'},
        {"node", required_argument, NULL, 'N'},
        {NULL, 0, NULL, 0},
    };
    struct nodes nodes = {.count = 0};
    struct ucm_phone phone = {.ask = ask, .context = &nodes};
    struct ucm_trustlist offered, ctl, itl;
    struct file file = {NULL, 0};

    for (int code; (code = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        bool good = code == 't';

        if (code == 'f')
            good = read_file(optarg, &file);
        else if (code == 'c')
            good = (phone.ctl = &ctl) != NULL && read_held(optarg, &ctl);
        else if (code == 'i')
            good = (phone.itl = &itl) != NULL && read_held(optarg, &itl);
        else if (code == 'n')
            good = (phone.now = strtoll(optarg, NULL, 10)) > 0;
        else if (code == 'N')
            good = read_node(optarg, &nodes);
        if (!good)
            return usage();
        phone.no_tvs = phone.no_tvs || code == 't';
    }
    if (file.data == NULL || optind != argc)
        return usage();
    ucm_trustlist_decode(file.data, file.size, &offered);
    struct ucm_decision decision = ucm_phone_offer(&phone, &offered);
    print_decision(&decision);
    return 0;
}
