package dev.vitrine.lens.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.reader.FieldModifiers;
import dev.vitrine.engine.VitrineException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Where things are in pictures, from a CSV file of {@code file,xmin,ymin,xmax,ymax} in pixels of the picture as it is shown;
 * a line a box, several lines a picture, a first line of titles allowed.
 */
public final class BoxTable {
    private static final int COLUMNS = 5;
    private static final String EXPECTED = "expected file,xmin,ymin,xmax,ymax, such as cats/tom.jpg,12,30,180,200";

    private final Map<String, List<Box>> boxes;

    private BoxTable(Map<String, List<Box>> boxes) {
        this.boxes = boxes;
    }

    public static BoxTable read(Path file) {
        return parse(file.toString(), TextFile.read(file, "a CSV file of boxes"));
    }

    static BoxTable parse(String file, String text) {
        Map<String, List<Box>> boxes = new LinkedHashMap<>();
        try {
            for (CsvRecord row : rows(text)) {
                add(boxes, row, file + ", line " + row.getStartingLineNumber() + ": ");
            }
        } catch (CsvParseException broken) {
            throw VitrineException.failure(file + ": no valid CSV (" + broken.getMessage() + "); " + EXPECTED, broken);
        }
        if (boxes.isEmpty()) {
            throw VitrineException.failure(file + ": holds no boxes; " + EXPECTED);
        }
        return new BoxTable(boxes);
    }

    /** All lines that are not blank, cells without blanks around them. */
    private static List<CsvRecord> rows(String text) {
        return CsvReader.builder()
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .trimWhitespacesAroundQuotes(true)
                .build(
                        CsvRecordHandler.of(handler -> handler.fieldModifier(FieldModifiers.STRIP)),
                        text.replace("\uFEFF", ""))
                .stream()
                .filter(row -> row.getFieldCount() > 1 || !row.getField(0).isEmpty())
                .toList();
    }

    private static void add(Map<String, List<Box>> boxes, CsvRecord row, String where) {
        List<String> cells = row.getFields();
        String line = String.join(",", cells);
        if (cells.size() != COLUMNS) {
            throw VitrineException.failure(where + "found " + cells.size() + " columns in '" + line + "'; " + EXPECTED);
        }
        double[] corners = new double[COLUMNS - 1];
        try {
            for (int corner = 0; corner < corners.length; corner++) {
                corners[corner] = Double.parseDouble(cells.get(corner + 1));
            }
        } catch (NumberFormatException noNumber) {
            if (row.getStartingLineNumber() == 1) {
                return;
            }
            throw VitrineException.failure(where + "found '" + line + "'; " + EXPECTED, noNumber);
        }
        if (!(corners[0] < corners[2] && corners[1] < corners[3])) {
            throw VitrineException.failure(where + "found a box from (" + cells.get(1) + ", " + cells.get(2) + ") to ("
                    + cells.get(3) + ", " + cells.get(4) + "); expected xmin below xmax and ymin below ymax");
        }
        boxes.computeIfAbsent(cells.get(0), name -> new ArrayList<>())
                .add(new Box(corners[0], corners[1], corners[2], corners[3]));
    }

    /**
     * The boxes of each picture of a list. A line names a picture by its name within the list, or by the last part of
     * that where no other picture has it.
     */
    public List<List<Box>> of(PictureList pictures) {
        Map<String, Long> times = IntStream.range(0, pictures.size())
                .mapToObj(index -> last(pictures.name(index)))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        return IntStream.range(0, pictures.size())
                .mapToObj(pictures::name)
                .map(name -> boxes.containsKey(name) || times.get(last(name)) > 1 ? name : last(name))
                .map(name -> List.copyOf(boxes.getOrDefault(name, List.of())))
                .toList();
    }

    private static String last(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }
}
