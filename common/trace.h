/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Traces of TVS (level detailed) and console logs of phones, as files or as pieces in a ticket.
 * Bytes in, views out; no allocation, no I/O. Knows the lines that say something about a request;
 * all others are skipped. Puts nothing together: that is for the reader of the events.
 *
 * Facts, by line: A where Cisco document 213407 (CUCM 10.5.2, phone 8861) prints it beside its
 * bytes; B where one of 118699, 118893 and 214535 prints it; C where only its meaning is inferred.
 */
#ifndef UCMTRUST_COMMON_TRACE_H
#define UCMTRUST_COMMON_TRACE_H

#include "lines.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Who wrote the line. */
enum ucm_trace_writer {
    UCM_TRACE_TVS,   /**< "18:00:00.001 | debug …" */
    UCM_TRACE_PHONE, /**< "3287 INF Jun 03 09:12:41.395199 SECUREAPP-…" */
};

/* Facts trace (test_trace:events_of_tvs, test_trace:events_of_a_phone,
 * test_trace:bytes_of_a_dump): lines of TVS traces and of phones. */
/** What happened. */
enum ucm_trace_what {
    /* TVS */
    UCM_TRACE_ACCEPTED, /**< "8:UNKNOWN:Got a new ph conn ADDRESS on 8, …" (A): text, number */
    UCM_TRACE_ADDRESS,  /**< "ipAddrStr (Phone) ADDRESS" (A): text */
    UCM_TRACE_CIPHER,   /**< "ADDRESS: tvsSSLHandShake Session ciphers - C" (A): text, more */
    UCM_TRACE_REQUEST,  /**< "8:UNKNOWN:Incoming Phone Msg:" (A): number of the connection */
    UCM_TRACE_ANSWER,   /**< "8:UNKNOWN:Sending QUERY_CERT_RES msg" (A): number of the same */
    UCM_TRACE_SENT,     /**< "Sending TLS Msg .." (A) */
    UCM_TRACE_TYPE,     /**< "MsgType : TVS_MSG_…" (A): number is enum ucm_tvs_type */
    UCM_TRACE_DUMP,     /**< "HEX_DUMP: Len = N:" (A): number, text holds the lines of bytes */
    UCM_TRACE_SUBJECT,  /**< "… Subject Name is: X" (A): text */
    UCM_TRACE_ISSUER,   /**< "… Issuer Name is: X" (A), "issuerName : X and Length" (B): text */
    UCM_TRACE_SERIAL,   /**< "… Serial Number is: H" (A), "serialNumber : H and …" (B): text */
    UCM_TRACE_FOUND,    /**< "Found entry {rolecount : N}" (A): number */
    UCM_TRACE_ROLE,     /**< "{role : N}" (A): number */
    UCM_TRACE_EQUAL,    /**< "Certificate found and equal" (B) */
    UCM_TRACE_COMPARED, /**< "Certificate compare return =N" (B; that not 0 is another: C) */
    UCM_TRACE_NOT_CACHED, /**< "Cannot find the certificate in the cache" (B): of one cache */
    UCM_TRACE_NOT_FOUND,  /**< "certificate not found" (B): of all of them */
    /* the phone */
    UCM_TRACE_DEVICE,    /**< a file of its own (A), or its certificate's name (A): text */
    UCM_TRACE_CONNECT,   /**< "Attempting connect to TVS server addr [A]" (A): text */
    UCM_TRACE_HANDSHAKE, /**< "Handshake successful" (A) */
    UCM_TRACE_REFUSED,   /**< "SSL/TLS handshake failed" (B): text holds an address */
    UCM_TRACE_ASKED,     /**< "…request to TVS server, bytes written : N" (A): number; text not
                              empty: it asked about a certificate, not for one (B) */
    UCM_TRACE_RECEIVED,  /**< "TVS Service receives N bytes of data" (A): number */
    UCM_TRACE_STATUS,    /**< "Authentication Response received, status : N" (B): number */
    UCM_TRACE_CACHED,    /**< "TVS added cert to TVS cache - expires in …" (A) */
    UCM_TRACE_VERIFIED,  /**< "Hashes match... authentication successful." (A) */
    UCM_TRACE_UPDATED,   /**< "TL file updated." (A) */
};

/** One event. Views lie in the text. */
struct ucm_trace_event {
    enum ucm_trace_writer writer;
    enum ucm_trace_what what;
    uint32_t line;        /**< number of its line */
    struct ucm_view time; /**< as printed, with the month and day where there are any */
    struct ucm_view text; /**< may be empty */
    struct ucm_view more; /**< the cipher of UCM_TRACE_CIPHER */
    uint32_t number;      /**< 0 where the line has none */
};

/** Pulls the events of a text. */
struct ucm_trace_walk {
    struct ucm_lines lines;
    struct ucm_view time; /**< of the line before: some lines have none */
    bool phone;           /**< who wrote it */
    uint32_t known;       /**< lines that look like a trace or a console log */
};

/** Start over a text, cut to UCM_SAVED_MAX bytes. */
struct ucm_trace_walk ucm_trace_walk(const uint8_t *data, size_t size);

/** Pull the next event. False at the end. */
bool ucm_trace_next(struct ucm_trace_walk *walk, struct ucm_trace_event *event);

/** The bytes of a dump: its lines of at most 8 or 16 bytes in hex, each after its time. Writes what
 * finds room and returns how many that are. Traces print the first 50 bytes of a message. */
size_t ucm_trace_bytes(const uint8_t *base, const struct ucm_trace_event *dump, uint8_t *out,
                       size_t room);

#ifdef __cplusplus
}
#endif

#endif
