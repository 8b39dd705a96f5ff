package dev.vitrine.lens.perturbation;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.Enter;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.anatomy.LayerMaps;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.GraphKey;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.session.ScoreGraph;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

/**
 * A network cut in two at a layer: the layer's activations on a picture, and the score for modified activations. Only
 * the second part runs for each change; paths around the layer, if any, are evaluated too.
 */
final class LayerHead {
    /** Produces modified activations. */
    @FunctionalInterface
    interface Changes {
        /** Writes one modification of the layer, {@code f32[C,h,w]}; called once for each, in order. */
        void write(int index, float[] maps);
    }

    private final ModelSession session;
    private final Objective objective;
    private final LayerMaps maps;
    private final Value layer;
    private final ScoreGraph forward;
    private final Graph head;

    LayerHead(ModelSession session, Objective objective, LayerMaps maps) {
        this.session = session;
        this.objective = objective;
        this.maps = maps;
        this.layer = maps.value();
        this.forward = ScoreGraph.of(session.model(), objective, List.of(layer));
        this.head = new Cut(List.of(forward.score())).then(new Enter(layer)).apply(forward.graph());
    }

    /** Key of one part of the network in the session. */
    private record Part(Value layer, String part) implements GraphKey {}

    /** The layer's activations on a picture {@code f32[1,…]}: {@code f32[1,C,h,w]}. */
    Tensor maps(Tensor image, Tensor target) {
        float[] values = values(image, target);
        float[] planes = new float[maps.channels() * maps.height() * maps.width()];
        for (int index = 0; index < planes.length; index++) {
            planes[index] = values[at(index)];
        }
        return Tensor.floats(planes, 1, maps.channels(), maps.height(), maps.width());
    }

    /** The position in the layer of a position in {@code f32[C,h,w]}. */
    private int at(int index) {
        int places = maps.height() * maps.width();
        return maps.index(index / places, index % places);
    }

    /** The layer's activations on a picture, in the layer's own layout. */
    private float[] values(Tensor image, Tensor target) {
        Model model = session.model();
        Executable executable = session.executable(
                new Part(layer, "maps"),
                objective,
                List.of(model.batch()),
                1,
                () -> new Cut(List.of(layer)).apply(forward.graph()));
        Map<Value, Tensor> inputs = new HashMap<>();
        inputs.put(model.input(), session.filled(image));
        if (objective.takesTarget()) {
            inputs.put(new Value(Objective.TARGET), session.filled(target));
        }
        return executable.run(inputs).get(layer).rows(0, 1).toFloats();
    }

    /** The score for each of {@code count} modifications of the layer; fewer if the work was stopped. */
    float[] scores(Tensor image, Tensor target, int count, Changes changes, Progress progress) {
        Model model = session.model();
        TensorType type = model.graph().types().get(layer);
        long[] shape = type.shape();
        shape[0] = 1;
        float[] planes = new float[maps.channels() * maps.height() * maps.width()];
        // Tokens without a position stay unchanged.
        float[] row = maps.before() > 0 ? values(image, target) : new float[planes.length];
        float[] scores = new float[count];
        for (long[] run : session.forwardRuns(count, head)) {
            int size = (int) (run[1] - run[0]);
            shape[0] = model.batch().isFixed() ? model.batch().size() : size;
            ByteBuffer memory = Tensor.allocate(ElementType.FLOAT32, shape);
            FloatBuffer buffer = memory.asFloatBuffer();
            for (int sample = 0; sample < size; sample++) {
                changes.write((int) run[0] + sample, planes);
                for (int index = 0; index < planes.length; index++) {
                    row[at(index)] = planes[index];
                }
                buffer.put(row);
            }
            Executable executable =
                    session.executable(new Part(layer, "head"), objective, List.of(model.batch()), size, () -> head);
            Tensor changed = Tensor.wrap(ElementType.FLOAT32, shape, memory);
            Tensor answers;
            try {
                answers = executable.run(inputs(changed, image, target)).get(forward.score());
            } catch (CancellationException stopped) {
                if (run[0] == 0) {
                    throw stopped;
                }
                return Arrays.copyOf(scores, (int) run[0]);
            }
            answers.floats().get(scores, (int) run[0], size);
            progress.report(run[1], count);
        }
        return scores;
    }

    private Map<Value, Tensor> inputs(Tensor changed, Tensor image, Tensor target) {
        int size = (int) changed.dimension(0);
        Map<Value, Tensor> inputs = new HashMap<>();
        for (Value input : head.inputs()) {
            if (input.equals(layer)) {
                inputs.put(input, changed);
            } else if (input.equals(session.model().input())) {
                inputs.put(input, Tensor.concatenate(Collections.nCopies(size, image)));
            } else {
                long[] targets = new long[size];
                Arrays.fill(targets, target.longs().get(0));
                inputs.put(input, Tensor.vector(targets));
            }
        }
        return inputs;
    }
}
