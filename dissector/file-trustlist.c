/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Wiretap reader for ITL, CTL and signed files: see file-trustlist.h. One record holds the whole
 * file, behind the header of an exported PDU that names the dissector, so that it can be saved as
 * pcapng and opened again. Compressed files work, because wiretap unpacks them.
 */
#include "compat.h"

#include "file-trustlist.h"
#include "packet-trustlist.h"

#include "common/finding.h"
#include "common/trustlist.h"

#include <string.h>

#include <wiretap/wtap.h>
#include <wsutil/buffer.h>
#include <wsutil/exported_pdu_tlvs.h>

/* wiretap/file_wrappers.h includes a header that is not installed. */
WS_DLL_PUBLIC int64_t file_seek(FILE_T stream, int64_t offset, int whence, int *err);
WS_DLL_PUBLIC int64_t file_tell(FILE_T stream);
WS_DLL_PUBLIC int file_read(void *buffer, unsigned int count, FILE_T file);
WS_DLL_PUBLIC int file_error(FILE_T file, char **err_info);

/* Wireshark 4.6 publishes struct wtap. Before, it is private: its leading members as they stand in
 * wiretap/wtap-int.h of that minor. Of an unknown minor nothing is assumed. */
#if COMPAT_AT_LEAST(4, 6)
#include <wiretap/wtap_module.h>
#define READER 1
typedef struct wtap wtap_head;
#elif UCMTRUST_WIRESHARK_MAJOR == 4 &&                                                             \
    (UCMTRUST_WIRESHARK_MINOR == 0 || UCMTRUST_WIRESHARK_MINOR == 4)
#define READER 1
typedef compat_bool (*read_function)(wtap *, wtap_rec *, Buffer *, int *, char **, int64_t *);
typedef compat_bool (*seek_read_function)(wtap *, int64_t, wtap_rec *, Buffer *, int *, char **);
typedef struct {
    FILE_T fh;
    FILE_T random_fh;
    compat_bool ispipe;
    int file_type_subtype;
    unsigned snapshot_length;
    GArray *shb_hdrs;
#if UCMTRUST_WIRESHARK_MINOR == 4
    GArray *shb_iface_to_global;
#endif
    GArray *interface_data;
    unsigned next_interface_data;
    GArray *nrbs;
    GArray *dsbs;
#if UCMTRUST_WIRESHARK_MINOR == 4
    GArray *meta_events;
#endif
    char *pathname;
    void *priv;
    void *wslua_data;
    read_function subtype_read;
    seek_read_function subtype_seek_read;
    void (*subtype_sequential_close)(wtap *);
    void (*subtype_close)(wtap *);
    int file_encap;
    int file_tsprec;
} wtap_head;
#endif

#ifdef READER

#define DISSECTOR_NAME_SIZE (sizeof TRUSTLIST_DISSECTOR - 1)
enum { MAGIC_SIZE = 16, TAG_SIZE = 4, PREFIX_SIZE = TAG_SIZE + DISSECTOR_NAME_SIZE + TAG_SIZE };

static int file_type = -1;

/* Tag and length, 16 bits each: the name of the dissector, then the end of the options. */
static void write_prefix(uint8_t out[PREFIX_SIZE])
{
    memset(out, 0, PREFIX_SIZE);
    ucm_put_number(out, EXP_PDU_TAG_DISSECTOR_NAME, 2);
    ucm_put_number(out + 2, DISSECTOR_NAME_SIZE, 2);
    memcpy(out + TAG_SIZE, TRUSTLIST_DISSECTOR, DISSECTOR_NAME_SIZE);
}

/* Reads all that is left of a file into out. Returns the bytes, -1 on an error. */
static int read_whole(FILE_T file, uint8_t *out, int *err, char **err_info)
{
    int size = file_read(out, UCM_INPUT_MAX + 1, file);

    if (size < 0) {
        *err = file_error(file, err_info);
        return -1;
    }
    if ((unsigned)size > UCM_INPUT_MAX) {
        *err = WTAP_ERR_BAD_FILE;
        *err_info = g_strdup_printf("ciscotl: %s: more than %u KiB",
                                    ucm_rule(UCM_TL_TOO_LARGE)->what, UCM_INPUT_MAX / 1024);
        return -1;
    }
    return size;
}

static void describe_record(wtap_rec *rec, unsigned size)
{
    rec->rec_type = REC_TYPE_PACKET;
    rec->presence_flags = 0; /* a file has no capture time */
    rec->ts.secs = 0;
    rec->ts.nsecs = 0;
    rec->rec_header.packet_header.caplen = size;
    rec->rec_header.packet_header.len = size;
}

