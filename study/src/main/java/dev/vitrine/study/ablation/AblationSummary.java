package dev.vitrine.study.ablation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.vitrine.study.StudyJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The JSON form of an {@link AblationReport}. */
@JsonInclude(Include.NON_ABSENT)
record AblationSummary(
        String model,
        String data,
        String fill,
        boolean partial,
        Optional<String> missing,
        Outcome whole,
        List<Layer> layers,
        Optional<Learned> learnedOn,
        List<Channels> channels,
        List<String> unreadable,
        Map<String, String> facts) {
    @JsonInclude(Include.NON_ABSENT)
    record Layer(
            String layer,
            String stage,
            String how,
            String value,
            Optional<String> source,
            String passage,
            List<String> taken,
            long weights,
            @JsonUnwrapped Outcome outcome,
            Optional<Double> learnedError,
            Optional<Double> learnedLoss) {}

    record Learned(String recipe, double learnedError, double learnedLoss) {}

    record Channels(String layer, List<Double> importance, Map<String, List<Step>> curves) {}

    record Step(int held, @JsonUnwrapped Outcome outcome) {}

    static String json(AblationReport report) {
        return StudyJson.text(new AblationSummary(
                report.model(),
                report.data(),
                word(report.fill()),
                report.missing().isPresent(),
                report.missing(),
                report.whole(),
                report.layers().stream().map(result -> layer(report, result)).toList(),
                report.retrained()
                        .map(found -> new Learned(
                                found.recipe(),
                                found.whole().error(),
                                found.whole().loss())),
                report.channels().stream().map(AblationSummary::channels).toList(),
                report.unreadable(),
                report.facts()));
    }

    private static Layer layer(AblationReport report, LayerAblation.Result result) {
        Removal removal = result.removal();
        Optional<Retraining.Result> learned = report.retrained()
                .flatMap(found -> Optional.ofNullable(found.without().get(removal)));
        return new Layer(
                removal.layer(),
                removal.stage(),
                removal.words(),
                removal.value().name(),
                removal.source().map(source -> source.name()),
                word(removal.passage()),
                removal.taken(),
                removal.parameters(),
                result.outcome(),
                learned.map(Retraining.Result::error),
                learned.map(Retraining.Result::loss));
    }

    private static Channels channels(ChannelAblation.Result result) {
        Map<String, List<Step>> curves = new LinkedHashMap<>();
        result.curves()
                .forEach((order, steps) -> curves.put(
                        word(order),
                        steps.stream()
                                .map(step -> new Step(step.held(), step.outcome()))
                                .toList()));
        return new Channels(result.layer(), result.importance(), curves);
    }

    private static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
