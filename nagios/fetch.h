/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Bytes from a file, from stdin or from URLs (http, https, tftp), never more than a phone takes.
 * Knows nothing of trust lists.
 */
#ifndef UCMTRUST_NAGIOS_FETCH_H
#define UCMTRUST_NAGIOS_FETCH_H

#include "common/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** How it ended. */
enum fetch_outcome {
    FETCH_OK,      /**< also when the cap was reached: then size is UCM_INPUT_MAX + 1 */
    FETCH_MISSING, /**< the server says that there is no such file */
    FETCH_SILENT,  /**< it did not answer, or not in time */
    FETCH_FAILED,  /**< it refused, reset or answered nonsense */
    FETCH_LOCAL,   /**< for a reason of our own: no such name, no permission, no memory */
};

enum { FETCH_DETAIL_MAX = 256, FETCH_URLS_MAX = 2, FETCH_SHA256 = 32 };

/** One file that is wanted. */
struct fetch {
    const char *url[FETCH_URLS_MAX]; /**< tried in this order; unused ones NULL */
    enum fetch_outcome outcome;
    const char *stage;             /**< last stage that was reached; static */
    const char *origin;            /**< the URL that answered, one of url[] */
    char detail[FETCH_DETAIL_MAX]; /**< why not, for people; "" on success */
    uint8_t *data;                 /**< malloc()ed, the caller frees */
    size_t size;
};

/** What the module ucmtrust-fetch.so offers: fetch all of them side by side. Returns when all are
 * done or after left_ms milliseconds. True when something was left behind in a thread, so that the
 * process must not wait for it. */
typedef bool fetch_run_function(struct fetch *fetches, size_t count, int64_t left_ms);
#define FETCH_RUN_SYMBOL "ucmtrust_fetch_run"

/** One question over HTTPS to a server that must prove who it is, and its answer piece by piece. */
struct fetch_post {
    const char *url;  /**< https */
    const char *user; /**< for basic authentication; never sent to another server */
    const char *password;
    const char *const *headers; /**< "Name: value", ended by NULL */
    const char *body;
    const char *ca_file;       /**< PEM, whom to believe; NULL: whom this system believes */
    const uint8_t *pin_sha256; /**< of the server's certificate, which then alone counts, under any
                                    name; NULL: it is verified, and so is the name of the host */
    size_t limit;              /**< bytes of the answer */
    /** Takes a piece of the answer; false: no more is wanted. */
    bool (*take)(void *taker, long status, const uint8_t *bytes, size_t size);
    void *taker;

    enum fetch_outcome outcome; /**< FETCH_OK also when no more was wanted; never FETCH_MISSING */
    long status;                /**< of HTTP; 0: none came */
    long retry_after;           /**< seconds that the server asks to wait; 0: it does not say */
    bool is_stranger;           /**< the server did not prove who it is: nothing was sent */
    bool has_seen;              /**< it showed a certificate, with this digest */
    uint8_t seen_sha256[FETCH_SHA256];
    const char *stage; /**< as in struct fetch */
    char detail[FETCH_DETAIL_MAX];
};

/** What the module offers: ask once, within left_ms milliseconds. *session keeps the connection for
 * the next question to the same server; begin with NULL. post NULL: close it. Returns true when
 * something was left behind in a thread. */
typedef bool fetch_post_function(struct fetch_post *post, void **session, int64_t left_ms);
#define FETCH_POST_SYMBOL "ucmtrust_fetch_post"

/** Ask within what is left of the deadline; post and session as above. */
void fetch_post(struct fetch_post *post, void **session);

/** What a module of ours exports, opened now if it was not before. file: static, such
 * as "ucmtrust-fetch.so". NULL: it cannot be opened, and dlerror() says why. */
void *fetch_symbol(const char *file, const char *symbol);

/** What is known of the key of an SSH server. */
enum fetch_host_key {
    FETCH_HOST_KEY_UNSEEN,  /**< it did not come to that */
    FETCH_HOST_KEY_KNOWN,   /**< it is the one that was expected */
    FETCH_HOST_KEY_MISSING, /**< known_hosts does not name this server */
    FETCH_HOST_KEY_OTHER,   /**< another one was expected */
};

/** A place on an SFTP server and how to log in there. Texts are the caller's. */
struct fetch_sftp {
    const char *url;         /**< sftp://host[:port]/file; a folder ends in "/" */
    const char *user;        /**< who logs in */
    const char *key_file;    /**< private key; NULL: the password is for logging in */
    const char *password;    /**< of the user, or of the key file; NULL: none */
    const char *known_hosts; /**< file of OpenSSH with the server's key; NULL: see fingerprint */
    const char *fingerprint; /**< SHA-256 of the server's key in base64; NULL: see known_hosts */
    /** Called for each file, in the order of their names. The file is the fetcher's. folder: the
     * name is a folder, and file is empty. */
    void (*take)(void *context, const char *name, const struct fetch *file, bool folder);
    void *context;
    enum fetch_host_key host_key;
    struct fetch whole; /**< how connecting and listing ended, without data; not OK: files may be
                             missing */
};

/** What the module offers besides: read one file, or each file of one folder, over one connection.
 * Keeps one file in memory at a time. Returns like fetch_run_function. */
typedef bool fetch_sftp_function(struct fetch_sftp *sftp, int64_t left_ms);
#define FETCH_SFTP_SYMBOL "ucmtrust_fetch_sftp"

/** Do that within what is left of the deadline. */
void fetch_sftp(struct fetch_sftp *sftp);

/** Fetch them all within what is left of the deadline, and within limit_ms milliseconds. */
void fetch_urls(struct fetch *fetches, size_t count, int64_t limit_ms);

/** The URLs of a file on a TFTP node, in the order in which phones ask: HTTP, then TFTP. node: host
 * name or address, also of IPv6. To be freed. */
void fetch_node_urls(const char *node, int http_port, int tftp_port, const char *file,
                     char *url[FETCH_URLS_MAX]);

/** Read a regular file, or stdin for "-", into fetch, at most UCM_INPUT_MAX + 1 bytes. */
void fetch_file(const char *path, struct fetch *fetch);

/** What such a file is called in messages: "stdin" for "-", else its path. */
const char *fetch_file_name(const char *path);

/** The same for a saved text, which may be longer: FETCH_OK only for one of at most UCM_SAVED_MAX
 * bytes, which are made plain (common/lines.h). */
void fetch_text(const char *path, struct fetch *fetch);

/** Is it a URL (and not a path)? */
bool fetch_is_url(const char *text);

/** Is it a URL of a kind that can be fetched? */
bool fetch_is_supported(const char *url);

/** Ends the process with a usage message when a user or a password stands in the URL, which is
 * printed as the name of what was fetched. option: what to name in it. */
void fetch_check_login(const char *option, const char *url);

/** The same when it is neither a path nor a URL of a kind that can be fetched. where NULL: the
 * option was not given. */
void fetch_check_place(const char *option, const char *where);

#endif
