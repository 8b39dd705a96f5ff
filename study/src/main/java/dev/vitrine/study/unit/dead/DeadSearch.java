package dev.vitrine.study.unit.dead;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Question;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.study.Batch;
import dev.vitrine.study.Survey;
import dev.vitrine.study.unit.dead.DeadSearch.Sums;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds channels that are never, or almost never, above 0 over many pictures. */
public record DeadSearch(Model model, PictureList pictures, List<ChannelLayer> layers)
        implements Survey<Sums, DeadUnits> {
    private static final int FORMAT = 1;

    /** 2^127: x · 2^127, clipped to 0..1, is 1 wherever x is above 0. */
    private static final float STEEP = 0x1p127f;

    public DeadSearch {
        layers = List.copyOf(layers);
    }

    /** Statistics of some pictures, layer by layer. */
    public record Sums(List<LayerSums> layers) {}

    /**
     * @param maxima of each channel
     * @param means of each channel, summed over the pictures
     * @param shares of values above 0, summed over the pictures
     * @param pictures number with some value above 0
     */
    public record LayerSums(double[] maxima, double[] means, double[] shares, int[] pictures) {
        LayerSums and(LayerSums other) {
            int channels = maxima.length;
            LayerSums sum = new LayerSums(maxima.clone(), means.clone(), shares.clone(), pictures.clone());
            for (int channel = 0; channel < channels; channel++) {
                sum.maxima[channel] = Math.max(maxima[channel], other.maxima[channel]);
                sum.means[channel] += other.means[channel];
                sum.shares[channel] += other.shares[channel];
                sum.pictures[channel] += other.pictures[channel];
            }
            return sum;
        }
    }

    @Override
    public String id() {
        return "dead";
    }

    @Override
    public Question question() {
        return Question.of(id(), FORMAT)
                .with(model)
                .with(pictures)
                .with("layers", layers.stream().map(ChannelLayer::name).toList());
    }

    @Override
    public Class<Sums> part() {
        return Sums.class;
    }

    @Override
    public Look<Sums> open(ModelSession session, int batch) {
        GraphBuilder builder = new GraphBuilder(model.graph()).scope("dead");
        builder.clearOutputs();
        List<Outputs> outputs =
                layers.stream().map(layer -> outputs(builder, layer)).toList();
        return new Looking(
                model.input(),
                outputs,
                session.runner()
                        .load(new Prune()
                                .then(new FixDimension(model.batch(), batch))
                                .apply(builder.build())));
    }

    private record Outputs(Value maximum, Value mean, Value share) {}

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

    private record Looking(Value input, List<Outputs> outputs, Executable executable) implements Look<Sums> {
        @Override
        public Sums at(Batch batch) {
            Map<Value, Tensor> results = executable.run(Map.of(input, batch.images()));
            batch.refuseNaN(results.values());
            List<LayerSums> sums = new ArrayList<>();
            for (Outputs of : outputs) {
                float[] maxima = results.get(of.maximum()).toFloats();
                float[] means = results.get(of.mean()).toFloats();
                float[] shares = results.get(of.share()).toFloats();
                int channels = (int) results.get(of.mean()).dimension(1);
                batch.items().stream()
                        .map(item -> row(maxima, means, shares, item.row() * channels, channels))
                        .reduce(LayerSums::and)
                        .ifPresent(sums::add);
            }
            return new Sums(sums);
        }

        private static LayerSums row(float[] maxima, float[] means, float[] shares, int from, int channels) {
            LayerSums row =
                    new LayerSums(new double[channels], new double[channels], new double[channels], new int[channels]);
            for (int channel = 0; channel < channels; channel++) {
                row.maxima[channel] = maxima[from + channel];
                row.means[channel] = means[from + channel];
                row.shares[channel] = shares[from + channel];
                row.pictures[channel] = maxima[from + channel] > 0 ? 1 : 0;
            }
            return row;
        }

        @Override
        public void close() {
            executable.close();
        }
    }

    @Override
    public Sums merge(Sums left, Sums right) {
        List<LayerSums> merged = new ArrayList<>();
        for (int layer = 0; layer < layers.size(); layer++) {
            merged.add(left.layers().get(layer).and(right.layers().get(layer)));
        }
        return new Sums(merged);
    }

    @Override
    public DeadUnits finish(Sums all, Seen seen) {
        List<DeadUnits.Layer> found = new ArrayList<>();
        for (int layer = 0; layer < layers.size(); layer++) {
            LayerSums sums = all.layers().get(layer);
            List<DeadUnits.Channel> channels = new ArrayList<>();
            for (int channel = 0; channel < sums.maxima().length; channel++) {
                channels.add(new DeadUnits.Channel(
                        sums.maxima()[channel],
                        sums.means()[channel] / seen.pictures(),
                        1 - sums.shares()[channel] / seen.pictures(),
                        (double) sums.pictures()[channel] / seen.pictures()));
            }
            found.add(new DeadUnits.Layer(layers.get(layer).name(), channels));
        }
        return new DeadUnits(seen.pictures(), seen.unreadable(), found);
    }
}
