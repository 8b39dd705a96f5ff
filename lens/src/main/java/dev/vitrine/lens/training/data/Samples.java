package dev.vitrine.lens.training.data;

import dev.vitrine.lens.data.Picture;
import java.util.List;

/** Pictures with their classes, decoded on demand by any thread. */
public interface Samples extends AutoCloseable {
    /** Names of the classes; a label is an index into them. */
    List<String> classNames();

    /** Requested classes without pictures. */
    default List<String> emptyClasses() {
        return List.of();
    }

    int size();

    int label(int index);

    /** The name of a picture in messages. */
    String name(int index);

    /** Decodes a picture; the errors are those of {@link dev.vitrine.lens.data.PictureReader}. */
    Picture read(int index);

    /** Digest of all pictures with their labels, names and order: if it is equal, so is the training data. */
    String contents();

    @Override
    void close();
}
