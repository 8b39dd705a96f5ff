package dev.vitrine.engine.rewrite.lowering;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Patch;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** Slicing, padding and interleaving of blocked maps, {@code [N·C/b, H, W, b]}. */
final class BlockedMovement {
    private static final int CHANNELS = 1;

    private final Graph graph;
    private final Patch patch;
    private final int block;
    private final Map<Value, Value> blocked;
    private final Map<Value, Node> producers;

    /** @param blocked the blocked form of each value that has one */
    BlockedMovement(Graph graph, Patch patch, int block, Map<Value, Value> blocked) {
        this.graph = graph;
        this.patch = patch;
        this.block = block;
        this.blocked = blocked;
        this.producers = graph.producers();
    }

    /** Whether a Split, Slice or Pad of a value in blocks was written. */
    boolean visit(Node node) {
        if (!blocked.containsKey(node.input(0))
                || !node.outputs().stream().allMatch(output -> shape(output).isPresent())) {
            return false;
        }
        return switch (node.operator()) {
            case "Split" -> split(node);
            case "Slice" -> slice(node);
            default -> pad(node);
        };
    }

    private Optional<long[]> shape(Value value) {
        return graph.type(value)
                .filter(TensorType::isStatic)
                .map(TensorType::shape)
                .filter(shape -> shape.length == 4);
    }

    private Optional<long[]> numbers(Value value) {
        return graph.constant(value).map(Tensor::toLongs);
    }

    private boolean fillsBlocks(Value value) {
        return shape(value).orElseThrow()[CHANNELS] % block == 0;
    }

    private boolean split(Node node) {
        long axis = node.attributes().integer("axis", 0);
        boolean served = (axis == CHANNELS || axis == CHANNELS - 4)
                && node.outputs().stream().allMatch(this::fillsBlocks)
                && (!node.input(1).isPresent() || graph.constants().containsKey(node.input(1)));
        if (served) {
            List<Value> inputs = new ArrayList<>(node.inputs());
            inputs.set(0, blocked.get(node.input(0)));
            List<Value> outputs = node.outputs().stream()
                    .map(output -> patch.fresh(output.name() + ".blocked"))
                    .toList();
            patch.add(new Node(node.name(), "", "Split", inputs, outputs, node.attributes()));
            for (int i = 0; i < outputs.size(); i++) {
                blocked.put(node.output(i), outputs.get(i));
            }
        }
        return served;
    }

    private boolean slice(Node node) {
        Optional<long[]> starts = numbers(node.input(1));
        Optional<long[]> ends = numbers(node.input(2));
        if (starts.isEmpty() || ends.isEmpty()) {
            return false;
        }
        int count = starts.get().length;
        Optional<long[]> axes = node.input(3).isPresent()
                ? numbers(node.input(3))
                : Optional.of(LongStream.range(0, count).toArray());
        Optional<long[]> steps = node.input(4).isPresent()
                ? numbers(node.input(4))
                : Optional.of(LongStream.range(0, count).map(i -> 1).toArray());
        if (axes.isEmpty() || steps.isEmpty()) {
            return false;
        }
        long[] moved = LongStream.of(axes.get())
                .map(axis -> axis < 0 ? axis + 4 : axis)
                .map(axis -> axis - 1)
                .toArray();
        if (count == 1 && moved[0] == CHANNELS - 1) {
            return channels(node, starts.get()[0], steps.get()[0]);
        }
        if (LongStream.of(moved).anyMatch(axis -> axis < CHANNELS)) {
            return false;
        }
        place(
                node,
                patch.builder()
                        .node(
                                "Slice",
                                places(node.input(0)),
                                vector(starts.get()),
                                vector(ends.get()),
                                vector(moved),
                                vector(steps.get())));
        return true;
    }

    private boolean channels(Node node, long start, long step) {
        long all = shape(node.input(0)).orElseThrow()[CHANNELS];
        long first = start < 0 ? start + all : start;
        long count = shape(node.output()).orElseThrow()[CHANNELS];
        if (step != 1 || first % block != 0 || count % block != 0 || count == 0) {
            return false;
        }
        blocked.put(
                node.output(),
                patch.builder()
                        .node(
                                "Slice",
                                blocked.get(node.input(0)),
                                vector(first),
                                vector(first + count),
                                vector(CHANNELS)));
        return true;
    }

