package dev.vitrine.lens.attribution;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.rewrite.Mirror;
import dev.vitrine.engine.rewrite.SplitConvolution;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * (x − x₀) ⊙ ∫₀¹ ∂score/∂x at x₀ + t(x − x₀) dt. Sundararajan, Taly & Yan 2017, arXiv:1703.01365.
 *
 * @param steps evaluations of the gradient
 */
public record IntegratedGradients(int steps, Quadrature quadrature, Baseline baseline) implements GraphAttribution {
    public IntegratedGradients {
        if (steps < 1) {
            throw new IllegalArgumentException("steps " + steps + ": expected at least 1");
        }
    }

    /** 50 steps from black, the customary choice, where the score changes most. */
    public IntegratedGradients() {
        this(50, Quadrature.GAUSS_LEGENDRE, Baseline.BLACK);
    }

    @Override
    public String id() {
        return "integrated-gradients";
    }

    @Override
    public Form form() {
        return Form.PIXELS;
    }

    @Override
    public Reduction reduction() {
        return Reduction.SUM;
    }

    @Override
    public Sign sign() {
        return Sign.SIGNED;
    }

    @Override
    public Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("steps", Integer.toString(steps));
        options.put("quadrature", quadrature.label());
        options.put("baseline", baseline.label());
        return options;
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

    private static final Dimension POSITION_COUNT = Dimension.named("positions");
    private static final Value POSITIONS = new Value("positions");
    private static final Value WEIGHTS = new Value("weights");
    private static final Value PART = new Value("part");

    /** The sum of weighted gradients over some positions of one image's path, so that a long path runs in bounded memory. */
    private Graph stepGraph(Model model, Objective objective) {
        PathGradients.Result path = PathGradients.of(model, objective, -1, (b, image) -> {
            b.scope("");
            Value positions = b.input(POSITIONS.name(), new TensorType(ElementType.FLOAT32, List.of(POSITION_COUNT)));
            b.scope("points");
            return between(b, model, image, b.node("Reshape", positions, b.vector(1, -1, 1, 1, 1)));
        });
        GraphBuilder b = path.builder();
        Value weights = b.input(WEIGHTS.name(), new TensorType(ElementType.FLOAT32, List.of(POSITION_COUNT)));
        Value row = b.node("Unsqueeze", weights, b.vector(0));
        Value part = PathGradients.weightedSum(b, model, path.gradients(), row);
        b.declare(part, model.graph().types().get(model.input()));
        b.outputAs(part, b.scope("").fresh(PART.name()));
        return new Cut(List.of(PART)).then(new SplitConvolution()).apply(b.build());
    }

    private static final Value HERE = new Value("here");
    private static final Value THERE = new Value("there");
    private static final Value MEAN = new Value("mean");
    private static final Value ATTRIBUTION = new Value("attribution");

    /** The score at the image and at its baseline, and the attribution from the mean gradient between them. */
    private Graph endsGraph(Model model, Objective objective) {
        Backward backward = Backward.of(model, objective, List.of());
        GraphBuilder b = new GraphBuilder(backward.graph()).scope("reference");
        Value reference = b.node("Expand", baseline.emit(model, b, model.input()), b.node("Shape", model.input()));
        b.declare(reference, model.graph().types().get(model.input()));
        Map<Value, Value> copies = Mirror.append(
                b, backward.graph().nodes(), Map.of(model.input(), reference), model.batch(), model.batch());
        b.scope("");
        Value mean = b.input(MEAN.name(), model.graph().types().get(model.input()));
        b.outputAs(
                b.scope("reference").node("Mul", mean, difference(b, model)),
                b.scope("").fresh(ATTRIBUTION.name()));
        b.outputAs(backward.objective().score(), b.fresh(HERE.name()));
        b.outputAs(copies.get(backward.objective().score()), b.fresh(THERE.name()));
        return new Cut(List.of(ATTRIBUTION, HERE, THERE, model.logits())).apply(b.build());
    }

    @Override
    public Explainer on(ModelSession session, Objective objective) {
        Model model = session.model();
        return (images, targets, progress) -> {
            Steps step = size -> session.executable(
                    new Part(this.withSteps(1), "step"),
                    objective,
                    List.of(POSITION_COUNT, PathGradients.POINTS),
                    size,
                    () -> new FixDimension(model.batch(), 1).apply(stepGraph(model, objective)));
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
                float[] mean = integrate(step, inputs, session.runs(steps), own);
                // Opened after the steps, which may have needed its room.
                Executable ends = session.executable(
                        new Part(this.withSteps(1), "ends"),
                        objective,
                        List.of(model.batch()),
                        1,
                        () -> endsGraph(model, objective));
                inputs.put(MEAN, Tensor.floats(mean, model.sampleShape()));
                Map<Value, Tensor> atEnds = ends.run(inputs);
                attributions.add(atEnds.get(ATTRIBUTION));
                scores.add(atEnds.get(HERE));
                logits.add(atEnds.get(model.logits()));
                notes.add(List.of(gap(atEnds)));
            }
            return new Explanation(
                    Tensor.concatenate(attributions), Tensor.concatenate(scores), Tensor.concatenate(logits), notes);
        };
    }

    private IntegratedGradients withSteps(int other) {
        return new IntegratedGradients(other, quadrature, baseline);
    }

    /** A part of this method's work, as a key of the session's graphs. */
    private record Part(IntegratedGradients method, String part) {}

    /** The step graph, opened for some number of positions. */
    private interface Steps {
        Executable of(long size);
    }

    private float[] integrate(Steps step, Map<Value, Tensor> image, List<long[]> runs, Progress progress) {
        Quadrature.Points points = quadrature.points(steps);
        float[] sum = new float[0];
        for (long[] run : runs) {
            int from = (int) run[0];
            int to = (int) run[1];
            Map<Value, Tensor> inputs = new HashMap<>(image);
            inputs.put(POSITIONS, part(points.positions(), from, to));
            inputs.put(WEIGHTS, part(points.weights(), from, to));
            float[] share = step.of(to - from).run(inputs).get(PART).toFloats();
            if (sum.length == 0) {
                sum = share;
            } else {
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += share[i];
                }
            }
            progress.report(to, steps);
        }
        return sum;
    }

    private static Tensor part(float[] all, int from, int to) {
        return Tensor.floats(java.util.Arrays.copyOfRange(all, from, to), to - from);
    }

    private static String gap(Map<Value, Tensor> ends) {
        double total = 0;
        for (float value : ends.get(ATTRIBUTION).toFloats()) {
            total += value;
        }
        double change = (double) ends.get(HERE).floats().get(0)
                - ends.get(THERE).floats().get(0);
        return String.format(
                Locale.ROOT,
                "completeness: sum %.4f against a change of score of %.4f, a gap of %.2f %%",
                total,
                change,
                100 * Math.abs(total - change) / Math.max(1e-12, Math.abs(change)));
    }
}
