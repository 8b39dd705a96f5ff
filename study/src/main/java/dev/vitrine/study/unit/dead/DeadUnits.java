package dev.vitrine.study.unit.dead;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.ModelSession;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.study.unit.example.PictureBatches;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often each channel is above 0 over many pictures. A channel that never is is dead: its rectifier lets nothing
 * through (of a leaky one, only the leak), and no gradient comes back.
 *
 * @param pictures that were looked at
 * @param unreadable what is wrong with each of the others
 * @param layers in the order they were asked for
 */
public record DeadUnits(int pictures, SortedMap<Integer, String> unreadable, List<Layer> layers) {
    private static final int BATCH = 4;

    /** A channel above 0 in a smaller share of the pictures is nearly dead. */
    public static final double NEARLY = 0.01;

    /** 2^127: x · 2^127, cut off to 0..1, is 1 wherever x is above 0. */
    private static final float STEEP = 0x1p127f;

    /** How a channel fares. */
    public enum State {
        DEAD,
        NEARLY_DEAD,
        ALIVE
    }

    /**
     * @param maximum over all places of all pictures
     * @param mean over all places of all pictures
     * @param silent share of all values that are not above 0
     * @param pictures share of the pictures in which some value is above 0
     */
    public record Channel(double maximum, double mean, double silent, double pictures) {
        public State state() {
            if (!(maximum > 0)) {
                return State.DEAD;
            }
            return pictures < NEARLY ? State.NEARLY_DEAD : State.ALIVE;
        }
    }

    public record Layer(ChannelLayer layer, List<Channel> channels) {
        public Layer {
            channels = List.copyOf(channels);
        }

        public long count(State state) {
            return channels.stream().filter(channel -> channel.state() == state).count();
        }
    }

    public DeadUnits {
        layers = List.copyOf(layers);
    }

    private record Outputs(Value maximum, Value mean, Value share) {}

    private static final class Sums {
        private final double[] maxima;
        private final double[] means;
        private final double[] shares;
        private final int[] pictures;

        Sums(int channels) {
            maxima = new double[channels];
            Arrays.fill(maxima, Double.NEGATIVE_INFINITY);
            means = new double[channels];
            shares = new double[channels];
            pictures = new int[channels];
        }

        void add(float[] maximum, float[] mean, float[] share, int row) {
            for (int channel = 0; channel < maxima.length; channel++) {
                int at = row * maxima.length + channel;
                maxima[channel] = Math.max(maxima[channel], maximum[at]);
                means[channel] += mean[at];
                shares[channel] += share[at];
                pictures[channel] += maximum[at] > 0 ? 1 : 0;
            }
        }

        Layer layer(ChannelLayer layer, int count) {
            List<Channel> channels = new ArrayList<>();
            for (int channel = 0; channel < maxima.length; channel++) {
                channels.add(new Channel(
                        maxima[channel],
                        means[channel] / count,
                        1 - shares[channel] / count,
                        (double) pictures[channel] / count));
            }
            return new Layer(layer, channels);
        }
    }

    /** One pass over a source. */
    public static DeadUnits of(
            ModelSession session, PictureSource source, List<ChannelLayer> layers, Progress progress) {
        Model model = session.model();
        int batch = model.batch().isFixed() ? (int) model.batch().size() : BATCH;
        GraphBuilder builder = new GraphBuilder(model.graph()).scope("dead");
        builder.clearOutputs();
        List<Outputs> outputs =
                layers.stream().map(layer -> outputs(builder, layer)).toList();
        List<Sums> sums =
                layers.stream().map(layer -> new Sums(layer.channels())).toList();
        TreeMap<Integer, String> unreadable = new TreeMap<>();
        try (Executable executable = session.runner()
                        .load(new Prune()
                                .then(new FixDimension(model.batch(), batch))
                                .apply(builder.build()));
                PictureBatches batches = new PictureBatches(model, source, batch, 0)) {
            while (batches.hasNext()) {
                PictureBatches.Batch read = batches.next();
                Map<Value, Tensor> results = executable.run(Map.of(model.input(), read.images()));
                PictureBatches.Batch next = read.withoutNaN(results, source);
                for (int index = 0; index < layers.size(); index++) {
                    float[] maxima = results.get(outputs.get(index).maximum()).toFloats();
                    float[] means = results.get(outputs.get(index).mean()).toFloats();
                    float[] shares = results.get(outputs.get(index).share()).toFloats();
                    for (int picture = next.first(); picture < next.end(); picture++) {
                        if (!next.unreadable().containsKey(picture)) {
                            sums.get(index).add(maxima, means, shares, picture - next.first());
                        }
                    }
                }
                unreadable.putAll(next.unreadable());
                progress.report(next.end(), source.size());
            }
        }
        int count = source.size() - unreadable.size();
        if (count == 0) {
            throw VitrineException.failure("None of the " + source.size()
                    + " pictures could be read; expected at least one. The first: " + unreadable.get(0));
        }
        List<Layer> found = new ArrayList<>();
        for (int index = 0; index < layers.size(); index++) {
            found.add(sums.get(index).layer(layers.get(index), count));
        }
        return new DeadUnits(count, unreadable, found);
    }

    private static Outputs outputs(GraphBuilder builder, ChannelLayer layer) {
        Value above =
                builder.node("HardSigmoid", Attributes.NONE.with("alpha", STEEP).with("beta", 0f), layer.value());
        Outputs outputs = layer.isSpatial()
                ? new Outputs(
                        builder.node("GlobalMaxPool", layer.value()),
                        builder.node("GlobalAveragePool", layer.value()),
                        builder.node("GlobalAveragePool", above))
                : new Outputs(layer.value(), layer.value(), above);
        builder.output(outputs.maximum()).output(outputs.mean()).output(outputs.share());
        return outputs;
    }
}
