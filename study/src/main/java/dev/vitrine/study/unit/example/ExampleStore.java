package dev.vitrine.study.unit.example;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.data.OneFile;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.data.parquet.Column;
import dev.vitrine.lens.data.parquet.ParquetTable;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.store.Question;
import dev.vitrine.lens.unit.Summary;
import dev.vitrine.study.unit.example.Ranking.End;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Examples as a Parquet file, one row an example, that other programs can query too. The file's key-value metadata say
 * what they are of and how far the pass has come, so that it can be resumed.
 */
public final class ExampleStore {
    private static final int FORMAT = 2;
    private static final String QUESTION = "vitrine.question";
    private static final String DONE = "vitrine.done";
    private static final String UNREADABLE = "vitrine.unreadable";

    /** Between what was asked for in {@link #question}, and entries of {@link #UNREADABLE}. */
    private static final String LINE = "\n";

    private ExampleStore() {}

    /** What the examples are of, as text: equal questions have equal answers. */
    public static String question(Model model, PictureSource source, ExampleSearch.Settings settings) {
        List<String> lines = new ArrayList<>(
                Question.of("examples", FORMAT).with(model).with(source).lines());
        lines.add("top " + settings.top() + ", bottom " + settings.bottom() + ", by "
                + settings.summary().name().toLowerCase(Locale.ROOT));
        for (Probe probe : settings.probes()) {
            lines.add("layer " + probe.name()
                    + probe.directions()
                            .map(rows -> " " + Digest.of(rows.bytes()))
                            .orElse(""));
        }
        return String.join(LINE, lines);
    }

