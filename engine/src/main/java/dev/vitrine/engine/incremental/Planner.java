package dev.vitrine.engine.incremental;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Cuts a network into segments for local changes of one size.
 *
 * <p>A padded window needs true zeros outside the map and the unchanged values around the change, so its input is an
 * anchor: computed where it changes, then pasted into a crop of the unchanged map. Elsewhere a larger rectangle is
 * either pasted likewise or computed from a larger rectangle before, whichever is cheaper.
 */
final class Planner {
    /** Share of a layer above which a rectangle costs more than it saves. */
    private static final double MOST = 0.75;

    /** Cost of moving one value of a patch, in multiplications. */
    private static final double MOVE = 100;

    /** Cost of running a segment, in multiplications, shared by the changes of a batch. */
    private static final double CALL = 300_000;

    /** Maximum cost of incremental evaluation relative to whole evaluation. */
    private static final double WORTH = 0.8;

    private final Graph graph;
    private final Value input;
    private final Region.Size change;
    private final Map<Value, Node> producers;
    private final Map<Value, Reach> reaches = new HashMap<>();
    private final Map<Value, Locality> localities = new HashMap<>();
    private final Map<Value, Locality.Total> totals = new HashMap<>();
    private final Set<Value> anchors = new LinkedHashSet<>();
    private final Set<Value> computed = new HashSet<>();
    private final Map<Value, Tensor> constants = new LinkedHashMap<>();
    private final List<Plan.Segment> segments = new ArrayList<>();
    private final Map<Wanted, Double> costs = new HashMap<>();

    private record Wanted(Value value, Region region) {}

    Planner(Graph graph, Value input, Region.Size change) {
        this.graph = graph;
        this.input = input;
        this.change = change;
        this.producers = graph.producers();
    }

    Plan plan() {
        Plan piecewise = piecewise();
        return work(piecewise) < WORTH * work(graph.nodes()) ? piecewise : wholly();
    }

    /** Incrementally, whatever the cost. */
    Plan piecewise() {
        followChange();
        Set<Value> border = new LinkedHashSet<>();
        List<Node> rest = rest(border);
        chooseAnchors(border);
        for (Value value : border) {
            if (totals.containsKey(value)) {
                computeMean(value);
            } else {
                compute(value);
            }
        }
        return new Plan(List.copyOf(segments), List.copyOf(anchors), constants, rest(rest, border));
    }

    /** Every picture as a whole. */
    private Plan wholly() {
        return new Plan(List.of(), List.of(input), Map.of(), rest(graph.nodes(), Set.of(input)));
    }

    private Graph rest(List<Node> nodes, Set<Value> border) {
        List<Value> outputs = graph.outputs().stream()
                .filter(value -> !border.contains(value))
                .toList();
        return new Prune()
                .apply(new Graph(
                        List.copyOf(border), outputs, nodes, graph.constants(), graph.types(), graph.opsets()));
    }

    /** Cost of one change, in multiplications. */
    private double work(Plan plan) {
        double work = work(plan.rest().nodes());
        for (Plan.Segment segment : plan.segments()) {
            Value computed = segment.kind() instanceof Plan.Mean mean ? mean.map() : segment.anchor();
            work += CALL + inlineCost(computed, segment.kind().region());
        }
        for (Value value : plan.rest().inputs()) {
            work += reaches.containsKey(value) ? MOVE * places(value) * shape(value)[1] : 0;
        }
        return work;
    }

    private double work(List<Node> nodes) {
        return nodes.stream()
                .filter(node -> graph.types().containsKey(node.output())
                        && graph.types().get(node.output()).rank() == 4)
                .mapToDouble(node -> places(node.output()) * multiplications(node))
                .sum();
    }

    private double places(Value value) {
        long[] shape = shape(value);
        return Math.abs(shape[2] * shape[3]);
    }

    /** The reach of a change, up to the layers where it covers most of the map. */
    private void followChange() {
        long[] shape = graph.types().get(input).shape();
        reaches.put(input, new Reach(Line.identity((int) shape[2]), Line.identity((int) shape[3])));
        Set<Value> changing = new HashSet<>(Set.of(input));
        for (Node node : graph.nodes()) {
            List<Value> read = node.reads().stream().filter(changing::contains).toList();
            if (read.isEmpty()) {
                continue;
            }
            node.outputs().stream().filter(Value::isPresent).forEach(changing::add);
            boolean local = read.stream().allMatch(reaches::containsKey)
                    && node.reads().stream()
                            .allMatch(value -> reaches.containsKey(value)
                                    || graph.constants().containsKey(value));
            if (!local) {
                continue;
            }
            boolean map = graph.type(node.output())
                    .filter(type -> type.rank() == 4 || type.rank() == 2)
                    .isPresent();
            Locality locality = map ? LocalityTable.of(node, graph) : new Locality.Anywhere();
            localities.put(node.output(), locality);
            if (locality instanceof Locality.Total total && reaches.containsKey(node.input(0))) {
                totals.put(node.output(), total);
            }
            reach(locality, node, read)
                    .filter(found -> found.share(change.height(), change.width()) < MOST)
                    .ifPresent(found -> node.outputs().stream()
                            .filter(Value::isPresent)
                            .forEach(output -> reaches.put(output, found)));
        }
    }

