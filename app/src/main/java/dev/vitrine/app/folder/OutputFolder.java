package dev.vitrine.app.folder;

import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.file.Claim;
import java.nio.file.Path;

/** What a command writes to: its own until it ends. */
public final class OutputFolder {
    private OutputFolder() {}

    /** Makes the folder, so that a wrong one is told before the work. */
    public static Claim take(Path folder, Terminal terminal) {
        return noted(folder, Claim.ofFolder(folder), terminal);
    }

    /** A file that is written to in the end. */
    public static Claim takeFile(Path file, Terminal terminal) {
        return noted(file, Claim.ofFile(file), terminal);
    }

    private static Claim noted(Path place, Claim claim, Terminal terminal) {
        claim.unlocked()
                .ifPresent(reason -> terminal.err()
                        .println("note: " + place + " cannot be locked (" + reason
                                + "); two runs that write to it at the same time would mix."));
        return claim;
    }
}
