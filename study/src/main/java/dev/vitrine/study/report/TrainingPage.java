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

/** A training as a page: curves, classes, and what is mistaken for what. */
public final class TrainingPage {
    private static final int MOST_MISTAKES = 12;
    private static final int PLACES = 6;

    private final TrainingReport report;
    private final ReportPage page;

    private TrainingPage(TrainingReport report) {
        this.report = report;
        this.page = new ReportPage("Training of " + report.name(), Optional.empty());
    }

    /** The same report gives the same text. */
    public static String html(TrainingReport report) {
        return new TrainingPage(report).html();
    }

    private record Curve(String name, ToDoubleFunction<EpochRecord> value) {}

    private String html() {
        Evaluation now = report.evaluation();
        add("<section><p class=\"lead\">After ", report.log().size(), " of ", report.epochs(), " epochs <b>");
        add(percent(now.accuracy()), "</b> of the held-out pictures are told right, <b>");
        add(percent(now.meanClassAccuracy()), "</b> as the mean of the classes. ", now.dead(), " of the ", now.units());
        add(" maps and units behind rectifiers are dead: none of these pictures excites them.");
        report.learned()
                .ifPresent(learned -> add(
                        " Of the pictures that it learned from, as they are, ",
                        percent(learned.accuracy()),
                        " are told right."));
        add("</p>\n");
        if (!report.log().isEmpty()) {
            curves();
        }
        add("</section>\n");
        classes(now);
        mistakes(now);
        matrix(now);
        return page.html(report.facts());
    }

    private void curves() {
        List<Curve> losses = List.of(
                new Curve("learned from (changed at random)", EpochRecord::trainLoss),
                new Curve("held out", EpochRecord::loss));
        List<Curve> shares = List.of(
                new Curve("learned from (changed at random)", EpochRecord::trainAccuracy),
                new Curve("held out", EpochRecord::accuracy),
                new Curve("held out, mean of the classes", EpochRecord::meanClassAccuracy));
        double peak = report.log().stream().mapToDouble(EpochRecord::rate).max().orElse(1);
        List<Curve> others = List.of(
                new Curve("share of dead units", EpochRecord::deadShare),
                new Curve("learning rate, peak = 1", line -> peak > 0 ? line.rate() / peak : 0));
        double highest = report.log().stream()
                .mapToDouble(line -> Math.max(line.trainLoss(), line.loss()))
                .max()
                .orElse(1);
        add("<div class=\"plots\">\n");
        plot("Loss", Math.max(0.1, highest), losses);
        plot("Told right", 1, shares);
        plot("Dead units and learning rate", 1, others);
        add("</div>\n</section>\n<section>\n");
    }

    private void plot(String title, double high, List<Curve> curves) {
        int count = report.log().size();
        List<LinePlot.Place> places = new ArrayList<>();
        int step = Math.max(1, (count + PLACES - 1) / PLACES);
        for (EpochRecord line : report.log()) {
            boolean marked = line.epoch() % step == 0 || count == 1;
            places.add(new LinePlot.Place(line.epoch(), marked ? Integer.toString(line.epoch()) : ""));
        }
        List<LinePlot.Line> lines = new ArrayList<>();
        for (int i = 0; i < curves.size(); i++) {
            Curve curve = curves.get(i);
            List<Double> values =
                    report.log().stream().map(curve.value()::applyAsDouble).toList();
            lines.add(new LinePlot.Line(curve.name(), i, values));
        }
        LinePlot plot = new LinePlot(title, "epoch", places, 0, high, OptionalDouble.empty(), lines);
        add("<div>", plot.svg(), plot.key(), "</div>\n");
    }

