# SPDX-License-Identifier: GPL-2.0-or-later
# What each check must say of each hostile peer, as an administrator should read it: the state, one finding, and words.
# Must not know how a peer is made.

# {protocol: {how it ends: (state and finding, for each check in the order of hostile_meetings.CHECKS)}}
ENDS = {
    "TVS": {
        "silent": ("CRITICAL TVS-NO-ANSWER", "CRITICAL TVS-NO-ANSWER", "CRITICAL TVS-NO-ANSWER",
                   "CRITICAL PHONE-RE-SIGN", "CRITICAL TVS-NO-ANSWER"),
        "closed": ("CRITICAL TVS-CLOSED", "CRITICAL TVS-CLOSED", "CRITICAL TVS-CLOSED", "CRITICAL PHONE-RE-SIGN",
                   "CRITICAL TVS-CLOSED"),
        "closed after the request": ("CRITICAL TVS-CLOSED", "UNKNOWN TVS-QUERY-TAGS-UNSURE", "CRITICAL TVS-CLOSED",
                                     "CRITICAL PHONE-RE-SIGN", "CRITICAL TVS-CLOSED"),
        "cut": ("CRITICAL TVS-TRUNCATED", "CRITICAL TVS-TRUNCATED", "CRITICAL TVS-TRUNCATED",
                "CRITICAL PHONE-RE-SIGN", "CRITICAL TVS-NOT-TVS"),
        "nonsense": ("CRITICAL TVS-NOT-TVS", "CRITICAL TVS-NOT-TVS", "CRITICAL TVS-NOT-TVS",
                     "CRITICAL PHONE-RE-SIGN", "CRITICAL TVS-NOT-TVS"),
        "too much": ("WARNING TVS-TRAILING-BYTES", "WARNING TVS-TRAILING-BYTES", "OK",
                     "WARNING PHONE-VIA-ONE-NODE", "OK"),
        "other session": ("CRITICAL TVS-OTHER-SESSION", "CRITICAL TVS-OTHER-SESSION", "CRITICAL TVS-NOT-TVS",
                          "CRITICAL PHONE-RE-SIGN", "CRITICAL TVS-NOT-TVS"),
        "other certificate": ("CRITICAL TVS-ROLE", "CRITICAL TVS-ROLE", "CRITICAL CL-TVS-ANSWERS",
                              "CRITICAL PHONE-RE-SIGN", "CRITICAL ST-TVS-LESS"),
        "other type": ("CRITICAL TVS-OTHER-TYPE", "CRITICAL TVS-OTHER-TYPE", "CRITICAL TVS-NOT-TVS",
                       "CRITICAL PHONE-RE-SIGN", "CRITICAL TVS-NOT-TVS"),
        "good": ("OK", "OK", "OK", "WARNING PHONE-VIA-ONE-NODE", "OK"),
        "stranger": ("CRITICAL TVS-IDENTITY", "CRITICAL TVS-IDENTITY", "CRITICAL CL-TVS-NOT-IN-ITL",
                     "CRITICAL PHONE-RE-SIGN", "CRITICAL TVS-IDENTITY"),
        "wants a certificate": ("UNKNOWN TVS-CLIENT-CERT", "UNKNOWN TVS-CLIENT-CERT", "UNKNOWN TVS-CLIENT-CERT",
                                "WARNING PHONE-TVS-NOT-ASKED", "UNKNOWN TVS-CLIENT-CERT"),
        "says nothing": ("CRITICAL TVS-STATUS", "CRITICAL TVS-OTHER-TYPE", "CRITICAL TVS-NOT-TVS",
                         "CRITICAL PHONE-RE-SIGN", "CRITICAL TVS-NOT-TVS"),
        "no common TLS": ("UNKNOWN TVS-TLS-VERSION", "UNKNOWN TVS-TLS-VERSION", "UNKNOWN TVS-TLS-VERSION",
                          "WARNING PHONE-TVS-NOT-ASKED", "UNKNOWN TVS-TLS-VERSION"),
    },
    "HTTP": {
        "silent": ("CRITICAL TL-FETCH-SILENT", "CRITICAL TL-FETCH-FAILED", "UNKNOWN TVS-UNREACHABLE-HERE",
                   "UNKNOWN ST-LIST-UNSEEN", "CRITICAL TL-FETCH-FAILED"),
        "failed": ("CRITICAL TL-FETCH-FAILED", "CRITICAL TL-FETCH-FAILED", "UNKNOWN TVS-UNREACHABLE-HERE",
                   "UNKNOWN ST-LIST-UNSEEN", "CRITICAL TL-FETCH-FAILED"),
        "not known": ("UNKNOWN TL-UNREADABLE-HERE", "UNKNOWN TL-UNREADABLE-HERE", "UNKNOWN TVS-UNREACHABLE-HERE",
                      "UNKNOWN ST-LIST-UNSEEN", "UNKNOWN CL-NODE-UNSEEN"),
        "too large": ("CRITICAL TL-TOO-LARGE", "CRITICAL TL-TOO-LARGE", "UNKNOWN TL-TOO-LARGE",
                      "UNKNOWN ST-LIST-UNSEEN", "CRITICAL TL-TOO-LARGE"),
        "no list": ("CRITICAL TL-NOT-A-LIST", "CRITICAL TL-NOT-A-LIST", "UNKNOWN TL-NOT-A-LIST",
                    "UNKNOWN ST-LIST-UNSEEN", "CRITICAL TL-NOT-A-LIST"),
        "missing": ("CRITICAL TL-MISSING", "CRITICAL TL-MISSING", "UNKNOWN TVS-UNREACHABLE-HERE",
                    "UNKNOWN ST-LIST-UNSEEN", "CRITICAL CL-CTL-DIFFERS"),
        "changed": ("CRITICAL TL-SIGNATURE-INVALID", "CRITICAL TL-SIGNATURE-INVALID",
                    "UNKNOWN TL-SIGNATURE-INVALID", "UNKNOWN ST-LIST-UNSEEN", "CRITICAL TL-SIGNATURE-INVALID"),
        "good": ("OK", "OK", "OK", "OK", "OK"),
    },
    "HTTPS": {
        "silent": ("CRITICAL TL-FETCH-SILENT", "UNKNOWN TVS-UNREACHABLE-HERE"),
        "too large": ("CRITICAL TL-TOO-LARGE", "UNKNOWN TL-TOO-LARGE"),
        "failed": ("CRITICAL TL-FETCH-FAILED", "UNKNOWN TVS-UNREACHABLE-HERE"),
        "no list": ("CRITICAL TL-NOT-A-LIST", "UNKNOWN TL-NOT-A-LIST"),
        "good": ("OK", "OK"),
    },
    "TFTP": {
        "silent": ("CRITICAL TL-FETCH-SILENT", "CRITICAL TL-FETCH-FAILED", "UNKNOWN TVS-UNREACHABLE-HERE",
                   "CRITICAL TL-FETCH-FAILED"),
        "failed": ("CRITICAL TL-FETCH-FAILED", "CRITICAL TL-FETCH-FAILED", "UNKNOWN TVS-UNREACHABLE-HERE",
                   "CRITICAL TL-FETCH-FAILED"),
        "too large": ("CRITICAL TL-TOO-LARGE", "CRITICAL TL-TOO-LARGE", "UNKNOWN TL-TOO-LARGE",
                      "CRITICAL TL-TOO-LARGE"),
        "no list": ("CRITICAL TL-NOT-A-LIST", "CRITICAL TL-NOT-A-LIST", "UNKNOWN TL-NOT-A-LIST",
                    "CRITICAL TL-NOT-A-LIST"),
        "missing": ("CRITICAL TL-MISSING", "CRITICAL TL-MISSING", "UNKNOWN TVS-UNREACHABLE-HERE",
                    "CRITICAL CL-CTL-DIFFERS"),
        "good": ("OK", "OK", "OK", "OK"),
        "signer gone": ("CRITICAL TL-SIGNER-ABSENT", "CRITICAL TL-SIGNER-ABSENT", "UNKNOWN TL-SIGNER-ABSENT",
                        "CRITICAL TL-SIGNER-ABSENT"),
        "changed": ("CRITICAL TL-SIGNATURE-INVALID", "CRITICAL TL-SIGNATURE-INVALID",
                    "UNKNOWN TL-SIGNATURE-INVALID", "CRITICAL TL-SIGNATURE-INVALID"),
    },
    "SFTP": {
        "unseen": ("UNKNOWN ST-UNSEEN",),
        "nothing there": ("UNKNOWN ST-NO-CERTIFICATE",),
        "file unreadable": ("UNKNOWN ST-FILE-UNREADABLE",),
        "stranger": ("UNKNOWN ST-HOST-KEY",),
        "good": ("OK",),
    },
    "AXL": {
        "unseen": ("UNKNOWN ST-UNSEEN",),
        "busy": ("UNKNOWN ST-AXL-BUSY",),
        "rows unreadable": ("UNKNOWN ST-AXL-ROW-UNREADABLE",),
        "nonsense": ("UNKNOWN ST-AXL-ANSWER",),
        "refused": ("UNKNOWN ST-AXL-FAULT",),
        "no login": ("UNKNOWN ST-AXL-LOGIN",),
        "rows missing": ("UNKNOWN ST-AXL-WITHHELD",),
        "nothing there": ("UNKNOWN ST-NO-CERTIFICATE",),
        "good": ("OK",),
        "stranger": ("UNKNOWN ST-AXL-IDENTITY",),
    },
}

