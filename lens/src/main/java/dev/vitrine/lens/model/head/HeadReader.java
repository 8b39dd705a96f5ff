package dev.vitrine.lens.model.head;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Effect;
import dev.vitrine.engine.operator.property.Role;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.lens.model.label.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** Recognizes the meaning of a network's output, and adds the class scores to the graph. */
public final class HeadReader {
    /** Fewer outputs than this after a batch normalization are classes. */
    private static final int LEAST_EMBEDDING = 64;

    private final Graph graph;
    private final OutputChoice choice;
    private final OutputCard card;
    private final Labels labels;
    private final String model;
    private final Surroundings surroundings;
    private final Value output;
    private final TensorType type;
    private final Dimension batch;

    /**
     * A recognized head.
     *
     * @param graph with the scores and the model's own output as outputs
     * @param scores {@code f32[N,classes]}
     * @param labels one per class, or none
     */
    public record Read(Graph graph, Value scores, Value output, Head head, Labels labels) {}

    private HeadReader(Graph graph, Value input, OutputChoice choice, OutputCard card, Labels labels, String model) {
        this.graph = graph;
        this.choice = choice;
        this.card = card;
        this.labels = labels;
        this.model = model;
        this.surroundings = new Surroundings(graph);
        this.output = choice.output();
        this.type = known().orElseThrow(() -> unfit("of unknown type"));
        this.batch = graph.types().get(input).dimension(0);
    }

    /** The output's type, or that of its logits if the output's shape is computed by the graph. */
    private Optional<TensorType> known() {
        Optional<TensorType> own = surroundings.type(output);
        Optional<TensorType> logits =
                Ending.of(output, surroundings).flatMap(ending -> surroundings.type(ending.logits()));
        return own.filter(HeadReader::isFixed)
                .or(() -> logits.filter(HeadReader::isFixed))
                .or(() -> own);
    }

    private static boolean isFixed(TensorType of) {
        return IntStream.range(1, of.rank())
                .allMatch(axis ->
                        of.dimension(axis).isFixed() && of.dimension(axis).size() > 0);
    }

    /**
     * @param graph with the types of all values
     * @param input the picture
     * @param size width and height of the picture
     * @param labels of the card
     * @param model name in errors
     */
    public static Read read(
            Graph graph,
            Value input,
            PictureSize size,
            OutputChoice choice,
            OutputCard card,
            Labels labels,
            String model) {
        HeadReader reader = new HeadReader(graph, input, choice, card, labels, model);
        reader.requireFixed();
        reader.requireConsistent();
        Read read = reader.isFlat() ? reader.flat() : reader.places(size);
        reader.requireSaid(read.head());
        return read;
    }

    /** Plain numbers and embeddings have no activation. */
    private void requireConsistent() {
        boolean plain = says(HeadKind.NUMBERS) || says(HeadKind.EMBEDDING);
        if (plain && (says(Activation.SOFTMAX) || says(Activation.SIGMOID))) {
            throw VitrineException.usage("Model '" + model + "': found head "
                    + word(card.kind().orElseThrow()) + " with activation "
                    + word(card.activation().orElseThrow())
                    + ", in its card or options; expected one of them, since only classes have probabilities.");
        }
    }

    private void requireSaid(Head head) {
        card.kind().filter(kind -> kind != head.kind()).ifPresent(kind -> {
            throw VitrineException.usage("Model '" + model + "': its output '" + output + "' is declared as head "
                    + word(kind) + ", but " + type + " is read as " + head.summary() + "; expected "
                    + (kind == HeadKind.DETECTOR
                            ? "boxes and scores, in one output or in two"
                            : kind == HeadKind.MAP
                                    ? "scores at more than one position"
                                    : "a matching activation, and more than one number for an embedding")
                    + ". Correct the head in its card, or by --head.");
        });
    }

    private static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    private VitrineException unfit(String found) {
        return VitrineException.failure("Model '" + model + "': output '" + output + "' is " + found
                + "; expected class scores float32[N, classes], or a map of them, of fixed size.");
    }

    private void requireFixed() {
        boolean fixed = IntStream.range(1, type.rank())
                .allMatch(axis ->
                        type.dimension(axis).isFixed() && type.dimension(axis).size() > 0);
        if (type.rank() == 0 && batch.size() != 1 || !fixed || type.elementType() != ElementType.FLOAT32) {
            throw unfit(type.toString());
        }
    }

