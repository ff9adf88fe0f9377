package dev.jwkscache;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files and folders that nobody but the user of this process, and root, can write to. Where a file system knows no POSIX
 * permissions, what is made gets the rights of its folder, and what is found counts as fit.
 */
final class OwnerOnly {
    private static final FileAttribute<?>[] NONE = {};
    private static final FileAttribute<?>[] FILE = {
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
    };
    private static final FileAttribute<?>[] FOLDER = {
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
    };
    private static final int ROOT = 0;
    private static final int UNKNOWN = -1;

    private OwnerOnly() {}

    static FileAttribute<?>[] file(FileSystem system) {
        return knowsPermissions(system) ? FILE : NONE;
    }

    static FileAttribute<?>[] folder(FileSystem system) {
        return knowsPermissions(system) ? FOLDER : NONE;
    }

    static boolean knowsPermissions(FileSystem system) {
        return system.supportedFileAttributeViews().contains("unix");
    }

    /**
     * Does nothing where only the user of this process and root can write.
     *
     * @throws IOException if anybody else can, with what to do; or if the file cannot be looked at
     */
    static void check(Path path, LinkOption... links) throws IOException {
        if (!knowsPermissions(path.getFileSystem())) {
            return;
        }
        PosixFileAttributes attributes = Files.readAttributes(path, PosixFileAttributes.class, links);
        Set<PosixFilePermission> permissions = attributes.permissions();
        int uid = (Integer) Files.getAttribute(path, "unix:uid", links);
        if (uid != ROOT && !isOurs(uid, attributes)) {
            throw new IOException(SnapshotFolder.shown(path) + " belongs to another user ("
                    + SafeText.of(attributes.owner().getName())
                    + "), who decides by it which keys are trusted; make it this process's own, or sign the snapshots"
                    + " (signedWith)");
        }
        if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException(SnapshotFolder.shown(path) + " can be written by others ("
                    + PosixFilePermissions.toString(permissions)
                    + "), who decide by it which keys are trusted; take the right away (chmod go-w), name a folder inside it"
                    + " that the store makes for itself, or sign the snapshots (signedWith)");
        }
    }

    private static boolean isOurs(int uid, PosixFileAttributes attributes) {
        return Self.UID == UNKNOWN
                ? attributes.owner().getName().equals(System.getProperty("user.name"))
                : uid == Self.UID;
    }

    /** The user of this process. In a container it often has a number and no name, and the JDK only asks for the name. */
    private static final class Self {
        private static final int UID = uid();

        private static int uid() {
            try {
                for (String line : Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
                    if (line.startsWith("Uid:")) {
                        // Real, effective, saved, and the last for files.
                        return Integer.parseInt(line.split("\\s+")[4]);
                    }
                }
                return UNKNOWN;
            } catch (IOException | RuntimeException e) {
                // No Linux: there is a name.
                return UNKNOWN;
            }
        }
    }
}
