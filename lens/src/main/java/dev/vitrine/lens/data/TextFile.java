package dev.vitrine.lens.data;

import dev.vitrine.engine.VitrineException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads text that a person wrote. */
public final class TextFile {
    private static final int MOST_BYTES = 64 << 20;

    private TextFile() {}

    /**
     * The whole file, UTF-8, of at most 64 MiB.
     *
     * @param expected what the file should be, for errors, such as a model card in YAML
     */
    public static String read(Path file, String expected) {
        byte[] bytes = RegularFile.bytes(file, expected, MOST_BYTES);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notText) {
            throw VitrineException.failure(file + ": no UTF-8 text; expected " + expected, notText);
        }
    }
}