    private boolean isFlat() {
        boolean said = card.kind()
                .filter(kind -> kind == HeadKind.CLASSES || kind == HeadKind.NUMBERS || kind == HeadKind.EMBEDDING)
                .isPresent();
        boolean asPlaces = choice.boxes().isPresent()
                || card.kind()
                        .filter(kind -> kind == HeadKind.MAP || kind == HeadKind.DETECTOR)
                        .isPresent();
        long long1 = IntStream.range(1, type.rank())
                .filter(axis -> type.dimension(axis).size() > 1)
                .count();
        return said || long1 <= 1 && !(asPlaces && type.rank() > 2);
    }

    private Read places(PictureSize size) {
        return new MapReader(surroundings, choice, card, labels, batch, model).read(size);
    }

    private Read flat() {
        long count = perSample(type).orElseThrow(() -> unfit(type.toString()));
        Optional<Ending> ending = Ending.of(output, surroundings).filter(found -> fits(found, count));
        return count == 1 ? one(ending) : several(count, ending);
    }

    /** Numbers of one sample; a lone axis is the batch, or there is none. */
    private OptionalLong perSample(TensorType of) {
        if (of.rank() == 0) {
            return OptionalLong.of(1);
        }
        if (of.rank() == 1 && !of.dimension(0).equals(batch)) {
            return batch.size() == 1 && of.dimension(0).isFixed()
                    ? OptionalLong.of(of.dimension(0).size())
                    : OptionalLong.empty();
        }
        long count = 1;
        for (int axis = 1; axis < of.rank(); axis++) {
            if (!of.dimension(axis).isFixed()) {
                return OptionalLong.empty();
            }
            count *= of.dimension(axis).size();
        }
        return of.dimension(0).equals(batch) ? OptionalLong.of(count) : OptionalLong.empty();
    }

    private boolean fits(Ending ending, long count) {
        Optional<TensorType> before = surroundings.type(ending.logits());
        if (before.isEmpty() || perSample(before.get()).orElse(-1) != count) {
            return false;
        }
        return ending.link() == Link.SIGMOID
                || count > 1
                        && ending.axis().isPresent()
                        && before.get().dimension(ending.axis().getAsInt()).size() == count;
    }

    private boolean says(Activation activation) {
        return card.activation().filter(activation::equals).isPresent();
    }

    private boolean says(HeadKind kind) {
        return card.kind().filter(kind::equals).isPresent();
    }

    /** A single number: binary after a sigmoid, else a plain number. */
    private Read one(Optional<Ending> ending) {
        boolean plain = says(Activation.NONE) || says(HeadKind.NUMBERS);
        boolean two = says(Activation.SIGMOID) || says(HeadKind.CLASSES) || labels.size() == 2;
        if (says(Activation.SOFTMAX)) {
            throw VitrineException.usage("Model '" + model + "': output '" + output
                    + "' is a single number, for which softmax is undefined; expected activation sigmoid, for yes"
                    + " or no, or"
                    + " none, for a plain number.");
        }
        if (!plain && ending.isPresent()) {
            return binary(Link.SIGMOID, ending.get().logits(), ending.get().by() + " at the end");
        }
        Range range = Range.of(output, surroundings);
        if (!plain && (range.isProbability() || two && range.isWithinOne())) {
            return binary(Link.GIVEN, output, "within 0..1 by the graph, used unchanged");
        }
        if (!plain && two) {
            return binary(Link.SIGMOID, output, labels.size() == 2 ? "two labels for one output" : "as specified");
        }
        List<String> notes = plain
                ? List.of()
                : List.of("If it is a binary logit, give --activation sigmoid, or 'activation: sigmoid' in the card.");
        return numbers(HeadKind.NUMBERS, 1, plain ? "as specified" : "no activation at the end", notes);
    }

