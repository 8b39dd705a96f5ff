package dev.vitrine.app.model;

import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.lens.model.EmbeddedModels;
import dev.vitrine.lens.model.card.ModelCard;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The model and its options, for commands that read tensors rather than pictures. */
public class NetworkOptions {
    /** Of options in the order of the help, this one first. */
    private static final int FIRST = -2;

    @Option(
            names = {"-m", "--model"},
            order = FIRST,
            paramLabel = "FILE|NAME",
            description =
                    "The network: an ONNX file, or zf-caltech or mnist-cnn, which come with the program, or zoo:NAME, a"
                            + " network of 'vitrine fetch', the default once one was fetched. Default: "
                            + EmbeddedModels.USUAL + ".")
    private Optional<Path> named;

    @Mixin
    private CardOptions card;

    CardOptions card() {
        return card;
    }

    /** The model argument to repeat in a suggested command. */
    public String words() {
        return named.map(model -> model + " ").orElse("");
    }

    NamedModel chosen(Terminal terminal, Stop stop) {
        return named.map(model -> NamedModel.of(model, terminal, stop)).orElseGet(() -> NamedModel.usual(terminal));
    }

    /** The same, where the command names one. */
    public Optional<Path> named() {
        return named;
    }

    /**
     * The positional arguments without the model, which may come first instead of {@code --model}.
     *
     * @param others number of arguments besides the model
     */
    public List<String> after(List<String> words, int others) {
        if (words.size() <= others) {
            return words;
        }
        if (named.isPresent()) {
            throw VitrineException.usage("The model was given twice ('" + words.get(0) + "' and --model " + named.get()
                    + "); expected it once.");
        }
        named = Optional.of(Path.of(words.get(0)));
        return words.subList(1, words.size());
    }

    /** Opens the model for pictures, through its only input that takes them. */
    public OpenModel openForPictures(Terminal terminal, Stop stop) {
        return card.open(chosen(terminal, stop), terminal, stop);
    }

    /**
     * Opens the model for given tensors; its input need not be a picture.
     *
     * @param input name of the input; selected by type if absent
     * @param shape shape of the tensor, or of one sample; empty if unknown
     * @param last modifies the card after all options, given the type of the model's input
     */
    public OpenModel openForTensor(
            Terminal terminal,
            Stop stop,
            Optional<String> input,
            List<Long> shape,
            BiFunction<ModelCard, TensorType, ModelCard> last) {
        NamedModel model = chosen(terminal, stop);
        return card.openForTensor(
                model.file(),
                terminal,
                stop,
                input,
                shape,
                (found, type) -> last.apply(found.noted(model.notes()), type));
    }
}
