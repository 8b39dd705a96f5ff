package dev.vitrine.app.calibration;

import dev.vitrine.app.folder.OpenSource;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.app.training.LabeledOptions;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.study.calibration.CalibrationReport;
import dev.vitrine.study.calibration.CalibrationSurvey;
import dev.vitrine.study.picture.KnownPictures;
import dev.vitrine.study.picture.LabeledPictures;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vitrine calibration}: whether a network is as often right as it says. */
@Command(
        name = "calibration",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Measures whether a network is right as often as its probabilities say.",
        description = {
            "%nThe expected calibration error over the pictures of a folder, and the temperature by which logits are to be"
                    + " divided to mend it (Guo et al. 2017). The folder of a picture names its class. Writes a page"
                    + " (calibration.html), the reliability diagram (calibration.png), and the numbers"
                    + " (calibration.json). After Ctrl-C the same command resumes.%n",
            "  vitrine calibration --data pictures/ --model net.onnx%n"
        })
public final class CalibrationCommand implements Callable<Integer> {
    @Mixin
    private LabeledOptions data;

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            defaultValue = "0",
            description = "Seed of the choice of pictures by --per-class. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "calibration",
            description = "Output folder. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public CalibrationCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        data.check(1);
        try (PictureSource source = OpenSource.of(data.required(), terminal)) {
            LabeledPictures pictures = data.of(source, seed);
            try (OpenModel open = models.open(terminal, stop);
                    Claim claim = OutputFolder.take(out, terminal)) {
                KnownPictures known = KnownPictures.of(pictures, open.model());
                known.folders()
                        .notes(open.model())
                        .forEach(note -> terminal.err().println("note: " + note));
                CalibrationSurvey survey = new CalibrationSurvey(open.model(), known);
                return new StudyRun(terminal, stop, out)
                        .of(
                                open.session(),
                                survey,
                                outcome ->
                                        new CalibrationReport(pictures.name(), outcome, ModelFacts.of(open.model())));
            }
        }
    }
}
