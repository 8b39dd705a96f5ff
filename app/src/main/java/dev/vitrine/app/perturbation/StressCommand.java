package dev.vitrine.app.perturbation;

import dev.vitrine.app.folder.OpenSource;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.setting.SettingOptions;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.data.PicturePaths;
import dev.vitrine.study.stress.ObjectFinder;
import dev.vitrine.study.stress.StressReport;
import dev.vitrine.study.stress.StressStudy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine stress}: does the network rely on parts, their order, the outline or the texture? */
@Command(
        name = "stress",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Tests what a network relies on: shuffled parts, occluded parts, silhouette, texture against shape.",
        description = {
            "%nChanges pictures in ways that a person recognizes easily, and shows the top classes"
                    + " before and after. The object is found by a majority vote of segmentations from several maps."
                    + " Its surface and the texture that"
                    + " fills its shape are re-created by texture synthesis, which leaves no shape in them. Writes the"
                    + " changed pictures, a sheet of them (stress.png), a page (index.html) and a summary for programs"
                    + " (summary.json). After Ctrl-C the same command resumes.%n",
            "  vitrine stress cat.jpg",
            "  vitrine stress cat.jpg --model net.onnx --texture elephant.jpg --out cat%n"
        })
public final class StressCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "IMAGE",
            arity = "1..*",
            description = "Pictures (JPEG, PNG, GIF, BMP, TIFF, WebP), folders or zip archives of pictures.")
    private List<Path> images;

    @Option(
            names = "--texture",
            paramLabel = "IMAGE",
            description = "Another picture, whose texture fills the object's shape.")
    private Optional<Path> texture;

    @Option(
            names = "--mask",
            paramLabel = "IMAGE",
            description =
                    "Mask of the object, bright on dark, in the size of the picture. Default: the majority vote of"
                            + " several segmentations, which may cover only a part of it.")
    private Optional<Path> mask;

    @Mixin
    private SettingOptions<StressStudy.Settings> settings = new SettingOptions<>(StressStudy.Settings.USUAL);

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "stress",
            description = "Output folder. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public StressCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        try (PicturePaths pictures = OpenSource.of(images, terminal)) {
            Optional<PictureList> other = texture.map(path -> PicturePaths.open(List.of(path)));
            Optional<GivenObject> given = mask.map(path -> GivenObject.read(path, pictures));
            try (OpenModel open = models.open(terminal, stop);
                    Claim claim = OutputFolder.take(out, terminal)) {
                ObjectFinder finder = given.<ObjectFinder>map(object -> object.on(open.model()))
                        .orElseGet(CutObject::new);
                StressStudy study = new StressStudy(open.model(), pictures, finder, other, settings.chosen());
                StressReport report = new StressReport(study, ModelFacts.of(open.model(), Map.of()));
                return new StudyRun(terminal, stop, out)
                        .of(
                                open.session(),
                                study,
                                report,
                                found -> report.overview(found).forEach(terminal.out()::println));
            }
        }
    }
}
