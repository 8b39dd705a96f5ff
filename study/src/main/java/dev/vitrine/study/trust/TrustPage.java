package dev.vitrine.study.trust;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Heatmap;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.metric.Curve;
import dev.vitrine.lens.metric.Measure;
import dev.vitrine.lens.render.HeatmapPainter;
import dev.vitrine.lens.render.Resampling;
import dev.vitrine.lens.render.color.Scale;
import dev.vitrine.study.page.Html;
import dev.vitrine.study.plot.LinePlot;
import dev.vitrine.study.sanity.SanityCheck.Order;
import dev.vitrine.study.sanity.SanityCheck.Stage;
import dev.vitrine.study.sanity.SanityCriterion.Outcome;
import dev.vitrine.study.sanity.SanityCriterion.Verdict;
import dev.vitrine.study.sanity.Similarity;
import dev.vitrine.study.trust.TrustReport.Control;
import dev.vitrine.study.trust.TrustReport.Method;
import dev.vitrine.study.trust.TrustReport.StageResult;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** The HTML of a {@link TrustReport}. */
final class TrustPage {
    private static final int LARGEST_MAP = 112;
    static final String CHANCE = "Random map";

    private final TrustReport report;

    TrustPage(TrustReport report) {
        this.report = report;
    }

    String html() {
        return Html.of(output -> JtetrustGenerated.render(output, null, this));
    }

    TrustReport report() {
        return report;
    }

    /** Signed rank correlation, unsigned rank correlation, and SSIM. */
    static String words(Similarity mean) {
        return two(mean.signed()) + " · " + two(mean.unsigned()) + " · " + two(mean.structural());
    }

    BufferedImage picture(Method method, Tensor heat) {
        int height = Math.toIntExact(heat.dimension(0));
        int width = Math.toIntExact(heat.dimension(1));
        double share = Math.min(1, (double) LARGEST_MAP / Math.max(height, width));
        int newHeight = Math.max(1, (int) Math.round(height * share));
        int newWidth = Math.max(1, (int) Math.round(width * share));
        float[] small = Resampling.BILINEAR.apply(heat.toFloats(), height, width, newHeight, newWidth);
        Provenance provenance = new Provenance(
                report.model(), report.example().name(), report.example().target(), method.id(), method.options());
        Heatmap map = new Heatmap(Tensor.floats(small, newHeight, newWidth), provenance);
        return HeatmapPainter.MAP.map(map, Scale.robust(map, method.polarity()));
    }

    /** A method with its verdict, if its check was completed. */
    record Judged(Method method, Optional<Verdict> verdict) {
        String words() {
            return verdict.map(Verdict::words).orElse("");
        }
    }

    List<Judged> failing() {
        return judged(Optional.of(Outcome.FAILS));
    }

    List<Judged> passing() {
        return judged(Optional.of(Outcome.PASSES));
    }

    List<Judged> open() {
        return judged(Optional.empty());
    }

    private List<Judged> judged(Optional<Outcome> outcome) {
        return report.methods().stream()
                .map(method -> new Judged(method, report.verdict(method)))
                .filter(judged -> judged.verdict().map(Verdict::outcome).equals(outcome))
                .toList();
    }

    /** Stages of the method that progressed furthest. */
    List<Stage> stages(Order order) {
        return report.methods().stream()
                .map(method ->
                        method.stages(order).stream().map(StageResult::stage).toList())
                .reduce((one, other) -> one.size() >= other.size() ? one : other)
                .orElse(List.of());
    }

    List<LinePlot> similarities(Order order) {
        List<Stage> stages = stages(order);
        return List.of(
                plot("Signed rank correlation", order, stages, Similarity::signed),
                plot("Unsigned rank correlation", order, stages, Similarity::unsigned),
                plot("SSIM of the displayed maps", order, stages, Similarity::structural));
    }

