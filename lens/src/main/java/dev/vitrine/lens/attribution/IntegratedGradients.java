package dev.vitrine.lens.attribution;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.Mirror;
import dev.vitrine.engine.rewrite.simplification.SplitConvolution;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.GraphKey;
import dev.vitrine.lens.session.Lanes;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * (x − x₀) ⊙ ∫₀¹ ∂score/∂x at x₀ + t(x − x₀) dt. Sundararajan, Taly and Yan 2017, arXiv:1703.01365.
 *
 * @param steps evaluations of the gradient
 */
public record IntegratedGradients(
        @Setting(least = 1, meaning = "points on the path from the baseline to the picture")
        int steps,

        @Setting(
                label = "RULE",
                otherwise = "adaptive in pictures, gauss-legendre in attribute and compile",
                meaning = "quadrature rule: positions and weights of the points on the path")
        Quadrature quadrature,

        @Setting(label = "WHAT", meaning = BaselineAttribution.START)
        Baseline baseline)
        implements GraphAttribution, BaselineAttribution {
    public IntegratedGradients {
        Settings.require(IntegratedGradients.class, steps, quadrature, baseline);
    }

    /** The usual choice: 50 steps of Gauss-Legendre quadrature from black. */
    public IntegratedGradients() {
        this(50, Quadrature.GAUSS_LEGENDRE, Baseline.BLACK);
    }

    @Override
    public Traits traits() {
        return new Traits("integrated-gradients", Form.PIXELS, Reduction.SUM, Sign.SIGNED);
    }

    @Override
    public long evaluations(Model model) {
        return 3 + 3L * steps;
    }

    @Override
    public ExplanationGraph graph(Model model, Objective objective) {
        Quadrature.Points points = quadrature.points(steps);
        PathGradients.Result path = PathGradients.of(
                model,
                objective,
                steps,
                (b, image) -> between(
                        b,
                        model,
                        image,
                        b.constant("positions", Tensor.floats(points.positions(), 1, steps, 1, 1, 1))));
        GraphBuilder b = path.builder();
        Value weights = b.constant("weights", Tensor.floats(points.weights(), 1, steps));
        Value mean = PathGradients.weightedSum(b, model, path.gradients(), weights);
        Value attribution = b.node("Mul", mean, difference(b, model));
        return ExplanationGraph.finish(
                b,
                model,
                attribution,
                model.graph().types().get(model.input()),
                path.backward().objective().score(),
                form());
    }

    /** x₀ + t (x − x₀) for each position t. */
    private Value between(GraphBuilder b, Model model, Value image, Value positions) {
        Value start = b.node("Unsqueeze", baseline.emit(model, b, image), b.vector(1));
        Value step = b.node("Unsqueeze", difference(b, model), b.vector(1));
        return b.node("Add", start, b.node("Mul", positions, step));
    }

    private Value difference(GraphBuilder b, Model model) {
        return b.node("Sub", model.input(), baseline.emit(model, b, model.input()));
    }

    /** Fraction of the score change above which the sum is unreliable. */
    private static final double MOST_GAP = 0.05;

    private static final String WIDE = "; more steps bring them together";

    private static final Dimension POSITION_COUNT = Dimension.named("positions");
    private static final Value POSITIONS = new Value("positions");
    private static final Value WEIGHTS = new Value("weights");
    private static final Value CHANGE = new Value("change");
    private static final Value CHANGES = new Value("changes");
    private static final Value SCORES = new Value("scores");

    /** (x − x₀) ⊙ ∂score/∂x and the score at some positions of one image's path, which may exceed memory as a whole. */
    private Graph stepGraph(Model model, Objective objective) {
        PathGradients.Result path = somewhere(model, objective);
        GraphBuilder b = path.builder();
        Value step = b.node("Unsqueeze", difference(b, model), b.vector(1));
        Value changes = b.node("Squeeze", b.node("Mul", path.gradients(), step), b.vector(0));
        b.declare(changes, model.graph().types().get(model.input()).withDimension(0, PathGradients.POINTS));
        b.scope("");
        b.outputAs(changes, b.fresh(CHANGES.name()));
        b.outputAs(path.scores(), b.fresh(SCORES.name()));
        return new Cut(List.of(CHANGES, SCORES)).then(new SplitConvolution()).apply(b.build());
    }

    /** Σ w (x − x₀) ⊙ ∂score/∂x over some positions of one image's path, each with its weight w. */
    private Graph sumGraph(Model model, Objective objective) {
        PathGradients.Result path = somewhere(model, objective);
        GraphBuilder b = path.builder();
        b.scope("");
        Value weights = b.input(WEIGHTS.name(), new TensorType(ElementType.FLOAT32, List.of(POSITION_COUNT)));
        b.scope("points");
        Value sum = PathGradients.weightedSum(b, model, path.gradients(), b.node("Unsqueeze", weights, b.vector(0)));
        Value change = b.node("Mul", sum, difference(b, model));
        b.declare(change, model.graph().types().get(model.input()));
        b.scope("");
        b.outputAs(change, b.fresh(CHANGE.name()));
        return new Cut(List.of(CHANGE)).then(new SplitConvolution()).apply(b.build());
    }

    /** Gradients at positions given at run time. */
    private PathGradients.Result somewhere(Model model, Objective objective) {
        return PathGradients.of(model, objective, -1, (b, image) -> {
            b.scope("");
            Value positions = b.input(POSITIONS.name(), new TensorType(ElementType.FLOAT32, List.of(POSITION_COUNT)));
            b.scope("points");
            return between(b, model, image, b.node("Reshape", positions, b.vector(alongPoints(model))));
        });
    }

    private static final Value HERE = new Value("here");
    private static final Value THERE = new Value("there");

    /** The score at the image and at its baseline. */
    private Graph endsGraph(Model model, Objective objective) {
        Backward backward = Backward.of(model, objective, List.of());
        GraphBuilder b = new GraphBuilder(backward.graph()).scope("reference");
        Value reference = b.node("Expand", baseline.emit(model, b, model.input()), b.node("Shape", model.input()));
        b.declare(reference, model.graph().types().get(model.input()));
        Map<Value, Value> copies = Mirror.append(
                b, backward.graph().nodes(), Map.of(model.input(), reference), model.batch(), model.batch());
        b.scope("");
        b.outputAs(backward.objective().score(), b.fresh(HERE.name()));
        b.outputAs(copies.get(backward.objective().score()), b.fresh(THERE.name()));
        return new Cut(List.of(HERE, THERE, model.logits())).apply(b.build());
    }

    @Override
    public Explainer on(ModelSession session, Objective objective) {
        Model model = session.model();
        return (images, targets, progress) -> {
            boolean adaptive = quadrature == Quadrature.ADAPTIVE;
            Lanes.Steps step = size -> session.lanes()
                    .executable(
                            new Part(baseline, adaptive ? "step" : "sum"),
                            objective,
                            List.of(POSITION_COUNT, PathGradients.POINTS),
                            size,
                            () -> PathGradients.forOneImage(
                                    model, adaptive ? stepGraph(model, objective) : sumGraph(model, objective)));
            List<Tensor> attributions = new ArrayList<>();
            List<Tensor> scores = new ArrayList<>();
            List<Tensor> logits = new ArrayList<>();
            List<List<String>> notes = new ArrayList<>();
            long count = images.dimension(0);
            for (long i = 0; i < count; i++) {
                Map<Value, Tensor> inputs = new HashMap<>();
                inputs.put(model.input(), images.rows(i, i + 1));
                if (objective.takesTarget()) {
                    inputs.put(new Value(Objective.TARGET), targets.rows(i, i + 1));
                }
                long before = i * steps;
                Progress own = (done, total) -> progress.report(before + done, count * steps);
                Tensor attribution = Tensor.floats(integral(session, step, inputs, own), model.sampleShape());
                // Opened after the steps, which may have needed its memory.
                Executable ends = session.executable(
                        new Part(baseline, "ends"),
                        objective,
                        List.of(model.batch()),
                        1,
                        () -> endsGraph(model, objective));
                inputs.replaceAll((value, row) -> session.filled(row));
                Map<Value, Tensor> atEnds = ends.run(inputs);
                attributions.add(attribution);
                scores.add(atEnds.get(HERE).rows(0, 1));
                logits.add(atEnds.get(model.logits()).rows(0, 1));
                notes.add(List.of(gap(attribution, atEnds)));
            }
            return new Explanation(
                    Tensor.concatenate(attributions), Tensor.concatenate(scores), Tensor.concatenate(logits), notes);
        };
    }

    /** Key of one of this method's graphs in the session. */
    private record Part(Baseline baseline, String part) implements GraphKey {}

    private float[] integral(ModelSession session, Lanes.Steps step, Map<Value, Tensor> image, Progress progress) {
        int size = Math.toIntExact(Tensor.elements(session.model().sampleShape()));
        double[] sum = quadrature == Quadrature.ADAPTIVE
                ? AdaptivePath.integral(
                        steps,
                        size,
                        session.lanes().width(),
                        positions -> samples(session, step, image, positions),
                        progress)
                : weighted(session, step, image, size, progress);
        float[] rounded = new float[size];
        for (int i = 0; i < size; i++) {
            rounded[i] = (float) sum[i];
        }
        return rounded;
    }

    private double[] weighted(
            ModelSession session, Lanes.Steps step, Map<Value, Tensor> image, int size, Progress progress) {
        Quadrature.Points points = quadrature.points(steps);
        double[] sum = new double[size];
        session.lanes()
                .run(
                        steps,
                        step,
                        (executable, from, to) -> {
                            Map<Value, Tensor> inputs = new HashMap<>(image);
                            inputs.put(POSITIONS, vector(Arrays.copyOfRange(points.positions(), from, to)));
                            inputs.put(WEIGHTS, vector(Arrays.copyOfRange(points.weights(), from, to)));
                            return executable.run(inputs).get(CHANGE).toFloats();
                        },
                        (change, to) -> {
                            for (int i = 0; i < size; i++) {
                                sum[i] += change[i];
                            }
                            progress.report(to, steps);
                        });
        return sum;
    }

    private static List<AdaptivePath.Sample> samples(
            ModelSession session, Lanes.Steps step, Map<Value, Tensor> image, List<Double> positions) {
        List<AdaptivePath.Sample> samples = new ArrayList<>();
        session.lanes()
                .run(
                        positions.size(),
                        step,
                        (executable, from, to) -> samples(executable, image, positions.subList(from, to)),
                        (some, to) -> samples.addAll(some));
        return samples;
    }

    private static List<AdaptivePath.Sample> samples(
            Executable step, Map<Value, Tensor> image, List<Double> positions) {
        float[] places = new float[positions.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = positions.get(i).floatValue();
        }
        Map<Value, Tensor> inputs = new HashMap<>(image);
        inputs.put(POSITIONS, vector(places));
        Map<Value, Tensor> found = step.run(inputs);
        List<AdaptivePath.Sample> samples = new ArrayList<>();
        for (int i = 0; i < places.length; i++) {
            float[] change = found.get(CHANGES).rows(i, i + 1).toFloats();
            samples.add(new AdaptivePath.Sample(
                    places[i], change, sum(change), found.get(SCORES).floats().get(i)));
        }
        return samples;
    }

    /** Broadcasts one number per point over {@code f32[N,points,...]}. */
    private static long[] alongPoints(Model model) {
        long[] shape = new long[model.sampleShape().length + 1];
        Arrays.fill(shape, 1);
        shape[1] = -1;
        return shape;
    }

    private static Tensor vector(float[] values) {
        return Tensor.floats(values, values.length);
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }

    /** Whether a note reports a large completeness gap. */
    public static boolean isWide(String note) {
        return note.endsWith(WIDE);
    }

    private static String gap(Tensor attribution, Map<Value, Tensor> ends) {
        double total = sum(attribution.toFloats());
        double change = (double) ends.get(HERE).floats().get(0)
                - ends.get(THERE).floats().get(0);
        double gap = Math.abs(total - change) / Math.max(1e-12, Math.abs(change));
        return String.format(
                        Locale.ROOT,
                        "completeness: sum %.4f against a change of score of %.4f, a gap of %.2f %%",
                        total,
                        change,
                        100 * gap)
                + (gap > MOST_GAP ? WIDE : "");
    }
}
