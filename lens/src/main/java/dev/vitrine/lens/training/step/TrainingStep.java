package dev.vitrine.lens.training.step;

import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.training.data.Batch;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Runs training steps. The state is held off-heap in two alternating buffers: a step reads one and writes the other,
 * without a copy.
 */
public final class TrainingStep implements AutoCloseable {
    /** The metrics of a step's batch, before the update. */
    public record Result(double loss, int correct) {}

    private final TrainingGraph graph;
    private final Optimizer optimizer;
    private final long seed;
    private final Executable executable;
    private final Tensor loss = Tensor.zeros(ElementType.FLOAT32);
    private final Tensor correct = Tensor.zeros(ElementType.FLOAT32);
    private Map<Value, Tensor> current = new LinkedHashMap<>();
    private Map<Value, Tensor> other = new LinkedHashMap<>();
    private long steps;

    /**
     * @param optimizer the one that the graph was built for
     * @param seed of dropout
     */
    public TrainingStep(TrainingGraph graph, Optimizer optimizer, long seed, Runner runner) {
        this.graph = graph;
        this.optimizer = optimizer;
        this.seed = seed;
        graph.start().forEach((value, tensor) -> {
            current.put(value, copy(tensor));
            other.put(value, Tensor.zeros(tensor.elementType(), tensor.shape()));
        });
        this.executable = runner.load(graph.graph());
    }

    /** Runs one step at a learning rate. */
    public Result run(Batch batch, double rate) {
        Map<Value, Tensor> inputs = new HashMap<>(current);
        inputs.put(graph.image(), batch.images());
        inputs.put(graph.label(), batch.labels());
        batch.blend().ifPresent(blend -> {
            inputs.put(graph.blend().get(0), blend.others());
            inputs.put(graph.blend().get(1), blend.shares());
        });
        batch.teacher().ifPresent(logits -> inputs.put(graph.teacher().orElseThrow(), logits));
        List<Double> numbers = optimizer.numbers(steps + 1, rate);
        for (int i = 0; i < numbers.size(); i++) {
            inputs.put(graph.numbers().get(i), Tensor.scalar(numbers.get(i).floatValue()));
        }
        int layer = 0;
        for (Map.Entry<Value, Double> mask : graph.masks().entrySet()) {
            TensorType type = graph.graph().types().get(mask.getKey());
            inputs.put(mask.getKey(), mask(type.shape(), mask.getValue(), layer++));
        }
        Map<Value, Tensor> targets = new HashMap<>();
        targets.put(graph.loss(), loss);
        targets.put(graph.correct(), correct);
        Map<Value, Tensor> written = other;
        graph.next().forEach((before, after) -> targets.put(after, written.get(before)));
        executable.runInto(inputs, targets);
        other = current;
        current = written;
        steps++;
        return new Result(loss.floats().get(0), Math.round(correct.floats().get(0)));
    }

    /** 0 for dropped units, else 1/(1 − ratio), which preserves the mean. */
    private Tensor mask(long[] shape, double ratio, int layer) {
        SplittableRandom random = new SplittableRandom(seed + 0x9e3779b97f4a7c15L * (steps * 64 + layer + 1));
        ByteBuffer bytes = Tensor.allocate(ElementType.FLOAT32, shape);
        FloatBuffer target = bytes.asFloatBuffer();
        float kept = (float) (1 / (1 - ratio));
        while (target.hasRemaining()) {
            target.put(random.nextDouble() < ratio ? 0 : kept);
        }
        return Tensor.wrap(ElementType.FLOAT32, shape, bytes);
    }

    /** Number of steps done, including those before a {@link #restore}. */
    public long steps() {
        return steps;
    }

    /** A copy of weights, statistics and optimizer state. */
    public Map<Value, Tensor> state() {
        Map<Value, Tensor> copy = new LinkedHashMap<>();
        current.forEach((value, tensor) -> copy.put(value, copy(tensor)));
        return copy;
    }

    /** The same without a copy: valid until the next step. */
    public Map<Value, Tensor> current() {
        return Collections.unmodifiableMap(current);
    }

    /** Resumes from a state after some steps. */
    public void restore(Map<Value, Tensor> state, long newSteps) {
        for (Map.Entry<Value, Tensor> entry : current.entrySet()) {
            Tensor found = state.get(entry.getKey());
            if (found == null || !TensorType.of(found).equals(TensorType.of(entry.getValue()))) {
                throw new IllegalArgumentException(
                        "'" + entry.getKey() + "': expected " + entry.getValue() + ", found " + found);
            }
        }
        current.replaceAll((value, tensor) -> copy(state.get(value)));
        steps = newSteps;
    }

    private static Tensor copy(Tensor tensor) {
        ByteBuffer bytes = Tensor.allocate(tensor.elementType(), tensor.shape());
        bytes.put(tensor.bytes()).flip();
        return Tensor.wrap(tensor.elementType(), tensor.shape(), bytes);
    }

    @Override
    public void close() {
        executable.close();
    }
}
