package dev.vitrine.lens.model.input;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Numbers;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.model.label.NearMisses;
import dev.vitrine.lens.model.preprocessing.ChannelOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The input of a file that is looked at, and what the others are given.
 *
 * @param value the input itself
 * @param facts what the file tells about it
 * @param feeds what other inputs are given
 * @param of how many inputs this is one
 * @param where names the model in errors
 */
public record ModelInput(Value value, PictureInput facts, Map<Value, Tensor> feeds, int of, String where) {
    private static final int PICTURE_RANK = 4;

    /**
     * Chooses the input: the one that is named, or the only one, or the only one that fits a picture.
     *
     * @param graph as the file has it, without constants among its inputs
     * @param where names the model in errors
     */
    public static ModelInput choose(Graph graph, InputRequest request, String where) {
        requireKnown(graph, request, where);
        Value value = request.name().map(Value::new).orElseGet(() -> only(graph, request, where));
        TensorType type = graph.types().get(value);
        ElementType element = type.elementType();
        if (element == ElementType.STRING
                || element == ElementType.BOOL
                || element.name().startsWith("FLOAT") && element != ElementType.FLOAT32) {
            throw VitrineException.failure(
                    where + ": input '" + value + "' is " + type + "; expected numbers, float32 or whole.");
        }
        if (request.kind() == InputRequest.Kind.PICTURE && type.rank() != PICTURE_RANK) {
            throw VitrineException.failure(where + ": its input '" + value + "' is " + type
                    + ", which is no picture; expected [N, C, H, W] or [N, H, W, C]. 'vitrine attribute' explains such"
                    + " networks, for arrays that programs make (.npy).");
        }
        if (type.rank() == 0) {
            throw VitrineException.failure(
                    where + ": input '" + value + "' is " + type + ", a single number; expected a batch [N, ...].");
        }
        if (type.dimensions().stream().anyMatch(dimension -> dimension.size() == 0)) {
            throw VitrineException.failure(where + ": input '" + value + "' is " + type
                    + ", which holds nothing; expected sizes from 1 on. Export the model again.");
        }
        Map<Value, Tensor> feeds = new LinkedHashMap<>();
        new TreeMap<>(request.feeds()).forEach((name, feed) -> {
            Value fed = new Value(name);
            TensorType expected = graph.types().get(fed);
            Tensor tensor = feed.tensor(where + ", feed '" + name + "'", expected);
            if (isBatch(expected, type.dimension(0)) && tensor.dimension(0) > 1) {
                throw VitrineException.usage(where + ", feed '" + name + "': found " + tensor + " for " + expected
                        + ", whose first axis is the batch; expected one row, which every sample gets.");
            }
            feeds.put(fed, tensor);
        });
        PictureInput facts = PictureInput.of(graph, value).withType(sized(type, value, request, where));
        if (facts.channels().orElse(1) > ChannelOrder.MOST) {
            throw VitrineException.failure(where + ": input '" + value + "' is " + type + ", pictures of "
                    + facts.channels().getAsInt() + " channels; expected at most " + ChannelOrder.MOST + ".");
        }
        return new ModelInput(value, facts, feeds, graph.inputs().size(), where);
    }

    private static TensorType sized(TensorType type, Value value, InputRequest request, String where) {
        if (type.rank() == PICTURE_RANK || request.shape().isEmpty()) {
            return type;
        }
        List<Long> sample =
                request.shape().size() == type.rank() ? request.shape().subList(1, type.rank()) : request.shape();
        List<Dimension> dimensions = new ArrayList<>(type.dimensions());
        boolean fits = sample.size() == type.rank() - 1;
        for (int axis = 1; fits && axis < type.rank(); axis++) {
            Dimension own = type.dimension(axis);
            fits = !own.isFixed() || own.size() == sample.get(axis - 1);
            dimensions.set(axis, Dimension.of(sample.get(axis - 1)));
        }
        if (!fits) {
            throw VitrineException.usage(where + ": found a tensor of " + request.shape() + "; its input '" + value
                    + "' is " + type + ". Give a tensor of that shape, with a batch axis or as one sample.");
        }
        return new TensorType(type.elementType(), dimensions);
    }

    private static void requireKnown(Graph graph, InputRequest request, String where) {
        List<String> names = graph.inputs().stream().map(Value::name).toList();
        List<String> asked = new ArrayList<>(request.feeds().keySet());
        request.name().ifPresent(asked::add);
        for (String name : asked) {
            if (!names.contains(name)) {
                List<String> near = NearMisses.of(name, names, 1);
                throw VitrineException.usage(where + " has no input '" + name + "'"
                        + (near.isEmpty() ? "" : "; did you mean '" + near.get(0) + "'?") + " Its inputs: "
                        + listed(graph, graph.inputs()) + ".");
            }
        }
        request.name().filter(request.feeds()::containsKey).ifPresent(both -> {
            throw VitrineException.usage(
                    where + ": input '" + both + "' is fed, and named as the one to look at; expected one of both.");
        });
    }

