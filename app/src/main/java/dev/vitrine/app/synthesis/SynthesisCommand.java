package dev.vitrine.app.synthesis;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.anatomy.Anatomy;
import dev.vitrine.study.synthesis.PictureStudy;
import dev.vitrine.study.synthesis.SynthesisFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Base of all synthesis commands. */
abstract class SynthesisCommand implements Callable<Integer> {
    /** Position of the objective options in the help: after the model, before all others. */
    static final int SUBJECT = -1;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Random seed; the same seed gives the same bytes. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            description = "Output folder. Default: a folder named after the command.")
    private Optional<Path> out;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;
    private final String usual;

    /**
     * @param usual default output folder
     */
    SynthesisCommand(Terminal terminal, Stop stop, String usual) {
        this.terminal = terminal;
        this.stop = stop;
        this.usual = usual;
    }

    /** Reads the input files, before the network is opened. */
    void prepare() {}

    /** The study to run. */
    abstract PictureStudy study(Model model);

    /** Formats of the intermediate pictures. */
    Set<SynthesisFiles.Way> ways() {
        return Set.of();
    }

    /** Opens the network for pictures of any size. */
    OpenModel open(ModelOptions chosen) {
        return chosen.openAtOwnSize(terminal, stop);
    }

    @Override
    public final Integer call() {
        prepare();
        Path folder = out.orElse(Path.of(usual));
        try (OpenModel open = open(models);
                Claim claim = OutputFolder.take(folder, terminal)) {
            PictureStudy study = study(open.model());
            return new StudyRun(terminal, stop, folder)
                    .of(
                            open.session(),
                            study,
                            outcome -> new SynthesisFiles(study, outcome, ModelFacts.of(open.model()), ways()));
        }
    }

    final long seed() {
        return seed;
    }

    final ModelOptions models() {
        return models;
    }

    final Terminal terminal() {
        return terminal;
    }

    final Stop stop() {
        return stop;
    }

    /** The comma-separated layers, or the default ones. */
    final List<Value> layers(List<String> names, Model model, List<Value> usualLayers) {
        ShortNames.ofLayers(names, model, terminal);
        if (names.isEmpty()) {
            return usualLayers;
        }
        Anatomy layers = model.anatomy();
        return names.stream()
                .flatMap(list -> List.of(list.split(",")).stream())
                .filter(name -> !name.isBlank())
                .map(name -> layers.find(name.strip()))
                .distinct()
                .toList();
    }
}
