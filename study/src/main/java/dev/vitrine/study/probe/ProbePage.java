package dev.vitrine.study.probe;

import dev.vitrine.study.Interval;
import dev.vitrine.study.page.Html;
import dev.vitrine.study.plot.LinePlot;
import dev.vitrine.study.probe.LayerResult.Trial;
import dev.vitrine.study.report.ReportPage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

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
        ReportPage page =
                new ReportPage("What the layers of " + report.model() + " know of " + report.data(), report.missing());
        page.section("How well classes are told from each layer");
        findings(page);
        LinePlot depth = depth();
        page.add(depth.svg(LinePlot.Breadth.BROAD), depth.key());
        page.add("<p class=\"small\">").add(Html.text(method())).add("</p>\n").end();
        shots(page);
        table(page);
        classes(page);
        return page.unreadable(report.unreadable()).html(report.facts());
    }

    private void findings(ReportPage page) {
        LayerResult best = report.best();
        LayerResult first = report.results().get(0);
        LayerResult last = report.at(layers.get(layers.size() - 1), Integer.MAX_VALUE);
        page.add(
                "<p class=\"lead\">A linear classifier tells the ",
                report.classes().size(),
                " classes best from <b>");
        page.add(Html.text(best.layer()), "</b>, ", place(best), ": ", told(best), ".");
        if (!last.equals(best)) {
            page.add(" From the last layer, ", Html.text(last.layer()), ", it tells ", told(last), ".");
        }
        page.add(" From ", Html.text(first.layer()), " it tells ", told(first), "; chance is ");
        page.add(percent(1.0 / report.classes().size()), ".</p>\n");
    }

    private String place(LayerResult result) {
        return "number " + (layers.indexOf(result.layer()) + 1) + " of " + layers.size();
    }

    private static String told(LayerResult result) {
        Answers answers = result.full().linear();
        return percent(answers.meanPerClass()) + " (" + range(answers.interval()) + ")";
    }

    private String method() {
        return "Mean over classes of the share of held-out pictures that is told right, with 95 % intervals over the"
                + " pictures. Linear: multinomial logistic regression with an L2 penalty; neighbours: a vote of the nearest"
                + " training pictures by cosine. Penalty and number of neighbours are chosen on a fifth of the training"
                + " pictures. Maps are averaged over the cells of a grid."
                + report.shortage().map(words -> " " + words).orElse("");
    }

    /** What the plot is of. */
    List<String> caption() {
        Trial full = report.best().full();
        return List.of(
                report.model() + " on " + report.data() + ": "
                        + report.classes().size() + " classes, " + full.trained() + " training pictures ("
                        + full.title() + "), " + full.linear().pictures() + " held out",
                "mean per-class accuracy with 95 % intervals; linear: logistic regression, neighbours: nearest by cosine");
    }

    /** Accuracy over depth. */
    LinePlot depth() {
        List<LinePlot.Place> places = new ArrayList<>();
        for (int index = 0; index < layers.size(); index++) {
            places.add(new LinePlot.Place(index + 1, layers.size() <= 30 || index % 5 == 4 ? "" + (index + 1) : ""));
        }
        List<LinePlot.Line> lines = new ArrayList<>();
        for (int grid : report.grids()) {
            String on = report.grids().size() == 1 && grid == 1 ? "" : ", " + grid + "×" + grid + " cells";
            List<Answers> linear = new ArrayList<>();
            List<Answers> neighbours = new ArrayList<>();
            for (String layer : layers) {
                linear.add(report.at(layer, grid).full().linear());
                neighbours.add(report.at(layer, grid).full().neighbours());
            }
            lines.add(line("linear" + on, lines.size(), linear));
            lines.add(line("neighbours" + on, lines.size(), neighbours));
        }
        lines.add(new LinePlot.Line(
                "chance",
                LinePlot.CONTROL,
                Collections.nCopies(layers.size(), 1.0 / report.classes().size())));
        return new LinePlot(
                "Share told right, layer by layer",
                "layer, numbered as in the table",
                places,
                0,
                top(lines),
                OptionalDouble.empty(),
                lines);
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
                .flatMap(line -> line.values().stream())
                .max(Comparator.naturalOrder())
                .orElse(1.0);
        return Math.min(1, Math.ceil(most * 10 + 0.2) / 10);
    }

    private void shots(ReportPage page) {
        List<Trial> trials = report.best().trials();
        if (trials.size() < 2) {
            return;
        }
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
                    (layers.indexOf(result.layer()) + 1) + " " + result.layer(),
                    lines.size(),
                    result.trials().stream().map(Trial::linear).toList()));
        }
        lines.add(new LinePlot.Line(
                "chance",
                LinePlot.CONTROL,
                Collections.nCopies(places.size(), 1.0 / report.classes().size())));
        LinePlot plot = new LinePlot(
                "Linear classifier",
                "training pictures of each class",
                places,
                0,
                top(lines),
                OptionalDouble.empty(),
                lines);
        page.section("How many examples it takes").add(plot.svg(LinePlot.Breadth.BROAD), plot.key());
        page.end();
    }

    private void table(ReportPage page) {
        List<Trial> trials = report.best().trials();
        boolean gridded = report.grids().size() > 1 || report.grids().get(0) > 1;
        page.section("Layer by layer").add("<div class=\"scroll\"><table class=\"measures\">\n<thead><tr><th>#</th>");
        page.add("<th style=\"text-align:left\">layer</th><th>operator</th>", gridded ? "<th>cells</th>" : "");
        page.add("<th>numbers</th>");
        for (Trial trial : trials) {
            page.add("<th>linear<br><span>", Html.text(trial.title()), "</span></th>");
        }
        for (Trial trial : trials) {
            page.add("<th>neighbours<br><span>", Html.text(trial.title()), "</span></th>");
        }
        page.add("</tr></thead>\n<tbody>\n");
        for (LayerResult result : report.results()) {
            page.add(
                    "<tr><td>",
                    layers.indexOf(result.layer()) + 1,
                    "</td><th>",
                    Html.text(result.layer()),
                    "</th><td>");
            page.add(Html.text(result.operator()), "</td>");
            page.add(
                    gridded ? "<td>" + result.grid() + "×" + result.grid() + "</td>" : "",
                    "<td>",
                    result.size(),
                    "</td>");
            for (int index = 0; index < trials.size(); index++) {
                cell(page, result, index, Kind.LINEAR);
            }
            for (int index = 0; index < trials.size(); index++) {
                cell(page, result, index, Kind.NEIGHBOURS);
            }
            page.add("</tr>\n");
        }
        page.add("</tbody>\n</table></div>\n").end();
    }

    private enum Kind {
        LINEAR,
        NEIGHBOURS;

        Answers of(Trial trial) {
            return this == LINEAR ? trial.linear() : trial.neighbours();
        }
    }

    private void cell(ReportPage page, LayerResult result, int trial, Kind kind) {
        Answers answers = kind.of(result.trials().get(trial));
        double most = report.results().stream()
                .mapToDouble(one -> kind.of(one.trials().get(trial)).meanPerClass())
                .max()
                .orElseThrow();
        page.add("<td", answers.meanPerClass() == most ? " class=\"best\"" : "", " title=\"");
        page.add(range(answers.interval()), "\">", percent(answers.meanPerClass()), "</td>");
    }

    private void classes(ReportPage page) {
        LayerResult best = report.best();
        Answers answers = best.full().linear();
        page.section("Which classes, from " + best.layer());
        List<Integer> order = IntStream.range(0, report.classes().size())
                .boxed()
                .filter(label -> !Double.isNaN(answers.share(label)))
                .sorted(Comparator.comparingDouble(answers::share))
                .toList();
        int shown = Math.min(EXTREMES, order.size() / 2);
        page.add("<p class=\"lead\"><b>Hardest:</b> ", named(answers, order.subList(0, shown)), ".</p>\n");
        List<Integer> easiest = new ArrayList<>(order.subList(order.size() - shown, order.size()));
        Collections.reverse(easiest);
        page.add("<p class=\"lead\"><b>Easiest:</b> ", named(answers, easiest), ".</p>\n");
        List<Answers.Confusion> confusions = answers.confusions(CONFUSIONS);
        if (!confusions.isEmpty()) {
            page.add("<table class=\"measures\">\n<thead><tr><th style=\"text-align:left\">shown</th>");
            page.add("<th style=\"text-align:left\">taken for</th><th>how often</th></tr></thead>\n<tbody>\n");
            for (Answers.Confusion one : confusions) {
                page.add("<tr><th>", Html.text(report.classes().get(one.truth())), "</th><th>");
                page.add(Html.text(report.classes().get(one.said())), "</th><td>", one.times(), " of ", one.of());
                page.add("</td></tr>\n");
            }
            page.add("</tbody>\n</table>\n");
        }
        page.end();
    }

    private String named(Answers answers, List<Integer> labels) {
        return Html.text(String.join(
                ", ",
                labels.stream()
                        .map(label -> report.classes().get(label) + " " + percent(answers.share(label)))
                        .toList()));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String range(Interval interval) {
        return String.format(Locale.ROOT, "%.1f to %.1f %%", 100 * interval.low(), 100 * interval.high());
    }
}