    private LinePlot plot(String title, Order order, List<Stage> stages, ToDoubleFunction<Similarity> measure) {
        boolean cascading = order == Order.CASCADING;
        List<LinePlot.Place> places = new ArrayList<>();
        if (cascading) {
            places.add(new LinePlot.Place(0, "0"));
        }
        int passed = 0;
        for (Stage stage : stages) {
            String word = cascading
                    ? Integer.toString(stage.layers())
                    : passed + 1 + (stage.layers() > 1 ? "–" + (passed + stage.layers()) : "");
            passed += stage.layers();
            places.add(new LinePlot.Place(cascading ? stage.layers() : places.size(), stages.size() > 12 ? "" : word));
        }
        List<LinePlot.Line> lines = new ArrayList<>();
        double low = 0;
        for (int index = 0; index < report.methods().size(); index++) {
            Method method = report.methods().get(index);
            List<Double> values = new ArrayList<>();
            if (cascading) {
                values.add(1.0);
            }
            method.stages(order)
                    .forEach(result ->
                            values.add(measure.applyAsDouble(result.mean().above(method.betweenPictures()))));
            low = Math.min(
                    low, values.stream().mapToDouble(Double::doubleValue).min().orElse(0));
            lines.add(new LinePlot.Line(method.title(), index, values));
        }
        return new LinePlot(
                title,
                cascading ? "randomized layers, from the top" : "randomized layer, counted from the top",
                places,
                low < -0.02 ? -0.5 : 0,
                1,
                cascading ? OptionalDouble.of(report.criterion().limit()) : OptionalDouble.empty(),
                lines);
    }

    boolean hasCurves() {
        return report.methods().stream()
                .anyMatch(method -> method.measured().deletion().isPresent());
    }

    List<LinePlot> curves() {
        return List.of(curve("Deletion", Control::deletion), curve("Insertion", Control::insertion));
    }

    private interface Chosen {
        Optional<Curve> of(Control measured);
    }

    private LinePlot curve(String title, Chosen chosen) {
        List<LinePlot.Line> lines = new ArrayList<>();
        List<LinePlot.Place> places = new ArrayList<>();
        double high = 0;
        for (int index = -1; index < report.methods().size(); index++) {
            Control measured = index < 0
                    ? report.found().chance()
                    : report.methods().get(index).measured();
            Optional<Curve> curve = chosen.of(measured);
            if (curve.isEmpty()) {
                continue;
            }
            if (places.isEmpty()) {
                curve.get().shares().forEach(share -> places.add(new LinePlot.Place(share, "")));
            }
            high = Math.max(
                    high,
                    curve.get().scores().stream()
                            .mapToDouble(Double::doubleValue)
                            .max()
                            .orElse(1));
            String name = index < 0 ? CHANCE : report.methods().get(index).title();
            lines.add(new LinePlot.Line(
                    name, index < 0 ? LinePlot.CONTROL : index, curve.get().scores()));
        }
        for (int quarter = 0; quarter <= 4; quarter++) {
            int index = (int) Math.round(quarter / 4.0 * (places.size() - 1));
            places.set(
                    index,
                    new LinePlot.Place(
                            places.get(index).at(),
                            Math.round(100 * places.get(index).at()) + " %"));
        }
        double top = Math.min(1, Math.ceil(high * 10 + 1e-9) / 10);
        return new LinePlot(
                title,
                title.equals("Deletion") ? "pixels deleted" : "pixels inserted",
                places,
                0,
                Math.max(0.1, top),
                OptionalDouble.empty(),
                lines);
    }

    /** Measures that at least one method has. */
    List<Measure> measures() {
        return Stream.of(Measure.values())
                .filter(measure -> report.methods().stream()
                        .anyMatch(method -> method.measured().measures().containsKey(measure)))
                .toList();
    }

    /** The best value of each measure that has a preferred direction. */
    Map<Measure, Double> best() {
        Map<Measure, Double> best = new EnumMap<>(Measure.class);
        for (Measure measure : measures()) {
            report.methods().stream()
                    .flatMap(method ->
                            Optional.ofNullable(method.measured().measures().get(measure)).stream())
                    .reduce((one, other) ->
                            measure.better() == Measure.Better.LOWER ? Math.min(one, other) : Math.max(one, other))
                    .filter(value -> measure.better() != Measure.Better.NEITHER)
                    .ifPresent(value -> best.put(measure, value));
        }
        return best;
    }

    static String better(Measure measure) {
        return switch (measure.better()) {
            case LOWER -> "lower is better";
            case HIGHER -> "higher is better";
            case NEITHER -> "neither is better";
        };
    }

    private static String two(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.equals("-0.00") ? "0.00" : text.replace("-", "−");
    }

    static String three(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : "%.3f", value)
                .replace("-", "−");
    }
}