    private Read several(long count, Optional<Ending> ending) {
        if (says(Activation.NONE) || says(HeadKind.NUMBERS)) {
            return numbers(HeadKind.NUMBERS, count, "as specified", List.of());
        }
        if (says(HeadKind.EMBEDDING)) {
            return numbers(HeadKind.EMBEDDING, count, "as specified", List.of());
        }
        Optional<Link> said = card.activation().map(activation -> switch (activation) {
            case NONE -> Link.NONE;
            case SOFTMAX -> Link.SOFTMAX;
            case SIGMOID -> Link.SIGMOID;
        });
        if (ending.isPresent()) {
            Link found = ending.get().link();
            String by = ending.get().by() + " at the end";
            return classes(
                    said.orElse(found),
                    ending.get().logits(),
                    count,
                    said.filter(link -> link != found).isPresent() ? "as specified, from before " + by : by,
                    List.of());
        }
        if (Range.of(output, surroundings).isProbability()) {
            return classes(Link.GIVEN, output, count, "computed from softmax or sigmoid, used unchanged", List.of());
        }
        if (said.isPresent()) {
            return classes(said.get(), output, count, "as specified", List.of());
        }
        boolean labeled = labels.size() > 0 || says(HeadKind.CLASSES);
        Optional<String> normalized = normalization(count);
        if (normalized.isPresent() && !labeled) {
            return numbers(HeadKind.EMBEDDING, count, normalized.get() + " at the end", List.of());
        }
        Optional<Node> tanh = surroundings.producer(output, "Tanh");
        if (tanh.isPresent() && !labeled) {
            return numbers(HeadKind.NUMBERS, count, Surroundings.name(tanh.get()) + " at the end", List.of());
        }
        List<String> notes = labeled
                ? List.of()
                : List.of("Output '" + output + "' has no activation; treated as logits of " + count
                        + " exclusive classes. If it is not, give --activation or --head.");
        return classes(Link.SOFTMAX, output, count, "logits, as no activation follows the last layer", notes);
    }

    /** The node that normalizes the output to length 1, or many outputs to mean 0 and variance 1 over a batch. */
    private Optional<String> normalization(long count) {
        Optional<Node> found = surroundings.producer(output);
        while (found.isPresent() && keepsRows(found.get())) {
            found = surroundings.producer(found.get().input(0));
        }
        return found.filter(node -> OperatorTable.row(node).kind() == Operator.Kind.NORMALIZATION
                                && isScaling(OperatorTable.row(node).space(), count)
                        || isLengthOne(node))
                .map(Surroundings::name);
    }

    private static boolean isScaling(Space space, long count) {
        return space == Space.ALONG_AXIS || space == Space.PER_CHANNEL && count >= LEAST_EMBEDDING;
    }

    private static boolean keepsRows(Node node) {
        Operator row = OperatorTable.row(node);
        return row.effect().passesNumbers() || row.space().keepsOrder();
    }

    /** Operators that keep a norm above 0, or take the root of a sum of squares. */
    private static boolean isOfLength(Node node) {
        Operator row = OperatorTable.row(node);
        boolean guards = row.role() == Role.GUARDED || row.role() == Role.POWER || row.role() == Role.BOUND;
        boolean bounds = row.kind() == Operator.Kind.ARITHMETIC && (row.role() == Role.EXTREME || row.isAddition());
        boolean shapes = row.space() == Space.BROADCASTING || row.space() == Space.UNSQUEEZE;
        return guards || bounds || shapes || row.effect() == Effect.NONE;
    }

    /** x / ‖x‖, in any form of the norm, guarded against 0 or not. */
    private boolean isLengthOne(Node node) {
        Role role = OperatorTable.row(node).role();
        if (role != Role.QUOTIENT && role != Role.PRODUCT) {
            return false;
        }
        Optional<Node> length = surroundings.producer(node.input(1));
        while (length.isPresent() && isOfLength(length.get())) {
            length = surroundings.producer(length.get().input(0));
        }
        if (length.isEmpty()) {
            return false;
        }
        Node sum = length.get();
        Value of = node.input(0);
        return switch (sum.operator()) {
            case "ReduceL2", "ReduceSumSquare" -> sum.input(0).equals(of);
            case "ReduceSum" ->
                surroundings
                        .producer(sum.input(0))
                        .filter(square -> isSquare(OperatorTable.row(square).role())
                                && square.input(0).equals(of))
                        .isPresent();
            default -> false;
        };
    }

