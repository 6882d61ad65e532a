/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Trust stores from PKCS#12, as bulk certificate management exports them: a file, a folder, or a
 * folder or file on an SFTP server. Files hold the certificates that services use, with any name.
 *
 * Fact export-format (A; test_store_pkcs12:test_same_certificates_as_from_folders): a bulk export
 * is PKCS#12, a file for each node and type.
 */
#ifndef UCMTRUST_NAGIOS_STORE_PKCS12_H
#define UCMTRUST_NAGIOS_STORE_PKCS12_H

#include "store_reader.h"

extern const struct store_reader STORE_PKCS12;

#endif
