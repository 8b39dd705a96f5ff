package dev.vitrine.app.embedding;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Choices;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.data.NpyRows;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.embedding.Codes;
import dev.vitrine.lens.embedding.Layout;
import dev.vitrine.lens.neighbor.Distance;
import dev.vitrine.lens.neighbor.ExactNeighbors;
import dev.vitrine.lens.neighbor.Neighbors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code vitrine neighbors}: the nearest neighbors among the rows of a table. */
@Command(
        name = "neighbors",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Finds the nearest rows of a table.",
        description = {
            "%nWrites the indices of the exact nearest neighbors of each query, nearest first; ties go to the lower index."
                    + " Without --queries, every row is a query and is excluded from its own neighbors.%n",
            "  vitrine neighbors --codes codes.npy --queries q.npy --metric cosine --k 10 --output ids.npy%n"
        })
public final class NeighborsCommand implements Callable<Integer> {
    @Option(
            names = "--codes",
            paramLabel = "FILE.npy",
            required = true,
            description = "Codes: float32 or float64, [rows, columns].")
    private Path codes;

    @Option(
            names = "--queries",
            paramLabel = "FILE.npy",
            description = "Queries, [queries, columns]. Default: each row of the codes.")
    private Optional<Path> queries;

    @Option(
            names = "--metric",
            paramLabel = "METRIC",
            defaultValue = "euclidean",
            converter = DistanceWords.class,
            description = "euclidean or cosine. Default: ${DEFAULT-VALUE}.")
    private Distance metric;

    @Option(
            names = "--k",
            paramLabel = "N",
            defaultValue = "10",
            description = "Number of neighbors of each query. Default: ${DEFAULT-VALUE}.")
    private int count;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "IDS.npy",
            required = true,
            description = "Output file of the indices: int64, [queries, k].")
    private Path output;

    @Option(
            names = "--distances",
            paramLabel = "FILE.npy",
            description = "Output file of the distances: float32, [queries, k].")
    private Optional<Path> distances;

    private final Terminal terminal;
    private final Stop stop;

    public NeighborsCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        try (NpyRows known = NpyRows.open(codes);
                Claim claim = OutputFolder.takeFile(output, terminal);
                Runner runner = new OnnxRuntimeRunner();
                ExactNeighbors search = new ExactNeighbors(
                        runner, Layout.all(Codes.of(known, codes.toString())), known.columns(), metric)) {
            Neighbors found = new StudyRun(terminal, stop, output)
                    .watched(
                            "queries",
                            watcher -> queries.isPresent()
                                    ? search.of(Codes.read(queries.get(), known.columns()), count, watcher)
                                    : search.ofKnown(count, watcher));
            long[] ids = Arrays.stream(found.ids()).asLongStream().toArray();
            OutputFile.write(output, Npy.bytes(ids, found.queries(), count));
            distances.ifPresent(path -> Npy.write(path, found.distanceTensor()));
            terminal.out().println(output);
            distances.ifPresent(terminal.out()::println);
            return 0;
        }
    }

    /** The name on the command line. */
    private static final class DistanceWords extends Choices.Words<Distance> {
        DistanceWords() {
            super(Distance.class);
        }
    }
}
