package dev.vitrine.lens.model;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.FileStamp;
import dev.vitrine.engine.onnx.OnnxReader;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.rewrite.decomposition.Decompose;
import dev.vitrine.engine.rewrite.quantization.Dequantize;
import dev.vitrine.engine.rewrite.shape.ShapeFixing;
import dev.vitrine.engine.rewrite.weight.FillConstants;
import dev.vitrine.engine.rewrite.weight.ToFloat32;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.lens.data.RegularFile;
import dev.vitrine.lens.model.card.ModelCard;
import dev.vitrine.lens.model.card.ModelCards;
import dev.vitrine.lens.model.head.HeadReader;
import dev.vitrine.lens.model.head.OutputChoice;
import dev.vitrine.lens.model.head.PictureSize;
import dev.vitrine.lens.model.input.CardInputs;
import dev.vitrine.lens.model.input.InputRequest;
import dev.vitrine.lens.model.input.ModelInput;
import dev.vitrine.lens.model.input.PictureInput;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * Opens an ONNX file as a {@link Model}: float32, fixed picture size, open batch where the model allows, logits out.
 */
public final class ModelLoader {
    private static final Dimension OPEN_BATCH = Dimension.named("N");

    private static final String QUANTIZED =
            "The network is quantized. It runs with its rounding; gradients and relevance"
                    + " pass the rounding unchanged (straight-through).";

    private final Runner runner;

    public ModelLoader(Runner runner) {
        this.runner = runner;
    }

    /**
     * @param file an ONNX file, or the name of one of {@link EmbeddedModels#NAMES}
     */
    public Model load(Path file) {
        return load(file, (card, input) -> card);
    }

    /**
     * Opens a model with a modified card.
     *
     * @param adjust modifies the card that was found or guessed, as command-line options do
     */
    public Model load(Path file, UnaryOperator<ModelCard> adjust) {
        return load(file, (card, input) -> adjust.apply(card));
    }

    /**
     * Opens a model with a card modified depending on its input.
     *
     * @param adjust as above, given the declared type of the model's input
     */
    public Model load(Path file, BiFunction<ModelCard, TensorType, ModelCard> adjust) {
        return load(file, InputRequest.PICTURE, adjust);
    }

    /**
     * Opens a model for one of its inputs.
     *
     * @param request the input, the values of the others, and the user's settings
     * @param adjust as above
     */
    public Model load(Path file, InputRequest request, BiFunction<ModelCard, TensorType, ModelCard> adjust) {
        Optional<String> embedded = EmbeddedModels.named(file);
        if (embedded.isEmpty() && !Files.exists(file)) {
            throw VitrineException.failure("'" + file + "': no such file, expected an ONNX model, or "
                    + String.join(" or ", EmbeddedModels.NAMES)
                    + ", which come with the program. Check the path, or download the model first.");
        }
        if (embedded.isEmpty()) {
            RegularFile.require(file, "an ONNX model");
        }
        FileStamp stamp = FileStamp.of(file);
        Sha256 own = embedded.map(name -> Sha256.of(EmbeddedModels.bytes(name))).orElseGet(() -> Sha256.of(file));
        OnnxReader.Contents contents = embedded.map(
                        name -> new OnnxReader.Contents(EmbeddedModels.graph(name), List.of()))
                .orElseGet(() -> OnnxReader.contents(MemoryNeed.checked(file)));
        Sha256 sha256 = own.with(contents.external());
        stamp.requireUnchanged();
        Graph graph = new ToFloat32().then(new FillConstants()).apply(contents.graph());
        FiniteWeights.require(graph, file);
        CardInputs said = request.card()
                .map(ModelCards::inputsOf)
                .orElseGet(() -> embedded.isPresent() ? CardInputs.NONE : ModelCards.inputs(file));
        ModelInput chosen = ModelInput.choose(graph, request.over(said), "Model '" + file + "'");
        Value input = chosen.value();
        ModelCard found = request.card()
                .map(path -> ModelCards.read(path, chosen.facts(), request.given()))
                .or(() -> embedded.map(name -> ModelCards.builtIn(name, chosen.facts())))
                .orElseGet(() -> ModelCards.find(file, chosen.facts(), request.given()));
        ModelCard card = adjust.apply(found, chosen.facts().type()).noted(chosen.notes());
        OutputChoice choice = OutputChoice.of(graph, card.output(), file.toString());
        Graph plain = chosen.prepare(new Prune().apply(choice.cut(graph)));
        Graph folded = typed(plain, input, card, file);
        PictureSize size = new PictureSize(
                card.preprocessing().width(), card.preprocessing().height());
        HeadReader.Read read =
                HeadReader.read(folded, input, size, choice, card.output(), card.labels(), file.toString());
        ModelCard told = Dequantize.rounds(read.graph()) ? card.noted(QUANTIZED) : card;
        return new Model(
                card.name(),
                chosen.of() == 1 ? sha256 : sha256.with(chosen),
                read.graph(),
                input,
                read.scores(),
                read.output(),
                read.head(),
                told.withLabels(read.labels()));
    }

    private Graph typed(Graph graph, Value input, ModelCard card, Path file) {
        Preprocessing preprocessing = card.preprocessing();
        TensorType declared = graph.types().get(input);
        TensorType fixed = PictureInput.of(declared).typed(preprocessing);
        long[] shape = fixed.shape();
        for (int axis = 1; axis < shape.length; axis++) {
            Dimension dimension = declared.dimension(axis);
            if (dimension.isFixed() && dimension.size() != shape[axis]) {
                throw VitrineException.usage("Model '" + file + "': its input '" + input + "' is " + declared
                        + ", but its preprocessing produces " + fixed
                        + ". Set size, channels and layout in its card or by options to fit.");
            }
        }
        TensorType asDeclared = fixed.withDimension(0, declared.dimension(0));
        ShapeFixing shapes = new ShapeFixing(runner, input, OPEN_BATCH);
        Graph known;
        try {
            known = shapes.apply(graph, asDeclared);
        } catch (VitrineException e) {
            if (Arrays.stream(declared.shape()).skip(1).allMatch(size -> size >= 0)) {
                throw e;
            }
            throw VitrineException.failure(
                    "Model '" + file + "': its input '" + input + "' is " + declared + " of open size; "
                            + Arrays.toString(shape)
                            + " does not go through it. Give the size that it was trained for, in its card or by"
                            + " --size. (" + e.getMessage() + ")",
                    e);
        }
        Graph real = new Dequantize(runner).then(new Decompose(runner)).apply(known);
        return real.nodes().equals(known.nodes()) ? known : shapes.apply(real, asDeclared);
    }
}
