package dev.vitrine.study.unit.example;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.OneFile;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.data.parquet.Column;
import dev.vitrine.lens.data.parquet.ParquetTable;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Question;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.lens.unit.Summary;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Study;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.unit.example.Ranking.End;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Examples as a Parquet file, one row per example, which other programs can query too. The file's key-value metadata
 * record the query and the progress of the pass.
 */
public final class ExampleStore {
    private static final String QUESTION = "vitrine.question";
    private static final String DONE = "vitrine.done";
    private static final String UNREADABLE = "vitrine.unreadable";

    /** Lines of the query that identify the format, the network and the pictures. */
    private static final int SUBJECT = 4;

    private static final String LINE = "\n";

    private ExampleStore() {}

    public static void write(Path file, Outcome<Examples> outcome, ExampleSearch search) {
        List<String> layers = new ArrayList<>();
        List<Integer> channels = new ArrayList<>();
        List<String> ends = new ArrayList<>();
        List<Integer> ranks = new ArrayList<>();
        List<Example> examples = new ArrayList<>();
        for (Examples.Found probe : outcome.result().probes()) {
            for (End end : End.values()) {
                List<List<Example>> all = probe.at(end);
                for (int channel = 0; channel < all.size(); channel++) {
                    for (int rank = 0; rank < all.get(channel).size(); rank++) {
                        layers.add(probe.name());
                        channels.add(channel);
                        ends.add(end.word());
                        ranks.add(rank + 1);
                        examples.add(all.get(channel).get(rank));
                    }
                }
            }
        }
        float[] values = new float[examples.size()];
        for (int row = 0; row < values.length; row++) {
            values[row] = examples.get(row).value();
        }
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(QUESTION, String.join(LINE, search.question().lines()));
        facts.put(DONE, Integer.toString(outcome.result().done()));
        facts.put(
                UNREADABLE,
                String.join(
                        LINE,
                        outcome.unreadable().stream()
                                .map(problem -> problem.replace(LINE, " "))
                                .toList()));
        new ParquetTable(
                        List.of(
                                new Column.Texts("layer", layers),
                                integers("channel", channels),
                                new Column.Texts("end", ends),
                                integers("rank", ranks),
                                new Column.Floats("value", values),
                                integers(
                                        "picture",
                                        examples.stream().map(Example::picture).toList()),
                                new Column.Texts(
                                        "name",
                                        examples.stream().map(Example::name).toList()),
                                integers(
                                        "row",
                                        examples.stream().map(Example::row).toList()),
                                integers(
                                        "column",
                                        examples.stream().map(Example::column).toList())),
                        facts)
                .write(file);
    }

    private static Column integers(String name, List<Integer> values) {
        return new Column.Integers(
                name, values.stream().mapToInt(Integer::intValue).toArray());
    }

    /** The search, answered from a file if that holds the complete result. */
    public static Study<Examples> answered(Path file, ExampleSearch search) {
        Optional<Outcome<Examples>> found = read(file, search);
        if (found.isEmpty()) {
            return search;
        }
        return new Study<>() {
            @Override
            public String id() {
                return search.id();
            }

            @Override
            public Outcome<Examples> run(StudyContext context) {
                Outcome<Examples> stored = found.get();
                if (context.parts().areKept()) {
                    // A run that was killed after the file was complete has left its parts.
                    context.parts().of(search.question());
                }
                context.watcher()
                        .note(file + " holds " + stored.result().done() + " of "
                                + search.pictures().size() + " pictures.");
                stored.unreadable().forEach(context.watcher()::leftOut);
                return stored.map(examples -> search.completed(examples, context.session(search.model())));
            }
        };
    }

