package dev.vitrine.app.model;

import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.card.ModelCard;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import picocli.CommandLine.Option;

/** The model and its options. */
public final class ModelOptions extends NetworkOptions {
    @Option(
            names = "--input",
            paramLabel = "NAME",
            description = "The model's input that takes the picture. Default: the only one that can.")
    private Optional<String> input;

    /** Opens the model and reports guesses on {@code err}. */
    public OpenModel open(Terminal terminal, Stop stop) {
        return open(terminal, stop, (found, type) -> found);
    }

    /**
     * Opens the model for pictures, with a final change to its card.
     *
     * @param last modifies the card after all options, given the type of the model's input
     */
    public OpenModel open(Terminal terminal, Stop stop, BiFunction<ModelCard, TensorType, ModelCard> last) {
        NamedModel model = chosen(terminal, stop);
        return card().open(
                        model.file(),
                        terminal,
                        stop,
                        input,
                        (found, type) -> last.apply(found.noted(model.notes()), type));
    }

    /** Opens the model for tensors, whatever its input is. */
    public OpenModel openForTensor(Terminal terminal, Stop stop, BiFunction<ModelCard, TensorType, ModelCard> last) {
        return openForTensor(terminal, stop, input, List.of(), last);
    }

    /** A runner for graphs other than the model's. */
    public OnnxRuntimeRunner runner() {
        return card().runner();
    }

    /**
     * Opens the model at its own input size, for work at another size: {@code --size} then has the meaning of
     * {@link #fitted}.
     */
    public OpenModel openAtOwnSize(Terminal terminal, Stop stop) {
        NamedModel model = chosen(terminal, stop);
        return card().openAtOwnSize(model.file(), terminal, stop, input, model.notes());
    }

    /** See {@link CardOptions#fitted}. */
    public Picture fitted(Picture picture, int longest) {
        return card().fitted(picture, longest);
    }

    /** See {@link CardOptions#sides}. */
    public int[] sides(Model model) {
        return card().sides(model);
    }
}
