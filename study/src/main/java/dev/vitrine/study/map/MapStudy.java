package dev.vitrine.study.map;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.NpyRows;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.embedding.Codes;
import dev.vitrine.lens.embedding.Layout;
import dev.vitrine.lens.embedding.Pca;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.neighbor.Distance;
import dev.vitrine.lens.neighbor.ExactNeighbors;
import dev.vitrine.lens.neighbor.Neighbors;
import dev.vitrine.lens.property.Properties;
import dev.vitrine.lens.store.Question;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Study;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.embedding.CodeExtraction;
import dev.vitrine.study.embedding.CodeReport;
import dev.vitrine.study.embedding.CodeTable;
import dev.vitrine.study.embedding.Embedded;
import dev.vitrine.study.embedding.Embedding;
import dev.vitrine.study.embedding.Pooling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * Lays pictures out by the activations of layers, and measures by which properties each layer groups them.
 *
 * @param given further columns, a value for each picture of the list
 * @param folder where codes are kept
 */
public record MapStudy(
        Model model,
        PictureList pictures,
        List<ChannelLayer> layers,
        Pooling pooling,
        Layout layout,
        List<Column> given,
        long seed,
        Path folder)
        implements Study<PictureMap> {
    /** Principal components to which wider codes are reduced. */
    private static final int REDUCED = 50;

    private static final int FORMAT = 1;
    private static final int LEAST_PICTURES = 3;

    private static final double CODES = 0.6;
    private static final double PROPERTIES = 0.1;

    public MapStudy {
        layers = List.copyOf(layers);
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
        Outcome<CodeTable> codes = whole(new CodeExtraction(model, pictures, layers, pooling, folder)
                .run(context.piece("codes", "codes", CODES)));
        new CodeReport(Map.of()).write(codes, folder);
        Outcome<PropertySurvey.Rows> measured =
                whole(new PropertySurvey(model, pictures).run(context.piece("properties", "properties", PROPERTIES)));
        List<CodeTable.Row> rows = codes.result().pictures();
        if (rows.size() < LEAST_PICTURES) {
            throw VitrineException.failure(
                    "Found " + rows.size() + " readable pictures; expected at least " + LEAST_PICTURES + " for a map.");
        }
        List<Column> columns = columns(rows, measured.result());
        List<LayerMap> maps = new ArrayList<>();
        Runner runner = context.session(model).runner();
        double share = (1 - CODES - PROPERTIES) / layers.size();
        for (CodeTable.Layer layer : codes.result().files()) {
            StudyContext piece = context.piece("map-" + maps.size(), layout.id() + " of " + layer.layer(), share);
            maps.add(map(layer, rows, columns, maps, runner, piece));
        }
        PictureMap map = new PictureMap(
                model.name(),
                layout.id(),
                rows.stream().mapToInt(CodeTable.Row::index).toArray(),
                rows.stream().map(CodeTable.Row::picture).toList(),
                columns,
                maps);
        return new Outcome<>(map, codes.unreadable(), Optional.empty());
    }

    private Question question() {
        return Question.of(id(), FORMAT)
                .with(model)
                .with(pictures)
                .with("layers", layers.stream().map(ChannelLayer::name).toList())
                .with("pooling", pooling)
                .with("method", layout)
                .with("seed", seed);
    }

    /** A map is of all pictures; those that were read are kept for the next run. */
    private static <T> Outcome<T> whole(Outcome<T> outcome) {
        if (outcome.isPartial()) {
            throw new CancellationException("stopped after " + outcome.missing().orElse(""));
        }
        return outcome;
    }

    private List<Column> columns(List<CodeTable.Row> rows, PropertySurvey.Rows measured) {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.words(
                "class",
                "class, by folder",
                rows.stream().map(CodeTable.Row::className).toList()));
        columns.add(Column.words(
                "predicted",
                "predicted class",
                rows.stream().map(CodeTable.Row::predicted).toList()));
        columns.add(Column.words(
                "right",
                "whether the prediction is right",
                rows.stream().map(MapStudy::right).toList()));
        columns.add(Column.numbers(
                "confidence",
                "probability of the predicted class",
                rows.stream()
                        .mapToDouble(row -> row.confidence().orElse(Double.NaN))
                        .toArray()));
        columns.add(Column.numbers(
                "loss",
                "cross-entropy of the folder's class",
                rows.stream().mapToDouble(row -> row.loss().orElse(Double.NaN)).toArray()));
        Map<Integer, double[]> values = new HashMap<>();
        measured.of().forEach(row -> values.put(row.index(), row.values()));
        for (int property = 0; property < Properties.ALL.size(); property++) {
            int place = property;
            columns.add(Column.numbers(
                    Properties.ALL.get(property).id(),
                    Properties.ALL.get(property).meaning(),
                    rows.stream()
                            .mapToDouble(row -> Optional.ofNullable(values.get(row.index()))
                                    .map(of -> of[place])
                                    .orElse(Double.NaN))
                            .toArray()));
        }
        for (Column column : given) {
            columns.add(new Column(
                    column.id(),
                    column.meaning(),
                    column.words(),
                    rows.stream()
                            .mapToDouble(row -> column.values()[row.index()])
                            .toArray()));
        }
        return columns.stream().filter(Column::varies).toList();
    }

    /** A network's display name of a class begins with its number. */
    private static String right(CodeTable.Row row) {
        if (row.loss().isEmpty() || row.predicted().isEmpty()) {
            return "";
        }
        // The loss of the likeliest class is -log of the confidence.
        boolean right = Math.abs(row.loss().get() + Math.log(row.confidence().orElse(1.0))) < 1e-9;
        return right ? "right" : "wrong";
    }

    private LayerMap map(
            CodeTable.Layer layer,
            List<CodeTable.Row> rows,
            List<Column> columns,
            List<LayerMap> before,
            Runner runner,
            StudyContext context) {
        double[] scores;
        int width;
        try (NpyRows file = NpyRows.open(folder.resolve(layer.file()))) {
            Codes codes = Codes.of(file, layer.layer());
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
                layer.layer(),
                layer.columns(),
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
