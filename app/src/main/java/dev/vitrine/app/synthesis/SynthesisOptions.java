package dev.vitrine.app.synthesis;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.anatomy.Anatomy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What all commands share that make pictures. */
final class SynthesisOptions {
    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of all that is random; the same seed gives the same bytes. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            description = "Where to write. Default: a folder of the command's name.")
    private Optional<Path> out;

    long seed() {
        return seed;
    }

    Path out(String usual) {
        return out.orElse(Path.of(usual));
    }

    /** The folder {@link #out}, for this run alone. */
    Claim take(String usual, Terminal terminal) {
        return OutputFolder.take(out(usual), terminal);
    }

    /** The layers that a person named, with commas between them, or the usual ones. */
    static List<Value> layers(List<String> names, Model model, List<Value> usual) {
        if (names.isEmpty()) {
            return usual;
        }
        Anatomy layers = model.anatomy();
        return names.stream()
                .flatMap(list -> List.of(list.split(",")).stream())
                .filter(name -> !name.isBlank())
                .map(name -> layers.find(name.strip()))
                .distinct()
                .toList();
    }
}
