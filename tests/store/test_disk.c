/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which disks several hosts share, and which journal a file there has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <linux/magic.h>

#include "store/store_private.h"
#include "store_helper.h"

static void types(void **state)
{
    (void)state;
    static const uint32_t shared[] = {NFS_SUPER_MAGIC,  SMB_SUPER_MAGIC,  CIFS_SUPER_MAGIC,
                                      SMB2_SUPER_MAGIC, CEPH_SUPER_MAGIC, OCFS2_SUPER_MAGIC,
                                      AFS_SUPER_MAGIC,  AFS_FS_MAGIC,     CODA_SUPER_MAGIC,
                                      V9FS_MAGIC,       FUSE_SUPER_MAGIC};
    static const uint32_t own[] = {
        EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC, BTRFS_SUPER_MAGIC, OVERLAYFS_SUPER_MAGIC,
        TMPFS_MAGIC,      RAMFS_MAGIC,     F2FS_SUPER_MAGIC,  0};
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
        assert_true(fc_is_network_disk(shared[i]));
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) assert_false(fc_is_network_disk(own[i]));
    assert_true(fc_is_network_disk(0x0bd00bd0) &&
                fc_is_network_disk(0x47504653)); /* Lustre, GPFS */
    assert_false(fc_on_network_disk("nowhere"));
    assert_false(fc_on_network_disk(""));
}

/* While a file is open for writing it has a log beside it, unless the disk is shared. */
static void journal(void **state)
{
    fixture *f = *state;
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    const char *mode = sql_row(f, "r.db", "PRAGMA journal_mode");
    assert_string_equal(mode, fc_on_network_disk("r.db") ? "delete" : "wal");
    fc_store_close(store);
    assert_string_equal(sql_row(f, "r.db", "PRAGMA journal_mode"), "delete");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types),
        cmocka_unit_test_setup_teardown(journal, fixture_open, fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
