package dev.vitrine.study.map;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.data.TextFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Columns of a CSV file: titles, then a line for each picture, whose name comes first. */
public final class TableColumns {
    private static final String EXPECTED = "a line of titles, then lines that begin with a picture's name";

    private TableColumns() {}

    /**
     * A column for each title but the first, with a value for each picture of the list; none where the file has no line.
     * Pictures are matched by their whole name, or by the file's own name where only one picture has it.
     *
     * @throws VitrineException of kind FAILURE if the file has no line for any of them
     */
    public static List<Column> read(Path file, PictureList pictures) {
        List<NamedCsvRecord> rows = rows(file);
        Map<String, Integer> places = places(pictures);
        List<String> titles = rows.get(0).getHeader();
        List<List<String>> texts = new ArrayList<>();
        for (int title = 1; title < titles.size(); title++) {
            texts.add(new ArrayList<>(Collections.nCopies(pictures.size(), "")));
        }
        int known = 0;
        for (NamedCsvRecord row : rows) {
            Integer picture = places.get(row.getField(0).strip());
            if (picture == null) {
                continue;
            }
            known++;
            for (int title = 1; title < Math.min(titles.size(), row.getFieldCount()); title++) {
                texts.get(title - 1).set(picture, row.getField(title));
            }
        }
        if (known == 0) {
            throw VitrineException.failure(file + ": names none of the pictures, which are called like '"
                    + pictures.name(0) + "'; found '" + rows.get(0).getField(0) + "'. Expected " + EXPECTED + ".");
        }
        List<Column> columns = new ArrayList<>();
        for (int title = 1; title < titles.size(); title++) {
            columns.add(Column.of(titles.get(title).strip(), "from " + file.getFileName(), texts.get(title - 1)));
        }
        return columns;
    }

    private static List<NamedCsvRecord> rows(Path file) {
        List<NamedCsvRecord> rows;
        try {
            rows =
                    CsvReader.builder()
                            .ofNamedCsvRecord(
                                    TextFile.read(file, "a CSV file of columns").replace("\uFEFF", ""))
                            .stream()
                            .toList();
        } catch (CsvParseException broken) {
            throw VitrineException.failure(
                    file + ": no valid CSV (" + broken.getMessage() + "); expected " + EXPECTED + ".", broken);
        }
        if (rows.isEmpty() || rows.get(0).getHeader().size() < 2) {
            throw VitrineException.failure(file + ": has no columns; expected " + EXPECTED + ".");
        }
        return rows;
    }

    private static Map<String, Integer> places(PictureList pictures) {
        Map<String, Integer> places = new HashMap<>();
        Map<String, Integer> last = new HashMap<>();
        for (int index = 0; index < pictures.size(); index++) {
            String name = pictures.name(index);
            places.put(name, index);
            last.merge(name.substring(name.lastIndexOf('/') + 1), index, (one, other) -> -1);
        }
        last.forEach((name, index) -> {
            if (index >= 0) {
                places.putIfAbsent(name, index);
            }
        });
        return places;
    }
}
