package dev.vitrine.lens.model;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.OnnxReader;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.rewrite.quantization.Dequantize;
import dev.vitrine.engine.rewrite.shape.ShapeFixing;
import dev.vitrine.engine.rewrite.weight.FillConstants;
import dev.vitrine.engine.rewrite.weight.ToFloat32;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.lens.model.card.ModelCard;
import dev.vitrine.lens.model.card.ModelCards;
import dev.vitrine.lens.model.head.HeadReader;
import dev.vitrine.lens.model.head.OutputChoice;
import dev.vitrine.lens.model.head.PictureSize;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Opens an ONNX file as a {@link Model}: float32, fixed picture size, open batch where the model allows, logits out. */
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
     * Opens a model with another card.
     *
     * @param adjust changes the card that was found or guessed, as command-line options do
     */
    public Model load(Path file, UnaryOperator<ModelCard> adjust) {
        return load(file, (card, input) -> adjust.apply(card));
    }

    /**
     * Opens a model with another card that depends on its input.
     *
     * @param adjust as above, knowing the type of the model's input as the file declares it
     */
    public Model load(Path file, BiFunction<ModelCard, TensorType, ModelCard> adjust) {
        Optional<String> embedded = EmbeddedModels.named(file);
        if (embedded.isEmpty() && !Files.exists(file)) {
            throw VitrineException.failure("'" + file + "': no such file, expected an ONNX model, or "
                    + String.join(" or ", EmbeddedModels.NAMES)
                    + ", which come with the program. Check the path, or download the model first.");
        }
        Sha256 sha256 =
                embedded.map(name -> Sha256.of(EmbeddedModels.bytes(name))).orElseGet(() -> Sha256.of(file));
        Graph graph = new ToFloat32()
                .then(new FillConstants())
                .apply(embedded.map(EmbeddedModels::graph).orElseGet(() -> OnnxReader.read(file)));
        FiniteWeights.require(graph, file);
        Value input = input(graph, file);
        TensorType declared = graph.types().get(input);
        ModelCard found = embedded.map(name -> ModelCards.builtIn(name, declared))
                .orElseGet(() -> ModelCards.find(file, declared));
        ModelCard card = adjust.apply(found, declared);
        OutputChoice choice = OutputChoice.of(graph, card.output(), file.toString());
        Graph plain = new Prune().apply(choice.cut(graph));
        Graph folded = typed(plain, input, card, file);
        PictureSize size = new PictureSize(
                card.preprocessing().width(), card.preprocessing().height());
        HeadReader.Read read =
                HeadReader.read(folded, input, size, choice, card.output(), card.labels(), file.toString());
        ModelCard told = Dequantize.rounds(read.graph()) ? card.noted(QUANTIZED) : card;
        return new Model(
                card.name(),
                sha256,
                read.graph(),
                input,
                read.scores(),
                read.output(),
                read.head(),
                told.withLabels(read.labels()));
    }

    private static Value input(Graph graph, Path file) {
        if (graph.inputs().size() != 1) {
            throw VitrineException.failure(
                    "Model '" + file + "' has " + graph.inputs().size() + " inputs " + graph.inputs()
                            + "; expected one, a picture. Export the model with the others fixed.");
        }
        Value input = graph.inputs().get(0);
        TensorType type = graph.types().get(input);
        if (type.rank() != 4 || type.elementType() != ElementType.FLOAT32) {
            throw VitrineException.failure("Model '" + file + "': input '" + input + "' is " + type
                    + "; expected a picture float32[N, C, H, W] or float32[N, H, W, C]. "
                    + "Vitrine explains networks that look at pictures.");
        }
        return input;
    }

    private Graph typed(Graph graph, Value input, ModelCard card, Path file) {
        Preprocessing preprocessing = card.preprocessing();
        TensorType declared = graph.types().get(input);
        long[] shape = preprocessing
                .layout()
                .shape(1, preprocessing.channels().count(), preprocessing.height(), preprocessing.width());
        for (int axis = 1; axis < 4; axis++) {
            Dimension dimension = declared.dimension(axis);
            if (dimension.isFixed() && dimension.size() != shape[axis]) {
                throw VitrineException.usage("Model '" + file + "': its input '" + input + "' is " + declared
                        + ", but its preprocessing makes " + TensorType.of(ElementType.FLOAT32, shape)
                        + ". Set size, channels and layout in its card or by options to fit.");
            }
        }
        TensorType fixed = TensorType.of(ElementType.FLOAT32, shape);
        TensorType asDeclared = fixed.withDimension(0, declared.dimension(0));
        ShapeFixing shapes = new ShapeFixing(runner, input, OPEN_BATCH);
        Graph known = shapes.apply(graph, asDeclared);
        Graph real = new Dequantize(runner).apply(known);
        return real.nodes().equals(known.nodes()) ? known : shapes.apply(real, asDeclared);
    }
}
