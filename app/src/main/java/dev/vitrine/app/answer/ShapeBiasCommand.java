package dev.vitrine.app.answer;

import dev.vitrine.app.folder.OpenSource;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ComparedModels;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.study.answer.Answer;
import dev.vitrine.study.answer.ShapeBiasReport;
import dev.vitrine.study.shape.ClassMap;
import dev.vitrine.study.shape.ClassMapReader;
import dev.vitrine.study.shape.CueSurvey;
import dev.vitrine.study.shape.ShapeReport;
import dev.vitrine.study.shape.ShapeStudy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vitrine shape-bias}: whether people or networks go by shape or by texture. */
@Command(
        name = "shape-bias",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Measures whether networks and people go by shape or by texture.",
        description = {
            "%nNeeds cue-conflict pictures, such as cat7-elephant1.png with the shape of a cat and the texture of an"
                    + " elephant, or answers to them. The shape bias is the share of answers that name the shape among"
                    + " those that name either; pictures without conflict are left out (Geirhos et al. 2019). Networks"
                    + " with the classes of ImageNet answer by the sixteen classes of that study. With --data, writes a"
                    + " page (shape-bias.html), a plot, the numbers (shape-bias.json), and all answers (answers.csv)."
                    + " After Ctrl-C the same command resumes.%n",
            "For orientation: people 95.9 %%, AlexNet 25.3 %%, ResNet-50 21.4 %%, VGG-16 9.2 %%; answers at random 50 %%.%n",
            "  vitrine shape-bias --answers answers.csv --report report.json",
            "  vitrine shape-bias --model a.onnx --model b.onnx --data conflicts/",
            "  vitrine shape-bias --model net.onnx --data conflicts/ --classes classes.csv --answers people.csv%n"
        })
public final class ShapeBiasCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            paramLabel = "FOLDER|ZIP",
            description = "Cue-conflict pictures for networks, named SHAPE-TEXTURE.png; numbers are ignored.")
    private Optional<Path> data;

    @Option(
            names = "--classes",
            paramLabel = "FILE.csv",
            description = "Classes of the pictures: CSV with the columns class and member, one line for each class of"
                    + " the network. Default: the sixteen for ImageNet, otherwise the network's own.")
    private Optional<Path> classes;

    @Mixin
    private AnswerOptions answers;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "shape-bias",
            description = "Output folder for --data. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private ComparedModels models;

    private final Terminal terminal;
    private final Stop stop;

    public ShapeBiasCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        if (data.isEmpty() && !answers.areGiven()) {
            throw VitrineException.usage("Found neither --data nor --answers; expected pictures or answers to them.");
        }
        List<Answer> given = answers.read();
        if (data.isEmpty()) {
            ShapeBiasReport report = ShapeBiasReport.of(given);
            return answers.write(report, report.lines(), terminal);
        }
        try (PictureSource pictures = OpenSource.of(data.get(), terminal)) {
            CueSurvey.words(pictures);
            try (ComparedModels.Opened open = models.open(terminal, stop);
                    Claim claim = OutputFolder.take(out, terminal)) {
                return run(open, pictures, given);
            }
        }
    }

    private int run(ComparedModels.Opened open, PictureSource pictures, List<Answer> given) {
        List<Model> networks = open.models().stream().map(OpenModel::model).toList();
        List<String> subjects = CueSurvey.subjects(networks);
        ShapeStudy study = new ShapeStudy(IntStream.range(0, networks.size())
                .mapToObj(index -> new CueSurvey(
                        networks.get(index), subjects.get(index), pictures, map(networks.get(index), pictures)))
                .toList());
        Map<String, String> made = ModelFacts.of(networks.get(0));
        String name =
                data.orElseThrow().toAbsolutePath().normalize().getFileName().toString();
        return new StudyRun(terminal, stop, out).of(open::session, study, outcome -> {
            ShapeReport report = ShapeReport.of(name, outcome, given, made);
            if (!outcome.isPartial()) {
                answers.write(report, terminal);
            }
            return report;
        });
    }

    private ClassMap map(Model model, PictureSource pictures) {
        return classes.map(file -> ClassMapReader.read(file, model))
                .orElseGet(() -> ClassMap.of(model, CueSurvey.words(pictures)));
    }
}
