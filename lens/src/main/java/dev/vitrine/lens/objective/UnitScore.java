package dev.vitrine.lens.objective;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A unit inside the network: Σ over the layer of value ⊙ mask, where the mask picks a channel (its mean over places), a
 * neuron, or a direction in channel space.
 *
 * @param layer maps, tokens of places, or a value whose axis 1 holds the channels
 */
public record UnitScore(Value layer, Unit unit) implements LayerObjective {
    /** The selected part of the layer. */
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
        Value mask = builder.constant("unit", mask(model));
        Value picked = builder.node("Mul", layer, mask);
        long[] axes = LongStream.range(1, type.rank()).toArray();
        Value score = builder.node("ReduceSum", Attributes.NONE.with("keepdims", 0), picked, builder.vector(axes));
        return new Emitted(score, layer);
    }

    /** A usage error where the layer has no such unit. */
    public void requireIn(Model model) {
        mask(model);
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

    private Tensor mask(Model model) {
        TensorType type = type(model);
        long[] shape = type.shape();
        shape[0] = 1;
        for (int axis = 1; axis < shape.length; axis++) {
            if (shape[axis] < 0) {
                throw VitrineException.usage("Layer '" + layer + "' has the open size '" + type.dimension(axis)
                        + "'; expected fixed sizes. Give the model a fixed input size.");
            }
        }
        Places places = model.anatomy()
                .maps(layer)
                .map(maps -> new Places(maps.channels(), maps.height(), maps.width(), maps::index))
                .orElseGet(() -> Places.channelsFirst(shape));
        int count = places.height() * places.width();
        float[] mask = new float[Math.toIntExact(Tensor.elements(shape))];
        if (unit instanceof Channel channel) {
            requireInside("channel", channel.channel(), places.channels());
            for (int place = 0; place < count; place++) {
                mask[places.at().index(channel.channel(), place)] = 1f / count;
            }
        } else if (unit instanceof Neuron neuron) {
            requireInside("channel", neuron.channel(), places.channels());
            requireInside("row", neuron.row(), places.height());
            requireInside("column", neuron.column(), places.width());
            mask[places.at().index(neuron.channel(), neuron.row() * places.width() + neuron.column())] = 1;
        } else if (unit instanceof Direction direction) {
            if (direction.vector().size() != places.channels()) {
                throw VitrineException.usage(
                        "Direction of " + direction.vector().size() + " entries for layer '" + layer + "'; expected "
                                + places.channels() + ", one a channel.");
            }
            for (int channel = 0; channel < places.channels(); channel++) {
                for (int place = 0; place < count; place++) {
                    mask[places.at().index(channel, place)] = direction.vector().get(channel) / count;
                }
            }
        }
        return Tensor.floats(mask, shape);
    }

    /**
     * Where the channels of a layer are at its places.
     *
     * @param at the position in a sample of a channel at a place
     */
    private record Places(int channels, int height, int width, Position at) {
        @FunctionalInterface
        interface Position {
            int index(int channel, int place);
        }

        /** What is not known to be maps or tokens: channels on axis 1. */
        static Places channelsFirst(long[] shape) {
            int height = shape.length > 2 ? (int) shape[2] : 1;
            int width = (int) LongStream.of(shape).skip(3).reduce(1, (a, b) -> a * b);
            return new Places((int) shape[1], height, width, (channel, place) -> channel * height * width + place);
        }
    }

    private void requireInside(String what, int index, int size) {
        if (index < 0 || index >= size) {
            throw VitrineException.usage("Layer '" + layer + "' has no " + what + " " + index + "; expected 0 to "
                    + (size - 1) + ", of " + size + ".");
        }
    }
}
