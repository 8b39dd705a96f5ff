package dev.vitrine.lens.data;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Where the files of a {@link PictureSource} lie. */
interface PictureStorage extends AutoCloseable {
    /** Of all files. */
    List<String> names() throws IOException;

    /** What of it cannot be looked into, a sentence each. */
    List<String> notes();

    Picture read(String name) throws IOException;

    /** The bytes of a file. */
    InputStream bytes(String name) throws IOException;

    @Override
    void close() throws IOException;
}
