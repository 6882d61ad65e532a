/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Traces of TVS and console logs: each line that says something, dumps, and text that is cut at
 * every byte or spoilt in every line. The lines have the published shapes; what is in them is ours.
 */
#include "maker.h"

#include "common/names.h"
#include "common/trace.h"

static const char TRACE[] =
    "18:00:00.001 | debug ipAddrStr (Phone) 192.0.2.50\n"
    "18:00:00.002 | debug 8:UNKNOWN:Got a new ph conn 192.0.2.50 on 8, Total Acc = 7..\n"
    "18:00:00.003 | debug 192.0.2.50: tvsSSLHandShake Session ciphers - AES256-SHA\n"
    "18:00:00.004 | debug 8:UNKNOWN:Incoming Phone Msg:\n"
    "HEX_DUMP: Len = 153:\n"
    "18:00:00.004 | debug 57 01 03 00 00 00 03 e9\n"
    "18:00:00.004 | debug 00 8f\n"
    "18:00:00.004 | debug tvsPhoneDecodeMsg -\n"
    "Decoded Phone Msg:\n"
    "18:00:00.004 | debug MsgType : TVS_MSG_QUERY_CERT_REQ\n"
    "18:00:00.004 | debug Session Id : 0\n"
    "18:00:00.005 | debug tvsHandleQueryCertReq : Subject Name is: CN=a b;O=x\n"
    "18:00:00.005 | debug tvsHandleQueryCertReq : SAST Issuer Name  is: CN=other\n"
    "18:00:00.005 | debug tvsHandleQueryCertReq : SAST Issuer Name is: CN=other\n"
    "18:00:00.005 | debug tvsHandleQueryCertReq : Issuer Name is: CN=ca\n"
    "18:00:00.005 | debug tvsHandleQueryCertReq : Serial Number is: 0A0B\n"
    "18:00:00.006 | debug ERROR:CertificateDBCache::getCertificateInformation - Cannot find the "
    "certificate in the cache\n"
    "18:00:00.006 | debug CertificateCTLCache::getCertificateInformation - Found entry "
    "{rolecount : 1}\n"
    "18:00:00.006 | debug CertificateCTLCache::getCertificateInformation - {role : 3}\n"
    "18:00:00.007 | debug 8:UNKNOWN:Sending QUERY_CERT_RES msg\n"
    "18:00:00.007 | debug Sending TLS Msg ..\n"
    "04:00:00.008 |   debug tvsGetIssuerNameFromX509 - issuerName : CN=ca;O=x and Length: 9\n"
    "04:00:00.008 |<--debug \n"
    "04:00:00.008 |-->debug \n"
    "04:00:00.008 |   debug tvsGetSerialNumberFromX509 - serialNumber : 0C0D and Length: 2\n"
    "04:00:00.008 |   debug CertificateDBCache::x - Certificate compare return =0\n"
    "04:00:00.008 |   debug CertificateDBCache::x - Certificate found and equal\n"
    "04:00:00.009 |   debug getCertificateInformation(cert) : certificate not found\n"
    "04:00:00.009 |   debug 2:UNKNOWN:Sending CERT_VERIF_RES msg\n"
    "04:00:00.009 |   debug     MsgType               : TVS_MSG_CERT_VERIFICATION_RES\n";

static const char CONSOLE[] =
    "3233 NOT Jun 03 09:12:41.033132 dgetfile(870)-GETXXTP [GT870][src=CTLSEP00005E005332.tlv][d]\n"
    "3287 INF Jun 03 09:12:41.395199 SECUREAPP-Attempting connect to TVS server addr [192.0.2.11], "
    "mode [IPv4]\n"
    "3296 DEB Jun 03 09:12:41.396854 SECUREAPP-Certificate subject name = /C=NL/CN=CP-8861-SEP0000"
    "5E005332\n"
    "3315 NOT Jun 03 09:12:41.908586 (346:1810) SECUREAPP-Sec SSL Connection - Handshake "
    "successful.\n"
    "3320 NOT Jun 03 09:12:41.909322 SECUREAPP-TVS process request - Successfully sent the TVS "
    "request to TVS server, bytes written : 153\n"
    "3322 DEB Jun 03 09:12:41.913075 SECUREAPP-TVS Service receives 1480 bytes of data\n"
    "3325 INF Jun 03 09:12:41.915121 SECUREAPP-TVS added cert to TVS cache - expires in 24 hours\n"
    "3333 NOT Jun 03 09:12:42.411671 SECUREAPP-Hashes match... authentication successful.\n"
    "3339 INF Jun 03 09:12:42.413512 SECUREAPP-TL file updated.\n"
    "8159 NOT 10:20:30.219065  SECD: -Successfully sent the certificate Authentication request to "
    "TVS server, bytes written : 962\n"
    "8172 NOT 10:20:30.220060  SECD: -Authentication Response received, status : 1\n"
    "5007: NOT 10:40:50.060663 SECD: clpSetupSsl: Trying to connect to IPV4, IP: 192.0.2.12, Port "
    ": 2445\n"
    "5014: ERR 10:40:50.076664 SECD: EROR:clpSetupSsl: SSL/TLS handshake failed, <192.0.2.12> c:14 "
    "s:15\n";

