package dev.vitrine.lens.objective;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;

/** z[target] − max of the other logits: positive if the network predicts the target. */
public record ClassMargin(int target) implements OutputObjective {
    private static final float FAR = 1e9f;

    @Override
    public String description() {
        return "margin of class " + target;
    }

    @Override
    public Emitted emit(Model model, GraphBuilder b) {
        float[] one = new float[Math.toIntExact(model.classes())];
        float[] away = new float[one.length];
        one[target] = 1;
        away[target] = FAR;
        Attributes flat = Attributes.NONE.with("keepdims", 0);
        Value picked = b.node("Mul", model.logits(), b.constant("target", Tensor.floats(one, 1, one.length)));
        Value score = b.node("ReduceSum", flat, picked, b.vector(1));
        Value others = b.node("Sub", model.logits(), b.constant("away", Tensor.floats(away, 1, one.length)));
        Value best = b.node("ReduceMax", flat, others, b.vector(1));
        Value margin = b.node("Sub", score, best);
        return new Emitted(margin, model.head().anchor());
    }
}
