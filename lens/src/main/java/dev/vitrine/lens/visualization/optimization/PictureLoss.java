package dev.vitrine.lens.visualization.optimization;

import dev.vitrine.engine.gradient.BackwardRules;
import dev.vitrine.engine.gradient.Differentiator;
import dev.vitrine.engine.gradient.NodeSelector;
import dev.vitrine.engine.gradient.RectifierRules;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.rewrite.Compute;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.simplification.SplitConvolution;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Backward;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.preprocessing.PreprocessingNodes;
import dev.vitrine.lens.visualization.parametrization.Views;
import dev.vitrine.lens.visualization.penalty.Penalty;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * loss = Σ penalties − Σ scores, and its gradient with respect to the parameters of the pictures: one graph of the
 * parametrization, the random transformation, the preprocessing and the network, run once per step.
 */
public final class PictureLoss implements AutoCloseable {
    private static final String PARAMETERS = "synthesis/parameters";
    private static final String LOOK = "synthesis/look";

    private final Problem problem;
    private final Runner runner;
    private final Outline outline;
    private final Executable executable;
    private Optional<Executable> redirected = Optional.empty();
    private long runs;

    PictureLoss(Problem problem, Runner runner) {
        this.problem = problem;
        this.runner = runner;
        this.outline = Outline.of(problem, (graph, anchors) -> BackwardRules.PLAIN);
        this.executable = runner.load(outline.graph());
    }

    /** Backward rules for a graph in which the objective reads some values. */
    private interface Rules {
        BackwardRules of(Graph graph, List<Value> anchors);
    }

    private record Outline(Graph graph, Value parameters, Value loss, Value scores, Value gradient, Value pictures) {
        static Outline of(Problem problem, Rules rules) {
            Model model = problem.fixed();
            Backward backward = Backward.of(model, problem.objective(), List.of());
            GraphBuilder b = new GraphBuilder(backward.graph()).scope("synthesis");
            long[] shape = problem.shape();
            Value parameters = b.input(PARAMETERS, TensorType.of(ElementType.FLOAT32, shape));
            Value made =
                    problem.parametrization().emit(b, parameters, model.channels(), (int) shape[2], (int) shape[3]);
            Value pictures = b.node("Identity", made);
            Value seen = problem.views().emit(b, pictures, LOOK, shape);
            Value input = PreprocessingNodes.emit(b, model.preprocessing(), seen);
            Value scores = backward.objective().score();
            Value loss = b.node("Neg", b.node("ReduceSum", Attributes.NONE.with("keepdims", 0), scores));
            for (Penalty penalty : problem.penalties()) {
                loss = b.node("Add", loss, penalty.emit(b, pictures, shape));
            }
            Graph forward = new Compute(model.input(), input)
                    .then(new Cut(List.of(loss, scores, pictures)))
                    .apply(b.build());
            List<Value> layers = problem.objective().layers();
            List<Value> anchors =
                    layers.isEmpty() ? List.of(backward.objective().anchor()) : layers;
            Differentiator.Result result = new Differentiator(rules.of(forward, anchors))
                    .gradient(TypeInference.infer(forward), loss, List.of(parameters));
            GraphBuilder end = new GraphBuilder(result.graph()).scope("synthesis");
            end.declare(result.of(parameters), TensorType.of(ElementType.FLOAT32, shape));
            Value gradient = end.outputAs(result.of(parameters), end.fresh("gradient"));
            Graph graph = new Cut(List.of(loss, scores, pictures, gradient))
                    .then(new SplitConvolution())
                    .apply(end.build());
            return new Outline(graph, parameters, loss, scores, gradient, pictures);
        }
    }

    public Problem problem() {
        return problem;
    }

    /** Number of parameters. */
    public int size() {
        return Math.toIntExact(Tensor.elements(problem.shape()));
    }

    /**
     * The result of one run.
     *
     * @param scores one per picture
     */
    public record Answer(double loss, float[] scores) {}

    /**
     * Loss and scores under a random transformation, and the gradient. If the unit is inactive, so that the gradient is
     * 0, the redirected gradient is used.
     */
    public Answer at(float[] parameters, Tensor look, float[] gradient) {
        Answer answer = run(executable, parameters, look, gradient);
        for (float slope : gradient) {
            if (slope != 0) {
                return answer;
            }
        }
        if (redirected.isEmpty()) {
            redirected = Optional.of(
                    runner.load(Outline.of(problem, PictureLoss::redirected).graph()));
        }
        return run(redirected.get(), parameters, look, gradient);
    }

    /**
     * Redirected at the rectifiers of the units themselves, between what the objective reads and the convolution
     * before.
     */
    private static BackwardRules redirected(Graph graph, List<Value> anchors) {
        Map<Value, Node> producers = graph.producers();
        Set<String> own = new HashSet<>();
        Deque<Value> open = new ArrayDeque<>(anchors);
        while (!open.isEmpty()) {
            Node node = producers.get(open.remove());
            boolean further = node != null
                    && OperatorTable.isDifferentiable(node)
                    && OperatorTable.row(node).kind() != Operator.Kind.LINEAR;
            if (further && own.add(node.name())) {
                open.addAll(node.inputs());
            }
        }
        return RectifierRules.redirected(NodeSelector.named(own));
    }

    private Answer run(Executable graph, float[] parameters, Tensor look, float[] gradient) {
        runs++;
        Map<Value, Tensor> results =
                graph.run(inputs(parameters, look), List.of(outline.loss(), outline.scores(), outline.gradient()));
        results.get(outline.gradient()).floats().get(gradient);
        return new Answer(
                results.get(outline.loss()).floats().get(0),
                results.get(outline.scores()).toFloats());
    }

    /** The pictures that parameters represent, {@code f32[N,C,H,W], 0..1}. */
    public Tensor pictures(float[] parameters) {
        return executable
                .run(inputs(parameters, straight()), List.of(outline.pictures()))
                .get(outline.pictures());
    }

    /** The identity transformation. */
    public Tensor straight() {
        return Tensor.floats(new float[] {1, 0, 0, 1, 0, 0}, 3, 2);
    }

    /** Number of evaluations of loss and gradient. */
    public long runs() {
        return runs;
    }

    /**
     * The graph run at each step: inputs are parameters and transformation; outputs are loss, scores, gradient and
     * pictures.
     */
    public Graph graph() {
        return outline.graph();
    }

    /** The inputs of a run of {@link #graph}. */
    public Map<Value, Tensor> inputs(float[] parameters, Tensor look) {
        Map<Value, Tensor> inputs = new HashMap<>();
        inputs.put(outline.parameters(), Tensor.floats(parameters, problem.shape()));
        if (!problem.views().equals(Views.NONE)) {
            inputs.put(new Value(LOOK), look);
        }
        return inputs;
    }

    @Override
    public void close() {
        executable.close();
        redirected.ifPresent(Executable::close);
    }
}
