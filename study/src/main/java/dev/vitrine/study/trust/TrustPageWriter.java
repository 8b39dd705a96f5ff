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
import dev.vitrine.study.report.ReportPage;
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

/** The HTML of a {@link TrustReport}. */
final class TrustPageWriter {
    private static final int LARGEST_MAP = 112;
    private static final String CHANCE = "Random map";

    private final TrustReport report;
    private final ReportPage page;

    TrustPageWriter(TrustReport report) {
        this.report = report;
        this.page = new ReportPage("How far maps of " + report.model() + " can be trusted", report.missing());
    }

    String html() {
        maps();
        verdicts();
        similarities(Order.CASCADING);
        similarities(Order.INDEPENDENT);
        curves();
        table();
        return page.html(report.facts());
    }

    private void maps() {
        List<Stage> stages = stages(Order.CASCADING);
        add("<section>\n<h2>Maps while the network is taken to pieces, from its top down</h2>\n");
        add("<p class=\"lead\">", Html.text(report.example().name()), ", explained for <b>");
        add(Html.text(report.example().target()), "</b>. From left to right more and more layers are filled with ");
        add("random numbers, the class scores first. A map that shows what the network has learned must fall apart; ");
        add("one that stays would look much the same for a network that knows nothing.</p>\n");
        add("<div class=\"scroll\"><table class=\"maps\">\n<thead><tr><th></th><th>trained</th>");
        for (Stage stage : stages) {
            add("<th title=\"down to ", Html.text(stage.label()), "\">", stage.layers(), " of ", report.layers());
            add("<br>random</th>");
        }
        add("</tr></thead>\n<tbody>\n<tr><th scope=\"row\">The picture</th><td><img alt=\"");
        add(
                Html.text(report.example().name()),
                "\" src=\"",
                Html.data(report.example().view()),
                "\"></td>");
        add(stages.isEmpty() ? "" : "<td class=\"scalebar\" colspan=\"" + stages.size() + "\">" + legend() + "</td>");
        add("</tr>\n");
        for (Method method : report.methods()) {
            add("<tr><th scope=\"row\">", Html.text(method.title()), badge(method), "</th>");
            cell(method, method.heat(), method.title() + ", trained network", similarity(method.betweenPictures()));
            for (StageResult result : method.cascading()) {
                cell(
                        method,
                        result.heat(),
                        method.title() + ", " + result.stage().layers() + " layers random",
                        similarity(result.mean()));
            }
            add("</tr>\n");
        }
        add("</tbody>\n</table></div>\n");
        add(
                "<p class=\"small\">Below each map: rank correlation with sign, without sign, and SSIM with the map of the ");
        add("trained network, on the mean over ", report.pictures().size());
        add(report.pictures().size() == 1 ? " picture" : " pictures");
        add(
                "; in the first column, of the trained network's maps of different pictures. Each map is drawn on its own ");
        add("scale.</p>\n</section>\n");
    }

    private String legend() {
        return "<p><span class=\"swatch signed\"></span> <span><b>red</b> for the class, <b>blue</b> against it</span></p>"
                + "<p><span class=\"swatch unsigned\"></span> <span>the <b>brighter</b>, the more a place counts</span></p>";
    }

    private void cell(Method method, Tensor heat, String about, String below) {
        add("<td><img alt=\"", Html.text(about), "\" src=\"", Html.data(picture(method, heat)), "\">");
        add(below, "</td>");
    }

    private static String similarity(Similarity mean) {
        return "<span class=\"small\">" + two(mean.signed()) + " · " + two(mean.unsigned()) + " · "
                + two(mean.structural()) + "</span>";
    }

