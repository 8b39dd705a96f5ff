package dev.vitrine.study.robustness;

import dev.vitrine.lens.corruption.Corruption;
import dev.vitrine.lens.corruption.Corruptions;
import dev.vitrine.study.page.Html;
import dev.vitrine.study.plot.LinePlot;
import dev.vitrine.study.plot.Plot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** The HTML and the plots of a {@link RobustnessReport}. */
final class RobustnessPage {
    private final RobustnessReport report;

    RobustnessPage(RobustnessReport report) {
        this.report = report;
    }

    String html() {
        return Html.of(output -> JterobustnessGenerated.render(output, null, this));
    }

    RobustnessReport report() {
        return report;
    }

    List<Robustness> networks() {
        return report.table().networks();
    }

    boolean isOfOne() {
        return networks().size() == 1;
    }

    String title() {
        return "Robustness of " + networks().stream().map(Robustness::model).collect(Collectors.joining(", "));
    }

    List<String> caption() {
        List<String> lines = new ArrayList<>(networks().stream()
                .map(network -> network.model() + ", " + network.pictures() + " pictures of " + report.data()
                        + ": top-1 error " + RobustnessReport.percent(network.clean()) + " when clean, "
                        + RobustnessReport.percent(network.meanError()) + " when corrupted"
                        + network.meanCorruptionError()
                                .map(error -> String.format(Locale.ROOT, ", mCE %.1f", 100 * error))
                                .orElse(""))
                .toList());
        lines.addAll(report.notes());
        return lines;
    }

    /** Half the width of the 95 % interval of an error of one half, in points. */
    String widest(Robustness network) {
        return String.format(Locale.ROOT, "%.1f", 100 * 1.96 * 0.5 / Math.sqrt(network.pictures()));
    }

    static String kind(Robustness.Row row) {
        return Corruptions.find(row.corruption()).kind().name().toLowerCase(Locale.ROOT);
    }

    /** Error by severity, 0 being the clean pictures: a line for each network, or for each kind of corruption of one. */
    Plot plot() {
        List<LinePlot.Line> lines = new ArrayList<>();
        if (isOfOne()) {
            Robustness network = networks().get(0);
            for (Corruption.Kind kind : Corruption.Kind.values()) {
                List<Robustness.Row> rows = rows(network, kind);
                if (!rows.isEmpty()) {
                    lines.add(new LinePlot.Line(
                            kind.name().toLowerCase(Locale.ROOT), lines.size(), course(network, rows)));
                }
            }
        } else {
            networks()
                    .forEach(network -> lines.add(
                            new LinePlot.Line(network.model(), lines.size(), course(network, network.counted()))));
        }
        return plot("Top-1 error by severity", lines);
    }

    /** Of one network a plot for each kind of corruption; of several one for each corruption. */
    List<LinePlot> plots() {
        List<LinePlot> plots = new ArrayList<>();
        Robustness first = networks().get(0);
        if (isOfOne()) {
            for (Corruption.Kind kind : Corruption.Kind.values()) {
                List<LinePlot.Line> lines = new ArrayList<>();
                rows(first, kind)
                        .forEach(row -> lines.add(new LinePlot.Line(
                                Corruptions.find(row.corruption()).title(),
                                lines.size(),
                                course(first, List.of(row)))));
                if (!lines.isEmpty()) {
                    plots.add(plot(kind.name().toLowerCase(Locale.ROOT), lines));
                }
            }
            return plots;
        }
        for (int index = 0; index < first.rows().size(); index++) {
            int place = index;
            List<LinePlot.Line> lines = new ArrayList<>();
            networks()
                    .forEach(network -> lines.add(new LinePlot.Line(
                            network.model(),
                            lines.size(),
                            course(network, List.of(network.rows().get(place))))));
            plots.add(
                    plot(Corruptions.find(first.rows().get(index).corruption()).title(), lines));
        }
        return plots;
    }

    private static List<Robustness.Row> rows(Robustness network, Corruption.Kind kind) {
        return network.rows().stream()
                .filter(row -> Corruptions.find(row.corruption()).kind() == kind)
                .toList();
    }

    private static List<Double> course(Robustness network, List<Robustness.Row> rows) {
        List<Double> course = new ArrayList<>(List.of(network.clean()));
        for (int index = 0; index < network.severities().size(); index++) {
            int place = index;
            course.add(rows.stream()
                    .mapToDouble(row -> row.errors().get(place))
                    .average()
                    .orElseThrow());
        }
        return course;
    }

    private LinePlot plot(String title, List<LinePlot.Line> lines) {
        List<LinePlot.Place> places = new ArrayList<>(List.of(new LinePlot.Place(0, "clean")));
        report.plan()
                .severities()
                .forEach(severity -> places.add(new LinePlot.Place(severity, Integer.toString(severity))));
        return new LinePlot(title, "severity", places, 0, 1, OptionalDouble.empty(), lines);
    }
}
