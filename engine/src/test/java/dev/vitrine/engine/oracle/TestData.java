package dev.vitrine.engine.oracle;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Files that tests read: of the shared folder beside the project, or else of the project's own. */
public final class TestData {
    /** Tests run in the folder of their module. */
    private static final Path OWN = Path.of("../testdata");

    private TestData() {}

    /** The shared folder, whether it is there or not. */
    public static Path shared() {
        return Path.of(System.getProperty("vitrine.shared", "../shared"));
    }

    /**
     * @param within as in the shared folder, such as {@code data/photos/chelsea.png}
     */
    public static Optional<Path> find(String within) {
        return Stream.of(shared(), OWN)
                .map(folder -> folder.resolve(within))
                .filter(Files::exists)
                .findFirst();
    }
}