    private BufferedImage picture(Method method, Tensor heat) {
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

    private String badge(Method method) {
        Optional<Verdict> verdict = report.verdict(method);
        if (verdict.isEmpty()) {
            return "<span class=\"badge open\">not judged</span>";
        }
        return switch (verdict.get().outcome()) {
            case PASSES -> "<span class=\"badge passes\">passes</span>";
            case FAILS -> "<span class=\"badge fails\">fails</span>";
        };
    }

    private void verdicts() {
        add("<section>\n<h2>Which methods fail the sanity check on this model</h2>\n<ul class=\"verdicts\">\n");
        for (Outcome outcome : List.of(Outcome.FAILS, Outcome.PASSES)) {
            for (Method method : report.methods()) {
                report.verdict(method)
                        .filter(found -> found.outcome() == outcome)
                        .ifPresent(found -> add("<li>", sentence(method, found), "</li>\n"));
            }
        }
        report.methods().stream()
                .filter(method -> report.verdict(method).isEmpty())
                .forEach(method -> add(
                        "<li>",
                        badge(method),
                        " <b>",
                        Html.text(method.title()),
                        "</b>: the work was stopped before all layers were random.</li>\n"));
        add(
                "</ul>\n<p class=\"small\">",
                Html.text(report.criterion().words()),
                " The check follows Adebayo et al. 2018, ");
        add(
                "who judge by eye; the limit is Vitrine's. To pass is needed to be trusted, and not enough: a map may depend on the weights ");
        add("and still point to the wrong place.</p>\n</section>\n");
    }

    private String sentence(Method method, Verdict verdict) {
        String found = Html.text(verdict.words());
        return badge(method) + " <b>" + Html.text(method.title()) + "</b> "
                + switch (verdict.outcome()) {
                    case FAILS ->
                        "<b>fails</b>: " + found + ". Its maps show the picture's structure more than what the network "
                                + "learned; do not read them as reasons.";
                    case PASSES -> "passes: at most " + found + ".";
                };
    }

    private List<Stage> stages(Order order) {
        return report.methods().stream()
                .map(method ->
                        method.stages(order).stream().map(StageResult::stage).toList())
                .reduce((one, other) -> one.size() >= other.size() ? one : other)
                .orElse(List.of());
    }

    private void similarities(Order order) {
        List<Stage> stages = stages(order);
        if (stages.isEmpty()) {
            return;
        }
        boolean cascading = order == Order.CASCADING;
        add(
                "<section>\n<h2>",
                cascading ? "How alike maps stay, from the top down" : "How alike maps stay, layer by layer");
        add("</h2>\n<p class=\"lead\">");
        add(
                cascading
                        ? "1 is the map of the trained network, 0 is chance: what the maps of different pictures have in common. The"
                                + " broken line, half way, is the limit; it counts"
                                + " at half of the layers and at all of them."
                        : "Here only the layers of each place are random, all others stay trained. Where a line does not fall,"
                                + " the method does not look at what those layers learned.");
        add("</p>\n<div class=\"plots\">\n");
        add(plot("Rank correlation with sign", order, stages, Similarity::signed));
        add(plot("Rank correlation without sign", order, stages, Similarity::unsigned));
        add(plot("SSIM of the maps as drawn", order, stages, Similarity::structural));
        add("</div>\n", legend(false), "</section>\n");
    }

    private String plot(String title, Order order, List<Stage> stages, ToDoubleFunction<Similarity> measure) {
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
                        cascading ? "random layers, from the top" : "random layers, counted from the top",
                        places,
                        low < -0.02 ? -0.5 : 0,
                        1,
                        cascading ? OptionalDouble.of(report.criterion().limit()) : OptionalDouble.empty(),
                        lines)
                .svg();
    }

    private void curves() {
        if (report.methods().stream()
                .noneMatch(method -> method.measured().deletion().isPresent())) {
            return;
        }
        add("<section>\n<h2>What happens to the score when the marked pixels go or come</h2>\n<p class=\"lead\">");
        add(
                "Deletion blackens the pixels that a map calls most relevant first: the sooner the probability of the class ");
        add(
                "falls, the better the map. Insertion puts them into the blurred picture: the sooner it rises, the better. ");
        add("The grey line is a map of random numbers.</p>\n<div class=\"plots\">\n");
        add(curve("Deletion", Control::deletion), curve("Insertion", Control::insertion));
        add("</div>\n", legend(true), "</section>\n");
    }

