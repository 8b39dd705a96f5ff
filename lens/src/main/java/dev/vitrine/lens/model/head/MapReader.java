package dev.vitrine.lens.model.head;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.lens.model.label.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads outputs with scores at many positions: maps, and lists of boxes. */
final class MapReader {
    private static final int BOX = 4;

    private final Surroundings surroundings;
    private final OutputChoice choice;
    private final OutputCard card;
    private final Labels labels;
    private final Dimension batch;
    private final String model;
    private final Value output;
    private final TensorType type;
    private final GraphBuilder builder;

    MapReader(
            Surroundings surroundings,
            OutputChoice choice,
            OutputCard card,
            Labels labels,
            Dimension batch,
            String model) {
        this.surroundings = surroundings;
        this.choice = choice;
        this.card = card;
        this.labels = labels;
        this.batch = batch;
        this.model = model;
        this.output = choice.output();
        this.type = surroundings.type(output).orElseThrow();
        this.builder = new GraphBuilder(surroundings.graph()).scope("head").clearOutputs();
    }

    HeadReader.Read read(PictureSize size) {
        Optional<Ending> ending = Ending.of(output, surroundings)
                .filter(found ->
                        found.link() == Link.SIGMOID || outputAxis(found).isPresent());
        int classAxis = classAxis(ending, size);
        int columns = (int) type.dimension(classAxis).size();
        boolean map = card.kind().filter(kind -> kind == HeadKind.MAP).isPresent();
        if (choice.boxes().isPresent() && !map) {
            return beside(classAxis, choice.boxes().get(), ending);
        }
        Optional<DetectorColumns> found = map
                ? Optional.empty()
                : DetectorColumns.of(output, columns, labels.size(), card.objectness(), surroundings);
        if (found.isPresent()) {
            return detector(classAxis, found.get());
        }
        return map(classAxis, ending, size);
    }

    /** The axis of the output that softmax runs over. */
    private OptionalInt outputAxis(Ending ending) {
        if (ending.axis().isEmpty()) {
            return OptionalInt.empty();
        }
        int axis = ending.axis().getAsInt();
        for (Node node : ending.shaping()) {
            Space space = OperatorTable.row(node).space();
            if (space == Space.TURN) {
                int before = axis;
                long[] order = node.attributes().integers("perm");
                axis = java.util.stream.IntStream.range(0, order.length)
                        .filter(to -> order[to] == before)
                        .findFirst()
                        .orElse(-1);
            } else if (space.keepsOrder()) {
                return bySize(surroundings
                        .type(ending.logits())
                        .map(of -> of.dimension(ending.axis().getAsInt()).size())
                        .orElse(-1L));
            }
        }
        return axis > 0 ? OptionalInt.of(axis) : OptionalInt.empty();
    }

    private OptionalInt bySize(long size) {
        int[] axes = java.util.stream.IntStream.range(1, type.rank())
                .filter(axis -> type.dimension(axis).size() == size)
                .toArray();
        return axes.length == 1 ? OptionalInt.of(axes[0]) : OptionalInt.empty();
    }

    private int classAxis(Optional<Ending> ending, PictureSize picture) {
        OptionalInt softmax = ending.isPresent() ? outputAxis(ending.get()) : OptionalInt.empty();
        if (softmax.isPresent()) {
            return softmax.getAsInt();
        }
        int last = type.rank() - 1;
        if (choice.boxes().isPresent() || type.rank() > 4) {
            return last;
        }
        if (type.rank() == 3) {
            boolean labeled = labels.size() > 0 && type.dimension(1).size() == labels.size();
            return type.dimension(1).size() < type.dimension(2).size() || labeled ? 1 : last;
        }
        boolean first = isScaled(2, picture);
        boolean channelsLast = isScaled(1, picture);
        return channelsLast && !first || type.dimension(last).size() == labels.size() && labels.size() > 0 && !first
                ? last
                : 1;
    }

    /** Whether two axes are the picture's height and width on one scale. */
    private boolean isScaled(int heightAxis, PictureSize picture) {
        return type.dimension(heightAxis).size() * picture.width()
                == type.dimension(heightAxis + 1).size() * picture.height();
    }

