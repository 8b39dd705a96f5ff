package dev.vitrine.app.synthesis;

import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.objective.TargetWords;
import dev.vitrine.app.setting.SettingOptions;
import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.Probabilities;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.visualization.Fooling;
import dev.vitrine.lens.visualization.Rgb;
import dev.vitrine.lens.visualization.Synthesis;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine fool}: noise, or a hardly changed photo, that a network takes for a class. */
@Command(
        name = "fool",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Makes pictures that a network takes for a class although nobody else would.",
        description = {
            "%nWith a picture: the least change to it that makes the network say the class, with the change enlarged"
                    + " beside it. Without: noise that it takes for the class.%n",
            "  vitrine fool cat.jpg --target toaster",
            "  vitrine fool --model net.onnx --target king penguin%n"
        })
public final class FoolCommand implements Callable<Integer> {
    /** How far the largest change is enlarged, from grey. */
    private static final double VISIBLE = 0.45;

    @Parameters(
            paramLabel = "IMAGE",
            arity = "0..1",
            description = "A picture (JPEG, PNG, GIF, BMP, TIFF, WebP); noise where none is given.")
    private Optional<Path> image;

    @Mixin
    private SynthesisOptions synthesis;

    @Option(
            names = {"-t", "--target"},
            paramLabel = "CLASS",
            required = true,
            description = "What the network shall say: number, name or a part of the name.")
    private String target;

    @Mixin
    private ModelOptions models;

    @Mixin
    private SettingOptions<Fooling> settings = new SettingOptions<>(Fooling.USUAL);

    private final Terminal terminal;
    private final Stop stop;

    public FoolCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Optional<Picture> photo = image.map(PictureReader::read);
        try (OpenModel open = models.open(terminal, stop);
                Claim claim = synthesis.take("fool", terminal)) {
            Model model = open.model();
            List<Integer> classes = TargetWords.classes(target, model);
            if (classes.size() != 1) {
                throw VitrineException.usage("--target: found " + classes.size() + " classes; expected one.");
            }
            int wanted = classes.get(0);
            Fooling method = settings.chosen();
            SynthesisFolder folder = new SynthesisFolder(
                    synthesis.out("fool"),
                    open.session(),
                    terminal,
                    model.name() + " fooled",
                    "What does the network take for " + model.labels().display(wanted)
                            + " although nobody else would?");
            ProgressLine progress = new ProgressLine(terminal, 1);
            progress.begin("fooling", 1);
            Map<String, String> options = new LinkedHashMap<>(method.options());
            options.put("seed", Long.toString(synthesis.seed()));
            Provenance provenance = new Provenance(
                    model.name(),
                    image.map(path -> path.getFileName().toString()).orElse("noise"),
                    model.labels().display(wanted),
                    "fooling",
                    options);
            boolean reached = true;
            try {
                if (photo.isPresent()) {
                    change(open, method, model.preprocessing().view(photo.get()), wanted, folder, provenance, progress);
                } else {
                    Synthesis made = method.fromNoise(open.session(), wanted, synthesis.seed(), progress);
                    progress.end();
                    reached = isReached(method, made.picture(0), wanted, open);
                    add(
                            folder,
                            "noise",
                            "noise",
                            made.picture(0),
                            provenance,
                            Map.of(),
                            made.course().scores());
                }
            } finally {
                progress.end();
            }
            folder.finish("");
            if (!reached) {
                terminal.err()
                        .println("vitrine: --confidence " + method.confidence() + " was not reached within "
                                + method.mostSteps() + " steps; take more --steps.");
            }
            return reached ? 0 : 1;
        }
    }

    private static boolean isReached(Fooling method, Picture made, int wanted, OpenModel open) {
        if (method.confidence() == 0) {
            return true;
        }
        Tensor logits = open.session().logits(open.model().preprocessing().apply(made));
        return Probabilities.of(logits, open.model())[wanted] >= method.confidence();
    }

    private void change(
            OpenModel open,
            Fooling method,
            Picture view,
            int wanted,
            SynthesisFolder folder,
            Provenance provenance,
            ProgressLine progress) {
        Tensor logits = open.session().logits(open.model().preprocessing().apply(view));
        if (Targets.ranking(logits, open.model()).get(0) == wanted) {
            throw VitrineException.usage("The network says "
                    + open.model().labels().display(wanted)
                    + " of the picture as it is; expected another class for --target.");
        }
        Synthesis made = method.fromPicture(open.session(), view, wanted, progress);
        progress.end();
        int channels = open.model().channels();
        float[] before = Rgb.values(view, channels);
        float[] after = made.pictures().toFloats();
        double square = 0;
        double largest = 0;
        for (int i = 0; i < before.length; i++) {
            double difference = after[i] - before[i];
            square += difference * difference;
            largest = Math.max(largest, Math.abs(difference));
        }
        double factor = VISIBLE / Math.max(largest, 1e-9);
        float[] shown = new float[before.length];
        for (int i = 0; i < before.length; i++) {
            shown[i] = (float) (0.5 + factor * (after[i] - before[i]));
        }
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "change",
                String.format(
                        Locale.ROOT,
                        "%.2f of 255 in the mean (root of the mean square), %.0f at most; length %.3f",
                        255 * Math.sqrt(square / before.length),
                        255 * largest,
                        Math.sqrt(square)));
        add(folder, "photo", "before", view, provenance, Map.of(), List.of());
        add(
                folder,
                "fooling",
                "after",
                made.picture(0),
                provenance,
                facts,
                made.course().scores());
        Picture difference = Rgb.picture(Tensor.floats(shown, made.pictures().shape()), 0);
        String title = String.format(Locale.ROOT, "change × %.0f, from grey", factor);
        folder.add(
                new SynthesisFolder.Made("change", title, difference, provenance, Map.of(), List.of()),
                Optional.empty());
    }

    private static void add(
            SynthesisFolder folder,
            String stem,
            String title,
            Picture picture,
            Provenance provenance,
            Map<String, String> more,
            List<Double> course) {
        Map<String, String> facts = new LinkedHashMap<>();
        String said = folder.said(picture);
        facts.put("network says", said);
        facts.putAll(more);
        folder.add(
                new SynthesisFolder.Made(stem, title + ": " + said, picture, provenance, facts, course),
                Optional.empty());
    }
}
