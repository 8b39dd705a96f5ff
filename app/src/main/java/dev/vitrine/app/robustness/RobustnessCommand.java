package dev.vitrine.app.robustness;

import dev.vitrine.app.folder.OpenSource;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ComparedModels;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.app.training.LabeledOptions;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.study.picture.KnownPictures;
import dev.vitrine.study.picture.LabeledPictures;
import dev.vitrine.study.robustness.CorruptionSurvey;
import dev.vitrine.study.robustness.RobustnessPlan;
import dev.vitrine.study.robustness.RobustnessReport;
import dev.vitrine.study.robustness.RobustnessStudy;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vitrine robustness}: the error of networks on corrupted pictures. */
@Command(
        name = "robustness",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Measures how wrong networks are about corrupted pictures.",
        description = {
            "%nCorrupts the pictures of a folder as ImageNet-C and CIFAR-10-C do and measures the top-1 error by corruption"
                    + " and severity, the mean corruption error (mCE), and how often answers change. The folder of a"
                    + " picture names its class. Writes a page (robustness.html), a plot (robustness.png), and the"
                    + " numbers (robustness.json). After Ctrl-C the same command resumes.%n",
            "  vitrine robustness --data pictures.zip",
            "  vitrine robustness --model a.onnx --model b.onnx --data pictures/ --severity 1,3,5 --as-published%n"
        })
public final class RobustnessCommand implements Callable<Integer> {
    @Mixin
    private LabeledOptions data;

    @Mixin
    private CorruptionOptions corruptions;

    @Option(
            names = "--as-published",
            description = "Encode corrupted pictures as JPEG of quality 85, as which ImageNet-C is stored.")
    private boolean asPublished;

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            defaultValue = "0",
            description = "Seed of all that is drawn at random. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "robustness",
            description = "Output folder. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private ComparedModels models;

    private final Terminal terminal;
    private final Stop stop;

    public RobustnessCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        data.check(1);
        RobustnessPlan plan = new RobustnessPlan(
                corruptions.ids("benchmark"),
                corruptions.severities(),
                asPublished ? RobustnessPlan.Encoding.PUBLISHED : RobustnessPlan.Encoding.NONE,
                seed);
        try (PictureSource source = OpenSource.of(data.required(), terminal)) {
            LabeledPictures pictures = data.of(source, seed);
            try (ComparedModels.Opened open = models.open(terminal, stop);
                    Claim claim = OutputFolder.take(out, terminal)) {
                return run(open, pictures, plan);
            }
        }
    }

    private int run(ComparedModels.Opened open, LabeledPictures pictures, RobustnessPlan plan) {
        RobustnessStudy study = new RobustnessStudy(open.models().stream()
                .map(model -> new CorruptionSurvey(model.model(), known(pictures, model.model()), plan))
                .toList());
        Map<String, String> made = ModelFacts.of(open.models().get(0).model());
        return new StudyRun(terminal, stop, out)
                .of(open::session, study, outcome -> RobustnessReport.of(study, outcome, made));
    }

    private KnownPictures known(LabeledPictures pictures, Model model) {
        KnownPictures known = KnownPictures.of(pictures, model);
        known.folders().notes(model).forEach(note -> terminal.err().println("note: " + note));
        return known;
    }
}
