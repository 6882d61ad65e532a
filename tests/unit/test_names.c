/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Numbers and names: known ones have a name, unknown ones none.
 */
#include "maker.h"

#include "common/names.h"

/* ---- the tables, written a second time: whoever changes a number has to change it here too ----
 */

struct row {
    uint32_t number;
    const char *name;
};

static const struct row TVS_TYPES[] = {{1, "Certificate verification request"},
                                       {2, "Certificate verification response"},
                                       {3, "Certificate query request"},
                                       {4, "Certificate query response"}};
static const struct row TVS_TAGS[] = {
    {1, "Device name"},      {2, "Certificate"},      {3, "Subject name"}, {4, "Issuer or serial"},
    {5, "Issuer or serial"}, {6, "Issuer or serial"}, {7, "Status"},       {8, "Roles"},
    {9, "Time to live"}};
static const struct row TVS_STATUSES[] = {{0, "found and trusted"}, {1, "not found"}};
static const struct row ROLES[] = {{0, "SAST"},
                                   {1, "CCM"},
                                   {2, "CCM+TFTP"},
                                   {3, "TFTP"},
                                   {4, "CAPF"},
                                   {5, "SRST"},
                                   {6, "Phone firewall"},
                                   {7, "Application server"},
                                   {20, "Certificate authority"},
                                   {21, "TVS"},
                                   {22, "Signaling"},
                                   {23, "Provisioning"},
                                   {24, "Data"},
                                   {25, "Network element"},
                                   {26, "VPN"},
                                   {27, "Serviceability"},
                                   {255, "Unknown role"}};
static const struct row HEADER_TAGS[] = {{1, "Version"},
                                         {2, "Header length"},
                                         {3, "Signer ID"},
                                         {4, "Signer name"},
                                         {5, "Signer serial number"},
                                         {6, "Signer CA name"},
                                         {7, "Signature info"},
                                         {8, "Digest algorithm"},
                                         {9, "Signature algorithm info"},
                                         {10, "Signature algorithm"},
                                         {11, "Signature modulus"},
                                         {12, "Signature"},
                                         {13, "Padding"},
                                         {14, "File name"},
                                         {15, "Timestamp"},
                                         {16, "Encryption parameter (16)"},
                                         {17, "Encryption parameter (17)"},
                                         {18, "Encryption parameter (18)"},
                                         {19, "Encryption parameter (19)"},
                                         {20, "Encryption parameter (20)"},
                                         {21, "Encryption parameter (21)"},
                                         {22, "Encryption parameter (22)"},
                                         {23, "Encryption parameter (23)"},
                                         {24, "Encryption parameter (24)"},
                                         {25, "Encryption parameter (25)"},
                                         {26, "Encryption parameter (26)"},
                                         {27, "Encryption parameter (27)"},
                                         {28, "Signer version"}};
static const struct row RECORD_TAGS[] = {{1, "Record length"},     {2, "DNS name"},
                                         {3, "Subject name"},      {4, "Function"},
                                         {5, "Issuer name"},       {6, "Serial number"},
                                         {7, "Public key"},        {8, "Certificate signature"},
                                         {9, "Certificate"},       {10, "IP address"},
                                         {11, "Certificate hash"}, {12, "Hash algorithm"}};
static const struct row DIGESTS[] = {{1, "SHA-1"}, {2, "SHA-256"}, {3, "SHA-512"}};
static const struct row ALGORITHMS[] = {{0, "RSA PKCS#1 v1.5"}};

static const struct {
    const char *(*look_up)(uint32_t number);
    const struct row *row;
    size_t count;
} TABLES[] = {
    {ucm_tvs_type_name, TVS_TYPES, COUNT_OF(TVS_TYPES)},
    {ucm_tvs_tag_name, TVS_TAGS, COUNT_OF(TVS_TAGS)},
    {ucm_tvs_status_name, TVS_STATUSES, COUNT_OF(TVS_STATUSES)},
    {ucm_role_name, ROLES, COUNT_OF(ROLES)},
    {ucm_header_tag_name, HEADER_TAGS, COUNT_OF(HEADER_TAGS)},
    {ucm_record_tag_name, RECORD_TAGS, COUNT_OF(RECORD_TAGS)},
    {ucm_digest_name, DIGESTS, COUNT_OF(DIGESTS)},
    {ucm_algorithm_name, ALGORITHMS, COUNT_OF(ALGORITHMS)},
};

/* All numbers that a byte can be, so that there is no row besides. */
static void every_row_is_as_described(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(TABLES); i++)
        for (uint32_t number = 0, next = 0; number <= UINT8_MAX; number++) {
            const char *found = TABLES[i].look_up(number);

            if (next < TABLES[i].count && TABLES[i].row[next].number == number)
                assert_string_equal(found, TABLES[i].row[next++].name);
            else
                assert_null(found);
            if (number == UINT8_MAX)
                assert_int_equal(next, TABLES[i].count);
        }
}

