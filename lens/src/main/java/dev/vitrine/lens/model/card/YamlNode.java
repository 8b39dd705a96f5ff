package dev.vitrine.lens.model.card;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.model.label.NearMisses;
import dev.vitrine.lens.setting.Spelling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.constructor.StandardConstructor;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A mapping in a YAML file; errors name file, line and key. */
public final class YamlNode {
    private static final int MOST_CHARACTERS = 1 << 20;
    private static final int MOST_SHOWN = 80;

    private final String file;
    private final String path;
    private final Map<String, Entry> entries;

    private YamlNode(String file, String path, Map<String, Entry> entries) {
        this.file = file;
        this.path = path;
        this.entries = entries;
    }

    /** A value, its node, and the line of its key. */
    private record Entry(Object value, Node node, Optional<Integer> line) {
        static Entry of(Object value, Node key, Node node) {
            return new Entry(value, node, key.getStartMark().map(mark -> mark.getLine() + 1));
        }
    }

    /** Parses YAML text; {@code file} names it in errors. */
    public static YamlNode parse(String file, String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw VitrineException.failure(file + ": " + text.length() + " characters of YAML; expected at most "
                    + MOST_CHARACTERS + ". Put long lists of names into a separate file.");
        }
        Optional<Node> root;
        Object value;
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setCodePointLimit(MOST_CHARACTERS)
                .build();
        try {
            YamlBounds.check(file, text, settings);
            root = new Compose(settings).composeString(text);
            value = new StandardConstructor(settings).constructSingleDocument(root);
        } catch (VitrineException outOfBounds) {
            throw outOfBounds;
        } catch (MarkedYamlEngineException broken) {
            String line = broken.getProblemMark()
                    .map(mark -> ", line " + (mark.getLine() + 1))
                    .orElse("");
            throw VitrineException.failure(file + line + ": no valid YAML (" + broken.getProblem() + ")", broken);
        } catch (YamlEngineException broken) {
            throw VitrineException.failure(file + ": no valid YAML (" + broken.getMessage() + ")", broken);
        } catch (IllegalArgumentException | IndexOutOfBoundsException broken) {
            // Thrown by the parser for damaged escapes in quotes.
            throw VitrineException.failure(file + ": no valid YAML (" + broken.getMessage() + ")", broken);
        }
        if (root.isPresent() && value instanceof Map) {
            return new YamlNode(file, "", entries((Map<?, ?>) value, root.get()));
        }
        throw noMapping(file, value);
    }

    private static VitrineException noMapping(String where, Object value) {
        return VitrineException.failure(
                where + ": found " + describe(value) + "; expected keys and values, such as 'name: My network'");
    }

    /** Keys are unique, so that the constructed mapping has the order of the composed one. */
    private static Map<String, Entry> entries(Map<?, ?> values, Node composed) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        if (composed instanceof MappingNode mapping) {
            Iterator<NodeTuple> tuples = mapping.getValue().iterator();
            values.forEach((key, value) -> {
                NodeTuple tuple = tuples.next();
                entries.put(
                        Spelling.american(String.valueOf(key)),
                        Entry.of(value, tuple.getKeyNode(), tuple.getValueNode()));
            });
        }
        return entries;
    }

    private Object value(String key) {
        Entry entry = entries.get(key);
        return entry == null ? null : entry.value();
    }

    /** Fails if there is a key other than these. */
    public YamlNode allowing(String... keys) {
        List<String> known = Arrays.asList(keys);
        for (String key : entries.keySet()) {
            if (!known.contains(key)) {
                List<String> near = NearMisses.of(key, known, 1);
                String hint = near.isEmpty() ? "" : "; did you mean '" + near.get(0) + "'?";
                throw VitrineException.failure(
                        where(key) + ": unknown; expected one of " + String.join(", ", known) + hint);
            }
        }
        return this;
    }

    public boolean has(String key) {
        return value(key) != null;
    }

    /** The mapping under a key, empty where the key is absent. */
    public YamlNode child(String key) {
        if (!has(key)) {
            return new YamlNode(file, full(key), Map.of());
        }
        Entry entry = entries.get(key);
        if (entry.value() instanceof Map<?, ?> map) {
            return new YamlNode(file, full(key), entries(map, entry.node()));
        }
        throw noMapping(where(key), entry.value());
    }

    public Optional<String> text(String key) {
        return text(key, "text");
    }

    /** Text; {@code expected} describes it in errors. */
    public Optional<String> text(String key, String expected) {
        return value(key, expected, value -> value instanceof String text ? Optional.of(text) : Optional.empty());
    }

    /** The text or number under a present key, as written; {@code expected} describes it in errors. */
    public String scalar(String key, String expected) {
        return value(
                        key,
                        expected,
                        value -> value instanceof Map || value instanceof List
                                ? Optional.<String>empty()
                                : Optional.of(value.toString()))
                .orElseThrow(() -> wrong(key, "nothing", expected));
    }

    /** A list of names, or empty if the value is not a list. */
    public Optional<List<String>> names(String key) {
        if (!(value(key) instanceof List<?> list)) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        for (Object item : list) {
            if (item == null || item instanceof Map || item instanceof List) {
                throw wrong(key, "an entry that is " + describe(item), "a list of names");
            }
            names.add(item.toString());
        }
        return Optional.of(names);
    }

    public Optional<Integer> size(String key) {
        return value(
                key,
                "an integer of at least 1",
                value -> value instanceof Integer number && number > 0 ? Optional.of(number) : Optional.empty());
    }

    /** An integer of at least {@code least}. */
    public Optional<Integer> whole(String key, int least) {
        return value(
                key,
                "an integer of at least " + least,
                value -> value instanceof Integer number && number >= least ? Optional.of(number) : Optional.empty());
    }

    public Optional<Double> number(String key) {
        return value(
                key,
                "a number",
                value -> value instanceof Number number ? Optional.of(number.doubleValue()) : Optional.empty());
    }

    /** A list of numbers of any length. */
    public Optional<List<Double>> numbers(String key) {
        return value(
                key,
                "a list of numbers",
                value -> value instanceof List<?> list ? numbers(value, list.size()) : Optional.empty());
    }

    /** A list of mappings, each with its index in error paths; empty if the key is absent. */
    public List<YamlNode> list(String key) {
        if (!has(key)) {
            return List.of();
        }
        if (!(value(key) instanceof List<?> list) || !(entries.get(key).node() instanceof SequenceNode composed)) {
            throw wrong(key, describe(key), "a list");
        }
        List<YamlNode> nodes = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            String place = full(key) + "[" + i + "]";
            Node node = composed.getValue().get(i);
            if (!(list.get(i) instanceof Map<?, ?> map)) {
                throw noMapping(where(Entry.of(list.get(i), node, node).line(), place), list.get(i));
            }
            nodes.add(new YamlNode(file, place, entries(map, node)));
        }
        return nodes;
    }

    /** The keys in file order. */
    public List<String> keys() {
        return List.copyOf(entries.keySet());
    }

    public Optional<List<Double>> numbers(String key, int count) {
        return value(key, "a list of " + count + (count == 1 ? " number" : " numbers"), value -> numbers(value, count));
    }

    private static Optional<List<Double>> numbers(Object value, int count) {
        return value instanceof List<?> list
                        && list.size() == count
                        && list.stream().allMatch(item -> item instanceof Number)
                ? Optional.of(
                        list.stream().map(item -> ((Number) item).doubleValue()).toList())
                : Optional.empty();
    }

    public <E extends Enum<E>> Optional<E> choice(String key, Class<E> type) {
        List<E> choices = List.of(type.getEnumConstants());
        String expected = choices.stream()
                .map(choice -> choice.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        return value(
                key,
                "one of " + expected,
                value -> choices.stream()
                        .filter(choice ->
                                value instanceof String text && choice.name().equalsIgnoreCase(text))
                        .findFirst());
    }

    /** True or false. */
    public Optional<Boolean> truth(String key) {
        return value(
                key,
                "true or false",
                value -> value instanceof Boolean truth ? Optional.of(truth) : Optional.<Boolean>empty());
    }

    /** Text, or an integer as text. */
    public Optional<String> word(String key) {
        return value(
                key,
                "a name or a number",
                value -> value instanceof String || value instanceof Integer
                        ? Optional.of(value.toString())
                        : Optional.<String>empty());
    }

    private interface Reading<T> {
        Optional<T> of(Object value);
    }

    private <T> Optional<T> value(String key, String expected, Reading<T> reading) {
        if (!has(key)) {
            return Optional.empty();
        }
        Object value = value(key);
        return Optional.of(reading.of(value).orElseThrow(() -> wrong(key, describe(value), expected)));
    }

    public VitrineException wrong(String key, String found, String expected) {
        return VitrineException.failure(where(key) + ": found " + found + "; expected " + expected);
    }

    public String describe(String key) {
        return describe(value(key));
    }

    private static String describe(Object value) {
        if (value == null) {
            return "nothing";
        }
        if (value instanceof Map) {
            return "keys and values";
        }
        if (value instanceof List<?> list) {
            String written = list.size() <= 8 ? "the list " + list : "";
            return written.isEmpty() || written.length() > MOST_SHOWN ? "a list of " + list.size() : written;
        }
        return value instanceof String text ? "the text '" + shortened(text) + "'" : shortened(value.toString());
    }

    private static String shortened(String text) {
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN - 1) + "…";
    }

    private String where(String key) {
        return where(Optional.ofNullable(entries.get(key)).flatMap(Entry::line), full(key));
    }

    private String where(Optional<Integer> line, String place) {
        return file + line.map(number -> ", line " + number).orElse("") + ", key '" + place + "'";
    }

    private String full(String key) {
        return path.isEmpty() ? shortened(key) : path + "." + shortened(key);
    }
}
