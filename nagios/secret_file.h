/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Secrets in files: passwords never stand in a command line, where every user of the machine reads
 * them. Knows nothing of what they open.
 */
#ifndef UCMTRUST_NAGIOS_SECRET_FILE_H
#define UCMTRUST_NAGIOS_SECRET_FILE_H

/** End the process with a usage message unless this is a regular file that this user may read and
 * that has no permission at all for "others". A group may read it: engines run as a user of their
 * own, and root keeps such files as root:nagios 0640. option: what to name in the message. */
void secret_file_check(const char *option, const char *path);

/** The same check of permissions for a file that is open already and turned out to hold a secret.
 * What is no regular file (a pipe) has no others. */
void secret_file_check_open(const char *option, const char *path, int fd);

/** The first line of that file, without its end; wipe it with secret_free(). Ends the process when
 * the file cannot be read, or when more follows the line. */
char *secret_file_read(const char *option, const char *path);

/** The same of a file with a user and a password, on two lines, or on one as user:password; neither
 * may be empty. */
void secret_file_read_login(const char *option, const char *path, char **user, char **password);

/** Wipe and free; NULL is fine. */
void secret_free(char *secret);

#endif