    private TensorType floats(long... sizes) {
        List<Dimension> dimensions = new ArrayList<>(List.of(batch));
        Arrays.stream(sizes).mapToObj(Dimension::of).forEach(dimensions::add);
        return new TensorType(ElementType.FLOAT32, dimensions);
    }

    private Value node(TensorType of, String operator, Attributes attributes, Value... inputs) {
        Value value = builder.node(operator, attributes, inputs);
        builder.declare(value, of);
        return value;
    }

    private long places(int classAxis) {
        long count = 1;
        for (int axis = 1; axis < type.rank(); axis++) {
            count *= axis == classAxis ? 1 : type.dimension(axis).size();
        }
        return count;
    }

    /** A value of the output's shape as {@code f32[N,places,columns]}. */
    private Value listed(Value value, int classAxis) {
        long columns = type.dimension(classAxis).size();
        Value last = value;
        if (classAxis != type.rank() - 1) {
            List<Long> order = new ArrayList<>();
            for (int axis = 0; axis < type.rank(); axis++) {
                if (axis != classAxis) {
                    order.add((long) axis);
                }
            }
            order.add((long) classAxis);
            List<Dimension> turned =
                    order.stream().map(axis -> type.dimension(axis.intValue())).toList();
            last = node(
                    new TensorType(ElementType.FLOAT32, turned),
                    "Transpose",
                    Attributes.NONE.with(
                            "perm", order.stream().mapToLong(Long::longValue).toArray()),
                    value);
        }
        return type.rank() == 3
                ? last
                : node(
                        floats(places(classAxis), columns),
                        "Reshape",
                        Attributes.NONE,
                        last,
                        builder.vector(0, places(classAxis), columns));
    }

    private Value columns(Value list, long places, int from, int to) {
        return node(
                floats(places, to - from),
                "Slice",
                Attributes.NONE,
                list,
                builder.vector(from),
                builder.vector(to),
                builder.vector(2));
    }

    // Detectors

    private HeadReader.Read detector(int classAxis, DetectorColumns columns) {
        long places = places(classAxis);
        Value list = listed(output, classAxis);
        Value classes = columns(list, places, columns.from(), columns.to());
        Optional<Value> objectness = columns.objectness() < 0
                ? Optional.empty()
                : Optional.of(columns(list, places, columns.objectness(), columns.objectness() + 1));
        Value boxes = columns(list, places, columns.box(), columns.box() + BOX);
        int size = columns.to() - columns.from();
        Value scores = objectness
                .map(there -> node(floats(places, size), "Mul", Attributes.NONE, classes, there))
                .orElse(classes);
        String found = "box and score in one output" + (objectness.isPresent() ? ", objectness times class" : "");
        return detector(
                scores,
                Link.GIVEN,
                size,
                places,
                new Detections(
                        boxes,
                        classes,
                        objectness,
                        scores,
                        Background.of(card, labels, size, false, model),
                        card.boxes(),
                        card.normalized()),
                found,
                scores);
    }

