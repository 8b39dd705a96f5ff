package dev.vitrine.study.attack.universal;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attack.PictureValues;
import dev.vitrine.lens.attack.universal.UniversalPerturbation;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.render.file.Png;
import dev.vitrine.lens.setting.Settings;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Overview;
import dev.vitrine.study.StudyJson;
import dev.vitrine.study.StudyReport;
import dev.vitrine.study.attack.Share;
import dev.vitrine.study.attack.picture.Difference;
import dev.vitrine.study.page.Html;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The change enlarged ({@code universal.png}) and as an array ({@code universal.npy}, f32[H,W,C] to add to pictures in 0..1), a
 * page and every number ({@code attack.json}).
 *
 * @param data name of the folder or archive
 * @param made provenance of the network and the program
 */
public record UniversalReport(
        UniversalAttack study, Outcome<UniversalAnswer> outcome, String data, Map<String, String> made)
        implements StudyReport {
    private static final int NAMED = 3;
    private static final float MIDDLE = 128 / 255f;

    /** Content of {@code attack.json}, without the change itself. */
    private record Summary(
            String model,
            String data,
            Map<String, String> settings,
            UniversalAnswer result,
            Map<String, String> facts) {}

    /** A picture before and after. */
    record Drawn(UniversalAnswer.Example example, BufferedImage before, BufferedImage after) {}

    UniversalAnswer answer() {
        return outcome.result();
    }

    Model model() {
        return study.model();
    }

    Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("method", UniversalPerturbation.ID);
        facts.putAll(Settings.texts(study.method()));
        facts.put("pictures", data);
        facts.putAll(made);
        return facts;
    }

    String title() {
        return "One change for all pictures of " + data + ", as seen by " + model().name();
    }

    static String words(Share share) {
        return String.format(
                Locale.ROOT,
                "%.1f %% (95 %% interval %.1f to %.1f %%)",
                100 * share.share(),
                100 * share.interval().low(),
                100 * share.interval().high());
    }

    List<String> sentences() {
        UniversalAnswer answer = answer();
        return List.of(
                String.format(
                        Locale.ROOT,
                        "Made from %d pictures. On %d others: accuracy %s, %s with the change.",
                        answer.learned(),
                        answer.tested(),
                        words(answer.accuracy()),
                        words(answer.under())),
                "Success " + words(answer.success()) + "; of random signs of the same size " + words(answer.random())
                        + ".",
                "Most frequent predictions with the change: "
                        + answer.landings().stream()
                                .limit(NAMED)
                                .map(landing -> model().display(landing.label()) + " " + landing.count())
                                .collect(Collectors.joining(", "))
                        + ".");
    }

    private BufferedImage gray(float[] change) {
        float[] middle = new float[change.length];
        Arrays.fill(middle, MIDDLE);
        return new PictureValues(model()).opaque(PictureValues.samples(UniversalPerturbation.applied(middle, change)));
    }

    private BufferedImage gray() {
        return gray(new float[answer().change().length]);
    }

    int factor() {
        return Difference.factor(gray(), gray(answer().change()));
    }

    BufferedImage pattern() {
        return Difference.enlarged(gray(), gray(answer().change()), factor());
    }

    String coarse() {
        return model().preprocessing().width() < 150 ? "coarse" : "";
    }

    String label(int index) {
        return model().display(index);
    }

    List<Drawn> examples() {
        PictureValues values = new PictureValues(model());
        List<Drawn> drawn = new ArrayList<>();
        for (UniversalAnswer.Example example : answer().examples()) {
            float[] picture =
                    values.of(model().preprocessing().view(study.pictures().read(example.index())));
            drawn.add(new Drawn(
                    example,
                    values.opaque(PictureValues.samples(picture)),
                    values.opaque(PictureValues.samples(UniversalPerturbation.applied(picture, answer().change())))));
        }
        return drawn;
    }

    @Override
    public List<Path> write(Path folder) {
        Path picture = folder.resolve("universal.png");
        Png.write(picture, pattern(), Map.of());
        Path array = folder.resolve("universal.npy");
        OutputFile.write(
                array,
                Npy.bytes(Tensor.floats(
                        new PictureValues(model()).interleaved(answer().change()),
                        model().preprocessing().height(),
                        model().preprocessing().width(),
                        model().channels())));
        Path summary = folder.resolve("attack.json");
        OutputFile.write(
                summary,
                StudyJson.text(new Summary(model().name(), data, Settings.texts(study.method()), bare(), facts())));
        Path page = folder.resolve("index.html");
        OutputFile.write(page, Html.of(output -> JteuniversalGenerated.render(output, null, this)));
        return List.of(picture, array, summary, page);
    }

    /** Without the change, which the array has. */
    private UniversalAnswer bare() {
        UniversalAnswer answer = answer();
        return new UniversalAnswer(
                new float[0],
                answer.learned(),
                answer.tested(),
                answer.accuracy(),
                answer.under(),
                answer.success(),
                answer.random(),
                answer.landings(),
                answer.examples(),
                answer.unreadable());
    }

    @Override
    public Overview overview() {
        return Overview.text(sentences());
    }
}