    private boolean pad(Node node) {
        Optional<long[]> pads = numbers(node.input(1));
        if (pads.isEmpty() || pads.get().length != 8 || node.input(3).isPresent()) {
            return false;
        }
        long[] old = pads.get();
        if (old[0] != 0 || old[CHANNELS] != 0 || old[4] != 0 || old[4 + CHANNELS] != 0) {
            return false;
        }
        List<Value> inputs =
                new ArrayList<>(List.of(places(node.input(0)), vector(0, old[2], old[3], 0, 0, old[6], old[7], 0)));
        if (node.input(2).isPresent()) {
            if (!graph.constants().containsKey(node.input(2))) {
                return false;
            }
            inputs.add(node.input(2));
        }
        place(node, patch.builder().node("Pad", node.attributes(), inputs.toArray(Value[]::new)));
        return true;
    }

    /** Whether a Col2Im that interleaves four maps at stride 2 was written. */
    boolean interleaved(Node node) {
        Optional<Node> joined =
                producer(node.input(0), "Reshape").flatMap(reshape -> producer(reshape.input(0), "Concat"));
        Optional<long[]> window = numbers(node.input(2));
        Optional<long[]> out = shape(node.output());
        boolean pairs = joined.isPresent()
                && joined.get().inputs().size() == 4
                && joined.get().attributes().integer("axis", 0) == 2
                && window.isPresent()
                && Arrays.equals(window.get(), new long[] {2, 2})
                && Arrays.equals(node.attributes().integers("strides"), new long[] {2, 2})
                && !node.attributes().has("dilations")
                && out.isPresent()
                && out.get()[CHANNELS] % block == 0;
        if (!pairs) {
            return false;
        }
        long[] pads = node.attributes().integers("pads", new long[4]);
        List<Value> parts = new ArrayList<>();
        for (Value flat : joined.get().inputs()) {
            Optional<Value> part = producer(flat, "Reshape")
                    .map(reshape -> reshape.input(0))
                    .filter(blocked::containsKey)
                    .filter(value -> shape(value).orElseThrow()[CHANNELS] == out.get()[CHANNELS]);
            part.ifPresent(parts::add);
        }
        if (parts.size() < 4 || pads[0] != 0 || pads[1] != 0) {
            return false;
        }
        long[] size = shape(parts.get(0)).orElseThrow();
        long groups = size[0] * size[1] / block;
        Value upper = alternating(parts.subList(0, 2), groups * size[2] * size[3], block);
        Value lower = alternating(parts.subList(2, 4), groups * size[2] * size[3], block);
        Value whole = patch.builder()
                .node(
                        "Concat",
                        Attributes.NONE.with("axis", 1),
                        reshape(upper, groups * size[2], 2 * size[3] * block),
                        reshape(lower, groups * size[2], 2 * size[3] * block));
        Value places = reshape(whole, groups, 2 * size[2], 2 * size[3], block);
        if (pads[2] != 0 || pads[3] != 0) {
            places = patch.builder()
                    .node("Slice", places, vector(0, 0), vector(out.get()[2], out.get()[3]), vector(1, 2));
        }
        place(node, places);
        return true;
    }

    private Value alternating(List<Value> parts, long count, long length) {
        return patch.builder()
                .node(
                        "Concat",
                        Attributes.NONE.with("axis", 1),
                        reshape(blocked.get(parts.get(0)), count, length),
                        reshape(blocked.get(parts.get(1)), count, length));
    }

    private Optional<Node> producer(Value value, String operator) {
        return Optional.ofNullable(producers.get(value))
                .filter(node -> node.operator().equals(operator));
    }

    /** {@code [N·C/b, H, W, b]}. */
    private Value places(Value value) {
        long[] shape = shape(value).orElseThrow();
        return reshape(blocked.get(value), shape[0] * shape[1] / block, shape[2], shape[3], block);
    }

    private void place(Node node, Value places) {
        blocked.put(node.output(), reshape(places, shape(node.output()).orElseThrow()));
    }

    private Value reshape(Value value, long... shape) {
        return patch.builder().node("Reshape", value, vector(shape));
    }

    private Value vector(long... numbers) {
        return patch.constant("numbers", Tensor.vector(numbers));
    }
}
