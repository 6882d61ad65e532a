/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Shorthand for tests of phones: see phone_lab.h.
 */
#include "phone_lab.h"

enum { RECORDS_MAX = 16, LETTERS = 26 };

static struct identity *identities[LETTERS];

static const struct {
    char letter;
    const char *cn;
    int bits;
    char serial;
} CERTIFICATES[] = {
    {'O', "CN=cucm-pub.example", 0, 'O'},    {'N', "CN=cucm-pub.example", 0, 'N'},
    {'R', "CN=ITLRECOVERY_cucm", 0, 'R'},    {'Q', "CN=ITLRECOVERY_cucm", 0, 'Q'},
    {'T', "CN=cucm-pub.example", 0, 'T'},    {'U', "CN=cucm-pub.example", 0, 'U'},
    {'A', "CN=CAPF-00000001", 0, 'A'},       {'B', "CN=CAPF-00000001", 0, 'B'},
    {'K', "CN=ITLRECOVERY_cucm", 1024, 'K'}, {'X', "CN=stranger.example", 1024, 'X'},
    {'D', "CN=cucm-pub.example", 1024, 'O'}, {'E', "CN=elsewhere.example", 1024, 'O'},
    {'G', "CN=cucm-pub.example", 0, 'O'},    {'J', "CN=junk.example", 1024, 'J'},
};

int lab_set_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(CERTIFICATES); i++)
        identities[CERTIFICATES[i].letter - 'A'] = make_identity(&(struct identity_options){
            .cn = CERTIFICATES[i].cn,
            .serial = (uint8_t)CERTIFICATES[i].serial,
            .bits = CERTIFICATES[i].bits,
            .not_after = CERTIFICATES[i].letter == 'G' ? NOW + YEAR : 0});
    identities['J' - 'A']->der[0] = 0;
    return 0;
}

int lab_tear_down(void **state)
{
    (void)state;
    for (size_t i = 0; i < LETTERS; i++)
        if (identities[i] != NULL)
            free_identity(identities[i]);
    return 0;
}

const struct identity *lab_identity(char letter)
{
    assert_in_range(letter, 'A', 'Z');
    assert_non_null(identities[letter - 'A']);
    return identities[letter - 'A'];
}

char lab_letter(const uint8_t *der, size_t size)
{
    for (size_t i = 0; i < LETTERS; i++)
        if (identities[i] != NULL && identities[i]->der_size == size &&
            memcmp(identities[i]->der, der, size) == 0)
            return (char)('A' + i);
    return 0;
}

static uint16_t role_of(char letter)
{
    static const struct {
        char letter;
        uint16_t role;
    } roles[] = {{'s', UCM_ROLE_SAST}, {'c', UCM_ROLE_CCM_TFTP}, {'f', UCM_ROLE_TFTP},
                 {'t', UCM_ROLE_TVS},  {'a', UCM_ROLE_CAPF},     {'k', UCM_ROLE_TVS},
                 {'-', MAKER_NO_ROLE}, {'z', UCM_ROLE_UNKNOWN},  {'h', UCM_ROLE_CCM_TFTP},
                 {'j', UCM_ROLE_CAPF}, {'y', UCM_ROLE_SAST}};

    for (size_t i = 0; i < COUNT_OF(roles); i++)
        if (roles[i].letter == letter)
            return roles[i].role;
    fail_msg("no role '%c'", letter);
    return 0;
}

/* ---- lists ---- */

static struct lab_list *make(const struct list_options *options)
{
    struct lab_list *made = calloc(1, sizeof *made);

    assert_non_null(made);
    made->maker = calloc(1, sizeof *made->maker);
    assert_non_null(made->maker);
    make_list(made->maker, options);
    ucm_trustlist_decode(made->maker->data, made->maker->size, &made->list);
    return made;
}

struct lab_list *lab_list(const char *filename, const char *shorthand)
{
    struct record_options records[RECORDS_MAX];
    size_t count = 0;

    if (shorthand == NULL)
        return NULL;
    assert_int_equal(shorthand[1], '/');
    for (const char *at = shorthand + 2; *at != '\0'; at += 2) {
        assert_true(count < RECORDS_MAX);
        records[count++] = (struct record_options){lab_identity(at[0]), role_of(at[1]),
                                                   strchr("hjky", at[1]) != NULL};
    }
    return make(&(struct list_options){.filename = filename,
                                       .signer = lab_identity(shorthand[0]),
                                       .records = records,
                                       .record_count = count});
}

struct lab_list *lab_configuration(char signer)
{
    static const char body[] = "<device/>";

    return make(&(struct list_options){.filename = "SEPB000B4BA0AEE.cnf.xml",
                                       .signer = lab_identity(signer),
                                       .body = body,
                                       .body_size = sizeof body - 1});
}

void lab_list_free(struct lab_list *made)
{
    if (made == NULL)
        return;
    free(made->maker);
    free(made);
}

const struct ucm_trustlist *lab_of(const struct lab_list *made)
{
    return made == NULL ? NULL : &made->list;
}

/* ---- TVS ---- */

void lab_say(char what, struct ucm_tvs_opinion *opinion)
{
    opinion->asked = what != 'x';
    opinion->answered = what != '-';
    opinion->status = what == 'n' ? 1 : 0;
    switch (what) {
    case 's':
    case 'c':
    case 'e':
        opinion->roles = 1u << UCM_ROLE_SAST | 1u << UCM_ROLE_TFTP;
        opinion->cached_until = what == 'c' ? NOW + 1 : what == 'e' ? NOW : 0;
        break;
    case 'f':
        opinion->roles = 1u << UCM_ROLE_TFTP;
        break;
    case 'r':
        opinion->roles = 1u << UCM_ROLE_APPLICATION_SERVER;
        break;
    default:
        assert_non_null(strchr("n-x", what));
        break;
    }
}

/* TVS sends the certificate that it vouches for. */
static void send_signer(const struct ucm_trustlist *file, struct ucm_tvs_opinion *opinion)
{
    for (const char *letter = "ONRQTUABKX"; *letter != '\0'; letter++) {
        const struct identity *identity = lab_identity(*letter);

        if (ucm_signature_check_by(file, identity->der, identity->der_size) != UCM_SIGNATURE_VALID)
            continue;
        opinion->certificate = identity->der;
        opinion->certificate_size = identity->der_size;
        return;
    }
}

bool lab_ask(void *context, const struct ucm_trustlist *file, uint32_t index,
             struct ucm_tvs_opinion *opinion)
{
    const char *nodes = context;
    size_t at = (size_t)index * 3; /* two letters and a blank */

    assert_int_not_equal(file->kind, UCM_LIST_UNKNOWN);
    assert_null(opinion->node); /* nothing is left from the node before */
    if (nodes == NULL || at >= strlen(nodes))
        return false;
    opinion->node = nodes + at;
    if (nodes[at] != '?') {
        opinion->identity = lab_identity(nodes[at])->der;
        opinion->identity_size = lab_identity(nodes[at])->der_size;
    }
    lab_say(nodes[at + 1], opinion);
    if (ucm_signature_check(file, file).status != UCM_SIGNATURE_VALID)
        send_signer(file, opinion);
    return true;
}