    private Optional<Reach> reach(Locality locality, Node node, List<Value> read) {
        if (locality instanceof Locality.Pointwise) {
            return read.stream().map(reaches::get).reduce(Reach::union);
        }
        return locality instanceof Locality.Sliding sliding && read.equals(List.of(node.input(0)))
                ? Optional.of(reaches.get(node.input(0)).through(sliding))
                : Optional.empty();
    }

    /** The nodes that work on whole maps, and the layers and totals they start from. */
    private List<Node> rest(Set<Value> border) {
        Set<Value> wanted = new HashSet<>(graph.outputs());
        List<Node> rest = new ArrayList<>();
        for (int i = graph.nodes().size() - 1; i >= 0; i--) {
            Node node = graph.nodes().get(i);
            boolean begins = reaches.containsKey(node.output()) || totals.containsKey(node.output());
            if (node.outputs().stream().anyMatch(wanted::contains) && !begins) {
                wanted.addAll(node.reads());
                rest.add(0, node);
            }
        }
        graph.nodes().stream()
                .flatMap(node -> node.outputs().stream())
                .filter(wanted::contains)
                .filter(value -> reaches.containsKey(value) || totals.containsKey(value))
                .forEach(border::add);
        if (wanted.contains(input)) {
            border.add(input);
        }
        return rest;
    }

    /** Layers that several nodes or a padded window read, and those that the rest starts from. */
    private void chooseAnchors(Set<Value> border) {
        anchors.add(input);
        Map<Value, Integer> readers = new HashMap<>();
        Set<Value> wanted = new HashSet<>(border);
        for (int i = graph.nodes().size() - 1; i >= 0; i--) {
            Node node = graph.nodes().get(i);
            if (node.outputs().stream().noneMatch(wanted::contains)) {
                continue;
            }
            for (Value value : node.reads()) {
                if (reaches.containsKey(value) && isInside(node)) {
                    wanted.add(value);
                    readers.merge(value, 1, Integer::sum);
                }
            }
        }
        border.stream().filter(reaches::containsKey).forEach(anchors::add);
        for (Node node : graph.nodes()) {
            for (Value value : node.reads()) {
                boolean padded = localities.get(node.output()) instanceof Locality.Sliding sliding
                        && value.equals(node.input(0))
                        && !sliding.staysInside();
                if (wanted.contains(node.output())
                        && isInside(node)
                        && (padded || readers.getOrDefault(value, 0) > 1)
                        && reaches.containsKey(value)) {
                    anchors.add(value);
                }
            }
        }
    }

    /** Whether a node's result is computed over rectangles. */
    private boolean isInside(Node node) {
        return reaches.containsKey(node.output()) || totals.containsKey(node.output());
    }

    /** Ensures that an anchor has its segment, after those that it needs. */
    private void compute(Value anchor) {
        if (!anchor.equals(input) && !constants.containsKey(anchor) && computed.add(anchor)) {
            Region.Changed region = new Region.Changed(reaches.get(anchor));
            SegmentWriter writer = new SegmentWriter();
            Value output = writer.computed(anchor, region);
            segments.add(writer.finish(output, anchor, new Plan.Rectangle(region)));
        }
    }

    private void computeMean(Value total) {
        Value map = producers.get(total).input(0);
        Region.Changed region = new Region.Changed(reaches.get(map));
        SegmentWriter writer = new SegmentWriter();
        Value mean = writer.builder.node("GlobalAveragePool", writer.over(map, region));
        segments.add(writer.finish(
                mean, total, new Plan.Mean(map, region, totals.get(total).scale())));
    }

    private long[] shape(Value value) {
        Tensor constant = constants.get(value);
        return constant != null ? constant.shape() : graph.types().get(value).shape();
    }

    private double moving(Value value, Region region) {
        return MOVE * shape(value)[1] * region.nominal(change).places();
    }

    /** Cost of a layer over a region, in multiplications. */
    private double cost(Value value, Region region) {
        if (anchors.contains(value)) {
            return moving(value, region);
        }
        Region own = new Region.Changed(reaches.get(value));
        double inline = inlineCost(value, region);
        return region.equals(own) ? inline : Math.min(inline, moving(value, region) + inlineCost(value, own));
    }