/** An event as it should be. */
struct wanted {
    enum ucm_trace_what what;
    const char *text;
    uint32_t number;
    const char *time;
};

static void assert_text(const char *base, struct ucm_view view, const char *wanted)
{
    assert_int_equal(view.len, strlen(wanted));
    assert_memory_equal(base + view.off, wanted, view.len);
}

static void assert_events(const char *text, enum ucm_trace_writer writer,
                          const struct wanted *wanted, size_t count)
{
    struct ucm_trace_walk walk = ucm_trace_walk((const uint8_t *)text, strlen(text));
    struct ucm_trace_event event;

    for (size_t i = 0; i < count; i++) {
        assert_true(ucm_trace_next(&walk, &event));
        assert_int_equal(event.what, wanted[i].what);
        assert_int_equal(event.writer, writer);
        assert_int_equal(event.number, wanted[i].number);
        if (wanted[i].text != NULL)
            assert_text(text, event.text, wanted[i].text);
        if (wanted[i].time != NULL)
            assert_text(text, event.time, wanted[i].time);
    }
    assert_false(ucm_trace_next(&walk, &event));
}

static void events_of_tvs(void **state)
{
    static const struct wanted WANTED[] = {
        {UCM_TRACE_ADDRESS, "192.0.2.50", 0, "18:00:00.001"},
        {UCM_TRACE_ACCEPTED, "192.0.2.50", 8, "18:00:00.002"},
        {UCM_TRACE_CIPHER, "192.0.2.50", 0, NULL},
        {UCM_TRACE_REQUEST, "", 8, NULL},
        {UCM_TRACE_DUMP, NULL, 153, "18:00:00.004"},
        {UCM_TRACE_TYPE, "", UCM_TVS_QUERY_REQUEST, NULL},
        {UCM_TRACE_SUBJECT, "CN=a b;O=x", 0, "18:00:00.005"},
        {UCM_TRACE_ISSUER, "CN=ca", 0, NULL},
        {UCM_TRACE_SERIAL, "0A0B", 0, NULL},
        {UCM_TRACE_NOT_CACHED, "", 0, NULL},
        {UCM_TRACE_FOUND, "", 1, NULL},
        {UCM_TRACE_ROLE, "", 3, NULL},
        {UCM_TRACE_ANSWER, "", 8, NULL},
        {UCM_TRACE_SENT, "", 0, NULL},
        {UCM_TRACE_ISSUER, "CN=ca;O=x", 0, "04:00:00.008"},
        {UCM_TRACE_SERIAL, "0C0D", 0, NULL},
        {UCM_TRACE_COMPARED, "", 0, NULL},
        {UCM_TRACE_EQUAL, "", 0, NULL},
        {UCM_TRACE_NOT_FOUND, "", 0, NULL},
        {UCM_TRACE_ANSWER, "", 2, NULL},
        {UCM_TRACE_TYPE, "", UCM_TVS_VERIFY_RESPONSE, NULL},
    };

    (void)state;
    assert_events(TRACE, UCM_TRACE_TVS, WANTED, COUNT_OF(WANTED));
}

static void events_of_a_phone(void **state)
{
    static const struct wanted WANTED[] = {
        {UCM_TRACE_DEVICE, "SEP00005E005332", 0, "Jun 03 09:12:41.033132"},
        {UCM_TRACE_CONNECT, "192.0.2.11", 0, NULL},
        {UCM_TRACE_DEVICE, "CP-8861-SEP00005E005332", 0, NULL},
        {UCM_TRACE_HANDSHAKE, "", 0, NULL},
        {UCM_TRACE_ASKED, "", 153, NULL},
        {UCM_TRACE_RECEIVED, "", 1480, NULL},
        {UCM_TRACE_CACHED, "", 0, NULL},
        {UCM_TRACE_VERIFIED, "", 0, NULL},
        {UCM_TRACE_UPDATED, "", 0, NULL},
        {UCM_TRACE_ASKED, NULL, 962, "10:20:30.219065"},
        {UCM_TRACE_STATUS, "", 1, NULL},
        {UCM_TRACE_CONNECT, "192.0.2.12", 0, NULL},
        {UCM_TRACE_REFUSED, "192.0.2.12", 0, "10:40:50.076664"},
    };

    (void)state;
    assert_events(CONSOLE, UCM_TRACE_PHONE, WANTED, COUNT_OF(WANTED));
}

