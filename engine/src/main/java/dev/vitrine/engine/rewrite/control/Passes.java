package dev.vitrine.engine.rewrite.control;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.AttributeValue;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Unrolls one {@code Loop} or {@code Scan}: each pass is a copy of its body. */
final class Passes {
    /** How often a condition may be evaluated to decide whether a loop goes on. */
    private static final int MOST_DECISIONS = 256;

    /** More passes than any recurrence has steps. */
    private static final long MOST_PASSES = 1 << 20;

    private final ResolveControl control;
    private final Graph around;
    private final Node node;
    private final Graph body;
    private final BodyCopy copy;
    private final int room;
    private int decisions;

    /** @param room maximum number of nodes in all */
    Passes(ResolveControl control, Graph around, Node node, BodyCopy copy, int room) {
        this.control = control;
        this.around = around;
        this.node = node;
        this.body = ((AttributeValue.OfGraph) node.attributes().values().get("body")).body();
        this.copy = copy;
        this.room = room;
    }

    /** The unrolled outputs of a Loop, if the number of passes is known and small enough. */
    Optional<List<Value>> loop(ResolveControl.Known known) {
        Optional<Long> most = node.input(0).isPresent()
                ? known.constant(node.input(0)).map(tensor -> tensor.toLongs()[0])
                : Optional.of(Long.MAX_VALUE);
        Optional<Boolean> going =
                node.input(1).isPresent() ? known.constant(node.input(1)).map(Branch::isTrue) : Optional.of(true);
        if (most.isEmpty()) {
            return Optional.empty();
        }
        int carriedCount = node.inputs().size() - 2;
        List<Value> carried =
                new ArrayList<>(node.inputs().subList(2, node.inputs().size()));
        List<List<Value>> collected = lists(body.outputs().size() - 1 - carriedCount);
        Value yes = copy.constant(node.output().name() + "/true", flag());
        for (long pass = 0; pass < most.get(); pass++) {
            if (going.isEmpty()) {
                return Optional.empty();
            }
            if (!going.get()) {
                break;
            }
            Map<Value, Value> inputs = new HashMap<>();
            Value number = copy.constant(node.output().name() + "/pass", Tensor.scalar(pass));
            inputs.put(body.inputs().get(0), number);
            inputs.put(body.inputs().get(1), yes);
            for (int i = 0; i < carriedCount; i++) {
                inputs.put(body.inputs().get(2 + i), carried.get(i));
            }
            int before = copy.nodes().size();
            // A body without nodes costs too.
            if (pass > room) {
                return tooMany(most.get());
            }
            List<Value> outputs = copy.append(body, inputs, Map.of());
            if (copy.nodes().size() > room) {
                return tooMany(most.get());
            }
            for (int i = 0; i < carriedCount; i++) {
                carried.set(i, outputs.get(1 + i));
            }
            for (int i = 0; i < collected.size(); i++) {
                collected.get(i).add(outputs.get(1 + carriedCount + i));
            }
            going = pass + 1 < most.get() ? goesOn(outputs.get(0), yes, before) : going;
        }
        return results(carried, collected, new long[collected.size()], new long[collected.size()]);
    }

    /** No unrolled outputs; a loop without an end that nothing stopped so far would never end. */
    private Optional<List<Value>> tooMany(long passes) {
        if (passes > MOST_PASSES) {
            throw VitrineException.failure(node.label() + ": found a loop of " + passes
                    + " passes that no condition ends, expected at most " + MOST_PASSES
                    + ". The file is damaged; export the model again.");
        }
        return Optional.empty();
    }

    /** The unrolled outputs of a Scan, if the scanned length is known and small enough. */
    Optional<List<Value>> scan(ResolveControl.Known known) {
        int scannedCount = (int) node.attributes().integer("num_scan_inputs", 0);
        int carriedCount = node.inputs().size() - scannedCount;
        long[] axes = node.attributes().integers("scan_input_axes", new long[scannedCount]);
        long[] directions = node.attributes().integers("scan_input_directions", new long[scannedCount]);
        List<Value> scanned = node.inputs().subList(carriedCount, node.inputs().size());
        List<List<Value>> slices = new ArrayList<>();
        int length = -1;
        for (int i = 0; i < scannedCount; i++) {
            TensorType type = known.types().get(scanned.get(i));
            if (type == null) {
                type = around.types().get(scanned.get(i));
            }
            if (type == null || !type.dimension((int) axes[i]).isFixed()) {
                return Optional.empty();
            }
            Dimension dimension = type.dimension((int) axes[i]);
            length = (int) dimension.size();
            long axis = axes[i] < 0 ? axes[i] + type.rank() : axes[i];
            if (length == 0 || (long) length * Math.max(1, body.nodes().size()) > room) {
                return Optional.empty();
            }
            slices.add(ordered(slices(scanned.get(i), axis, length), directions[i]));
        }
        List<Value> carried = new ArrayList<>(node.inputs().subList(0, carriedCount));
        List<List<Value>> collected = lists(body.outputs().size() - carriedCount);
        for (int pass = 0; pass < length; pass++) {
            Map<Value, Value> inputs = new HashMap<>();
            for (int i = 0; i < body.inputs().size(); i++) {
                inputs.put(
                        body.inputs().get(i),
                        i < carriedCount
                                ? carried.get(i)
                                : slices.get(i - carriedCount).get(pass));
            }
            List<Value> outputs = copy.append(body, inputs, Map.of());
            for (int i = 0; i < carriedCount; i++) {
                carried.set(i, outputs.get(i));
            }
            for (int i = 0; i < collected.size(); i++) {
                collected.get(i).add(outputs.get(carriedCount + i));
            }
        }
        return results(
                carried,
                collected,
                node.attributes().integers("scan_output_axes", new long[collected.size()]),
                node.attributes().integers("scan_output_directions", new long[collected.size()]));
    }

