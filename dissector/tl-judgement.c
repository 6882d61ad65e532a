/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Judging each file once: see tl-judgement.h. A thousand phones that fetch one ITL cost one
 * signature. Files are compared byte by byte, never by digest: SHA-1 collisions can be made.
 */
#include "tl-judgement.h"

#include "kept.h"

#include <string.h>
#include <time.h>

enum {
    KEPT_FILES_MAX = 4096,
    KEPT_BYTES_MAX = 64 * 1024 * 1024,
    ANCHORS_TRIED_MAX = 32, /* lists, newest first, until one has the signer */
};

/** A distinct file of this capture; also its own key in `files`. */
struct tl_file {
    struct kept bytes; /* first: it is what the map compares */
    enum ucm_list_kind kind;
    struct ucm_signature signature; /* by itself */
    const char *sha1;
    const char *md5;
    wmem_tree_t *held; /* signed files: frame -> struct held */
};

/** A list as one phone got it. */
struct sighting {
    uint32_t frame;
    address phone;
    const struct tl_file *file;
    struct sighting *older;
};

/** What verified a signed file in one frame. */
struct held {
    struct ucm_signature signature;
    const struct sighting *anchor;
};

static compat_bool check_signatures = TRUE;
static wmem_map_t *files;
static uint32_t kept_files;
static size_t kept_bytes;
static struct sighting *newest;

void tl_judgement_preference(module_t *module)
{
    prefs_register_bool_preference(
        module, "check_signature", "Check signatures and certificates",
        "Verify the signature of each trust list and signed file, and judge its certificates. Each "
        "distinct file of a capture is verified once. When off, signatures are unverifiable and "
        "lists have no findings",
        &check_signatures);
}

/* ---- memory of the capture ---- */

void tl_judgement_init(void)
{
    files = wmem_map_new(wmem_file_scope(), kept_hash, kept_equal);
    kept_files = 0;
    kept_bytes = 0;
    newest = NULL;
}

static const char *lower_hex(wmem_allocator_t *scope, bool known, const uint8_t *digest,
                             size_t size)
{
    char text[2 * UCM_SHA256_SIZE + 1] = "";

    if (known)
        ucm_hex(digest, size, text);
    for (char *c = text; *c != '\0'; c++)
        *c = g_ascii_tolower(*c);
    return wmem_strdup(scope, text);
}

/* Fills in what follows from the bytes alone. */
static void describe(wmem_allocator_t *scope, const struct tl_question *question,
                     struct tl_file *file)
{
    uint8_t digest[UCM_SHA1_SIZE];
    bool known;

    file->bytes.data = question->data;
    file->bytes.size = question->size;
    file->kind = question->list->kind;
    file->signature.status = UCM_SIGNATURE_UNVERIFIABLE;
    if (check_signatures)
        file->signature = ucm_signature_check(question->list, question->list);
    known = ucm_sha1(file->bytes.data, file->bytes.size, digest);
    file->sha1 = lower_hex(scope, known, digest, UCM_SHA1_SIZE);
    known = ucm_md5(file->bytes.data, file->bytes.size, digest);
    file->md5 = lower_hex(scope, known, digest, 16);
    file->held = wmem_tree_new(scope);
}

/* The file in memory; beyond the limits one that lives as long as the packet. */
static struct tl_file *remember(const struct tl_question *question)
{
    const struct kept key = {question->data, question->size};
    struct tl_file *file = wmem_map_lookup(files, &key);
    bool room = kept_files < KEPT_FILES_MAX && kept_bytes + question->size <= KEPT_BYTES_MAX;
    wmem_allocator_t *scope = room ? wmem_file_scope() : question->pinfo->pool;

    if (file != NULL)
        return file;
    file = wmem_new0(scope, struct tl_file);
    describe(scope, question, file);
    if (room) {
        file->bytes.data = wmem_memdup(scope, question->data, question->size);
        wmem_map_insert(files, file, file);
        kept_files++;
        kept_bytes += question->size;
    }
    return file;
}

static bool is_kept(const struct tl_file *file)
{
    return wmem_map_lookup(files, file) == file;
}

/* The phone is where the file went. */
static void note_sighting(const struct tl_question *question, const struct tl_file *file)
{
    struct sighting *sighting;

    if (PINFO_FD_VISITED(question->pinfo) || !is_kept(file) ||
        question->list->error.id != UCM_FINDING_NONE)
        return;
    if (newest != NULL && newest->frame == question->pinfo->num && newest->file == file)
        return;
    sighting = wmem_new0(wmem_file_scope(), struct sighting);
    sighting->frame = question->pinfo->num;
    copy_address_wmem(wmem_file_scope(), &sighting->phone, &question->pinfo->dst);
    sighting->file = file;
    sighting->older = newest;
    newest = sighting;
}

