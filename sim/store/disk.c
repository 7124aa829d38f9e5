/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Disks that several hosts share. */
#include <stddef.h>
#include <string.h>
#include <sys/vfs.h>
#include "store/store_private.h"

/* Magic numbers of statfs(2), of linux/magic.h and of the file systems' own sources. */
static const uint32_t network[] = {
    0x6969,     /* NFS */
    0x517b,     /* SMB */
    0xff534d42, /* CIFS */
    0xfe534d42, /* SMB2 */
    0x0bd00bd0, /* Lustre */
    0x47504653, /* GPFS, Storage Scale */
    0x19830326, /* BeeGFS */
    0x00c36400, /* Ceph */
    0xaad7aaea, /* PanFS */
    0x7461636f, /* OCFS2 */
    0x01161970, /* GFS2 */
    0x5346414f, /* AFS */
    0x6b414653, /* AFS of the kernel */
    0x73757245, /* Coda */
    0x01021997, /* 9P: folders of a virtual machine's host */
    0x786f4256, /* VirtualBox's */
    0x65735546, /* FUSE: sshfs, GlusterFS; also local ones, which then only are slower */
};

bool fc_is_network_disk(uint32_t type)
{
    for (size_t i = 0; i < sizeof network / sizeof *network; i++)
        if (network[i] == type) return true;
    return false;
}

bool fc_on_network_disk(const char *path)
{
    struct statfs about;
    return *path && statfs(path, &about) == 0 && fc_is_network_disk((uint32_t)about.f_type);
}
