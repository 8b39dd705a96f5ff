package dev.vitrine.study.invariance;

import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.transformation.Transformation;
import dev.vitrine.lens.transformation.Transformations;
import dev.vitrine.study.page.Html;
import dev.vitrine.study.plot.LinePlot;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** The HTML and the plots of an {@link InvarianceReport}. */
final class InvariancePage {
    /** Up to this number each picture has a line of its own. */
    private static final int LINES = 8;

    private static final int SHOWN = 5;

    private final InvarianceReport report;

    InvariancePage(InvarianceReport report) {
        this.report = report;
    }

    /** A transformation: examples, and a plot for each layer and for the probability. */
    record Row(Transformation transformation, List<BufferedImage> examples, List<LinePlot> plots) {}

    String html() {
        return Html.of(output -> JteinvarianceGenerated.render(output, null, this));
    }

    InvarianceReport report() {
        return report;
    }

    String title() {
        return "Invariance of " + report.survey().model().name();
    }

    boolean isOfMany() {
        return pictures().size() > LINES;
    }

    private List<Invariances.OfPicture> pictures() {
        return report.outcome().result().pictures();
    }

    List<Row> rows() {
        return IntStream.range(0, report.survey().transformations().size())
                .mapToObj(this::row)
                .toList();
    }

    private Row row(int place) {
        Transformation transformation =
                Transformations.find(report.survey().transformations().get(place));
        List<LinePlot> plots = new ArrayList<>();
        for (int layer = 0; layer < report.survey().layers().size(); layer++) {
            int at = layer;
            plots.add(plot(
                    transformation,
                    transformation.title() + ": distance at "
                            + report.survey().layers().get(layer).name(),
                    pictures().stream()
                            .map(picture ->
                                    picture.curves().get(place).distances().get(at))
                            .toList()));
        }
        plots.add(plot(
                transformation,
                transformation.title() + ": probability of the class",
                pictures().stream()
                        .map(picture -> picture.curves().get(place).probabilities())
                        .toList()));
        return new Row(transformation, examples(transformation), plots);
    }

    /** The first picture under some of the amounts; none of an unfinished run. */
    private List<BufferedImage> examples(Transformation transformation) {
        if (report.outcome().isPartial()) {
            return List.of();
        }
        Picture view = report.survey()
                .model()
                .preprocessing()
                .view(report.survey().pictures().read(pictures().get(0).index()));
        int last = transformation.amounts().size() - 1;
        return IntStream.range(0, SHOWN)
                .mapToObj(index -> Images.of(transformation.version(view, last * index / (SHOWN - 1))))
                .toList();
    }

    private LinePlot plot(Transformation transformation, String title, List<List<Double>> curves) {
        List<LinePlot.Place> places = transformation.amounts().stream()
                .map(amount -> new LinePlot.Place(
                        amount,
                        amount == Math.rint(amount) ? String.format(Locale.ROOT, "%.0f", amount) : amount.toString()))
                .toList();
        List<LinePlot.Line> lines = new ArrayList<>();
        if (isOfMany()) {
            lines.add(mean(curves));
        } else {
            for (List<Double> curve : curves) {
                lines.add(new LinePlot.Line(pictures().get(lines.size()).name(), lines.size(), curve));
            }
        }
        double most = lines.stream()
                .flatMap(line -> IntStream.range(0, line.values().size())
                        .mapToObj(index -> line.spans().isEmpty()
                                ? line.values().get(index)
                                : line.spans().get(index).high()))
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(1);
        return new LinePlot(
                title,
                transformation.unit(),
                places,
                0,
                Math.max(0.25, Math.ceil(4 * most) / 4),
                OptionalDouble.empty(),
                lines);
    }

    /** Mean and standard deviation over the pictures. */
    private LinePlot.Line mean(List<List<Double>> curves) {
        List<Double> means = new ArrayList<>();
        List<LinePlot.Span> spans = new ArrayList<>();
        for (int index = 0; index < curves.get(0).size(); index++) {
            int place = index;
            List<Double> values = curves.stream().map(curve -> curve.get(place)).toList();
            double mean = InvarianceReport.mean(values);
            double deviation = Math.sqrt(InvarianceReport.mean(values.stream()
                    .map(value -> (value - mean) * (value - mean))
                    .toList()));
            means.add(mean);
            spans.add(new LinePlot.Span(Math.max(0, mean - deviation), mean + deviation));
        }
        return new LinePlot.Line("mean of " + curves.size() + " pictures, ± standard deviation", 0, means, spans);
    }
}
