package dev.vitrine.study.cue;

import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.render.Montage;
import dev.vitrine.lens.render.file.Png;
import dev.vitrine.lens.visualization.CarriedCues;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Overview;
import dev.vitrine.study.StudyJson;
import dev.vitrine.study.StudyReport;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Cue-conflict pictures as files ({@code pictures/SHAPE-TEXTURE.png}, those that lack a cue in {@code rejected/}), a
 * sheet of all, and a JSON file.
 */
public record ConflictReport(ConflictStudy study, Outcome<Conflicts> outcome, Map<String, String> facts)
        implements StudyReport {
    private static final int COLUMNS = 8;
    private static final int SHOWN = 96;

    /** The JSON form. */
    private record Written(
            boolean partial,
            Optional<String> missing,
            Map<String, String> method,
            long seed,
            List<OfPicture> pictures,
            List<String> unreadable,
            Map<String, String> facts) {}

    private record OfPicture(String file, String shape, String texture, CarriedCues cues, boolean both) {}

    private static String place(Conflicts.Conflict picture) {
        return (picture.cues().areBoth() ? "pictures/" : "rejected/") + picture.file();
    }

    @Override
    public List<Path> write(Path folder) {
        List<Conflicts.Conflict> pictures = outcome.result().pictures();
        for (Conflicts.Conflict picture : pictures) {
            Png.write(
                    folder.resolve(place(picture)),
                    picture.picture(),
                    Png.facts(
                            "Model",
                            study.model().name(),
                            "Method",
                            "cue-conflict, seed " + study.seed(),
                            "Source",
                            "shape " + picture.shape() + ", texture " + picture.texture()));
        }
        Path sheet = folder.resolve("cue-conflict.png");
        Png.write(sheet, sheet(pictures), Png.facts("Method", "cue-conflict"));
        Path summary = folder.resolve("cue-conflict.json");
        OutputFile.write(
                summary,
                StudyJson.text(new Written(
                        outcome.isPartial(),
                        outcome.missing(),
                        study.method().options(),
                        study.seed(),
                        pictures.stream()
                                .map(picture -> new OfPicture(
                                        place(picture),
                                        picture.shape(),
                                        picture.texture(),
                                        picture.cues(),
                                        picture.cues().areBoth()))
                                .toList(),
                        outcome.unreadable(),
                        facts)));
        return List.of(folder.resolve("pictures"), sheet, summary);
    }

    private static BufferedImage sheet(List<Conflicts.Conflict> pictures) {
        List<Montage.Cell> cells = new ArrayList<>();
        pictures.stream()
                .limit(SHOWN)
                .forEach(picture -> cells.add(new Montage.Cell(
                        picture.picture(),
                        picture.file().replace(".png", "")
                                + String.format(
                                        Locale.ROOT,
                                        "%n%s: texture %.2f, shape %.2f",
                                        picture.cues().areBoth() ? "both" : "rejected",
                                        picture.cues().texture(),
                                        picture.cues().shape()))));
        return new Montage(cells, COLUMNS).image();
    }

    @Override
    public Overview overview() {
        Conflicts made = outcome.result();
        long lacking = made.pictures().size() - made.whole();
        Overview overview = Overview.text(List.of(made.whole() + " of "
                + made.pictures().size() + " pictures have the shape of one class and the texture of another."));
        return lacking == 0
                ? overview
                : overview.below(lacking + " lack one of the two and are in the folder rejected: with less of the"
                        + " texture, raise --style-weight or --steps; with less of the shape, lower --style-weight.");
    }
}
