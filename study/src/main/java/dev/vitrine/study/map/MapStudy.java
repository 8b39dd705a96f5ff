package dev.vitrine.study.map;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.NpyRows;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.embedding.Codes;
import dev.vitrine.lens.embedding.Layout;
import dev.vitrine.lens.embedding.Pca;
import dev.vitrine.lens.neighbor.Distance;
import dev.vitrine.lens.neighbor.ExactNeighbors;
import dev.vitrine.lens.neighbor.Neighbors;
import dev.vitrine.lens.store.Question;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.lens.unit.UnitName;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Study;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.embedding.CodeExtraction;
import dev.vitrine.study.embedding.CodeTable;
import dev.vitrine.study.embedding.Embedded;
import dev.vitrine.study.embedding.Embedding;
import dev.vitrine.study.embedding.KeptCodes;
import dev.vitrine.study.embedding.Pooling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * Lays pictures out by the activations of layers of one or several networks, and measures by which properties each
 * layer groups them.
 *
 * @param networks such as one at different times of its training
 * @param given further columns, a value for each picture of the list
 * @param folder where codes are kept
 */
public record MapStudy(
        List<MappedNetwork> networks,
        PictureList pictures,
        Pooling pooling,
        Layout layout,
        List<Column> given,
        long seed,
        Path folder)
        implements Study<PictureMap> {
    /** Principal components to which wider codes are reduced. */
    private static final int REDUCED = 50;

    private static final int FORMAT = 2;
    private static final int LEAST_PICTURES = 3;

    private static final double CODES = 0.6;
    private static final double PROPERTIES = 0.1;

    /** Activations that lay pictures out, and those that color them. */
    private enum Kind {
        CODES,
        UNITS
    }

    public MapStudy {
        networks = List.copyOf(networks);
        given = List.copyOf(given);
        if (pooling == Pooling.POSITIONS) {
            throw VitrineException.usage(
                    "Found positions as the codes of a map of pictures; expected one row per picture: mean, max or whole.");
        }
    }

    @Override
    public String id() {
        return "map";
    }

    @Override
    public Outcome<PictureMap> run(StudyContext context) {
        context.parts().begin(question());
        List<CodeTable> codes = new ArrayList<>();
        Set<String> unreadable = new LinkedHashSet<>();
        for (int network = 0; network < networks.size(); network++) {
            Outcome<CodeTable> found = codes(network, Kind.CODES, context);
            unreadable.addAll(found.unreadable());
            codes.add(found.result());
        }
        List<CodeTable.Row> rows = codes.get(0).pictures();
        if (rows.size() < LEAST_PICTURES) {
            throw VitrineException.failure(
                    "Found " + rows.size() + " readable pictures; expected at least " + LEAST_PICTURES + " for a map.");
        }
        MapColumns columns = new MapColumns(rows);
        List<String> names = names();
        for (int network = 0; network < networks.size(); network++) {
            String by = networks.size() == 1 ? "" : " by " + names.get(network);
            columns.addPredictions(codes.get(network).pictures(), by);
            if (!networks.get(network).units().isEmpty()) {
                CodeTable units = codes(network, Kind.UNITS, context).result();
                for (UnitName unit : networks.get(network).units()) {
                    columns.addNumbers(
                            unit.layer().name() + ":" + unit.channel().getAsInt() + by,
                            "largest activation of " + unit.words(),
                            activations(unit, units, folder(network, Kind.UNITS)));
                }
            }
        }
        columns.addMeasured(whole(new PropertySurvey(networks.get(0).model(), pictures)
                        .run(context.piece("properties", "properties", PROPERTIES)))
                .result());
        columns.addGiven(given);
        return new Outcome<>(
                new PictureMap(
                        names,
                        layout.id(),
                        rows.stream().mapToInt(CodeTable.Row::index).toArray(),
                        rows.stream().map(CodeTable.Row::picture).toList(),
                        columns.varying(),
                        maps(codes, columns.varying(), context)),
                List.copyOf(unreadable),
                Optional.empty());
    }

    private Outcome<CodeTable> codes(int index, Kind kind, StudyContext context) {
        MappedNetwork network = networks.get(index);
        long tables = networks.size()
                + networks.stream().filter(other -> !other.units().isEmpty()).count();
        Path kept = folder(index, kind);
        CodeExtraction extraction = new CodeExtraction(
                network.model(),
                pictures,
                kind == Kind.CODES ? network.layers() : network.layersOfUnits(),
                kind == Kind.CODES ? pooling : Pooling.MAX,
                kept);
        String name = kind.name().toLowerCase(Locale.ROOT);
        return whole(new KeptCodes(kept, Map.of())
                .of(extraction, context.piece(name + "-" + index, name + " of " + names().get(index), CODES / tables)));
    }

    private List<LayerMap> maps(List<CodeTable> codes, List<Column> columns, StudyContext context) {
        List<LayerMap> maps = new ArrayList<>();
        int count = codes.stream().mapToInt(table -> table.files().size()).sum();
        for (int network = 0; network < networks.size(); network++) {
            Runner runner = context.session(networks.get(network).model()).runner();
            String suffix = networks.size() == 1 ? "" : " of " + names().get(network);
            for (CodeTable.Layer layer : codes.get(network).files()) {
                StudyContext piece = context.piece(
                        "map-" + maps.size(),
                        layout.id() + " of " + layer.layer() + suffix,
                        (1 - CODES - PROPERTIES) / count);
                maps.add(map(
                        layer.layer() + suffix,
                        folder(network, Kind.CODES).resolve(layer.file()),
                        codes.get(network).pictures(),
                        columns,
                        maps,
                        runner,
                        piece));
            }
        }
        return maps;
    }

    private static double[] activations(UnitName unit, CodeTable table, Path folder) {
        CodeTable.Layer layer = table.files().stream()
                .filter(file -> file.layer().equals(unit.layer().name()))
                .findFirst()
                .orElseThrow();
        try (NpyRows rows = NpyRows.open(folder.resolve(layer.file()))) {
            double[] values = rows.read(0, rows.rows());
            return IntStream.range(0, rows.rows())
                    .mapToDouble(
                            row -> values[row * rows.columns() + unit.channel().getAsInt()])
                    .toArray();
        }
    }

    private Path folder(int network, Kind kind) {
        Path own = networks.size() == 1 ? folder : folder.resolve(Integer.toString(network + 1));
        return kind == Kind.CODES ? own : own.resolve("units");
    }

    /** Names of the networks; equal ones are numbered. */
    public List<String> names() {
        List<String> names =
                networks.stream().map(network -> network.model().name()).toList();
        return IntStream.range(0, names.size())
                .mapToObj(index -> Collections.frequency(names, names.get(index)) == 1
                        ? names.get(index)
                        : names.get(index) + " " + (index + 1))
                .toList();
    }

    private Question question() {
        Question question = Question.of(id(), FORMAT).with(pictures);
        for (MappedNetwork network : networks) {
            question = question.with(network.model())
                    .with(
                            "layers",
                            network.layers().stream().map(ChannelLayer::name).toList())
                    .with("units", network.units().stream().map(UnitName::words).toList());
        }
        return question.with("pooling", pooling).with("method", layout).with("seed", seed);
    }

    /** A map is of all pictures; those that were read are kept for the next run. */
    private static <T> Outcome<T> whole(Outcome<T> outcome) {
        if (outcome.isPartial()) {
            throw new CancellationException("stopped after " + outcome.missing().orElse(""));
        }
        return outcome;
    }

    private LayerMap map(
            String layer,
            Path file,
            List<CodeTable.Row> rows,
            List<Column> columns,
            List<LayerMap> before,
            Runner runner,
            StudyContext context) {
        double[] scores;
        int width;
        int codeColumns;
        try (NpyRows stored = NpyRows.open(file)) {
            Codes codes = Codes.of(stored, layer);
            codeColumns = codes.columns();
            width = Math.min(REDUCED, Math.min(codes.rows(), codes.columns()));
            scores = Pca.of(codes, width, runner, seed, context.watcher()).project(codes, Pca.Scaling.NONE, runner);
        }
        Optional<Layout.Labels> labels = labels(rows);
        Outcome<Embedded> laid = whole(new Embedding(
                        runner,
                        Codes.of(scores, width),
                        labels,
                        layout,
                        2,
                        Embedding.Scale.NONE,
                        OptionalInt.empty(),
                        seed)
                .run(context));
        double[] points = doubles(laid.result().map().toFloats());
        int count = Math.min(10, rows.size() - 1);
        Neighbors near = nearest(scores, width, count, runner);
        Neighbors onMap = nearest(points, 2, count, runner);
        double[] placed = before.isEmpty()
                ? Alignment.normalized(points)
                : Alignment.aligned(points, before.get(0).points());
        return new LayerMap(
                layer,
                codeColumns,
                placed,
                IntStream.range(0, rows.size())
                        .flatMap(point -> IntStream.range(0, LayerMap.NEAR)
                                .map(rank -> near.id(point, Math.min(rank, count - 1))))
                        .toArray(),
                kept(near, onMap),
                labels.map(known -> separability(near, known.of())),
                laid.result().quality(),
                columns.stream()
                        .map(column -> Grouping.of(column, scores, width, near, seed))
                        .toList());
    }

    private static Optional<Layout.Labels> labels(List<CodeTable.Row> rows) {
        List<String> classes =
                rows.stream().map(CodeTable.Row::className).distinct().sorted().toList();
        return classes.size() < 2
                ? Optional.empty()
                : Optional.of(new Layout.Labels(
                        rows.stream()
                                .mapToInt(row -> classes.indexOf(row.className()))
                                .toArray(),
                        classes.size()));
    }

    private static Neighbors nearest(double[] values, int columns, int count, Runner runner) {
        try (ExactNeighbors search = new ExactNeighbors(runner, values, columns, Distance.EUCLIDEAN)) {
            return search.ofKnown(count, Progress.NONE);
        }
    }

    private static int[] kept(Neighbors codes, Neighbors map) {
        return IntStream.range(0, codes.queries())
                .map(point -> {
                    Set<Integer> found = new HashSet<>();
                    IntStream.range(0, map.count()).forEach(rank -> found.add(map.id(point, rank)));
                    return (int) IntStream.range(0, codes.count())
                            .filter(rank -> found.contains(codes.id(point, rank)))
                            .count();
                })
                .toArray();
    }

    /** Accuracy of the vote of the nearest, each point left out of its own. */
    private static double separability(Neighbors near, int[] labels) {
        int right = 0;
        for (int point = 0; point < labels.length; point++) {
            Map<Integer, Integer> votes = new HashMap<>();
            int best = -1;
            for (int rank = near.count() - 1; rank >= 0; rank--) {
                int label = labels[near.id(point, rank)];
                int count = votes.merge(label, 1, Integer::sum);
                best = best < 0 || count >= votes.get(best) ? label : best;
            }
            right += best == labels[point] ? 1 : 0;
        }
        return (double) right / labels.length;
    }

    private static double[] doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }
}
