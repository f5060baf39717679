import SQLiteStore
import Testing

@Suite struct FileSystemTests {
    @Test(arguments: ["nfs", "nfs4", "cifs", "smb3", "ceph", "fuse.sshfs"])
    func `no database is entrusted to a network file system`(name: String) {
        #expect(FileSystem(name: name).fitness == .refused)
    }

    @Test func `local file systems are good, memory and layers are told apart from them`() {
        #expect(FileSystem(name: "ext4").fitness == .good)
        #expect(FileSystem(name: "tmpfs").fitness == .volatile)
        #expect(FileSystem(name: "overlay").fitness == .doubtful)
        #expect(FileSystem(name: "9p").fitness == .doubtful)
    }

    @Test func `the mount nearest to the path counts`() {
        let mounts = """
            22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
            30 22 0:40 / /srv/my\\040data rw,relatime - nfs4 server:/export rw
            31 22 0:41 / /srv rw,relatime - xfs /dev/sdb rw
            32 22 0:42 / /srvother rw - tmpfs tmpfs rw
            """
        #expect(FileSystem(path: "/var/lib", mounts: mounts)?.name == "ext4")
        #expect(FileSystem(path: "/srv/my data/holdfast", mounts: mounts)?.name == "nfs4")
        #expect(FileSystem(path: "/srv/my", mounts: mounts)?.name == "xfs")
        #expect(FileSystem(path: "/srvother", mounts: mounts)?.name == "tmpfs")
        #expect(FileSystem(path: "/proc/self/fd")?.name == "proc")
        #expect(FileSystem(path: "/no/such/path") == nil)
    }

    @Test func `each SQLite before the fix, but for the releases that have it, is known to be at fault`() {
        for version in [3_040_001, 3_044_005, 3_045_000, 3_050_006, 3_051_000, 3_051_002] {
            #expect(!SQLiteLibrary.faults(ofVersion: version).isEmpty)
        }
        for version in [3_044_006, 3_050_007, 3_051_003, 3_052_001] {
            #expect(SQLiteLibrary.faults(ofVersion: version).isEmpty)
        }
    }
}
