package dev.vitrine.study.embedding;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.data.TextFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code pictures.csv} of {@link CodeReport}: the pictures of rows of codes. */
public final class PictureTable {
    private static final String EXPECTED = "the file pictures.csv of 'vitrine codes'";

    private PictureTable() {}

    /**
     * @param pictures those that the codes are of, which may be more
     */
    public static List<CodeTable.Row> read(Path file, PictureList pictures) {
        Map<String, Integer> known = new HashMap<>();
        for (int index = 0; index < pictures.size(); index++) {
            known.put(pictures.name(index), index);
        }
        List<CodeTable.Row> rows = new ArrayList<>();
        try {
            CsvReader.builder().ofNamedCsvRecord(TextFile.read(file, EXPECTED)).stream()
                    .forEach(record -> rows.add(row(file, record, known)));
        } catch (CsvParseException broken) {
            throw VitrineException.failure(
                    file + ": no valid CSV (" + broken.getMessage() + "); expected " + EXPECTED + ".", broken);
        }
        return rows;
    }

    private static CodeTable.Row row(Path file, NamedCsvRecord record, Map<String, Integer> known) {
        String name = record.findField("picture")
                .orElseThrow(() ->
                        VitrineException.failure(file + ": found no column 'picture'; expected " + EXPECTED + "."));
        Integer index = known.get(name);
        if (index == null) {
            throw VitrineException.usage(file + ", line " + record.getStartingLineNumber() + ": found the picture '"
                    + name + "', which is not among the " + known.size()
                    + " given; expected the pictures that the codes were computed from.");
        }
        return new CodeTable.Row(
                index,
                name,
                record.findField("class").orElse(""),
                record.findField("predicted").orElse(""),
                number(record, "confidence"),
                number(record, "loss"));
    }

    private static Optional<Double> number(NamedCsvRecord record, String column) {
        try {
            return record.findField(column).filter(text -> !text.isEmpty()).map(Double::valueOf);
        } catch (NumberFormatException noNumber) {
            return Optional.empty();
        }
    }
}
