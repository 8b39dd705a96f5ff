package dev.vitrine.study.synthesis;

import dev.vitrine.lens.render.Montage;
import dev.vitrine.lens.render.Sheet;
import dev.vitrine.lens.render.file.AnimatedGif;
import dev.vitrine.lens.render.file.Png;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Overview;
import dev.vitrine.study.Stems;
import dev.vitrine.study.StudyReport;
import dev.vitrine.study.synthesis.MadePicture.Frame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Files of synthesized pictures: each as a PNG, all on one sheet and one page, and a JSON summary.
 *
 * @param made facts about the model and program
 * @param ways formats for the intermediate pictures of those that have frames
 */
public record SynthesisFiles(PictureStudy study, Outcome<MadePictures> outcome, Map<String, String> made, Set<Way> ways)
        implements StudyReport {
    /** Format of the intermediate pictures. */
    public enum Way {
        ANIMATION,
        STEPS
    }

    private static final int COLUMNS = 4;
    private static final Duration EACH = Duration.ofMillis(120);
    private static final Duration LAST = Duration.ofMillis(1500);

    @Override
    public List<Path> write(Path folder) {
        Stems stems = new Stems();
        List<Path> written = new ArrayList<>();
        List<SynthesisReport.Item> items = new ArrayList<>();
        for (MadePicture picture : outcome.result().pictures()) {
            items.add(item(picture, stems.free(picture.stem()), folder, written));
        }
        Map<String, String> facts = new LinkedHashMap<>();
        outcome.missing().ifPresent(missing -> facts.put("partial", "stopped after " + missing));
        facts.putAll(made);
        List<Montage.Cell> cells = items.stream()
                .map(item -> new Montage.Cell(item.picture(), item.title()))
                .toList();
        Path sheet = folder.resolve("sheet.png");
        Png.write(
                sheet,
                new Montage(cells, COLUMNS).image(),
                Sheet.facts(items.get(0).provenance()));
        written.add(sheet);
        Path page = folder.resolve("index.html");
        new SynthesisReport(study.title(), study.answers(), facts, items).write(page, folder.resolve("summary.json"));
        written.add(page);
        return written;
    }

    private SynthesisReport.Item item(MadePicture picture, String stem, Path folder, List<Path> written) {
        Path file = folder.resolve(stem + ".png");
        Png.write(file, picture.picture(), Sheet.facts(picture.provenance()));
        written.add(file);
        List<String> files = new ArrayList<>(List.of(stem + ".png"));
        if (ways.contains(Way.STEPS)) {
            picture.frames().forEach(frame -> step(picture, frame, folder));
        }
        Optional<byte[]> animation = Optional.empty();
        if (ways.contains(Way.ANIMATION) && !picture.frames().isEmpty()) {
            Path gif = folder.resolve(stem + ".gif");
            new AnimatedGif(picture.frames().stream().map(Frame::picture).toList(), EACH, LAST).write(gif);
            files.add(stem + ".gif");
            animation = Optional.of(bytes(gif));
        }
        return new SynthesisReport.Item(
                picture.title(),
                picture.picture(),
                picture.provenance(),
                picture.facts(),
                picture.course(),
                animation,
                files);
    }

    private static void step(MadePicture picture, Frame frame, Path folder) {
        Map<String, String> facts = new LinkedHashMap<>(Sheet.facts(picture.provenance()));
        facts.put("Step", Integer.toString(frame.step()));
        Path file = folder.resolve(String.format(Locale.ROOT, "%s-step-%04d.png", picture.stem(), frame.step()));
        Png.write(file, frame.picture(), facts);
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Overview overview() {
        List<String> lines = new ArrayList<>();
        outcome.result().pictures().forEach(picture -> {
            lines.add(picture.title());
            picture.facts().forEach((name, value) -> lines.add("  " + name + ": " + value));
        });
        return Overview.text(lines);
    }
}
