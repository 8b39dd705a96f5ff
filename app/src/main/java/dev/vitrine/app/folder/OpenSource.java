package dev.vitrine.app.folder;

import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.lens.data.PicturePaths;
import dev.vitrine.lens.data.PictureSource;
import java.nio.file.Path;
import java.util.List;

/** Opens a folder or an archive of pictures, and reports what was skipped. */
public final class OpenSource {
    private OpenSource() {}

    public static PictureSource of(Path folderOrZip, Terminal terminal) {
        PictureSource source = PictureSource.open(folderOrZip);
        source.notes().forEach(note -> terminal.err().println("note: " + folderOrZip + ": " + note));
        return source;
    }

    /** Files and folders or archives. */
    public static PicturePaths of(List<Path> paths, Terminal terminal) {
        PicturePaths pictures = PicturePaths.open(paths);
        pictures.notes().forEach(note -> terminal.err().println("note: " + note));
        return pictures;
    }
}
