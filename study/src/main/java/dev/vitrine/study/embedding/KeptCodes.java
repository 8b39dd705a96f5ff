package dev.vitrine.study.embedding;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.NpyRows;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.StudyJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Codes in a folder that several studies use: computed once, and again only for another network, other pictures, another
 * pooling or a layer that is missing. The files are those of {@link CodeReport}, and {@code index.json}, which says what
 * they were computed from.
 */
public final class KeptCodes {
    private static final String INDEX = "index.json";

    private final Path folder;
    private final Map<String, String> facts;

    /**
     * @param facts provenance
     */
    public KeptCodes(Path folder, Map<String, String> facts) {
        this.folder = folder;
        this.facts = Map.copyOf(facts);
    }

    /** Content of the index; the pictures are the same for all layers. */
    private record Index(List<String> question, List<String> unreadable, CodeTable table) {
        boolean has(CodeTable.Layer layer) {
            return table.files().contains(layer);
        }
    }

    public Path folder() {
        return folder;
    }

    /** The array of a layer. */
    public Path file(CodeTable.Layer layer) {
        return folder.resolve(layer.file());
    }

    /**
     * The codes, of which those in the folder are not computed again.
     *
     * @param wanted with this folder
     */
    public Outcome<CodeTable> of(CodeExtraction wanted, StudyContext context) {
        List<String> question = question(wanted);
        Optional<Index> known = index().filter(index -> index.question().equals(question));
        List<CodeTable.Layer> files = wanted.files();
        if (known.filter(index -> files.stream().allMatch(index::has)).isPresent()) {
            // Parts of the run that computed them, if that was stopped later, go with this one's.
            if (context.parts().areKept()) {
                context.parts().of(wanted.question());
            }
            known.get().unreadable().forEach(context.watcher()::leftOut);
            return outcome(known.get(), files);
        }
        Outcome<CodeTable> found = wanted.run(context);
        if (found.isPartial()) {
            return found;
        }
        List<CodeTable.Layer> all = new ArrayList<>(files);
        known.ifPresent(index -> index.table().files().stream()
                .filter(layer -> !files.contains(layer))
                .forEach(all::add));
        new CodeReport(facts).write(found, folder);
        Index index = new Index(
                question, found.unreadable(), new CodeTable(all, found.result().pictures()));
        OutputFile.write(folder.resolve(INDEX), StudyJson.text(index));
        CodeReport.clean(wanted);
        return outcome(index, files);
    }

    private static Outcome<CodeTable> outcome(Index index, List<CodeTable.Layer> files) {
        return new Outcome<>(new CodeTable(files, index.table().pictures()), index.unreadable(), Optional.empty());
    }

    /** All that the codes depend on, except which layers they are of. */
    private static List<String> question(CodeExtraction codes) {
        return codes.question().lines().stream()
                .filter(line -> !line.startsWith("layers "))
                .toList();
    }

    private Optional<Index> index() {
        Path file = folder.resolve(INDEX);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Index index = StudyJson.read(Files.readString(file), Index.class);
            boolean complete = index.table().files().stream().allMatch(layer -> isWhole(index, layer));
            return complete ? Optional.of(index) : Optional.empty();
        } catch (IOException | RuntimeException changed) {
            // What cannot be read is computed again.
            return Optional.empty();
        }
    }

    private boolean isWhole(Index index, CodeTable.Layer layer) {
        try (NpyRows rows = NpyRows.open(file(layer))) {
            return rows.rows() == (long) index.table().pictures().size() * layer.rowsPerPicture()
                    && rows.columns() == layer.columns();
        } catch (VitrineException missing) {
            return false;
        }
    }
}
