package dev.vitrine.study.probe;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.vitrine.study.StudyJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The JSON form of a {@link ProbeReport}. */
@JsonInclude(Include.NON_ABSENT)
record ProbeSummary(
        String model,
        String data,
        boolean partial,
        Optional<String> missing,
        List<String> classes,
        List<Layer> layers,
        List<String> unreadable,
        Map<String, String> facts) {
    private static final int CONFUSIONS = 20;

    record Layer(
            String layer, String operator, int grid, int numbers, double spread, int neighbors, List<Trial> trials) {}

    /** @param shots absent if all training pictures were used */
    @JsonInclude(Include.NON_ABSENT)
    record Trial(Optional<Integer> shots, int trainingPictures, Said linear, Said neighbors) {}

    /** @param perClass null for a class without pictures */
    record Said(
            int pictures,
            double meanPerClass,
            double low,
            double high,
            List<Double> perClass,
            List<Answers.Confusion> confusions) {
        Said(Answers answers) {
            this(
                    answers.pictures(),
                    answers.meanPerClass(),
                    answers.interval().low(),
                    answers.interval().high(),
                    IntStream.range(0, answers.counts().length)
                            .mapToObj(label -> Double.isNaN(answers.share(label)) ? null : answers.share(label))
                            .toList(),
                    answers.confusions(CONFUSIONS));
        }
    }

    static String json(ProbeReport report) {
        return StudyJson.text(new ProbeSummary(
                report.model(),
                report.data(),
                report.missing().isPresent(),
                report.missing(),
                report.classes(),
                report.results().stream().map(ProbeSummary::layer).toList(),
                report.unreadable(),
                report.facts()));
    }

    private static Layer layer(LayerResult result) {
        return new Layer(
                result.layer(),
                result.operator(),
                result.grid(),
                result.size(),
                result.spread(),
                result.neighbors(),
                result.trials().stream().map(ProbeSummary::trial).toList());
    }

    private static Trial trial(LayerResult.Trial trial) {
        return new Trial(
                Optional.of(trial.shots()).filter(shots -> shots < Integer.MAX_VALUE),
                trial.trained(),
                new Said(trial.linear()),
                new Said(trial.neighbors()));
    }
}
