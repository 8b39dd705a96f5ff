package dev.vitrine.lens.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldModifiers;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.reader.NamedCsvRecordHandler;
import dev.vitrine.engine.VitrineException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The lines of a CSV file below its titles, cells without blanks around them.
 *
 * @param expected what the file should hold, for messages
 */
public record NamedRows(Path file, String expected) {
    /** @throws VitrineException of kind FAILURE if the file is no CSV */
    public void forEach(Consumer<NamedCsvRecord> use) {
        try {
            CsvReader.builder()
                    .build(
                            NamedCsvRecordHandler.of(handler -> handler.fieldModifier(FieldModifiers.STRIP)),
                            TextFile.read(file, expected).replace("\uFEFF", ""))
                    .stream()
                    .forEach(use);
        } catch (CsvParseException broken) {
            throw VitrineException.failure(
                    file + ": no valid CSV (" + broken.getMessage() + "); expected " + expected + ".", broken);
        }
    }
}