static void known_numbers_have_names(void **state)
{
    (void)state;
    assert_string_equal(ucm_role_name(UCM_ROLE_SAST), "SAST");
    assert_string_equal(ucm_role_name(21), "TVS");
    assert_string_equal(ucm_role_name(255), "Unknown role");
    assert_string_equal(ucm_tvs_type_name(4), "Certificate query response");
    assert_string_equal(ucm_tvs_tag_name(9), "Time to live");
    assert_string_equal(ucm_tvs_status_name(0), "found and trusted");
    assert_string_equal(ucm_header_tag_name(28), "Signer version");
    assert_string_equal(ucm_record_tag_name(9), "Certificate");
    assert_string_equal(ucm_digest_name(3), "SHA-512");
    assert_string_equal(ucm_algorithm_name(0), "RSA PKCS#1 v1.5");
}

static void unknown_numbers_have_none(void **state)
{
    static const char *(*const look_up[])(uint32_t) = {
        ucm_role_name,       ucm_tvs_type_name,   ucm_tvs_tag_name, ucm_tvs_status_name,
        ucm_header_tag_name, ucm_record_tag_name, ucm_digest_name,  ucm_algorithm_name};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(look_up); i++) {
        assert_null(look_up[i](100));
        assert_null(look_up[i](UINT32_MAX));
    }
    assert_null(ucm_record_tag_name(28)); /* a header tag only */
}

static void modulus_codes_give_lengths(void **state)
{
    (void)state;
    assert_int_equal(ucm_modulus_bytes(0), 64);
    assert_int_equal(ucm_modulus_bytes(1), 128);
    assert_int_equal(ucm_modulus_bytes(2), 256);
    assert_int_equal(ucm_modulus_bytes(3), 512);
    assert_int_equal(ucm_modulus_bytes(4), 0);
}

static void stores_have_names_and_roles(void **state)
{
    (void)state;
    assert_string_equal(ucm_store_name(14), "Phone-SAST-trust");
    assert_null(ucm_store_name(0));
    assert_null(ucm_store_name(99));
    for (uint32_t number = 1; number < 99; number++)
        if (ucm_store_name(number) != NULL)
            assert_int_equal(ucm_store_find(ucm_store_name(number)), number);
    assert_int_equal(ucm_store_find("callmanager-TRUST"), UCM_STORE_CALLMANAGER_TRUST);
    assert_int_equal(ucm_store_find("CallManager-trus"), UCM_STORE_NONE);
    assert_int_equal(ucm_store_find("CallManager-trust2"), UCM_STORE_NONE);
    assert_int_equal(ucm_store_find(""), UCM_STORE_NONE);
    assert_true(ucm_store_is_own(UCM_STORE_ITLRECOVERY));
    assert_false(ucm_store_is_own(UCM_STORE_PHONE_SAST_TRUST));
    assert_false(ucm_store_is_own(UCM_STORE_NONE));
    assert_int_equal(ucm_store_roles(UCM_STORE_PHONE_SAST_TRUST), 1u << 0 | 1u << 3);
    assert_int_equal(ucm_store_roles(UCM_STORE_CALLMANAGER_TRUST), 0);
    assert_int_equal(ucm_store_roles(UCM_STORE_NONE), 0);
}

/* The roles of each store as a list, ended by -1. */
static void stores_are_as_described(void **state)
{
    static const struct {
        enum ucm_store store;
        const char *name;
        bool own;
        int roles[3];
    } rows[] = {
        {1, "Phone-trust", false, {7, -1}},
        {2, "Phone-VPN-trust", false, {26, -1}},
        {3, "CallManager", true, {0, 2, -1}},
        {4, "CallManager-trust", false, {-1}},
        {5, "tomcat", true, {7, -1}},
        {6, "tomcat-trust", false, {7, -1}},
        {7, "ipsec", true, {7, -1}},
        {8, "ipsec-trust", false, {-1}},
        {9, "CAPF", true, {4, -1}},
        {10, "CAPF-trust", false, {-1}},
        {11, "TVS", true, {21, -1}},
        {12, "TVS-trust", false, {-1}},
        {13, "directory-trust", false, {-1}},
        {14, "Phone-SAST-trust", false, {0, 3, -1}},
        {15, "Phone-CTL-trust", false, {7, -1}},
        {100, "ITLRecovery", true, {-1}},
        {101, "CallManager-ECDSA", true, {-1}},
        {102, "tomcat-ECDSA", true, {-1}},
    };

    (void)state;
    for (uint32_t number = 0, next = 0; number <= UINT8_MAX; number++) {
        uint32_t roles = 0;

        if (next == COUNT_OF(rows) || rows[next].store != number) {
            assert_null(ucm_store_name(number));
            continue;
        }
        for (const int *role = rows[next].roles; *role >= 0; role++)
            roles |= 1u << *role;
        assert_string_equal(ucm_store_name(number), rows[next].name);
        assert_int_equal(ucm_store_is_own(rows[next].store), rows[next].own);
        assert_int_equal(ucm_store_roles(rows[next].store), roles);
        next++;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_as_described),   cmocka_unit_test(known_numbers_have_names),
        cmocka_unit_test(unknown_numbers_have_none),   cmocka_unit_test(modulus_codes_give_lengths),
        cmocka_unit_test(stores_have_names_and_roles), cmocka_unit_test(stores_are_as_described),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
