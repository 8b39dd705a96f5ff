package dev.vitrine.engine.file;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The claims of this process's runs. */
final class Claims {
    /** By the path of the folder or file, as given and as resolved. */
    private static final Map<Path, Claim> HELD = new ConcurrentHashMap<>();

    private Claims() {}

    static void add(Path path, Claim claim) {
        HELD.put(path, claim);
    }

    static void remove(Path path, Claim claim) {
        HELD.remove(path, claim);
    }

    /** Whether a file is in a claimed folder; fails if the folder has changed. */
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