    public static void write(Path file, Examples examples, Model model, PictureSource source) {
        List<String> layers = new ArrayList<>();
        List<Integer> channels = new ArrayList<>();
        List<String> ends = new ArrayList<>();
        List<Integer> ranks = new ArrayList<>();
        List<Float> values = new ArrayList<>();
        List<Integer> pictures = new ArrayList<>();
        List<Integer> rows = new ArrayList<>();
        List<Integer> columns = new ArrayList<>();
        List<Probe> probes = examples.settings().probes();
        for (int probe = 0; probe < probes.size(); probe++) {
            int width = probes.get(probe).layer().width();
            for (End end : End.values()) {
                Ranking ranking = examples.ranking(end, probe);
                for (int channel = 0; channel < ranking.channels(); channel++) {
                    for (int rank = 0; rank < ranking.count(channel); rank++) {
                        int place = ranking.place(channel, rank);
                        layers.add(probes.get(probe).name());
                        channels.add(channel);
                        ends.add(end.word());
                        ranks.add(rank + 1);
                        values.add(ranking.value(channel, rank));
                        pictures.add(ranking.picture(channel, rank));
                        rows.add(place == Ranking.UNSETTLED ? Ranking.UNSETTLED : place / width);
                        columns.add(place == Ranking.UNSETTLED ? Ranking.UNSETTLED : place % width);
                    }
                }
            }
        }
        List<PictureSource.Entry> entries = source.entries();
        float[] numbers = new float[values.size()];
        for (int row = 0; row < numbers.length; row++) {
            numbers[row] = values.get(row);
        }
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(QUESTION, question(model, source, examples.settings()));
        facts.put(DONE, Integer.toString(examples.done()));
        facts.put(
                UNREADABLE,
                examples.unreadable().entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue().replace(LINE, " "))
                        .collect(Collectors.joining(LINE)));
        new ParquetTable(
                        List.of(
                                new Column.Texts("layer", layers),
                                integers("channel", channels),
                                new Column.Texts("end", ends),
                                integers("rank", ranks),
                                new Column.Floats("value", numbers),
                                integers("picture", pictures),
                                new Column.Texts(
                                        "name",
                                        pictures.stream()
                                                .map(picture ->
                                                        entries.get(picture).name())
                                                .toList()),
                                integers("row", rows),
                                integers("column", columns)),
                        facts)
                .write(file);
    }

    private static Column integers(String name, List<Integer> values) {
        return new Column.Integers(
                name, values.stream().mapToInt(Integer::intValue).toArray());
    }

    /**
     * What a file holds as the answer to a question.
     *
     * @throws VitrineException of kind USAGE if it answers another one
     */
    public static Examples read(Path file, Model model, PictureSource source, ExampleSearch.Settings settings) {
        ParquetTable table = ParquetTable.read(file);
        Question expected = Question.parse(question(model, source, settings));
        expected.difference(Question.parse(table.facts().getOrDefault(QUESTION, "")))
                .ifPresent(difference -> {
                    throw VitrineException.usage(file + " holds the answer to another question: " + difference
                            + ". Name another store, or remove this one.");
                });
        return OneFile.guarded(file.toString(), () -> filled(file, table, source, settings));
    }

    /**
     * The examples of one layer's channels out of a finished or unfinished file, whatever other layers it has.
     *
     * @throws VitrineException of kind USAGE if it is of another model or of other pictures, or lacks the layer
     */
    public static Examples layer(Path file, Model model, PictureSource source, Probe probe) {
        ParquetTable table = ParquetTable.read(file);
        List<String> lines = table.facts().getOrDefault(QUESTION, "").lines().toList();
        List<String> fitting = question(
                        model, source, new ExampleSearch.Settings(List.of(probe), 1, 1, Summary.MAXIMUM))
                .lines()
                .toList();
        for (String wanted : List.of(fitting.get(0), fitting.get(1), fitting.get(2), fitting.get(3), fitting.get(5))) {
            if (!lines.contains(wanted)) {
                throw VitrineException.usage(file + ": expected '" + wanted
                        + "', which it lacks. Make one with: vitrine examples MODEL PICTURES --layer " + probe.name());
            }
        }
        return OneFile.guarded(file.toString(), () -> {
            String[] asked = lines.get(4).split("[ ,]+");
            ExampleSearch.Settings settings = new ExampleSearch.Settings(
                    List.of(probe),
                    Integer.parseInt(asked[1]),
                    Integer.parseInt(asked[3]),
                    Summary.valueOf(asked[5].toUpperCase(Locale.ROOT)));
            return filled(file, table, source, settings);
        });
    }

    private static Examples filled(
            Path file, ParquetTable table, PictureSource source, ExampleSearch.Settings settings) {
        Examples examples = new Examples(settings);
        Map<String, Integer> probes = new LinkedHashMap<>();
        settings.probes().forEach(probe -> probes.put(probe.name(), probes.size()));
        List<String> layers = texts(file, table, "layer");
        List<String> ends = texts(file, table, "end");
        int[] channels = integers(file, table, "channel");
        int[] pictures = integers(file, table, "picture");
        int[] rows = integers(file, table, "row");
        int[] columns = integers(file, table, "column");
        float[] values = table.column(Column.Floats.class, "value")
                .orElseThrow(() -> lacking(file, "value"))
                .values();
        for (int row = 0; row < values.length; row++) {
            Integer probe = probes.get(layers.get(row));
            if (probe != null) {
                if (pictures[row] < 0 || pictures[row] >= source.size()) {
                    throw new IllegalArgumentException(
                            "row " + row + " names picture " + pictures[row] + " of " + source.size());
                }
                int width = settings.probes().get(probe).layer().width();
                End end = ends.get(row).equals(End.STRONGEST.word()) ? End.STRONGEST : End.WEAKEST;
                int place = rows[row] == Ranking.UNSETTLED ? Ranking.UNSETTLED : rows[row] * width + columns[row];
                examples.ranking(end, probe).append(channels[row], values[row], pictures[row], place);
            }
        }
        TreeMap<Integer, String> unreadable = new TreeMap<>();
        table.facts().getOrDefault(UNREADABLE, "").lines().forEach(line -> {
            int space = line.indexOf(' ');
            unreadable.put(Integer.parseInt(line.substring(0, space)), line.substring(space + 1));
        });
        int done = Integer.parseInt(table.facts().getOrDefault(DONE, "0"));
        if (done < 0 || done > source.size()) {
            throw new IllegalArgumentException(done + " of " + source.size() + " pictures are done");
        }
        examples.advance(done, unreadable);
        return examples;
    }

    private static List<String> texts(Path file, ParquetTable table, String name) {
        return table.column(Column.Texts.class, name)
                .orElseThrow(() -> lacking(file, name))
                .values();
    }

    private static int[] integers(Path file, ParquetTable table, String name) {
        return table.column(Column.Integers.class, name)
                .orElseThrow(() -> lacking(file, name))
                .values();
    }

    private static VitrineException lacking(Path file, String column) {
        return VitrineException.failure(
                file + ": has no column '" + column + "'; expected a store of 'vitrine examples'. Make it again.");
    }
}
