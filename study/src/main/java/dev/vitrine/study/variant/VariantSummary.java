package dev.vitrine.study.variant;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.vitrine.study.StudyJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The JSON form of a {@link VariantReport}. */
@JsonInclude(Include.NON_ABSENT)
record VariantSummary(
        String recipe,
        String data,
        int epochs,
        int repeats,
        boolean partial,
        Optional<String> missing,
        List<Variant> variants,
        List<String> unreadable,
        Map<String, String> facts) {
    record Variant(
            String name,
            long weights,
            double trainingError,
            double trainingErrorDeviation,
            double heldOutError,
            double heldOutErrorDeviation,
            double heldOutLoss,
            double heldOutLossDeviation,
            double deadShare,
            double deadShareDeviation,
            double rise,
            double margin,
            List<Training> trainings) {}

    record Training(
            String training,
            long seed,
            int trainingPictures,
            double trainingError,
            int heldOutPictures,
            double heldOutError,
            double heldOutLoss,
            double deadShare) {}

    static String json(VariantReport report) {
        return StudyJson.text(new VariantSummary(
                report.recipe(),
                report.data(),
                report.epochs(),
                report.repeats(),
                report.missing().isPresent(),
                report.missing(),
                report.results().stream().map(result -> variant(report, result)).toList(),
                report.unreadable(),
                report.facts()));
    }

    private static Variant variant(VariantReport report, VariantResult result) {
        VariantResult.Spread loss = result.of(VariantResult.Run::loss);
        VariantResult.Spread dead = result.of(VariantResult.Run::dead);
        return new Variant(
                result.name(),
                result.weights(),
                result.learned().mean(),
                result.learned().deviation(),
                result.heldOut().mean(),
                result.heldOut().deviation(),
                loss.mean(),
                loss.deviation(),
                dead.mean(),
                dead.deviation(),
                result.rise(report.unchanged()).mean(),
                result.margin(report.unchanged()),
                result.runs().stream()
                        .map(run -> training(run, report.folder()))
                        .toList());
    }

    private static Training training(VariantResult.Run run, String folder) {
        return new Training(
                folder + "/" + run.folder(),
                run.seed(),
                run.learned().pictures(),
                run.learned().share(),
                run.heldOut().pictures(),
                run.heldOut().share(),
                run.loss(),
                run.dead());
    }
}
