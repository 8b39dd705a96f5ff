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
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.DropIdentities;
import dev.vitrine.engine.rewrite.Enter;
import dev.vitrine.engine.rewrite.FoldBatchNormalization;
import dev.vitrine.engine.rewrite.PoolBeforeConvolution;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.ModelSession;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.attribution.ScoreGraph;
import dev.vitrine.lens.model.Layout;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers of the network to one picture with a rectangle changed, for many rectangles, by incremental evaluation.
 * Rectangles are {@code f32[C,h,w]} whatever the layout of the model's input.
 */
final class LocalScores implements ModelSession.Evaluator {
    private record Key(List<Value> values, int height, int width) {}

    private record Question(Key key, Tensor image, List<Change> changes) {}

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
     * Opened once for rectangles of a size.
     *
     * @param graph the model's, or on from it
     * @param values of it that are asked for, each {@code f32[N,…]}
     */
    static LocalScores of(ModelSession session, Graph graph, List<Value> values, int height, int width) {
        Key key = new Key(values, height, width);
        return session.evaluator(key, LocalScores.class, () -> new LocalScores(session, graph, key));
    }

    /** Takes planes {@code [N,C,H,W]} in place of {@code [N,H,W,C]}; the network's own first turn goes. */
    private static Graph fromPlanes(Graph graph, Model model) {
        GraphBuilder names = new GraphBuilder(graph);
        Value planes = names.fresh("planes");
        List<Node> nodes = new ArrayList<>();
        boolean turned = false;
        for (Node node : graph.nodes()) {
            boolean undone = node.operator().equals("Transpose")
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

    /** The values for each change of a picture; the same question, asked for another class, is answered at once. */
    @SuppressWarnings("unchecked")
    Map<Value, Tensor> values(Tensor image, List<Change> changes, Progress progress) {
        return session.latest(new Question(key, image, changes), Map.class, () -> {
            evaluation.setPicture(planes(image));
            return evaluation.evaluate(changes, done -> progress.report(done, changes.size()));
        });
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

    /** An objective's score for each change, {@code f32[n]}. */
    static Tensor scores(
            ModelSession session,
            Objective objective,
            Tensor image,
            Tensor target,
            List<Change> changes,
            Progress progress) {
        Model model = session.model();
        int height = changes.stream().mapToInt(Change::height).max().orElseThrow();
        int width = changes.stream().mapToInt(Change::width).max().orElseThrow();
        ScoreGraph whole = session.scoreGraph(objective);
        if (!objective.takesTarget()) {
            return of(session, whole.graph(), List.of(whole.score()), height, width)
                    .values(image, changes, progress)
                    .get(whole.score());
        }
        Tensor logits = of(session, model.graph(), List.of(model.logits()), height, width)
                .values(image, changes, progress)
                .get(model.logits());
        Graph end =
                new Cut(List.of(whole.score())).then(new Enter(model.logits())).apply(whole.graph());
        List<Tensor> scores = new ArrayList<>();
        long chunk = model.batch().isFixed() ? model.batch().size() : changes.size();
        for (long from = 0; from < changes.size(); from += chunk) {
            long to = Math.min(changes.size(), from + chunk);
            Executable executable =
                    session.executable("score of logits", objective, List.of(model.batch()), to - from, () -> end);
            List<Tensor> targets = Collections.nCopies((int) (to - from), target);
            Map<Value, Tensor> given = Map.of(
                    model.logits(),
                    session.filled(logits.rows(from, to)),
                    new Value(Objective.TARGET),
                    session.filled(Tensor.concatenate(targets)));
            scores.add(executable.run(given).get(whole.score()).rows(0, to - from));
        }
        return Tensor.concatenate(scores);
    }

    @Override
    public void close() {
        evaluation.close();
    }
}
