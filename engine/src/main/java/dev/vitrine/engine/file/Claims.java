package dev.vitrine.engine.file;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What runs of this process have claimed. */
final class Claims {
    /** By the path of the folder or file, as it was named and as the system knows it. */
    private static final Map<Path, Claim> HELD = new ConcurrentHashMap<>();

    private Claims() {}

    static void add(Path path, Claim claim) {
        HELD.put(path, claim);
    }

    static void remove(Path path, Claim claim) {
        HELD.remove(path, claim);
    }

    /** Whether a file lies in what is claimed; an error where that is no longer what it was. */
    static boolean check(Path file) {
        boolean claimed = false;
        for (Path path = file.toAbsolutePath().normalize(); path != null; path = path.getParent()) {
            Claim claim = HELD.get(path);
            if (claim != null) {
                claim.check();
                claimed = true;
            }
        }
        return claimed;
    }
}
