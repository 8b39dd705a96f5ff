package dev.vitrine.lens.training.data;

import dev.vitrine.lens.data.Picture;
import java.util.List;

/** Pictures with their classes, each decoded when it is asked for, by any thread. */
public interface Samples extends AutoCloseable {
    /** Names of the classes; a label is an index into them. */
    List<String> classNames();

    /** Classes that were looked for and have no picture. */
    default List<String> emptyClasses() {
        return List.of();
    }

    int size();

    int label(int index);

    /** How messages name a picture. */
    String name(int index);

    /** Decodes a picture; the errors are those of {@link dev.vitrine.lens.data.PictureReader}. */
    Picture read(int index);

    /** Digest of all pictures with their labels, names and order: where it is the same, so is what is learned. */
    String contents();

    @Override
    void close();
}
