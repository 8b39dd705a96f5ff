package dev.vitrine.lens.data;

import dev.vitrine.engine.VitrineException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
        List<String> lines = text.replace("\uFEFF", "").lines().toList();
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1).strip();
            if (line.isEmpty()) {
                continue;
            }
            List<String> cells = cells(line);
            String where = file + ", line " + number + ": ";
            if (cells.size() != COLUMNS) {
                throw VitrineException.failure(
                        where + "found " + cells.size() + " columns in '" + line + "'; " + EXPECTED);
            }
            double[] corners = new double[COLUMNS - 1];
            try {
                for (int corner = 0; corner < corners.length; corner++) {
                    corners[corner] = Double.parseDouble(cells.get(corner + 1));
                }
            } catch (NumberFormatException noNumber) {
                if (number == 1) {
                    continue;
                }
                throw VitrineException.failure(where + "found '" + line + "'; " + EXPECTED, noNumber);
            }
            if (!(corners[0] < corners[2] && corners[1] < corners[3])) {
                throw VitrineException.failure(
                        where + "found a box from (" + cells.get(1) + ", " + cells.get(2) + ") to (" + cells.get(3)
                                + ", " + cells.get(4) + "); expected xmin below xmax and ymin below ymax");
            }
            boxes.computeIfAbsent(cells.get(0), name -> new ArrayList<>())
                    .add(new Box(corners[0], corners[1], corners[2], corners[3]));
        }
        if (boxes.isEmpty()) {
            throw VitrineException.failure(file + ": holds no boxes; " + EXPECTED);
        }
        return new BoxTable(boxes);
    }

    /** A file name may stand in quotes, two of them for one inside. */
    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        String rest = line;
        if (line.startsWith("\"")) {
            int end = 1;
            while (end < line.length() && (line.charAt(end) != '"' || line.startsWith("\"\"", end))) {
                end += line.startsWith("\"\"", end) ? 2 : 1;
            }
            cells.add(line.substring(1, Math.min(end, line.length())).replace("\"\"", "\""));
            rest = end + 2 <= line.length() ? line.substring(end + 2) : "";
        }
        for (String cell : rest.split(",", -1)) {
            cells.add(cell.strip());
        }
        return cells;
    }

    /** The boxes of a picture by its name within its source, or by the last part of that; none where it has none. */
    public List<Box> of(String name) {
        List<Box> found = boxes.get(name);
        if (found == null) {
            found = boxes.get(name.substring(name.lastIndexOf('/') + 1));
        }
        return found == null ? List.of() : List.copyOf(found);
    }
}
