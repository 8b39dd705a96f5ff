package dev.vitrine.lens.perturbation;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.Probabilities;
import dev.vitrine.lens.model.anatomy.LayerMaps;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.UnitScore;
import dev.vitrine.lens.session.ModelSession;
import java.util.Arrays;
import java.util.List;

/**
 * The three maps of Zeiler and Fergus 2014, arXiv:1311.2901, figure 7, for each position of a window: the probability
 * of a class, the most likely class, and the sum of the feature map of a layer whose sum is largest on the picture
 * itself.
 *
 * @param known which windows were evaluated; not all if the work was stopped
 * @param logits {@code f32[windows,classes]}
 * @param sums of the feature map
 */
public record OcclusionMaps(Windows windows, boolean[] known, Tensor logits, float[] sums) {
    /**
     * A channel of a layer on a picture.
     *
     * @param map {@code f32[h,w]}
     */
    public record Feature(Value layer, int channel, Tensor map) {
        /** The channel whose sum is largest, the first of equals. */
        public static Feature strongest(ModelSession session, Value layer, Tensor image) {
            LayerMaps places = session.model().anatomy().maps(layer).orElseThrow();
            ChannelMaps maps =
                    new ChannelMaps(new LayerHead(session, LOGIT, places).maps(image, ModelSession.targets(0)));
            int strongest = 0;
            double most = Double.NEGATIVE_INFINITY;
            for (int channel = 0; channel < maps.channels(); channel++) {
                double sum = sumOf(maps.plane(channel));
                if (sum > most) {
                    most = sum;
                    strongest = channel;
                }
            }
            return new Feature(layer, strongest, Tensor.floats(maps.plane(strongest), maps.height(), maps.width()));
        }

        public double sum() {
            return sumOf(map.toFloats());
        }

        /** The neuron of the largest value. */
        public UnitScore peak() {
            float[] values = map.toFloats();
            int best = 0;
            for (int place = 0; place < values.length; place++) {
                best = values[place] > values[best] ? place : best;
            }
            int width = Math.toIntExact(map.dimension(1));
            return new UnitScore(layer, new UnitScore.Neuron(channel, best / width, best % width));
        }
    }

    private static final ClassScore LOGIT = ClassScore.of(ClassScore.Scale.LOGIT);

    /**
     * Evaluates every window.
     *
     * @param image {@code f32[1,…]} as the model's input
     */
    public static OcclusionMaps of(
            ModelSession session, Occlusion method, Feature feature, Tensor image, Progress progress) {
        Model model = session.model();
        Windows windows = method.windows(model);
        Summed summed = Summed.of(model, feature.layer());
        LocalScores.Subject subject = new LocalScores.Subject(
                summed.graph(), List.of(model.logits(), summed.sums()), windows.side(), windows.side());
        LocalScores.Answers answers =
                LocalScores.values(session, subject, image, method.changes(session, windows, image), progress);
        Tensor all = answers.values().get(summed.sums());
        float[] sums = new float[windows.count()];
        for (int place = 0; place < sums.length; place++) {
            sums[place] = all.floats().get(place * (int) all.dimension(1) + feature.channel());
        }
        return new OcclusionMaps(windows, answers.known(), answers.values().get(model.logits()), sums);
    }

    private static double sumOf(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }

    /** A model that also outputs the sum of each channel of a layer, {@code f32[N,C,1,1]}. */
    private record Summed(Graph graph, Value sums) {
        static Summed of(Model model, Value layer) {
            GraphBuilder builder = new GraphBuilder(model.graph()).scope("occlusion of " + layer.name());
            List<Dimension> of = model.graph().types().get(layer).dimensions();
            TensorType type = new TensorType(
                    ElementType.FLOAT32, List.of(of.get(0), of.get(1), Dimension.of(1), Dimension.of(1)));
            Value mean = builder.node("GlobalAveragePool", layer);
            builder.declare(mean, type);
            long places = of.get(2).size() * of.get(3).size();
            Value sum = builder.node("Mul", mean, builder.constant((float) places));
            builder.declare(sum, type);
            return new Summed(builder.output(sum).build(), sum);
        }
    }

    /** Number of windows evaluated. */
    public int done() {
        int done = 0;
        for (boolean one : known) {
            done += one ? 1 : 0;
        }
        return done;
    }

    private float[] logits(int place) {
        int classes = Math.toIntExact(logits.dimension(1));
        float[] row = new float[classes];
        logits.floats().get(place * classes, row);
        return row;
    }

    /** For each window the probability of a class, 0..1, or its score if the network has no probabilities. */
    public float[] shown(int target, Model model) {
        float[] shown = new float[windows.count()];
        for (int place = 0; place < shown.length; place++) {
            shown[place] = (float) Probabilities.shown(logits.rows(place, place + 1), model)[target];
        }
        return shown;
    }

    /** For each window the most likely class except the background, the first of equals; −1 if unknown. */
    public int[] likeliest(Model model) {
        int background = model.head().background().orElse(-1);
        int[] likeliest = new int[windows.count()];
        Arrays.fill(likeliest, -1);
        for (int place = 0; place < likeliest.length; place++) {
            float[] row = logits(place);
            for (int index = 0; index < row.length && known[place]; index++) {
                if (index == background) {
                    continue;
                }
                likeliest[place] =
                        likeliest[place] < 0 || row[index] > row[likeliest[place]] ? index : likeliest[place];
            }
        }
        return likeliest;
    }
}