/* At the end of the file there is no record left; an empty file is none of ours. */
static bool read_record(FILE_T file, wtap_rec *rec, Buffer *buffer, int *err, char **err_info)
{
    uint8_t *start;
    int size;

    ws_buffer_clean(buffer);
    ws_buffer_assure_space(buffer, PREFIX_SIZE + UCM_INPUT_MAX + 1);
    start = ws_buffer_start_ptr(buffer);
    write_prefix(start);
    size = read_whole(file, start + PREFIX_SIZE, err, err_info);
    if (size <= 0)
        return false;
    ws_buffer_increase_length(buffer, PREFIX_SIZE + (size_t)size);
    describe_record(rec, PREFIX_SIZE + (unsigned)size);
    return true;
}

#if COMPAT_AT_LEAST(4, 6)
static bool read_file(wtap *wth, wtap_rec *rec, int *err, char **err_info, int64_t *offset)
{
    *offset = file_tell(wth->fh);
    wtap_setup_packet_rec(rec, wth->file_encap);
    return read_record(wth->fh, rec, &rec->data, err, err_info);
}

static bool seek_read_file(wtap *wth, int64_t offset, wtap_rec *rec, int *err, char **err_info)
{
    if (file_seek(wth->random_fh, offset, SEEK_SET, err) < 0)
        return false;
    wtap_setup_packet_rec(rec, wth->file_encap);
    return read_record(wth->random_fh, rec, &rec->data, err, err_info);
}
#else
static compat_bool read_file(wtap *wth, wtap_rec *rec, Buffer *buffer, int *err, char **err_info,
                             int64_t *offset)
{
    const wtap_head *head = (const void *)wth;

    *offset = file_tell(head->fh);
    return read_record(head->fh, rec, buffer, err, err_info);
}

static compat_bool seek_read_file(wtap *wth, int64_t offset, wtap_rec *rec, Buffer *buffer,
                                  int *err, char **err_info)
{
    const wtap_head *head = (const void *)wth;

    if (file_seek(head->random_fh, offset, SEEK_SET, err) < 0)
        return FALSE;
    return read_record(head->random_fh, rec, buffer, err, err_info);
}
#endif

/* Does the mirror lie on the real structure? Asked of every member that has a public getter. */
static bool mirror_fits(wtap *wth, const wtap_head *head)
{
    return head->file_type_subtype == wtap_file_type_subtype(wth) &&
           head->snapshot_length == wtap_snapshot_length(wth) &&
           head->file_encap == wtap_file_encap(wth) && head->file_tsprec == wtap_file_tsprec(wth);
}

static wtap_open_return_val open_file(wtap *wth, int *err, char **err_info)
{
    wtap_head *head = (void *)wth;
    uint8_t start[MAGIC_SIZE];
    int size;

    if (!mirror_fits(wth, head))
        return WTAP_OPEN_NOT_MINE;
    size = file_read(start, sizeof start, head->fh);
    if (size < 0) {
        *err = file_error(head->fh, err_info);
        return WTAP_OPEN_ERROR;
    }
    if (!ucm_trustlist_magic(start, (size_t)size))
        return WTAP_OPEN_NOT_MINE;
    if (file_seek(head->fh, 0, SEEK_SET, err) < 0)
        return WTAP_OPEN_ERROR;
    head->file_type_subtype = file_type;
    head->file_encap = WTAP_ENCAP_WIRESHARK_UPPER_PDU;
    head->file_tsprec = WTAP_TSPREC_SEC;
    head->snapshot_length = 0;
    head->subtype_read = read_file;
    head->subtype_seek_read = seek_read_file;
    return WTAP_OPEN_MINE;
}

void file_trustlist_register(void)
{
    static const struct supported_block_type blocks[] = {
        {WTAP_BLOCK_PACKET, ONE_BLOCK_SUPPORTED, NO_OPTIONS_SUPPORTED}};
    static const struct file_type_subtype_info type = {
        .description = "Cisco Unified CM trust list (ITL, CTL) or signed file",
        .name = TRUSTLIST_DISSECTOR,
        .default_file_extension = "tlv",
        .additional_file_extensions = "sgn",
        .num_supported_blocks = array_length(blocks),
        .supported_blocks = blocks,
    };
    static struct open_info opener = {
        .name = "Cisco Unified CM trust list",
        .type = OPEN_INFO_MAGIC,
        .open_routine = open_file,
    };

    file_type = wtap_register_file_type_subtype(&type);
    wtap_register_open_info(&opener, FALSE);
}

#else

void file_trustlist_register(void)
{
    /* Without a reader, text2pcap -P ciscotl makes a capture of a file. */
}

#endif
