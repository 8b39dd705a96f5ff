package dev.vitrine.app.explanation;

import dev.vitrine.app.folder.GivenPictures;
import dev.vitrine.app.folder.OutOption;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.method.MethodOption;
import dev.vitrine.app.method.MethodOptions;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.objective.BoxOptions;
import dev.vitrine.app.objective.TargetWords;
import dev.vitrine.app.setting.SettingOptions;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.app.terminal.Version;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.data.BoxTable;
import dev.vitrine.lens.data.PicturePaths;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.study.Report;
import dev.vitrine.study.picture.FolderPictures;
import dev.vitrine.study.where.Looks;
import dev.vitrine.study.where.MapClusters;
import dev.vitrine.study.where.WhereReport;
import dev.vitrine.study.where.WhereSearch;
import dev.vitrine.study.where.WhereSearch.Classes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vitrine where}: where a network looks over many pictures. */
@Command(
        name = "where",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Shows where a network looks over a whole folder of pictures.",
        description = {
            "%nExplains every picture with one method, averages and clusters the maps of each class: pictures"
                    + " recognized by a corner or the background form a cluster. Writes where.html and where.json.%n",
            "  vitrine where photos/",
            "  vitrine where photos.zip --model net.onnx --target folder --boxes boxes.csv%n"
        })
public final class WhereCommand implements Callable<Integer> {
    @Mixin
    private GivenPictures images;

    @Mixin
    private MethodOption method = new MethodOption("grad-cam");

    @Option(
            names = {"-t", "--target"},
            paramLabel = "CLASS|folder",
            description = "Class to explain, the same for all pictures, or 'folder' for the class named by each"
                    + " picture's folder. Default: the top-1 class of each picture.")
    private List<String> targets = new ArrayList<>();

    @Mixin
    private BoxOptions boxes;

    @Mixin
    private SettingOptions<MapClusters> clusters = new SettingOptions<>(new MapClusters(0));

    @Mixin
    private OutOption out = new OutOption("where");

    @Mixin
    private MethodOptions hyperparameters;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public WhereCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Attributions.Entry entry = method.entry();
        Optional<BoxTable> table = boxes.read();
        try (PicturePaths pictures = images.open(terminal);
                OpenModel open = models.open(terminal, stop);
                Claim claim = OutputFolder.take(out.folder(), terminal)) {
            WhereSearch search = search(pictures, open.model(), entry, table);
            Report<Looks> report = WhereReport.of(search, Version.maker());
            return new StudyRun(terminal, stop, out.folder()).of(open.session(), search, report, this::summarize);
        }
    }

    private WhereSearch search(PicturePaths given, Model model, Attributions.Entry entry, Optional<BoxTable> table) {
        Attribution shown = entry.with(hyperparameters.on(model));
        hyperparameters.noteUnused(List.of(shown), model, terminal);
        MapClusters apart = clusters.chosen().withSeed(hyperparameters.seed());
        if (!targets.equals(List.of("folder"))) {
            Classes one = new Classes.Same(TargetWords.parseOne(targets, model));
            return new WhereSearch(model, given, shown, one, BoxOptions.of(table, given), apart);
        }
        FolderPictures named = FolderPictures.of("--target folder", given, model);
        named.folders().notes(model).forEach(note -> terminal.err().println("note: " + note));
        Classes its = new Classes.OfFolder(named.folders());
        return new WhereSearch(model, named.pictures(), shown, its, BoxOptions.of(table, named.pictures()), apart);
    }

    private void summarize(Looks looks) {
        looks.groups().stream()
                .filter(group -> group.clusters().size() > 1)
                .forEach(group -> terminal.out()
                        .println("  " + group.title() + ": " + group.clusters().size() + " clusters"));
    }
}
