package dev.vitrine.lens.data;

import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads text that a person wrote. */
public final class TextFile {
    private TextFile() {}

    /**
     * The whole file, UTF-8.
     *
     * @param expected what the file should be, for errors, such as a model card in YAML
     */
    public static String read(Path file, String expected) {
        if (!Files.exists(file)) {
            throw VitrineException.failure(file + ": no such file; expected " + expected);
        }
        if (Files.isDirectory(file)) {
            throw VitrineException.failure(file + ": a folder; expected " + expected);
        }
        try {
            return Files.readString(file);
        } catch (CharacterCodingException notText) {
            throw VitrineException.failure(file + ": no UTF-8 text; expected " + expected, notText);
        } catch (AccessDeniedException denied) {
            throw VitrineException.failure(file + ": may not be read; check its permissions", denied);
        } catch (IOException failure) {
            String reason = Optional.ofNullable(failure.getMessage())
                    .orElse(failure.getClass().getSimpleName());
            throw VitrineException.failure(file + ": cannot be read (" + reason + "); expected " + expected, failure);
        }
    }
}
