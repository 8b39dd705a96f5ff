package dev.vitrine.app.explanation;

import dev.vitrine.app.folder.GivenPictures;
import dev.vitrine.app.folder.OutOption;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.method.MethodOptions;
import dev.vitrine.app.method.MethodsOption;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.RegionOptions;
import dev.vitrine.app.objective.ObjectiveOptions;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.data.PicturePaths;
import dev.vitrine.lens.method.MethodChoice;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.study.explanation.DrawingPlan;
import dev.vitrine.study.explanation.ExplanationStudy;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code vitrine explain}: draws explanations of pictures, with a page of all of them. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Shows which parts of a picture drive a network's prediction.",
        description = {
            "%nWrites for each picture, class and method an overlay and a raw map (PNG), one page with all of them"
                    + " (index.html) and a JSON summary (summary.json). An interrupted run on several"
                    + " pictures leaves a folder 'unfinished' beside them: the same command resumes from it; a"
                    + " different"
                    + " command is rejected until the run is finished or the folder is removed.%n",
            "  vitrine explain cat.jpg",
            "  vitrine explain cat.jpg dog.jpg photos/ --model net.onnx --target top:3 --method grad-cam",
            "  vitrine explain cat.jpg --model net.onnx --target egyptian,tabby --method all --out cats",
            "  vitrine explain cat.jpg --model net.onnx --unit conv4:17 --method guided-backprop%n"
        })
public final class ExplainCommand implements Callable<Integer> {
    @Mixin
    private GivenPictures images;

    @Mixin
    private MethodsOption methods = new MethodsOption(MethodsOption.USUAL);

    @Mixin
    private ObjectiveOptions objectives;

    @Mixin
    private OutOption out = new OutOption("explanations");

    @Mixin
    private DrawingOptions drawing;

    @Mixin
    private RegionOptions regions;

    @Mixin
    private MethodOptions hyperparameters;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public ExplainCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        methods.entries();
        try (PicturePaths pictures = images.open(terminal);
                OpenModel open = models.open(terminal, stop, (card, type) -> regions.onto(card))) {
            Model model = open.model();
            Objective objective = objectives.objective(open);
            objectives.note(model, terminal);
            MethodChoice choice = methods.with(hyperparameters.forPictures(model));
            List<Attribution> settled = choice.settled(model, objective);
            hyperparameters.noteLayer(settled, objective, terminal);
            hyperparameters.noteUnused(settled, model, terminal);
            DrawingPlan plan = drawing.plan(out.folder(), model);
            ExplanationStudy study = new ExplanationStudy(
                    model, pictures, objective, objectives.targets(objective, model), choice, plan);
            try (Claim claim = OutputFolder.take(out.folder(), terminal)) {
                return new StudyRun(terminal, stop, out.folder())
                        .of(
                                open.session(),
                                study,
                                (outcome, folder) -> outcome.result().pages(folder),
                                said -> ExplanationWords.tell(said, out.folder(), terminal));
            }
        }
    }
}
