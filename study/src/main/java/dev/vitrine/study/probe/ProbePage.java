package dev.vitrine.study.probe;

import dev.vitrine.study.Interval;
import dev.vitrine.study.page.Html;
import dev.vitrine.study.plot.LinePlot;
import dev.vitrine.study.probe.LayerResult.Trial;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The HTML and the plots of a {@link ProbeReport}. */
final class ProbePage {
    private static final int CONFUSIONS = 12;
    private static final int EXTREMES = 8;
    private static final int MOST_CURVES = 5;

    private final ProbeReport report;
    private final List<String> layers;

    ProbePage(ProbeReport report) {
        this.report = report;
        this.layers = report.layers();
    }

    String html() {
        return Html.of(output -> JteprobeGenerated.render(output, null, this));
    }

    ProbeReport report() {
        return report;
    }

    List<String> layers() {
        return layers;
    }

    LayerResult last() {
        return report.at(layers.get(layers.size() - 1), Integer.MAX_VALUE);
    }

    /** Position of its layer in the network, from 1. */
    int number(LayerResult result) {
        return layers.indexOf(result.layer()) + 1;
    }

    boolean isGridded() {
        return report.grids().size() > 1 || report.grids().get(0) > 1;
    }

    static String told(LayerResult result) {
        Answers answers = result.full().linear();
        return percent(answers.meanPerClass()) + " (" + range(answers.interval()) + ")";
    }

    String method() {
        return "Mean per-class accuracy on held-out pictures, with 95 % intervals over the"
                + " pictures. Linear: multinomial logistic regression with an L2 penalty; neighbors: majority vote of"
                + " the nearest"
                + " training pictures by cosine similarity. Penalty and number of neighbors are chosen on a fifth of"
                + " the training"
                + " pictures. Maps are averaged over the cells of a grid."
                + report.shortage().map(words -> " " + words).orElse("");
    }

    /** The caption of the plot. */
    List<String> caption() {
        Trial full = report.best().full();
        return List.of(
                report.model() + " on " + report.data() + ": "
                        + report.classes().size() + " classes, " + full.trained() + " training pictures ("
                        + full.title() + "), " + full.linear().pictures() + " held out",
                "mean per-class accuracy with 95 % intervals; linear: logistic regression, neighbors: k nearest by"
                        + " cosine");
    }

    /** Accuracy over depth. */
    LinePlot depth() {
        List<LinePlot.Place> places = new ArrayList<>();
        for (int index = 0; index < layers.size(); index++) {
            places.add(new LinePlot.Place(index + 1, report.stage(layers.get(index))));
        }
        List<LinePlot.Line> lines = new ArrayList<>();
        for (int grid : report.grids()) {
            String on = report.grids().size() == 1 && grid == 1 ? "" : ", " + grid + "×" + grid + " cells";
            List<Answers> linear = new ArrayList<>();
            List<Answers> neighbors = new ArrayList<>();
            for (String layer : layers) {
                linear.add(report.at(layer, grid).full().linear());
                neighbors.add(report.at(layer, grid).full().neighbors());
            }
            lines.add(line("linear" + on, lines.size(), linear));
            lines.add(line("neighbors" + on, lines.size(), neighbors));
        }
        lines.add(new LinePlot.Line(
                "chance",
                LinePlot.CONTROL,
                Collections.nCopies(layers.size(), 1.0 / report.classes().size())));
        return new LinePlot("Accuracy by layer", "layer", places, 0, top(lines), OptionalDouble.empty(), lines);
    }

    private static LinePlot.Line line(String name, int style, List<Answers> answers) {
        return new LinePlot.Line(
                name,
                style,
                answers.stream().map(Answers::meanPerClass).toList(),
                answers.stream()
                        .map(Answers::interval)
                        .map(interval -> new LinePlot.Span(interval.low(), interval.high()))
                        .toList());
    }