    private void classes(Evaluation now) {
        add("<section>\n<h2>Classes</h2>\n<div class=\"scroll\"><table class=\"measures\">\n<thead><tr>");
        add("<th scope=\"col\">class</th><th scope=\"col\">held out</th><th scope=\"col\">told right</th>");
        add("<th scope=\"col\">share</th><th scope=\"col\">most often mistaken for</th></tr></thead>\n<tbody>\n");
        List<Integer> order = IntStream.range(0, report.labels().size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer label) -> -shareOrZero(now, label)))
                .toList();
        for (int label : order) {
            List<Integer> row = now.confusion().get(label);
            int all = row.stream().mapToInt(Integer::intValue).sum();
            add("<tr><th scope=\"row\">", Html.text(report.labels().get(label)), "</th><td>", all, "</td><td>");
            add(row.get(label), "</td><td>", all > 0 ? percent(now.accuracy(label)) : "–", "</td><td>");
            mistaken(now, label).stream()
                    .findFirst()
                    .ifPresent(other -> add(Html.text(report.labels().get(other)), " (", row.get(other), ")"));
            add("</td></tr>\n");
        }
        add("</tbody></table></div>\n</section>\n");
    }

    private static double shareOrZero(Evaluation evaluation, int label) {
        double share = evaluation.accuracy(label);
        return Double.isNaN(share) ? 0 : share;
    }

    /** What a class was taken for, most often first. */
    private static List<Integer> mistaken(Evaluation now, int label) {
        List<Integer> row = now.confusion().get(label);
        return IntStream.range(0, row.size())
                .filter(other -> other != label && row.get(other) > 0)
                .boxed()
                .sorted(Comparator.comparingInt((Integer other) -> -row.get(other)))
                .toList();
    }

    private record Mistake(int label, int taken, int count) {}

    private void mistakes(Evaluation now) {
        List<Mistake> mistakes = IntStream.range(0, report.labels().size())
                .boxed()
                .flatMap(label -> mistaken(now, label).stream()
                        .map(other -> new Mistake(
                                label, other, now.confusion().get(label).get(other))))
                .sorted(Comparator.comparingInt((Mistake mistake) -> -mistake.count()))
                .limit(MOST_MISTAKES)
                .toList();
        if (mistakes.isEmpty()) {
            return;
        }
        add("<section>\n<h2>Most frequent mistakes</h2>\n<ul class=\"verdicts\">\n");
        for (Mistake mistake : mistakes) {
            add("<li><b>", Html.text(report.labels().get(mistake.label())), "</b> taken for <b>");
            add(Html.text(report.labels().get(mistake.taken())), "</b>: ", mistake.count(), "</li>\n");
        }
        add("</ul>\n</section>\n");
    }

    /** Rows are what is shown, columns what it was taken for; the darker, the larger the share of the row. */
    private void matrix(Evaluation now) {
        add(
                "<section>\n<h2>What is taken for what</h2>\n<p class=\"small\">A row for each class that is shown, a column");
        add(
                " for each class that it was taken for, in the same order; the stronger the colour, the larger the share of");
        add(" the row.</p>\n<div class=\"scroll\"><table class=\"confusion\">\n<tbody>\n");
        int classes = report.labels().size();
        for (int label = 0; label < classes; label++) {
            List<Integer> row = now.confusion().get(label);
            int all = Math.max(1, row.stream().mapToInt(Integer::intValue).sum());
            add("<tr><th scope=\"row\">", Html.text(report.labels().get(label)), "</th>");
            for (int other = 0; other < classes; other++) {
                int count = row.get(other);
                String colour = other == label ? "var(--s0)" : "var(--s1)";
                add("<td title=\"", Html.text(report.labels().get(other)), "\"");
                if (count > 0) {
                    double share = 100.0 * count / all;
                    add(" style=\"background: color-mix(in srgb, ", colour, " ");
                    add(String.format(Locale.ROOT, "%.0f", Math.max(8, share)), "%, transparent)\"");
                }
                add(">", count > 0 ? Integer.toString(count) : "", "</td>");
            }
            add("</tr>\n");
        }
        add("</tbody></table></div>\n</section>\n");
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private void add(Object... parts) {
        page.add(parts);
    }
}
