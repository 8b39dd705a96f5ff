package dev.vitrine.app.embedding;

import dev.vitrine.app.folder.OpenSource;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Bound;
import dev.vitrine.app.terminal.Choices;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.app.terminal.Version;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.assignment.CellGrid;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.study.embedding.KeptCodes;
import dev.vitrine.study.grid.GridReport;
import dev.vitrine.study.grid.MapSource;
import dev.vitrine.study.grid.PictureGrid;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vitrine grid}: pictures at their places on a map. */
@Command(
        name = "grid",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Arranges pictures in a grid so that similar ones are near each other.",
        description = {
            "%nLays out the activations of a layer on a plane, or takes a finished map, and gives each picture a cell near"
                    + " its place. Writes grid.html, a page to zoom into, grid.png and grid.json. The codes are kept in"
                    + " the output folder and used again.%n",
            "  vitrine grid --model net.onnx --data photos/ --layer conv5 --method umap",
            "  vitrine grid --map map.npy --pictures codes/pictures.csv --data photos/%n"
        })
public final class GridCommand implements Callable<Integer> {
    @Option(
            names = {"-d", "--data"},
            paramLabel = "FOLDER|ZIP",
            required = true,
            description = "Pictures.")
    private Path data;

    @Mixin
    private PictureMapOptions maps;

    @Option(
            names = "--map",
            paramLabel = "MAP.npy",
            description = "A finished map instead of a network: [pictures, 2 or more].")
    private Optional<Path> map;

    @Option(
            names = "--pictures",
            paramLabel = "FILE.csv",
            description = "The pictures of its rows: pictures.csv of 'vitrine codes'.")
    private Optional<Path> table;

    @Option(
            names = "--assignment",
            paramLabel = "WAY",
            defaultValue = "optimal",
            converter = FittingWords.class,
            description = "optimal (one to one, minimal sum of squared distances, no gaps) or nearest (the nearest free"
                    + " cell of a larger grid). Default: ${DEFAULT-VALUE}.")
    private CellGrid.Fitting assignment;

    @Option(names = "--columns", paramLabel = "N", description = "Columns of the grid. Default: the shape of the map.")
    private Optional<Integer> columns;

    @Option(
            names = "--thumbnail",
            paramLabel = "PIXELS",
            defaultValue = "64",
            description = "Size of each picture, even, 8 to 512. Default: ${DEFAULT-VALUE}.")
    private int side;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "grid",
            description = "Output folder. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public GridCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        columns.ifPresent(count -> Bound.atLeastOne("--columns", count));
        if (side < 8 || side > 512 || side % 2 != 0) {
            throw VitrineException.usage("--thumbnail " + side + ": expected an even number from 8 to 512.");
        }
        if (map.isPresent() != table.isPresent()) {
            throw VitrineException.usage(
                    "Found --" + (map.isPresent() ? "map without --pictures" : "pictures without --map")
                            + "; expected both, the map and the pictures of its rows.");
        }
        try (PictureSource source = OpenSource.of(data, terminal);
                Claim claim = OutputFolder.take(out, terminal)) {
            return map.isPresent() ? ofMap(source) : ofModel(source);
        }
    }

    private int ofMap(PictureSource source) {
        MapSource given = MapSource.Given.read(map.orElseThrow(), table.orElseThrow(), source);
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("map", map.get().getFileName().toString());
        facts.put("made by", Version.maker());
        return run(StudyRun.NO_SESSION, source, given, "map", facts);
    }

    private int ofModel(PictureSource source) {
        try (OpenModel open = models.open(terminal, stop)) {
            Map<String, String> facts = ModelFacts.of(open.model(), Map.of());
            MapSource.LaidOut laid =
                    maps.of(open.model(), source, new KeptCodes(out.resolve("codes"), facts), terminal);
            Map<String, String> all = new LinkedHashMap<>();
            all.put("layer", laid.layer().name());
            all.put("method", laid.layout().toString());
            all.putAll(facts);
            return run(
                    model -> open.session(),
                    source,
                    laid,
                    laid.layout().id() + " of " + laid.layer().name(),
                    all);
        }
    }

    private int run(
            Function<Model, ModelSession> sessions,
            PictureSource source,
            MapSource from,
            String place,
            Map<String, String> facts) {
        PictureGrid grid =
                new PictureGrid(from, assignment, columns.map(OptionalInt::of).orElse(OptionalInt.empty()));
        StudyRun run = new StudyRun(terminal, stop, out);
        String title = data.getFileName() + " by " + place;
        return run.of(sessions, grid, new GridReport(source, side, title, run.watcher(), facts), placed -> {});
    }

    /** The name on the command line. */
    private static final class FittingWords extends Choices.Words<CellGrid.Fitting> {
        FittingWords() {
            super(CellGrid.Fitting.class);
        }
    }
}
