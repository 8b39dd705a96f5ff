package dev.vitrine.study.report;

import dev.vitrine.lens.training.EpochRecord;
import dev.vitrine.lens.training.Evaluation;
import dev.vitrine.lens.training.TrainingReport;
import dev.vitrine.study.page.Html;
import dev.vitrine.study.plot.LinePlot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** A training run as a page: learning curves, accuracy of each class, and the confusion matrix. */
public final class TrainingPage {
    /** From this number of classes on, the confusion matrix has small cells. */
    private static final int MANY_CLASSES = 24;

    private static final int MOST_MISTAKES = 12;
    private static final int PLACES = 6;

    /** Smallest share, in hundredths, whose color is distinguishable from none. */
    private static final double FAINTEST = 8;

    private final TrainingReport report;
    private final Evaluation now;

    private TrainingPage(TrainingReport report) {
        this.report = report;
        this.now = report.evaluation();
    }

    /** Deterministic: the same report gives the same text. */
    public static String html(TrainingReport report) {
        return Html.of(output -> JtetrainingGenerated.render(output, null, new TrainingPage(report)));
    }

    TrainingReport report() {
        return report;
    }

    private record Curve(String name, ToDoubleFunction<EpochRecord> value) {}

    List<LinePlot> plots() {
        List<Curve> losses = List.of(
                new Curve("training (augmented)", EpochRecord::trainLoss), new Curve("held out", EpochRecord::loss));
        List<Curve> shares = List.of(
                new Curve("training (augmented)", EpochRecord::trainAccuracy),
                new Curve("held out", EpochRecord::accuracy),
                new Curve("held out, mean class accuracy", EpochRecord::meanClassAccuracy));
        double peak = report.log().stream().mapToDouble(EpochRecord::rate).max().orElse(1);
        List<Curve> others = List.of(
                new Curve("share of dead units", EpochRecord::deadShare),
                new Curve("learning rate, peak = 1", line -> peak > 0 ? line.rate() / peak : 0));
        double highest = report.log().stream()
                .mapToDouble(line -> Math.max(line.trainLoss(), line.loss()))
                .max()
                .orElse(1);
        return List.of(
                plot("Loss", Math.max(0.1, highest), losses),
                plot("Accuracy", 1, shares),
                plot("Dead units and learning rate", 1, others));
    }

    private LinePlot plot(String title, double high, List<Curve> curves) {
        int count = report.log().size();
        List<LinePlot.Place> places = new ArrayList<>();
        int step = Math.max(1, (count + PLACES - 1) / PLACES);
        for (EpochRecord line : report.log()) {
            boolean marked = line.epoch() % step == 0 || count == 1;
            places.add(new LinePlot.Place(line.epoch(), marked ? Integer.toString(line.epoch()) : ""));
        }
        List<LinePlot.Line> lines = new ArrayList<>();
        for (Curve curve : curves) {
            List<Double> values =
                    report.log().stream().map(curve.value()::applyAsDouble).toList();
            lines.add(new LinePlot.Line(curve.name(), lines.size(), values));
        }
        return new LinePlot(title, "epoch", places, 0, high, OptionalDouble.empty(), lines);
    }

    /** @param mistaken the class it is most often confused with, if any */
    record Row(String label, int pictures, int right, String share, String mistaken) {}

    /** Most accurate first. */
    List<Row> classes() {
        return IntStream.range(0, report.labels().size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer label) -> -shareOrZero(label)))
                .map(this::row)
                .toList();
    }

    private Row row(int label) {
        List<Integer> row = now.confusion().get(label);
        int all = row.stream().mapToInt(Integer::intValue).sum();
        return new Row(
                label(label),
                all,
                row.get(label),
                all > 0 ? percent(now.accuracy(label)) : "–",
                mistaken(label).stream()
                        .findFirst()
                        .map(other -> label(other) + " (" + row.get(other) + ")")
                        .orElse(""));
    }

    private String label(int label) {
        return report.labels().get(label);
    }

    private double shareOrZero(int label) {
        double share = now.accuracy(label);
        return Double.isNaN(share) ? 0 : share;
    }

    /** Predictions for a class, most frequent first. */
    private List<Integer> mistaken(int label) {
        List<Integer> row = now.confusion().get(label);
        return IntStream.range(0, row.size())
                .filter(other -> other != label && row.get(other) > 0)
                .boxed()
                .sorted(Comparator.comparingInt((Integer other) -> -row.get(other)))
                .toList();
    }

    record Mistake(String label, String taken, int count) {}

    /** Most frequent first. */
    List<Mistake> mistakes() {
        return IntStream.range(0, report.labels().size())
                .boxed()
                .flatMap(label -> mistaken(label).stream()
                        .map(other -> new Mistake(
                                label(label),
                                label(other),
                                now.confusion().get(label).get(other))))
                .sorted(Comparator.comparingInt((Mistake mistake) -> -mistake.count()))
                .limit(MOST_MISTAKES)
                .toList();
    }

    record Shown(String label, List<Cell> cells) {}

    /**
     * @param words true class, predicted class, and count
     * @param style its color; empty for a count of 0
     */
    record Cell(String words, Optional<String> style, String count) {}

    /** Whether the confusion matrix is drawn with small cells. */
    boolean isLarge() {
        return report.labels().size() > MANY_CLASSES;
    }

    /** Rows are true classes, columns predicted classes; color strength is the share of the row. */
    List<Shown> confusion() {
        int classes = report.labels().size();
        return IntStream.range(0, classes)
                .mapToObj(label -> new Shown(
                        label(label),
                        IntStream.range(0, classes)
                                .mapToObj(other -> cell(label, other))
                                .toList()))
                .toList();
    }

    private Cell cell(int label, int other) {
        List<Integer> row = now.confusion().get(label);
        int count = row.get(other);
        int all = row.stream().mapToInt(Integer::intValue).sum();
        String words = label(label) + (other == label ? " correct: " : " predicted as " + label(other) + ": ") + count
                + " of " + all;
        if (count == 0) {
            return new Cell(words, Optional.empty(), "");
        }
        double share = 100.0 * count / all;
        String style = String.format(
                Locale.ROOT,
                "background: color-mix(in srgb, var(--s%d) %.0f%%, transparent)",
                other == label ? 0 : 1,
                Math.max(FAINTEST, share));
        return new Cell(words, Optional.of(style), Integer.toString(count));
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
