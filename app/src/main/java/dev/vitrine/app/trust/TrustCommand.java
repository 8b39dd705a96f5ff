package dev.vitrine.app.trust;

import dev.vitrine.app.folder.GivenPictures;
import dev.vitrine.app.folder.OutOption;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.method.MethodOptions;
import dev.vitrine.app.method.MethodsOption;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.objective.BoxOptions;
import dev.vitrine.app.objective.TargetWords;
import dev.vitrine.app.setting.SettingOptions;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Table;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.app.terminal.Version;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.data.BoxTable;
import dev.vitrine.lens.data.PicturePaths;
import dev.vitrine.lens.model.Model;
import dev.vitrine.study.trust.TrustPlan;
import dev.vitrine.study.trust.TrustReport;
import dev.vitrine.study.trust.TrustResult;
import dev.vitrine.study.trust.TrustStudy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vitrine trust}: tests how far the maps of each method can be trusted. */
@Command(
        name = "trust",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Tests how far the maps of each method can be trusted on a network.",
        description = {
            "%nRandomizes the layers of the network, cascading from the top down and independently. A method whose maps"
                    + " stay similar fails the sanity check. Also measures deletion, insertion, infidelity,"
                    + " sensitivity, sparseness and completeness, and with boxes the pointing game. Writes a page"
                    + " (trust.html) and its numbers (trust.json). Ctrl-C keeps the results so far; the same command"
                    + " resumes.%n",
            "  vitrine trust photos/",
            "  vitrine trust photos.zip --model net.onnx --method grad-cam,guided-backprop --pictures 20",
            "  vitrine trust photos/ --model net.onnx --boxes boxes.csv%n"
        })
public final class TrustCommand implements Callable<Integer> {
    @Mixin
    private GivenPictures images;

    @Mixin
    private MethodsOption methods = new MethodsOption(TrustStudy.USUAL);

    @Option(
            names = {"-t", "--target"},
            paramLabel = "CLASS",
            description = "Class to explain, the same for all pictures. Default: the top-1 class of each picture.")
    private List<String> targets = new ArrayList<>();

    @Mixin
    private OutOption out = new OutOption("trust");

    @Mixin
    private BoxOptions boxes;

    @Mixin
    private SettingOptions<TrustPlan> plan = new SettingOptions<>(TrustPlan.USUAL);

    @Mixin
    private MethodOptions hyperparameters;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public TrustCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        TrustPlan chosen = plan.chosen().withSeed(hyperparameters.seed());
        methods.entries();
        Optional<BoxTable> table = boxes.read();
        try (PicturePaths pictures = images.open(terminal);
                OpenModel open = models.open(terminal, stop);
                Claim claim = OutputFolder.take(out.folder(), terminal)) {
            Model model = open.model();
            TrustStudy study = new TrustStudy(
                    model,
                    pictures,
                    TargetWords.parseOne(targets, model),
                    BoxOptions.of(table, pictures),
                    methods.with(hyperparameters.on(model)),
                    chosen);
            hyperparameters.noteUnused(study.tested(), model, terminal);
            return new StudyRun(terminal, stop, out.folder())
                    .of(open.session(), study, TrustReport.of(study, Version.maker()), this::tell);
        }
    }

    private void tell(TrustResult result) {
        for (TrustReport.Method method : result.methods()) {
            String verdict = result.verdict(method)
                    .map(found -> found.outcome().name().toLowerCase(Locale.ROOT) + "  " + found.words())
                    .orElse("not judged");
            terminal.out().println("  " + Table.padded(method.id(), 24) + verdict);
        }
    }
}
