package dev.vitrine.app.objective;

import dev.vitrine.lens.data.Box;
import dev.vitrine.lens.data.BoxTable;
import dev.vitrine.lens.data.PictureList;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Bounding boxes of the objects in pictures. */
public final class BoxOptions {
    @Option(
            names = "--boxes",
            paramLabel = "FILE.csv",
            description =
                    "Bounding boxes of the objects: file,xmin,ymin,xmax,ymax in pixels of the pictures, one box per line.")
    private Optional<Path> boxes;

    /** The file, before anything that takes longer is opened. */
    public Optional<BoxTable> read() {
        return boxes.map(BoxTable::read);
    }

    /** The boxes of each picture; empty where no file was given. */
    public static List<List<Box>> of(Optional<BoxTable> table, PictureList pictures) {
        return table.map(found -> found.of(pictures)).orElse(List.of());
    }
}
