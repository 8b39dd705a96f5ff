package dev.vitrine.app.folder;

import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.lens.data.PicturePaths;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Parameters;

/** The input pictures of a command. */
public final class GivenPictures {
    @Parameters(
            paramLabel = "IMAGE",
            arity = "1..*",
            description = "Pictures (JPEG, PNG, GIF, BMP, TIFF, WebP), folders or zip archives of pictures.")
    private List<Path> images;

    public PicturePaths open(Terminal terminal) {
        return OpenSource.of(images, terminal);
    }
}