    private interface Chosen {
        Optional<Curve> of(Control measured);
    }

    private String curve(String title, Chosen chosen) {
        List<LinePlot.Line> lines = new ArrayList<>();
        List<LinePlot.Place> places = new ArrayList<>();
        double high = 0;
        for (int index = -1; index < report.methods().size(); index++) {
            Control measured =
                    index < 0 ? report.chance() : report.methods().get(index).measured();
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
                        title.equals("Deletion") ? "pixels blackened" : "pixels put back",
                        places,
                        0,
                        Math.max(0.1, top),
                        OptionalDouble.empty(),
                        lines)
                .svg();
    }

    private String legend(boolean withChance) {
        StringBuilder legend = new StringBuilder("<p class=\"key\">");
        for (int index = 0; index < report.methods().size(); index++) {
            legend.append(LinePlot.key(index, report.methods().get(index).title()));
        }
        return legend.append(withChance ? LinePlot.key(LinePlot.CONTROL, CHANCE) : "")
                .append("</p>\n")
                .toString();
    }

    private void table() {
        List<Measure> measures = new ArrayList<>();
        for (Measure measure : Measure.values()) {
            if (report.methods().stream()
                    .anyMatch(method -> method.measured().measures().containsKey(measure))) {
                measures.add(measure);
            }
        }
        if (measures.isEmpty()) {
            return;
        }
        Map<Measure, Double> best = new EnumMap<>(Measure.class);
        for (Measure measure : measures) {
            report.methods().stream()
                    .flatMap(method ->
                            Optional.ofNullable(method.measured().measures().get(measure)).stream())
                    .reduce((one, other) ->
                            measure.better() == Measure.Better.LOWER ? Math.min(one, other) : Math.max(one, other))
                    .filter(value -> measure.better() != Measure.Better.NEITHER)
                    .ifPresent(value -> best.put(measure, value));
        }
        add("<section>\n<h2>All measures</h2>\n<div class=\"scroll\"><table class=\"measures\">\n<thead><tr><th></th>");
        add("<th>Sanity check</th>");
        for (Measure measure : measures) {
            add("<th title=\"", Html.text(measure.meaning()), "\">", Html.text(measure.title()), "<br><span>");
            add(
                    switch (measure.better()) {
                        case LOWER -> "lower is better";
                        case HIGHER -> "higher is better";
                        case NEITHER -> "neither is better";
                    });
            add("</span></th>");
        }
        add("</tr></thead>\n<tbody>\n");
        for (Method method : report.methods()) {
            add("<tr><th scope=\"row\">", Html.text(method.title()), "</th><td>", badge(method), "</td>");
            row(measures, method.measured().measures(), best);
        }
        add("<tr class=\"chance\"><th scope=\"row\">", CHANCE, "</th><td></td>");
        row(measures, report.chance().measures(), Map.of());
        add(
                "</tbody>\n</table></div>\n<p class=\"small\">Means over ",
                report.pictures().size());
        add(report.pictures().size() == 1 ? " picture" : " pictures");
        add(
                "; the best value of each column is marked. A dash: the measure makes no sense for the method. A method whose ");
        add(
                "deletion and insertion are no better than those of the random map has found nothing.</p>\n<dl class=\"prose\">\n");
        for (Measure measure : measures) {
            add("<dt>", Html.text(measure.title()), "</dt><dd>", Html.text(measure.meaning()), "</dd>\n");
        }
        add("</dl>\n</section>\n");
    }

    private void row(List<Measure> measures, Map<Measure, Double> values, Map<Measure, Double> best) {
        for (Measure measure : measures) {
            Double value = values.get(measure);
            boolean marked = value != null && value.equals(best.get(measure));
            add(marked ? "<td class=\"best\">" : "<td>", value == null ? "–" : three(value), "</td>");
        }
        add("</tr>\n");
    }

    private static String two(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.equals("-0.00") ? "0.00" : text.replace("-", "−");
    }

    private static String three(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : "%.3f", value)
                .replace("-", "−");
    }

    private void add(Object... parts) {
        page.add(parts);
    }
}
