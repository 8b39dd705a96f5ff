package dev.vitrine.lens.model.label;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.TextFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Names of a network's classes, by index. A name may list synonyms with commas between them.
 *
 * @param names one a class; none where they are not known
 * @param ids one a class, such as {@code n02124075} of WordNet; none where there are none
 */
public record Labels(List<String> names, List<String> ids) {
    /** For a network whose class names are not known. */
    public static final Labels NONE = new Labels(List.of(), List.of());

    private static final int MOST_LISTED = 8;
    private static final int LONGEST_SHOWN = 80;

    public Labels {
        names = List.copyOf(names);
        ids = List.copyOf(ids);
        if (!ids.isEmpty() && ids.size() != names.size()) {
            throw new IllegalArgumentException(
                    ids.size() + " ids for " + names.size() + " names: expected as many, or none");
        }
    }

    public static Labels of(List<String> names) {
        return new Labels(names, List.of());
    }

    /**
     * Reads a {@code .txt} file (a name a line), a {@code .tsv} file (id, tab, name), whose line is the class's index, or
     * JSON: a list of names, or names by number.
     */
    public static Labels read(Path file) {
        return parse(file.toString(), TextFile.read(file, "class names, one a line"));
    }

    /** {@code file} tells by its end whether lines have ids ({@code .tsv}) or it is JSON, and names it in errors. */
    public static Labels parse(String file, String text) {
        String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
        if (file.toLowerCase(Locale.ROOT).endsWith(".json") || isJson(content)) {
            return LabelJson.parse(file, content);
        }
        List<String> lines = new ArrayList<>(content.lines().map(String::strip).collect(Collectors.toList()));
        while (!lines.isEmpty() && lines.get(lines.size() - 1).isEmpty()) {
            lines.remove(lines.size() - 1);
        }
        if (lines.isEmpty()) {
            throw VitrineException.failure(file + ": holds no class names; expected one a line");
        }
        boolean withIds = file.toLowerCase(Locale.ROOT).endsWith(".tsv");
        List<String> names = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            int tab = line.indexOf('\t');
            if (line.isEmpty() || (withIds && tab < 0)) {
                String shown = line.length() <= LONGEST_SHOWN ? line : line.substring(0, LONGEST_SHOWN) + "…";
                throw VitrineException.failure(file + ", line " + (i + 1) + ": found '" + shown + "'; expected "
                        + (withIds ? "an id, a tab and a class name" : "a class name"));
            }
            names.add(withIds ? line.substring(tab + 1).strip() : line);
            if (withIds) {
                ids.add(line.substring(0, tab).strip());
            }
        }
        return new Labels(names, ids);
    }

    /** Whether text of any name is a JSON object, or a list of texts over all lines. */
    private static boolean isJson(String content) {
        String text = content.strip();
        return (text.startsWith("{") && text.endsWith("}"))
                || (text.matches("(?s)\\[\\s*[\"\\[].*") && text.endsWith("]"));
    }

    /** How many classes have names. */
    public int size() {
        return names.size();
    }

    /** The name of a class, or {@code class 17} where it has none. */
    public String name(int index) {
        return index >= 0 && index < names.size() ? names.get(index) : "class " + index;
    }

    /** The id of a class, where it has one. */
    public Optional<String> id(int index) {
        return index >= 0 && index < ids.size() ? Optional.of(ids.get(index)) : Optional.empty();
    }

    /** Index and name, such as {@code 285 Egyptian cat}; {@code class 17} where there is no name. */
    public String display(int index) {
        return index >= 0 && index < names.size() ? index + " " + name(index) : name(index);
    }

    /**
     * The class that a person means: by index, id, a synonym, the beginning of one, or a part of one, the first of these
     * that any class fits; upper and lower case count only where two classes differ by nothing else.
     *
     * @throws VitrineException of kind USAGE if no class fits or several do
     */
    public int find(String query) {
        String wanted = query.strip();
        String lower = wanted.toLowerCase(Locale.ROOT);
        Words words = Words.of(wanted);
        return find(
                wanted,
                List.of(
                        (name, asWritten) -> asWritten.equals(wanted),
                        (name, asWritten) -> name.equals(lower),
                        (name, asWritten) -> Words.of(name).contain(words),
                        (name, asWritten) -> name.startsWith(lower),
                        (name, asWritten) -> name.contains(lower)));
    }

    /**
     * The class that a folder of pictures is named after: by index, id or a synonym, by the words of one ({@code airplanes}
     * for airplane, {@code wild_cat} for wild cat), or by words that stand in a row in one, the first of these that any
     * class fits.
     *
     * @throws VitrineException of kind USAGE if no class fits or several do
     */
    public int findFolder(String folder) {
        String wanted = folder.strip();
        String lower = wanted.toLowerCase(Locale.ROOT);
        Words words = Words.of(wanted);
        return find(
                wanted,
                List.of(
                        (name, asWritten) -> asWritten.equals(wanted),
                        (name, asWritten) -> name.equals(lower),
                        (name, asWritten) -> Words.of(name).mean(words),
                        (name, asWritten) -> Words.of(name).contain(words)));
    }

    /**
     * @param rungs which names fit, in small letters and as written, the strictest first
     */
    private int find(String wanted, List<BiPredicate<String, String>> rungs) {
        if (wanted.matches("[+-]?\\d+")) {
            return index(wanted);
        }
        if (names.isEmpty()) {
            throw VitrineException.usage("class '" + wanted + "': this model has no class names; expected a class's"
                    + " number, or name a file of labels in the model's card");
        }
        if (wanted.isEmpty()) {
            throw VitrineException.usage("class '': expected a class's number or name");
        }
        int id = ids.indexOf(wanted);
        if (id >= 0) {
            return id;
        }
        for (BiPredicate<String, String> rung : rungs) {
            List<Integer> fitting = fitting(rung);
            if (fitting.size() == 1) {
                return fitting.get(0);
            }
            if (!fitting.isEmpty()) {
                throw ambiguous(wanted, fitting);
            }
        }
        throw unknown(wanted);
    }

    private int index(String number) {
        int index;
        try {
            index = Integer.parseInt(number);
        } catch (NumberFormatException beyondInt) {
            index = -1;
        }
        if (index < 0 || (!names.isEmpty() && index >= names.size())) {
            throw VitrineException.usage("class " + number + ": expected a number from 0 "
                    + (names.isEmpty() ? "up" : "to " + (names.size() - 1)));
        }
        return index;
    }

    private List<Integer> fitting(BiPredicate<String, String> rung) {
        return IntStream.range(0, names.size())
                .filter(i -> synonyms(names.get(i))
                        .anyMatch(synonym -> rung.test(synonym.toLowerCase(Locale.ROOT), synonym)))
                .boxed()
                .toList();
    }

    /** The whole name and, where it has commas, each part. */
    private static Stream<String> synonyms(String name) {
        return Stream.concat(Stream.of(name), Stream.of(name.split(",")).map(String::strip));
    }

    private VitrineException ambiguous(String wanted, List<Integer> fitting) {
        String listed = fitting.stream().limit(MOST_LISTED).map(this::display).collect(Collectors.joining(", "));
        String more = fitting.size() > MOST_LISTED ? " and " + (fitting.size() - MOST_LISTED) + " more" : "";
        return VitrineException.usage("class '" + wanted + "' fits " + fitting.size() + " classes: " + listed + more
                + ". Give the number or more of the name.");
    }

    private static boolean hasWordLike(String wanted, String name) {
        return !NearMisses.of(wanted, List.of(name.split(" ", -1)), 1).isEmpty();
    }

    private VitrineException unknown(String wanted) {
        List<String> all = names.stream().flatMap(Labels::synonyms).distinct().toList();
        List<String> near = NearMisses.of(wanted, all, 3);
        if (near.isEmpty()) {
            near = all.stream()
                    .filter(name -> hasWordLike(wanted, name))
                    .limit(3)
                    .toList();
        }
        String hint = near.isEmpty()
                ? "expected a number from 0 to " + (names.size() - 1) + ", a name or a part of one"
                : "did you mean " + near.stream().map(name -> "'" + name + "'").collect(Collectors.joining(" or "))
                        + "?";
        return VitrineException.usage("class '" + wanted + "': no class has such a name; " + hint);
    }
}
