package dev.vitrine.app.stimulus;

import dev.vitrine.app.folder.OpenSource;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.terminal.Bound;
import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.file.FileName;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.render.file.Png;
import dev.vitrine.lens.stimulus.Stimuli;
import dev.vitrine.lens.stimulus.Stimulus;
import dev.vitrine.study.Stems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code vitrine stimuli}: pictures that keep one cue and remove others. */
@Command(
        name = "stimuli",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Makes test pictures that keep one cue and remove others.",
        description = {
            "%nSilhouettes, edges, grayscale, low-pass and high-pass filtered, phase-scrambled, low-contrast and shuffled"
                    + " versions of the pictures of a folder, in the levels of Geirhos et al. 2018. Writes them as"
                    + " FAMILY-LEVEL/CLASS/NAME.png, folders that every command with --data takes.%n",
            "  vitrine stimuli --data pictures/ --family silhouette,low-pass%n"
        })
public final class StimuliCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            paramLabel = "FOLDER|ZIP",
            required = true,
            description = "Pictures, in a folder or a zip archive.")
    private Path data;

    @Option(
            names = "--family",
            paramLabel = "ID",
            split = ",",
            description = "silhouette (for objects on a plain background), edges, grayscale, low-pass, high-pass,"
                    + " phase-scrambling, contrast or patch-shuffle. Default: all.")
    private List<String> families = new ArrayList<>();

    @Option(
            names = "--size",
            paramLabel = "PIXELS",
            defaultValue = "224",
            description = "Side of the pictures, cut out of the middle. Default: ${DEFAULT-VALUE}.")
    private int size;

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            defaultValue = "0",
            description = "Seed of all that is drawn at random. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "stimuli",
            description = "Output folder. Default: ${DEFAULT-VALUE}.")
    private Path out;

    private final Terminal terminal;
    private final Stop stop;

    public StimuliCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Bound.atLeast(1, "--size", size);
        families.forEach(Stimuli::find);
        List<Stimulus> chosen = Stimuli.ALL.stream()
                .filter(family -> families.isEmpty() || families.contains(family.id()))
                .toList();
        Preprocessing view = Preprocessing.imagenet(size);
        List<String> unreadable = new ArrayList<>();
        try (PictureSource pictures = OpenSource.of(data, terminal);
                Claim claim = OutputFolder.take(out, terminal)) {
            ProgressLine line = ProgressLine.of("pictures", terminal);
            Stems stems = new Stems();
            for (int index = 0; index < pictures.size(); index++) {
                stop.check();
                try {
                    Picture picture = view.view(pictures.read(index)).withoutBands();
                    Path name = name(pictures, index, stems);
                    chosen.forEach(family -> write(family, picture, name));
                } catch (VitrineException problem) {
                    unreadable.add(problem.getMessage());
                }
                line.report(index + 1L, pictures.size());
            }
            line.end();
            unreadable.forEach(problem -> terminal.err().println("vitrine: " + problem));
            if (unreadable.size() == pictures.size()) {
                throw VitrineException.failure("None of the " + pictures.size() + " pictures could be read.");
            }
            chosen.stream()
                    .flatMap(family -> family.levels().stream().map(level -> out.resolve(family.folder(level))))
                    .forEach(terminal.out()::println);
        }
        return unreadable.isEmpty() ? 0 : 1;
    }

    private static Path name(PictureSource pictures, int index, Stems stems) {
        String folder = pictures.className(index);
        String file = stems.of(pictures.name(index)) + ".png";
        return folder.isEmpty() ? Path.of(file) : Path.of(FileName.of(folder), file);
    }

    private void write(Stimulus family, Picture picture, Path name) {
        for (double level : family.levels()) {
            Png.write(
                    out.resolve(family.folder(level)).resolve(name),
                    Images.of(family.version(picture, level, seed)),
                    Png.facts("Method", family.folder(level) + ", seed " + seed));
        }
    }
}
