package dev.vitrine.lens.perturbation;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.incremental.Change;
import dev.vitrine.engine.incremental.IncrementalEvaluation;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.simplification.DropIdentities;
import dev.vitrine.engine.rewrite.simplification.FoldBatchNormalization;
import dev.vitrine.engine.rewrite.simplification.PoolBeforeConvolution;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.objective.ClassObjective;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.AnswerKey;
import dev.vitrine.lens.session.EvaluatorKey;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.session.NativeEvaluator;
import dev.vitrine.lens.session.ScoreGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * Outputs of the network for one picture with a rectangle changed, for many rectangles, by incremental evaluation.
 * Rectangles are {@code f32[C,h,w]} whatever the layout of the model's input.
 */
final class LocalScores implements NativeEvaluator {
    private static final int GRAIN = 16;

    private record Key(List<Value> values, int height, int width) implements EvaluatorKey<LocalScores> {}

    private record Question(Key key, Tensor image, List<Change> changes) implements AnswerKey<Answers> {}

    private final ModelSession session;
    private final Key key;
    private final IncrementalEvaluation evaluation;

    private LocalScores(ModelSession session, Graph graph, Key key) {
        this.session = session;
        this.key = key;
        Model model = session.model();
        Graph faster = new FoldBatchNormalization()
                .then(new DropIdentities())
                .then(new PoolBeforeConvolution())
                .then(new Cut(key.values()))
                .apply(graph);
        Graph planes = model.preprocessing().layout() == Layout.NHWC ? fromPlanes(faster, model) : faster;
        Graph typed = TypeInference.infer(planes);
        this.evaluation = new IncrementalEvaluation(
                session.runner(), typed, typed.inputs().get(0), key.height(), key.width());
    }

    /**
     * The values to compute, opened once for rectangles of a given size.
     *
     * @param graph the model's, or an extension of it
     * @param values requested values, each {@code f32[N,…]}
     */
    record Subject(Graph graph, List<Value> values, int height, int width) {}

    /**
     * The values for each change of a picture, or for those done when the work was stopped; cached, so that another
     * class costs nothing.
     */
    static Answers values(
            ModelSession session, Subject subject, Tensor image, List<Change> changes, Progress progress) {
        Key key = new Key(subject.values(), subject.height(), subject.width());
        return session.evaluated(
                key,
                () -> new LocalScores(session, subject.graph(), key),
                scores -> scores.values(image, changes, progress));
    }

    /** Takes planes {@code [N,C,H,W]} in place of {@code [N,H,W,C]}; drops the network's own first transpose. */
    private static Graph fromPlanes(Graph graph, Model model) {
        GraphBuilder names = new GraphBuilder(graph);
        Value planes = names.fresh("planes");
        List<Node> nodes = new ArrayList<>();
        boolean turned = false;
        for (Node node : graph.nodes()) {
            boolean undone = OperatorTable.row(node).space() == Space.TURN
                    && node.input(0).equals(model.input())
                    && Arrays.equals(node.attributes().integers("perm"), new long[] {0, 3, 1, 2});
            turned |= !undone && node.reads().contains(model.input());
            nodes.add(
                    undone
                            ? new Node(node.name(), "", "Identity", List.of(planes), node.outputs(), Attributes.NONE)
                            : node);
        }
        if (turned) {
            nodes.add(
                    0,
                    new Node(
                            names.fresh("turned").name(),
                            "",
                            "Transpose",
                            List.of(planes),
                            List.of(model.input()),
                            Attributes.NONE.with("perm", 0, 2, 3, 1)));
        }
        List<Dimension> of = graph.types().get(model.input()).dimensions();
        Map<Value, TensorType> types = new HashMap<>(graph.types());
        types.remove(model.input());
        types.put(
                planes,
                new TensorType(
                        graph.types().get(model.input()).elementType(),
                        List.of(of.get(0), of.get(3), of.get(1), of.get(2))));
        return new DropIdentities()
                .apply(new Graph(List.of(planes), graph.outputs(), nodes, graph.constants(), types, graph.opsets()));
    }

    /**
     * The values of each change, as far as known.
     *
     * @param values one row per change, zeros if unknown
     * @param known which are known; not all if the work was stopped
     */
    record Answers(Map<Value, Tensor> values, boolean[] known) {}

