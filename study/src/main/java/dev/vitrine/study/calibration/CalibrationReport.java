package dev.vitrine.study.calibration;

import dev.vitrine.study.Outcome;
import dev.vitrine.study.Overview;
import dev.vitrine.study.StudyFiles;
import dev.vitrine.study.StudyJson;
import dev.vitrine.study.StudyReport;
import dev.vitrine.study.page.Html;
import dev.vitrine.study.plot.LinePlot;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Calibration as a page, a reliability diagram and a JSON file.
 *
 * @param data name of the folder or archive
 */
public record CalibrationReport(String data, Outcome<Calibration> outcome, Map<String, String> facts)
        implements StudyReport {
    /** The JSON form. */
    private record Written(
            String data,
            boolean partial,
            Optional<String> missing,
            Calibration calibration,
            List<String> unreadable,
            Map<String, String> facts) {}

    public Calibration calibration() {
        return outcome.result();
    }

    /** Whether answers are too sure, or not sure enough. */
    public String verdict() {
        Calibration found = calibration();
        return String.format(
                Locale.ROOT,
                "%s: %sconfident: mean probability %s, accuracy %s on %d pictures; expected calibration error %s, %s at"
                        + " temperature %.2f.",
                found.model(),
                found.confidence() > found.accuracy() ? "over" : "under",
                percent(found.confidence()),
                percent(found.accuracy()),
                found.pictures(),
                percent(found.plain().error()),
                percent(found.mended().error()),
                found.temperature());
    }

    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    public LinePlot plain() {
        return plot("As the network is", calibration().plain());
    }

    public LinePlot mended() {
        return plot(
                String.format(
                        Locale.ROOT,
                        "Logits divided by about %.2f",
                        calibration().temperature()),
                calibration().mended());
    }

    private static LinePlot plot(String title, Calibration.Reliability reliability) {
        List<Calibration.Bin> bins = reliability.bins();
        return new LinePlot(
                title,
                "mean probability of the answers",
                bins.stream()
                        .map(bin -> new LinePlot.Place(
                                bin.confidence(), String.format(Locale.ROOT, "%.2f", bin.confidence())))
                        .toList(),
                0,
                1,
                OptionalDouble.empty(),
                List.of(
                        new LinePlot.Line(
                                "perfect calibration",
                                LinePlot.CONTROL,
                                bins.stream().map(Calibration.Bin::confidence).toList()),
                        new LinePlot.Line(
                                "accuracy, with 95 % interval",
                                0,
                                bins.stream().map(Calibration.Bin::accuracy).toList(),
                                bins.stream()
                                        .map(bin -> new LinePlot.Span(
                                                bin.interval().low(),
                                                bin.interval().high()))
                                        .toList())));
    }

    @Override
    public Overview overview() {
        return Overview.text(List.of(verdict()));
    }

    public String html() {
        return Html.of(output -> JtecalibrationGenerated.render(output, null, this));
    }

    public String json() {
        return StudyJson.text(
                new Written(data, outcome.isPartial(), outcome.missing(), calibration(), outcome.unreadable(), facts));
    }

    /** Writes {@code calibration.html}, {@code calibration.png} and {@code calibration.json}. */
    @Override
    public List<Path> write(Path folder) {
        return new StudyFiles("calibration", calibration().model(), data)
                .write(folder, html(), plain().image(List.of(verdict())), json());
    }
}
