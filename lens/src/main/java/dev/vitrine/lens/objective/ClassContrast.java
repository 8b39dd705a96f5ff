package dev.vitrine.lens.objective;

import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.head.Head;
import java.util.List;
import java.util.OptionalLong;

/**
 * Why this class rather than that: the score of a class minus that of another, on the same scale. Prabhushankar et al.
 * 2020, arXiv:2008.00178, for Grad-CAM.
 *
 * @param against the other class
 */
public record ClassContrast(ClassScore score, long against) implements ClassObjective {
    @Override
    public List<Value> layers() {
        return score.layers();
    }

    @Override
    public boolean takesTarget() {
        return score.takesTarget();
    }

    @Override
    public boolean isToldByScores(Head head) {
        return score.isToldByScores(head);
    }

    @Override
    public double of(Head head, float[] scores, long target) {
        return score.of(head, scores, target) - other().of(head, scores, target);
    }

    private ClassScore other() {
        return new ClassScore(score.scale(), OptionalLong.of(against));
    }

    @Override
    public String description() {
        return score.description() + " against class " + against;
    }

    @Override
    public String description(Model model) {
        return score.description(model) + " against " + model.display(Math.toIntExact(against));
    }

    @Override
    public Emitted emit(Model model, GraphBuilder builder) {
        Emitted of = score.emit(model, builder);
        Value other = other().emit(model, builder).score();
        Value difference = builder.node("Sub", of.score(), other);
        return new Emitted(difference, of.anchor());
    }
}
