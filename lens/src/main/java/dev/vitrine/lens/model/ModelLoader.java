package dev.vitrine.lens.model;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.OnnxReader;
import dev.vitrine.engine.rewrite.DropFinalSoftmax;
import dev.vitrine.engine.rewrite.OpenReshapes;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.rewrite.decomposition.Decompose;
import dev.vitrine.engine.rewrite.quantization.Dequantize;
import dev.vitrine.engine.rewrite.simplification.FoldConstants;
import dev.vitrine.engine.rewrite.weight.FillConstants;
import dev.vitrine.engine.rewrite.weight.ToFloat32;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.lens.model.card.ModelCard;
import dev.vitrine.lens.model.card.ModelCards;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
        Graph plain = new Prune().apply(firstOutput(graph, file));
        Graph folded = typed(plain, input, card, file);
        Value output = folded.outputs().get(0);
        Value scores = new DropFinalSoftmax().apply(folded).outputs().get(0);
        Graph flat = withFlatLogits(folded, scores, file);
        Value logits = flat.outputs().get(0);
        int labelled = card.labels().size();
        long classes = flat.types().get(logits).dimension(1).size();
        if (labelled > 0 && labelled != classes) {
            throw VitrineException.failure("Model '" + file + "' has " + classes + " classes, but there are "
                    + labelled + " labels for it; expected as many. Name those that belong to it in its card, or by"
                    + " --labels.");
        }
        ModelCard told = Dequantize.rounds(flat) ? card.noted(QUANTIZED) : card;
        return new Model(card.name(), sha256, flat, input, logits, output, told);
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

    private static Graph firstOutput(Graph graph, Path file) {
        if (graph.outputs().isEmpty()) {
            throw VitrineException.failure("Model '" + file + "' has no output; expected one, the class scores.");
        }
        return graph.withOutputs(List.of(graph.outputs().get(0)));
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
        TensorType open = fixed.withDimension(0, OPEN_BATCH);
        VitrineException refusal;
        try {
            Graph inferred = folded(withInputType(graph, input, open));
            TensorType output = inferred.types().get(graph.outputs().get(0));
            boolean apart = !Dequantize.dependsOnBatch(inferred);
            if (apart
                    && output != null
                    && output.rank() > 1
                    && output.dimension(0).equals(OPEN_BATCH)) {
                return inferred;
            }
            refusal = null;
        } catch (VitrineException e) {
            refusal = e;
        }
        // Batch sizes baked into reshapes: such a model runs one picture at a time, or its own fixed number.
        Dimension own = declared.dimension(0);
        try {
            return folded(withInputType(graph, input, own.isFixed() ? fixed.withDimension(0, own) : fixed));
        } catch (VitrineException e) {
            throw refusal == null ? e : refusal;
        }
    }

    /** Constants are folded before the batch is judged: pads that are computed hide all shapes behind them. */
    private Graph folded(Graph graph) {
        Graph constant = new Dequantize(runner)
                .then(new Decompose(runner))
                .apply(TypeInference.infer(new FoldConstants(runner).apply(TypeInference.infer(graph))));
        return TypeInference.infer(new OpenReshapes(OPEN_BATCH).apply(constant));
    }

    private static Graph withInputType(Graph graph, Value input, TensorType type) {
        Map<Value, TensorType> types = new HashMap<>(graph.types());
        types.put(input, type);
        return graph.withTypes(types);
    }

    private static Graph withFlatLogits(Graph graph, Value output, Path file) {
        TensorType type = graph.types().get(output);
        if (type == null || type.rank() < 2) {
            throw VitrineException.failure("Model '" + file + "': output '" + output + "' is "
                    + (type == null ? "of unknown type" : type)
                    + "; expected class scores float32[N, classes].");
        }
        long classes = 1;
        for (int axis = 1; axis < type.rank(); axis++) {
            if (!type.dimension(axis).isFixed()) {
                throw VitrineException.failure("Model '" + file + "': output '" + output + "' is " + type
                        + "; expected class scores float32[N, classes] of a fixed number of classes.");
            }
            classes *= type.dimension(axis).size();
        }
        GraphBuilder builder = new GraphBuilder(graph).clearOutputs();
        Value flat = output;
        if (type.rank() > 2) {
            flat = builder.node("Flatten", Attributes.NONE.with("axis", 1), output);
            builder.declare(
                    flat, new TensorType(ElementType.FLOAT32, List.of(type.dimension(0), Dimension.of(classes))));
        }
        return builder.output(flat).output(graph.outputs().get(0)).build();
    }
}