    /**
     * Whether another pass follows: by a constant condition, one passed through the body, or one evaluated here.
     *
     * @param before number of nodes before this pass
     */
    private Optional<Boolean> goesOn(Value condition, Value yes, int before) {
        Map<Value, Node> producers = new HashMap<>();
        copy.nodes()
                .subList(before, copy.nodes().size())
                .forEach(each -> each.outputs().forEach(output -> producers.put(output, each)));
        Value at = condition;
        while (producers.containsKey(at) && producers.get(at).operator().equals("Identity")) {
            at = producers.get(at).input(0);
        }
        if (at.equals(yes)) {
            return Optional.of(true);
        }
        Tensor constant = copy.constants().get(at);
        if (constant != null) {
            return Optional.of(Branch.isTrue(constant));
        }
        decisions++;
        if (decisions > MOST_DECISIONS) {
            return Optional.empty();
        }
        List<Node> nodes = new ArrayList<>();
        for (Node each : around.nodes()) {
            if (each.name().equals(node.name())) {
                break;
            }
            nodes.add(each);
        }
        nodes.addAll(copy.nodes());
        Map<Value, Tensor> constants = new HashMap<>(around.constants());
        constants.putAll(copy.constants());
        Graph soFar = new Graph(around.inputs(), List.of(at), nodes, constants, around.types(), around.opsets());
        return control.known(soFar, List.of(at)).constant(at).map(Branch::isTrue);
    }

    private Optional<List<Value>> results(
            List<Value> carried, List<List<Value>> collected, long[] axes, long[] directions) {
        List<Value> results = new ArrayList<>(carried);
        for (int i = 0; i < collected.size(); i++) {
            boolean wanted = node.output(carried.size() + i).isPresent();
            if (wanted && collected.get(i).isEmpty()) {
                return Optional.empty();
            }
            results.add(wanted ? stacked(ordered(collected.get(i), directions[i]), axes[i]) : Value.NONE);
        }
        return Optional.of(results);
    }

    private List<Value> slices(Value whole, long axis, int length) {
        long[] ones = new long[length];
        Arrays.fill(ones, 1);
        String hint = whole.name() + "/slice";
        List<Value> parts = length == 1
                ? List.of(whole)
                : copy.node(
                        "Split",
                        Attributes.NONE.with("axis", axis),
                        hint,
                        length,
                        whole,
                        copy.constant(hint + "/sizes", Tensor.vector(ones)));
        Value axes = copy.constant(hint + "/axis", Tensor.vector(axis));
        List<Value> slices = new ArrayList<>();
        for (Value part : parts) {
            slices.add(
                    copy.node("Squeeze", Attributes.NONE, hint, 1, part, axes).get(0));
        }
        return slices;
    }

    /** One value per pass, reversed for ONNX's direction 1. */
    private static List<Value> ordered(List<Value> values, long direction) {
        List<Value> ordered = new ArrayList<>(values);
        if (direction == 1) {
            Collections.reverse(ordered);
        }
        return ordered;
    }

    private Value stacked(List<Value> values, long axis) {
        String hint = node.output().name() + "/stacked";
        Value axes = copy.constant(hint + "/axis", Tensor.vector(axis));
        List<Value> rows = new ArrayList<>();
        for (Value value : values) {
            rows.add(copy.node("Unsqueeze", Attributes.NONE, hint, 1, value, axes)
                    .get(0));
        }
        return copy.node("Concat", Attributes.NONE.with("axis", axis), hint, 1, rows.toArray(Value[]::new))
                .get(0);
    }

    private static Tensor flag() {
        return Tensor.wrap(
                ElementType.BOOL, new long[0], ByteBuffer.allocateDirect(1).put(0, (byte) 1));
    }

    private static List<List<Value>> lists(int count) {
        List<List<Value>> lists = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lists.add(new ArrayList<>());
        }
        return lists;
    }
}
