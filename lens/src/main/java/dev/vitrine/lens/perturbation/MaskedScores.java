package dev.vitrine.lens.perturbation;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.BaselineAttribution;
import dev.vitrine.lens.attribution.EachPicture;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.GraphKey;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.session.ScoreGraph;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

/**
 * The score at m ⊙ x + (1 − m) ⊙ x₀ for many masks m {@code f32[H,W]} of one picture x: 1 keeps a pixel, 0 replaces it
 * by the baseline x₀. Masks are generated on demand, one run at a time.
 */
public final class MaskedScores {
    /** Generates the masks. */
    @FunctionalInterface
    public interface Masks {
        /**
         * Writes one mask; called once for each, in order.
         *
         * @param mask {@code f32[H,W]}, to be filled entirely
         */
        void write(int index, float[] mask);
    }

    /** Receives the scores. */
    @FunctionalInterface
    public interface Answers {
        /**
         * Receives one score; called once for each mask, in order.
         *
         * @param mask {@code f32[H,W]}, read-only and valid only during the call
         */
        void take(int index, float[] mask, float score);
    }

    /**
     * A picture with its baseline.
     *
     * @param image {@code f32[1,…]} as the model's input
     * @param baseline in the same shape
     * @param target class as {@code i64[1]}; unused if the objective takes no class at run time
     */
    public record Subject(Tensor image, Tensor baseline, Tensor target) {}

    private final ModelSession session;
    private final Model model;
    private final Objective objective;
    private final MaskedGraph graph;

    public MaskedScores(ModelSession session, Objective objective) {
        this.session = session;
        this.model = session.model();
        this.objective = objective;
        this.graph = new MaskedGraph(model, session.scoreGraph(objective));
    }

    /** The score at each of {@code count} masks; returns how many were evaluated, fewer if the work was stopped. */
    public int evaluate(Subject subject, int count, Masks masks, Answers answers, Progress progress) {
        return new Evaluation(subject).run(count, masks, answers, progress);
    }

    private final class Evaluation {
        private final Subject subject;
        private final Tensor difference;

        Evaluation(Subject subject) {
            this.subject = subject;
            float[] values = subject.image().toFloats();
            FloatBuffer start = subject.baseline().floats();
            for (int i = 0; i < values.length; i++) {
                values[i] -= start.get(i);
            }
            difference = Tensor.floats(values, model.sampleShape());
        }

        int run(int count, Masks masks, Answers answers, Progress progress) {
            ByteBuffer memory = ByteBuffer.allocate(0);
            float[][] kept = new float[0][];
            for (long[] run : session.forwardRuns(count, graph.forward.graph())) {
                int from = (int) run[0];
                int size = (int) (run[1] - run[0]);
                long[] shape =
                        graph.maskShape(model.batch().isFixed() ? model.batch().size() : size);
                if (kept.length != size) {
                    kept = new float[size]
                            [model.preprocessing().height()
                                    * model.preprocessing().width()];
                    memory = Tensor.allocate(ElementType.FLOAT32, shape);
                }
                FloatBuffer target = memory.asFloatBuffer();
                for (int row = 0; row < size; row++) {
                    masks.write(from + row, kept[row]);
                    target.put(kept[row]);
                }
                // The memory is reused, but only when this tensor is no longer read.
                Tensor given = Tensor.wrap(ElementType.FLOAT32, shape, memory);
                FloatBuffer scores;
                try {
                    scores = scores(given, size);
                } catch (CancellationException stopped) {
                    if (from == 0) {
                        throw stopped;
                    }
                    return from;
                }
                for (int row = 0; row < size; row++) {
                    answers.take(from + row, kept[row], scores.get(row));
                }
                progress.report(run[1], count);
            }
            return count;
        }

        private enum Part implements GraphKey {
            MASKED_SCORE
        }

        private FloatBuffer scores(Tensor masks, int size) {
            // A unit inside the network needs nothing after it.
            Executable executable = session.executable(
                    Part.MASKED_SCORE,
                    objective,
                    List.of(model.batch()),
                    size,
                    () -> new Cut(List.of(graph.forward.score())).apply(graph.whole));
            Map<Value, Tensor> inputs = new HashMap<>();
            inputs.put(graph.mask, masks);
            inputs.put(graph.difference, difference);
            inputs.put(graph.start, subject.baseline());
            if (objective.takesTarget()) {
                long[] targets = new long[Math.toIntExact(masks.dimension(0))];
                Arrays.fill(targets, subject.target().longs().get(0));
                inputs.put(new Value(Objective.TARGET), Tensor.vector(targets));
            }
            return executable.run(inputs).get(graph.forward.score()).floats();
        }
    }

    /** The model with masks in place of its pictures. */
    private static final class MaskedGraph {
        private final ScoreGraph forward;
        private final Value mask;
        private final Value difference;
        private final Value start;
        private final Graph whole;

        MaskedGraph(Model model, ScoreGraph forward) {
            this.forward = forward;
            Graph graph = forward.graph();
            GraphBuilder names = new GraphBuilder(graph).scope("masked");
            mask = names.fresh("mask");
            difference = names.fresh("difference");
            start = names.fresh("baseline");
            Value product = names.fresh("product");
            List<Node> nodes = new ArrayList<>();
            nodes.add(node("Mul", List.of(mask, difference), product));
            nodes.add(node("Add", List.of(product, start), model.input()));
            nodes.addAll(graph.nodes());
            TensorType pictures = graph.types().get(model.input());
            Map<Value, TensorType> types = new HashMap<>(graph.types());
            types.put(
                    mask, pictures.withDimension(model.preprocessing().layout().channelAxis(), Dimension.of(1)));
            types.put(difference, pictures.withDimension(0, Dimension.of(1)));
            types.put(start, pictures.withDimension(0, Dimension.of(1)));
            List<Value> inputs = new ArrayList<>(List.of(mask, difference, start));
            graph.inputs().stream()
                    .filter(input -> !input.equals(model.input()))
                    .forEach(inputs::add);
            whole = new Graph(inputs, graph.outputs(), nodes, graph.constants(), types, graph.opsets());
        }

        private static Node node(String opType, List<Value> inputs, Value output) {
            return new Node(output.name(), "", opType, inputs, List.of(output), Attributes.NONE);
        }

        long[] maskShape(long size) {
            long[] shape = whole.types().get(mask).shape();
            shape[0] = size;
            return shape;
        }
    }

    /** A method that replaces parts of one picture by a baseline. */
    @FunctionalInterface
    interface Method {
        EachPicture.Said explain(MaskedScores masked, Subject subject, Progress progress);
    }

    /** Explains by a method that masks pictures. */
    static EachPicture each(ModelSession session, Objective objective, Baseline baseline, Method method) {
        MaskedScores masked = new MaskedScores(session, objective);
        return new EachPicture(session, objective, (subject, progress) -> {
            Tensor start = BaselineAttribution.of(session, baseline, subject.image());
            return method.explain(masked, new Subject(subject.image(), start, subject.target()), progress);
        });
    }
}
