package dev.vitrine.lens.attribution;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.simplification.SplitConvolution;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.AnswerKey;
import dev.vitrine.lens.session.GraphKey;
import dev.vitrine.lens.session.Lanes;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.session.ScoreReader;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

/**
 * A moment of ∂score/∂x at x + noise, noise ~ N(0, (σ (max x − min x))²). Smilkov et al. 2017, arXiv:1706.03825.
 *
 * @param noise σ, a share of the image's own range of values
 */
public record SmoothGradient(
        Moment moment,

        @Setting(least = 1, meaning = "noisy copies of the picture")
        int samples,

        @Setting(
                label = "SHARE",
                least = 0,
                meaning = "standard deviation of the noise, as a share of the range of the input's values")
        double noise,

        @Setting(meaning = "seed of the noise") long seed)
        implements GraphAttribution {
    /** Which moment of the gradients. */
    public enum Moment {
        /** E g. */
        MEAN("smooth-grad", Sign.SIGNED),
        /** E g². Hooker et al. 2018, arXiv:1806.10758. */
        SQUARE("smooth-grad-squared", Sign.POSITIVE),
        /** E g² − (E g)². Adebayo et al. 2018, arXiv:1810.03307. */
        VARIANCE("var-grad", Sign.POSITIVE);

        private final String id;
        private final Sign sign;

        Moment(String id, Sign sign) {
            this.id = id;
            this.sign = sign;
        }
    }

    public SmoothGradient {
        Settings.require(SmoothGradient.class, moment, samples, noise, seed);
    }

    public static final int SAMPLES = 25;

    /** The usual choice: 25 samples, noise 0.15, seed 0. */
    public SmoothGradient(Moment moment) {
        this(moment, SAMPLES, 0.15, 0);
    }

    @Override
    public Traits traits() {
        return new Traits(
                moment.id, Form.PIXELS, moment == Moment.MEAN ? Reduction.MAXIMUM : Reduction.SUM, moment.sign);
    }

    /** The same noise for every image: standard normal, {@code f32[samples,…]}. */
    private Tensor noise(Model model) {
        long[] shape = model.sampleShape();
        shape[0] = samples;
        float[] data = new float[Math.toIntExact(Tensor.elements(shape))];
        Random random = new Random(seed);
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) random.nextGaussian();
        }
        return Tensor.floats(data, shape);
    }

    /** What the noise depends on, apart from the model; methods with the same sampling share it. */
    private record Noise(int samples, long seed) implements AnswerKey<Tensor> {}

    private Tensor noise(ModelSession session) {
        return session.latest(new Noise(samples, seed), () -> noise(session.model()));
    }

    private Value noisy(GraphBuilder b, Value image, Value noises) {
        long[] axes = LongStream.range(1, b.type(image).orElseThrow().rank()).toArray();
        Attributes keep = Attributes.NONE.with("keepdims", 1);
        Value range = b.node(
                "Sub",
                b.node("ReduceMax", keep, image, b.vector(axes)),
                b.node("ReduceMin", keep, image, b.vector(axes)));
        Value deviation = b.node("Unsqueeze", b.node("Mul", range, b.constant((float) noise)), b.vector(1));
        Value scaled = b.node("Mul", b.node("Unsqueeze", noises, b.vector(0)), deviation);
        return b.node("Add", b.node("Unsqueeze", image, b.vector(1)), scaled);
    }

    @Override
    public long evaluations(Model model) {
        return 3 + 3L * samples;
    }

    @Override
    public ExplanationGraph graph(Model model, Objective objective) {
        PathGradients.Result path = PathGradients.of(
                model, objective, samples, (b, image) -> noisy(b, image, b.constant("noise", noise(model))));
        GraphBuilder b = path.builder();
        float[] equal = new float[samples];
        Arrays.fill(equal, 1f / samples);
        Value weights = b.constant("weights", Tensor.floats(equal, 1, samples));
        Value mean = PathGradients.weightedSum(b, model, path.gradients(), weights);
        Value squares = PathGradients.weightedSum(b, model, b.node("Mul", path.gradients(), path.gradients()), weights);
        Value attribution = switch (moment) {
            case MEAN -> mean;
            case SQUARE -> squares;
            case VARIANCE -> b.node("Max", b.node("Sub", squares, b.node("Mul", mean, mean)), b.constant(0f));
        };
        return ExplanationGraph.finish(
                b,
                model,
                attribution,
                model.graph().types().get(model.input()),
                path.backward().objective().score(),
                form());
    }

    private static final Dimension SAMPLE_COUNT = Dimension.named("samples");
    private static final Value NOISE = new Value("noise");
    private static final Value SUM = new Value("sum");
    private static final Value SQUARES = new Value("squares");

    /** Sums of gradients and of their squares over some samples around one image. */
    private Graph stepGraph(Model model, Objective objective) {
        TensorType noises = model.graph().types().get(model.input()).withDimension(0, SAMPLE_COUNT);
        PathGradients.Result path =
                PathGradients.of(model, objective, -1, (b, image) -> noisy(b, image, b.input(NOISE.name(), noises)));
        GraphBuilder b = path.builder();
        Value sum = b.node("ReduceSum", Attributes.NONE.with("keepdims", 0), path.gradients(), b.vector(1));
        Value squares = b.node("ReduceSumSquare", Attributes.NONE.with("keepdims", 0), path.gradients(), b.vector(1));
        b.scope("");
        b.outputAs(sum, b.fresh(SUM.name()));
        b.outputAs(squares, b.fresh(SQUARES.name()));
        return new Cut(List.of(SUM, SQUARES)).then(new SplitConvolution()).apply(b.build());
    }

    /** Key of one of this method's graphs in the session; the moments share it. */
    private record Part(double noise, String part) implements GraphKey {}

    @Override
    public Explainer on(ModelSession session, Objective objective) {
        Model model = session.model();
        return (images, targets, progress) -> {
            Lanes.Steps step = size -> session.lanes()
                    .executable(
                            new Part(noise, "sums"),
                            objective,
                            List.of(SAMPLE_COUNT, PathGradients.POINTS),
                            size,
                            () -> PathGradients.forOneImage(model, stepGraph(model, objective)));
            ScoreReader.Scores scores = ScoreReader.read(session, objective, images, targets);
            List<Tensor> attributions = new ArrayList<>();
            long count = images.dimension(0);
            for (long i = 0; i < count; i++) {
                Map<Value, Tensor> image = new HashMap<>();
                image.put(model.input(), images.rows(i, i + 1));
                if (objective.takesTarget()) {
                    image.put(new Value(Objective.TARGET), targets.rows(i, i + 1));
                }
                long before = i * samples;
                Progress own = (done, total) -> progress.report(before + done, count * samples);
                Moments moments = session.latest(
                        new Sampling(samples, noise, seed, objective, image),
                        () -> moments(session.lanes(), step, image, noise(session), own));
                attributions.add(Tensor.floats(attribution(moments), model.sampleShape()));
                if (moments.count() < samples) {
                    Explanation known = new Explanation(
                            Tensor.concatenate(attributions),
                            scores.scores().rows(0, i + 1),
                            scores.logits().rows(0, i + 1),
                            LongStream.rangeClosed(0, i)
                                    .mapToObj(row -> List.<String>of())
                                    .toList());
                    throw new PartialExplanation(known, moments.count() + " of " + samples + " samples");
                }
            }
            return new Explanation(
                    Tensor.concatenate(attributions),
                    scores.scores(),
                    scores.logits(),
                    LongStream.range(0, count).mapToObj(i -> List.<String>of()).toList());
        };
    }

    /** Sampled moments; methods with the same sampling differ only in how they combine them. */
    private record Sampling(int samples, double noise, long seed, Objective objective, Map<Value, Tensor> image)
            implements AnswerKey<Moments> {}

    /**
     * Σ g and Σ g².
     *
     * @param count number of samples, fewer if the work was stopped
     */
    private record Moments(double[] sum, double[] squares, long count) {}

    private Moments moments(Lanes lanes, Lanes.Steps step, Map<Value, Tensor> image, Tensor noises, Progress progress) {
        int size = Math.toIntExact(noises.elements() / samples);
        double[] sum = new double[size];
        double[] squares = new double[size];
        AtomicInteger taken = new AtomicInteger();
        try {
            lanes.run(
                    samples,
                    step,
                    (executable, from, to) -> {
                        Map<Value, Tensor> inputs = new HashMap<>(image);
                        inputs.put(NOISE, noises.rows(from, to));
                        return executable.run(inputs);
                    },
                    (results, to) -> {
                        float[] part = results.get(SUM).toFloats();
                        float[] squarePart = results.get(SQUARES).toFloats();
                        for (int i = 0; i < size; i++) {
                            sum[i] += part[i];
                            squares[i] += squarePart[i];
                        }
                        taken.set(to);
                        progress.report(to, samples);
                    });
        } catch (CancellationException stopped) {
            if (taken.get() == 0) {
                throw stopped;
            }
        }
        return new Moments(sum, squares, taken.get());
    }

    private float[] attribution(Moments moments) {
        float[] result = new float[moments.sum().length];
        for (int i = 0; i < result.length; i++) {
            double mean = moments.sum()[i] / moments.count();
            double square = moments.squares()[i] / moments.count();
            result[i] = (float)
                    switch (moment) {
                        case MEAN -> mean;
                        case SQUARE -> square;
                        case VARIANCE -> Math.max(0, square - mean * mean);
                    };
        }
        return result;
    }
}