    /** Scores with boxes in another output. */
    private HeadReader.Read beside(int classAxis, Value boxes, Optional<Ending> ending) {
        long places = places(classAxis);
        int size = (int) type.dimension(classAxis).size();
        Value list = listed(output, classAxis);
        boolean given = Range.of(output, surroundings).isProbability();
        boolean shares = ending.isPresent() || given;
        Optional<Activation> said = card.activation();
        Link link = shares
                ? Link.GIVEN
                : switch (said.orElse(size == 1 ? Activation.SIGMOID : Activation.SOFTMAX)) {
                    case NONE -> Link.NONE;
                    case SIGMOID -> Link.SIGMOID;
                    case SOFTMAX -> Link.SOFTMAX;
                };
        TensorType rows = floats(places, size);
        boolean whole = card.region() instanceof Region.Everywhere || card.region() instanceof Region.Predicted;
        Value logits = ending.map(this::before)
                .map(before -> listed(before, classAxis))
                .orElse(list);
        boolean exclusive = link == Link.SOFTMAX
                || ending.filter(end -> end.link() == Link.SOFTMAX).isPresent();
        Value classes = switch (link) {
            case NONE -> list;
            // A final LogSoftmax gives no probabilities.
            case GIVEN -> given || !exclusive ? list : node(rows, "Softmax", Attributes.NONE.with("axis", -1), logits);
            case SIGMOID -> node(rows, "Sigmoid", Attributes.NONE, list);
            case SOFTMAX -> node(rows, "Softmax", Attributes.NONE.with("axis", -1), list);
        };
        boolean odds = exclusive && size > 1;
        boolean reached = odds || link == Link.SIGMOID || ending.isPresent();
        // σ is monotone: the best box by log-odds is also the best by probability, and no gradient saturates.
        Value ranks = odds ? new LogOdds(builder).of(logits, rows) : reached ? logits : classes;
        Value scores = whole && link != Link.SIGMOID ? classes : ranks;
        long width = surroundings.type(boxes).orElseThrow().dimension(2).size();
        String found = shares
                ? "scores with boxes '" + boxes + "'"
                : (link == Link.NONE
                                ? "plain scores"
                                : "logits treated as " + link.name().toLowerCase(java.util.Locale.ROOT))
                        + " with boxes '" + boxes + "'";
        Detections detections = new Detections(
                boxes,
                classes,
                Optional.empty(),
                ranks,
                Background.of(card, labels, size, exclusive, model),
                width == BOX ? card.boxes().or(() -> corners(boxes)) : Optional.empty(),
                card.normalized());
        Value anchor = scores.equals(ranks) ? reached ? logits : list : classes;
        return detector(scores, reached ? Link.SIGMOID : link, size, places, detections, found, anchor);
    }

    /** Corners, if the graph concatenates center − size / 2 and center + size / 2. */
    private Optional<BoxFormat> corners(Value boxes) {
        return surroundings
                .producer(boxes, "Concat")
                .filter(concat -> concat.inputs().size() == 2
                        && surroundings.producer(concat.input(0), "Sub").isPresent()
                        && surroundings.producer(concat.input(1), "Add").isPresent())
                .map(concat -> BoxFormat.XYXY);
    }

    private HeadReader.Read detector(
            Value scores, Link link, int size, long places, Detections detections, String found, Value anchor) {
        List<String> notes = detections.background().isPresent()
                ? List.of(Background.words(detections.background().getAsInt(), labels, size))
                : List.of();
        Pooling pooling = new Pooling(builder, scores, floats(places, size), floats(size), 2, "box", "boxes", model);
        Value pooled = pooling.list(card.region(), new Region.Best());
        Region region = card.region() instanceof Region.Usual ? new Region.Best() : card.region();
        String words = "over " + pooling.words();
        boolean one = !(region instanceof Region.Everywhere || region instanceof Region.Predicted);
        Link pooledLink = one ? link : Link.NONE;
        Places where = new Places(places, 0, 0, region, words, Optional.empty(), Optional.of(detections));
        Head head = new Head(
                HeadKind.DETECTOR,
                pooledLink,
                output.name(),
                size,
                size,
                found,
                HeadReader.allNotes(detectorChoice(), notes),
                anchor,
                Optional.of(where));
        return finished(pooled, head);
    }

    /** The boxes are no other output. */
    private OutputChoice detectorChoice() {
        List<String> others = choice.others().stream()
                .filter(other -> choice.boxes()
                        .filter(boxes -> other.startsWith("'" + boxes + "'"))
                        .isEmpty())
                .toList();
        return new OutputChoice(choice.output(), choice.boxes(), others);
    }

    // Maps