    private double inlineCost(Value value, Region region) {
        Wanted wanted = new Wanted(value, region);
        Double known = costs.get(wanted);
        if (known != null) {
            return known;
        }
        if (value.equals(input)) {
            return moving(value, region);
        }
        Node node = producers.get(value);
        double cost = region.nominal(change).places() * multiplications(node);
        if (localities.get(node.output()) instanceof Locality.Sliding sliding) {
            Region read = new Region.Read(sliding, region);
            cost += sliding.staysInside() ? cost(node.input(0), read) : moving(node.input(0), read);
        } else {
            for (Value part : node.reads()) {
                cost += reaches.containsKey(part) ? cost(part, region) : 0;
            }
        }
        costs.put(wanted, cost);
        return cost;
    }

    /** Multiplications per position. */
    private double multiplications(Node node) {
        double channels = shape(node.output())[1];
        return graph.constant(node.input(1))
                .filter(weight -> weight.rank() == 4)
                .map(weight -> (double) weight.elements())
                .orElse(channels);
    }

    /** Whether pasting an inner layer is cheaper than computing it over a larger region. */
    private boolean isPasted(Value value, Region region) {
        Region own = new Region.Changed(reaches.get(value));
        return !region.equals(own) && moving(value, region) + inlineCost(value, own) < inlineCost(value, region);
    }

    /** Writes one segment. */
    private final class SegmentWriter {
        private final GraphBuilder builder = new GraphBuilder();
        private final Map<Wanted, Value> written = new HashMap<>();
        private final Map<Value, Value> copied = new HashMap<>();
        private final List<Plan.Patch> patches = new ArrayList<>();

        Plan.Segment finish(Value output, Value anchor, Plan.Kind kind) {
            builder.output(output);
            return new Plan.Segment(builder.build(), List.copyOf(patches), output, anchor, kind);
        }

        /** A layer over a region, in the cheapest way. */
        Value over(Value value, Region region) {
            if (!anchors.contains(value) && isPasted(value, region)) {
                anchors.add(value);
            }
            return anchors.contains(value) ? patch(value, region, 0) : computed(value, region);
        }

        private Value patch(Value anchor, Region region, float outside) {
            for (Plan.Patch patch : patches) {
                if (patch.anchor().equals(anchor) && patch.region().equals(region) && patch.outside() == outside) {
                    return patch.input();
                }
            }
            compute(anchor);
            int number = patches.size();
            Value name = builder.fresh("patch" + number);
            Value patch = builder.input(
                    name.name() + "/" + anchor.name(),
                    new TensorType(
                            ElementType.FLOAT32,
                            List.of(
                                    Dimension.named("windows"),
                                    Dimension.of(shape(anchor)[1]),
                                    Dimension.named("height" + number),
                                    Dimension.named("width" + number))));
            patches.add(new Plan.Patch(patch, anchor, region, outside));
            return patch;
        }

        private Value computed(Value value, Region region) {
            Wanted wanted = new Wanted(value, region);
            Value known = written.get(wanted);
            if (known == null) {
                Node node = producers.get(value);
                if (localities.get(node.output()) instanceof Locality.Sliding sliding) {
                    written.put(wanted, slid(node, sliding, region));
                } else {
                    pointwise(node, region);
                }
                known = written.get(wanted);
            }
            return known;
        }

        private Value slid(Node node, Locality.Sliding sliding, Region region) {
            Region read = new Region.Read(sliding, region);
            Value before = node.input(0);
            List<Value> inputs = new ArrayList<>();
            inputs.add(sliding.staysInside() ? over(before, read) : patch(before, read, sliding.outside()));
            sliding.weights().forEach(weight -> inputs.add(constant(weight)));
            Value result = builder.node(sliding.operator(), sliding.attributes(), inputs.toArray(Value[]::new));
            if (sliding.factor().isEmpty()) {
                return result;
            }
            Value factor = new Value(node.output().name() + "/factor");
            constants.put(factor, sliding.factor().get());
            return builder.node("Mul", result, patch(factor, region, 0));
        }

        private void pointwise(Node node, Region region) {
            List<Value> inputs = new ArrayList<>();
            for (Value value : node.inputs()) {
                if (!value.isPresent() || reaches.containsKey(value)) {
                    inputs.add(value.isPresent() ? over(value, region) : value);
                } else if (LocalityTable.isUniform(value, graph)
                        || graph.types().get(value).rank() != 4) {
                    inputs.add(constant(value));
                } else {
                    constants.put(value, graph.constants().get(value));
                    inputs.add(patch(value, region, 0));
                }
            }
            List<Value> outputs = new ArrayList<>();
            for (Value output : node.outputs()) {
                Value fresh = output.isPresent() ? builder.fresh(output.name()) : output;
                outputs.add(fresh);
                written.put(new Wanted(output, region), fresh);
            }
            builder.addFresh(new Node(
                    builder.fresh(node.name()).name(),
                    node.domain(),
                    node.opType(),
                    inputs,
                    outputs,
                    node.attributes()));
        }

        private Value constant(Value value) {
            return value.isPresent()
                    ? copied.computeIfAbsent(
                            value,
                            key -> builder.constant(
                                    key.name(), graph.constants().get(key)))
                    : value;
        }
    }
}
