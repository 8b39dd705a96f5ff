package dev.vitrine.study.robustness.sheet;

import dev.vitrine.lens.corruption.Corruptions;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.render.Montage;
import dev.vitrine.lens.render.file.Png;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Overview;
import dev.vitrine.study.Stems;
import dev.vitrine.study.StudyJson;
import dev.vitrine.study.StudyReport;
import dev.vitrine.study.page.Answer;
import dev.vitrine.study.robustness.RobustnessPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A sheet of all corruptions and severities for each picture ({@code NAME-corrupted.png}), and the answers as JSON. */
public record CorruptionSheets(CorruptedPictures study, Outcome<CorruptedAnswers> outcome, Map<String, String> facts)
        implements StudyReport {
    /** The JSON form. */
    private record Written(
            boolean partial,
            Optional<String> missing,
            long seed,
            List<OfPicture> pictures,
            List<String> unreadable,
            Map<String, String> facts) {}

    /** @param answers by corruption and severity, such as {@code fog 3} */
    private record OfPicture(String name, String file, Map<String, Said> answers) {}

    private record Said(int label, String name, double shown) {}

    private Model model() {
        return study.model();
    }

    @Override
    public List<Path> write(Path folder) {
        Stems stems = new Stems();
        List<Path> files = new ArrayList<>();
        List<OfPicture> written = new ArrayList<>();
        for (CorruptedAnswers.Of picture : outcome.result().pictures()) {
            Path sheet = folder.resolve(stems.of(picture.name()) + "-corrupted.png");
            Png.write(
                    sheet,
                    sheet(picture).image(),
                    Png.facts(
                            "Model",
                            model().name(),
                            "Method",
                            "corrupt, seed " + study.plan().seed(),
                            "Source",
                            picture.name()));
            files.add(sheet);
            Map<String, Said> answers = new LinkedHashMap<>();
            for (int version = 0; version < picture.answers().size(); version++) {
                CorruptedAnswers.Answered answer = picture.answers().get(version);
                answers.put(
                        study.plan().name(version),
                        new Said(answer.label(), model().display(answer.label()), answer.shown()));
            }
            written.add(new OfPicture(picture.name(), sheet.getFileName().toString(), answers));
        }
        Path summary = folder.resolve("corrupted.json");
        OutputFile.write(
                summary,
                StudyJson.text(new Written(
                        outcome.isPartial(),
                        outcome.missing(),
                        study.plan().seed(),
                        written,
                        outcome.unreadable(),
                        facts)));
        files.add(summary);
        return files;
    }

    /** A row for each corruption: the clean picture, then its severities. */
    private Montage sheet(CorruptedAnswers.Of picture) {
        RobustnessPlan plan = study.plan();
        Picture view = model().preprocessing().view(study.pictures().read(picture.index()));
        int severities = plan.severities().size();
        List<Montage.Cell> cells = new ArrayList<>();
        for (int corruption = 0; corruption < plan.corruptions().size(); corruption++) {
            String title = Corruptions.find(plan.corruptions().get(corruption)).title();
            cells.add(new Montage.Cell(Images.of(view), title + ": " + words(picture, 0)));
            for (int place = 0; place < severities; place++) {
                int version = 1 + corruption * severities + place;
                cells.add(new Montage.Cell(
                        Images.of(plan.version(view, version)),
                        plan.severities().get(place)
                                + (isChanged(picture, version) ? " ≠ " : ": ")
                                + words(picture, version)));
            }
        }
        return new Montage(cells, 1 + severities);
    }

    private static boolean isChanged(CorruptedAnswers.Of picture, int version) {
        return picture.answers().get(version).label()
                != picture.answers().get(0).label();
    }

    private String words(CorruptedAnswers.Of picture, int version) {
        CorruptedAnswers.Answered answer = picture.answers().get(version);
        return model().display(answer.label()) + " " + Answer.words(model(), answer.shown());
    }

    /** For each picture how many corrupted versions change the answer, and the corruptions that never do. */
    @Override
    public Overview overview() {
        Overview overview = Overview.of("picture", "clean", "answers changed", "never changed by");
        RobustnessPlan plan = study.plan();
        int severities = plan.severities().size();
        for (CorruptedAnswers.Of picture : outcome.result().pictures()) {
            int changed = 0;
            List<String> never = new ArrayList<>();
            for (int corruption = 0; corruption < plan.corruptions().size(); corruption++) {
                int before = changed;
                for (int place = 0; place < severities; place++) {
                    changed += isChanged(picture, 1 + corruption * severities + place) ? 1 : 0;
                }
                if (changed == before) {
                    never.add(plan.corruptions().get(corruption));
                }
            }
            overview = overview.row(
                    picture.name(),
                    words(picture, 0),
                    changed + " of " + (picture.answers().size() - 1),
                    String.join(", ", never));
        }
        return overview.below("≠ on a sheet marks answers other than that for the clean picture.");
    }
}
