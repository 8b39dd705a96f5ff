package dev.vitrine.lens.attack;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A network under attack: logits and slopes of pictures in 0..1 of its input's size, {@code [C,H,W]}, before its
 * preprocessing.
 */
public final class Victim {
    private final ModelSession session;
    private final Model model;

    /** @throws VitrineException of kind USAGE if the network does not tell two or more classes apart */
    public Victim(ModelSession session) {
        this.session = session;
        this.model = session.model();
        if (!model.takesPictures() || model.classes() < 2) {
            throw VitrineException.usage(
                    "'" + model.name() + "' is " + model.head().words()
                            + "; expected a network that takes pictures and tells two or more classes apart.");
        }
    }

    public Model model() {
        return model;
    }

    /** Number of values of a picture. */
    public int size() {
        return channels() * height() * width();
    }

    public int channels() {
        return model.channels();
    }

    public int height() {
        return model.preprocessing().height();
    }

    public int width() {
        return model.preprocessing().width();
    }

    public int classes() {
        return Math.toIntExact(model.classes());
    }

    /** Losses, logits and gradients of some pictures, row by row. */
    public record Slopes(float[] losses, float[][] logits, float[][] gradients) {}

    /** The logits of each picture. */
    public float[][] logits(List<float[]> pictures) {
        float[][] logits = new float[pictures.size()][];
        for (long[] run : session.runs(pictures.size())) {
            Executable forward = session.executable(
                    LossGraph.Key.FORWARD,
                    ClassScore.of(ClassScore.Scale.LOGIT),
                    List.of(model.batch()),
                    run[1] - run[0],
                    () -> LossGraph.forward(model));
            Tensor found = forward.run(Map.of(LossGraph.input(), tensor(pictures, run)))
                    .get(model.logits());
            put(logits, found, run);
        }
        return logits;
    }

    /** The logits of a picture with each of some pixels changed, by incremental evaluation: only what a pixel affects. */
    public float[][] logits(float[] picture, List<Pixel> pixels) {
        return PixelScores.of(session, picture, pixels);
    }

    /** The log-odds against a class of each picture. */
    public Slopes slopes(List<float[]> pictures, int[] classes) {
        return slopes(Loss.LOG_ODDS, pictures, classes);
    }

    /** A loss towards or away from a class of each picture. */
    Slopes slopes(Loss loss, List<float[]> pictures, int[] classes) {
        Tensor targets = Tensor.vector(IntStream.of(classes).asLongStream().toArray());
        return slopes(loss, pictures, new Value(Objective.TARGET), targets);
    }

    /** Weighted logits. */
    Slopes slopes(List<float[]> pictures, List<float[]> weights) {
        float[] all = new float[weights.size() * classes()];
        for (int row = 0; row < weights.size(); row++) {
            System.arraycopy(weights.get(row), 0, all, row * classes(), classes());
        }
        return slopes(Loss.WEIGHTED, pictures, new Value(Loss.WEIGHTS), Tensor.floats(all, weights.size(), classes()));
    }

    private Slopes slopes(Loss loss, List<float[]> pictures, Value parameter, Tensor values) {
        int rows = pictures.size();
        Slopes slopes = new Slopes(new float[rows], new float[rows][], new float[rows][]);
        LossGraph graph =
                session.outline(LossGraph.Key.GRADIENT, loss, LossGraph.class, () -> LossGraph.of(model, loss));
        for (long[] run : session.runs(rows)) {
            Executable executable = session.executable(
                    LossGraph.Key.GRADIENT, loss, List.of(model.batch()), run[1] - run[0], graph::graph);
            Map<Value, Tensor> inputs = new HashMap<>();
            inputs.put(graph.pictures(), tensor(pictures, run));
            inputs.put(parameter, session.filled(values.rows(run[0], run[1])));
            Map<Value, Tensor> results = executable.run(inputs);
            float[] losses = results.get(graph.loss()).toFloats();
            System.arraycopy(losses, 0, slopes.losses, (int) run[0], (int) (run[1] - run[0]));
            put(slopes.logits, results.get(graph.logits()), run);
            put(slopes.gradients, results.get(graph.gradient()), run);
        }
        requireSlope(slopes.gradients);
        return slopes;
    }

    /** @throws VitrineException of kind FAILURE if a node lets no gradient through */
    private void requireSlope(float[][] gradients) {
        for (float[] gradient : gradients) {
            for (float value : gradient) {
                if (value != 0) {
                    return;
                }
            }
        }
        Set<Value> computed = new HashSet<>(Set.of(model.input()));
        for (Node node : model.graph().nodes()) {
            if (node.inputs().stream().anyMatch(computed::contains)) {
                if (OperatorTable.isFlat(node)) {
                    throw VitrineException.failure(node.label()
                            + ": its gradient is 0 everywhere, so that none reaches the picture; attacks along gradients"
                            + " need one. Use an attack that reads scores or labels alone.");
                }
                computed.addAll(node.outputs());
            }
        }
    }

    private Tensor tensor(List<float[]> pictures, long[] run) {
        int count = (int) (run[1] - run[0]);
        int size = size();
        float[] values = new float[count * size];
        for (int row = 0; row < count; row++) {
            System.arraycopy(pictures.get((int) run[0] + row), 0, values, row * size, size);
        }
        return session.filled(Tensor.floats(
                values,
                count,
                model.channels(),
                model.preprocessing().height(),
                model.preprocessing().width()));
    }

    private static void put(float[][] rows, Tensor found, long[] run) {
        for (long row = run[0]; row < run[1]; row++) {
            rows[(int) row] = found.rows(row - run[0], row - run[0] + 1).toFloats();
        }
    }
}
