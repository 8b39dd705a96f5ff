package dev.vitrine.app.training;

import dev.vitrine.app.model.CardOptions;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.model.Model;
import dev.vitrine.study.growth.Checkpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The given checkpoints, and facts about the last one once it has been opened. */
final class CheckpointFiles {
    private final List<Path> files;
    private final Path last;
    private String model = "";
    private Map<String, String> facts = Map.of();

    CheckpointFiles(List<Path> named) {
        this.files = Checkpoint.files(named);
        this.last = files.get(files.size() - 1);
    }

    /**
     * @param first receives the network of the last checkpoint, which is opened first
     */
    List<Checkpoint> opened(CardOptions cards, Terminal terminal, Stop stop, Consumer<Model> first) {
        return files.stream()
                .map(file -> new Checkpoint(Checkpoint.name(file), Digest.of(file), () -> {
                    OpenModel open = cards.open(file, terminal, stop);
                    if (file.equals(last)) {
                        // A checkpoint's card names its epoch.
                        model = open.model().name().replaceAll("[, ]+epoch \\d+$", "");
                        facts = ModelFacts.of(open.model());
                        first.accept(open.model());
                    }
                    return open;
                }))
                .toList();
    }

    /** Name of the network. */
    String model() {
        return model;
    }

    Map<String, String> facts() {
        return facts;
    }
}
