package dev.vitrine.app.invariance;

import dev.vitrine.app.folder.GivenPictures;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.objective.TargetWords;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.data.PicturePaths;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.transformation.Transformation;
import dev.vitrine.lens.transformation.Transformations;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.study.invariance.InvarianceReport;
import dev.vitrine.study.invariance.InvarianceSurvey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vitrine invariance}: how features and predictions change under transformations of pictures. */
@Command(
        name = "invariance",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Measures how features and predictions change when pictures are moved, enlarged or turned.",
        description = {
            "%nThe curves of Zeiler and Fergus 2014, figure 5: distance of features from those of the untouched picture at"
                    + " layers, and the probability of the class, under translation, scale and rotation, brightness and"
                    + " blur. The class is that of a picture's folder, or else the most likely one. Reports rotation"
                    + " symmetries. Writes a page (invariance.html), a sheet of plots, and every number"
                    + " (invariance.json). After Ctrl-C the same command resumes.%n",
            "  vitrine invariance cat.jpg",
            "  vitrine invariance photos/ --model net.onnx --layer conv1,conv5 --transformation rotation,scale%n"
        })
public final class InvarianceCommand implements Callable<Integer> {
    @Mixin
    private GivenPictures images;

    @Option(
            names = {"-t", "--target"},
            paramLabel = "CLASS",
            description = "Class of the probability: index, name, or a part of the name. Default: the class of the"
                    + " picture's folder, or else the top-1 class.")
    private List<String> targets = new ArrayList<>();

    @Option(
            names = "--layer",
            paramLabel = "NAME",
            split = ",",
            description = "Layers; see 'vitrine layers'. Default: the first and the last stage.")
    private List<String> layers = new ArrayList<>();

    @Option(
            names = "--transformation",
            paramLabel = "ID",
            split = ",",
            description = "vertical-translation, horizontal-translation, scale, rotation, brightness or blur. Default:"
                    + " all.")
    private List<String> transformations = new ArrayList<>();

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "invariance",
            description = "Output folder. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public InvarianceCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        transformations.forEach(Transformations::find);
        try (PicturePaths pictures = images.open(terminal);
                OpenModel open = models.open(terminal, stop);
                Claim claim = OutputFolder.take(out, terminal)) {
            Model model = open.model();
            ShortNames.ofLayers(layers, model, terminal);
            List<ChannelLayer> chosen = layers.isEmpty()
                    ? InvarianceSurvey.usual(model)
                    : layers.stream()
                            .map(name -> ChannelLayer.find(model, name))
                            .distinct()
                            .toList();
            List<String> changes = Transformations.ALL.stream()
                    .map(Transformation::id)
                    .filter(id -> transformations.isEmpty() || transformations.contains(id))
                    .toList();
            InvarianceSurvey survey =
                    new InvarianceSurvey(model, pictures, chosen, changes, TargetWords.parseOne(targets, model));
            return new StudyRun(terminal, stop, out)
                    .of(open.session(), survey, outcome -> new InvarianceReport(survey, outcome, ModelFacts.of(model)));
        }
    }
}
