package dev.vitrine.app.folder;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The output folder of a command. */
public final class OutOption {
    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            description = "Output folder. Default: ${DEFAULT-VALUE}.")
    private Path folder;

    /**
     * @param usual default folder
     */
    public OutOption(String usual) {
        folder = Path.of(usual);
    }

    public Path folder() {
        return folder;
    }
}