    private static double top(List<LinePlot.Line> lines) {
        double most = lines.stream()
                .flatMap(line -> Stream.concat(
                        line.values().stream(), line.spans().stream().map(LinePlot.Span::high)))
                .max(Comparator.naturalOrder())
                .orElse(1.0);
        return Math.min(1, Math.ceil(most * 10 + 0.2) / 10);
    }

    /** Accuracy of a few layers over the number of training pictures. */
    LinePlot shots() {
        List<Trial> trials = report.best().trials();
        List<LinePlot.Place> places = trials.stream()
                .map(trial -> new LinePlot.Place(Math.log(trial.shots()), Integer.toString(trial.shots())))
                .toList();
        List<LayerResult> chosen = new ArrayList<>();
        int count = Math.min(MOST_CURVES, layers.size());
        for (int index = 0; index < count; index++) {
            String layer = layers.get(count == 1 ? 0 : index * (layers.size() - 1) / (count - 1));
            chosen.add(report.at(layer, Integer.MAX_VALUE));
        }
        if (!chosen.contains(report.best())) {
            chosen.add(report.best());
        }
        chosen.sort(Comparator.comparingInt(result -> layers.indexOf(result.layer())));
        List<LinePlot.Line> lines = new ArrayList<>();
        for (LayerResult result : chosen) {
            lines.add(line(
                    (layers.indexOf(result.layer()) + 1) + " " + report.stage(result.layer()),
                    lines.size(),
                    result.trials().stream().map(Trial::linear).toList()));
        }
        lines.add(new LinePlot.Line(
                "chance",
                LinePlot.CONTROL,
                Collections.nCopies(places.size(), 1.0 / report.classes().size())));
        return new LinePlot(
                "Linear classifier",
                "training pictures per class",
                places,
                0,
                top(lines),
                OptionalDouble.empty(),
                lines);
    }

    private enum Kind {
        LINEAR,
        NEIGHBORS;

        Answers of(Trial trial) {
            return this == LINEAR ? trial.linear() : trial.neighbors();
        }
    }

    /** @param isBest whether no layer is more accurate */
    record Cell(Answers answers, boolean isBest) {}

    /** Accuracy of both classifiers at each number of training pictures. */
    List<Cell> cells(LayerResult result) {
        List<Cell> cells = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (int trial = 0; trial < result.trials().size(); trial++) {
                cells.add(cell(result, trial, kind));
            }
        }
        return cells;
    }

    private Cell cell(LayerResult result, int trial, Kind kind) {
        Answers answers = kind.of(result.trials().get(trial));
        double most = report.results().stream()
                .mapToDouble(one -> kind.of(one.trials().get(trial)).meanPerClass())
                .max()
                .orElseThrow();
        return new Cell(answers, answers.meanPerClass() == most);
    }

    String hardest() {
        List<Integer> order = byShare();
        return named(order.subList(0, extremes(order)));
    }

    String easiest() {
        List<Integer> order = byShare();
        List<Integer> easiest = new ArrayList<>(order.subList(order.size() - extremes(order), order.size()));
        Collections.reverse(easiest);
        return named(easiest);
    }

    private static int extremes(List<Integer> order) {
        return Math.min(EXTREMES, order.size() / 2);
    }

    List<Answers.Confusion> confusions() {
        return report.best().full().linear().confusions(CONFUSIONS);
    }

    /** Tested classes, the hardest first. */
    private List<Integer> byShare() {
        Answers answers = report.best().full().linear();
        return IntStream.range(0, report.classes().size())
                .boxed()
                .filter(label -> !Double.isNaN(answers.share(label)))
                .sorted(Comparator.comparingDouble(answers::share))
                .toList();
    }

    private String named(List<Integer> labels) {
        Answers answers = report.best().full().linear();
        return labels.stream()
                .map(label -> report.classes().get(label) + " " + percent(answers.share(label)))
                .collect(Collectors.joining(", "));
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    static String range(Interval interval) {
        return String.format(Locale.ROOT, "%.1f to %.1f %%", 100 * interval.low(), 100 * interval.high());
    }
}