/* ---- signed files ---- */

static struct ucm_signature verify_with(const struct ucm_trustlist *list,
                                        const struct tl_file *anchor)
{
    struct ucm_trustlist decoded;

    ucm_trustlist_decode(anchor->bytes.data, anchor->bytes.size, &decoded);
    return ucm_signature_check(list, &decoded);
}

/* Lists of the same phone first, since it is that phone that has to decide; newest first. The first
 * that verifies wins, then the first that has the signer and refutes it. */
static void try_anchors(const struct tl_question *question, bool same_phone, struct held *held)
{
    unsigned tried = 0;

    for (const struct sighting *anchor = newest; anchor != NULL; anchor = anchor->older) {
        struct ucm_signature signature;

        if (addresses_equal(&anchor->phone, &question->pinfo->dst) != same_phone)
            continue;
        if (held->signature.status == UCM_SIGNATURE_VALID || tried++ == ANCHORS_TRIED_MAX)
            return;
        signature = verify_with(question->list, anchor->file);
        if (signature.status == UCM_SIGNATURE_VALID ||
            (signature.status == UCM_SIGNATURE_INVALID &&
             held->signature.status == UCM_SIGNATURE_UNVERIFIABLE)) {
            held->signature = signature;
            held->anchor = anchor;
        }
    }
}

/* Decided on the first pass, when only what came before is known. */
static const struct held *held_of(const struct tl_question *question, const struct tl_file *file)
{
    wmem_allocator_t *scope = is_kept(file) ? wmem_file_scope() : question->pinfo->pool;
    struct held *held = wmem_tree_lookup32(file->held, question->pinfo->num);

    if (held != NULL)
        return held;
    held = wmem_new0(scope, struct held);
    held->signature = file->signature;
    try_anchors(question, true, held);
    try_anchors(question, false, held);
    wmem_tree_insert32(file->held, question->pinfo->num, held);
    return held;
}

/* ---- certificates of peers ---- */

static bool names(const struct tl_file *file, const uint8_t *der, uint32_t size, uint32_t roles)
{
    struct ucm_trustlist list;

    ucm_trustlist_decode(file->bytes.data, file->bytes.size, &list);
    return ucm_list_holds(&list, der, size, roles);
}

struct tl_naming tl_who_names(const packet_info *pinfo, const address *phone, const uint8_t *der,
                              uint32_t size, uint32_t roles)
{
    struct tl_naming naming = {.frame = 0};

    for (const struct sighting *one = newest; one != NULL && naming.lists < ANCHORS_TRIED_MAX;
         one = one->older) {
        bool of_phone = addresses_equal(&one->phone, phone);

        if (one->frame >= pinfo->num || (naming.frame != 0 && !of_phone))
            continue;
        naming.lists++;
        if (!names(one->file, der, size, roles))
            continue;
        naming.frame = one->frame;
        naming.kind = one->file->kind;
        naming.of_phone = of_phone;
        if (of_phone)
            break;
    }
    return naming;
}

/* ---- verdict ---- */

struct tl_verdict tl_judge(const struct tl_question *question)
{
    struct tl_verdict verdict = {.anchor_frame = 0};
    struct tl_file *file;

    file = remember(question);
    verdict.checked = check_signatures;
    verdict.sha1 = file->sha1;
    verdict.md5 = file->md5;
    verdict.signature = file->signature;
    if (!verdict.checked)
        return verdict;
    if (question->list->kind == UCM_LIST_SIGNED_FILE) {
        const struct held *held = held_of(question, file);

        verdict.signature = held->signature;
        if (held->anchor != NULL) {
            verdict.anchor_frame = held->anchor->frame;
            verdict.anchor = held->anchor->file->kind;
            verdict.held = held->anchor->file;
        }
    } else {
        note_sighting(question, file);
    }
    return verdict;
}

/* A list opened as a file has no capture time. What matters then is whether it is good today. */
static int64_t now_of(const packet_info *pinfo)
{
    bool has_time = (pinfo->presence_flags & PINFO_HAS_TS) != 0 && pinfo->abs_ts.secs != 0;

    return has_time ? (int64_t)pinfo->abs_ts.secs : (int64_t)time(NULL);
}

bool tl_report(const struct tl_question *question, const struct tl_verdict *verdict,
               struct ucm_report *report)
{
    struct ucm_lint_options options = ucm_lint_defaults(now_of(question->pinfo));
    struct ucm_trustlist anchor;

    if (!verdict->checked)
        return false;
    options.expected = question->expected;
    if (verdict->held != NULL) {
        ucm_trustlist_decode(verdict->held->bytes.data, verdict->held->bytes.size, &anchor);
        options.anchor = &anchor;
    }
    return ucm_report_make(question->data, question->size, &options, report);
}