# {protocol: {(how it ends, words that the output has): the peers}}. A fault of AXL is met at the first question and,
# where nothing else is said, at the last one with the same end.
ROWS = {
    "TVS": {
        ("silent", "stage: handshake"): [
            "fault silent-accept", "silent at accept", "drip at accept", "silent at handshake", "drip at handshake"],
        ("silent", "stage: answer"): [
            "fault silent-answer", "fault half", "fault huge", "fault drip", "TLS: renegotiates without end",
            "TLS: replaces its keys without end", "silent at middle", "drip at middle"],
        ("closed", "stage: handshake"): [
            "fault reset-accept", "TLS: warnings without end", "TLS: empty records without end",
            "TLS: alert internal_error", "closes after the hello", "reset at accept", "close at accept",
            "reset at handshake", "close at handshake", "garbage at handshake", "flood at handshake"],
        ("closed after the request", "stage: answer"): [
            "fault reset-request", "fault close-before-answer", "TLS: closes politely", "reset at middle",
            "close at middle", "garbage at middle", "flood at middle"],
        ("cut", ""): [
            "fault half-reset", "fault short", "TLS: messages without end"],
        ("nonsense", ""): [
            "fault garbage", "fault bad-discriminator", "TLS: speaks HTTP inside"],
        ("nonsense", "stage: handshake"): [
            "TLS: a certificate of 16 MB", "not TLS: SSH", "not TLS: HTTP", "garbage at accept", "flood at accept"],
        ("too much", ""): [
            "fault endless", "fault two-answers"],
        ("other session", ""): [
            "fault wrong-session"],
        ("other certificate", ""): [
            "fault other-certificate"],
        ("other type", ""): [
            "fault wrong-type"],
        ("good", ""): [
            "fault split", "fault no-goodbye", "TLS: renegotiates", "one byte a segment"],
        ("stranger", "stage: identity"): [
            "TLS: renegotiates with another certificate", "TLS: wrong certificate"],
        ("wants a certificate", "stage: answer"): [
            "TLS: wants a certificate, late"],
        ("says nothing", ""): [
            "TLS: message of 65535 bytes of zeros", "TLS: message of no bytes"],
        ("no common TLS", "stage: handshake"): [
            "TLS: alert handshake_failure"],
    },
    "HTTP": {
        ("silent", "no answer in time"): [
            "silent after the request", "drips the header", "chunk extension without end",
            "redirect to a silent host", "silent at accept", "drip at accept"],
        ("silent", "not complete in time"): [
            "drips the body", "silent at middle", "drip at middle"],
        ("failed", "the connection was reset"): [
            "resets after the request", "reset at middle"],
        ("failed", "the server closed the connection without an answer"): [
            "closes after the request", "close at accept"],
        ("failed", "the answer is not HTTP"): [
            "garbage", "zeros", "SSH", "HTTP/9.9", "body of -1 bytes", "garbage at accept", "flood at accept"],
        ("failed", ""): [
            "HTTP/2 at once", "NUL in the header", "two lengths", "chunk of 2^64 bytes"],
        ("failed", "the HTTP header does not end"): [
            "header without end", "100 Continue without end", "trailer without end"],
        ("failed", "the server closed the connection in the middle of the file"): [
            "body shorter than promised", "half a list, cut", "close at middle"],
        ("failed", "redirected too often"): [
            "redirect to itself", "redirects without end"],
        ("failed", "redirected to a protocol that is not allowed"): [
            "redirect to a file", "redirect to TFTP", "redirect to gopher"],
        ("failed", "redirected to what is no URL"): [
            "redirect to nowhere"],
        ("failed", "HTTP status 401"): [
            "status 401"],
        ("failed", "HTTP status 500"): [
            "status 500"],
        ("failed", "HTTP status 999"): [
            "status 999"],
        ("failed", "reset"): [
            "reset at accept"],
        ("not known", "a line of the answer's header is too long, or memory ran out"): [
            "one line without end", "status line without end", "redirect of 1 MB"],
        ("too large", ""): [
            "chunks without end", "body without end", "body of 2^62 bytes"],
        ("no list", ""): [
            "gzip bomb", "empty", "page for people", "status 206", "status 204", "status 304"],
        ("missing", ""): [
            "status 404", "status 503"],
        ("changed", ""): [
            "list with one bit changed", "two lists in one body", "half a list", "garbage at middle",
            "flood at middle"],
        ("good", ""): [
            "two answers", "list as text/html", "says gzip, is none", "list after 100 Continue", "one byte a segment"],
    },
    "HTTPS": {
        ("silent", "no answer in time"): [
            "silent after the request", "silent at accept", "drip at accept", "silent at middle", "drip at middle",
            "silent at handshake", "drip at handshake"],
        ("silent", "not complete in time"): [
            "drips the body"],
        ("too large", ""): [
            "chunks without end"],
        ("failed", "the HTTP header does not end"): [
            "header without end"],
        ("failed", "the answer is not HTTP"): [
            "garbage inside"],
        ("failed", "redirected to a protocol that is not allowed"): [
            "redirect to a file"],
        ("failed", "the server closed the connection without an answer"): [
            "closes inside", "close at middle"],
        ("failed", "the TLS handshake failed"): [
            "not TLS", "close at accept", "garbage at accept", "flood at accept", "reset at handshake",
            "close at handshake", "garbage at handshake", "flood at handshake"],
        ("failed", "the connection was reset"): [
            "reset at middle", "garbage at middle", "flood at middle"],
        ("no list", ""): [
            "gzip bomb"],
        ("good", ""): [
            "one byte a segment"],
        ("failed", ""): [
            "reset at accept"],
    },
    "TFTP": {
        ("silent", "no answer in time"): [
            "silent", "nonsense", "an acknowledgement", "a request", "begins with block 0", "begins with block 2",
            "begins with block 65535", "wrong blocks over and over", "OACK over and over", "OACK of tsize 2^63"],
        ("silent", "not complete in time"): [
            "stops after a block", "a block a second", "65,000 bytes", "one block over and over",
            "each block from another port", "blocks that are too large"],
        ("failed", "no connection: no answer came that can be used"): [
            "one byte", "three bytes", "no bytes"],
        ("failed", "TFTP error 4, illegal operation"): [
            "OACK without an end", "OACK of blksize 0", "OACK of blksize -1", "OACK of blksize 65535",
            "OACK of blksize 99999999999", "error without words", "error that does not end",
            "error 0 with hostile words", "error 4 with hostile words", "errors from another port",
            "OACK of blksize 1", "OACK of blksize 1428"],
        ("failed", "TFTP error 2, access violation"): [
            "error 2 with hostile words"],
        ("failed", "TFTP error 3, disk full"): [
            "error 3 with hostile words"],
        ("failed", "TFTP error 5, unknown transfer id"): [
            "error 5 with hostile words"],
        ("failed", "TFTP error 6, file already exists"): [
            "error 6 with hostile words"],
        ("failed", "TFTP error 7, no such user"): [
            "error 7 with hostile words"],
        ("failed", ""): [
            "error 8 with hostile words", "error 65535 with hostile words"],
        ("too large", ""): [
            "blocks without end"],
        ("no list", ""): [
            "empty file"],
        ("missing", ""): [
            "error 1 with hostile words"],
        ("good", ""): [
            "each block twice", "blocks that are not due", "OACK of windowsize 64"],
        ("signer gone", ""): [
            "blocks from another port"],
        ("changed", ""): [
            "list with one bit changed"],
    },
    "SFTP": {
        ("unseen", "no answer in time"): [
            "silent", "lines before the banner without end", "ignored packets without end",
            "debug packets without end", "another question's answer", "silent at the start", "silent at the folder",
            "silent at the file", "silent at accept", "drip at accept", "flood at accept", "silent at middle",
            "drip at middle", "silent at handshake", "drip at handshake"],
        ("unseen", "the SSH handshake failed: the server speaks no SSH that can be used here"): [
            "banner without end", "resets after the banner", "closes", "HTTP", "SSH 1", "garbage after the banner",
            "zeros after the banner", "packet of 4 GB", "no common key exchange", "lists of kinds of 4 GB",
            "disconnects with words", "garbage at the start", "ends at the start", "packet of 4 GB at the start",
            "close at accept", "garbage at accept", "reset at handshake", "close at handshake",
            "garbage at handshake", "flood at handshake"],
        ("unseen", "not complete in time"): [
            "file byte by byte"],
        ("unseen", "the folder's listing does not end"): [
            "folder without end", "folder of one name without end"],
        ("unseen", "the server broke off"): [
            "folder of 4 billion names", "handle of 4 GB", "names of 30 KB", "error with hostile words",
            "garbage at the folder", "ends at the folder", "packet of 4 GB at the folder"],
        ("nothing there", ""): [
            "folder of no names without end", "names that lead elsewhere", "files that are folders as well"],
        ("file unreadable", "more than 2 MiB"): [
            "file without end"],
        ("file unreadable", "the server broke off"): [
            "file of no bytes without end", "more than was asked", "less than it says", "files that fail",
            "garbage at the file", "ends at the file", "packet of 4 GB at the file", "reset at middle",
            "close at middle", "garbage at middle", "flood at middle"],
        ("file unreadable", "not PKCS#12"): [
            "names that do harm", "nothing but nonsense in files"],
        ("stranger", "the server's key is another one than expected"): [
            "another host key"],
        ("good", ""): [
            "one byte a segment"],
        ("unseen", ""): [
            "reset at accept"],
    },
    "AXL": {
        ("unseen", "not complete in time"): [
            "fault drip", "fault silent-middle", "silent at middle", "drip at middle"],
        ("unseen", "no answer in time"): [
            "fault silent-accept", "fault silent-answer", "silent at accept", "drip at accept",
            "silent at handshake", "drip at handshake"],
        ("unseen", "the server closed the connection in the middle of the file"): [
            "fault cut", "close at middle"],
        ("unseen", "the answer has more than 64 MiB"): [
            "fault endless-text", "fault attributes-endless", "fault attributes-in-comment",
            "fault long-certificates"],
        ("unseen", "the HTTP header does not end"): [
            "fault huge-header"],
        ("unseen", "the connection was reset"): [
            "fault reset", "reset at middle", "garbage at middle", "flood at middle"],
        ("unseen", "the TLS handshake failed"): [
            "close at accept", "garbage at accept", "flood at accept", "reset at handshake", "close at handshake",
            "garbage at handshake", "flood at handshake"],
        ("busy", "asked"): [
            "fault retry-after", "busy for ever", "out of memory for ever"],
        ("rows unreadable", ""): [
            "fault attributes-endless at the last question", "fault pieces-endless at the last question",
            "fault endless-rows at the last question", "fault long-certificates at the last question"],
        ("nonsense", "no good XML"): [
            "fault NUL", "fault attributes", "fault attributes-6000", "fault endless-comment", "fault endless-tag",
            "fault gzip", "fault latin-1", "fault nonsense"],
        ("nonsense", "it declares a document type"): [
            "fault quadratic", "fault bomb", "fault external-subset", "fault outside"],
        ("nonsense", "there is an element inside of a value: a"): [
            "fault deep"],
        ("nonsense", "expected a row, got element a"): [
            "fault deep-endless"],
        ("nonsense", "it ends too early"): [
            "fault empty", "fault truncated"],
        ("nonsense", "HTTP status 500"): [
            "fault endless-500", "fault error-page", "fault hostile-500"],
        ("nonsense", "there are more rows than this program takes"): [
            "fault endless-rows"],
        ("nonsense", "expected the Envelope of SOAP, got element html"): [
            "fault html"],
        ("nonsense", "a value has more than 64 KiB: certificate"): [
            "fault huge-certificate"],
        ("nonsense", "HTTP status 404"): [
            "fault missing-page"],
        ("nonsense", "there is an element inside of a value: b"): [
            "fault nested"],
        ("nonsense", "there is no <return> in the response"): [
            "fault no-return"],
        ("nonsense", "expected a response or a fault, got element getUserResponse"): [
            "fault other-response"],
        ("nonsense", "HTTP status 302"): [
            "fault redirect", "fault redirect-file"],
        ("nonsense", "expected a response or a fault, got element a"): [
            "fault two-bodies"],
        ("nonsense", "a row has too many columns"): [
            "fault wide"],
        ("refused", "No SELECT permission"): [
            "fault denied"],
        ("refused", "OK - all is well \\x7C x=1"): [
            "fault hostile-fault"],
        ("refused", "it takes no version of the API"): [
            "fault new-versions", "takes no version"],
        ("refused", "too large"): [
            "too large for ever"],
        ("no login", "HTTP status 401"): [
            "fault hostile-401"],
        ("rows missing", "rows fewer"): [
            "fault more-rows"],
        ("nothing there", ""): [
            "fault utf-16"],
        ("good", ""): [
            "fault wrong-type", "one byte a segment"],
        ("stranger", "it is not the certificate that is pinned"): [
            "another certificate"],
        ("unseen", ""): [
            "reset at accept"],
        ("unseen", "in time"): [
            "fault pieces-endless"],
    },
}
