/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A file appears whole or not at all, whatever fails and whoever ends the process meanwhile.
 */
#include "nagios/whole_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* What is done to the file fails, or a signal comes at that moment. */
static struct {
    bool write;
    bool chmod;
    bool sync;
    bool close;
    bool rename;
    int signal;
} broken;

int __real_fchmod(int fd, mode_t mode);
int __real_fsync(int fd);
int __real_close(int fd);
int __real_rename(const char *from, const char *to);
ssize_t __real_write(int fd, const void *bytes, size_t size);

int __wrap_fchmod(int fd, mode_t mode);
int __wrap_fsync(int fd);
int __wrap_close(int fd);
int __wrap_rename(const char *from, const char *to);
ssize_t __wrap_write(int fd, const void *bytes, size_t size);

static int failed(int error)
{
    errno = error;
    return -1;
}

int __wrap_fchmod(int fd, mode_t mode)
{
    return broken.chmod ? failed(EPERM) : __real_fchmod(fd, mode);
}

int __wrap_fsync(int fd)
{
    if (broken.signal != 0)
        (void)raise(broken.signal);
    return broken.sync ? failed(EIO) : __real_fsync(fd);
}

int __wrap_close(int fd)
{
    const int result = __real_close(fd);

    return broken.close ? failed(EDQUOT) : result;
}

int __wrap_rename(const char *from, const char *to)
{
    return broken.rename ? failed(EACCES) : __real_rename(from, to);
}

/* A write that takes one byte at a time is a write as well. */
ssize_t __wrap_write(int fd, const void *bytes, size_t size)
{
    return broken.write ? failed(ENOSPC) : __real_write(fd, bytes, size > 0 ? 1 : 0);
}

static struct {
    char *folder;
    char *path;
} place;

static int make_place(void **state)
{
    (void)state;
    memset(&broken, 0, sizeof broken);
    place.folder = g_dir_make_tmp("whole-XXXXXX", NULL);
    place.path = g_build_filename(place.folder, "file.prom", NULL);
    return place.folder != NULL ? 0 : -1;
}

/* rmdir() fails when anything was left behind. */
static int drop_place(void **state)
{
    int left = 0;

    (void)state;
    (void)unlink(place.path);
    left = rmdir(place.folder);
    g_free(place.folder);
    g_free(place.path);
    return left;
}

static void assert_holds(const char *path, const char *expected)
{
    g_autofree char *text = NULL;

    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    assert_string_equal(text, expected);
}

static void put(const char *text)
{
    g_autofree char *why = whole_file_write(place.path, text, strlen(text));

    assert_null(why);
    assert_holds(place.path, text);
}

static void test_writes_and_replaces(void **state)
{
    (void)state;
    put("old");
    put("new, and longer");
    put("");
}

static void test_mode_whatever_the_umask(void **state)
{
    static const mode_t MASKS[] = {0, 0777, 022};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(MASKS); i++) {
        const mode_t before = umask(MASKS[i]);
        struct stat about;

        put("text");
        assert_int_equal(stat(place.path, &about), 0);
        assert_int_equal(about.st_mode & 07777, 0644);
        umask(before);
    }
}

static void test_link_is_replaced(void **state)
{
    g_autofree char *victim = g_build_filename(place.folder, "victim", NULL);

    (void)state;
    assert_true(g_file_set_contents(victim, "mine", -1, NULL));
    assert_int_equal(symlink(victim, place.path), 0);
    put("text");
    assert_false(g_file_test(place.path, G_FILE_TEST_IS_SYMLINK));
    assert_holds(victim, "mine");
    assert_int_equal(unlink(victim) | unlink(place.path), 0);
    assert_int_equal(symlink(victim, place.path), 0); /* leads nowhere */
    put("text");
    assert_false(g_file_test(victim, G_FILE_TEST_EXISTS));
}

static void assert_refused(const char *path, const char *says)
{
    g_autofree char *why = whole_file_write(path, "text", 4);

    assert_non_null(why);
    assert_non_null(strstr(why, says));
    assert_non_null(strstr(why, path));
    assert_null(strchr(why, '\n'));
}

static void test_what_is_no_file_stays(void **state)
{
    g_autofree char *device = g_build_filename(place.folder, "null", NULL);

    (void)state;
    assert_int_equal(mkfifo(place.path, 0600), 0);
    assert_refused(place.path, "not a file");
    assert_true(g_file_test(place.path, G_FILE_TEST_EXISTS));
    assert_refused(place.folder, "directory");
    assert_int_equal(symlink("/dev/null", device), 0);
    assert_refused(device, "not a file");
    assert_true(g_file_test(device, G_FILE_TEST_IS_SYMLINK));
    assert_int_equal(unlink(device), 0);
}

static void test_no_folder(void **state)
{
    g_autofree char *path = g_build_filename(place.folder, "none", "file", NULL);
    g_autofree char *name = g_strnfill(252, 'n');
    g_autofree char *too_long = g_build_filename(place.folder, name, NULL);

    (void)state;
    assert_refused(path, "No such file");
    assert_refused(too_long, "too long");
}

static void test_every_failure_keeps_the_old_file(void **state)
{
    bool *const failures[] = {&broken.write, &broken.chmod, &broken.sync, &broken.close,
                              &broken.rename};

    (void)state;
    put("old");
    for (size_t i = 0; i < G_N_ELEMENTS(failures); i++) {
        *failures[i] = true;
        assert_refused(place.path, "");
        *failures[i] = false;
        assert_holds(place.path, "old");
    }
}

/* The signal that ended a child that was hit in the middle of writing. */
static int end_of_child(int number)
{
    const pid_t child = fork();
    int status = 0;

    assert_true(child >= 0);
    if (child == 0) {
        broken.signal = number;
        g_free(whole_file_write(place.path, "new", 3));
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void test_a_signal_leaves_nothing_behind(void **state)
{
    static const int NUMBERS[] = {SIGTERM, SIGINT, SIGHUP};

    (void)state;
    put("old");
    for (size_t i = 0; i < G_N_ELEMENTS(NUMBERS); i++) {
        assert_int_equal(end_of_child(NUMBERS[i]), NUMBERS[i]);
        assert_holds(place.path, "old");
    }
}

static void test_an_ignored_signal_stays_ignored(void **state)
{
    (void)state;
    (void)signal(SIGHUP, SIG_IGN);
    assert_int_equal(end_of_child(SIGHUP), 0);
    assert_holds(place.path, "new");
    assert_true(signal(SIGHUP, SIG_DFL) == SIG_IGN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_writes_and_replaces, make_place, drop_place),
        cmocka_unit_test_setup_teardown(test_mode_whatever_the_umask, make_place, drop_place),
        cmocka_unit_test_setup_teardown(test_link_is_replaced, make_place, drop_place),
        cmocka_unit_test_setup_teardown(test_what_is_no_file_stays, make_place, drop_place),
        cmocka_unit_test_setup_teardown(test_no_folder, make_place, drop_place),
        cmocka_unit_test_setup_teardown(test_every_failure_keeps_the_old_file, make_place,
                                        drop_place),
        cmocka_unit_test_setup_teardown(test_a_signal_leaves_nothing_behind, make_place,
                                        drop_place),
        cmocka_unit_test_setup_teardown(test_an_ignored_signal_stays_ignored, make_place,
                                        drop_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