    private Answers values(Tensor image, List<Change> changes, Progress progress) {
        return session.latest(new Question(key, image, changes), () -> {
            evaluation.setPicture(planes(image));
            return evaluate(changes, progress);
        });
    }

    private Answers evaluate(List<Change> changes, Progress progress) {
        Map<Value, Rows> rows = new HashMap<>();
        boolean[] known = new boolean[changes.size()];
        int[] done = new int[1];
        try {
            evaluation.evaluate(changes, (places, values) -> {
                values.forEach((value, some) -> rows.computeIfAbsent(value, key -> new Rows(some, changes.size()))
                        .put(places, some));
                places.forEach(place -> known[place] = true);
                done[0] += places.size();
                progress.report(done[0], changes.size());
            });
        } catch (CancellationException stopped) {
            if (done[0] == 0) {
                throw stopped;
            }
        }
        Map<Value, Tensor> values = new HashMap<>();
        rows.forEach((value, all) -> values.put(value, Tensor.floats(all.numbers, all.shape)));
        return new Answers(values, known);
    }

    /** A tensor that is filled row by row. */
    private static final class Rows {
        private final long[] shape;
        private final float[] numbers;

        Rows(Tensor some, int count) {
            shape = some.shape();
            shape[0] = count;
            numbers = new float[Math.toIntExact(Tensor.elements(shape))];
        }

        void put(List<Integer> places, Tensor some) {
            int size = numbers.length / Math.toIntExact(shape[0]);
            for (int row = 0; row < places.size(); row++) {
                some.floats().get(row * size, numbers, places.get(row) * size, size);
            }
        }
    }

    /** One picture as {@code f32[1,C,H,W]}. */
    Tensor planes(Tensor image) {
        if (session.model().preprocessing().layout() == Layout.NCHW) {
            return image;
        }
        int height = Math.toIntExact(image.dimension(1));
        int width = Math.toIntExact(image.dimension(2));
        int channels = Math.toIntExact(image.dimension(3));
        float[] from = image.toFloats();
        float[] planes = new float[from.length];
        for (int i = 0; i < from.length; i++) {
            planes[i % channels * height * width + i / channels] = from[i];
        }
        return Tensor.floats(planes, 1, channels, height, width);
    }

    /**
     * An objective's score for each change.
     *
     * @param known which are known; not all if the work was stopped
     */
    record Scores(double[] scores, boolean[] known) {}

    static Scores scores(
            ModelSession session,
            Objective objective,
            Tensor image,
            Tensor target,
            List<Change> changes,
            Progress progress) {
        Model model = session.model();
        int height = room(
                changes.stream().mapToInt(Change::height), model.preprocessing().height());
        int width = room(
                changes.stream().mapToInt(Change::width), model.preprocessing().width());
        double[] scores = new double[changes.size()];
        if (objective instanceof ClassObjective score && score.isToldByScores(model.head())) {
            Subject logits = new Subject(model.graph(), List.of(model.logits()), height, width);
            Answers answers = values(session, logits, image, changes, progress);
            float[] rows = answers.values().get(model.logits()).toFloats();
            long index = target.longs().get(0);
            int classes = Math.toIntExact(model.classes());
            for (int i = 0; i < scores.length; i++) {
                scores[i] = score.of(model.head(), Arrays.copyOfRange(rows, i * classes, (i + 1) * classes), index);
            }
            return new Scores(scores, answers.known());
        }
        ScoreGraph whole = session.scoreGraph(objective);
        Subject subject = new Subject(whole.graph(), List.of(whole.score()), height, width);
        Answers answers = values(session, subject, image, changes, progress);
        for (int i = 0; i < scores.length; i++) {
            scores[i] = answers.values().get(whole.score()).floats().get(i);
        }
        return new Scores(scores, answers.known());
    }

    /** The largest of some sides, rounded up so that pictures with parts of similar size share sessions. */
    private static int room(IntStream sides, int most) {
        int largest = sides.max().orElseThrow();
        return Math.min(most, (largest + GRAIN - 1) / GRAIN * GRAIN);
    }

    @Override
    public void close() {
        evaluation.close();
    }
}
