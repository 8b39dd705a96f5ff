package dev.vitrine.app.model;

import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.EmbeddedModels;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.card.ModelCard;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which model, and how it runs. */
public final class ModelOptions {
    /** Of options in the order of the help, this one first. */
    private static final int FIRST = -2;

    @Option(
            names = {"-m", "--model"},
            order = FIRST,
            paramLabel = "FILE|NAME",
            description =
                    "The network: an ONNX file, or zf-caltech or mnist-cnn, which come with the program. Default: "
                            + EmbeddedModels.USUAL
                            + ". Or zoo:NAME, a network of 'vitrine fetch'; once one is there, it"
                            + " is the default.")
    private Optional<Path> named;

    @Mixin
    private CardOptions card;

    /** What to write before a command's other words for the same model. */
    public String words() {
        return named.map(model -> model + " ").orElse("");
    }

    private NamedModel chosen(Terminal terminal, Stop stop) {
        return named.map(model -> NamedModel.of(model, terminal, stop)).orElseGet(() -> NamedModel.usual(terminal));
    }

    /** The same, where the command names one. */
    public Optional<Path> named() {
        return named;
    }

    /**
     * What is left of a command's words without the model, which may stand before them in place of {@code --model}.
     *
     * @param others how many words there are beside the model
     */
    public List<String> after(List<String> words, int others) {
        if (words.size() <= others) {
            return words;
        }
        if (named.isPresent()) {
            throw VitrineException.usage("--model " + named.get() + ": found '" + words.get(0)
                    + "' before it, the network too; expected one of both.");
        }
        named = Optional.of(Path.of(words.get(0)));
        return words.subList(1, words.size());
    }

    /** Opens the model and says on {@code err} what was guessed. */
    public OpenModel open(Terminal terminal, Stop stop) {
        return open(terminal, stop, (found, input) -> found);
    }

    /**
     * @param last changes the card after all options did, knowing the type of the model's input
     */
    public OpenModel open(Terminal terminal, Stop stop, BiFunction<ModelCard, TensorType, ModelCard> last) {
        NamedModel model = chosen(terminal, stop);
        return card.open(
                model.file(), terminal, stop, (found, input) -> last.apply(noted(found, model.notes()), input));
    }

    /** Runs graphs, where the model's is not the only one. */
    public OnnxRuntimeRunner runner() {
        return card.runner();
    }

    /** Opens the model at its own input size, for work at another: then {@code --size} is what {@link #fitted} says. */
    public OpenModel openAtOwnSize(Terminal terminal, Stop stop) {
        NamedModel model = chosen(terminal, stop);
        return card.openAtOwnSize(model.file(), terminal, stop, (found, input) -> noted(found, model.notes()));
    }

    private static ModelCard noted(ModelCard found, List<String> notes) {
        return found.withNotes(
                Stream.concat(found.notes().stream(), notes.stream()).toList());
    }

    /** See {@link CardOptions#fitted}. */
    public Picture fitted(Picture picture, int longest) {
        return card.fitted(picture, longest);
    }

    /** See {@link CardOptions#sides}. */
    public int[] sides(Model model) {
        return card.sides(model);
    }
}
