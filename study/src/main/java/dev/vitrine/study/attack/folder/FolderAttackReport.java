package dev.vitrine.study.attack.folder;

import dev.vitrine.lens.attack.Attack;
import dev.vitrine.lens.attack.PictureValues;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.render.file.Png;
import dev.vitrine.lens.setting.Settings;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Overview;
import dev.vitrine.study.StudyJson;
import dev.vitrine.study.StudyReport;
import dev.vitrine.study.attack.Share;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How a network stands an attack, as a page ({@code index.html}), the curve ({@code accuracy.png}), every number
 * ({@code attack.json}) and the adversarial pictures with their true classes as arrays.
 *
 * @param data name of the folder or archive
 * @param seconds that the attack took in this run
 * @param made provenance of the network and the program
 */
public record FolderAttackReport(
        FolderAttack study, Outcome<Resistance> outcome, String data, double seconds, Map<String, String> made)
        implements StudyReport {
    private static final int EXAMPLES = 8;

    /** Content of {@code attack.json}. */
    private record Summary(
            String model,
            String data,
            Map<String, String> settings,
            Optional<String> partial,
            double seconds,
            Resistance result,
            List<String> unreadable,
            Map<String, String> facts) {}

    /** A broken picture before and after. */
    record Example(AttackedRow row, AttackedRow.Broken broken, BufferedImage before, BufferedImage after) {}

    Model model() {
        return study.model();
    }

    Resistance result() {
        return outcome.result();
    }

    Optional<String> missing() {
        return outcome.missing().map(missing -> "Stopped after " + missing + ". The results cover only those.");
    }

    Map<String, String> facts() {
        Attack attack = study.attacks().get(0);
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("method", attack.id());
        facts.putAll(Settings.texts(attack));
        facts.remove("epsilon");
        facts.put("pictures", data + ", " + result().pictures());
        facts.put("time", String.format(Locale.ROOT, "%.1f s", seconds));
        facts.putAll(made);
        return facts;
    }

    @Override
    public List<Path> write(Path folder) {
        FolderAttackPage page = new FolderAttackPage(this, examples(folder));
        List<Path> files = new ArrayList<>();
        files.addAll(arrays(folder));
        Path plot = folder.resolve("accuracy.png");
        Png.write(plot, page.curve().image(List.of(page.lead())), Map.of());
        Path summary = folder.resolve("attack.json");
        OutputFile.write(
                summary,
                StudyJson.text(new Summary(
                        model().name(),
                        data,
                        Settings.texts(study.attacks().get(0)),
                        outcome.missing(),
                        seconds,
                        result(),
                        outcome.unreadable(),
                        facts())));
        Path html = folder.resolve("index.html");
        OutputFile.write(html, page.html());
        files.addAll(List.of(plot, summary, html));
        return files;
    }

    private List<AttackedRow> broken() {
        return result().rows().stream().filter(row -> row.broken().isPresent()).toList();
    }

    /** The values of a written adversarial picture. */
    private static float[] written(PictureValues values, Path folder, AttackedRow row) {
        Path file = folder.resolve(row.broken().orElseThrow().file());
        return values.written(PictureReader.read(file));
    }

    private List<Path> arrays(Path folder) {
        List<AttackedRow> broken = broken();
        if (broken.isEmpty()) {
            return List.of();
        }
        PictureValues values = new PictureValues(model());
        Path pictures = folder.resolve("adversarial.npy");
        OutputFile.write(pictures, output -> {
            output.write(Npy.header(
                    broken.size(),
                    model().preprocessing().height(),
                    model().preprocessing().width(),
                    model().channels()));
            for (AttackedRow row : broken) {
                float[] picture = values.interleaved(written(values, folder, row));
                ByteBuffer bytes = ByteBuffer.allocate(4 * picture.length).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(picture);
                output.write(bytes.array());
            }
        });
        Path labels = folder.resolve("labels.npy");
        OutputFile.write(
                labels, Npy.bytes(broken.stream().mapToLong(AttackedRow::label).toArray(), broken.size()));
        return List.of(pictures, labels);
    }

    /** Broken pictures, evenly over all; none after a stop, since reading pictures again would delay the exit. */
    private List<Example> examples(Path folder) {
        List<AttackedRow> broken = broken();
        List<Example> examples = new ArrayList<>();
        int count = outcome.isPartial() ? 0 : Math.min(EXAMPLES, broken.size());
        PictureValues values = new PictureValues(model());
        for (int index = 0; index < count; index++) {
            AttackedRow row = broken.get(index * broken.size() / count);
            float[] before =
                    values.of(model().preprocessing().view(study.pictures().read(row.index())));
            examples.add(new Example(
                    row,
                    row.broken().orElseThrow(),
                    values.opaque(PictureValues.samples(before)),
                    values.opaque(PictureValues.samples(written(values, folder, row)))));
        }
        return examples;
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    static String range(Share share) {
        return percent(share.interval().low()) + " to "
                + percent(share.interval().high());
    }

    @Override
    public Overview overview() {
        Overview overview = Overview.of("epsilon", "accuracy", "success", "95 %", "L2", "Linf", "queries")
                .above(new FolderAttackPage(this, List.of()).lead());
        for (Resistance.Level level : result().levels()) {
            overview = overview.row(
                    FolderAttackPage.epsilon(level.epsilon()),
                    percent(level.accuracy().share()),
                    percent(level.success().share()),
                    range(level.success()),
                    String.format(Locale.ROOT, "%.3g", level.l2().mean()),
                    String.format(Locale.ROOT, "%.3g/255", 255 * level.linf().mean()),
                    String.format(Locale.ROOT, "%.1f", level.queries()));
        }
        String caution = new FolderAttackPage(this, List.of()).caution();
        return caution.isEmpty() ? overview : overview.below(caution);
    }
}
