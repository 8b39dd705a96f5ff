package dev.vitrine.lens.objective;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A unit inside the network: Σ over the layer of value ⊙ mask, where the mask picks a channel (its mean over places), a
 * neuron, or a direction in channel space.
 *
 * @param layer value whose axis 1 holds the channels
 */
public record UnitScore(Value layer, Unit unit) implements LayerObjective {
    /** What of the layer is looked at. */
    public sealed interface Unit permits Channel, Neuron, Direction {}

    /** The mean of a channel over all places. */
    public record Channel(int channel) implements Unit {}

    /** One channel at one place. */
    public record Neuron(int channel, int row, int column) implements Unit {}

    /** The mean over all places of the projection on a vector with one entry a channel. */
    public record Direction(List<Float> vector) implements Unit {
        public Direction {
            vector = List.copyOf(vector);
        }
    }

    @Override
    public String description() {
        if (unit instanceof Channel channel) {
            return "channel " + channel.channel() + " of " + layer;
        }
        if (unit instanceof Neuron neuron) {
            return "neuron " + neuron.channel() + "," + neuron.row() + "," + neuron.column() + " of " + layer;
        }
        return "a direction of " + layer;
    }

    @Override
    public Emitted emit(Model model, GraphBuilder builder) {
        TensorType type = type(model);
        Value mask = builder.constant("unit", mask(type));
        Value picked = builder.node("Mul", layer, mask);
        builder.declare(picked, type);
        long[] axes = LongStream.range(1, type.rank()).toArray();
        Value score = builder.node("ReduceSum", Attributes.NONE.with("keepdims", 0), picked, builder.vector(axes));
        builder.declare(score, new TensorType(ElementType.FLOAT32, List.of(type.dimension(0))));
        return new Emitted(score, layer);
    }

    /** A usage error where the layer has no such unit. */
    public void requireIn(Model model) {
        mask(type(model));
    }

    /** A usage error where the layer has no such channel; its places depend on the size of the pictures. */
    public void requireChannels(Model model) {
        Unit channel = unit instanceof Neuron neuron ? new Channel(neuron.channel()) : unit;
        new UnitScore(layer, channel).requireIn(model);
    }

    private TensorType type(Model model) {
        return model.graph()
                .type(layer)
                .filter(type -> type.rank() > 1)
                .orElseThrow(() -> VitrineException.usage(
                        "Layer '" + layer + "' has no channels that are known before a run; expected a layer"
                                + " [N, C, …]. See the layers with: vitrine layers MODEL"));
    }

    private Tensor mask(TensorType type) {
        long[] shape = type.shape();
        shape[0] = 1;
        for (int axis = 1; axis < shape.length; axis++) {
            if (shape[axis] < 0) {
                throw VitrineException.usage("Layer '" + layer + "' has the open size '" + type.dimension(axis)
                        + "'; expected fixed sizes. Give the model a fixed input size.");
            }
        }
        int channels = (int) shape[1];
        int places = (int) LongStream.of(shape).skip(2).reduce(1, (a, b) -> a * b);
        float[] mask = new float[channels * places];
        if (unit instanceof Channel channel) {
            requireInside("channel", channel.channel(), channels);
            java.util.Arrays.fill(mask, channel.channel() * places, (channel.channel() + 1) * places, 1f / places);
        } else if (unit instanceof Neuron neuron) {
            int height = shape.length > 2 ? (int) shape[2] : 1;
            int width = shape.length > 3 ? (int) shape[3] : 1;
            requireInside("channel", neuron.channel(), channels);
            requireInside("row", neuron.row(), height);
            requireInside("column", neuron.column(), width);
            mask[neuron.channel() * places + neuron.row() * width + neuron.column()] = 1;
        } else if (unit instanceof Direction direction) {
            if (direction.vector().size() != channels) {
                throw VitrineException.usage(
                        "Direction of " + direction.vector().size() + " entries for layer '" + layer + "'; expected "
                                + channels + ", one a channel.");
            }
            for (int i = 0; i < mask.length; i++) {
                mask[i] = direction.vector().get(i / places) / places;
            }
        }
        return Tensor.floats(mask, shape);
    }

    private void requireInside(String what, int index, int size) {
        if (index < 0 || index >= size) {
            throw VitrineException.usage("Layer '" + layer + "' has no " + what + " " + index + "; expected 0 to "
                    + (size - 1) + ", of " + size + ".");
        }
    }
}
