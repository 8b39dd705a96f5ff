package dev.vitrine.study.attack.folder;

import dev.vitrine.lens.attack.Norm;
import dev.vitrine.study.attack.Share;
import dev.vitrine.study.attack.folder.FolderAttackReport.Example;
import dev.vitrine.study.attack.picture.Difference;
import dev.vitrine.study.page.Html;
import dev.vitrine.study.plot.LinePlot;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The HTML of a {@link FolderAttackReport}. */
record FolderAttackPage(FolderAttackReport report, List<Example> examples) {
    private static final int LABELS = 6;

    String html() {
        return Html.of(output -> JtefolderGenerated.render(output, null, this));
    }

    String title() {
        return report.data() + " under attack, as seen by " + report.model().name();
    }

    String lead() {
        Resistance result = report.result();
        Resistance.Level last = result.levels().get(result.levels().size() - 1);
        return String.format(
                Locale.ROOT,
                "%s: accuracy %s on %d pictures, %s under attack%s; success %s (95 %% interval %s) of %d",
                result.method(),
                FolderAttackReport.percent(result.accuracy().share()),
                result.pictures(),
                FolderAttackReport.percent(last.accuracy().share()),
                last.epsilon().isPresent() ? " at epsilon " + epsilon(last.epsilon()) : "",
                FolderAttackReport.percent(last.success().share()),
                FolderAttackReport.range(last.success()),
                result.attackable());
    }

    /** What to know of changes below one level of 8 bits; empty if there are none. */
    String caution() {
        boolean below = report.study().attacks().get(0).norm() == Norm.LINF
                && report.result().levels().stream()
                        .anyMatch(level -> level.epsilon().orElse(1) < 1 / 255.0 - 1e-9);
        return below ? "An epsilon below 1/255 allows no change of a picture of 8 bits." : "";
    }

    static String percent(Share share) {
        return FolderAttackReport.percent(share.share());
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }

    static String level(double value) {
        return String.format(Locale.ROOT, "%.3g/255", 255 * value);
    }

    /** {@code 8/255}, or a number where it is no simple fraction; words if there is none. */
    static String epsilon(OptionalDouble epsilon) {
        if (epsilon.isEmpty()) {
            return "smallest";
        }
        double levels = 255 * epsilon.getAsDouble();
        boolean simple = Math.abs(levels * 8 - Math.rint(levels * 8)) < 1e-6;
        return simple ? String.format(Locale.ROOT, "%s/255", trimmed(levels)) : trimmed(epsilon.getAsDouble());
    }

    private static String axis(double value) {
        return trimmed(new BigDecimal(value).round(new MathContext(2)).doubleValue());
    }

    private static String trimmed(double value) {
        return String.format(Locale.ROOT, "%.4f", value).replaceAll("\\.?0+$", "");
    }

    /** Accuracy as a function of the size of changes. */
    LinePlot curve() {
        List<Resistance.Point> curve = report.result().curve();
        Norm norm = report.study().attacks().get(0).norm();
        boolean bounded = report.result().levels().get(0).epsilon().isPresent();
        double unit = norm == Norm.LINF ? 255 : 1;
        List<LinePlot.Place> places = new ArrayList<>();
        for (int index = 0; index < curve.size(); index++) {
            boolean named = bounded || index % Math.max(1, curve.size() / LABELS) == 0;
            places.add(new LinePlot.Place(
                    curve.get(index).size() * unit,
                    !named
                            ? ""
                            : bounded
                                    ? trimmed(curve.get(index).size() * unit)
                                    : axis(curve.get(index).size() * unit)));
        }
        LinePlot.Line line = new LinePlot.Line(
                report.result().method(),
                0,
                curve.stream().map(point -> point.accuracy().share()).toList(),
                bounded
                        ? curve.stream()
                                .map(point -> new LinePlot.Span(
                                        point.accuracy().interval().low(),
                                        point.accuracy().interval().high()))
                                .toList()
                        : List.of());
        return new LinePlot(
                "Accuracy under attack",
                switch (norm) {
                    case LINF -> "largest change of a value (L∞), of 255";
                    case L2 -> "size of the change (L2, values in 0..1)";
                    case L1 -> "size of the change (L1, values in 0..1)";
                },
                places,
                0,
                1,
                OptionalDouble.empty(),
                List.of(line));
    }

    static int factor(Example example) {
        return Difference.factor(example.before(), example.after());
    }

    static BufferedImage change(Example example) {
        return Difference.enlarged(example.before(), example.after(), factor(example));
    }

    String coarse() {
        return report.model().preprocessing().width() < 150 ? "coarse" : "";
    }

    String label(int index) {
        return report.model().display(index);
    }

    String after(Example example) {
        return label(example.broken().after())
                + (report.model().head().hasProbabilities()
                        ? " " + FolderAttackReport.percent(example.broken().confidence())
                        : "");
    }
}
