package dev.vitrine.app.explanation;

import dev.vitrine.app.folder.GivenPictures;
import dev.vitrine.app.folder.OutOption;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.method.MethodOption;
import dev.vitrine.app.method.MethodOptions;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.objective.TargetWords;
import dev.vitrine.app.setting.SettingOptions;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.data.PicturePaths;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.study.segment.SegmentFiles;
import dev.vitrine.study.segment.SegmentPlan;
import dev.vitrine.study.segment.SegmentSearch;
import dev.vitrine.study.segment.Segments;
import dev.vitrine.vision.GrabCut;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vitrine segment}: cuts the object that supports a class out of pictures. */
@Command(
        name = "segment",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Segments the object that supports a class, from its attribution map and GrabCut.",
        description = {
            "%nNo annotation is needed: the attribution map of the class seeds the segmentation. Pixels with the"
                    + " highest scores start as object, those with the lowest as background, and GrabCut assigns the rest"
                    + " by color. Writes for each picture, as the network sees it, the cut-out, the mask and the picture"
                    + " with an outline.%n",
            "  vitrine segment cat.jpg",
            "  vitrine segment photos/ --model net.onnx --method saliency --target tabby --out cats%n"
        })
public final class SegmentCommand implements Callable<Integer> {
    @Mixin
    private GivenPictures images;

    @Mixin
    private MethodOption method = new MethodOption("layer-cam");

    @Option(
            names = {"-t", "--target"},
            paramLabel = "CLASS",
            description = "Class to explain. Default: the top-1 class of each picture.")
    private List<String> targets = new ArrayList<>();

    @Mixin
    private SettingOptions<SegmentPlan> settings = new SettingOptions<>(SegmentPlan.USUAL);

    @Mixin
    private OutOption out = new OutOption("segments");

    @Mixin
    private MethodOptions hyperparameters;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public SegmentCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        SegmentPlan plan = settings.chosen();
        plan.requireRising();
        GrabCut grabCut = new GrabCut(plan.object(), plan.middle(), plan.background(), plan.cuts());
        Attributions.Entry entry = method.entry();
        try (PicturePaths pictures = images.open(terminal);
                OpenModel open = models.open(terminal, stop);
                Claim claim = OutputFolder.take(out.folder(), terminal)) {
            Model model = open.model();
            Targets classes = TargetWords.parseOne(targets, model);
            Attribution attribution = entry.with(hyperparameters.on(model));
            hyperparameters.noteUnused(List.of(attribution), model, terminal);
            SegmentSearch search = new SegmentSearch(model, pictures, attribution, classes, plan, grabCut::segment);
            return new StudyRun(terminal, stop, out.folder())
                    .of(open.session(), search, new SegmentFiles(search), this::tell);
        }
    }

    private void tell(Segments segments) {
        segments.pictures()
                .forEach(one -> terminal.out()
                        .println(String.format(
                                Locale.ROOT,
                                "%s  %s, %.0f %% of the picture",
                                one.name(),
                                one.target(),
                                100 * one.area())));
    }
}
