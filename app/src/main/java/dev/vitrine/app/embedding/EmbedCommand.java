package dev.vitrine.app.embedding;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.setting.ListedOptions;
import dev.vitrine.app.study.StudyRun;
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
import dev.vitrine.lens.embedding.layout.Layouts;
import dev.vitrine.study.StudyJson;
import dev.vitrine.study.embedding.Embedded;
import dev.vitrine.study.embedding.Embedding;
import dev.vitrine.study.embedding.EmbeddingReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vitrine embed}: reduces a table to a map of its rows. */
@Command(
        name = "embed",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Embeds the rows of a table in a few dimensions.",
        description = {
            "%nReads codes, one row per picture or other sample, and writes the embedding of each row by principal"
                    + " components (pca), linear discriminants (lda), t-SNE (tsne) or UMAP (umap). The report measures"
                    + " how faithful the map is to the codes.%n",
            "  vitrine embed --codes codes.npy --method tsne --output map.npy --report report.json",
            "  vitrine embed --codes codes.npy --labels labels.npy --method lda --output map.npy%n"
        })
public final class EmbedCommand implements Callable<Integer> {
    @Option(
            names = "--codes",
            paramLabel = "FILE.npy",
            required = true,
            description = "Codes: float32 or float64, [rows, columns].")
    private Path codes;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "MAP.npy",
            required = true,
            description = "Output file of the map: float32, [rows, components].")
    private Path output;

    @Option(names = "--report", paramLabel = "FILE.json", description = "Output file of the report.")
    private Optional<Path> report;

    @Mixin
    private EmbeddingOptions options;

    @Mixin
    private final ListedOptions<Layout> layouts = new ListedOptions<>(Layouts.ALL, Layout::id);

    private final Terminal terminal;
    private final Stop stop;

    public EmbedCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        long begun = System.nanoTime();
        try (NpyRows file = NpyRows.open(codes);
                Claim claim = OutputFolder.takeFile(output, terminal);
                Runner runner = new OnnxRuntimeRunner()) {
            Embedding embedding = options.of(runner, Codes.of(file, codes.toString()), layouts);
            Path folder = output.toAbsolutePath().getParent();
            return new StudyRun(terminal, stop, folder, output.getFileName().toString())
                    .of(
                            StudyRun.NO_SESSION,
                            embedding,
                            (outcome, unused) -> write(EmbeddingReport.of(outcome, seconds(begun)), outcome.result()),
                            map -> {});
        }
    }

    private List<Path> write(EmbeddingReport told, Embedded embedded) {
        Npy.write(output, embedded.map());
        report.ifPresent(path -> OutputFile.write(path, StudyJson.text(told)));
        told.lines().forEach(line -> terminal.out().println("  " + line));
        return Stream.concat(Stream.of(output), report.stream()).toList();
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }
}
