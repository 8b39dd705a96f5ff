package dev.vitrine.study.robustness;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.vitrine.study.StudyJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The JSON form of a {@link RobustnessReport}. */
@JsonInclude(Include.NON_ABSENT)
record RobustnessSummary(
        String data,
        boolean partial,
        Optional<String> missing,
        List<Integer> severities,
        String encoding,
        long seed,
        List<Network> networks,
        List<String> notes,
        List<String> unreadable,
        Map<String, String> facts) {
    @JsonInclude(Include.NON_ABSENT)
    record Network(
            String model,
            int pictures,
            double cleanError,
            double meanError,
            Optional<Double> meanCorruptionError,
            Optional<Double> relativeMeanCorruptionError,
            double flipRate,
            Map<String, Row> corruptions,
            List<Broken> broken) {}

    @JsonInclude(Include.NON_ABSENT)
    record Row(
            List<Double> errors,
            double error,
            Optional<Double> corruptionError,
            Optional<Double> relativeCorruptionError,
            List<Double> flips) {}

    record Broken(String name, int wrong) {}

    static String json(RobustnessReport report) {
        return StudyJson.text(new RobustnessSummary(
                report.data(),
                report.missing().isPresent(),
                report.missing(),
                report.plan().severities(),
                report.plan().encoding().words(),
                report.plan().seed(),
                report.table().networks().stream()
                        .map(RobustnessSummary::network)
                        .toList(),
                report.notes(),
                report.unreadable(),
                report.facts()));
    }

    private static Network network(Robustness network) {
        Map<String, Row> rows = new LinkedHashMap<>();
        network.rows()
                .forEach(row -> rows.put(
                        row.corruption(),
                        new Row(
                                row.errors(),
                                row.error(),
                                network.corruptionError(row),
                                network.relativeCorruptionError(row),
                                row.flips())));
        return new Network(
                network.model(),
                network.pictures(),
                network.clean(),
                network.meanError(),
                network.meanCorruptionError(),
                network.relativeMeanCorruptionError(),
                network.meanFlipRate(),
                rows,
                network.broken().stream()
                        .map(broken -> new Broken(broken.name(), broken.wrong()))
                        .toList());
    }
}
