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
import java.util.stream.Collectors;

/**
 * The modified pictures, a sheet for each picture, a page of all ({@code index.html}) and a summary. With several
 * pictures, file names begin with the picture's name.
 *
 * @param facts of the network and the program
 */
public record StressReport(StressStudy study, Map<String, String> facts) implements Report<Stressed> {
    private static final int COLUMNS = 4;
    private static final int NAMED = 3;

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
        List<StressStudy.Variant> variants = study.variants(
                view,
                picture.object(),
                picture.textures().stream().map(Stressed.Woven::picture).toList());
        List<ExplanationPage.Card> cards = new ArrayList<>();
        String stem = sheet.getFileName().toString().replaceAll("stress\\.png$", "");
        List<Montage.Cell> cells = new ArrayList<>();
        for (int index = 0; index < variants.size(); index++) {
            StressStudy.Variant variant = variants.get(index);
            Stressed.Answered answer = picture.answers().get(index);
            BufferedImage image = Images.of(variant.picture());
            Map<String, String> options = new LinkedHashMap<>();
            options.put("variant", variant.title());
            options.put("seed", Long.toString(study.settings().seed()));
            Provenance provenance = new Provenance(model().name(), picture.name(), before, "stress", options);
            String file = stem + variant.id() + ".png";
            Png.write(sheet.resolveSibling(file), image, Sheet.facts(provenance));
            if (index > 0) {
                cards.add(card(variant, answer, provenance, change(picture, answer), file));
            }
            cells.add(new Montage.Cell(
                    image,
                    variant.title() + ": " + answer.top().get(0).label() + " "
                            + answer.top().get(0).words()));
        }
        images.add(new ExplanationPage.Image(
                picture.name(), Images.of(view), picture.answers().get(0).top(), cards));
        Map<String, String> seed = Map.of("seed", Long.toString(study.settings().seed()));
        Png.write(sheet, new Montage(cells, COLUMNS).image(), text(picture, before, seed));
    }

    private static ExplanationPage.Card card(
            StressStudy.Variant variant, Stressed.Answered answer, Provenance provenance, String change, String file) {
        Map<String, String> likeliest = new LinkedHashMap<>();
        answer.top().forEach(bar -> likeliest.put(bar.label(), bar.words()));
        String words = answer.top().stream()
                .limit(NAMED)
                .map(bar -> bar.label() + " " + bar.words())
                .collect(Collectors.joining(", "));
        return new ExplanationPage.Card(
                variant.title(),
                variant.question(),
                new ExplanationPage.Picture(Images.of(variant.picture())),
                provenance,
                likeliest,
                List.of(change, "most likely: " + words),
                List.of(file));
    }

    private String change(Stressed.Of picture, Stressed.Answered answer) {
        return model().display(picture.target()) + " "
                + words(picture.answers().get(0).target()) + " → " + words(answer.target());
    }

    private Map<String, String> text(Stressed.Of picture, String before, Map<String, String> options) {
        return Sheet.facts(new Provenance(model().name(), picture.name(), before, "stress", options));
    }

    private String title(Stressed.Of picture, Stressed.Answered answer) {
        if (answer.id().equals("picture")) {
            return picture.name();
        }
        return (study.pictures().size() == 1 ? "" : picture.name() + ", ") + answer.title() + ": "
                + change(picture, answer);
    }

    private String words(double shown) {
        return Answer.words(model(), shown);
    }

    /** Predictions for each picture and variant, as text. */
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
