package dev.vitrine.study.embedding;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.vitrine.lens.data.Npy;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Report;
import dev.vitrine.study.StudyJson;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Codes as files: an array for each layer, {@code pictures.csv} with a line for each row, and, for pictures in class
 * folders, {@code labels.npy} with the indices and {@code classes.txt} with the names.
 *
 * @param facts provenance, for {@code codes.json}
 */
public record CodeReport(Map<String, String> facts) implements Report<CodeTable> {
    /** Content of {@code codes.json}. */
    private record About(
            int pictures, Optional<String> partial, List<CodeTable.Layer> layers, Map<String, String> facts) {}

    @Override
    public List<Path> write(Outcome<CodeTable> outcome, Path folder) {
        CodeTable table = outcome.result();
        List<Integer> rows = table.pictures().stream().map(CodeTable.Row::index).toList();
        List<Path> files = new ArrayList<>();
        for (CodeTable.Layer layer : table.files()) {
            Path file = folder.resolve(layer.file());
            try (CodeFile codes = CodeFile.open(file, layer.columns())) {
                codes.finish(rows(rows, layer.rowsPerPicture()));
            }
            files.add(file);
            layer.positions().ifPresent(grid -> files.add(places(rows, grid, folder, layer)));
        }
        files.add(csv(table, folder.resolve("pictures.csv")));
        files.addAll(labels(table, folder));
        Path about = folder.resolve("codes.json");
        OutputFile.write(about, StudyJson.text(new About(rows.size(), outcome.missing(), table.files(), facts)));
        files.add(about);
        return files;
    }

    private static List<Integer> rows(List<Integer> pictures, int each) {
        return pictures.stream()
                .flatMap(picture -> IntStream.range(0, each).mapToObj(rank -> picture * each + rank))
                .toList();
    }

    /** Of each row of a layer's array: the row of its picture, and the row and column of its position. */
    private static Path places(List<Integer> pictures, Positions.Grid grid, Path folder, CodeTable.Layer layer) {
        long[] places = new long[Math.multiplyExact(3, pictures.size() * grid.count())];
        int filled = 0;
        for (int row = 0; row < pictures.size(); row++) {
            for (int place : grid.of(pictures.get(row))) {
                places[filled++] = row;
                places[filled++] = place / grid.width();
                places[filled++] = place % grid.width();
            }
        }
        Path file = folder.resolve(layer.file().replaceFirst("\\.npy$", ".positions.npy"));
        OutputFile.write(file, Npy.bytes(places, places.length / 3, 3));
        return file;
    }

    private static Path csv(CodeTable table, Path file) {
        StringWriter text = new StringWriter();
        try (CsvWriter writer = CsvWriter.builder().build(text)) {
            writer.writeRecord("picture", "class", "predicted", "confidence", "loss");
            for (CodeTable.Row row : table.pictures()) {
                writer.writeRecord(
                        row.picture(),
                        row.className(),
                        row.predicted(),
                        row.confidence().map(String::valueOf).orElse(""),
                        row.loss().map(String::valueOf).orElse(""));
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        OutputFile.write(file, text.toString());
        return file;
    }

    private static List<Path> labels(CodeTable table, Path folder) {
        List<String> classes = table.pictures().stream()
                .map(CodeTable.Row::className)
                .distinct()
                .sorted()
                .toList();
        if (classes.size() < 2) {
            return List.of();
        }
        long[] numbers = table.pictures().stream()
                .mapToLong(row -> classes.indexOf(row.className()))
                .toArray();
        Path labels = folder.resolve("labels.npy");
        OutputFile.write(labels, Npy.bytes(numbers, numbers.length));
        Path names = folder.resolve("classes.txt");
        OutputFile.write(names, String.join("\n", classes) + "\n");
        return List.of(labels, names);
    }

    /** Deletes files that only the computation needed. */
    public static void clean(CodeExtraction codes) {
        codes.files().forEach(layer -> CodeFile.remove(codes.folder().resolve(layer.file())));
    }
}