static struct ucm_trace_event dump_of(const char *text)
{
    struct ucm_trace_walk walk = ucm_trace_walk((const uint8_t *)text, strlen(text));
    struct ucm_trace_event event;

    while (ucm_trace_next(&walk, &event))
        if (event.what == UCM_TRACE_DUMP)
            return event;
    fail();
    return event;
}

static void bytes_of_a_dump(void **state)
{
    static const uint8_t WANTED[] = {0x57, 1, 3, 0, 0, 0, 3, 0xe9, 0, 0x8f};
    /* Marks of functions between the head and the bytes; what was left out ends it. */
    static const char marked[] = "05:06:07.270 |   debug HEX_DUMP: Len = 960:\r\n"
                                 "05:06:07.270 |<--debug\r\n"
                                 "05:06:07.270 |-->debug\r\n"
                                 "05:06:07.270 |   debug 57 01 01 00\r\n"
                                 "<< left out >>\r\n"
                                 "05:06:07.271 |   debug 00 11\r\n";
    struct ucm_trace_event dump = dump_of(TRACE);
    uint8_t out[16];

    (void)state;
    assert_int_equal(ucm_trace_bytes((const uint8_t *)TRACE, &dump, out, sizeof out), 10);
    assert_memory_equal(out, WANTED, sizeof WANTED);
    assert_int_equal(ucm_trace_bytes((const uint8_t *)TRACE, &dump, out, 3), 3);
    dump = dump_of(marked);
    assert_int_equal(dump.number, 960);
    assert_int_equal(ucm_trace_bytes((const uint8_t *)marked, &dump, out, sizeof out), 4);
    dump = dump_of("18:00:00.004 | debug HEX_DUMP: Len = 9:\n18:00:00.004 | debug x\n");
    assert_int_equal(dump.text.len, 0);
}

static void other_text_has_no_events(void **state)
{
    static const char *const TEXTS[] = {"", "\n\n", "Incoming Phone Msg:\nHEX_DUMP: Len = 3:\n",
                                        "18:00:00 | debug Sending TLS Msg ..\n",
                                        "99 BAD Jun 03 09:12:41.1 SECUREAPP-TL file updated.\n"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(TEXTS); i++)
        assert_events(TEXTS[i], UCM_TRACE_TVS, NULL, 0);
}

/* ---- spoilt text ---- */

static void read_everything(const uint8_t *text, size_t size)
{
    struct ucm_trace_walk walk = ucm_trace_walk(text, size);
    struct ucm_trace_event event;
    uint8_t out[64];
    size_t count = 0;

    while (ucm_trace_next(&walk, &event)) {
        assert_true((size_t)event.text.off + event.text.len <= size);
        assert_true((size_t)event.more.off + event.more.len <= size);
        assert_true((size_t)event.time.off + event.time.len <= size);
        if (event.what == UCM_TRACE_DUMP)
            (void)ucm_trace_bytes(text, &event, out, sizeof out);
        assert_true(++count <= size);
    }
}

static void spoil(const char *text, size_t size)
{
    static const uint8_t VALUES[] = {0, '\n', ' ', ':', '9', 'f', 0xff};

    for (size_t end = 0; end <= size; end++) {
        uint8_t *copy = exact((const uint8_t *)text, end);

        read_everything(copy, end);
        free(copy);
    }
    for (size_t at = 0; at < size; at++)
        for (size_t i = 0; i < COUNT_OF(VALUES); i++) {
            uint8_t *copy = exact((const uint8_t *)text, size);

            copy[at] = VALUES[i];
            read_everything(copy, size);
            free(copy);
        }
}

static void cut_and_changed_at_every_byte(void **state)
{
    (void)state;
    spoil(TRACE, sizeof TRACE - 1);
    spoil(CONSOLE, sizeof CONSOLE - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_of_tvs),
        cmocka_unit_test(events_of_a_phone),
        cmocka_unit_test(bytes_of_a_dump),
        cmocka_unit_test(other_text_has_no_events),
        cmocka_unit_test(cut_and_changed_at_every_byte),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
