package dev.vitrine.study.attack.picture;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attack.PictureValues;
import dev.vitrine.lens.attribution.Heatmap;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.preprocessing.Fit;
import dev.vitrine.lens.render.HeatmapPainter;
import dev.vitrine.lens.render.Montage;
import dev.vitrine.lens.render.Sheet;
import dev.vitrine.lens.render.color.Polarity;
import dev.vitrine.lens.render.color.Scale;
import dev.vitrine.lens.render.file.Png;
import dev.vitrine.lens.setting.Settings;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Report;
import dev.vitrine.study.Stems;
import dev.vitrine.study.StudyJson;
import dev.vitrine.study.attack.ChangeSize;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The adversarial pictures, the changes enlarged, a sheet of each picture for slides, a page of all ({@code index.html}) and
 * every number ({@code attack.json}).
 *
 * @param facts of the network and the program
 */
public record PictureAttackReport(PictureAttack study, Map<String, String> facts) implements Report<AttackedPictures> {
    /** Content of {@code attack.json}. */
    private record Summary(
            String model,
            String method,
            Map<String, String> settings,
            Optional<String> partial,
            List<Entry> pictures,
            Map<String, String> facts) {}

    private record Entry(
            String name,
            String file,
            String label,
            Optional<String> target,
            String after,
            boolean success,
            double probabilityBefore,
            double probabilityAfter,
            ChangeSize change,
            long queries) {}

    /**
     * A picture with its drawings.
     *
     * @param factor by which the change is enlarged
     * @param maps Grad-CAM over the picture before and after; none if the method does not apply
     */
    record Drawn(
            AttackedPicture picture,
            BufferedImage before,
            BufferedImage after,
            BufferedImage difference,
            int factor,
            List<BufferedImage> maps,
            List<String> files) {}

    @Override
    public List<Path> write(Outcome<AttackedPictures> outcome, Path folder) {
        Stems stems = new Stems();
        List<Path> files = new ArrayList<>();
        List<Drawn> all = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        for (AttackedPicture picture : outcome.result().pictures()) {
            String stem = stems.of(picture.name());
            Drawn drawn = drawn(picture, stem);
            all.add(drawn);
            write(drawn, stem, folder);
            drawn.files().forEach(file -> files.add(folder.resolve(file)));
            entries.add(entry(drawn));
        }
        Optional<String> partial = outcome.missing().map(missing -> "Stopped after " + missing + ".");
        Map<String, String> made = new LinkedHashMap<>();
        made.put("method", study.attack().id());
        made.putAll(Settings.texts(study.attack()));
        made.putAll(facts);
        Path page = folder.resolve("index.html");
        OutputFile.write(page, new PictureAttackPage(this, all, partial, outcome.unreadable(), made).html());
        Path summary = folder.resolve("attack.json");
        OutputFile.write(
                summary,
                StudyJson.text(new Summary(
                        model().name(), study.attack().id(), Settings.texts(study.attack()), partial, entries, facts)));
        files.add(summary);
        files.add(page);
        return files;
    }

    Model model() {
        return study.model();
    }

    private Entry entry(Drawn drawn) {
        AttackedPicture picture = drawn.picture();
        return new Entry(
                picture.name(),
                drawn.files().get(0),
                model().display(picture.label()),
                name(picture.target()),
                model().display(picture.after().best()),
                picture.success(),
                picture.before().top().get(0).value(),
                picture.after().top().get(0).value(),
                picture.size(),
                picture.queries());
    }

    Optional<String> name(OptionalInt target) {
        return target.isPresent() ? Optional.of(model().display(target.getAsInt())) : Optional.empty();
    }

    private Drawn drawn(AttackedPicture picture, String stem) {
        PictureValues values = new PictureValues(model());
        BufferedImage before = values.opaque(picture.samples());
        BufferedImage after = values.opaque(picture.changed());
        int factor = Difference.factor(before, after);
        List<BufferedImage> maps = new ArrayList<>();
        if (picture.before().map().isPresent() && picture.after().map().isPresent()) {
            maps.add(overlay(picture.before().map().get(), before));
            maps.add(overlay(picture.after().map().get(), after));
        }
        String adversarial = stem + "-adversarial" + (values.fitPictureFile() ? ".png" : ".npy");
        return new Drawn(
                picture,
                before,
                after,
                Difference.enlarged(before, after, factor),
                factor,
                maps,
                List.of(adversarial, stem + "-difference.png", stem + "-attack.png"));
    }

    private BufferedImage overlay(Tensor map, BufferedImage view) {
        Heatmap heatmap = new Heatmap(map, new Provenance(model().name(), "", "", "grad-cam", Map.of()));
        return HeatmapPainter.OVERLAY.overlay(heatmap, Scale.robust(heatmap, Polarity.UNSIGNED), view);
    }

    private void write(Drawn drawn, String stem, Path folder) {
        AttackedPicture picture = drawn.picture();
        Map<String, String> text = Sheet.facts(new Provenance(
                model().name(),
                picture.name(),
                name(picture.target()).orElse("any class but " + model().display(picture.label())),
                study.attack().id(),
                Settings.texts(study.attack())));
        PictureValues values = new PictureValues(model());
        Path adversarial = folder.resolve(drawn.files().get(0));
        if (values.fitPictureFile()) {
            Png.write(adversarial, values.image(picture.changed()), text);
        } else {
            OutputFile.write(adversarial, Npy.bytes(values.array(picture.changed())));
        }
        Png.write(folder.resolve(stem + "-difference.png"), drawn.difference(), text);
        List<Montage.Cell> cells = new ArrayList<>();
        cells.add(new Montage.Cell(drawn.before(), "original: " + words(picture.before())));
        cells.add(new Montage.Cell(drawn.difference(), "change ×" + drawn.factor() + "; gray is none"));
        cells.add(new Montage.Cell(drawn.after(), "adversarial: " + words(picture.after())));
        if (!drawn.maps().isEmpty()) {
            cells.add(new Montage.Cell(drawn.maps().get(0), "Grad-CAM, " + model().display(picture.label())));
            cells.add(new Montage.Cell(
                    drawn.maps().get(1),
                    "Grad-CAM, " + model().display(picture.after().best())));
        }
        Png.write(folder.resolve(stem + "-attack.png"), new Montage(cells, cells.size()).image(), text);
    }

    private static String words(AttackedPicture.Seen seen) {
        return seen.top().get(0).label() + " " + seen.top().get(0).words();
    }

    /** How to classify the written pictures; empty if nothing has to be said. */
    Optional<String> reading() {
        boolean resized = model().preprocessing().fit() == Fit.CROP
                && model().preprocessing().resize()
                        > Math.min(
                                model().preprocessing().width(),
                                model().preprocessing().height());
        return resized
                ? Optional.of("The model's card enlarges pictures before it cuts out the input. The adversarial"
                        + " pictures have the size of the input already: classify them unchanged, by a squashing fit.")
                : Optional.empty();
    }

    /** A sentence for each picture. */
    public List<String> overview(AttackedPictures found) {
        List<String> lines = new ArrayList<>();
        for (AttackedPicture picture : found.pictures()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%s: %s → %s (%s); change: L2 %.3g, Linf %.3g/255; %d queries",
                    picture.name(),
                    words(picture.before()),
                    words(picture.after()),
                    picture.success() ? "success" : "no success",
                    picture.size().l2(),
                    255 * picture.size().linf(),
                    picture.queries()));
        }
        reading().ifPresent(lines::add);
        return lines;
    }
}