    private static boolean isSquare(Role role) {
        return role == Role.PRODUCT || role == Role.POWER;
    }

    private Read numbers(HeadKind kind, long count, String found, List<String> notes) {
        GraphBuilder builder = new GraphBuilder(graph).clearOutputs();
        Value scores = rows(builder, output, count);
        Labels named = labels.size() == 0 && count == 1 ? Labels.of(List.of(output.name())) : labels;
        return finished(
                builder,
                scores,
                new Head(kind, Link.NONE, output.name(), count, count, found, notes(notes), scores, Optional.empty()),
                named);
    }

    private Read classes(Link link, Value from, long count, String found, List<String> notes) {
        GraphBuilder builder = new GraphBuilder(graph).clearOutputs();
        Value scores = rows(builder, from, count);
        return finished(
                builder,
                scores,
                new Head(
                        HeadKind.CLASSES,
                        link,
                        output.name(),
                        count,
                        count,
                        found,
                        notes(notes),
                        scores,
                        Optional.empty()),
                labels);
    }

    /** No and yes: −z and z, or 1 − p and p. */
    private Read binary(Link link, Value from, String found) {
        GraphBuilder builder = new GraphBuilder(graph).scope("head").clearOutputs();
        Value yes = rows(builder, from, 1);
        TensorType one = new TensorType(ElementType.FLOAT32, List.of(batch, Dimension.of(1)));
        Value no = link == Link.GIVEN ? builder.node("Sub", builder.constant(1f), yes) : builder.node("Neg", yes);
        builder.declare(no, one);
        Value both = builder.node("Concat", Attributes.NONE.with("axis", 1), no, yes);
        builder.declare(both, new TensorType(ElementType.FLOAT32, List.of(batch, Dimension.of(2))));
        builder.scope("");
        Labels named = switch (labels.size()) {
            case 0 -> Labels.of(List.of("no", "yes"));
            case 1 -> Labels.of(List.of("not " + labels.name(0), labels.name(0)));
            default -> labels;
        };
        List<String> notes = notes(List.of("Class 0 is '" + named.name(0)
                + "', which the output is evidence against; class 1 is '"
                + named.name(1) + "'. 'vitrine attribute' counts outputs: there both numbers mean '" + named.name(1)
                + "'."));
        return finished(
                builder,
                both,
                new Head(HeadKind.CLASSES, link, output.name(), 2, 1, found, notes, yes, Optional.empty()),
                named);
    }

    private List<String> notes(List<String> own) {
        return allNotes(choice, own);
    }

    static List<String> allNotes(OutputChoice choice, List<String> own) {
        List<String> notes = new ArrayList<>();
        if (!choice.others().isEmpty()) {
            notes.add("The model has several outputs; '" + choice.output() + "' is explained. Others: "
                    + String.join(", ", choice.others()) + ". Choose with --output NAME (attribute and compile:"
                    + " --model-output).");
        }
        notes.addAll(own);
        return notes;
    }

    /** A value as {@code f32[N,count]}. */
    private Value rows(GraphBuilder builder, Value value, long count) {
        TensorType from = surroundings.type(value).orElseThrow();
        if (from.rank() == 2 && from.dimension(0).equals(batch)) {
            return value;
        }
        Value flat = from.rank() > 2
                ? builder.node("Flatten", Attributes.NONE.with("axis", 1), value)
                : builder.node("Reshape", value, builder.vector(-1, count));
        builder.declare(flat, new TensorType(ElementType.FLOAT32, List.of(batch, Dimension.of(count))));
        return flat;
    }

    private Read finished(GraphBuilder builder, Value scores, Head head, Labels named) {
        requireLabels(named, head, model);
        return new Read(builder.output(scores).output(output).build(), scores, output, head, named);
    }

    static void requireLabels(Labels labels, Head head, String model) {
        if (labels.size() > 0 && labels.size() != head.size()) {
            String expected = head.isBinary() ? "two, for no and yes, or one, for yes" : "equal numbers";
            throw VitrineException.failure("Model '" + model + "' has " + head.size()
                    + (head.kind() == HeadKind.NUMBERS ? " numbers" : " classes") + ", but there are " + labels.size()
                    + " labels; expected  " + expected
                    + ". Give the matching labels in its card, or by --labels.");
        }
    }
}
