package dev.vitrine.lens.objective;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.model.Model;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Σ weight · score over several objectives. */
public record WeightedSum(List<Term> terms) implements Objective {
    /** One objective with its weight; a negative weight asks for less of it. */
    public record Term(double weight, Objective objective) {}

    public WeightedSum {
        terms = List.copyOf(terms);
        if (terms.isEmpty()) {
            throw new IllegalArgumentException("no terms");
        }
    }

    /** The objectives, all with weight 1. */
    public static WeightedSum of(List<? extends Objective> objectives) {
        return new WeightedSum(
                objectives.stream().map(objective -> new Term(1, objective)).toList());
    }

    @Override
    public List<Value> layers() {
        return terms.stream()
                .flatMap(term -> term.objective().layers().stream())
                .distinct()
                .toList();
    }

    @Override
    public boolean takesTarget() {
        return terms.stream().anyMatch(term -> term.objective().takesTarget());
    }

    @Override
    public String description() {
        return terms.stream()
                .map(term -> (term.weight() == 1 ? "" : String.format(Locale.ROOT, "%s × ", term.weight()))
                        + term.objective().description())
                .collect(Collectors.joining(" + "));
    }

    @Override
    public Emitted emit(Model model, GraphBuilder builder) {
        if (terms.stream().filter(term -> term.objective().takesTarget()).count() > 1) {
            throw VitrineException.usage("A sum of several objectives that leave the class open; expected at most one."
                    + " Fix their classes.");
        }
        Value sum = Value.NONE;
        Value anchor = Value.NONE;
        for (Term term : terms) {
            Emitted emitted = term.objective().emit(model, builder);
            Value scaled = builder.node("Mul", emitted.score(), builder.constant((float) term.weight()));
            anchor = emitted.anchor();
            if (!sum.isPresent()) {
                sum = scaled;
                continue;
            }
            sum = builder.node("Add", sum, scaled);
        }
        return new Emitted(sum, anchor);
    }
}