    private HeadReader.Read map(int classAxis, Optional<Ending> ending, PictureSize picture) {
        int size = (int) type.dimension(classAxis).size();
        long places = places(classAxis);
        boolean plain = card.activation().filter(Activation.NONE::equals).isPresent();
        boolean given = ending.isEmpty() && Range.of(output, surroundings).isProbability();
        Value raw = plain ? output : ending.map(this::before).orElse(output);
        Value flat = planes(raw, classAxis);
        int axis = classAxis == 1 ? 1 : 2;
        TensorType rows = axis == 1 ? floats(size, places) : floats(places, size);
        boolean list = type.rank() != 4;
        int heightAxis = classAxis == 1 ? 2 : 1;
        long height = list ? 0 : type.dimension(heightAxis).size();
        long width = list ? 0 : type.dimension(heightAxis + 1).size();
        Pooling pooling = new Pooling(builder, flat, rows, floats(size), axis, "place", "places", model);
        Value pooled = list
                ? pooling.list(card.region(), new Region.Everywhere())
                : pooling.map(card.region(), (int) height, (int) width, picture);
        Link link = plain
                ? Link.NONE
                : given
                        ? Link.GIVEN
                        : card.activation()
                                .map(said -> said == Activation.SIGMOID ? Link.SIGMOID : Link.SOFTMAX)
                                .or(() -> ending.map(Ending::link))
                                .orElse(size == 1 ? Link.NONE : Link.SOFTMAX);
        Optional<Value> probabilities =
                link == Link.NONE ? Optional.empty() : pooling.mean(shares(link, flat, rows, axis));
        String found = plain
                ? "as specified"
                : ending.map(end -> "scores from before " + end.by())
                        .orElse(given ? "probabilities, unchanged" : "no activation at the end");
        List<String> notes = List.of("Choose other positions with --mask, --box, --place or --region.");
        Region region = card.region() instanceof Region.Usual ? new Region.Everywhere() : card.region();
        Places where =
                new Places(places, height, width, region, "over " + pooling.words(), probabilities, Optional.empty());
        Head head = new Head(
                HeadKind.MAP,
                Link.NONE,
                output.name(),
                size,
                size,
                found,
                HeadReader.allNotes(choice, notes),
                raw,
                Optional.of(where));
        return finished(pooled, head);
    }

    private Value shares(Link link, Value flat, TensorType rows, int axis) {
        return switch (link) {
            case SOFTMAX -> node(rows, "Softmax", Attributes.NONE.with("axis", axis), flat);
            case SIGMOID -> node(rows, "Sigmoid", Attributes.NONE, flat);
            case GIVEN, NONE -> flat;
        };
    }

    /** A value of the output's shape as {@code f32[N,classes,places]} or {@code f32[N,places,classes]}. */
    private Value planes(Value value, int classAxis) {
        if (classAxis != 1) {
            return listed(value, classAxis);
        }
        long columns = type.dimension(1).size();
        return type.rank() == 3
                ? value
                : node(
                        floats(columns, places(1)),
                        "Reshape",
                        Attributes.NONE,
                        value,
                        builder.vector(0, columns, places(1)));
    }

    /** The output without its final function: a copy of the nodes after that. */
    private Value before(Ending ending) {
        Value value = ending.logits();
        for (Node node : ending.shaping()) {
            boolean moves = !OperatorTable.row(node).effect().passesNumbers();
            if (!moves || Ending.isGuard(node, surroundings)) {
                continue;
            }
            List<Value> inputs = new ArrayList<>(node.inputs());
            inputs.set(0, value);
            value = builder.node(node.operator(), node.attributes(), inputs.toArray(Value[]::new));
            builder.declare(value, surroundings.type(node.output()).orElseThrow());
        }
        return value;
    }

    private HeadReader.Read finished(Value scores, Head head) {
        HeadReader.requireLabels(labels, head, model);
        builder.scope("").output(scores).output(output);
        head.places().flatMap(Places::probabilities).ifPresent(builder::output);
        head.places().flatMap(Places::detections).ifPresent(found -> {
            builder.output(found.boxes()).output(found.classes()).output(found.ranks());
            found.objectness().ifPresent(builder::output);
        });
        return new HeadReader.Read(builder.build(), scores, output, head, labels);
    }

    static VitrineException usage(String model, String found, String expected) {
        return VitrineException.usage("Model '" + model + "': " + found + "; expected " + expected + ".");
    }
}