    /**
     * The result stored in a file for a query; empty if there is no file or it covers only some of the pictures.
     *
     * @throws VitrineException of kind USAGE if it belongs to a different query
     */
    public static Optional<Outcome<Examples>> read(Path file, ExampleSearch search) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        ParquetTable table = ParquetTable.read(file);
        Question found = Question.parse(table.facts().getOrDefault(QUESTION, ""));
        search.question().difference(found).ifPresent(difference -> {
            throw VitrineException.usage(file + " holds the answer to another question: " + difference
                    + ". Name another folder, or remove this file.");
        });
        Outcome<Examples> outcome = OneFile.guarded(file.toString(), () -> filled(file, table, search));
        return Optional.of(outcome).filter(read -> !read.isPartial());
    }

    /**
     * The examples of one layer's channels from a file that covers all or some of the pictures.
     *
     * @throws VitrineException of kind USAGE if it belongs to another model or other pictures, or lacks the layer
     */
    public static Outcome<Examples> layer(Path file, ModelSession session, PictureList pictures, ChannelLayer layer) {
        Model model = session.model();
        ParquetTable table = ParquetTable.read(file);
        List<String> lines = table.facts().getOrDefault(QUESTION, "").lines().toList();
        List<String> fitting = new ArrayList<>(ExampleSearch.of(model, pictures, List.of(layer), 1, 1)
                .question()
                .lines());
        fitting.remove(SUBJECT);
        for (String wanted : fitting) {
            if (!lines.contains(wanted)) {
                throw VitrineException.usage(file + ": expected '" + wanted
                        + "', which it lacks. Make one of this layer and these pictures with 'vitrine examples'.");
            }
        }
        return OneFile.guarded(file.toString(), () -> {
            String[] asked = lines.get(SUBJECT).split("[ ,]+");
            ExampleSearch.Settings settings = new ExampleSearch.Settings(
                    Integer.parseInt(asked[1]),
                    Integer.parseInt(asked[3]),
                    Summary.valueOf(asked[5].toUpperCase(Locale.ROOT)));
            ExampleSearch search = new ExampleSearch(model, pictures, List.of(Probe.of(layer)), settings);
            return filled(file, table, search).map(examples -> Settling.of(examples, search, session));
        });
    }

    private static Outcome<Examples> filled(Path file, ParquetTable table, ExampleSearch search) {
        Map<String, Map<End, List<List<Example>>>> found = new LinkedHashMap<>();
        for (Probe probe : search.probes()) {
            Map<End, List<List<Example>>> both = new EnumMap<>(End.class);
            for (End end : End.values()) {
                both.put(
                        end,
                        Stream.<List<Example>>generate(ArrayList::new)
                                .limit(probe.channels())
                                .toList());
            }
            found.put(probe.name(), both);
        }
        List<String> layers = texts(file, table, "layer");
        List<String> ends = texts(file, table, "end");
        int[] channels = integers(file, table, "channel");
        int[] pictures = integers(file, table, "picture");
        int[] rows = integers(file, table, "row");
        int[] columns = integers(file, table, "column");
        float[] values = table.column(Column.Floats.class, "value")
                .orElseThrow(() -> lacking(file, "value"))
                .values();
        int all = search.pictures().size();
        for (int row = 0; row < values.length; row++) {
            if (found.containsKey(layers.get(row))) {
                int picture = pictures[row];
                if (picture < 0 || picture >= all) {
                    throw new IllegalArgumentException("row " + row + " names picture " + picture + " of " + all);
                }
                End end = ends.get(row).equals(End.STRONGEST.word()) ? End.STRONGEST : End.WEAKEST;
                found.get(layers.get(row))
                        .get(end)
                        .get(channels[row])
                        .add(new Example(
                                picture, search.pictures().name(picture), values[row], rows[row], columns[row]));
            }
        }
        List<String> unreadable =
                table.facts().getOrDefault(UNREADABLE, "").lines().toList();
        int done = Integer.parseInt(table.facts().getOrDefault(DONE, "0"));
        if (done < unreadable.size() || done > all) {
            throw new IllegalArgumentException(done + " of " + all + " pictures are done");
        }
        List<Examples.Found> probes = new ArrayList<>();
        found.forEach(
                (name, both) -> probes.add(new Examples.Found(name, both.get(End.STRONGEST), both.get(End.WEAKEST))));
        Examples examples = new Examples(
                done - unreadable.size(), unreadable.size(), search.settings().summary(), probes, List.of());
        Outcome<Examples> outcome = new Outcome<>(examples, unreadable, Optional.empty());
        return done == all
                ? outcome
                : new Outcome<>(examples, unreadable, Optional.of(done + " of " + all + " pictures"));
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
