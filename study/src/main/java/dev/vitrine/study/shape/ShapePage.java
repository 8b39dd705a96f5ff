package dev.vitrine.study.shape;

import dev.vitrine.study.Interval;
import dev.vitrine.study.answer.ShapeBias;
import dev.vitrine.study.page.Html;
import dev.vitrine.study.plot.BarPlot;
import dev.vitrine.study.plot.LinePlot;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The HTML and the plot of a {@link ShapeReport}. */
final class ShapePage {
    /** A published shape bias. */
    record Published(String subject, String bias) {}

    private static final List<Published> PUBLISHED = List.of(
            new Published("people", "95.9 %"),
            new Published("AlexNet", "25.3 %"),
            new Published("ResNet-50", "21.4 %"),
            new Published("SqueezeNet 1.1", "18.2 %"),
            new Published("VGG-16", "9.2 %"));

    private final ShapeReport report;

    ShapePage(ShapeReport report) {
        this.report = report;
    }

    String html() {
        return Html.of(output -> JteshapeGenerated.render(output, null, this));
    }

    ShapeReport report() {
        return report;
    }

    List<Published> published() {
        return PUBLISHED;
    }

    List<String> names() {
        return report.subjects().stream().map(ShapeBias::subject).toList();
    }

    String title() {
        return "Shape or texture: " + String.join(", ", names());
    }

    List<String> caption() {
        return report.subjects().stream()
                .map(subject -> subject.subject() + ", " + subject.pictures() + " pictures of " + report.data() + ": "
                        + said(subject))
                .toList();
    }

    static String said(ShapeBias subject) {
        return subject.shapeBias()
                .map(bias -> "shape bias " + percent(bias) + " ("
                        + subject.interval().map(ShapePage::range).orElseThrow() + ")")
                .orElse("no shape bias, since no answer names shape or texture");
    }

    static String range(Interval range) {
        return String.format(Locale.ROOT, "%.1f to %.1f %%", 100 * range.low(), 100 * range.high());
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    static String percent(Optional<Double> share) {
        return share.map(ShapePage::percent).orElse("–");
    }

    static String of(int count, int all) {
        return all == 0 ? "–" : percent((double) count / all);
    }

    static String number(Optional<Double> number) {
        return number.map(value -> String.format(Locale.ROOT, "%.3f", value)).orElse("–");
    }

    static String interval(Optional<Interval> range) {
        return range.map(ends -> String.format(Locale.ROOT, "%.3f to %.3f", ends.low(), ends.high()))
                .orElse("by definition");
    }

    /** A bar for each subject that has a shape bias. */
    BarPlot plot() {
        return new BarPlot(
                "Shape bias",
                "shape bias, with 95 % interval",
                "answers that name shape or texture",
                new BarPlot.Limit("answers at random", 0.5),
                report.subjects().stream()
                        .filter(subject -> subject.shapeBias().isPresent())
                        .map(subject -> new BarPlot.Row(
                                subject.subject(),
                                subject.shapeBias().orElseThrow(),
                                subject.interval()
                                        .map(range -> new LinePlot.Span(range.low(), range.high()))
                                        .orElseThrow(),
                                (double) (subject.shape() + subject.texture()) / subject.pictures()))
                        .toList());
    }
}
