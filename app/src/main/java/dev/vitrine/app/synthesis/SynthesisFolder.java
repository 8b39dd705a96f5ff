package dev.vitrine.app.synthesis;

import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.render.Montage;
import dev.vitrine.lens.render.Sheet;
import dev.vitrine.lens.render.file.AnimatedGif;
import dev.vitrine.lens.render.file.Png;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.study.Stems;
import dev.vitrine.study.page.Answer;
import dev.vitrine.study.synthesis.SynthesisReport;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The folder that made pictures are written to: each as a PNG, all on one sheet and one page, and a summary. */
final class SynthesisFolder {
    private static final int COLUMNS = 4;

    private final Path folder;
    private final ModelSession session;
    private final Terminal terminal;
    private final String title;
    private final String answers;
    private final Stems stems = new Stems();
    private final List<SynthesisReport.Item> items = new ArrayList<>();

    SynthesisFolder(Path folder, ModelSession session, Terminal terminal, String title, String answers) {
        this.folder = folder;
        this.session = session;
        this.terminal = terminal;
        this.title = title;
        this.answers = answers;
    }

    /** What a picture is, before it is written. */
    record Made(
            String stem,
            String title,
            Picture picture,
            Provenance provenance,
            Map<String, String> facts,
            List<Double> course) {}

    /** What the network says of a picture, fitted to its input. */
    String said(Picture picture) {
        Model model = session.model();
        Tensor logits = session.logits(model.preprocessing().apply(picture));
        int best = Targets.ranking(logits, model).get(0);
        return model.display(best) + ", " + new Answer(model, logits).words(best);
    }

    /** Writes a picture at once. */
    void add(Made made, Optional<AnimatedGif> animation) {
        BufferedImage image = Images.of(made.picture());
        String stem = stems.free(made.stem());
        List<String> files = new ArrayList<>(List.of(stem + ".png"));
        Png.write(folder.resolve(files.get(0)), image, Sheet.facts(made.provenance()));
        Optional<byte[]> bytes = animation.map(gif -> {
            String name = stem + ".gif";
            gif.write(folder.resolve(name));
            files.add(name);
            return bytes(folder.resolve(name));
        });
        items.add(new SynthesisReport.Item(
                made.title(), image, made.provenance(), made.facts(), made.course(), bytes, files));
        terminal.out().println(folder.resolve(files.get(0)));
        made.facts().forEach((name, value) -> terminal.out().println("  " + name + ": " + value));
    }

    /** Writes a picture of the way there. */
    void progress(String stem, int step, Picture picture, Provenance provenance) {
        Path file = folder.resolve(String.format(Locale.ROOT, "%s-step-%04d.png", stem, step));
        Map<String, String> facts = new LinkedHashMap<>(Sheet.facts(provenance));
        facts.put("Step", Integer.toString(step));
        Png.write(file, Images.of(picture), facts);
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes sheet, page and summary of what there is. */
    void finish(String missing) {
        if (items.isEmpty()) {
            return;
        }
        Map<String, String> facts = new LinkedHashMap<>();
        if (!missing.isEmpty()) {
            facts.put("partial", missing);
        }
        facts.putAll(ModelFacts.of(session.model(), Map.of()));
        List<Montage.Cell> cells = items.stream()
                .map(item -> new Montage.Cell(item.picture(), item.title()))
                .toList();
        Path sheet = folder.resolve("sheet.png");
        Png.write(
                sheet,
                new Montage(cells, COLUMNS).image(),
                Sheet.facts(items.get(0).provenance()));
        Path page = folder.resolve("index.html");
        new SynthesisReport(title, answers, facts, items).write(page, folder.resolve("summary.json"));
        terminal.out().println(sheet);
        terminal.out().println(page);
    }
}
