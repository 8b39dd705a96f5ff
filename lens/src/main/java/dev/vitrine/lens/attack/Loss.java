package dev.vitrine.lens.attack;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.head.Link;
import dev.vitrine.lens.objective.Objective;
import java.util.List;

/**
 * How far the logits z are from the class c of a run: larger the less the network predicts c. Each has a slope in float32
 * however sure the network is, where the cross-entropy −log p has rounding noise.
 */
enum Loss implements Objective {
    /**
     * {@code log Σ exp z_k over k ≠ c, minus z_c}: the log-odds against the class. Its gradient is that of the cross-entropy
     * divided by 1 − p_c, so that a sign or a normalized step is the same.
     */
    LOG_ODDS("log-odds"),

    /** {@code max z_k over k ≠ c, minus z_c}: positive if and only if another class is predicted. */
    MARGIN("margin"),

    /**
     * The difference-of-logits ratio: {@link #MARGIN} over z₁ − z₃, the largest logit minus the third largest. Croce and
     * Hein 2020, arXiv:2003.01690. With two classes, the margin.
     */
    RATIO("difference of logits ratio"),

    /** Σ w·z for weights w that each run gives, {@code f32[N,classes]}. */
    WEIGHTED("weighted logits");

    /** Name of the graph input of the weights. */
    static final String WEIGHTS = "weights";

    private static final float FAR = 1e9f;
    private static final float LEAST_DIFFERENCE = 1e-12f;
    private static final Attributes FLAT = Attributes.NONE.with("keepdims", 0);

    private final String description;

    Loss(String description) {
        this.description = description;
    }

    @Override
    public List<Value> layers() {
        return List.of();
    }

    @Override
    public boolean takesTarget() {
        return this != WEIGHTED;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public Emitted emit(Model model, GraphBuilder b) {
        Dimension batch = model.batch();
        Value scores = scores(model, b);
        if (this == WEIGHTED) {
            Value weights = b.input(
                    WEIGHTS, new TensorType(ElementType.FLOAT32, List.of(batch, Dimension.of(model.classes()))));
            Value sum = b.node("ReduceSum", FLAT, b.node("Mul", scores, weights), b.vector(1));
            return new Emitted(sum, model.head().anchor());
        }
        Value target = b.input(TARGET, new TensorType(ElementType.INT64, List.of(batch)));
        Value depth = b.constant(Tensor.vector(model.classes()));
        Value offAndOn = b.constant(Tensor.floats(new float[] {0, 1}, 2));
        Value one = b.node("OneHot", Attributes.NONE.with("axis", -1), target, depth, offAndOn);
        Value own = b.node("ReduceSum", FLAT, b.node("Mul", scores, one), b.vector(1));
        Value others = b.node("Sub", scores, b.node("Mul", one, b.constant(Tensor.floats(new float[] {FAR}, 1))));
        Value best = b.node(this == LOG_ODDS ? "ReduceLogSumExp" : "ReduceMax", FLAT, others, b.vector(1));
        Value distance = b.node("Sub", best, own);
        boolean ratio = this == RATIO && model.classes() > 2;
        return new Emitted(
                ratio ? b.node("Div", distance, spread(b, scores)) : distance,
                model.head().anchor());
    }

    /** z₁ − z₃. */
    private static Value spread(GraphBuilder b, Value scores) {
        Value three = b.nodes("TopK", 2, Attributes.NONE, scores, b.vector(3)).get(0);
        Value weights = b.constant(Tensor.floats(new float[] {1, 0, -1}, 1, 3));
        Value difference = b.node("ReduceSum", FLAT, b.node("Mul", three, weights), b.vector(1));
        return b.node("Add", difference, b.constant(Tensor.floats(new float[] {LEAST_DIFFERENCE}, 1)));
    }

    /** Logits, or log-probabilities of a network that gives probabilities. */
    private static Value scores(Model model, GraphBuilder b) {
        return model.head().link() == Link.GIVEN
                ? model.head().logProbabilities(b, model.logits(), model.batch())
                : model.logits();
    }
}