    private static Value only(Graph graph, InputRequest request, String where) {
        if (graph.inputs().isEmpty()) {
            throw VitrineException.failure(where + " has no input; expected one, a picture.");
        }
        List<Value> open = graph.inputs().stream()
                .filter(value -> !request.feeds().containsKey(value.name()))
                .toList();
        if (open.isEmpty()) {
            throw VitrineException.usage(where + ": all its inputs are fed; leave out the one to look at. Its inputs: "
                    + listed(graph, graph.inputs()) + ".");
        }
        if (open.size() == 1) {
            return open.get(0);
        }
        List<Value> pictures = open.stream()
                .filter(value -> isPicture(graph.types().get(value)))
                .toList();
        if (pictures.size() == 1) {
            return pictures.get(0);
        }
        throw VitrineException.failure(where + " has " + open.size() + " inputs, and "
                + (pictures.isEmpty() ? "none has the axes of a picture" : pictures.size() + " could be the picture")
                + ": " + listed(graph, open) + ". Name the one to look at: --input "
                + (pictures.isEmpty() ? open : pictures).get(0) + "; and give the others a value: --feed NAME=0.5 or"
                + " --feed NAME=FILE.npy.");
    }

    private static boolean isPicture(TensorType type) {
        return type.rank() == PICTURE_RANK
                && type.elementType() != ElementType.BOOL
                && type.elementType() != ElementType.STRING;
    }

    private static String listed(Graph graph, List<Value> inputs) {
        return inputs.stream()
                .map(value -> "'" + value + "' " + graph.types().get(value))
                .collect(Collectors.joining(", "));
    }

    /**
     * The graph with this input alone, in float32: the others are constants, repeated along the batch where theirs is
     * open.
     *
     * @param graph with the outputs that are wanted; inputs that these do not need are dropped
     */
    public Graph prepare(Graph graph) {
        Set<Value> read =
                graph.nodes().stream().flatMap(node -> node.reads().stream()).collect(Collectors.toSet());
        List<Value> others = graph.inputs().stream()
                .filter(input -> !input.equals(value) && read.contains(input))
                .toList();
        List<Value> unfed =
                others.stream().filter(input -> !feeds.containsKey(input)).toList();
        if (!unfed.isEmpty()) {
            throw VitrineException.failure(where + " looks at '" + value + "' and also takes " + listed(graph, unfed)
                    + "; expected a value for "
                    + (unfed.size() == 1 ? "it" : "each") + ": --feed " + unfed.get(0) + "=0.5, or --feed "
                    + unfed.get(0) + "=FILE.npy, or the key 'feeds' of its card.");
        }
        Graph alone = fed(graph, others);
        return facts.type().elementType() == ElementType.FLOAT32 ? alone : new FloatInput(value, where).apply(alone);
    }

    private Graph fed(Graph graph, List<Value> others) {
        Map<Value, Tensor> constants = new HashMap<>(graph.constants());
        Map<Value, TensorType> types = new HashMap<>(graph.types());
        types.put(
                value,
                new TensorType(types.get(value).elementType(), facts.type().dimensions()));
        List<Value> repeated = new ArrayList<>();
        for (Value input : others) {
            TensorType type = types.get(input);
            Tensor tensor = feeds.get(input);
            if (isBatch(type, facts.type().dimension(0))) {
                repeated.add(input);
            }
            types.put(input, TensorType.of(tensor));
            constants.put(input, tensor);
        }
        Graph plain = new Graph(List.of(value), graph.outputs(), graph.nodes(), constants, types, graph.opsets());
        return repeated.isEmpty() ? plain : repeated(plain, repeated);
    }

    /** Whether the first axis of another input counts the pictures: where both are open, or both 1. */
    private static boolean isBatch(TensorType type, Dimension batch) {
        if (type.rank() == 0) {
            return false;
        }
        Dimension first = type.dimension(0);
        if (first.isFixed() || batch.isFixed()) {
            return first.size() == 1 && batch.size() == 1 && type.rank() > 1;
        }
        return first.equals(batch) || first.equals(Dimension.UNKNOWN) || batch.equals(Dimension.UNKNOWN);
    }

    /** As many rows as there are pictures. */
    private Graph repeated(Graph graph, List<Value> fed) {
        Map<Value, Tensor> constants = new HashMap<>(graph.constants());
        GraphBuilder builder = new GraphBuilder(
                new Graph(graph.inputs(), graph.outputs(), List.of(), constants, graph.types(), graph.opsets()));
        graph.nodes().forEach(node -> node.outputs().forEach(output -> builder.fresh(output.name())));
        // The runtime infers types through Gather, not through the attributes of Shape.
        Value count = builder.node("Gather", builder.node("Shape", value), builder.vector(0));
        Map<Value, Value> rows = new HashMap<>();
        for (Value feed : fed) {
            long[] ones = new long[constants.get(feed).rank() - 1];
            Arrays.fill(ones, 1);
            Value shape = ones.length == 0
                    ? count
                    : builder.node("Concat", Attributes.NONE.with("axis", 0), count, builder.vector(ones));
            rows.put(feed, builder.node("Expand", feed, shape));
        }
        for (Node node : graph.nodes()) {
            builder.addFresh(node.withInputs(node.inputs().stream()
                    .map(input -> rows.getOrDefault(input, input))
                    .toList()));
        }
        return builder.build();
    }

    /** What a person should know of the other inputs, a sentence for each. */
    public List<String> notes() {
        return feeds.entrySet().stream()
                .map(feed -> "Input '" + feed.getKey() + "' is given "
                        + (feed.getValue().elements() == 1
                                ? Double.toString(Numbers.of(feed.getValue())[0])
                                : "the same " + TensorType.of(feed.getValue()))
                        + " in every run.")
                .toList();
    }

    /**
     * What tells results of this network from those of the same file with other inputs: the file's own hash where it has
     * one input.
     */
    public String fingerprint(String sha256) {
        if (of == 1) {
            return sha256;
        }
        Digest digest = Digest.begin().add(sha256 + " " + value);
        feeds.forEach((input, tensor) -> digest.add(" " + input + " " + tensor).add(tensor.bytes()));
        return digest.hex();
    }
}
