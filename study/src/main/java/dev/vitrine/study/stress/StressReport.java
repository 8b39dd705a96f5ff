package dev.vitrine.study.stress;

import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.render.Montage;
import dev.vitrine.lens.render.Sheet;
import dev.vitrine.lens.render.file.Png;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Report;
import dev.vitrine.study.Stems;
import dev.vitrine.study.page.Answer;
import dev.vitrine.study.page.ExplanationPage;
import dev.vitrine.study.page.Summary;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The changed pictures, a sheet of them for each picture, a page of all ({@code index.html}) and a summary. Of several
 * pictures the files begin with the picture's name.
 *
 * @param facts of the network and the program
 */
public record StressReport(StressStudy study, Map<String, String> facts) implements Report<Stressed> {
    private static final int COLUMNS = 3;

    @Override
    public List<Path> write(Outcome<Stressed> outcome, Path folder) {
        List<Stressed.Of> pictures = outcome.result().pictures();
        boolean single = study.pictures().size() == 1;
        List<Path> files = new ArrayList<>();
        List<ExplanationPage.Image> images = new ArrayList<>();
        Stems stems = new Stems();
        for (Stressed.Of picture : pictures) {
            Path sheet = folder.resolve((single ? "" : stems.of(picture.name()) + "-") + "stress.png");
            write(picture, sheet, images);
            files.add(sheet);
        }
        Map<String, String> made = new LinkedHashMap<>();
        Optional<String> partial = outcome.missing().map(missing -> "stopped after " + missing);
        partial.ifPresent(reason -> made.put(Provenance.PARTIAL, reason));
        made.putAll(facts);
        String subjects = single ? pictures.get(0).name() : pictures.size() + " pictures";
        ExplanationPage page = new ExplanationPage(
                subjects + " under stress, as seen by " + model().name() + (partial.isPresent() ? " (partial)" : ""),
                made,
                images);
        page.write(folder.resolve("index.html"));
        Summary.write(folder.resolve("summary.json"), page);
        files.add(folder.resolve("index.html"));
        return files;
    }

    private Model model() {
        return study.model();
    }

    private void write(Stressed.Of picture, Path sheet, List<ExplanationPage.Image> images) {
        String before = model().display(picture.target());
        Picture view = model().preprocessing().view(study.pictures().read(picture.index()));
        List<StressStudy.Variant> variants = study.variants(view, picture.object());
        String stem = sheet.getFileName().toString().replaceAll("stress\\.png$", "");
        List<Montage.Cell> cells = new ArrayList<>();
        for (int index = 0; index < variants.size(); index++) {
            StressStudy.Variant variant = variants.get(index);
            Stressed.Answered answer = picture.answers().get(index);
            BufferedImage image = Images.of(variant.picture());
            Map<String, String> options = new LinkedHashMap<>();
            options.put("variant", variant.title());
            options.put("seed", Long.toString(study.settings().seed()));
            Png.write(sheet.resolveSibling(stem + variant.id() + ".png"), image, text(picture, before, options));
            images.add(new ExplanationPage.Image(title(picture, answer), image, answer.top(), List.of()));
            cells.add(new Montage.Cell(
                    image,
                    variant.title() + ": " + answer.top().get(0).label() + " "
                            + answer.top().get(0).words()));
        }
        Map<String, String> seed = Map.of("seed", Long.toString(study.settings().seed()));
        Png.write(sheet, new Montage(cells, COLUMNS).image(), text(picture, before, seed));
    }

    private Map<String, String> text(Stressed.Of picture, String before, Map<String, String> options) {
        return Sheet.facts(new Provenance(model().name(), picture.name(), before, "stress", options));
    }

    private String title(Stressed.Of picture, Stressed.Answered answer) {
        if (answer.id().equals("picture")) {
            return picture.name();
        }
        return (study.pictures().size() == 1 ? "" : picture.name() + ", ") + answer.title() + ": "
                + model().display(picture.target()) + " "
                + words(picture.answers().get(0).target()) + " → " + words(answer.target());
    }

    private String words(double shown) {
        return Answer.words(model(), shown);
    }

    /** What the network says of each picture and change, in lines for people. */
    public List<String> overview(Stressed found) {
        List<String> lines = new ArrayList<>();
        for (Stressed.Of picture : found.pictures()) {
            for (Stressed.Answered answer : picture.answers()) {
                lines.add(title(picture, answer));
                answer.top()
                        .forEach(bar -> lines.add(String.format(Locale.ROOT, "  %7s  %s", bar.words(), bar.label())));
            }
        }
        return lines;
    }
}
