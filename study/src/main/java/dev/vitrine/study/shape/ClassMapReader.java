package dev.vitrine.study.shape;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.NamedRows;
import dev.vitrine.lens.model.Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a {@link ClassMap} from a CSV file with the columns {@code class} and {@code member}, one line per member. */
public final class ClassMapReader {
    private static final String EXPECTED =
            "a CSV file with the columns class and member, a member being a class of the network";

    private ClassMapReader() {}

    /** @throws VitrineException of kind FAILURE if a member is no class of the network, or is in two classes */
    public static ClassMap read(Path file, Model model) {
        Map<String, List<Integer>> classes = new LinkedHashMap<>();
        Map<Integer, String> seen = new LinkedHashMap<>();
        new NamedRows(file, EXPECTED).forEach(record -> add(file, record, model, classes, seen));
        if (classes.size() < 2) {
            throw VitrineException.failure(
                    file + ": found " + classes.size() + " classes; expected at least two, as " + EXPECTED + ".");
        }
        return new ClassMap(List.copyOf(classes.keySet()), List.copyOf(classes.values()));
    }

    private static void add(
            Path file,
            NamedCsvRecord record,
            Model model,
            Map<String, List<Integer>> classes,
            Map<Integer, String> seen) {
        String where = file + ", line " + record.getStartingLineNumber() + ": ";
        String name = field(file, record, "class");
        int member = member(where, field(file, record, "member"), model);
        String before = seen.put(member, name);
        if (name.isEmpty() || before != null) {
            throw VitrineException.failure(where
                    + (name.isEmpty()
                            ? "found no class; expected " + EXPECTED + "."
                            : "found " + model.display(member) + " in '" + name + "' and in '" + before
                                    + "'; expected it once."));
        }
        classes.computeIfAbsent(name, unused -> new ArrayList<>()).add(member);
    }

    private static int member(String where, String query, Model model) {
        int found;
        try {
            found = model.labels().find(query);
        } catch (VitrineException none) {
            throw VitrineException.failure(where + none.getMessage(), none);
        }
        if (found >= model.classes()) {
            throw VitrineException.failure(
                    where + "found class " + found + "; expected 0 to " + (model.classes() - 1) + ".");
        }
        return found;
    }

    private static String field(Path file, NamedCsvRecord record, String column) {
        return record.findField(column)
                .orElseThrow(() -> VitrineException.failure(file + ": found the columns "
                        + String.join(", ", record.getHeader()) + "; expected " + EXPECTED + "."));
    }
}
