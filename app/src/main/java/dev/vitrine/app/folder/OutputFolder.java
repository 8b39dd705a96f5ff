package dev.vitrine.app.folder;

import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.file.Claim;
import java.nio.file.Path;

/** The output folder of a command, locked until the command ends. */
public final class OutputFolder {
    private OutputFolder() {}

    /** Creates the folder, so that an invalid one is reported before the work starts. */
    public static Claim take(Path folder, Terminal terminal) {
        return noted(folder, Claim.ofFolder(folder), terminal);
    }

    /** A file that is written at the end. */
    public static Claim takeFile(Path file, Terminal terminal) {
        return noted(file, Claim.ofFile(file), terminal);
    }

    private static Claim noted(Path place, Claim claim, Terminal terminal) {
        claim.unlocked()
                .ifPresent(reason -> terminal.err()
                        .println("note: " + place + " cannot be locked (" + reason
                                + "); do not write to it from two runs at the same time."));
        return claim;
    }
}
